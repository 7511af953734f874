"""On touch screens one can swipe, and the arrows stay."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from jekyll_site import OpenPage
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.site

Swipe = Callable[[Locator, int, int], None]
TOO_SLOW = 300  # milliseconds: the library takes it for a change of mind


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    """Return the page of a still slider on a phone."""
    return open_page(
        "/slider/animated/", has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844}
    )


@pytest.fixture
def swipe(phone: Page) -> Swipe:
    """Return a function that draws a finger across a picture: so many pixels, and then so long."""
    session = phone.context.new_cdp_session(phone)

    def swipe(picture: Locator, across: int, milliseconds: int) -> None:
        box = picture.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

        def touch(kind: str, share: float | None = None) -> None:
            at = [] if share is None else [{"x": x + across * share, "y": y}]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

        touch("touchStart", 0)
        for step in range(1, 5):
            touch("touchMove", step / 4)
        phone.wait_for_timeout(milliseconds)
        touch("touchEnd")

    return swipe


def counter(page: Page) -> Locator:
    return page.locator("#slow .slider-counter")


def shown(page: Page) -> Locator:
    return page.locator("#slow .iis-current-slide img")


def wait_until_it_stands_still(page: Page) -> None:
    expect(page.locator("#slow .iis-is-animating")).to_have_count(0)


def test_swiping_moves_on_and_back(phone: Page, swipe: Swipe) -> None:
    swipe(shown(phone), -250, 0)
    expect(counter(phone)).to_have_text("2 / 4")
    wait_until_it_stands_still(phone)
    swipe(shown(phone), 250, 0)
    expect(counter(phone)).to_have_text("1 / 4")


def test_arrows_stay_and_can_be_tapped_after_a_swipe(phone: Page, swipe: Swipe) -> None:
    swipe(shown(phone), -250, 0)
    expect(counter(phone)).to_have_text("2 / 4")
    phone.get_by_role("button", name="Next slide").tap()
    expect(counter(phone)).to_have_text("3 / 4")
    phone.get_by_role("button", name="Previous slide").tap()
    expect(counter(phone)).to_have_text("2 / 4")


def test_half_a_swipe_leaves_no_slide_beside_the_screen(phone: Page, swipe: Swipe) -> None:
    swipe(shown(phone), -80, TOO_SLOW)
    wait_until_it_stands_still(phone)
    expect(counter(phone)).to_have_text("1 / 4")
    phone.get_by_role("button", name="Next slide").tap()
    expect(counter(phone)).to_have_text("2 / 4")
    wait_until_it_stands_still(phone)
    box = shown(phone).bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= 30


def test_targets_are_large_enough_for_fingers(phone: Page) -> None:
    for button in phone.get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24


def test_nothing_is_wider_than_the_phone(phone: Page) -> None:
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
