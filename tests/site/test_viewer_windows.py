"""A link shows in every window what the sender saw, cut at the same place."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from jekyll_site import OpenPage
from playwright.sync_api import Page, ViewportSize
from viewer import CUP, box, opened, ready, view

pytestmark = pytest.mark.site

WINDOWS: list[tuple[int, int]] = [(390, 844), (820, 1180), (1440, 900), (2560, 1300)]
PAIRS = list(itertools.permutations(WINDOWS, 2))
VIEWS: list[dict[str, Any]] = [
    {"at": 23.4, "zoom": 3.7, "x": 0.31, "y": 0.62},
    {"at": 61, "zoom": 1.1, "x": 0.9, "y": 0.1},
    {"mode": "side", "zoom": 6, "x": 0.7, "y": 0.4},
]
# Fractions of the photo: left, top, right and bottom of what is in view, and the divider's column.
SEEN = """() => {
    const pane = document.querySelector("photo-compare [data-part=a]").getBoundingClientRect();
    const photo = document.querySelector("photo-compare [data-part=a] .frame").getBoundingClientRect();
    const across = (x) => Math.min(1, Math.max(0, (x - photo.left) / photo.width));
    const down = (y) => Math.min(1, Math.max(0, (y - photo.top) / photo.height));
    const handle = document.querySelector("photo-compare .handle").getBoundingClientRect();
    return {
        edges: [across(pane.left), down(pane.top), across(pane.right), down(pane.bottom)],
        cut: across(handle.left + handle.width / 2),
        pixel: 1 / photo.width,
    };
}"""


def size(window: tuple[int, int]) -> ViewportSize:
    return {"width": window[0], "height": window[1]}


def look(page: Page) -> dict[str, Any]:
    seen: dict[str, Any] = ready(page).evaluate(SEEN)
    return seen


def assert_shows(received: dict[str, Any], sent: dict[str, Any], *, is_cut: bool) -> None:
    pixel = max(received["pixel"], sent["pixel"])
    left, top, right, bottom = received["edges"]
    assert left <= sent["edges"][0] + pixel
    assert top <= sent["edges"][1] + pixel
    assert right >= sent["edges"][2] - pixel
    assert bottom >= sent["edges"][3] - pixel
    if is_cut:
        assert received["cut"] == pytest.approx(sent["cut"], abs=1.5 * pixel)


@pytest.mark.parametrize("fields", VIEWS, ids=["close", "corner", "side"])
def test_a_link_shows_the_same_part_in_every_window(
    open_page: OpenPage, fields: dict[str, Any]
) -> None:
    page = ready(open_page(CUP))
    for one, other in PAIRS:
        page.set_viewport_size(size(one))
        sent = look(opened(page, **fields))
        link = page.evaluate("document.querySelector('photo-compare').link")
        receiver = open_page(viewport=size(other))
        receiver.goto(link)
        assert_shows(look(receiver), sent, is_cut="mode" not in fields)
        receiver.context.close()


def test_a_window_that_changes_its_shape_keeps_the_part_and_comes_back(
    open_page: OpenPage,
) -> None:
    page = ready(open_page(CUP, viewport=size(WINDOWS[2])))
    sent = look(opened(page, **VIEWS[0]))
    before = view(page)
    for window in [*WINDOWS, WINDOWS[2]]:
        page.set_viewport_size(size(window))
        page.wait_for_timeout(100)
        assert_shows(look(page), sent, is_cut=True)
    assert view(page) == before


@pytest.mark.parametrize("window", WINDOWS)
def test_from_right_to_left_the_same_column_is_cut(
    open_page: OpenPage, window: tuple[int, int]
) -> None:
    page = ready(open_page("/compared-rtl/", viewport=size(WINDOWS[0])))
    sent = look(opened(page, at=30, zoom=3, x=0.4, y=0.5))
    page.set_viewport_size(size(window))
    page.wait_for_timeout(100)
    assert look(page)["cut"] == pytest.approx(sent["cut"], abs=1.5 * sent["pixel"])


@pytest.mark.parametrize(
    ("old", "at", "zoom"), [("at=30&zoom=2.5&x=0.4&y=0.6", 30, 2.5), ("at=12.5", 12.5, 1)]
)
def test_old_links_are_followed(open_page: OpenPage, old: str, at: float, zoom: float) -> None:
    page = ready(open_page(f"{CUP}#a=photo&b=cutout.u2net&{old}&build=0123456789ab"))
    assert (view(page)["at"], view(page)["zoom"]) == (at, zoom)
    assert page.locator("photo-compare .notice").inner_text() == ""


def test_the_way_of_looking_leaves_out_the_place(open_page: OpenPage) -> None:
    page = ready(open_page(CUP))
    opened(page, a="mask.u2netp", b="truth", mode="threshold", level=77, zoom=3, at=20)
    way = page.evaluate("document.querySelector('photo-compare').way")
    assert way == "#a=mask.u2netp&b=truth&mode=threshold&level=77"
    opened(page, mode="toggle", shows="b", backdrop="#123456")
    way = page.evaluate("document.querySelector('photo-compare').way")
    assert way == "#a=mask.u2netp&b=truth&mode=toggle&level=77&backdrop=%23123456"
    other = ready(open_page(f"/compare/sample/14-jpg/{way}"))
    assert (view(other)["a"], view(other)["mode"]) == ("mask.u2netp", "toggle")
    assert box(other)["width"] > 0


def test_in_toggle_the_method_is_that_of_the_picture_that_is_showing(open_page: OpenPage) -> None:
    page = ready(open_page(CUP))
    page.evaluate(
        """window.heard = [];
        document.addEventListener("viewchange", ({ target }) => heard.push(target.result));"""
    )
    opened(page, a="cutout.u2net", b="cutout.u2netp")
    assert page.evaluate("document.querySelector('photo-compare').method") == "u2netp"
    opened(page, mode="toggle")
    page.locator("photo-compare .stage").focus()
    page.keyboard.down("Space")
    page.keyboard.up("Space")
    page.get_by_role("button", name="Show B").click()
    opened(page, a="photo", shows="a")
    assert page.evaluate("heard.map(({ method }) => method)") == [
        "u2netp",
        "u2net",
        "u2netp",
        "u2net",
        "u2netp",
        "u2netp",
    ]
    assert page.evaluate("heard[0].sha") == "e7567cde013f"
