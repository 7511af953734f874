"""Runs the tasks of a build: in threads of this process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Protocol, TypeVar

from .photo import PhotoOutcome, PhotoTask, make_photo

T = TypeVar("T")
R = TypeVar("R")


class Executor(Protocol):
    """Runs ``make_photo`` on many tasks, wherever it likes: tasks and outcomes can be pickled."""

    def run(self, tasks: Iterable[PhotoTask]) -> Iterator[PhotoOutcome]:
        """Yield the outcomes as they come; draws a task when there is room to run it.

        Raises what ``make_photo`` raises.
        """
        ...


class ThreadExecutor:
    """Runs tasks in threads, which share the networks of this process."""

    def __init__(self, threads: int) -> None:
        self._threads = threads

    def run(self, tasks: Iterable[PhotoTask]) -> Iterator[PhotoOutcome]:
        """Yield the outcomes as they come; see Executor."""
        return in_parallel(make_photo, tasks, self._threads)


def in_parallel(work: Callable[[T], R], items: Iterable[T], threads: int) -> Iterator[R]:
    """Yield results as they come; few items are in flight, so memory does not grow with many."""
    pending: set[Future[R]] = set()
    with ThreadPoolExecutor(threads) as pool:
        for item in items:
            if len(pending) > threads:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
            pending.add(pool.submit(work, item))
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
