"""Orders photos, and names them for addresses and for people."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

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
    wanted = {name: _slug(name) for name in names}
    result = wanted
    # 64 digits settle the rare clash with a name that ends in such a suffix itself
    for digits in (6, 64):
        taken = Counter(slug.lower() for slug in result.values())
        result = {
            name: f"{wanted[name]}-{_digest(name)[:digits]}" if taken[slug.lower()] > 1 else slug
            for name, slug in result.items()
        }
    return result


def _slug(name: str) -> str:
    stem = PurePosixPath(name).with_suffix("").as_posix()
    plain = unicodedata.normalize("NFKD", stem)
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    # Jekyll skips files that start with one of _ . # ~
    safe = re.sub("[^A-Za-z0-9_]+", "-", plain).lstrip("_-")
    return safe[:SLUG_LENGTH].rstrip("-") or _digest(name)[:12]


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def title(name: str) -> str:
    """Return a photo's title for people: "IMG_0754.JPG" → "IMG 0754"; valid Unicode always."""
    stem = PurePosixPath(name).stem
    return printable(" ".join(stem.replace("_", " ").split()) or stem)


SHOWN = frozenset((".jpg", ".jpeg", ".jfif", ".png", ".apng", ".webp", ".avif", ".gif", ".bmp"))


def shown_by_browsers(name: str) -> bool:
    """Tell whether browsers show files of this extension; what is inside may differ."""
    return PurePosixPath(name).suffix.lower() in SHOWN


def printable(text: str) -> str:
    """Replace characters that UTF-8 cannot hold: a file's name may consist of any bytes."""
    return text.encode("utf-8", "replace").decode("utf-8")
