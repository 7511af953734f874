"""What is drawn of a build and of downloads."""

from __future__ import annotations

from io import StringIO

import pytest

from sod_gallery.progress import TerminalReporter
from sod_gallery.terminal import Terminal


@pytest.fixture
def reporter(monkeypatch: pytest.MonkeyPatch) -> TerminalReporter:
    monkeypatch.setenv("FORCE_COLOR", "1")
    console = Terminal()
    console.file = StringIO()
    return TerminalReporter(console)


def bars(reporter: TerminalReporter) -> list[str]:
    return [task.description for task in reporter._files.tasks]


@pytest.mark.parametrize("after", ["download", "dataset", "note", "end"])
def test_the_bar_of_a_download_of_unknown_size_goes(reporter: TerminalReporter, after: str) -> None:
    with reporter:
        for number in range(3):
            reporter.downloading(f"{number}.png", 1000, None)
            reporter.downloading(f"{number}.png", 2000, None)
            assert bars(reporter) == [f"{number}.png"]
        if after == "download":
            reporter.downloading("known.png", 5, 5)
        elif after == "dataset":
            reporter.begin("pets", 3)
        elif after == "note":
            reporter.note("3 cut-outs")
        if after != "end":
            assert bars(reporter) == []
    assert bars(reporter) == []
    assert not reporter._files.live.is_started
