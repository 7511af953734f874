"""A link shows exactly what the sender saw; the address follows the view without a flood."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from jekyll_site import OpenPage, Site
from playwright.sync_api import Page, expect
from viewer import CUP, box, opened, point, ready, seen, view

pytestmark = pytest.mark.site

WINDOW = {"width": 640, "height": 900}
BUILD = "build=0123456789ab"
ANEW = "the result was made anew since the link was sent"

VIEWS = [
    {"at": 23.4, "zoom": 3.7, "x": 0.31, "y": 0.62, "backdrop": "magenta"},
    {"mode": "side", "b": "heat.u2net", "zoom": 1.9, "x": 0.4, "y": 0.55},
    {"mode": "toggle", "shows": "b", "b": "reference", "backdrop": "#123456"},
    {"mode": "onion", "a": "truth", "opacity": 35, "zoom": 20, "x": 0.275, "y": 0.5},
    {"mode": "difference", "a": "mask.u2net", "b": "truth", "gain": 3},
    {"mode": "threshold", "level": 77, "zoom": 1.2},
]


@pytest.fixture
def cup(open_page: OpenPage) -> Page:
    return ready(open_page(CUP, viewport=WINDOW))


def link(page: Page) -> str:
    return str(page.evaluate("document.querySelector('photo-compare').link"))


def settled(page: Page) -> str:
    """Return the page's fragment after the pause that gathers movements."""
    page.wait_for_timeout(450)
    return urlsplit(page.url).fragment


@pytest.mark.parametrize("fields", VIEWS, ids=lambda fields: str(fields.get("mode", "swipe")))
def test_a_link_opens_the_very_same_view(
    cup: Page, open_page: OpenPage, fields: dict[str, object]
) -> None:
    sent = seen(opened(cup, **fields))
    other = open_page(viewport=WINDOW)
    other.goto(link(cup))
    received = seen(other)
    same = (np.abs(sent - received).max(axis=2) == 0).mean()
    assert same >= 0.999
    assert view(other) == view(cup)


def test_a_view_that_was_dragged_and_zoomed_by_hand_is_sent_as_it_is(
    cup: Page, open_page: OpenPage
) -> None:
    cup.mouse.move(*point(cup, 0.31, 0.43))
    cup.keyboard.press("+")
    cup.mouse.wheel(0, -77)
    cup.mouse.move(*point(cup, 0.8, 0.5))
    cup.mouse.down()
    cup.mouse.move(*point(cup, 0.64, 0.37), steps=7)
    cup.mouse.up()
    cup.mouse.move(0, 0)
    sent = seen(cup)
    other = open_page(viewport=WINDOW)
    other.goto(link(cup))
    assert (np.abs(sent - seen(other)).max(axis=2) == 0).mean() >= 0.999


def test_a_view_is_the_same_after_a_detour(cup: Page) -> None:
    before = seen(cup)
    cup.get_by_role("button", name="1:1").click()
    ready(cup)
    cup.get_by_role("button", name="Fit").click()
    assert (np.abs(before - seen(cup)).max(axis=2) == 0).mean() >= 0.999


def test_the_link_holds_all_that_was_changed_the_result_and_the_build(cup: Page) -> None:
    opened(cup, at=20, level=99, backdrop="white")
    held = parse_qs(urlsplit(link(cup)).fragment)
    assert held == {
        "a": ["photo"],
        "b": ["cutout.u2net"],
        "mode": ["swipe"],
        "cut": ["0.2"],
        "level": ["99"],
        "backdrop": ["white"],
        "result": ["10025a17f49c"],
        "build": ["0123456789ab"],
    }
    assert link(cup).startswith(cup.url.split("#")[0])


def test_the_address_is_left_alone_until_something_changes(cup: Page) -> None:
    assert settled(cup) == ""
    opened(cup, at=20)
    assert "cut=0.2" in settled(cup)


def test_movements_do_not_flood_the_history(cup: Page) -> None:
    changes = """() => {
        window.changes = [];
        for (const name of ["pushState", "replaceState"]) {
            const original = history[name].bind(history);
            history[name] = (...values) => { changes.push(name); original(...values); };
        }
    }"""
    cup.evaluate(changes)
    length = cup.evaluate("history.length")
    divider = cup.get_by_role("slider", name=re.compile("^Divider"))
    for _ in range(30):
        divider.press("ArrowLeft")
    fragment = settled(cup)
    assert "cut=0.2" in fragment
    assert cup.evaluate("history.length") == length
    assert len(cup.evaluate("changes")) <= 8


def test_back_and_forward_go_from_step_to_step(cup: Page) -> None:
    divider = cup.get_by_role("slider", name=re.compile("^Divider"))
    divider.press("PageDown")
    cup.keyboard.press("d")
    cup.keyboard.press("3")
    assert (view(cup)["mode"], view(cup)["b"]) == ("difference", "mask.u2net")
    cup.go_back()
    assert (view(cup)["mode"], view(cup)["b"]) == ("difference", "cutout.u2net")
    cup.go_back()
    assert (view(cup)["mode"], view(cup)["at"]) == ("swipe", 40)
    cup.go_forward()
    assert view(cup)["mode"] == "difference"
    expect(cup.get_by_role("radio", name="Difference")).to_be_checked()
    cup.reload()
    assert view(ready(cup))["mode"] == "difference"


def test_an_anchor_on_the_page_is_no_view(cup: Page) -> None:
    opened(cup, mode="onion")
    cup.evaluate("location.hash = '#content'")
    assert view(cup)["mode"] == "onion"


@pytest.mark.parametrize(
    ("fragment", "field", "value", "reason"),
    [
        ("b=nobody", "b", "cutout.u2net", "b cannot be “nobody”"),
        ("zoom=abc", "zoom", 1, "zoom cannot be “abc”"),
        ("at=-5", "at", 0, "at cannot be “-5”"),
        ("level=9999", "level", 255, "level cannot be “9999”"),
        ("mode=magic", "mode", "swipe", "mode cannot be “magic”"),
        ("backdrop=%3Cb%3E", "backdrop", "checker", "backdrop cannot be “<b>”"),
        ("at=20&build=fedcba987654", "at", 20, ""),
        ("rect=0,0,0,1", "zoom", 1, "rect cannot be “0,0,0,1”"),
        ("rect=a&cut=.2", "at", 20, "rect cannot be “a”"),
        ("cut=2", "at", 100, "cut cannot be “2”"),
        ("b=mask.gone", "b", "mask.u2net", "b cannot be “mask.gone”"),
        ("b=mask.gone&result=0123456789ab", "b", "mask.u2net", "b cannot be “mask.gone”"),
        (f"b=mask&{BUILD}", "b", "mask.u2net", ""),
        ("b=mask.u2netp&result=e7567cde013f&build=f", "b", "mask.u2netp", ""),
        ("b=mask&result=e7567cde013f", "b", "mask.u2net", ANEW),
        (f"mode=threshold&b=truth&result=e7567cde013f&{BUILD}", "b", "truth", ANEW),
    ],
)
def test_a_link_that_cannot_be_followed_shows_the_nearest_view(
    open_page: OpenPage, fragment: str, field: str, value: object, reason: str
) -> None:
    page = ready(open_page(f"{CUP}#{fragment}", viewport=WINDOW))
    assert view(page)[field] == value
    notice = page.locator("photo-compare").get_by_role("status")
    expect(notice).to_have_text(f"Nearest view: {reason}." if reason else "")


def test_the_link_is_copied(open_page: OpenPage, cup: Page) -> None:
    page = open_page(CUP, permissions=["clipboard-read", "clipboard-write"])
    opened(page, mode="onion")
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("photo-compare .notice")).to_have_text("Link copied.")
    assert page.evaluate("navigator.clipboard.readText()") == link(page)
    cup.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }")
    cup.keyboard.press("c")
    field = cup.get_by_label("Link to this view")
    expect(field).to_be_focused()
    expect(field).to_have_value(link(cup))
    assert cup.evaluate("getSelection().toString()") == link(cup)


def test_the_system_shares_where_it_can(open_page: OpenPage) -> None:
    page = open_page(viewport=WINDOW)
    page.add_init_script("navigator.share = async (what) => { window.shared = what; }")
    page.goto(open_page(CUP).url)
    ready(page).get_by_role("button", name="Share").click()
    assert page.evaluate("shared") == {"title": page.title(), "url": link(page)}


def test_in_a_post_the_link_leads_to_the_photo_and_the_address_stays(
    open_page: OpenPage, site: Site
) -> None:
    page = ready(open_page("/posts/compared/"))
    opened(page, mode="onion")
    assert link(page).startswith(site.url(CUP) + "#a=mask.u2net&b=heat.u2netp&mode=onion")
    assert settled(page) == ""
    page.locator("#above").click()
    page.keyboard.press("d")
    assert view(page)["mode"] == "onion"
    page.locator("photo-compare .stage").first.focus()
    page.keyboard.press("d")
    assert view(page)["mode"] == "difference"
    second = page.evaluate("document.querySelectorAll('photo-compare')[1].state.mode")
    assert second == "swipe"


def test_whoever_listens_hears_of_each_view(cup: Page) -> None:
    listen = "document.addEventListener('viewchange', ({ detail }) => { window.heard = detail; })"
    cup.evaluate(listen)
    opened(cup, zoom=4, x=0.5, y=0.5)
    assert cup.evaluate("heard.zoom") == 4
    parts = cup.evaluate(
        "(({ crop, method }) => [crop, method])(document.querySelector('photo-compare'))"
    )
    assert parts[1] == "u2net"
    assert parts[0] == pytest.approx({"x": 300, "y": 225, "width": 200, "height": 150}, abs=1)
    opened(cup, zoom=1, b="cutout.u2netp")
    assert cup.evaluate("document.querySelector('photo-compare').crop ?? null") is None
    assert cup.evaluate("document.querySelector('photo-compare').method") == "u2netp"
    assert box(cup)["width"] > 0
