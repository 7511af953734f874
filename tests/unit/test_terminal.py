"""Nothing that people or libraries wrote steers the terminal."""

from __future__ import annotations

import io
import json
import os
import threading
from contextlib import redirect_stderr
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Group
from rich.table import Table
from rich.text import Text

from sod_gallery.progress import LineReporter, TerminalReporter
from sod_gallery.terminal import Terminal, is_unseen, libraries_write_to, visible, visible_json

HOSTILE = "a\x1b[31m\x9b2J\nb\r\t\x07\u202ec\u200bd\u2066\ufeff\u2028\x7f\udcff\U000e0041[red]:cat:"
SHOWN = r"a\x1b[31m\x9b2J\nb\r\t\x07\u202ec\u200bd\u2066\ufeff\u2028\x7f\udcff\U000e0041[red]:cat:"


@pytest.mark.parametrize("name", ["14.jpg", "München 2023", "日本　x", "e\u0301🙂", ""])
def test_what_shows_itself_stays(name: str) -> None:
    assert visible(name) == name


def test_each_character_that_is_not_seen_has_an_escape() -> None:
    assert visible(HOSTILE) == SHOWN


@given(st.text(st.characters(exclude_categories=())))
def test_nothing_unseen_is_left_of_any_text(text: str) -> None:
    assert not any(map(is_unseen, visible(text)))


@given(st.dictionaries(st.text(), st.text()))
def test_json_means_the_same_and_holds_nothing_unseen(content: dict[str, str]) -> None:
    shown = visible_json(json.dumps(content, ensure_ascii=False, indent=1).encode())
    assert json.loads(shown) == content
    assert not any(is_unseen(char) for char in shown.decode() if char != "\n")


def printed(*objects: object) -> str:
    with redirect_stderr(io.StringIO()) as stream:
        terminal = Terminal(stderr=True)
        terminal.print(*objects, sep="\n", soft_wrap=True)
        return stream.getvalue()


def test_strings_are_printed_as_single_lines_without_markup() -> None:
    assert printed(HOSTILE, "next") == f"{SHOWN}\nnext\n"


def test_whatever_is_drawn_is_made_visible() -> None:
    table = Table(HOSTILE)
    table.add_row(Text(HOSTILE))
    for drawn in (table, Text(HOSTILE), Group(HOSTILE, Text(HOSTILE))):
        assert not any(is_unseen(char) for char in printed(drawn) if char != "\n")


def test_colours_of_our_own_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    said = printed(Text("x\x1b[2J", "red"))
    assert said.startswith("\x1b[31m")
    assert "\x1b[2J" not in said


@pytest.mark.parametrize("kind", [LineReporter, TerminalReporter])
def test_reporters(kind: type[LineReporter | TerminalReporter]) -> None:
    with redirect_stderr(io.StringIO()) as stream:
        with kind(Terminal(stderr=True)) as report:
            report.begin(f"[/nothing]{HOSTILE}", 2)
            report.downloading(HOSTILE, 1, 2)
            report.downloading(HOSTILE, 2, 2)
            report.advance(HOSTILE, "failed")
            report.note(HOSTILE)
        said = stream.getvalue()
    assert said.replace("\n", "").count("[red]:cat:") >= 2
    assert not any(is_unseen(char) for char in said if char != "\n")


def test_libraries_write_to_the_log_from_any_thread(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "state/libraries.log"
    with libraries_write_to(log):
        thread = threading.Thread(target=os.write, args=(2, b"tempfile.tif: bad code\n"))
        thread.start()
        thread.join()
        os.system("echo from a child >&2")
        Terminal(stderr=True).print("note: ours")
    os.write(2, b"after\n")
    assert log.read_text() == "tempfile.tif: bad code\nfrom a child\n"
    assert capfd.readouterr().err == "note: ours\nafter\n"


@pytest.mark.parametrize("log", [None, Path("/dev/null/no/log")])
def test_without_a_log_it_is_dropped(log: Path | None, capfd: pytest.CaptureFixture[str]) -> None:
    with libraries_write_to(log):
        os.write(2, b"dropped\n")
    assert capfd.readouterr().err == ""
