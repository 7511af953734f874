"""The methods of a dataset: networks that we run, and maps that others published."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from sod_gallery.config import DatasetConfig
from sod_gallery.engines.imported_maps import provenance_of_map
from sod_gallery.errors import ConfigError
from sod_gallery.files import FileHashes
from sod_gallery.manifest import DatasetRecord, FolderRecord
from sod_gallery.networks.registry import KNOWN
from sod_gallery.photos.matching import parse_pattern
from sod_gallery.records import Method, Provenance

from .path_check import MapFolder

TAKEN = frozenset(("test", "gt", "reference", *KNOWN))
"""Names that published maps cannot have: results lie in folders called like their methods."""
PUBLISHED = "published maps"
"""The architecture that the site states of such methods."""


@dataclass(frozen=True)
class PublishedMaps:
    """A method whose maps others published."""

    method: Method
    found: MapFolder
    maps: dict[str, Path]
    """By the photo's name."""


@dataclass
class DatasetMethods:
    """What makes the results of one dataset."""

    networks: list[Provenance]
    published: list[PublishedMaps] = field(default_factory=list)
    truths: Mapping[str, Path] = field(default_factory=dict)
    """Ground truth that lies outside of the site, by the photo's name."""

    @property
    def names(self) -> list[str]:
        """All methods: networks first."""
        return [*(each.method for each in self.networks), *self.published_names]

    @property
    def published_names(self) -> list[str]:
        """Methods whose maps others published."""
        return [each.method.name for each in self.published]

    def maps_of(self, photo: str) -> dict[str, Path]:
        """Return the published maps of a photo by method."""
        found = ((each.method.name, each.maps.get(photo)) for each in self.published)
        return {name: path for name, path in found if path is not None}

    def of(self, photo: str, hashes: FileHashes) -> list[Provenance]:
        """Return what the results of a photo will state."""
        maps = self.maps_of(photo).items()
        return [
            *self.networks,
            *(provenance_of_map(name, hashes.hash(path)) for name, path in maps),
        ]


def methods_of(
    record: DatasetRecord,
    settings: DatasetConfig,
    home: Path,
    networks: list[Provenance],
    photos: Iterable[str],
) -> DatasetMethods:
    """Return a dataset's methods: networks, then maps of the settings, then maps given to a build.

    ``home`` is the folder of the settings.  Raises ConfigError for folders without maps that match.
    """
    by_stem: dict[str, list[str]] = {}
    for photo in photos:
        by_stem.setdefault(PurePosixPath(photo).with_suffix("").as_posix(), []).append(photo)
    methods = DatasetMethods(networks)
    for name, folder in published_folders(record, settings, home).items():
        check_method_name(name, {each.method for each in networks})
        found = _matched(name, folder, by_stem, f"the maps of {name}")
        methods.published.append(PublishedMaps(_method(name), found, _by_photo(found, by_stem)))
    if record.truth:
        truths = _matched("ground truth", record.truth, by_stem, "--gt")
        methods.truths = _by_photo(truths, by_stem)
    return methods


def published_folders(
    record: DatasetRecord, settings: DatasetConfig, home: Path
) -> dict[str, FolderRecord]:
    """Return the folders of published maps by method: those of the settings, then those given."""
    stated = {
        name: FolderRecord(folder=str(home / Path(method.maps).expanduser()), names=method.names)
        for name, method in settings.methods.items()
        if method.maps
    }
    return stated | record.maps


def check_method_name(name: str, networks: Iterable[str]) -> None:
    """Raise ConfigError for a name that published maps cannot have."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise ConfigError(
            f"{name!r}: cannot name a method; use letters, digits, '-' and '_', a letter or digit "
            "first. Its title may be anything: docs/settings.md."
        )
    if name in TAKEN or name in networks:
        raise ConfigError(f"{name}: is taken; give the published maps another name.")


def method_name(text: str) -> str:
    """Return a name for a method that is called so: ``F³Net (ours)`` → ``F-Net-ours``."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-_") or "method"


def _matched(name: str, folder: FolderRecord, by_stem: Iterable[str], purpose: str) -> MapFolder:
    names, photos = (
        parse_pattern(text) if text else None for text in (folder.names, folder.photos)
    )
    return MapFolder(
        name, Path(folder.folder), by_stem, purpose=purpose, affix=names, wanted_affix=photos
    )


def _by_photo(found: MapFolder, by_stem: Mapping[str, list[str]]) -> dict[str, Path]:
    return {name: path for stem, path in found.maps.items() for name in by_stem[stem]}


def _method(name: str) -> Method:
    return Method(
        name=name,
        title=name,
        architecture=PUBLISHED,
        licence="not stated",
        authors="",
        paper="",
        source="",
    )


def drop_unreadable(methods: DatasetMethods) -> None:
    """Leave out the maps that a look at them could not read: their photos keep their pages."""
    for each in methods.published:
        unreadable = {each.found.maps[stem] for stem in each.found.check.unreadable}
        for photo in [photo for photo, path in each.maps.items() if path in unreadable]:
            del each.maps[photo]
