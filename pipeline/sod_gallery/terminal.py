"""What people see: text that cannot steer their terminal, and no lines of C libraries."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Categories of Unicode: controls, formats (order of writing, zero width), halves of characters,
ends of lines and of paragraphs."""
ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def is_unseen(char: str) -> bool:
    """Tell whether a character shows nothing itself and may change how others are shown."""
    return unicodedata.category(char) in UNSEEN


def visible(text: str, *, keep: str = "") -> str:
    r"""Return text in which ``\x1b`` stands for the control character ESC, and so on.

    Names of files, settings and other people's notes may hold anything.  ``keep``: characters that
    stay as they are.
    """
    if text.isprintable():
        return text
    return "".join(_escaped(c) if is_unseen(c) and c not in keep else c for c in text)


def _escaped(char: str) -> str:
    if char in ESCAPES:
        return ESCAPES[char]
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def visible_json(content: bytes) -> bytes:
    """Return JSON of the same meaning whose strings hold escapes for all that is not seen."""
    text = content.decode("utf-8")
    if text.isprintable():
        return content
    return re.sub(r"[^\x20-\x7e]", _escaped_in_json, text).encode("utf-8")


def _escaped_in_json(found: re.Match[str]) -> str:
    char = found[0]
    if char == "\n" or not is_unseen(char):
        return char
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


class Terminal(Console):
    """A console that everything is printed on: it takes text as it is and makes it visible."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, markup=False, emoji=False, highlight=False)

    def print(self, *objects: Any, **options: Any) -> None:
        """Print objects; a line that is a string stays one line."""
        super().print(*(visible(o) if isinstance(o, str) else o for o in objects), **options)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Render an object; only rich's own segments may steer the terminal."""
        for segment in super().render(renderable, options):
            if segment.control or segment.text.isprintable():
                yield segment
            else:
                yield Segment(visible(segment.text, keep="\n"), segment.style)


@contextmanager
def libraries_write_to(log: Path | None) -> Iterator[None]:
    """Send to a file what C libraries write to the file descriptor of stderr, in any thread.

    libtiff complains there of each damaged scanline.  What Python prints still reaches stderr.
    ``log`` is begun anew; none, or one that cannot be written: it is dropped.
    """
    try:
        terminal = os.dup(2)
    except OSError:  # stderr is closed
        yield
        return
    _flush(sys.stderr)
    try:
        chatter = _opened(log)
        os.dup2(chatter, 2)
        os.close(chatter)
        with _python_on(terminal):
            yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)


def _opened(log: Path | None) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    try:
        if log is not None:
            log.parent.mkdir(parents=True, exist_ok=True)
        return os.open(log or os.devnull, flags, 0o666)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)


@contextmanager
def _python_on(terminal: int) -> Iterator[None]:
    """Let ``sys.stderr`` write to a file descriptor, where it wrote to 2."""
    if not _writes_to_2(sys.stderr):
        yield
        return
    encoding = sys.stderr.encoding
    with open(terminal, "w", buffering=1, encoding=encoding, errors="backslashreplace",
              closefd=False) as stream, redirect_stderr(stream):  # fmt: skip
        yield


def _writes_to_2(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.fileno() == 2
    except (OSError, ValueError):
        return False


def _flush(stream: TextIO | None) -> None:
    if stream is not None:
        stream.flush()
