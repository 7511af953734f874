"""Photo, controls and bar are in view together, in every window and every mode."""

from __future__ import annotations

import pytest
from jekyll_site import OpenPage
from playwright.sync_api import Page, ViewportSize, expect
from viewer import CUP, box, ready

pytestmark = pytest.mark.site

WIDE = "/compare/sample/14-jpg/"
WINDOWS = [(1440, 900), (1440, 720), (1280, 720), (820, 1180), (390, 844), (844, 390), (720, 450)]
SHORTCUTS = {
    "swipe": "w",
    "side": "s",
    "toggle": "t",
    "onion": "o",
    "difference": "d",
    "threshold": "l",
}
# Left, top, right and bottom of what has to be in view; of several, all that is visible.
PARTS = """() => Object.fromEntries(
    ["h1", "photo-compare .controls", "photo-compare .stage", "photo-compare .under", ".bar"]
        .map((name) => {
            const { left, top, right, bottom } =
                document.querySelector(name).getBoundingClientRect();
            return [name.split(" ").at(-1), { left, top, right, bottom }];
        }))"""


def opened_at(open_page: OpenPage, path: str, window: tuple[int, int]) -> Page:
    size: ViewportSize = {"width": window[0], "height": window[1]}
    return ready(open_page(path, viewport=size))


def parts(page: Page) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = ready(page).evaluate(PARTS)
    return found


def do_overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    across = min(one["right"], other["right"]) - max(one["left"], other["left"])
    down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return across > 1 and down > 1


@pytest.mark.parametrize("path", [CUP, WIDE, "/compare/sample/a-quoted-b-bold-b-100-png/"])
@pytest.mark.parametrize("window", WINDOWS)
def test_all_is_in_view_and_nothing_covers_another(
    open_page: OpenPage, window: tuple[int, int], path: str
) -> None:
    page = opened_at(open_page, path, window)
    for mode, key in SHORTCUTS.items():
        page.keyboard.press(key)
        found = parts(page)
        for name, part in found.items():
            assert part["left"] >= -1, (mode, name)
            assert part["top"] >= -1, (mode, name)
            assert part["right"] <= window[0] + 1, (mode, name)
            assert part["bottom"] <= window[1] + 1, (mode, name)
            others = [other for other in found if other > name]
            assert not any(do_overlap(part, found[other]) for other in others), (mode, name)
        assert found[".stage"]["bottom"] - found[".stage"]["top"] >= 0.25 * window[1], mode
        assert page.evaluate("document.documentElement.scrollWidth") == window[0]
    level = box(page, "[name=level]")
    assert level["y"] + level["height"] <= found[".bar"]["top"]


@pytest.mark.parametrize("window", WINDOWS)
def test_a_verdict_leaves_all_in_view_and_is_confirmed_where_one_looks(
    open_page: OpenPage, window: tuple[int, int]
) -> None:
    page = opened_at(open_page, CUP, window)
    page.keyboard.press("b")
    expect(page.locator(".bar .status-line")).to_contain_text("Saved")
    found = parts(page)
    assert found[".stage"]["bottom"] - found[".stage"]["top"] >= 96
    assert found[".under"]["bottom"] <= found[".bar"]["top"] + 1
    message = page.locator(".bar .status-line").bounding_box()
    assert message
    assert 0 <= message["y"] <= window[1] - message["height"]


@pytest.mark.parametrize("window", [(1440, 900), (1280, 720)])
def test_wide_windows_have_one_row_of_controls(
    open_page: OpenPage, window: tuple[int, int]
) -> None:
    page = opened_at(open_page, CUP, window)
    assert box(page, ".controls")["height"] <= 48
    for side in "ab":
        assert box(page, f"[name={side}]")["width"] >= 100
    name, breadcrumb = page.locator("h1"), page.get_by_role("navigation", name="Breadcrumb")
    tops = [part.bounding_box() for part in (name, breadcrumb)]
    assert tops[0]
    assert tops[1]
    assert abs(tops[0]["y"] - tops[1]["y"]) < 12


@pytest.mark.parametrize("window", [(390, 844), (844, 390), (1280, 720)])
def test_what_is_needed_less_often_stands_behind_one_button(
    open_page: OpenPage, window: tuple[int, int]
) -> None:
    page = opened_at(open_page, CUP, window)
    copy = page.get_by_role("button", name="Copy link")
    expect(copy).to_be_hidden()
    opener = page.get_by_role("button", name="More")
    opener.focus()
    page.keyboard.press("Enter")
    expect(copy).to_be_visible()
    found = page.locator("photo-compare .more").bounding_box()
    assert found
    assert 0 <= found["x"] <= window[0] - found["width"]
    assert 0 <= found["y"] <= window[1] - found["height"]
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Edges")).to_be_focused()
    page.keyboard.press("Escape")
    expect(copy).to_be_hidden()
    expect(opener).to_be_focused()


def test_long_names_of_pictures_end_before_the_middle(open_page: OpenPage) -> None:
    page = opened_at(open_page, f"{CUP}#b=cutout.u2netp", (390, 844))
    caption, stage = box(page, "[data-part=b] figcaption"), box(page)
    assert caption["x"] >= stage["x"] + stage["width"] / 2
    assert caption["x"] + caption["width"] <= stage["x"] + stage["width"]


def test_very_wide_windows_show_all_controls(open_page: OpenPage) -> None:
    page = opened_at(open_page, CUP, (2560, 1300))
    expect(page.get_by_role("button", name="Copy link")).to_be_visible()
    expect(page.get_by_role("button", name="More")).to_be_hidden()
    assert box(page, ".controls")["height"] <= 48
