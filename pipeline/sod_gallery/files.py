"""Hashes of files, remembered between runs, and writes that are complete or not done at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from .errors import PipelineError

Identity = tuple[int, int, int, int]
"""Size of a file in bytes, times of its last change and of its inode's in nanoseconds, inode."""
Stamp = tuple[int, int, int, int, int, str]
"""An Identity, the clock in nanoseconds up to which the file is known to be unchanged, sha256."""

TICK, COARSE_TICK = 20_000_000, 2_000_000_000
"""Nanoseconds in which a file can change twice and keep its times: on file systems of today, whose
times follow the kernel's clock of at least 100 Hz, and on those that keep whole seconds (FAT: two).
"""
TEMPORARY = re.compile(r"\.[0-9a-f]{16}-([0-9a-f]{1,8})-[0-9a-f]{8}\.sod-tmp")
"""Names of files that are being written; the group is the number of the process."""
_writing: set[Path] = set()
"""Files that this process is writing."""


def hash_bytes(content: bytes) -> str:
    """Return the sha256 as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def hash_file(path: Path) -> str:
    """Return a file's sha256 as 64 hexadecimal digits; raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _identity(status: os.stat_result) -> Identity:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _is_sure(stamp: Stamp) -> bool:
    """Tell whether a later change must show in the file's times: git's rule for its index."""
    tick = TICK if stamp[2] % 1_000_000_000 else COARSE_TICK
    return max(stamp[1], stamp[2]) + tick < stamp[4]


class FileHashes:
    """Remembers the hash of a file while its size, times and inode stay, as git's index does.

    A file that had just changed when it was hashed is hashed anew: it may have changed again in the
    same tick of the clock.  Everything that it holds can be pickled.  Not for several threads at
    once.
    """

    def __init__(self, known: Mapping[str, Stamp] | None = None) -> None:
        """``known``: stamps that an earlier run has seen, by the file's full path."""
        self._known: Mapping[str, Stamp] = known or {}
        self.seen: dict[str, Stamp] = {}
        """Stamps of the files that this run has hashed, found unchanged or written."""

    def hash(self, path: Path) -> str:
        """Return the file's sha256; raises OSError where it cannot be read."""
        name, clock = os.fspath(path), time.time_ns()
        identity = _identity(path.stat())
        stamp = self.seen.get(name) or self._known.get(name)
        if not stamp or stamp[:4] != identity or not _is_sure(stamp):
            stamp = (*identity, clock, hash_file(path))
        self.seen[name] = stamp
        return stamp[5]

    def remember(self, path: Path, sha256: str) -> None:
        """Note the hash of a file that was just written.

        Nobody else is expected to write to it within the next tick: to read all outputs again would
        take as long as a small build.
        """
        identity = _identity(path.stat())
        clock = max(identity[1], identity[2]) + COARSE_TICK + 1
        self.seen[os.fspath(path)] = (*identity, clock, sha256)

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
    """Return a new name beside ``path`` under which it can be written first.

    It is short, as names of photos may take all that a file system allows, and no other process or
    thread has it.  A killed run may leave a file of this name: see ``remove_leftovers``.
    """
    digest = hash_bytes(os.fsencode(path.name))[:16]
    return path.with_name(f".{digest}-{os.getpid():x}-{secrets.token_hex(4)}.sod-tmp")


def remove_leftovers(folder: Path) -> None:
    """Remove what killed processes have left of their writes in ``folder``, not below it."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            found = TEMPORARY.fullmatch(entry.name)
            if found and not _is_in_use(Path(entry.path), int(found[1], 16)):
                with contextlib.suppress(OSError):
                    Path(entry.path).unlink()


def _is_in_use(path: Path, process: int) -> bool:
    """Tell whether the process that named a temporary file still runs."""
    if process == os.getpid():
        return path in _writing
    if sys.platform == "win32":  # where asking ends the process
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never a part.

    Several processes may write the same file: one of their contents stays, whole.  Raises
    PipelineError naming the file where the disk refuses.
    """
    beside = temporary(path)
    _writing.add(beside)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("xb") as file:
            file.write(content)
        beside.replace(path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        if isinstance(error, OSError):
            raise unwritable(path, error) from error
        raise
    finally:
        _writing.discard(beside)


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
