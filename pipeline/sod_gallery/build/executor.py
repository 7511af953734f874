"""Runs the tasks of a build: in threads of this process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import partial
from typing import Protocol, TypeVar

from .photo import PhotoOutcome, PhotoTask, make_photo

GRACE = 1.0
"""Seconds that threads have to drop their photos.  They write nothing afterwards, but one that a
library keeps busy ends later."""
T = TypeVar("T")
R = TypeVar("R")


class Executor(Protocol):
    """Runs ``make_photo`` on many tasks, wherever it likes: tasks and outcomes can be pickled."""

    def run(self, tasks: Iterable[PhotoTask]) -> Generator[PhotoOutcome, None, None]:
        """Yield the outcomes as they come; draws a task when there is room to run it.

        Raises what ``make_photo`` raises.  Closing it drops the photos in hand.
        """
        ...


class ThreadExecutor:
    """Runs tasks in threads, which share the networks of this process."""

    def __init__(self, threads: int) -> None:
        self._threads = threads

    def run(self, tasks: Iterable[PhotoTask]) -> Generator[PhotoOutcome, None, None]:
        """Yield the outcomes as they come; see Executor."""
        stopped = threading.Event()
        return in_parallel(partial(make_photo, stopped=stopped), tasks, self._threads, stopped)


def in_parallel(
    work: Callable[[T], R],
    items: Iterable[T],
    threads: int,
    stopped: threading.Event | None = None,
) -> Generator[R, None, None]:
    """Yield results as they come; few items are in flight, so memory does not grow with many.

    On an error, and where the caller closes it, ``stopped`` is set and threads get GRACE to end.
    """
    pending: set[Future[R]] = set()
    pool = ThreadPoolExecutor(threads)
    try:
        for item in items:
            if len(pending) > threads:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
            pending.add(pool.submit(work, item))
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    except BaseException:
        if stopped is not None:
            stopped.set()
        pool.shutdown(wait=False, cancel_futures=True)
        wait(pending, GRACE)
        raise
    pool.shutdown()
