"""The review in each engine: a verdict, an export, a sheet, and the filter by verdict."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from drivers.window import PATIENCE, Window
from viewer import READY

pytestmark = pytest.mark.site

PHOTO = "/compare/sample/14-jpg/"
GALLERY = "/gallery/sample/"
SHEET = "/review/?sheet=others/cup-png,sample/14-jpg"
STATUS = ".bar .status-line"
BAD = ".bar [data-verdict=bad]"
ONLY_BAD = ".by-verdict [value=bad]"
SHOWN = """[...document.querySelectorAll(".grid li")].filter((item) => item.offsetWidth)
  .map((item) => item.querySelector(".name").innerText)"""


def is_pressed(selector: str, pressed: str = "true") -> str:
    return f"document.querySelector('{selector}').ariaPressed === '{pressed}'"


def judged(window: Window) -> Window:
    """Call the first photo bad, by the key for it."""
    window.open(PHOTO)
    window.wait(f"({READY})()")
    window.press("b")
    window.sees(STATUS, "Saved: bad")
    return window


def opened_gallery(window: Window) -> Window:
    """Open the gallery's tools for reviewers."""
    window.open(GALLERY)
    window.sees(".review-tools .counts", "1 bad")
    window.click(".review-tools summary")
    return window


def test_a_verdict_by_key_lasts(window: Window) -> None:
    judged(window)
    assert window.read(is_pressed(BAD))
    window.driver.reload()
    window.wait(is_pressed(BAD))


def test_a_click_takes_a_verdict_back(window: Window) -> None:
    judged(window).click(BAD)
    window.wait(is_pressed(BAD, "false"))
    window.driver.reload()
    window.wait(is_pressed(BAD, "false"))


def test_an_export_is_a_file_with_the_verdict(window: Window, downloads: Path) -> None:
    opened_gallery(judged(window)).click(".reviewer")
    window.press(*"Zoe", "Tab")
    window.click(".export")
    [verdict] = exported(window, downloads)["verdicts"]
    assert verdict["photo"] == "sample/14.jpg"
    assert verdict["verdict"] == "bad"


def exported(window: Window, downloads: Path) -> dict[str, Any]:
    """Wait for the one file that is downloaded, and read it."""
    until = time.monotonic() + PATIENCE
    while True:
        for file in downloads.glob("*.json"):
            if text := file.read_text("utf-8"):
                return dict(json.loads(text))
        assert time.monotonic() < until, f"no export among {list(downloads.iterdir())}"
        window.read("0")  # Playwright saves a file only while it is called
        time.sleep(0.05)


def test_a_sheet_leads_through_its_photos(window: Window) -> None:
    window.open(SHEET)
    window.sees(".facts", "2 photos, 0 reviewed")
    window.click(".sheet a.start")
    for number, title in enumerate(("cup", "14")):
        window.sees(".position", f"{number + 1} of 2, {number} reviewed")
        window.sees("h1", title)
        window.press("g")
        window.sees(STATUS, "Saved: good")
        window.press("n")
    window.sees(".facts", "2 photos, 2 reviewed")


def test_a_blind_sheet_takes_votes_and_says_at_the_end_which_was_which(window: Window) -> None:
    window.open(f"{SHEET}&blind=1")
    window.sees(".facts", "2 photos, 0 voted on")
    window.click(".sheet a.start")
    for number, (title, key) in enumerate((("cup", "a"), ("14", "q"))):
        window.sees("h1", title)
        window.wait(f"({READY})() && document.querySelector('photo-compare:defined') !== null")
        assert (
            window.read("document.querySelector('.compared').textContent.includes('U²-Net')")
            is False
        )
        window.press(key)
        window.sees(".position", f"{number + 1} of 2, {number + 1} voted")
        window.press("n")
    window.sees(".facts", "2 photos, 2 voted on")
    window.sees(".revealed li", "you preferred A")


def test_the_filter_by_verdict_survives_a_reload(window: Window) -> None:
    opened_gallery(judged(window)).click(ONLY_BAD)
    window.wait(f"{SHOWN}.join() === '14'")
    window.driver.reload()
    holds_together(window)


def test_the_filter_by_verdict_survives_the_way_back(window: Window) -> None:
    opened_gallery(judged(window)).click(ONLY_BAD)
    window.wait(f"{SHOWN}.join() === '14'")
    window.click(".grid li a")
    window.sees("h1", "14")
    window.driver.back()
    window.sees("h1", "Sample")
    holds_together(window)


def holds_together(window: Window) -> None:
    """The chosen verdict is still chosen, and the photos shown are those."""
    window.sees(".review-tools .counts", "1 bad")
    window.wait(f"document.querySelector('{ONLY_BAD}').checked")
    window.wait(f"{SHOWN}.join() === '14'")
