"""Verdicts in the grid: badges, counts, a filter, files in and out, and choosing for a sheet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fixture_site import MODELS
from jekyll_site import OpenPage, Site
from playwright.sync_api import Locator, Page, expect

from sod_gallery.site.reviews import read_export

pytestmark = pytest.mark.site

GALLERY = "/gallery/sample/"
BUILD = "0123456789ab"
OLD, NEW = "2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z"


def a_verdict(site: Site, name: str, verdict: str, **changes: object) -> dict[str, Any]:
    index = json.loads((site.folder / "review/photos.json").read_text("utf-8"))
    photos = {entry["photo"]: entry for entry in index["photos"].values()}
    return {
        "photo": f"sample/{name}",
        "photo_sha256": photos[f"sample/{name}"]["sha256"].ljust(64, "0"),
        "model": MODELS[0].name,
        "checkpoint": MODELS[0].checkpoint_sha256,
        "verdict": verdict,
        "reasons": [],
        "note": "",
        "link": site.url("/compare/sample/14-jpg/"),
        "when": OLD,
    } | changes


@pytest.fixture
def gallery(page: Page, site: Site) -> Page:
    """Return the gallery's page where 14.jpg is bad for one model and _DSC3403.JPG is good."""
    verdicts = [a_verdict(site, "14.jpg", "bad"), a_verdict(site, "_DSC3403.JPG", "good")]
    page.goto(site.url("/404.html"))
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [
        f"review:{BUILD}", json.dumps(verdicts),
    ])  # fmt: skip
    page.goto(site.url(GALLERY))
    page.locator(".review-tools summary").click()
    return page


def status_line(page: Page) -> Locator:
    return page.locator(".tools .status-line")


def badges(page: Page) -> list[str]:
    return [
        " ".join(item.locator(".badge").all_inner_texts())
        for item in page.locator(".grid li").all()
    ]


def give(page: Page, name: str, content: object) -> None:
    """Choose a file in the field to import from."""
    text = content if isinstance(content, str) else json.dumps(content)
    field = page.get_by_label("Import")
    field.set_input_files({"name": name, "mimeType": "application/json", "buffer": text.encode()})


def export_of(*verdicts: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "build": BUILD, "reviewer": "Bob", "verdicts": list(verdicts)}


def test_badges_and_counts(gallery: Page) -> None:
    assert badges(gallery) == ["Bad", "Good", "", "", ""]
    expect(gallery.locator(".counts")).to_have_text("1 good, 1 bad, 8 open of 10 results")
    expect(gallery.get_by_role("link", name="Bad 14")).to_be_visible()


def test_the_filter_by_verdict_goes_with_the_filter_by_name(gallery: Page) -> None:
    shown = gallery.locator(".grid li:visible .name")
    gallery.get_by_role("radio", name="Bad 1").check()
    expect(shown).to_have_text(["14"])
    expect(gallery.locator(".filter output")).to_have_text("1 of 5 photos")
    gallery.get_by_role("radio", name="Open 8").check()
    expect(shown).to_have_count(5)
    gallery.get_by_role("radio", name="Unsure 0").check()
    expect(shown).to_have_count(0)
    gallery.get_by_role("radio", name="Good 1").check()
    gallery.get_by_role("searchbox").fill("14")
    expect(shown).to_have_count(0)
    gallery.get_by_role("searchbox").fill("dsc")
    expect(shown).to_have_text(["_DSC3403"])


def test_an_export_asks_for_a_name_once_and_is_what_the_pipeline_reads(
    gallery: Page, tmp_path: Path
) -> None:
    gallery.get_by_role("button", name="Export").click()
    expect(status_line(gallery)).to_contain_text("enter your name")
    expect(gallery.get_by_label("Your name")).to_be_focused()
    gallery.keyboard.type("Zoë  Q.")
    with gallery.expect_download() as download:
        gallery.get_by_role("button", name="Export").click()
    assert download.value.suggested_filename == f"verdicts-{BUILD}-zoë-q-.json"
    download.value.save_as(tmp_path / "zoe.json")
    export = read_export(tmp_path / "zoe.json")
    assert (export.reviewer, export.build) == ("Zoë Q.", BUILD)
    assert [(one.photo, one.verdict) for one in export.verdicts] == [
        ("sample/14.jpg", "bad"),
        ("sample/_DSC3403.JPG", "good"),
    ]
    gallery.reload()
    expect(gallery.locator(".reviewer")).to_have_value("Zoë Q.")


def test_an_import_keeps_the_newer_verdict_on_each_result(gallery: Page, site: Site) -> None:
    older = a_verdict(site, "14.jpg", "good", when="2025-01-01T00:00:00Z")
    newer = a_verdict(site, "_DSC3403.JPG", "unsure", when=NEW)
    second = MODELS[1]
    added = a_verdict(
        site, "14.jpg", "good", model=second.name, checkpoint=second.checkpoint_sha256
    )
    give(gallery, "bob.json", export_of(older, newer, added))
    expect(status_line(gallery)).to_have_text("3 verdicts imported.")
    assert badges(gallery)[:2] == ["Bad Good", "Unsure"]


def test_an_import_leaves_out_what_this_build_does_not_have(gallery: Page, site: Site) -> None:
    gone = a_verdict(site, "14.jpg", "good") | {"photo": "sample/gone.jpg", "when": NEW}
    retrained = a_verdict(site, "14.jpg", "good", checkpoint="f" * 64, when=NEW)
    replaced = a_verdict(site, "14.jpg", "good", photo_sha256="f" * 64, when=NEW)
    give(gallery, "bob.json", export_of(gone, retrained, replaced))
    expect(status_line(gallery)).to_contain_text("0 verdicts imported. 3 verdicts left out")
    assert badges(gallery)[0] == "Bad"


def test_a_file_that_cannot_be_used_changes_nothing_and_says_why(gallery: Page, site: Site) -> None:
    before = gallery.evaluate("JSON.stringify(localStorage)")
    wrong = a_verdict(site, "14.jpg", "good", when=NEW)
    for content, reason in [
        ("{", "it is not JSON"),
        ([], "it holds no verdicts"),
        ({"version": 2, "verdicts": []}, "it holds no verdicts, or those of another version"),
        (export_of(wrong, wrong | {"verdict": "awful"}), "in verdict 2, “verdict”"),
        (export_of(wrong | {"link": "javascript:alert(1)"}), "in verdict 1, “link”"),
        (export_of(wrong | {"reasons": "halo"}), "in verdict 1, “reasons”"),
    ]:
        give(gallery, "odd.json", content)
        expect(status_line(gallery)).to_contain_text(f"odd.json could not be imported: {reason}")
    assert gallery.evaluate("JSON.stringify(localStorage)") == before


def test_clearing_asks_first_and_cancelling_keeps_everything(gallery: Page) -> None:
    clear = gallery.get_by_role("button", name="Clear…")
    clear.click()
    question = gallery.get_by_role("dialog", name="Clear your 2 verdicts")
    gallery.keyboard.press("Escape")
    expect(question).to_be_hidden()
    expect(clear).to_be_focused()
    assert badges(gallery)[0] == "Bad"
    clear.click()
    question.get_by_role("button", name="Keep them").click()
    assert badges(gallery)[0] == "Bad"
    clear.click()
    question.get_by_role("button", name="Clear verdicts").click()
    expect(gallery.locator(".counts")).to_have_text("10 open of 10 results")
    assert badges(gallery) == [""] * 5


def test_a_sheet_holds_the_chosen_photos_in_the_order_of_choosing(
    gallery: Page, site: Site
) -> None:
    gallery.context.grant_permissions(["clipboard-read", "clipboard-write"])
    toggle = gallery.get_by_role("button", name="Select photos")
    toggle.press("Enter")
    bar = gallery.get_by_role("group", name="Selection")
    expect(bar.get_by_role("button", name="Copy link")).to_be_hidden()
    for name in ("相片 一", "_DSC3403", "14"):
        gallery.get_by_role("checkbox", name=f"Select {name}").press("Space")
    expect(bar).to_contain_text("3 photos selected")
    gallery.get_by_role("checkbox", name="Select _DSC3403").press("Space")
    expect(gallery.locator(".pick span:not(:empty)")).to_have_text(["2", "1"])
    bar.get_by_role("button", name="Copy link").click()
    expect(bar).to_contain_text("Link copied.")
    link = gallery.evaluate("navigator.clipboard.readText()")
    assert link == site.url("/review/?sheet=sample/folder-jpeg,sample/14-jpg")
    bar.get_by_role("button", name="Done").click()
    expect(bar).to_be_hidden()
    expect(toggle).to_be_focused()
    expect(gallery.get_by_role("checkbox")).to_have_count(0)


def test_a_click_on_a_photo_chooses_it_while_choosing(gallery: Page, site: Site) -> None:
    gallery.get_by_role("button", name="Select photos").click()
    gallery.locator(".grid li").first.click()
    expect(gallery).to_have_url(site.url(GALLERY))
    expect(gallery.get_by_role("checkbox", name="Select 14")).to_be_checked()


def test_without_scripts_there_are_no_tools(open_page: OpenPage) -> None:
    page = open_page(GALLERY, java_script_enabled=False)
    expect(page.locator(".review-tools")).to_be_hidden()
    expect(page.locator(".selection")).to_be_hidden()
