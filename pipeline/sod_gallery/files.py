"""Steps and their freshness: keys made of content, remembered hashes, atomic writes."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from .errors import PipelineError
from .records import Record

Parameter = str | int | float | bool | Sequence[str] | Sequence[int]
Stamped = tuple[int, int, int, str]


class Output(Record, frozen=True):
    """One file that a step wrote, by its path below the site's root, with forward slashes."""

    path: str
    sha256: str
    bytes: int
    width: int
    height: int


class Made(Record, frozen=True):
    """The content of one output before it is written."""

    path: str
    content: bytes
    width: int
    height: int


def step_key(
    name: str, version: int, inputs: Sequence[str], parameters: Mapping[str, Parameter]
) -> str:
    """Return the sha256 of everything that decides a step's result, as 64 hexadecimal digits."""
    recipe = (name, version, list(inputs), dict(sorted(parameters.items())))
    return hash_bytes(msgspec.json.encode(recipe))


def hash_bytes(content: bytes) -> str:
    """Return the sha256 as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def hash_file(path: Path) -> str:
    """Return a file's sha256 as 64 hexadecimal digits; raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class HashCache:
    """Remembers the hash of a file while its size, time and inode stay, as git's index does."""

    def __init__(self, path: Path, *, trusting: bool = True) -> None:
        self._path = path
        self._known = _read_cache(path) if trusting else {}
        self._seen: dict[str, Stamped] = {}

    def hash(self, path: Path) -> str:
        """Return the file's sha256; raises OSError where it cannot be read."""
        status, name = path.stat(), os.fspath(path)
        stamp = (status.st_size, status.st_mtime_ns, status.st_ino)
        known = self._seen.get(name) or self._known.get(name)
        digest = known[3] if known and known[:3] == stamp else hash_file(path)
        self._seen[name] = (*stamp, digest)
        return digest

    def remember(self, path: Path, sha256: str) -> None:
        """Note the hash of a file that was just written."""
        status = path.stat()
        self._seen[os.fspath(path)] = (status.st_size, status.st_mtime_ns, status.st_ino, sha256)

    def matches(self, path: Path, sha256: str) -> bool:
        """Tell whether the file is there and has this hash."""
        try:
            return self.hash(path) == sha256
        except OSError:
            return False

    def save(self) -> None:
        """Keep what was seen for the next run."""
        unseen = {name: known for name, known in self._known.items() if Path(name).exists()}
        write_atomically(self._path, msgspec.json.encode(unseen | self._seen))


def _read_cache(path: Path) -> dict[str, Stamped]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Stamped])
    except (OSError, msgspec.DecodeError):
        return {}


def temporary(path: Path) -> Path:
    """Return the name beside ``path`` under which it is written first; a killed run's leftover is
    overwritten by the next."""
    return path.with_name(f".{path.name}.sod-tmp")


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
        raise PipelineError(
            f"{path}: cannot be written: {error.strerror or error}. Free some space or permit "
            "writing there, then run the build again: it goes on where it stopped."
        ) from error


def write_if_changed(path: Path, content: bytes) -> bool:
    """Write a file unless it already holds this content; tell whether it was written."""
    try:
        if path.read_bytes() == content:
            return False
    except OSError:
        pass
    write_atomically(path, content)
    return True
