"""Axe finds nothing where reviewing has changed a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from axe import violations
from jekyll_site import Site
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.site


def give_verdict(page: Page) -> None:
    page.keyboard.press("b")
    page.get_by_role("button", name="halo").click()


def choose_photos(page: Page) -> None:
    page.locator(".review-tools summary").click()
    page.get_by_role("button", name="Select photos").click()
    page.get_by_role("checkbox", name="Select 14").check()


def ask_to_clear(page: Page) -> None:
    page.get_by_role("button", name="Clear…").click()


STEPS: list[tuple[str, Callable[[Page], None] | None]] = [
    ("/compare/sample/14-jpg/?sheet=sample/14-jpg,others/cup-png", give_verdict),
    ("/gallery/sample/", choose_photos),
    ("/review/?sheet=sample/14-jpg,others/cup-png", None),
    ("/review/?sheet=sample/14-jpg,others/cup-png", ask_to_clear),
    ("/review/", None),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing(
    browser: Browser, site: Site, root: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = browser.new_page(
        bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    for path, prepare in STEPS:
        page.goto(site.url(path), wait_until="networkidle")
        if prepare:
            prepare(page)
        assert violations(page, root) == [], path
    page.close()
