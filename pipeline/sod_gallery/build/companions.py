"""Files that people put beside a photo: published results and ground truth to compare with."""

from __future__ import annotations

from pathlib import Path

import msgspec

from sod_gallery import places
from sod_gallery.errors import PhotoError
from sod_gallery.files import FileHashes
from sod_gallery.manifest import Output, PhotoRecord
from sod_gallery.photos.decoding import photo_size

from .steps import Job


def companion_paths(job: Job) -> tuple[str, str]:
    """Return where the published result and the ground truth of a photo lie, if there are such."""
    return places.reference(job.dataset, job.name), places.ground_truth(job.dataset, job.name)


def attach_companions(
    root: Path,
    job: Job,
    record: PhotoRecord,
    previous: PhotoRecord | None,
    hashes: FileHashes,
) -> PhotoRecord:
    """Return the record with ``reference/<name>.png`` and ``gt/<stem>.png`` where they are.

    Raises PhotoError where one is no picture of the photo's size.
    """
    reference, ground_truth = companion_paths(job)
    known_reference = previous.reference if previous else None
    known_truth = previous.ground_truth if previous else None
    return msgspec.structs.replace(
        record,
        reference=_described(root, reference, record.size, known_reference, hashes),
        ground_truth=_described(root, ground_truth, record.size, known_truth, hashes),
    )


def _described(
    root: Path, path: str, photo: tuple[int, int], previous: Output | None, hashes: FileHashes
) -> Output | None:
    file = root / path
    if not file.is_file():
        return None
    sha256 = hashes.hash(file)
    if previous and (previous.path, previous.sha256) == (path, sha256):
        return previous
    width, height = photo_size(file)
    if (width, height) != photo:
        raise PhotoError(
            f"{file}: is {width}×{height} pixels, its photo {photo[0]}×{photo[1]}. "
            "Make them equal, or take the file away."
        )
    return Output(path=path, sha256=sha256, bytes=file.stat().st_size, width=width, height=height)
