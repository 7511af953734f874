"""Matches the files of folders by their stems, with what all names of a folder have around them.

``gt_0001.png``, ``0001_sal.png`` and ``0001.jpg`` are about one photo: ``0001``.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sod_gallery.errors import ConfigError, DatasetError

from .finding import EXTENSIONS, list_folder
from .maps import ARRAY
from .names import natural_key, printable

STEM = "{stem}"
MOST_AFFIXES = 6
"""So many prefixes and suffixes of a folder's names are tried, the most frequent first."""
LOOKED_AT = 100
"""So many names of each folder tell what stands around their stems."""


@dataclass(frozen=True)
class Affix:
    """What stands around a photo's stem in the names of a folder."""

    prefix: str = ""
    suffix: str = ""

    def strip(self, stem: str) -> str | None:
        """Return what is left of a stem without them; none where they do not surround it."""
        inner = stem.removeprefix(self.prefix).removesuffix(self.suffix)
        whole = len(inner) + len(self.prefix) + len(self.suffix) == len(stem)
        return inner if whole and inner else None

    def __str__(self) -> str:
        """Return it as a pattern: ``{stem}_sal``."""
        return f"{self.prefix}{STEM}{self.suffix}"


PLAIN = Affix()


def parse_pattern(text: str) -> Affix:
    """Read a pattern such as ``{stem}_sal``; raises ConfigError where ``{stem}`` is not in it."""
    prefix, found, suffix = text.partition(STEM)
    if not found or STEM in suffix:
        raise ConfigError(f"{text!r}: a pattern of names holds {STEM} once, like {STEM}_sal.")
    return Affix(prefix, suffix)


@dataclass(frozen=True)
class Match:
    """How the files of two folders belong together."""

    pairs: dict[str, tuple[str, str]]
    """By the stem that both have in common: the stems in either folder."""
    first: Affix
    second: Affix


def list_maps(folder: Path, purpose: str) -> tuple[dict[str, Path], list[str]]:
    """Return the maps or truths in a folder and below it by stem, in natural order.

    Names of files that are left out, because another one has the same stem, come second.
    ``purpose`` says in messages what the folder is for.  Raises ConfigError.
    """
    if not folder.is_dir():
        raise ConfigError(f"{folder}: is not a folder. Give {purpose} a folder of pictures.")
    try:
        names = list(list_folder(folder).photos)
    except DatasetError as error:
        raise ConfigError(str(error)) from error
    names += [path.relative_to(folder).as_posix() for path in folder.rglob(f"*{ARRAY}")]
    if not names:
        kinds = ", ".join(sorted({*EXTENSIONS, ARRAY}))
        raise ConfigError(f"{folder}: holds no pictures. {purpose} takes files of {kinds}.")
    found: dict[str, Path] = {}
    doubles = []
    for name in sorted(names, key=lambda name: (_is_lossy(name), natural_key(name))):
        stem = printable(PurePosixPath(name).with_suffix("").as_posix())
        if stem in found:
            doubles.append(printable(name))
        found.setdefault(stem, folder / name)
    return found, doubles


def _is_lossy(name: str) -> bool:
    """Tell whether a file is rather the photo, where a map beside it has the same stem."""
    return PurePosixPath(name).suffix.lower() in (".jpg", ".jpeg")


def match(
    first: Iterable[str],
    second: Iterable[str],
    *,
    first_affix: Affix | None = None,
    second_affix: Affix | None = None,
) -> Match:
    """Match stems of two folders; affixes that are not given are found.

    Of all affixes that half of a folder's names have, those win that match most, and of these the
    shortest.
    """
    stems = list(first), list(second)
    if not first_affix and not second_affix and set(stems[0]) <= set(stems[1]):
        return Match({stem: (stem, stem) for stem in stems[0]}, PLAIN, PLAIN)
    affixes = [
        [given] if given else list(dict.fromkeys([*_affixes(names), *_around(others, names)]))
        for given, names, others in (
            (first_affix, stems[0], stems[1]),
            (second_affix, stems[1], stems[0]),
        )
    ]
    stripped = [
        [(affix, _strip(affix, names)) for affix in found]
        for found, names in zip(affixes, stems, strict=True)
    ]
    best = Match({}, affixes[0][0], affixes[1][0])
    size = (-1, 0)
    for (one, left), (other, right) in itertools.product(*stripped):
        common = left.keys() & right.keys()
        length = sum(map(len, (one.prefix, one.suffix, other.prefix, other.suffix)))
        if (len(common), -length) > size:
            size = len(common), -length
            pairs = {stem: (left[stem], right[stem]) for stem in left if stem in common}
            best = Match(pairs, one, other)
    return best


def _strip(affix: Affix, stems: Iterable[str]) -> Mapping[str, str]:
    """Return the stems by what is left of them."""
    pairs = ((affix.strip(stem), stem) for stem in stems)
    return {inner: stem for inner, stem in pairs if inner is not None}


def _around(inner: list[str], stems: list[str]) -> list[Affix]:
    """Return what most often stands around a stem of one folder in those of the other."""
    counts = Counter(
        Affix(*stem.split(part, 1))
        for stem in stems[:LOOKED_AT]
        for part in inner[:LOOKED_AT]
        if part in stem and part != stem
    )
    return [affix for affix, _ in counts.most_common(MOST_AFFIXES)]


def _affixes(stems: list[str]) -> list[Affix]:
    """Return the affixes that at least half of the stems have; none at all comes first."""
    prefixes = _frequent(stems)
    suffixes = _frequent([stem[::-1] for stem in stems])
    return [Affix(prefix, suffix[::-1]) for prefix in prefixes for suffix in suffixes]


_PART = re.compile(r".*?(?:[^0-9A-Za-z]+|(?<=[A-Za-z])(?=[0-9]))")
"""A part of a name up to its border: characters that are neither letters nor digits, or a digit
after a letter."""


def _frequent(stems: list[str]) -> list[str]:
    """Return the beginnings, up to a border of words, that at least half of the stems share."""
    counts: Counter[str] = Counter()
    for stem in stems:
        at = 0
        while (found := _PART.match(stem[at:])) and found.end() and at + found.end() < len(stem):
            at += found.end()
            counts[stem[:at]] += 1
    shared = [text for text, count in counts.most_common(MOST_AFFIXES) if count * 2 >= len(stems)]
    return ["", *shared]
