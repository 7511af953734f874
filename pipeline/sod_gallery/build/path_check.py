"""Looks at folders of maps before any work: what belongs to which photo, and what is odd."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from sod_gallery.errors import ConfigError, PhotoError
from sod_gallery.photos.maps import Levels, load_annotation, load_map
from sod_gallery.photos.matching import Affix, list_maps, match
from sod_gallery.photos.names import natural_key, printable
from sod_gallery.pictures.imaging import fit_map

Size = tuple[int, int]
NAMED = 5
"""So many files are named for each fault; the others are counted."""
ASPECT = 0.02
"""Shapes whose ratios of width to height differ by a larger share are of another aspect."""


@dataclass(frozen=True)
class MapFile:
    """A map, and what it is compared with: ground truth, or at least a photo's size."""

    method: str
    photo: str
    """The stem that map and photo have in common."""
    path: Path
    truth: Path | None = None
    size: Size | None = None


@dataclass(frozen=True)
class MapFacts:
    """What a look at one map tells."""

    method: str
    photo: str
    unreadable: str = ""
    """Why the map, or the ground truth, cannot be read."""
    faults: tuple[str, ...] = ()
    """Names of fields of FolderCheck."""


class FolderCheck(msgspec.Struct, kw_only=True):
    """What a look at one folder of maps tells; lists hold names without extensions."""

    folder: str
    names: str
    """Pattern of the names: ``{stem}_sal``."""
    files: int
    matched: int
    missing: list[str] = []
    """Photos without a map."""
    extra: list[str] = []
    """Maps without a photo."""
    doubles: list[str] = []
    """Files left out because another one has the same stem."""
    other_size: list[str] = []
    """Maps of another size, which are resized."""
    other_aspect: list[str] = []
    """Maps of another shape: of another photo, turned, or cropped."""
    black: list[str] = []
    flat: list[str] = []
    """Maps of one value that is not black."""
    inverted: list[str] = []
    """Maps whose inverse is nearer to the ground truth, or whose border is bright."""
    unreadable: dict[str, str] = {}
    """Reasons."""

    @property
    def is_complete(self) -> bool:
        """Every photo has a map that can be read."""
        return not self.missing and not self.unreadable

    def lines(self, name: str) -> Iterator[str]:
        """Yield the report for people."""
        yield f"{name}: {self.matched} of {self.files} files match, named {self.names}"
        for fault, words in _WORDS.items():
            found: list[str] = getattr(self, fault)
            if found:
                others = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
                yield f"  {len(found)} {words}: {', '.join(found[:NAMED])}{others}"
        if self.inverted and 2 * len(self.inverted) > self.matched:
            yield "  most maps look inverted: is white the background in this folder?"
        for photo, reason in self.unreadable.items():
            yield f"  {photo} cannot be read: {reason}"


_WORDS = {
    "missing": "missing",
    "extra": "without a photo or ground truth",
    "doubles": "left out, another file has the same stem",
    "other_size": "of another size, resized",
    "other_aspect": "of another aspect: turned, cropped, or of another photo",
    "black": "all black",
    "flat": "of one value",
    "inverted": "perhaps inverted",
}


class MapFolder:
    """A folder of maps, matched with photos or ground truths by their stems."""

    def __init__(
        self,
        name: str,
        folder: Path,
        wanted: Iterable[str],
        *,
        purpose: str,
        affix: Affix | None = None,
        wanted_affix: Affix | None = None,
    ) -> None:
        """Match the files of ``folder`` with the stems ``wanted``.

        Raises ConfigError where the folder holds no pictures, or none that match.
        """
        self.name, self.folder = name, folder
        stems = list(wanted)
        self._files, doubles = list_maps(folder, purpose)
        found = match(stems, self._files, first_affix=wanted_affix, second_affix=affix)
        if not found.pairs:
            raise ConfigError(
                f"{folder}: none of its {len(self._files)} files is named like one of the "
                f"{len(stems)} wanted ({_some(self._files)} against {_some(stems)}). State the "
                "pattern of the names, like {stem}_sal."
            )
        self.maps = {left: self._files[right] for left, right in found.pairs.values()}
        """By the stem that was wanted."""
        used = {right for _, right in found.pairs.values()}
        self.check = FolderCheck(
            folder=printable(str(folder)),
            names=str(found.second),
            files=len(self._files),
            matched=len(self.maps),
            missing=[stem for stem in stems if stem not in self.maps],
            extra=[stem for stem in self._files if stem not in used],
            doubles=doubles,
        )

    def note(self, facts: MapFacts) -> None:
        """Add what a look at one of the maps told."""
        if facts.unreadable:
            self.check.unreadable[facts.photo] = facts.unreadable
        for fault in facts.faults:
            names: list[str] = getattr(self.check, fault)
            names.append(facts.photo)
            names.sort(key=natural_key)


def _some(stems: Mapping[str, Path] | list[str]) -> str:
    return ", ".join(list(stems)[:2])


def look_at(file: MapFile) -> MapFacts:
    """Look at one map: its size, whether it is flat, and whether it seems inverted."""
    try:
        levels, _ = load_map(file.path)
        truth = load_annotation(file.truth) if file.truth else None
    except PhotoError as error:
        return MapFacts(file.method, file.photo, unreadable=str(error))
    size = (truth.shape[1], truth.shape[0]) if truth is not None else file.size
    faults = []
    height, width = levels.shape
    if size and size != (width, height):
        faults.append("other_size")
        if abs(width * size[1] / (height * size[0]) - 1) > ASPECT:
            faults.append("other_aspect")
    if levels.min() == levels.max():
        faults.append("flat" if levels.max() else "black")
    elif _looks_inverted(levels, truth):
        faults.append("inverted")
    return MapFacts(file.method, file.photo, faults=tuple(faults))


def _looks_inverted(levels: Levels, truth: Levels | None) -> bool:
    """Tell whether the inverse of a map is nearer to the truth; without one, whether most of its
    border is bright and its middle is darker."""
    if truth is None:
        border = np.concatenate([levels[0], levels[-1], levels[:, 0], levels[:, -1]])
        return bool(np.median(border) > 128 and border.mean() > levels.mean())
    fitted = np.asarray(fit_map(levels, (truth.shape[1], truth.shape[0])), np.int16)
    difference = np.abs(fitted - truth.astype(np.int16)).mean()
    return bool(difference > 127.5)  # that of the inverse is 255 less this
