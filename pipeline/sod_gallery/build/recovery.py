"""Finds out what was built where the build record does not say it, from the outputs themselves.

Beside each dataset's web images lies a record of it.  Files of a dataset without a record are known
by their places and, where people keep files too, by a mark inside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import msgspec

from sod_gallery import places
from sod_gallery.errors import PipelineError
from sod_gallery.files import write_if_changed
from sod_gallery.manifest import VERSION, DatasetRecord, GalleryRecord, Manifest
from sod_gallery.pictures.encoding import is_marked

INPUTS = ("test", "gt", "reference")
"""Folders beside a dataset's cut-outs that hold what people put there."""


def recover(root: Path, manifest: Manifest) -> Manifest:
    """Add the datasets that the manifest lacks but that have a record beside their web images.

    Raises PipelineError for a record of a newer version.
    """
    for name in _galleries(root):
        if name in manifest.datasets:
            continue
        record = _read_record(root / places.gallery_record(name), name)
        if record:
            manifest.datasets[name] = record.dataset
            manifest.methods = record.methods | manifest.methods
            manifest.orphans += own_files(root, name)
    return manifest


def keep_record(root: Path, manifest: Manifest, name: str) -> None:
    """Write the record of a dataset beside its web images; raises PipelineError."""
    dataset = manifest.datasets[name]
    methods = {method: manifest.methods[method] for method in dataset.methods
               if method in manifest.methods}  # fmt: skip
    record = GalleryRecord(version=VERSION, methods=methods, dataset=dataset)
    content = msgspec.json.format(msgspec.json.encode(record), indent=1)
    write_if_changed(root / places.gallery_record(name), content + b"\n")


def unknown_galleries(root: Path, manifest: Manifest) -> list[str]:
    """Return the datasets that have web images here, but that no record knows."""
    names = (name for name in _galleries(root) if name not in manifest.datasets)
    return [name for name in names if next(_web_images(root, name), None)]


def own_files(root: Path, name: str) -> list[str]:
    """Return the files of a dataset that builds wrote, as their places and marks tell."""
    return [*_web_images(root, name), *_cutouts(root, name)]


def is_foreign(root: Path, path: str) -> bool:
    """Tell whether a file is there, in the place of a cut-out, that no build wrote."""
    return (root / path).exists() and not is_marked(root / path)


def _galleries(root: Path) -> list[str]:
    try:
        return sorted(folder.name for folder in (root / places.WEB).iterdir() if folder.is_dir())
    except OSError:
        return []


def _web_images(root: Path, name: str) -> Iterator[str]:
    for folder in sorted((root / places.WEB / name).glob("*/")):
        paths = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*"))
        for path in places.generated(paths):
            yield f"{places.web(name, folder.name)}/{path}"


def _cutouts(root: Path, name: str) -> Iterator[str]:
    for folder in sorted((root / places.RAW / name).glob("*/")):
        if folder.name not in INPUTS:
            marked = (path for path in sorted(folder.rglob("*.png")) if is_marked(path))
            yield from (path.relative_to(root).as_posix() for path in marked)


def _read_record(path: Path, name: str) -> GalleryRecord | None:
    """Return a record, or none where there is none that can be used."""
    try:
        record = msgspec.json.decode(path.read_bytes(), type=GalleryRecord)
    except (OSError, ValueError, RecursionError):
        return None
    if record.version > VERSION:
        raise PipelineError(
            f"{path}: is of version {record.version}, and this program reads versions up to "
            f"{VERSION}. Update the program (pip install -U sod-gallery)."
        )
    return record if record.version == VERSION and _is_about(record.dataset, name) else None


def _is_about(dataset: DatasetRecord, name: str) -> bool:
    """Tell whether all outputs lie in the dataset's own folders: a build may remove them."""
    outputs = (output.path for photo in dataset.photos.values() for output in photo.outputs())
    return _are_below(outputs, (f"{places.WEB}/{name}/", f"{places.RAW}/{name}/"))


def _are_below(paths: Iterable[str], folders: tuple[str, ...]) -> bool:
    return all(p.startswith(folders) and ".." not in PurePosixPath(p).parts for p in paths)


def remove_outputs(root: Path, paths: Iterable[str]) -> None:
    """Delete files, given by their paths relative to ``root``, and folders that become empty.

    A path that leads out of the folders of outputs, as only a forged record has, is left alone.
    """
    folders = (f"{places.WEB}/", f"{places.RAW}/")
    for path in {root / path for path in paths if _are_below([path], folders)}:
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == root or not folder.is_dir() or any(folder.iterdir()):
                break
            folder.rmdir()
