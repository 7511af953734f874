"""The sets of photos on which checkpoints are scored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from distillation.photos import held_out
from distillation.settings import Settings

from sod_gallery.photos.datasets import sample_photos
from sod_gallery.photos.finding import find_photos


@dataclass(frozen=True)
class PhotoSet:
    """A set of photos, with published cut-outs or ground truth for some of them."""

    title: str
    photos: dict[str, Path]
    """Files of the photos, by their names relative to the set's folder."""
    cutouts: dict[str, Path] = field(default_factory=dict)
    """Published RGBA cut-outs at the photo's size, by the photo's name."""
    truths: dict[str, Path] = field(default_factory=dict)
    """Binary ground truth at the photo's size, by the photo's name."""


def photo_sets(shared: Path) -> list[PhotoSet]:
    """Return the sets that have photos.

    All but one are read from ``shared``/data; a set whose folder is missing is left out.  The set
    of sample photos is installed with scikit-image.  Raises DatasetError for a folder that cannot
    be listed.
    """
    data = shared / "data"
    sets = [
        _held_out(data / "photos"),
        _chimay(data / "chimay-SOD2"),
        _labelled(data / "labelled/davis"),
        _sample(),
    ]
    return [photo_set for photo_set in sets if photo_set.photos]


def _held_out(folder: Path) -> PhotoSet:
    names = held_out(folder, Settings().hold_out) if folder.is_dir() else []
    return PhotoSet("held-out photos", _in(folder, names))


def _chimay(folder: Path) -> PhotoSet:
    photos = _photos(folder / "test")
    return PhotoSet(
        "Chimay-SOD2", photos, cutouts=_companions(photos, folder / "u2net", "{name}.png")
    )


def _labelled(folder: Path) -> PhotoSet:
    photos = _photos(folder / "images")
    return PhotoSet("DAVIS", photos, truths=_companions(photos, folder / "masks", "{stem}.png"))


def _sample() -> PhotoSet:
    return PhotoSet("sample photos", sample_photos())


def _photos(folder: Path) -> dict[str, Path]:
    return _in(folder, find_photos(folder)) if folder.is_dir() else {}


def _in(folder: Path, names: Iterable[str]) -> dict[str, Path]:
    return {name: folder / name for name in names}


def _companions(photos: dict[str, Path], folder: Path, pattern: str) -> dict[str, Path]:
    """Return the photos' files in another folder, by the photo's name, where they exist.

    ``pattern`` gives the file's name: ``{name}`` and ``{stem}`` are the photo's.
    """
    paths = {n: folder / pattern.format(name=n, stem=Path(n).stem) for n in photos}
    return {name: path for name, path in paths.items() if path.is_file()}
