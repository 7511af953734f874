"""Every setting of the include does what it says, as a value or as text of a script."""

from __future__ import annotations

import math

import pytest
from jekyll_site import OpenPage, Site
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.site


@pytest.fixture
def settings(open_page: OpenPage) -> Page:
    """Return the page of sliders that are named after their settings."""
    return open_page("/slider/settings/")


def picture_size(page: Page, name: str) -> tuple[float, float]:
    box = page.locator(f"#{name} .iis-current-slide img").bounding_box()
    assert box is not None
    return box["width"], box["height"]


def test_a_height_in_pixels_holds_for_every_slide(settings: Page) -> None:
    for _ in range(4):
        assert picture_size(settings, "fixed")[1] == 150
        settings.locator("#fixed").get_by_role("button", name="Next slide").click()


def test_a_height_can_be_a_ratio(settings: Page) -> None:
    width, height = picture_size(settings, "ratio")
    assert height == pytest.approx(width * 9 / 16, abs=1)


def test_a_height_can_have_a_limit(settings: Page) -> None:
    assert picture_size(settings, "limited")[1] == 120


def test_the_height_is_the_pictures_own_where_auto(settings: Page) -> None:
    width, height = picture_size(settings, "plain")
    assert height == pytest.approx(width / 2, abs=1)


def test_effect_fade_is_read_from_its_quotes(open_page: OpenPage) -> None:
    stage = open_page("/slider/original/").locator("#original .slider-slides")
    expect(stage).to_contain_class("iis-effect-fade")


def test_a_disabled_navigation_leaves_bullets(settings: Page) -> None:
    slider = settings.locator("#no-nav")
    expect(slider.get_by_role("button", name="Next slide")).to_have_count(0)
    slider.get_by_role("button", name="Slide 2").press("ArrowRight")
    expect(slider.locator(".slider-counter")).to_have_text("1 / 4")
    slider.get_by_role("button", name="Slide 4").click()
    expect(slider.locator(".slider-counter")).to_have_text("4 / 4")


def test_bullets_and_captions_only_where_asked_for(settings: Page) -> None:
    expect(settings.locator("#plain .slider-bullet, #plain figcaption")).to_have_count(0)
    expect(settings.locator("#fixed .slider-bullet")).to_have_count(4)
    expect(settings.locator("#fixed .iis-current-slide figcaption")).to_have_text("Picture 1")


def test_the_interval_is_four_seconds_by_default(settings: Page) -> None:
    expect(settings.locator("#plain .slider-toggle")).to_have_text("Pause")


def test_settings_that_cannot_be_used_are_ignored_and_named(page: Page, site: Site) -> None:
    warnings: list[str] = []
    page.on("console", lambda message: warnings.append(message.text))
    page.goto(site.url("/slider/settings/"))
    page.locator("#wrong").get_by_role("button", name="Next slide").click()
    expect(page.locator("#wrong .slider-counter")).to_have_text("2 / 4")
    assert warnings == [
        "A slider's setting is ignored: effect: a b",
        "A slider's setting is ignored: hieght: 3",
        "A slider's callback is ignored, as sliderCallbacks has none: alert",
    ]


def test_a_page_can_bring_its_own_arrow(open_page: OpenPage) -> None:
    page = open_page("/slider/own-nav/")
    slider = page.locator("#own")
    expect(slider.get_by_role("button", name="Previous slide")).to_have_count(0)
    page.get_by_role("button", name="Back").click()
    expect(slider.locator(".slider-counter")).to_have_text("4 / 4")
    slider.get_by_role("button", name="Next slide").click()
    expect(slider.locator(".slider-counter")).to_have_text("1 / 4")


def test_functions_are_called_by_their_names(open_page: OpenPage) -> None:
    page = open_page("/slider/own-nav/")
    page.get_by_role("button", name="Back").click()
    assert page.evaluate("calls") == ["beforeChange", "afterChange"]


def test_a_function_that_fails_takes_no_other_slider_down(
    open_page: OpenPage, problems: list[str]
) -> None:
    slider = open_page("/slider/throwing/").locator("#bystander")
    slider.get_by_role("button", name="Next slide").click()
    expect(slider.locator(".slider-counter")).to_have_text("2 / 4")
    assert len(problems) == 1
    assert "The slider thrower failed" in problems.pop()


def test_a_slide_that_is_not_there_changes_nothing(open_page: OpenPage) -> None:
    page = open_page("/slider/still/")
    goto = "number => document.getElementById('left').slider.gotoSlide(number)"
    page.evaluate(goto, 3)
    for number in (0, 5, -1, 1.5, math.nan, "x", None):
        page.evaluate(goto, number)
        expect(page.locator("#left .slider-counter")).to_have_text("3 / 4")


def test_without_the_library_the_pictures_stay_in_a_row(
    page: Page, site: Site, problems: list[str]
) -> None:
    page.route("**/ideal-image-slider.js", lambda route: route.abort())
    page.goto(site.url("/slider/still/"))
    expect(page.locator("#left .slider-slide")).to_have_count(4)
    expect(page.locator(".slider-ready")).to_have_count(0)
    last = page.locator("#left").get_by_role("img", name="Picture 4")
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    assert all("ideal-image-slider.js" in line or "ERR_FAILED" in line for line in problems)
    problems.clear()
