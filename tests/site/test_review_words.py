"""Words that the pipeline adds to its vocabulary appear wherever verdicts are given and shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fixture_site import drawn_sample, write_gallery
from jekyll_site import build_site, copy_sources
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.site


@pytest.fixture(scope="module")
def address(root: Path, tmp_path_factory: pytest.TempPathFactory, served: tuple[Path, str]) -> str:
    """Build a site with one more verdict and one more reason; return its address."""
    source = tmp_path_factory.mktemp("words") / "source"
    copy_sources(root, source)
    write_gallery(source, {"pets": [drawn_sample("a.jpg", (90, 60), (0.2, 0.2, 0.8, 0.8), 0)]})
    path = source / "_data/gallery.json"
    gallery = json.loads(path.read_text("utf-8"))
    gallery["vocabulary"]["verdicts"].append({"name": "maybe", "label": "Maybe </b>", "key": "M"})
    gallery["vocabulary"]["reasons"].append("too <b>soft")
    path.write_text(json.dumps(gallery), encoding="utf-8")
    rules = source / "docs/verdicts.schema.json"
    schema = json.loads(rules.read_text("utf-8"))
    properties = schema["$defs"]["Verdict"]["properties"]
    properties["verdict"]["enum"].append("maybe")
    properties["reasons"]["items"]["enum"].append("too <b>soft")
    rules.write_text(json.dumps(schema), encoding="utf-8")
    folder, origin = served
    build_site(root, source, folder / "words", baseurl="/words")
    return f"{origin}/words"


def test_a_new_verdict_and_a_new_reason_work_everywhere(browser: Browser, address: str) -> None:
    page = browser.new_page(bypass_csp=True, base_url=f"{address}/")
    page.goto("compare/pets/a-jpg/")
    page.keyboard.press("m")
    button = page.get_by_role("group", name="Verdict").get_by_role("button", name="Maybe </b>")
    expect(button).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="too <b>soft").click()
    expect(page.locator(".bar .status-line")).to_have_text("Saved: maybe, too <b>soft · U²-Net")
    expect(page.locator(".shortcuts tbody")).to_contain_text("maybe; again: take it back")
    page.goto("gallery/pets/")
    expect(page.locator(".badge")).to_have_text("Maybe </b> · u2net")
    expect(page.locator(".counts")).to_have_text("1 maybe, 1 open of 2 results")
    page.locator(".review-tools summary").click()
    page.get_by_role("radio", name="Maybe </b> 1").check()
    expect(page.locator(".grid li:visible")).to_have_count(1)
    page.get_by_label("Your name").fill("Ann")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    page.get_by_label("Import").set_input_files(download.value.path())
    expect(page.locator(".tools .status-line")).to_have_text("1 verdict imported.")
    page.close()
