"""Reads the files of strangers in a process of its own, which may crash, hang or be stopped.

``workers`` runs these functions.  Pixels go into memory that both processes share.
"""

from __future__ import annotations

import mmap
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, cast

from PIL import Image

from sod_gallery.errors import PhotoError

from .decoding import Decoded, decode_cutout, decode_photo, decode_truth, photo_size
from .maps import decode_map, map_size
from .names import printable

Kind = Literal["photo", "cutout", "truth", "map"]
"""What a file is read as."""
DECODERS: dict[Kind, Callable[[Path], Decoded]] = {
    "photo": decode_photo,
    "cutout": decode_cutout,
    "truth": decode_truth,
    "map": decode_map,
}
MODES: dict[Kind, str] = {"photo": "RGB", "cutout": "RGBA", "truth": "L", "map": "L"}
"""Pillow's mode of what is read."""

SPARE = 1 << 30
"""Bytes that a worker may take besides what its picture needs."""
MOST_BYTES_PER_PIXEL = 48
"""What the greediest decoding takes: 16 bits and floats beside the picture and its turned copy."""
STRIP = 1 << 20
"""Bytes, about, that are handed over at a time."""


@dataclass(frozen=True)
class Report:
    """What a worker says of a picture whose pixels it has handed over."""

    size: tuple[int, int]
    """Width and height in pixels."""
    notes: tuple[str, ...]
    is_shown: bool
    """See decoding.Decoded."""


def file_in_memory() -> tuple[str, IO[bytes]]:
    """Return a new file, and its name for other processes; it is gone when it is closed.

    Memory that has a name would be bounded by /dev/shm, which is small in containers, and would
    stay after a crash.  Where the system has no such files, it is one in the temporary folder.
    """
    if sys.platform == "linux":
        descriptor = os.memfd_create("sod-gallery")
        return f"/proc/{os.getpid()}/fd/{descriptor}", os.fdopen(descriptor, "r+b")
    file = tempfile.NamedTemporaryFile(prefix="sod-gallery-")  # noqa: SIM115
    return file.name, cast(IO[bytes], file)


def mapped(file: IO[bytes], length: int) -> mmap.mmap:
    """Return bytes of a file in memory; their pages are fetched at once where that can be had."""
    if sys.platform == "linux":
        return mmap.mmap(file.fileno(), length, flags=mmap.MAP_SHARED | mmap.MAP_POPULATE)
    return mmap.mmap(file.fileno(), length)


def start() -> None:
    """Prepare a worker: Ctrl-C is for its parent, and what libraries print is for the log."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError):  # stderr is closed
        os.dup2(2, 1)


def measure(kind: Kind, path: Path) -> tuple[int, int]:
    """Return width and height of the upright picture in pixels; raises PhotoError."""
    with limited_memory(SPARE):
        return map_size(path) if kind == "map" else photo_size(path)


def decode(kind: Kind, path: Path, size: tuple[int, int], handle: str) -> Report:
    """Decode a file of a known size into the file ``handle``, row by row, without padding.

    Raises PhotoError.
    """
    with limited_memory(SPARE + MOST_BYTES_PER_PIXEL * size[0] * size[1]):
        decoded = DECODERS[kind](path)
        if sorted(decoded.picture.size) != sorted(size):
            raise PhotoError(
                f"{printable(str(path))}: is damaged: it states another size than its pixels have; "
                "copy it again, or save it anew as JPEG or PNG."
            )
        length = size[0] * size[1] * len(MODES[kind])
        with Path(handle).open("r+b") as file, mapped(file, length) as pixels:
            _hand_over(decoded.picture, pixels)
    return Report(decoded.picture.size, decoded.notes, decoded.is_shown)


def _hand_over(picture: Image.Image, pixels: mmap.mmap) -> None:
    """Copy a picture into shared memory, in strips that processors keep at hand."""
    row = picture.width * len(picture.getbands())
    height = max(1, STRIP // row)
    for top in range(0, picture.height, height):
        bottom = min(top + height, picture.height)
        strip = picture.crop((0, top, picture.width, bottom))
        pixels[top * row : bottom * row] = strip.tobytes()


@contextmanager
def limited_memory(most: int) -> Iterator[None]:
    """Have whatever takes ``most`` bytes more than the process has now raise MemoryError.

    Where the system knows no such limit, there is none.
    """
    taken = _address_space()
    if not taken:
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    bounds = [bound for bound in (taken + most, *before) if bound != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(bounds), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def _address_space() -> int:
    """Return the bytes of this process's address space, or 0 where the system does not tell."""
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0
