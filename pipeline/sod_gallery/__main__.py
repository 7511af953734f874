"""The console command: stops on signals with a sentence, from its first moment on."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

from .errors import Interrupted

if TYPE_CHECKING:  # what takes long to import comes after the signals are caught
    from collections.abc import Sequence
    from pathlib import Path
    from types import FrameType

SIGNALS = [getattr(signal, name, None) for name in ("SIGINT", "SIGTERM", "SIGHUP")]
STOPPING = b"\nsod-gallery: stopping: photos in hand are dropped, what is finished is kept.\n"


def _leave(number: int, _: FrameType | None) -> None:
    """End the process at once: nothing was begun."""
    _say(b"\nsod-gallery: stopped before anything was begun.\n")
    os._exit(Interrupted(number).exit_code)


def _stop(number: int, _: FrameType | None) -> None:
    """Say that the signal has arrived, and end what the main thread does."""
    _for_all(signal.SIG_DFL)  # a second signal ends the process at once
    _say(STOPPING)
    raise Interrupted(number)


def _say(text: bytes) -> None:
    try:
        os.write(sys.stderr.fileno(), text)  # descriptor 2 may be that of libraries.log
    except (AttributeError, OSError, ValueError):
        return  # nobody listens


def _for_all(action: signal.Handlers | object) -> None:
    for number in SIGNALS:
        # whoever starts a program with a signal ignored (nohup) means that
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, action)  # type: ignore[arg-type]


def run(argv: Sequence[str] | None = None, *, root: Path | None = None) -> NoReturn:
    """Run ``cli.main`` and end the process with its exit code."""
    # an exception while a library in C is being loaded may crash the process
    _for_all(_leave)
    from .cli import main

    try:
        _for_all(_stop)
        code = main(argv, root=root)
        _for_all(signal.SIG_IGN)
    except Interrupted as stop:
        code = stop.exit_code
    try:
        sys.stdout.flush()
    except OSError:  # main has said so
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if code > 128:
        # threads may still compute; they have been told to write nothing more
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    run()
