"""A review sheet: one link to some photos in an order, and the way through them."""

from __future__ import annotations

import re

import pytest
from fixture_site import METHODS
from jekyll_site import OpenPage, Site
from playwright.sync_api import Page, expect
from reviewing import kept, read_download
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


def photo_of(page: Page, site: Site, query: str) -> None:
    """Open the first photo of a sheet by its page."""
    page.goto(site.url(f"/review/{query}"))
    page.locator(".grid a").first.click()
    ready(page)


def test_a_sheet_opens_its_photos_in_its_view(page: Page, site: Site) -> None:
    query = f"{LEFT}&view=a%3Dphoto%26mode%3Donion"
    photo_of(page, site, query)
    expect(page.locator("photo-compare")).to_have_attribute("data-mode", "onion")
    position = page.locator(".position")
    expect(position).to_have_text("1 of 3, 0 reviewed")
    page.locator(".bar .next").click()
    expect(page.locator("h1")).to_have_text("14")
    expect(page.locator("photo-compare")).to_have_attribute("data-mode", "onion")


def test_a_sheet_of_one_method_counts_its_results_alone(page: Page, site: Site) -> None:
    first, second = (method.name for method in METHODS[:2])
    page.goto(site.url(f"/compare/sample/14-jpg/{SHEET}&method={second}#b=cutout.{first}"))
    position = page.locator(".position")
    ready(page).keyboard.press("g")
    expect(page.locator(".bar .status-line")).to_contain_text("Saved")
    expect(position).to_have_text("2 of 3, 0 reviewed")
    page.goto(site.url(f"/compare/sample/14-jpg/{SHEET}&method={second}#b=cutout.{second}"))
    page.reload()
    ready(page).keyboard.press("g")
    expect(position).to_have_text("2 of 3, 1 reviewed")


def test_a_selection_makes_a_sheet_with_a_view_and_a_method(page: Page, site: Site) -> None:
    page.goto(site.url("/gallery/sample/"))
    page.locator(".review-tools summary").click()
    page.get_by_role("button", name="Select photos").click()
    page.locator(".grid li").first.get_by_role("checkbox").check()
    bar = page.get_by_role("group", name="Selection")
    bar.get_by_label("Method").select_option(METHODS[1].name)
    bar.get_by_label("View").fill(site.url("/compare/sample/14-jpg/#mode=toggle&shows=b"))
    sheet = bar.get_by_role("link", name="Open sheet")
    expect(sheet).to_have_attribute(
        "href", re.compile(rf"view=mode%3Dtoggle%26shows%3Db&method={METHODS[1].name}$")
    )


def test_the_way_of_looking_goes_along_to_the_next_photo(page: Page, site: Site) -> None:
    page.goto(site.url(f"/compare/sample/14-jpg/{SHEET}"))
    following = page.locator(".bar .next")
    expect(following).not_to_have_attribute("href", re.compile("#"))
    ready(page).keyboard.press("o")
    expect(following).to_have_attribute("href", re.compile("#.*mode=onion"))
    expect(following).not_to_have_attribute("href", re.compile("zoom|rect"))


def test_the_end_of_a_sheet_says_what_to_do_with_its_verdicts(page: Page, site: Site) -> None:
    page.goto(site.url("/compare/others/cup-png/"))
    ready(page).keyboard.press("g")
    page.goto(site.url("/compare/sample/14-jpg/?sheet=sample/14-jpg"))
    ready(page).keyboard.press("b")
    page.get_by_role("link", name="Finish").click()
    end = page.get_by_role("region", name="All photos are reviewed")
    end.get_by_role("button", name="Download the file").click()
    expect(end.get_by_role("status")).to_contain_text("Please enter your name first")
    end.get_by_label("Your name").fill("Ada")
    end.get_by_label("Your name").press("Tab")
    with page.expect_download() as caught:
        end.get_by_role("button", name="Download the file").click()
    content = read_download(caught.value.path())
    assert [(said["photo"], said["reviewer"]) for said in content["verdicts"]] == [
        ("sample/14.jpg", "Ada")
    ]
    message = end.get_by_role("link", name=re.compile("issue|e-mail"))
    message.evaluate("(link) => link.addEventListener('click', (event) => event.preventDefault())")
    message.click()
    expect(message).to_have_attribute("href", re.compile("(issues/new|mailto:).*Ada"))


def test_a_script_that_does_not_arrive_is_said(page: Page, site: Site, problems: list[str]) -> None:
    missing = "A part of this page could not be loaded. Please reload it."
    page.route(re.compile("sheet-bar|finish|select"), lambda route: route.abort())
    page.goto(site.url(f"/compare/sample/14-jpg/{SHEET}"))
    expect(page.locator(".bar .status-line")).to_have_text(missing)
    ready(page).keyboard.press("b")
    page.goto(site.url("/review/?sheet=sample/14-jpg"))
    expect(page.locator(".sheet > .status-line")).to_have_text(missing)
    page.goto(site.url("/gallery/sample/"))
    page.locator(".review-tools summary").click()
    page.get_by_role("button", name="Select photos").click()
    expect(page.locator(".review-tools .status-line")).to_have_text(missing)
    page.wait_for_timeout(200)  # until the console has said it
    problems.clear()
