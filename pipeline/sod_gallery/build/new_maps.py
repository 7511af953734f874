"""The check of paths before a build: maps that are new are looked at before any work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from sod_gallery.errors import PhotoError
from sod_gallery.files import FileHashes
from sod_gallery.manifest import DatasetRecord
from sod_gallery.photos.decoding import photo_size

from .executor import in_parallel
from .methods import DatasetMethods, PublishedMaps, drop_unreadable
from .path_check import MapFile, look_at


def check_new_maps(
    methods: DatasetMethods,
    record: DatasetRecord,
    photos: Path,
    hashes: FileHashes,
    threads: int,
) -> Iterator[str]:
    """Look at the maps of which the last build made nothing, and yield the report on them.

    Maps that cannot be read are left out of ``methods``.
    """
    files = {
        each.method.name: _new_files(each, record, photos, methods, hashes)
        for each in methods.published
    }
    found = {each.method.name: each.found for each in methods.published}
    for facts in in_parallel(look_at, [f for each in files.values() for f in each], threads):
        found[facts.method].note(facts)
    drop_unreadable(methods)
    for name, new in files.items():
        if new:
            yield from found[name].check.lines(name)


def _new_files(
    method: PublishedMaps,
    record: DatasetRecord,
    photos: Path,
    methods: DatasetMethods,
    hashes: FileHashes,
) -> list[MapFile]:
    """Return the maps of a method that the last build did not use."""
    name, files = method.method.name, {}
    for photo, path in method.maps.items():
        known = record.photos.get(photo)
        step = known and known.steps.get(f"{name}/mask")
        if step and step.provenance and step.provenance.checkpoint_sha256 == hashes.hash(path):
            continue
        size = None
        with suppress(PhotoError):  # a photo that cannot be read fails by itself
            size = photo_size(photos / photo)
        stem = PurePosixPath(photo).with_suffix("").as_posix()
        files[stem] = MapFile(name, stem, path, truth=methods.truths.get(photo), size=size)
    return list(files.values())
