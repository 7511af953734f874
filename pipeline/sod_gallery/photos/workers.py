"""Has strangers' files read in worker processes: a crash, a hang or a bomb costs one file."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError as OutOfTimeError
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.util import Finalize
from pathlib import Path
from typing import IO, TypeVar

from pebble import ProcessExpired, ProcessPool
from PIL import Image

from sod_gallery.errors import PhotoError, PipelineError
from sod_gallery.machine import cores

from . import decode_worker
from .decode_worker import MODES, Kind, file_in_memory, mapped
from .decoding import Decoded
from .names import printable

T = TypeVar("T")
Size = tuple[int, int]

SECONDS = 60.0
"""Time for a file's header, and for its pixels."""
SECONDS_PER_MEGAPIXEL = 2.0
"""Time that large pictures get besides; the slowest codecs take a tenth of it."""
MOST_SPARE = 1 << 26
"""Bytes of memory that each thread keeps to hand pixels over."""
SPAWNING = "forkserver" if sys.platform == "linux" else "spawn"
"""How workers start: never as copies of a process whose networks run in threads."""


def measure(path: Path, kind: Kind = "photo") -> Size:
    """Return width and height of the upright picture in pixels, from the header of its file.

    Raises PhotoError where the file is no picture of a known form.
    """
    return _call(path, SECONDS, decode_worker.measure, kind, path)


def decode(kind: Kind, path: Path, size: Size) -> Decoded:
    """Decode a file as ``decoding`` does, in a worker; ``size`` is what ``measure`` returned.

    Raises PhotoError, also where the file makes the decoder crash, hang or run out of memory.
    """
    mode = MODES[kind]
    pixels = size[0] * size[1]
    seconds = SECONDS + SECONDS_PER_MEGAPIXEL * pixels / 1e6
    length = pixels * len(mode)
    with _memory(length) as (handle, file):
        report = _call(path, seconds, decode_worker.decode, kind, path, size, handle)
        with mapped(file, length) as memory, memoryview(memory) as values:
            picture = Image.frombytes(mode, report.size, values)
    return Decoded(picture, report.notes, report.is_shown)


def stop(only: ProcessPool | None = None) -> None:
    """End the workers (``only``: if they are of this pool), whatever they do.

    The next file starts new ones.
    """
    with _starting:
        ending = [pool for pool in _pools if only in (None, pool)]
        _pools[:] = [pool for pool in _pools if pool not in ending]
    for pool in ending:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _call(path: Path, seconds: float, function: Callable[..., T], *arguments: object) -> T:
    """Run a function of ``decode_worker`` on a file; what ends the worker becomes a PhotoError."""
    name = printable(str(path))
    try:
        try:
            return _run(seconds, function, *arguments)
        except BrokenProcessPool:  # something outside ended workers that had nothing to do
            return _run(seconds, function, *arguments)
    except OutOfTimeError as error:
        raise PhotoError(
            f"{name}: takes more than {seconds:.0f} s to decode. Save it anew as JPEG or PNG."
        ) from error
    except ProcessExpired as error:
        raise PhotoError(f"{name}: {_end_of_worker(error.exitcode)}") from error
    except BrokenProcessPool as error:
        raise PipelineError(f"The processes that decode photos do not start: {error}.") from error


def _run(seconds: float, function: Callable[..., T], *arguments: object) -> T:
    """Run a function in a worker.  Raises BrokenProcessPool, after which there is a new pool."""
    pool = _pool()
    try:
        future = pool.schedule(function, arguments, timeout=seconds)
    except RuntimeError as error:
        stop(pool)
        raise BrokenProcessPool(str(error)) from error
    try:
        return future.result()
    except BrokenProcessPool:
        stop(pool)
        raise


@contextmanager
def _memory(length: int) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield a file in memory of at least ``length`` bytes, and its name for workers.

    Small ones are used again: the system takes longer to clear new pages than a codec to fill them.
    """
    try:
        handle, file = _spare.pop()
    except IndexError:
        handle, file = file_in_memory()
    if os.fstat(file.fileno()).st_size < length:
        file.truncate(length)
    try:
        yield handle, file
    except BaseException:
        file.close()
        raise
    if length > MOST_SPARE:
        file.close()
    else:
        _spare.append((handle, file))


_spare: list[tuple[str, IO[bytes]]] = []


def _end_of_worker(code: int | None) -> str:
    if code == -signal.SIGKILL:
        return "the system ended its decoder, as it does when memory is short. Scale it down."
    return f"its decoder crashed (exit code {code}). Save it anew as JPEG or PNG."


_pools: list[ProcessPool] = []
"""The one that runs, if any."""
_starting = threading.Lock()


def _pool() -> ProcessPool:
    with _starting:
        if not _pools:
            Finalize(None, stop, exitpriority=100)  # atexit does not run in every process
            context = multiprocessing.get_context(SPAWNING)
            if SPAWNING == "forkserver":
                context.set_forkserver_preload([decode_worker.__name__])
            start = decode_worker.start
            _pools.append(ProcessPool(cores(), initializer=start, context=context))
        return _pools[0]


if hasattr(os, "register_at_fork"):  # a copy of this process has none of its threads
    os.register_at_fork(after_in_child=_pools.clear)
    os.register_at_fork(after_in_child=_spare.clear)
