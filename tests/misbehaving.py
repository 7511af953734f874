"""Decoders that misbehave, to be called in place of ``decode_worker.measure``."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from pathlib import Path

from sod_gallery.errors import PhotoError
from sod_gallery.photos.decode_worker import Kind, limited_memory


def crash(_: Kind, _path: Path) -> None:
    ctypes.string_at(0)


def leave(_: Kind, _path: Path) -> None:
    os._exit(7)


def die_of_memory(_: Kind, _path: Path) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def hang(_: Kind, _path: Path) -> None:
    time.sleep(600)


def eat_memory(_: Kind, path: Path) -> None:
    try:
        with limited_memory(1 << 28):
            bytearray(1 << 40)
    except MemoryError as error:
        raise PhotoError(f"{path}: needs more memory than there is; scale it down.") from error
