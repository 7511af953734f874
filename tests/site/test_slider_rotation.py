"""Sliders that move by themselves can be stopped, and never move when they must not."""

from __future__ import annotations

from typing import Any

import pytest
from jekyll_site import OpenPage, Site
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.site

INTERVAL = 200


def open_paused(open_page: OpenPage, site: Site, **options: Any) -> Page:
    """Return the page of two sliders, #first and #second, whose time passes only in ``moves``."""
    page = open_page(**options)
    page.clock.install(time=0)
    page.goto(site.url("/slider/moving/"))
    page.clock.pause_at(3600)
    return page


@pytest.fixture
def moving(open_page: OpenPage, site: Site) -> Page:
    return open_paused(open_page, site)


def moves(page: Page, name: str = "first") -> int:
    """Return by how many slides, of four, the slider moves on in the time of three."""
    counter = page.locator(f"#{name} .slider-counter")
    before = int(counter.inner_text().split()[0])
    page.clock.run_for(3 * INTERVAL)
    return (int(counter.inner_text().split()[0]) - before) % 4


def toggle(page: Page, name: str = "first") -> Locator:
    return page.locator(f"#{name} .slider-toggle")


def test_the_pause_button_stops_and_starts(moving: Page) -> None:
    assert moves(moving) == 3
    expect(toggle(moving)).to_have_accessible_name("Pause")
    toggle(moving).click()
    expect(toggle(moving)).to_have_accessible_name("Play")
    assert moves(moving) == 0
    assert moves(moving, "second") == 3
    toggle(moving).press("Enter")
    assert moves(moving) == 3


@pytest.mark.parametrize("button", ["Next slide", "Slide 2"])
def test_choosing_a_slide_stops_it(moving: Page, button: str) -> None:
    moving.locator("#first").get_by_role("button", name=button).click()
    moving.mouse.move(0, 0)
    expect(toggle(moving)).to_have_accessible_name("Play")


def test_changes_are_announced_only_while_it_stands_still(moving: Page) -> None:
    stage = moving.locator("#first .slider-slides")
    expect(stage).to_have_attribute("aria-live", "off")
    toggle(moving).click()
    expect(stage).to_have_attribute("aria-live", "polite")


def test_reduced_motion_starts_nothing_but_play_does(open_page: OpenPage, site: Site) -> None:
    page = open_paused(open_page, site, reduced_motion="reduce")
    assert moves(page) == 0
    page.evaluate("document.getElementById('first').slider.start()")
    expect(toggle(page)).to_have_accessible_name("Play")
    toggle(page).click()
    page.mouse.move(0, 0)  # the button may move away and leave the pointer on a picture
    assert moves(page) == 3


def test_reduced_motion_switched_on_later_stops_it(moving: Page) -> None:
    moving.emulate_media(reduced_motion="reduce")
    expect(toggle(moving)).to_have_accessible_name("Play")


def test_reduced_motion_moves_no_slide_across(open_page: OpenPage) -> None:
    slide = open_page("/slider/animated/", reduced_motion="reduce").locator(".iis-current-slide")
    assert slide.evaluate("slide => getComputedStyle(slide).transitionProperty") == "none"


def test_it_waits_for_who_points_at_a_picture(moving: Page) -> None:
    moving.locator("#first .slider-slides").hover()
    assert moves(moving) == 0
    moving.mouse.move(0, 0)
    assert moves(moving) == 3


def test_it_waits_for_the_keyboards_focus_elsewhere_it_goes_on(moving: Page) -> None:
    moving.locator("#elsewhere").focus()
    moving.keyboard.press("Tab")
    expect(moving.locator("#first :focus-visible")).to_have_count(1)
    assert moves(moving) == 0
    moving.locator("#elsewhere").focus()
    assert moves(moving) == 3


def test_sliders_leave_the_windows_own_handler_alone(moving: Page) -> None:
    assert moving.evaluate("window.onblur === null")


def test_no_slider_moves_in_a_hidden_tab_and_each_goes_on_after(moving: Page) -> None:
    moving.evaluate("Object.defineProperty(document, 'hidden', { value: true, writable: true })")
    assert moves(moving) == 0
    assert moves(moving, "second") == 0
    moving.evaluate("document.hidden = false")
    assert moves(moving) == 3
    assert moves(moving, "second") == 3


def test_starting_twice_leaks_no_timer(moving: Page) -> None:
    moving.evaluate(
        "for (let i = 0; i < 3; i += 1) document.getElementById('first').slider.start()"
    )
    assert moves(moving) == 3
    moving.evaluate("document.getElementById('first').slider.stop()")
    assert moves(moving) == 0


def test_a_slider_without_interval_has_no_pause_button(open_page: OpenPage) -> None:
    expect(open_page("/slider/still/").locator(".slider-toggle")).to_have_count(0)
