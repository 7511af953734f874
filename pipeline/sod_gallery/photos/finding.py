"""Finds the photos of a folder, and says of every other file why it is not one of them."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sod_gallery.errors import DatasetError

from .names import natural_key, printable

EXTENSIONS = frozenset(
    (
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
        *(".png", ".apng", ".webp", ".gif"),
        *(".avif", ".heic", ".heif", ".hif"),
        *(".tif", ".tiff", ".bmp", ".dib", ".tga"),
        *(".jp2", ".j2k", ".jpx", ".ppm", ".pgm", ".pbm", ".pnm"),
    )
)
"""A file of another extension is never opened; what a file holds decides how it is read."""

RAW = frozenset(
    (
        *(".3fr", ".arw", ".cr2", ".cr3", ".dng", ".erf", ".kdc", ".mrw", ".nef", ".nrw"),
        *(".orf", ".pef", ".raf", ".raw", ".rw2", ".sr2", ".srf", ".srw", ".x3f"),
    )
)
CONVERT = {
    **dict.fromkeys(RAW, "is camera raw, which is not read: export it as JPEG or TIFF."),
    **dict.fromkeys(
        (".psd", ".psb", ".xcf", ".kra", ".clip"),
        "is the file of a picture editor, which is not read: export it as PNG or TIFF.",
    ),
    **dict.fromkeys(
        (".eps", ".ps", ".ai", ".pdf", ".svg", ".wmf", ".emf"),
        "is a drawing or a document, which is not read: export it as PNG.",
    ),
    **dict.fromkeys(
        (".jxl", ".jxr", ".wdp", ".exr", ".hdr", ".dds", ".ico", ".icns", ".fits", ".webm"),
        "is a picture in a form that is not read: save it as PNG, JPEG or WebP.",
    ),
}
"""Pictures in forms that are not read, with the remedy."""

LEFTOVERS = {
    "@eadir": "thumbnails of a network drive",
    "#recycle": "the recycle bin of a network drive",
    "$recycle.bin": "the recycle bin of Windows",
    "recycler": "the recycle bin of Windows",
    ".trashes": "the bin of macOS",
    "__macosx": "what macOS adds to archives",
    "system volume information": "what Windows keeps for itself",
    "lost+found": "what a check of the disk has found",
}
"""Folders that systems make, by name in lower case: nothing in them is a photo of the folder."""


@dataclass(frozen=True)
class Skipped:
    """A file, a folder, or several files of one kind, that are not photos."""

    name: str
    """Relative, with forward slashes; ``*.txt`` stands for several files."""
    reason: str


@dataclass(frozen=True)
class Listing:
    """A folder's content."""

    photos: tuple[str, ...]
    """Relative names with forward slashes, in natural order (2 before 10)."""
    skipped: tuple[Skipped, ...]
    """What is named, in natural order, then what is counted by kind."""
    unlisted: tuple[str, ...] = ()
    """Those of the skipped that are folders which cannot be listed, as relative names."""


def find_photos(folder: Path) -> list[str]:
    """Return the photos in ``folder`` and below it; see ``list_folder``."""
    return list(list_folder(folder).photos)


def list_folder(folder: Path) -> Listing:
    """Return the photos in ``folder`` and below it, and everything else with the reason.

    The order is the same on every system.  Links to files count, links to folders are not
    followed.  A sub-folder that cannot be listed is skipped; raises DatasetError where ``folder``
    itself cannot be.
    """
    return _Search(folder).run()


class _Search:
    """One walk through a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._photos: list[str] = []
        self._named: list[Skipped] = []
        self._kinds: Counter[str] = Counter()
        self._unlisted: list[str] = []

    def run(self) -> Listing:
        """Walk, sort, and count the kinds."""
        for parent, folders, files in os.walk(self._folder, onerror=self._cannot_list):
            here = Path(parent)
            folders[:] = list(self._wanted(here, folders))
            for name in files:
                self._look_at(here / name)
        self._named.sort(key=lambda skipped: natural_key(skipped.name))
        return Listing(
            photos=tuple(sorted(self._photos, key=natural_key)),
            skipped=(*self._named, *self._counted()),
            unlisted=tuple(self._unlisted),
        )

    def _cannot_list(self, error: OSError) -> None:
        path = Path(str(error.filename))
        if path == self._folder:
            raise DatasetError(
                f"{printable(str(path))}: cannot be listed ({error.strerror}); "
                "check that the folder is there and may be read."
            ) from error
        self._unlisted.append(self._relative(path))
        self._skip(path, f"cannot be listed ({error.strerror}): check its permissions.")

    def _wanted(self, parent: Path, folders: list[str]) -> Iterator[str]:
        for name in folders:
            path = parent / name
            if name.lower() in LEFTOVERS:
                self._skip(path, f"holds {LEFTOVERS[name.lower()]}.")
            elif name.startswith("."):
                self._kinds[".*"] += 1
            elif path.is_symlink():
                self._skip(path, "is a link to a folder: give that folder with --photos.")
            else:
                yield name

    def _look_at(self, path: Path) -> None:
        extension = path.suffix.lower()
        if path.name.startswith("."):
            self._kinds[".*"] += 1
        elif extension in CONVERT:
            self._skip(path, CONVERT[extension])
        elif extension not in EXTENSIONS:
            self._kinds[f"*{extension}" if extension else "*"] += 1
        elif reason := _not_a_file(path):
            self._skip(path, reason)
        else:
            self._photos.append(self._relative(path))

    def _skip(self, path: Path, reason: str) -> None:
        self._named.append(Skipped(self._relative(path), reason))

    def _relative(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()

    def _counted(self) -> Iterator[Skipped]:
        for kind, count in sorted(self._kinds.items()):
            what = "hidden" if kind == ".*" else "of a kind that is no picture"
            files = "file is" if count == 1 else "files are"
            yield Skipped(kind, f"{count} {files} {what}.")


def _not_a_file(path: Path) -> str:
    """Return why a path cannot be a photo's file, or nothing; opens nothing, so nothing hangs."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        if path.is_symlink():
            return "is a link to a file that is not there, or to itself."
        return f"cannot be looked at ({error.strerror}): check its permissions."
    return "" if stat.S_ISREG(mode) else "is a pipe, a socket or a device, and no file."
