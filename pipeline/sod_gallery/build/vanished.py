"""Keeps a build from removing galleries whose photos, or whose record, are only out of sight."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from sod_gallery.errors import DatasetError
from sod_gallery.manifest import DatasetRecord, Manifest
from sod_gallery.photos.finding import Listing
from sod_gallery.photos.names import printable

from .recovery import unknown_galleries
from .selection import Request, Selected, raw_folder

ALLOW = "Give --allow-empty if their results may be removed"


def check_nothing_is_lost(
    request: Request,
    manifest: Manifest,
    selected: Sequence[Selected],
    listings: Mapping[str, Listing],
) -> None:
    """Raise DatasetError where a build would drop photos or galleries that may come back.

    ``listings`` are those of the selected, by name.
    """
    _check_listings(selected, listings, manifest)
    _check_records(request.root, manifest, listings)
    if not request.is_named:
        _check_folders(request.root, manifest, listings)


def _check_listings(
    selected: Sequence[Selected], listings: Mapping[str, Listing], manifest: Manifest
) -> None:
    """Raise DatasetError where a folder is empty, or cannot be listed, that once held photos."""
    for dataset in selected:
        listing = listings[dataset.name]
        before = _photos(manifest.datasets.get(dataset.name))
        if before and not listing.photos:
            raise DatasetError(
                f"{printable(str(dataset.folder))}: is empty, and the gallery {dataset.name} was "
                f"built from {len(before)} photos in it. Is a drive not mounted? {ALLOW}."
            )
        for folder in listing.unlisted:
            within = [name for name in before if name.startswith(f"{folder}/")]
            if within:
                raise DatasetError(
                    f"{printable(str(dataset.folder / folder))}: cannot be listed, and the gallery "
                    f"{dataset.name} has {len(within)} photos in it. Permit reading it. {ALLOW}."
                )


def _check_folders(root: Path, manifest: Manifest, selected: Collection[str]) -> None:
    """Raise DatasetError where the folder of a gallery is missing."""
    for name, dataset in manifest.datasets.items():
        folder = _folder_of(root, manifest, name)
        before = _photos(dataset)
        if name not in selected and before and not folder.is_dir():
            raise DatasetError(
                f"{printable(str(folder))}: is not there; its gallery {name} stays as it was, with "
                f"{len(before)} photos. Is a drive not mounted? Bring the folder back, or drop the "
                f"gallery with sod-gallery forget {name}, or build others with --dataset or "
                f"--photos. {ALLOW}."
            )


def _check_records(root: Path, manifest: Manifest, selected: Collection[str]) -> None:
    """Raise DatasetError where there are web images of a gallery that no record knows."""
    for name in unknown_galleries(root, manifest):
        if name not in selected:
            raise DatasetError(
                f"{root}: holds the web images of the gallery {name}, and no record says what they "
                f"were built from. Build it again with --photos DIR --name {name}, or with "
                f"--dataset {name}; or drop it with sod-gallery forget {name}. With --allow-empty, "
                "the site is built without it."
            )


def missing_galleries(root: Path, manifest: Manifest, selected: Collection[str]) -> list[str]:
    """Return the galleries that are not selected and whose folders are missing."""
    names = (name for name in manifest.datasets if name not in selected)
    return [name for name in names if not _folder_of(root, manifest, name).is_dir()]


def _folder_of(root: Path, manifest: Manifest, name: str) -> Path:
    """Return the folder of a gallery's photos."""
    source = manifest.datasets[name].source
    return Path(source) if source else raw_folder(root, name)


def _photos(dataset: DatasetRecord | None) -> list[str]:
    """Return the names of the photos that a folder held at the last build."""
    return [*dataset.photos, *dataset.failed] if dataset else []
