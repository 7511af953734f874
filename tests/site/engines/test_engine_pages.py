"""Every type of page opens in each engine, whole and without an error."""

from __future__ import annotations

import time

import pytest
from drivers.watched import WatchedServer
from drivers.window import PATIENCE, Window
from viewer import CUP

pytestmark = pytest.mark.site

PAGES = {
    "/": "What stands out in a photo?",
    "/gallery/sample/": "Sample",
    CUP: "cup",
    "/posts/u2net/": "U2Net",
    "/posts/compared/": "Compared in a post",
    "/review/": "Review sheet",
    "/docs/": "Documentation",
    "/docs/sharing/": "Sharing and reviewing",
    "/credits/": "Credits and licences",
    "/404.html": "Nothing stands out here",
}

LOADED = """[...document.images].every((image) =>
  !image.checkVisibility() || image.loading === "lazy" || (image.complete && image.naturalWidth))"""


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens(window: Window, path: str) -> None:
    window.open(path)
    window.sees("h1", PAGES[path])
    window.wait(LOADED)
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert window.read(too_wide) <= 0


BROKEN = """(() => {
  setTimeout(() => { throw new Error("thrown"); });
  Promise.reject(new Error("rejected"));
  console.error("said");
  document.body.append(Object.assign(new Image(), {src: "missing.png"}));
})()"""


def test_what_goes_wrong_in_a_page_is_heard(window: Window, watched_site: WatchedServer) -> None:
    window.open("/404.html")
    window.read(BROKEN)
    awaited = ("thrown", "rejected", "said", "missing.png did not load", "File not found")
    until = time.monotonic() + PATIENCE
    while not all(word in "\n".join(watched_site.problems) for word in awaited):
        assert time.monotonic() < until, watched_site.problems
        time.sleep(0.05)
    watched_site.problems.clear()


def test_a_slider_moves_by_its_arrow(window: Window) -> None:
    window.open("/slider/still/")
    window.sees("#left .slider-counter", "1 / 4")
    window.click("#left [aria-label='Next slide']")
    window.sees("#left .slider-counter", "2 / 4")


def test_the_filter_by_name_hides_the_others(window: Window) -> None:
    window.open("/gallery/sample/")
    window.click(".filter input")
    window.press("d", "s", "c")
    window.sees(".filter output", "1 of 5 photos")
    shown = "[...document.querySelectorAll('.grid li')].filter((item) => item.offsetWidth).length"
    assert window.read(shown) == 1
