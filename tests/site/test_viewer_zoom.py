"""Zoom and pan by wheel, pinch, keys, buttons, double click and drag, down to single pixels."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import numpy as np
import pytest
from jekyll_site import OpenPage, Site
from PIL import Image
from playwright.sync_api import CDPSession, Page, expect
from viewer import CUP, at, box, is_near, opened, point, ready, seen, view

pytestmark = pytest.mark.site

WIDE = "/compare/sample/14-jpg/"
PHONE = {"has_touch": True, "viewport": {"width": 390, "height": 844}}
Send = Callable[..., object]


@pytest.fixture
def cup(open_page: OpenPage) -> Page:
    return ready(open_page(CUP, viewport={"width": 640, "height": 900}))


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    return ready(open_page(WIDE, **PHONE))


def zoom(page: Page) -> float:
    return float(view(page)["zoom"])


def under(page: Page, across: float, down: float) -> tuple[float, float]:
    """Return which point of the photo, in fractions, lies at a point of the stage."""
    frame, (x, y) = box(page, "[data-part=a] .frame"), point(page, across, down)
    return (x - frame["x"]) / frame["width"], (y - frame["y"]) / frame["height"]


def touch(page: Page) -> Send:
    """Return a function that sends the fingers of a touch screen: type, then points."""
    session: CDPSession = page.context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        fingers = [{"x": x, "y": y, "id": index} for index, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    return send


def test_the_wheel_scrolls_the_page_until_the_photo_is_zoomed(cup: Page) -> None:
    cup.mouse.move(*point(cup, 0.25, 0.25))
    cup.mouse.wheel(0, 120)
    cup.wait_for_function("scrollY > 0")
    assert zoom(cup) == 1
    cup.evaluate("scrollTo(0, 0)")
    opened(cup, zoom=2)
    cup.mouse.move(*point(cup, 0.25, 0.25))
    held = under(cup, 0.25, 0.25)
    cup.mouse.wheel(0, -120)
    cup.wait_for_function("document.querySelector('photo-compare').state.zoom > 2")
    assert cup.evaluate("scrollY") == 0
    assert under(cup, 0.25, 0.25) == pytest.approx(held, abs=0.005)
    for _ in range(8):
        cup.mouse.wheel(0, 120)
    cup.wait_for_function("document.querySelector('photo-compare').state.zoom === 1")
    cup.mouse.wheel(0, 120)
    cup.wait_for_function("scrollY > 0")


def test_the_wheel_with_ctrl_always_zooms(cup: Page) -> None:
    cup.mouse.move(*point(cup, 0.5, 0.5))
    cup.keyboard.down("Control")
    cup.mouse.wheel(0, -60)
    cup.keyboard.up("Control")
    cup.wait_for_function("document.querySelector('photo-compare').state.zoom > 1.2")


def test_a_double_click_zooms_to_single_pixels_and_back(cup: Page) -> None:
    opened(cup, mode="onion")
    held = under(cup, 0.3, 0.4)
    cup.mouse.dblclick(*point(cup, 0.3, 0.4))
    assert zoom(cup) >= 2
    assert under(cup, 0.3, 0.4) == pytest.approx(held, abs=0.01)
    cup.wait_for_timeout(400)
    cup.mouse.dblclick(*point(cup, 0.3, 0.4))
    assert zoom(cup) == 1


def test_dragging_moves_the_zoomed_photo_and_the_divider_beside_it(cup: Page) -> None:
    opened(cup, zoom=4)
    before = box(cup, "[data-part=a] .frame")
    cup.mouse.move(*point(cup, 0.8, 0.5))
    cup.mouse.down()
    cup.mouse.move(*point(cup, 0.7, 0.4), steps=5)
    cup.mouse.up()
    after, stage = box(cup, "[data-part=a] .frame"), box(cup)
    assert after["x"] - before["x"] == pytest.approx(-0.1 * stage["width"], abs=2)
    assert after["y"] - before["y"] == pytest.approx(-0.1 * stage["height"], abs=2)
    assert view(cup)["at"] == 50
    cup.mouse.move(*point(cup, 0.5, 0.5))
    cup.mouse.down()
    cup.mouse.move(*point(cup, 0.3, 0.5), steps=5)
    cup.mouse.up()
    assert view(cup)["at"] == pytest.approx(30, abs=1)
    assert box(cup, "[data-part=a] .frame") == after


def test_the_photo_never_leaves_the_stage(cup: Page) -> None:
    opened(cup, zoom=3, x=0, y=1)
    frame, stage = box(cup, "[data-part=a] .frame"), box(cup)
    assert frame["x"] == pytest.approx(stage["x"], abs=1)
    assert frame["y"] + frame["height"] == pytest.approx(stage["y"] + stage["height"], abs=1)


def test_keys_zoom_and_move(cup: Page) -> None:
    cup.keyboard.press("+")
    cup.keyboard.press("+")
    assert zoom(cup) == pytest.approx(2.25)
    cup.keyboard.press("-")
    assert zoom(cup) == pytest.approx(1.5)
    cup.locator("photo-compare .stage").focus()
    before = box(cup, "[data-part=a] .frame")
    cup.keyboard.press("ArrowRight")
    cup.keyboard.press("ArrowDown")
    after = box(cup, "[data-part=a] .frame")
    assert (after["x"] - before["x"], after["y"] - before["y"]) == pytest.approx((-60, -60), abs=1)
    assert cup.evaluate("scrollY") == 0
    cup.keyboard.press("0")
    assert zoom(cup) == 1
    cup.keyboard.press("z")
    expect(cup.locator("photo-compare .zoom")).to_have_text("100\u00a0%")


def test_one_to_one_shows_the_pixels_of_the_file(cup: Page, site: Site) -> None:
    cup.get_by_role("button", name="1:1").click()
    opened(cup, a="truth", at=100, x=0.3, y=0.3)
    pixels = seen(cup)
    frame, stage = box(cup, "[data-part=a] .frame"), box(cup)
    file = Image.open(site.folder / "assets/images/raw/others/gt/cup.png").convert("RGB")
    left, top = round(stage["x"] - frame["x"]), round(stage["y"] - frame["y"])
    apart = [
        np.abs(pixels - np.asarray(file)[y : y + pixels.shape[0], x : x + pixels.shape[1]]).max()
        for x in range(left, left + 4)
        for y in range(top, top + 4)
    ]
    assert min(apart) == 0


def test_closer_than_one_to_one_pixels_are_squares(cup: Page) -> None:
    opened(cup, a="truth", at=100, zoom=1000, x=0.2752, y=0.5)
    assert cup.locator("photo-compare .zoom").inner_text() == "3200\u00a0%"
    colours = {tuple(colour) for colour in seen(cup).reshape(-1, 3).tolist()}
    assert colours == {(0, 0, 0), (255, 255, 255)}


def test_the_full_photo_is_loaded_only_when_it_is_needed(open_page: OpenPage) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
    page.goto(open_page(WIDE).url)
    ready(page)
    assert not [name for name in asked if name in ("14.jpg", "14.jpg.png")]
    page.get_by_role("button", name="1:1").click()
    ready(page)
    assert {"14.jpg", "14.jpg.png"} <= set(asked)
    assert page.locator("[data-part=a] img").evaluate("(image) => image.naturalWidth") == 1800
    page.get_by_role("button", name="Fit").click()
    ready(page)
    assert page.locator("[data-part=a] img").evaluate("(image) => image.naturalWidth") < 1800


def test_values_under_the_pointer_are_shown(cup: Page) -> None:
    values = cup.locator("photo-compare .values")
    opened(cup, a="reference", b="mask.u2net")
    cup.mouse.move(*point(cup, 0.5, 0.5))
    readings = re.compile("^(399|400), (299|300) · Reference 61 163 41 · mask 255$")
    expect(values).to_have_text(readings)
    cup.mouse.move(*point(cup, 0.01, 0.01))
    expect(values).to_contain_text("mask 0")
    cup.mouse.move(5, 5)
    expect(values).to_have_text("")


def test_two_fingers_pinch_and_move(phone: Page) -> None:
    send = touch(phone)
    x, y = point(phone, 0.5, 0.5)
    held = under(phone, 0.5, 0.5)
    send("touchStart", (x - 30, y))
    send("touchStart", (x - 30, y), (x + 30, y))
    for step in range(1, 7):
        send("touchMove", (x - 30 - 10 * step, y), (x + 30 + 10 * step, y))
    send("touchEnd")
    assert zoom(phone) == pytest.approx(3, rel=0.05)
    assert under(phone, 0.5, 0.5) == pytest.approx(held, abs=0.02)
    assert view(phone)["at"] == 50
    assert phone.evaluate("visualViewport.scale") == 1


def test_one_finger_moves_the_zoomed_photo(phone: Page) -> None:
    opened(phone, zoom=3, at=10)
    send = touch(phone)
    x, y = point(phone, 0.6, 0.5)
    before = box(phone, "[data-part=a] .frame")
    send("touchStart", (x, y))
    for step in range(1, 6):
        send("touchMove", (x - 10 * step, y - 8 * step))
    send("touchEnd")
    after = box(phone, "[data-part=a] .frame")
    assert (after["x"] - before["x"], after["y"] - before["y"]) == pytest.approx((-50, -40), abs=2)
    assert phone.evaluate("scrollY") == 0


def test_a_double_tap_zooms(phone: Page) -> None:
    opened(phone, mode="side")
    spot = point(phone, 0.4, 0.25)
    phone.touchscreen.tap(*spot)
    phone.touchscreen.tap(*spot)
    phone.wait_for_function("document.querySelector('photo-compare').state.zoom >= 2")


def test_a_finger_moves_the_divider_and_scrolls_the_page(phone: Page) -> None:
    send = touch(phone)
    x, y = point(phone, 0.5, 0.5)
    send("touchStart", (x, y))
    for step in range(1, 10):
        send("touchMove", (x + 10 * step, y))
    send("touchEnd")
    stage = box(phone)
    assert view(phone)["at"] == pytest.approx(50 + 9000 / stage["width"], abs=3)
    moved = view(phone)["at"]
    send("touchStart", (x, y))
    for step in range(1, 10):
        send("touchMove", (x, y - 20 * step))
    send("touchEnd")
    phone.wait_for_function("scrollY > 50")
    assert view(phone)["at"] == moved
    phone.touchscreen.tap(*point(phone, 0.8, 0.5))
    assert view(phone)["at"] == pytest.approx(80, abs=1)


def test_panes_move_together(cup: Page) -> None:
    opened(cup, mode="side", zoom=3, b="truth")
    cup.mouse.move(*point(cup, 0.75, 0.5))
    cup.mouse.down()
    cup.mouse.move(*point(cup, 0.70, 0.45), steps=4)
    cup.mouse.up()
    a, b, stage = box(cup, "[data-part=a] img"), box(cup, "[data-part=b] img"), box(cup)
    assert (b["x"] - a["x"], b["y"] - a["y"]) == pytest.approx((0, stage["height"] / 2), abs=1)


def test_a_close_look_stays_as_close_in_another_mode(cup: Page) -> None:
    cup.get_by_role("button", name="1:1").click()
    for key in "sod":
        cup.keyboard.press(key)
        expect(cup.locator("photo-compare .zoom")).to_have_text("100\u00a0%")


def test_the_edge_tour_flies_to_each_patch(cup: Page) -> None:
    cup.keyboard.press("e")
    cup.wait_for_function("Math.abs(document.querySelector('photo-compare').state.x - .25) < 1e-3")
    assert view(cup)["y"] == pytest.approx(0.4, abs=0.01)
    expect(cup.locator("photo-compare .notice")).to_contain_text("Edge 1 of 2")
    frame, stage = box(cup, "[data-part=a] .frame"), box(cup)
    patch = frame["width"] * 0.1, frame["height"] * 0.2
    share = max(patch[0] / stage["width"], patch[1] / stage["height"])
    assert share == pytest.approx(0.8, abs=0.02)
    cup.get_by_role("button", name="More").click()
    cup.get_by_role("button", name="Edges").click()
    cup.wait_for_function("Math.abs(document.querySelector('photo-compare').state.x - .7) < 1e-3")
    expect(cup.locator("photo-compare .notice")).to_contain_text("Edge 2 of 2")


def test_with_reduced_motion_the_tour_jumps(open_page: OpenPage) -> None:
    page = ready(open_page(CUP, reduced_motion="reduce", viewport={"width": 640, "height": 900}))
    page.keyboard.press("e")
    assert view(page)["x"] == pytest.approx(0.25, abs=1e-3)


def test_full_screen_uses_the_whole_screen(cup: Page) -> None:
    before = box(cup)
    cup.keyboard.press("f")
    cup.wait_for_function("document.fullscreenElement?.matches(':root')")
    ready(cup)
    after = box(cup)
    assert after["width"] > before["width"]
    assert math.isclose(after["x"], 12, abs_tol=3)
    assert after["height"] >= 0.45 * cup.evaluate("innerHeight")
    assert is_near(at(seen(cup), 0.5, 0.5), (61, 163, 41))
    cup.keyboard.press("f")
    cup.wait_for_function("!document.fullscreenElement")


def test_full_screen_of_a_viewer_in_a_post_is_the_viewer(open_page: OpenPage) -> None:
    page = ready(open_page("/posts/compared/"))
    page.locator("photo-compare .stage").first.focus()
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement?.matches('photo-compare')")


def test_a_small_photo_is_shown_one_to_one_too(open_page: OpenPage) -> None:
    page = ready(open_page("/compare/sample/dsc3403-jpg/", viewport={"width": 1440, "height": 900}))
    assert box(page, "[data-part=a] .frame")["width"] > 600
    page.get_by_role("button", name="1:1").click()
    ready(page)
    frame = box(page, "[data-part=a] .frame")
    assert (frame["width"], frame["height"]) == (600, 400)
    expect(page.locator("photo-compare .zoom")).to_have_text("100\u00a0%")
    link = page.evaluate("document.querySelector('photo-compare').link")
    other = open_page(viewport={"width": 1440, "height": 900})
    other.goto(link)
    assert box(ready(other), "[data-part=a] .frame") == frame
    other.mouse.move(*point(other, 0.5, 0.5))
    other.keyboard.press("0")
    assert zoom(other) == 1


@pytest.mark.parametrize(("mode", "field"), [("swipe", "at"), ("toggle", "shows")])
def test_a_double_tap_leaves_the_divider_and_the_side(phone: Page, mode: str, field: str) -> None:
    opened(phone, mode=mode, at=70)
    before = view(phone)[field]
    spot = point(phone, 0.3, 0.5)
    phone.touchscreen.tap(*spot)
    phone.touchscreen.tap(*spot)
    phone.wait_for_function("document.querySelector('photo-compare').state.zoom >= 2")
    assert view(phone)[field] == before


def test_from_right_to_left_arrow_keys_move_as_they_point(open_page: OpenPage) -> None:
    page = ready(open_page("/compared-rtl/", viewport={"width": 640, "height": 900}))
    opened(page, zoom=3)
    page.locator("photo-compare .stage").focus()
    before = box(page, "[data-part=a] .frame")
    page.keyboard.press("ArrowRight")
    assert box(page, "[data-part=a] .frame")["x"] - before["x"] == pytest.approx(-60, abs=1)
    handle = box(page, ".handle")
    page.get_by_role("slider").press("ArrowRight")
    assert box(page, ".handle")["x"] > handle["x"]


def test_from_right_to_left_the_mind_map_reads_as_before(open_page: OpenPage) -> None:
    page = open_page("/posts/u2net/")
    first = page.locator(".mindmap svg text").first
    place = """(text) => text.getBoundingClientRect().left
        - text.closest("svg").getBoundingClientRect().left"""
    before = first.evaluate(place)
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert first.evaluate(place) == pytest.approx(before, abs=1)
