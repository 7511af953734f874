"""Files that people put beside a photo: published results and ground truth to compare with."""

from __future__ import annotations

from pathlib import Path

import msgspec

from sod_gallery import places
from sod_gallery.errors import PhotoError
from sod_gallery.files import HashCache, Output
from sod_gallery.manifest import PhotoRecord
from sod_gallery.photos.decoding import photo_size

from .recipe import Job


class Companions:
    """Finds a photo's companions below ``assets/images/raw/<dataset>/``."""

    def __init__(self, root: Path, hashes: HashCache) -> None:
        self._root, self._hashes = root, hashes

    def attach(self, job: Job, record: PhotoRecord, previous: PhotoRecord | None) -> PhotoRecord:
        """Return the record with ``reference/<name>.png`` and ``gt/<stem>.png`` where they are.

        Raises PhotoError where one is no picture of the photo's size.
        """
        return msgspec.structs.replace(
            record,
            reference=self._look(
                places.reference(job.dataset, job.name),
                record,
                previous.reference if previous else None,
            ),
            ground_truth=self._look(
                places.ground_truth(job.dataset, job.name),
                record,
                previous.ground_truth if previous else None,
            ),
        )

    def _look(self, path: str, record: PhotoRecord, previous: Output | None) -> Output | None:
        file = self._root / path
        if not file.is_file():
            return None
        sha256 = self._hashes.hash(file)
        if previous and (previous.path, previous.sha256) == (path, sha256):
            return previous
        size = photo_size(file)
        if size != record.size:
            raise PhotoError(
                f"{file}: is {size[0]}×{size[1]} pixels, its photo {record.size[0]}×"
                f"{record.size[1]}. Make them equal, or take the file away."
            )
        width, height = size
        return Output(
            path=path, sha256=sha256, bytes=file.stat().st_size, width=width, height=height
        )
