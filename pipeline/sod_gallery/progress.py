"""Reports how a build goes on: bars with the time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Protocol

from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from .terminal import Terminal, visible


class Reporter(Protocol):
    """Receives the events of a build."""

    def downloading(self, name: str, done: int, total: int | None) -> None:
        """Report ``done`` of ``total`` bytes (none: unknown) of the file called ``name``."""

    def begin(self, dataset: str, photos: int) -> None:
        """Announce a dataset and how many photos it has."""

    def advance(self, photo: str, outcome: str) -> None:
        """Report one photo as ``built``, ``fresh`` or ``failed``."""

    def note(self, text: str) -> None:
        """Pass on a remark that is no failure."""


class SilentReporter:
    """Reports nothing."""

    def downloading(self, name: str, done: int, total: int | None) -> None:
        """See Reporter."""

    def begin(self, dataset: str, photos: int) -> None:
        """See Reporter."""

    def advance(self, photo: str, outcome: str) -> None:
        """See Reporter."""

    def note(self, text: str) -> None:
        """See Reporter."""


class RateColumn(ProgressColumn):
    """Photos per second."""

    def render(self, task: Task) -> Text:
        """Return the rate, or a dash before the first photo is done."""
        return Text(f"{task.speed:.1f}/s" if task.speed else "–", style="progress.data.speed")


class TerminalReporter:
    """Draws one bar per dataset and per download; use as a context manager."""

    def __init__(self, console: Terminal) -> None:
        self._console = console
        self._photos = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            RateColumn(),
            TimeRemainingColumn(),
            console=console,
        )
        self._files = Progress(
            TextColumn("fetching {task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._task: TaskID | None = None
        self._downloads: dict[str, TaskID] = {}

    def __enter__(self) -> TerminalReporter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end_downloads()
        self._photos.stop()

    def downloading(self, name: str, done: int, total: int | None) -> None:
        """See Reporter."""
        self._files.start()
        if name not in self._downloads:
            self._end_downloads()  # they come one after the other
            self._downloads[name] = self._files.add_task(visible(name), total=total)
        self._files.update(self._downloads[name], completed=done, total=total)
        if done == total:
            self._end_downloads()

    def _end_downloads(self) -> None:
        """Take the bars away: without a known size, only what follows tells that one has ended."""
        for task in self._downloads.values():
            self._files.remove_task(task)
        self._downloads.clear()
        self._files.stop()

    def begin(self, dataset: str, photos: int) -> None:
        """See Reporter."""
        self._end_downloads()
        self._photos.start()
        self._task = self._photos.add_task(visible(dataset), total=photos)

    def advance(self, photo: str, outcome: str) -> None:
        """See Reporter."""
        if self._task is not None:
            self._photos.advance(self._task)
        if outcome == "failed":
            self._console.print(f"failed: {photo}", style="red")

    def note(self, text: str) -> None:
        """See Reporter."""
        self._end_downloads()
        self._console.print(f"note: {text}")


class LineReporter:
    """Prints a line for each photo and each tenth of a download."""

    def __init__(self, console: Terminal) -> None:
        self._console = console
        self._done, self._total = 0, 0
        self._tenths: dict[str, int] = {}

    def __enter__(self) -> LineReporter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def _print(self, text: str) -> None:
        self._console.print(text, soft_wrap=True)

    def downloading(self, name: str, done: int, total: int | None) -> None:
        """See Reporter."""
        tenth = 10 * done // total if total else done >> 24
        if tenth != self._tenths.get(name):
            self._tenths[name] = tenth
            share = f" of {total / 1e6:.1f}" if total else ""
            self._print(f"fetching {name}: {done / 1e6:.1f}{share} MB")

    def begin(self, dataset: str, photos: int) -> None:
        """See Reporter."""
        self._done, self._total = 0, photos
        self._print(f"{dataset}: {photos} photos")

    def advance(self, photo: str, outcome: str) -> None:
        """See Reporter."""
        self._done += 1
        if outcome != "fresh":
            self._print(f"[{self._done}/{self._total}] {outcome} {photo}")

    def note(self, text: str) -> None:
        """See Reporter."""
        self._print(f"note: {text}")


def reporter(console: Terminal) -> TerminalReporter | LineReporter:
    """Return what suits the console."""
    return TerminalReporter(console) if console.is_terminal else LineReporter(console)


class _Notes(logging.Handler):
    """Prints what the package logs as notes."""

    def __init__(self, console: Terminal) -> None:
        super().__init__(logging.WARNING)
        self._report = LineReporter(console)

    def emit(self, record: logging.LogRecord) -> None:
        """Print a record; see logging.Handler."""
        self._report.note(record.getMessage())


@contextmanager
def notes_on(console: Terminal) -> Iterator[None]:
    """Print on the console what this package logs."""
    handler, logger = _Notes(console), logging.getLogger(__package__)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
