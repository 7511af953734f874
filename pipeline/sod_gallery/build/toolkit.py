"""Reads the files in which PySODEvalToolkit names datasets and methods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeVar

import msgspec

from sod_gallery.errors import ConfigError
from sod_gallery.manifest import FolderRecord

T = TypeVar("T")


class _Folder(msgspec.Struct):
    """A folder of images, masks or maps; its files are called ``<prefix><stem><suffix>``."""

    path: str
    prefix: str = ""
    suffix: str = ""


class _Dataset(msgspec.Struct):
    image: _Folder
    mask: _Folder | None = None
    root: str = ""


@dataclass(frozen=True)
class ToolkitDataset:
    """One dataset of the files, with every method that has maps of it."""

    name: str
    photos: Path
    truth: FolderRecord | None
    maps: Mapping[str, FolderRecord]
    """By the method's name as the files have it."""


def read_toolkit(datasets: Path, methods: Path) -> list[ToolkitDataset]:
    """Read ``dataset.json`` and ``method.json`` of PySODEvalToolkit.

    Relative paths start at the current folder, or else at the file's own.  Raises ConfigError.
    """
    described = _decode(datasets, dict[str, _Dataset])
    made = _decode(methods, dict[str, dict[str, _Folder]])
    found = []
    for name, dataset in described.items():
        folders = {method: each[name] for method, each in made.items() if name in each}
        found.append(_dataset(name, dataset, datasets, folders, methods))
    if not any(dataset.maps for dataset in found):
        raise ConfigError(
            f"{methods}: names no dataset of {datasets}. Both files must spell them alike."
        )
    return [dataset for dataset in found if dataset.maps]


def _dataset(
    name: str, dataset: _Dataset, file: Path, maps: Mapping[str, _Folder], maps_file: Path
) -> ToolkitDataset:
    photos = _pattern(dataset.image)
    truth = None
    if dataset.mask:
        folder = _path(dataset.mask.path, file, dataset.root)
        truth = FolderRecord(folder=str(folder), names=_pattern(dataset.mask), photos=photos)
    return ToolkitDataset(
        name,
        _path(dataset.image.path, file, dataset.root),
        truth,
        {
            method: FolderRecord(
                folder=str(_path(folder.path, maps_file)), names=_pattern(folder), photos=photos
            )
            for method, folder in maps.items()
        },
    )


def _pattern(folder: _Folder) -> str:
    stem = PurePosixPath(f"x{folder.suffix}").stem.removeprefix("x")
    return f"{folder.prefix}{{stem}}{stem}"


def _path(text: str, file: Path, root: str = "") -> Path:
    path = Path(root) / text
    here = path.expanduser().resolve()
    beside = (file.resolve().parent / path).resolve()
    return beside if beside.is_dir() and not here.is_dir() else here


def _decode(path: Path, form: type[T]) -> T:
    try:
        return msgspec.json.decode(path.read_bytes(), type=form)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}.") from error
    except msgspec.DecodeError as error:
        raise ConfigError(
            f"{path}: is no file of PySODEvalToolkit: {error}. --toolkit takes its files of "
            "datasets and of methods, in this order."
        ) from error
