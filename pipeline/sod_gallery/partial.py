"""The file in which a download arrives: of one process at a time, and found again by the next."""

from __future__ import annotations

import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

if sys.platform != "win32":
    import fcntl


class PartialFile:
    """``<target>.part``, or a file beside it while another process has that one.

    A context: what is left at its end is deleted, unless it is kept for another attempt.
    """

    def __init__(self, target: Path, *, is_kept: bool) -> None:
        """``is_kept``: a transfer that was cut off may go on later."""
        self._target, self._is_kept = target, is_kept
        self.path = target
        self._is_finished = False

    def __enter__(self) -> PartialFile:
        """Take over the file that an earlier process left, or begin one; raises OSError."""
        name = self._target.name
        self.path = self._target.with_name(f"{name}.part")
        file = _taken(self.path)
        while file is None:
            self.path = self._target.with_name(f"{name}.{secrets.token_hex(4)}.part")
            file = _taken(self.path)
        self._file: BinaryIO = file
        for other in self._target.parent.glob("*.part"):
            if other != self.path and other.name.startswith(f"{name}."):
                _drop(other)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the file, and delete it where nothing of it is of use."""
        if not self._is_finished and not (self._is_kept and self.size > 0):
            with suppress(OSError):
                self.path.unlink()
        self._file.close()

    @property
    def size(self) -> int:
        """Bytes that have arrived."""
        return self._file.seek(0, os.SEEK_END)

    def clear(self) -> None:
        """Throw away what has arrived."""
        self.begin_at(0)

    def begin_at(self, place: int) -> None:
        """Keep so many bytes, and append to them."""
        self._file.truncate(place)
        self._file.seek(place)

    def append(self, content: bytes) -> None:
        """Add what has arrived."""
        self._file.write(content)

    def flush(self) -> None:
        """Write everything to the disk's file."""
        self._file.flush()

    def finish(self) -> None:
        """Give the file its name; it is there as a whole or not at all."""
        self._file.flush()
        self.path.replace(self._target)
        self._is_finished = True


def _taken(path: Path) -> BinaryIO | None:
    """Open a file for this process alone; none where another process has it."""
    file = path.open("ab+")
    try:
        _lock(file)
        # another process may have finished it meanwhile: then it has another name
        if path.stat().st_ino == os.fstat(file.fileno()).st_ino:
            return file
    except (BlockingIOError, FileNotFoundError):
        pass
    file.close()
    return None


def _lock(file: BinaryIO) -> None:
    """Keep other processes out; raises BlockingIOError where one is in already."""
    if sys.platform == "win32":
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:  # a file system without locks
        return


def _drop(path: Path) -> None:
    """Delete what a killed process has left."""
    with suppress(OSError):
        file = _taken(path)
        if file is not None:
            path.unlink()
            file.close()
