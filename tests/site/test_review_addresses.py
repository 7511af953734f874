"""The bar and its sheet under all addresses that lead to a photo's page."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixture_site import drawn_sample, write_gallery
from jekyll_site import Site, build_site, copy_sources
from playwright.sync_api import Page, expect
from reviewing import kept

pytestmark = pytest.mark.site

SHEET = "sheet=sample/14-jpg,sample/dsc3403-jpg"


@pytest.mark.parametrize(
    "rest", [f"index.html?{SHEET}", f"?{SHEET}&utm_source=mail", f"?x=1&{SHEET}", f"?{SHEET}#top"]
)
def test_a_sheet_knows_its_photo(page: Page, site: Site, rest: str) -> None:
    page.goto(site.url(f"/compare/sample/14-jpg/{rest}"))
    expect(page.locator(".position")).to_have_text("1 of 2, 0 reviewed")
    page.keyboard.press("g")
    expect(page.locator(".position")).to_have_text("1 of 2, 1 reviewed")
    page.keyboard.press("n")
    expect(page.locator("h1")).to_have_text("_DSC3403")
    assert "index.html" not in kept(page)[0]["link"]
    assert "sheet=" not in kept(page)[0]["link"]


@pytest.mark.parametrize("baseurl", ["/my/compare", "/compare/of/all"])
def test_the_sites_own_path_may_hold_the_word_compare(
    page: Page,
    root: Path,
    tmp_path: Path,
    served: tuple[Path, str],
    baseurl: str,
) -> None:
    source = tmp_path / "source"
    copy_sources(root, source)
    box = (0.2, 0.2, 0.8, 0.8)
    write_gallery(
        source, {"pets": [drawn_sample(f"{name}.jpg", (90, 60), box, 0) for name in "ab"]}
    )
    folder, origin = served
    build_site(root, source, folder / baseurl.strip("/"), baseurl=baseurl)
    page.goto(f"{origin}{baseurl}/review/?sheet=pets/b-jpg,pets/a-jpg")
    page.get_by_role("link", name="Start").click()
    expect(page.locator(".position")).to_have_text("1 of 2, 0 reviewed")
    page.keyboard.press("b")
    page.keyboard.press("n")
    expect(page.locator(".position")).to_have_text("2 of 2, 1 reviewed")
    page.keyboard.press("n")
    expect(page.locator(".facts")).to_have_text("2 photos, 1 reviewed")
    assert len(kept(page, f"review:{baseurl}/:verdicts")) == 1
