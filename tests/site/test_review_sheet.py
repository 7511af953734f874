"""A review sheet: one link to some photos in an order, and the way through them."""

from __future__ import annotations

import re

import pytest
from jekyll_site import OpenPage, Site
from playwright.sync_api import Page, expect
from reviewing import kept
from viewer import ready

pytestmark = pytest.mark.site

SHEET = "?sheet=others/cup-png,sample/gone,sample/14-jpg,sample/folder-jpeg"
LEFT = SHEET.replace("sample/gone,", "")


def start(page: Page) -> None:
    page.get_by_role("link", name="Start").press("Enter")
    expect(page.locator(".position")).to_have_text("1 of 3, 0 reviewed")


def test_a_sheet_leads_through_its_photos_in_order(page: Page, site: Site) -> None:
    page.goto(site.url(f"/review/{SHEET}"))
    expect(page.locator(".grid .name")).to_have_text(["cup", "14", "相片 一"])
    expect(page.locator(".facts")).to_have_text("3 photos, 0 reviewed")
    start(page)
    for number, title in enumerate(("cup", "14", "相片 一"), 1):
        expect(page.locator(".position")).to_have_text(f"{number} of 3, {number - 1} reviewed")
        expect(page.locator("h1")).to_have_text(title)
        page.keyboard.press("b")
        page.keyboard.press("n")
    expect(page).to_have_url(site.url(f"/review/{LEFT}"))
    expect(page.locator(".facts")).to_have_text("3 photos, 3 reviewed")
    expect(page.get_by_role("progressbar")).to_have_js_property("value", 3)
    expect(page.get_by_role("link", name="Look again")).to_be_visible()


def test_progress_counts_and_the_way_goes_both_ways(page: Page, site: Site) -> None:
    page.goto(site.url(f"/compare/sample/14-jpg/{SHEET}"))
    position = page.locator(".position")
    expect(position).to_have_text("2 of 3, 0 reviewed")
    page.keyboard.press("g")
    expect(position).to_have_text("2 of 3, 1 reviewed")
    expect(page.get_by_role("progressbar", name="Reviewed")).to_have_js_property("value", 1)
    page.get_by_role("link", name="Previous of the sheet").click()
    expect(page).to_have_url(site.url(f"/compare/others/cup-png/{LEFT}"))
    expect(position).to_have_text("1 of 3, 1 reviewed")
    expect(page.get_by_role("link", name="Previous of the sheet")).to_have_count(0)
    position.click()
    expect(page.get_by_role("link", name="Continue with cup")).to_be_visible()


def test_the_sheet_stays_in_the_address_beside_the_view_but_not_in_a_verdicts_link(
    page: Page, site: Site
) -> None:
    page.goto(site.url(f"/compare/sample/14-jpg/{SHEET}"))
    ready(page).keyboard.press("o")
    page.keyboard.press("b")
    expect(page).to_have_url(re.compile(re.escape(SHEET) + "#.*mode=onion"))
    [saved] = kept(page)
    assert "mode=onion" in saved["link"]
    assert "sheet=" not in saved["link"]


def test_photos_that_are_gone_are_left_out_in_one_sentence(page: Page, site: Site) -> None:
    page.goto(site.url(f"/review/{SHEET}"))
    gone = "One photo of this sheet is no longer in the gallery and was left out."
    status_line = page.locator(".sheet > .status-line")
    expect(status_line).to_have_text(gone)
    page.goto(site.url("/review/?sheet=sample/gone,%zz,sample/14-jpg,sample/14-jpg"))
    expect(status_line).to_contain_text("2 photos of this sheet are no longer")
    expect(page.locator(".grid .name")).to_have_text(["14"])
    page.goto(site.url("/review/?sheet=sample/gone"))
    expect(status_line).to_have_text("None of this sheet’s photos is in the gallery any more.")
    expect(page.get_by_role("link", name="Sample")).to_be_visible()
    page.goto(site.url(f"/compare/sample/14-jpg/{SHEET}"))
    expect(page.locator(".bar .status-line")).to_have_text(gone)


def test_without_a_sheet_or_scripts_the_page_says_how_to_make_one(
    page: Page, site: Site, open_page: OpenPage
) -> None:
    page.goto(site.url("/review/"))
    expect(page.locator(".how-to")).to_contain_text("To make one, open a gallery")
    expect(page.get_by_text("Sheets need JavaScript")).to_be_hidden()
    still = open_page(f"/review/{SHEET}", java_script_enabled=False)
    expect(still.get_by_text("Sheets need JavaScript")).to_be_visible()
    expect(still.get_by_role("link", name="Sample")).to_be_visible()


def test_a_list_that_does_not_load_is_said(page: Page, site: Site, problems: list[str]) -> None:
    page.route("**/photos.json", lambda route: route.abort())
    page.goto(site.url(f"/review/{SHEET}"))
    expect(page.locator(".sheet > .status-line")).to_contain_text("could not be loaded")
    with page.expect_event("requestfailed"):
        page.goto(site.url(f"/compare/sample/14-jpg/{SHEET}"))
    expect(page.locator(".position")).to_have_text("3 of 4, 0 reviewed")
    page.wait_for_timeout(200)  # until the console has said it
    problems.clear()
