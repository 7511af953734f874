"""Reviewing in full screen: the bar is there, and the way to the next photo does not leave it."""

from __future__ import annotations

import re

import pytest
from fixture_site import METHODS
from jekyll_site import OpenPage, Site
from playwright.sync_api import Page, expect
from reviewing import kept
from viewer import box, ready, view

pytestmark = pytest.mark.site

PHOTO = "/compare/sample/14-jpg/"
NEXT = "/compare/sample/dsc3403-jpg/"
IS_FULL = "document.fullscreenElement !== null"


def in_full_screen(page: Page) -> Page:
    ready(page).keyboard.press("f")
    page.wait_for_function(IS_FULL)
    return ready(page)


@pytest.mark.parametrize("window", [(1280, 720), (390, 844), (844, 390)])
def test_the_bar_is_there(open_page: OpenPage, window: tuple[int, int]) -> None:
    size = {"width": window[0], "height": window[1]}
    page = in_full_screen(open_page(PHOTO, viewport=size))
    page.keyboard.press("b")
    expect(page.locator(".bar .status-line")).to_contain_text("Saved: bad")
    bar = page.locator(".bar").bounding_box()
    assert bar
    ready(page)
    inner = page.evaluate("innerHeight")
    assert bar["y"] + bar["height"] <= inner + 1
    stage = box(page)
    assert stage["height"] >= 96
    assert stage["y"] + stage["height"] <= bar["y"] + 1
    assert page.locator(".bar").evaluate("(bar) => document.fullscreenElement.contains(bar)")


def test_next_stays_in_full_screen_and_everything_is_of_the_next_photo(
    page: Page, site: Site
) -> None:
    page.goto(site.url(f"{PHOTO}?sheet=sample/14-jpg,sample/dsc3403-jpg,others/cup-png"))
    in_full_screen(page)
    page.evaluate("() => { window.isSamePage = true; }")
    page.keyboard.press("o")
    page.keyboard.press("b")
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile(re.escape(NEXT) + r"\?sheet=.*#.*mode=onion"))
    expect(page).to_have_title(re.compile("^_DSC3403"))
    ready(page)
    assert page.evaluate(f"{IS_FULL} && isSamePage")
    assert view(page)["mode"] == "onion"
    expect(page.locator(".position")).to_have_text("2 of 3, 1 reviewed")
    expect(page.locator(".verdicts [aria-pressed=true]")).to_have_count(0)
    page.keyboard.press("g")
    photos = {one["photo"]: (one["verdict"], NEXT in one["link"]) for one in kept(page)}
    assert photos == {"sample/14.jpg": ("bad", False), "sample/_DSC3403.JPG": ("good", True)}
    page.keyboard.press("d")
    assert view(page)["mode"] == "difference"
    page.keyboard.press("n")
    expect(page.locator("h1")).to_have_text("cup")
    assert page.evaluate(IS_FULL)
    assert page.locator("photo-compare").count() == 1


def test_the_history_holds_every_photo(page: Page, site: Site) -> None:
    page.goto(site.url(PHOTO))
    in_full_screen(page).keyboard.press("n")
    expect(page).to_have_url(site.url(NEXT))
    ready(page).keyboard.press("t")
    page.go_back()
    expect(page).to_have_url(site.url(NEXT))
    page.go_back()
    expect(page).to_have_url(site.url(PHOTO))
    expect(page.locator("h1")).to_have_text("14")
    ready(page)
    assert view(page)["mode"] == "swipe"
    page.keyboard.press("b")
    assert [one["photo"] for one in kept(page)] == ["sample/14.jpg"]
    page.go_forward()
    expect(page.locator("h1")).to_have_text("_DSC3403")
    page.reload()
    expect(page.locator("h1")).to_have_text("_DSC3403")


def test_a_note_that_is_being_written_stays_with_its_photo(page: Page, site: Site) -> None:
    page.goto(site.url(PHOTO))
    in_full_screen(page).keyboard.press("b")
    page.keyboard.press("j")
    page.keyboard.type("of the first")
    page.locator(".bar .next").click()
    expect(page.locator("h1")).to_have_text("_DSC3403")
    assert page.evaluate(IS_FULL)
    ready(page).keyboard.press("b")
    expect(page.get_by_role("textbox", name="Note")).to_have_value("")
    assert sorted((one["photo"], one["note"]) for one in kept(page)) == [
        ("sample/14.jpg", "of the first"),
        ("sample/_DSC3403.JPG", ""),
    ]
    assert {one["method"] for one in kept(page)} == {METHODS[0].name}


def test_a_page_that_cannot_be_shown_in_this_one_is_opened(
    page: Page, site: Site, problems: list[str]
) -> None:
    page.route(
        f"**{NEXT}",
        lambda route: (
            route.abort() if route.request.resource_type == "fetch" else route.continue_()
        ),
    )
    page.goto(site.url(PHOTO))
    in_full_screen(page).keyboard.press("n")
    expect(page).to_have_url(site.url(NEXT))
    expect(page.locator("h1")).to_have_text("_DSC3403")
    page.wait_for_timeout(200)  # until the console has said it
    problems.clear()


def test_the_end_of_a_sheet_leaves_the_page(page: Page, site: Site) -> None:
    page.goto(site.url(f"{PHOTO}?sheet=sample/14-jpg"))
    in_full_screen(page).keyboard.press("n")
    expect(page).to_have_url(site.url("/review/?sheet=sample/14-jpg"))
