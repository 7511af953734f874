"""What is on its way, or failed, looks like no result; scores are those of the mask in view."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from jekyll_site import OpenPage
from playwright.sync_api import Page, Route, expect
from viewer import CUP, box, opened, ready, view

pytestmark = pytest.mark.site

SIDES = ("a", "b")
MODES = ("swipe", "side", "toggle", "onion", "difference", "threshold")
Held = list[Route]


PATIENCE = 150
"""Milliseconds without a word, as in assets/js/viewer/stage.js."""
SINCE = """(text) => {
    const start = performance.now();
    const observer = new MutationObserver(() => { text.saidAfter ??= performance.now() - start; });
    observer.observe(text, { childList: true, characterData: true, subtree: true });
}"""
"""Measures how long the text stays as it is."""


@pytest.fixture
def cup(open_page: OpenPage) -> Page:
    page = open_page(viewport={"width": 1200, "height": 900})
    page.goto(open_page(CUP).url)
    return ready(page)


def held(page: Page, pattern: str) -> Held:
    """Hold back the files whose address matches; return the list that they come to."""
    routes: Held = []
    page.route(re.compile(pattern), lambda route: routes.append(route))
    return routes


@pytest.fixture
def refused(cup: Page, problems: list[str]) -> Iterator[None]:
    """Let a test refuse files: what the browser reports of them is what it wanted."""
    yield
    cup.unroute_all()
    wanted = [text for text in problems if "net::ERR_FAILED" in text]
    problems[:] = [text for text in problems if text not in wanted]


def message(page: Page) -> str:
    return page.locator("photo-compare .waiting p").inner_text()


def change(page: Page, **fields: object) -> None:
    page.evaluate("(fields) => document.querySelector('photo-compare').change(fields)", fields)


@pytest.mark.usefixtures("refused")
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("side", SIDES)
def test_a_picture_that_does_not_arrive_says_so_and_is_asked_for_again(
    cup: Page, mode: str, side: str
) -> None:
    cup.route(re.compile("reference/cup"), lambda route: route.abort())
    change(cup, mode=mode, **{side: "reference"})
    text = cup.locator("photo-compare .waiting p")
    if mode == "threshold" and side == "b":
        expect(text).to_have_text("")  # B is not shown there
        return
    expect(text).to_have_text("Reference could not be loaded.")
    cup.unroute_all()
    cup.get_by_role("button", name="Retry").click()
    expect(text).to_have_text("")
    expect(cup.get_by_role("button", name="Retry")).to_be_hidden()
    shown = cup.locator("photo-compare [data-source=reference] img")
    assert shown.evaluate("(image) => image.naturalWidth")
    assert box(cup)["width"] > 0


@pytest.mark.usefixtures("refused")
def test_a_failed_picture_is_not_asked_for_by_each_movement(cup: Page) -> None:
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    cup.route(re.compile("reference/cup"), refuse)
    change(cup, b="reference")
    expect(cup.locator("photo-compare .waiting p")).to_contain_text("could not")
    for at in range(10, 90, 10):
        change(cup, at=at)
    cup.wait_for_timeout(200)
    assert len(asked) <= 2


def test_a_slow_picture_says_what_is_loading_and_how_much(cup: Page) -> None:
    routes = held(cup, r"u2net/cup\.png\.png|full\.webp")
    text = cup.locator("photo-compare .waiting p")
    text.evaluate(SINCE)
    change(cup, zoom=20)
    expect(text).to_have_text(re.compile(r"^Loading cut-out \(U²-Net\), 0\.\d.MB …$"))
    assert text.evaluate("(text) => text.saidAfter") >= PATIENCE
    for route in routes:
        route.continue_()
    expect(text).to_have_text("")


def test_the_photo_in_full_size_says_how_much_it_is(cup: Page) -> None:
    routes = held(cup, r"test/cup\.png")
    change(cup, zoom=20)
    text = cup.locator("photo-compare .waiting p")
    expect(text).to_have_text(re.compile(r"^Loading photo, 0\.0.MB …$"))
    for route in routes:
        route.continue_()
    expect(text).to_have_text("")


def test_the_smaller_lossless_file_is_taken_where_there_is_one(cup: Page) -> None:
    asked: list[str] = []
    cup.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
    opened(cup, zoom=20)
    assert "u2net-cutout-full.webp" in asked
    assert "cup.png.png" not in asked


def test_scores_are_those_of_the_mask_in_view(cup: Page) -> None:
    scores = cup.locator("photo-compare .scores")
    opened(cup, mode="threshold", b="mask.u2net")
    expect(scores).to_contain_text("IoU 0.880")
    routes = held(cup, "u2netp-mask")
    change(cup, b="mask.u2netp")
    cup.wait_for_timeout(100)
    assert scores.inner_text() == ""
    change(cup, b="mask.u2net")
    expect(scores).to_contain_text("IoU 0.880")
    for route in routes:
        route.continue_()
    cup.wait_for_timeout(300)
    assert "IoU 0.880" in scores.inner_text()
    change(cup, b="mask.u2netp")
    expect(scores).not_to_contain_text("IoU 0.880")
    expect(scores).to_contain_text("IoU 0.")


@pytest.mark.usefixtures("refused")
def test_a_mask_that_failed_has_no_scores_and_is_counted_when_it_comes(cup: Page) -> None:
    scores = cup.locator("photo-compare .scores")
    opened(cup, mode="threshold", b="mask.u2net")
    expect(scores).to_contain_text("IoU 0.880")
    cup.route(re.compile("u2netp-mask"), lambda route: route.abort())
    change(cup, b="mask.u2netp")
    expect(cup.locator("photo-compare .waiting p")).to_contain_text("Mask (U²-Net†")
    assert scores.inner_text() == ""
    cup.unroute_all()
    cup.get_by_role("button", name="Retry").click()
    expect(scores).to_contain_text("IoU 0.")


def test_an_empty_mask_agrees_with_an_empty_truth(cup: Page) -> None:
    black = """() => {
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = 8;
        const pen = canvas.getContext("2d");
        pen.fillRect(0, 0, 8, 8);
        return canvas.toDataURL();
    }"""
    empty = cup.evaluate(black)
    load = """(src) => {
        const viewer = document.querySelector("photo-compare");
        viewer.pictures.find(({ id }) => id === "truth").image.src = src;
        viewer.pictures.find(({ id }) => id === "mask.u2net").full = src;
    }"""
    cup.evaluate(load, empty)
    opened(cup, mode="threshold", b="mask.u2net")
    expect(cup.locator("photo-compare .scores")).to_have_text(
        "covers 0.0\u00a0%, IoU 1.000, Fβ 1.000"
    )
    assert view(cup)["mode"] == "threshold"
