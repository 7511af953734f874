"""Verdicts in the grid: badges, counts, a filter, clearing, and choosing for a sheet."""

from __future__ import annotations

import pytest
from jekyll_site import OpenPage, Site
from playwright.sync_api import Page, expect
from reviewing import KEY, a_verdict, store

pytestmark = pytest.mark.site

GALLERY = "/gallery/sample/"


@pytest.fixture
def gallery(page: Page, site: Site) -> Page:
    """Return the gallery's page where 14.jpg is bad for one model and _DSC3403.JPG is good."""
    verdicts = [a_verdict(site, "14.jpg", "bad"), a_verdict(site, "_DSC3403.JPG", "good")]
    store(page, site, {KEY: verdicts})
    page.goto(site.url(GALLERY))
    page.locator(".review-tools summary").click()
    return page


def badges(page: Page) -> list[str]:
    return [
        " ".join(item.locator(".badge").all_inner_texts())
        for item in page.locator(".grid li").all()
    ]


def test_badges_and_counts(gallery: Page) -> None:
    assert badges(gallery) == ["Bad · u2net", "Good · u2net", "", "", ""]
    expect(gallery.locator(".counts")).to_have_text("1 good, 1 bad, 8 open of 10 results")
    expect(gallery.get_by_role("link", name="Bad · u2net 14")).to_be_visible()


def test_the_filter_by_verdict_goes_with_the_filter_by_name(gallery: Page) -> None:
    shown = gallery.locator(".grid li:visible .name")
    gallery.get_by_role("radio", name="Bad 1").check()
    expect(shown).to_have_text(["14"])
    expect(gallery.locator(".filter output")).to_have_text("1 of 5 photos")
    gallery.get_by_role("radio", name="Open 8").check()
    expect(shown).to_have_count(5)
    gallery.get_by_role("radio", name="Unsure 0").check()
    expect(shown).to_have_count(0)
    gallery.get_by_role("radio", name="Good 1").check()
    gallery.get_by_role("searchbox").fill("14")
    expect(shown).to_have_count(0)
    gallery.get_by_role("searchbox").fill("dsc")
    expect(shown).to_have_text(["_DSC3403"])


def test_clearing_asks_first_and_cancelling_keeps_everything(gallery: Page) -> None:
    clear = gallery.get_by_role("button", name="Clear…")
    clear.click()
    question = gallery.get_by_role("dialog", name="Clear all 2 verdicts")
    gallery.keyboard.press("Escape")
    expect(question).to_be_hidden()
    expect(clear).to_be_focused()
    assert badges(gallery)[0] == "Bad · u2net"
    clear.click()
    question.get_by_role("button", name="Keep them").click()
    assert badges(gallery)[0] == "Bad · u2net"
    clear.click()
    question.get_by_role("button", name="Clear verdicts").click()
    expect(gallery.locator(".counts")).to_have_text("10 open of 10 results")
    assert badges(gallery) == [""] * 5


def test_a_sheet_holds_the_chosen_photos_in_the_order_of_choosing(
    gallery: Page, site: Site
) -> None:
    gallery.context.grant_permissions(["clipboard-read", "clipboard-write"])
    toggle = gallery.get_by_role("button", name="Select photos")
    toggle.press("Enter")
    bar = gallery.get_by_role("group", name="Selection")
    expect(bar.get_by_role("button", name="Copy link")).to_be_hidden()
    for name in ("相片 一", "_DSC3403", "14"):
        gallery.get_by_role("checkbox", name=f"Select {name}").press("Space")
    expect(bar).to_contain_text("3 photos selected")
    gallery.get_by_role("checkbox", name="Select _DSC3403").press("Space")
    expect(gallery.locator(".pick span:not(:empty)")).to_have_text(["2", "1"])
    bar.get_by_role("button", name="Copy link").click()
    expect(bar).to_contain_text("Link copied.")
    link = gallery.evaluate("navigator.clipboard.readText()")
    assert link == site.url("/review/?sheet=sample/folder-jpeg,sample/14-jpg")
    bar.get_by_role("button", name="Done").click()
    expect(bar).to_be_hidden()
    expect(toggle).to_be_focused()
    expect(gallery.get_by_role("checkbox")).to_have_count(0)


def test_a_click_on_a_photo_chooses_it_while_choosing(gallery: Page, site: Site) -> None:
    gallery.get_by_role("button", name="Select photos").click()
    gallery.locator(".grid li").first.click()
    expect(gallery).to_have_url(site.url(GALLERY))
    expect(gallery.get_by_role("checkbox", name="Select 14")).to_be_checked()


def test_without_scripts_there_are_no_tools(open_page: OpenPage) -> None:
    page = open_page(GALLERY, java_script_enabled=False)
    expect(page.locator(".review-tools")).to_be_hidden()
    expect(page.locator(".selection")).to_be_hidden()


def test_the_filter_by_verdict_survives_back_and_reload(gallery: Page, site: Site) -> None:
    shown = gallery.locator(".grid li:visible .name")
    gallery.get_by_role("radio", name="Bad 1").check()
    expect(gallery).to_have_url(site.url(f"{GALLERY}?show=bad"))
    for go_back in (False, True):
        if go_back:
            gallery.go_back()
        else:
            gallery.reload()
        expect(gallery.get_by_role("radio", name="Bad 1")).to_be_checked()
        expect(shown).to_have_text(["14"])
        gallery.goto(site.url("/compare/sample/14-jpg/"))
    gallery.go_back()
    gallery.get_by_role("radio", name="All").check()
    expect(gallery).to_have_url(site.url(GALLERY))
    expect(shown).to_have_count(5)
    gallery.goto(site.url(f"{GALLERY}?show=nonsense"))
    expect(shown).to_have_count(5)
