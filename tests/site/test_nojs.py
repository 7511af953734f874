"""Without JavaScript everything is there, as plain figures with captions."""

from __future__ import annotations

import pytest
from jekyll_site import OpenPage
from playwright.sync_api import expect

pytestmark = pytest.mark.site


def test_photo_page_shows_plain_figures_with_captions(open_page: OpenPage) -> None:
    page = open_page("/compare/sample/14-jpg/", java_script_enabled=False)
    captions = page.locator("figure:visible figcaption").all_inner_texts()
    kinds = {caption.partition(" (")[0] for caption in captions}
    assert {"Photo", "Cut-out", "Mask"} <= kinds
    for figure in page.locator("figure:visible").all():
        expect(figure.locator("img")).to_be_visible()
    expect(page.locator(".downloads:visible")).to_have_count(2)
    expect(page.get_by_role("slider")).to_have_count(0)


def test_the_filter_is_not_offered(open_page: OpenPage) -> None:
    page = open_page("/gallery/sample/", java_script_enabled=False)
    expect(page.get_by_role("searchbox")).to_have_count(0)
    expect(page.locator(".grid img:visible")).to_have_count(5)
