"""A gallery of a thousand photos scrolls, filters and takes choices without holding up the page.

What counts is the processor's time of each task, which other programs on the machine disturb less
than its duration; on an idle machine the two are the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from fixture_site import METHODS, drawn_sample, repeated, write_data, write_gallery
from jekyll_site import build_site, copy_sources
from playwright.sync_api import Browser, Page, Request, expect

pytestmark = pytest.mark.site

PHOTOS = 1_000
SLOWER = 4
LONGEST_MS = 100
ATTEMPTS = 5
MOST_IMAGES = 24
TASK = "ThreadControllerImpl::RunTask"

VERDICTS = """() => {
  const verdicts = [...document.querySelectorAll(".grid li")].map(({ dataset }, index) => ({
    reviewer: "", photo: `many/${dataset.name}`, photo_sha256: dataset.sha256, method: "u2net",
    result_sha256: dataset.results, verdict: ["good", "bad", "unsure"][index % 3], reasons: [],
    note: "", link: "https://example.org/", when: "2026-01-01T00:00:00.000Z",
  }));
  localStorage.setItem("review:/large/:verdicts", JSON.stringify(verdicts));
  dispatchEvent(new StorageEvent("storage", { key: null }));
}"""


@pytest.fixture(scope="module")
def address(root: Path, tmp_path_factory: pytest.TempPathFactory, served: tuple[Path, str]) -> str:
    """Build a gallery of a thousand photos; return the address of its page."""
    source = tmp_path_factory.mktemp("large") / "source"
    copy_sources(root, source)
    one = drawn_sample("one.jpg", (480, 320), (0.2, 0.2, 0.8, 0.8), 0)
    write_data(source, repeated(write_gallery(source, {"few": [one]}, METHODS[:1]), "many", PHOTOS))
    folder, origin = served
    build_site(root, source, folder / "large", baseurl="/large")
    return f"{origin}/large/gallery/many/"


@pytest.fixture
def gallery(browser: Browser, address: str) -> Iterator[Page]:
    page = browser.new_page(bypass_csp=True, viewport={"width": 1440, "height": 900})
    page.goto(address, wait_until="networkidle")
    page.locator(".review-tools summary").click()
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    yield page
    page.close()


def longest_task(page: Page, act: Callable[[], object]) -> float:
    """Return the processor's milliseconds of the longest task of the page while ``act`` runs."""
    browser = page.context.browser
    assert browser
    browser.start_tracing(page=page, categories=["toplevel"])
    act()
    page.wait_for_timeout(600)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    threads = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    times: list[float] = [
        event["tdur"] / 1000
        for event in events
        if event["name"] == TASK and (event["pid"], event["tid"]) in threads and "tdur" in event
    ]
    assert times, "the trace holds no task of the page"
    return max(times)


def assert_smooth(page: Page, *actions: Callable[[], object]) -> None:
    """Take the best of some attempts at each action: disturbance only ever adds."""
    best = [float("inf")] * len(actions)
    for _ in range(ATTEMPTS):
        best = [min(time, longest_task(page, act)) for time, act in zip(best, actions, strict=True)]
        if max(best) <= LONGEST_MS:
            return
    assert max(best) <= LONGEST_MS, best


def clicker(page: Page, selector: str) -> Callable[[], object]:
    """Return what clicks without the search for the element, which would count too."""
    handle = page.wait_for_selector(selector, state="attached")
    assert handle
    return lambda: handle.evaluate("(element) => element.click()")


def _note_image(images: set[str], request: Request) -> None:
    if request.resource_type == "image":
        images.add(request.url)


def test_the_first_view_loads_few_images(browser: Browser, address: str) -> None:
    for width, height in [(390, 844), (820, 1180), (1440, 900)]:
        page = browser.new_page(bypass_csp=True, viewport={"width": width, "height": height})
        images: set[str] = set()
        page.on("request", partial(_note_image, images))
        page.goto(address, wait_until="networkidle")
        assert 4 <= len(images) <= MOST_IMAGES, (width, len(images))
        page.close()


def test_scrolling_is_smooth(gallery: Page) -> None:
    gallery.mouse.move(700, 450)

    def wheel() -> None:
        for _ in range(20):
            gallery.mouse.wheel(0, 250)
            gallery.wait_for_timeout(50)

    assert_smooth(gallery, wheel)


def test_filtering_by_name_is_smooth(gallery: Page) -> None:
    gallery.get_by_role("searchbox").focus()
    keys = ("0", "9", "9", "Backspace", "Backspace", "Backspace")
    assert_smooth(gallery, *[partial(gallery.keyboard.press, key) for key in keys])
    gallery.keyboard.type("0098")
    expect(gallery.locator(".grid li:visible")).to_have_count(11, timeout=20_000)


def test_badges_and_the_filter_by_verdict_are_smooth(gallery: Page) -> None:
    assert_smooth(gallery, lambda: gallery.evaluate(VERDICTS))
    expect(gallery.locator(".counts")).to_have_text("334 good, 333 bad, 333 unsure")
    radios = [clicker(gallery, f".by-verdict [value='{value}']") for value in ("good", "bad", "")]
    assert_smooth(gallery, *radios)


def test_choosing_is_smooth(gallery: Page) -> None:
    begin, end = clicker(gallery, ".review-tools .select"), clicker(gallery, ".selection .done")
    assert_smooth(gallery, begin, end)
    begin()
    first = clicker(gallery, ".grid li:nth-child(2) .pick input")
    assert_smooth(gallery, first, first)
    expect(gallery.locator(".pick")).to_have_count(PHOTOS)
