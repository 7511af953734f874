"""Slides are real pictures: found, whole, named and safe, whatever they are called."""

from __future__ import annotations

import re

import pytest
from jekyll_site import OpenPage, Site
from playwright.sync_api import Locator, Page, expect
from slider_pages import AWKWARD, INJECTION

pytestmark = pytest.mark.site

LOADED = "image => image.complete && image.naturalWidth > 0"


def click_next(slider: Locator) -> None:
    slider.get_by_role("button", name="Next slide").click()


def current(slider: Locator) -> Locator:
    return slider.locator(".iis-current-slide")


@pytest.mark.parametrize("name", ["my-awkward-slider", "unencoded"])
@pytest.mark.parametrize("density", [1, 2])
def test_every_picture_loads_whatever_its_name(
    open_page: OpenPage, name: str, density: int
) -> None:
    slider = open_page("/slider/awkward/", device_scale_factor=density).locator(f"#{name}")
    count = slider.locator(".iis-slide").count()
    assert count == (len(AWKWARD) if name != "unencoded" else 3)
    for _ in range(count):
        picture = current(slider).locator("img")
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate(LOADED)
        click_next(slider)


def test_texts_of_pictures_never_run(open_page: OpenPage) -> None:
    page = open_page("/slider/awkward/")
    slider = page.locator("#my-awkward-slider")
    expect(slider.get_by_role("img", name=INJECTION)).to_have_count(1)
    expect(slider.locator(".iis-current-slide .iis-caption-title")).to_have_text(INJECTION)
    for _ in AWKWARD:
        click_next(slider)
    expect(page.locator("img[src='x']")).to_have_count(0)
    expect(page).not_to_have_title("run")


def test_only_the_current_picture_is_there_for_screen_readers(open_page: OpenPage) -> None:
    slider = open_page("/slider/still/").locator("#left")
    expect(slider.get_by_role("img")).to_have_count(1)
    expect(slider.get_by_role("img", name="Picture 1")).to_be_visible()
    click_next(slider)
    expect(slider.get_by_role("img")).to_have_count(1)
    expect(slider.get_by_role("img", name="Picture 2")).to_be_visible()


def test_the_carousel_says_what_it_is_and_where_one_is(open_page: OpenPage) -> None:
    page = open_page("/slider/still/")
    slider = page.get_by_role("group", name="right", exact=True)
    expect(slider).to_have_attribute("aria-roledescription", "carousel")
    for _ in range(2):
        click_next(slider)
    slide = slider.get_by_role("group", name="3 of 24")
    expect(slide).to_have_attribute("aria-roledescription", "slide")
    expect(slide.get_by_role("img", name="Picture 3")).to_be_visible()
    expect(slider.locator("[role=tab], [role=tablist], [role=tabpanel]")).to_have_count(0)


def test_a_picture_is_shown_whole(open_page: OpenPage) -> None:
    slider = open_page("/slider/settings/").locator("#ratio")
    for _ in range(4):
        assert current(slider).locator("img").evaluate(
            "image => getComputedStyle(image).objectFit"
        ) in ("contain",)
        click_next(slider)


def test_pictures_load_only_when_they_can_come_next(page: Page, site: Site) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(site.url("/slider/original/"))
    slider = page.locator("#original")
    expect(current(slider).locator("img")).to_have_js_property("complete", True)
    page.wait_for_load_state("networkidle")
    assert not [url for url in requested if url.endswith("/3.png")]
    click_next(slider)
    expect(slider.locator(".iis-next-slide img")).to_have_js_property("complete", True)
    assert [url for url in requested if url.endswith("/3.png")]


def test_the_pictures_beside_the_current_one_are_there_before_they_show(
    open_page: OpenPage,
) -> None:
    slider = open_page("/slider/still/").locator("#left")
    for place in ("previous", "next"):
        picture = slider.locator(f".iis-{place}-slide img")
        expect(picture).to_have_js_property("complete", True)


def test_dense_screens_get_the_2x_picture(open_page: OpenPage) -> None:
    slider = open_page("/slider/original/", device_scale_factor=2).locator("#original")
    assert str(
        slider.locator("img")
        .nth(2)
        .evaluate(
            "image => new Promise(done => {"
            " image.loading = 'eager'; image.onload = () => done(image.currentSrc); })"
        )
    ).endswith("/4.png")


def test_links_of_slides_work(open_page: OpenPage) -> None:
    page = open_page("/slider/still/")
    page.locator("#right").get_by_role("link", name="Picture 1").click()
    expect(page).to_have_url(re.compile("/U-2-Net/slider/single/$"))


def test_one_picture_stays_a_picture_and_the_next_slider_works(open_page: OpenPage) -> None:
    page = open_page("/slider/single/")
    alone = page.locator("#only-one")
    expect(alone.get_by_role("img", name="Picture 1")).to_be_visible()
    expect(alone.get_by_text("Picture 1")).to_be_visible()
    expect(alone.get_by_role("button")).to_have_count(0)
    assert alone.get_by_role("img").bounding_box()["height"] == 100  # type: ignore[index]
    click_next(page.locator("#after"))
    expect(current(page.locator("#after")).get_by_role("img")).to_have_accessible_name("Picture 2")


def test_a_broken_first_picture_holds_nothing_up(open_page: OpenPage, problems: list[str]) -> None:
    page = open_page("/slider/broken/")
    slider = page.locator("#broken")
    page.wait_for_function("calls.includes('onInit')")
    expect(slider).to_have_attribute("style", "")
    click_next(slider)
    expect(slider.get_by_role("img", name="Picture 1")).to_be_visible()
    assert any("missing.png" in problem for problem in problems)
    problems.clear()
