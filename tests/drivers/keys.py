"""The keys that have no character, by Playwright's names, as WebDriver knows them."""

from __future__ import annotations

from selenium.webdriver.common.keys import Keys

NAMED = {
    "ArrowLeft": Keys.ARROW_LEFT,
    "ArrowRight": Keys.ARROW_RIGHT,
    "End": Keys.END,
    "Enter": Keys.ENTER,
    "Escape": Keys.ESCAPE,
    "Home": Keys.HOME,
    "Tab": Keys.TAB,
}


def webdriver_key(key: str) -> str:
    """Return WebDriver's character for a key."""
    return NAMED.get(key, key)
