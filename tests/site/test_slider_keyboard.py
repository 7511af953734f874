"""Everything by keyboard, and nothing that the keyboard did not mean."""

from __future__ import annotations

import pytest
from jekyll_site import OpenPage
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.site


@pytest.fixture
def still(open_page: OpenPage) -> Page:
    """Return the page of two sliders, #left and #right, that do not move by themselves."""
    return open_page("/slider/still/")


def counter(page: Page, name: str) -> Locator:
    return page.locator(f"#{name} .slider-counter")


def tab_stops(page: Page, start: Locator, count: int) -> list[str]:
    """Return what Tab reaches after ``start``."""
    start.focus()
    names = []
    for _ in range(count):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate(
                "(document.activeElement.ariaLabel ?? document.activeElement.textContent).trim()"
            )
        )
    return names


def test_tab_reaches_arrows_and_the_current_bullet(still: Page) -> None:
    stops = tab_stops(still, still.locator("#field"), 3)
    assert stops == ["Previous slide", "Next slide", "Slide 1"]


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_arrows_are_buttons(still: Page, key: str) -> None:
    still.locator("#left").get_by_role("button", name="Next slide").press(key)
    expect(counter(still, "left")).to_have_text("2 / 4")
    still.locator("#left").get_by_role("button", name="Previous slide").press(key)
    expect(counter(still, "left")).to_have_text("1 / 4")


def test_bullets_are_buttons_and_say_which_is_current(still: Page) -> None:
    left = still.locator("#left")
    left.get_by_role("button", name="Slide 3").press("Enter")
    expect(counter(still, "left")).to_have_text("3 / 4")
    expect(left.locator("[aria-current=true]")).to_have_accessible_name("Slide 3")


def test_arrow_keys_move_the_slider_that_has_the_focus(still: Page) -> None:
    still.locator("#right").get_by_role("button", name="Next slide").focus()
    still.keyboard.press("ArrowRight")
    still.keyboard.press("ArrowRight")
    still.keyboard.press("ArrowLeft")
    expect(counter(still, "right")).to_have_text("2 / 24")
    expect(counter(still, "left")).to_have_text("1 / 4")


def test_arrow_keys_in_a_field_or_nowhere_move_no_slider(still: Page) -> None:
    still.keyboard.press("ArrowRight")
    still.locator("#field").focus()
    still.keyboard.press("ArrowRight")
    still.wait_for_timeout(100)
    expect(counter(still, "left")).to_have_text("1 / 4")
    expect(counter(still, "right")).to_have_text("1 / 24")


def test_keys_with_modifiers_stay_the_browsers(still: Page) -> None:
    still.locator("#left").get_by_role("button", name="Next slide").focus()
    still.keyboard.press("Shift+ArrowRight")
    still.keyboard.press("Control+ArrowRight")
    expect(counter(still, "left")).to_have_text("1 / 4")


def test_arrow_keys_take_the_focus_from_bullet_to_bullet(still: Page) -> None:
    still.locator("#left").get_by_role("button", name="Slide 1").focus()
    still.keyboard.press("ArrowRight")
    expect(still.get_by_role("button", name="Slide 2").first).to_be_focused()


def test_the_focus_goes_with_the_slide_when_it_was_on_a_link(still: Page) -> None:
    link = still.locator("#right .iis-current-slide a")
    link.focus()
    still.keyboard.press("ArrowRight")
    expect(still.get_by_role("link", name="Picture 2")).to_be_focused()
    still.keyboard.press("ArrowRight")
    expect(counter(still, "right")).to_have_text("3 / 24")


def test_tab_never_enters_a_slide_that_is_not_shown(still: Page) -> None:
    stops = tab_stops(still, still.locator("#left .slider-bullet[tabindex='0']"), 2)
    assert stops == ["", "Previous slide"]
    expect(still.locator("#right a:focus-visible, #right button:focus-visible")).to_have_count(1)


def test_keys_can_be_switched_off(open_page: OpenPage) -> None:
    page = open_page("/slider/settings/")
    slider = page.locator("#no-keys")
    slider.get_by_role("button", name="Next slide").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(100)
    expect(counter(page, "no-keys")).to_have_text("1 / 4")
    for bullet in slider.locator(".slider-bullet").all():
        expect(bullet).to_have_attribute("tabindex", "0")


def test_quick_clicks_count_while_the_slides_still_move(open_page: OpenPage) -> None:
    page = open_page("/slider/animated/")
    button = page.locator("#slow").get_by_role("button", name="Next slide")
    for _ in range(3):
        button.dispatch_event("click")
    expect(counter(page, "slow")).to_have_text("4 / 4")
