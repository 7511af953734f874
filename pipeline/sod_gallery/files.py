"""Hashes of files, remembered between runs, and writes that are complete or not done at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from .errors import PipelineError

Stamp = tuple[int, int, int, str]
"""Size in bytes, time of the last change in nanoseconds, inode, and sha256 of a file."""


def hash_bytes(content: bytes) -> str:
    """Return the sha256 as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def hash_file(path: Path) -> str:
    """Return a file's sha256 as 64 hexadecimal digits; raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class FileHashes:
    """Remembers the hash of a file while its size, time and inode stay, as git's index does.

    Everything that it holds can be pickled.  Not for several threads at once.
    """

    def __init__(self, known: Mapping[str, Stamp] | None = None) -> None:
        """``known``: stamps that an earlier run has seen, by the file's full path."""
        self._known: Mapping[str, Stamp] = known or {}
        self.seen: dict[str, Stamp] = {}
        """Stamps of the files that this run has hashed, found unchanged or written."""

    def hash(self, path: Path) -> str:
        """Return the file's sha256; raises OSError where it cannot be read."""
        status, name = path.stat(), os.fspath(path)
        stamp = (status.st_size, status.st_mtime_ns, status.st_ino)
        known = self.seen.get(name) or self._known.get(name)
        digest = known[3] if known and known[:3] == stamp else hash_file(path)
        self.seen[name] = (*stamp, digest)
        return digest

    def remember(self, path: Path, sha256: str) -> None:
        """Note the hash of a file that was just written."""
        status = path.stat()
        self.seen[os.fspath(path)] = (status.st_size, status.st_mtime_ns, status.st_ino, sha256)

    def matches(self, path: Path, sha256: str) -> bool:
        """Tell whether the file is there and has this hash."""
        try:
            return self.hash(path) == sha256
        except OSError:
            return False

    def excerpt(self, paths: Iterable[Path]) -> dict[str, Stamp]:
        """Return the stamps that are known of these files."""
        names = map(os.fspath, paths)
        stamps = ((name, self.seen.get(name) or self._known.get(name)) for name in names)
        return {name: stamp for name, stamp in stamps if stamp}


class HashCache(FileHashes):
    """Hashes that are kept in a file between two runs."""

    def __init__(self, path: Path, *, trusting: bool = True) -> None:
        """``trusting``: believe what an earlier run has written into the file."""
        super().__init__(_read_cache(path) if trusting else {})
        self._path = path

    def save(self) -> None:
        """Keep what was seen for the next run, and what was not seen but is still there."""
        unseen = {name: known for name, known in self._known.items() if Path(name).exists()}
        write_atomically(self._path, msgspec.json.encode(unseen | self.seen))


def _read_cache(path: Path) -> dict[str, Stamp]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Stamp])
    except (OSError, msgspec.DecodeError):
        return {}


def temporary(path: Path) -> Path:
    """Return the name beside ``path`` under which it is written first.

    It is short, as names of photos may take all that a file system allows.  A killed run may leave
    a file of this name; the next write to ``path`` overwrites it.
    """
    digest = hash_bytes(os.fsencode(path.name))[:16]
    return path.with_name(f".{digest}.sod-tmp")


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never a part.

    Raises PipelineError naming the file where the disk refuses.
    """
    beside = temporary(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> PipelineError:
    """Return the error that names a file that the disk refuses, and the remedy."""
    return PipelineError(
        f"{path}: cannot be written: {error.strerror or error}. Free some space or permit "
        "writing there, then run the build again: it goes on where it stopped."
    )


def write_if_changed(path: Path, content: bytes) -> bool:
    """Write a file unless it already holds this content; tell whether it was written."""
    try:
        if path.read_bytes() == content:
            return False
    except OSError:
        pass
    write_atomically(path, content)
    return True


def is_behind_link(path: Path, base: Path) -> bool:
    """Tell whether a path below ``base`` is a link, or leads through one below ``base``."""
    return any(part.is_symlink() for part in (path, *path.parents) if base in part.parents)
