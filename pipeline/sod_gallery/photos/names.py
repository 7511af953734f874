"""Orders photos, and names them for addresses and for people."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath

from sod_gallery.terminal import is_unseen

PLAIN = re.compile("[A-Za-z0-9][A-Za-z0-9_-]*")
"""Names of datasets that are their own slugs."""
JOINERS = "\u200c\u200d"
"""They join letters of many scripts, and parts of emoji; nothing else that is not seen is shown."""
SLUG_LENGTH = 100
"""Characters.  With a suffix, a slug stays far below the 255 bytes that file systems allow."""


def natural_key(name: str) -> tuple[list[list[str | int]], str]:
    """Return the sort key of natural order: numbers count as numbers, case is ignored.

    Folders come first; equal keys are ordered by the name itself.
    """
    parts = (re.split("([0-9]+)", part) for part in name.casefold().split("/"))
    return [[int(s) if i % 2 else s for i, s in enumerate(part)] for part in parts], name


def slugs(names: Iterable[str]) -> dict[str, str]:
    """Return a slug for every name: ``[A-Za-z0-9][A-Za-z0-9_-]*``, unique even ignoring case.

    The order of the names does not matter.  All names that want the same slug get a hash of their
    name as suffix: "a.jpg" and "A.png" become "a-…" and "A-…".
    """
    return _set_apart({name: _slug(name) for name in names})


def dataset_slugs(names: Iterable[str]) -> dict[str, str]:
    """Return a slug for every dataset's name: plain names are slugs; see ``slugs``.

    The order of the names does not matter.  A plain name stays, and others make way for it.
    """
    names = list(names)
    plain = {name: name for name in names if PLAIN.fullmatch(name)}
    taken = {name.lower() for name in plain}
    wanted = {name: folder_slug(name) for name in names if name not in plain}
    return {**plain, **_set_apart(wanted, kept=taken)}


def _set_apart(wanted: Mapping[str, str], kept: Collection[str] = ()) -> dict[str, str]:
    """Return slugs of which no two are alike, nor like one of ``kept``, in any case."""
    result = dict(wanted)
    # 64 digits settle the rare clash with a name that ends in such a suffix itself
    for digits in (6, 64):
        taken = Counter([*kept, *(slug.lower() for slug in result.values())])
        result = {
            name: f"{wanted[name]}-{_digest(name)[:digits]}" if taken[slug.lower()] > 1 else slug
            for name, slug in result.items()
        }
    return result


def _slug(name: str) -> str:
    return _folded(PurePosixPath(name).with_suffix("").as_posix()) or _digest(name)[:12]


def _folded(text: str) -> str:
    """Return what a slug keeps of a text: letters without accents, digits, ``_`` and ``-``."""
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    # Jekyll skips files that start with one of _ . # ~
    safe = re.sub("[^A-Za-z0-9_]+", "-", plain).lstrip("_-")
    return safe[:SLUG_LENGTH].rstrip("-")


def folder_slug(name: str, *, apart: bool = False) -> str:
    """Return the slug of a folder's name, which has no extension: "München 2023" → "Munchen-2023".

    ``apart``: with a hash of the name, where another folder has that slug.
    """
    slug = _folded(name).rstrip("_-") or (_digest(name)[:12] if name else "photos")
    return f"{slug}-{_digest(name)[:6]}" if apart else slug


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def title(name: str) -> str:
    """Return a photo's title for people: "IMG_0754.JPG" → "IMG 0754"; valid Unicode always."""
    stem = PurePosixPath(name).stem
    return readable(stem.replace("_", " ")) or readable(stem) or _slug(name)


def folder_title(name: str, folder: str | None) -> str:
    """Return the title of a dataset: its name, or that of the folder that it is named after."""
    if folder and name in (folder_slug(folder), folder_slug(folder, apart=True), _as_once(folder)):
        return readable(folder) or name
    return readable(name) or folder_slug(name)


def _as_once(folder: str) -> str:
    """Return what older versions called the dataset of a folder."""
    return re.sub("[^A-Za-z0-9_-]+", "-", folder).strip("-_") or "photos"


def readable(text: str) -> str:
    """Return text for people: without what is not seen, and with single spaces; it may be empty."""
    words = "".join(map(_seen, printable(text))).split()
    return " ".join(words) if "".join(words).strip(JOINERS) else ""


SHOWN = frozenset((".jpg", ".jpeg", ".jfif", ".png", ".apng", ".webp", ".avif", ".gif", ".bmp"))


def shown_by_browsers(name: str) -> bool:
    """Tell whether browsers show files of this extension; what is inside may differ."""
    return PurePosixPath(name).suffix.lower() in SHOWN


def _seen(char: str) -> str:
    """Return what is seen of a character: nothing of a mark, a space of another control."""
    if char in JOINERS or not is_unseen(char):
        return char
    return "" if unicodedata.category(char) == "Cf" else " "


def printable(text: str) -> str:
    """Replace characters that UTF-8 cannot hold: a file's name may consist of any bytes."""
    return text.encode("utf-8", "replace").decode("utf-8")
