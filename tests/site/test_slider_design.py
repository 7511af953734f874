"""The slider in light and dark, for assistive technology and on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from jekyll_site import OpenPage, Site
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.site


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["original", "still"])
def test_axe_finds_nothing(
    open_page: OpenPage, root: Path, name: str, scheme: Literal["light", "dark"]
) -> None:
    page = open_page(f"/slider/{name}/", color_scheme=scheme)
    page.evaluate("Promise.all(document.getAnimations().map(({finished}) => finished))")
    page.add_script_tag(path=root / "node_modules/axe-core/axe.min.js")
    violations = page.evaluate("axe.run('.slider').then((result) => result.violations)")
    assert violations == []


def test_paper_shows_all_pictures_and_no_buttons(page: Page, site: Site) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(site.url("/slider/still/"))
    assert site.url("/slider-pictures/3.png") not in requested
    page.pdf()
    assert site.url("/slider-pictures/3.png") in requested
    page.emulate_media(media="print")
    for slide in page.locator("#left .slider-slide").all():
        expect(slide).to_have_css("display", "block")
        expect(slide).to_have_css("opacity", "1")
        expect(slide).to_have_css("position", "static")
    expect(page.get_by_role("button", name="Next slide")).to_have_count(0)
