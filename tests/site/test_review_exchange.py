"""Verdicts of several reviewers in one browser: in from files, under their names, and out again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fixture_site import CHECKPOINTS, METHODS
from jekyll_site import Site
from playwright.sync_api import Locator, Page, expect
from reviewing import BUILD, KEY, NEW, OLD, a_verdict, export_of, give, kept, read_download, store

from sod_gallery.site.reviews import merge, read_gallery
from sod_gallery.site.verdicts import Reading, newest_of, read_export

pytestmark = pytest.mark.site

GALLERY = "/gallery/sample/"


@pytest.fixture
def gallery(page: Page, site: Site) -> Page:
    """Return the gallery's page where its reviewer, without a name yet, called 14.jpg bad."""
    store(page, site, {KEY: [a_verdict(site, "14.jpg", "bad")]})
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


def exported(page: Page, button: str, path: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    download.value.save_as(path)
    return path


def test_an_export_asks_for_a_name_once_and_is_what_the_pipeline_reads(
    gallery: Page, tmp_path: Path
) -> None:
    gallery.get_by_role("button", name="Export verdicts").click()
    expect(status_line(gallery)).to_contain_text("enter your name")
    expect(gallery.get_by_label("Your name")).to_be_focused()
    gallery.keyboard.type("Zoë  Q.")
    with gallery.expect_download() as download:
        gallery.get_by_role("button", name="Export verdicts").click()
    assert download.value.suggested_filename == f"verdicts-{BUILD}-zoë-q-.json"
    download.value.save_as(tmp_path / "zoe.json")
    reading = Reading()
    read_export(tmp_path / "zoe.json", reading)
    assert not reading.left_out
    [verdict] = reading.verdicts
    assert (verdict.reviewer, verdict.photo, verdict.verdict) == ("Zoë Q.", "sample/14.jpg", "bad")
    assert kept(gallery)[0]["reviewer"] == "Zoë Q."
    gallery.reload()
    expect(gallery.locator(".reviewer")).to_have_value("Zoë Q.")


def test_an_imported_verdict_keeps_its_reviewer_and_counts_once_in_a_merge(
    gallery: Page, site: Site, site_source: Path, tmp_path: Path
) -> None:
    gallery.get_by_label("Your name").fill("Ann")
    gallery.keyboard.press("Tab")
    theirs = a_verdict(site, "14.jpg", "good", reviewer=" Bob  B ", reasons=["halo"])
    give(gallery, "bob.json", export_of(theirs))
    expect(status_line(gallery)).to_have_text("1 verdict imported.")
    assert badges(gallery)[0] == "Bad · u2net Bob B: Good · u2net"
    expect(gallery.locator(".counts")).to_have_text("1 bad, 9 open of 10 results; 1 by others")
    own = exported(gallery, "Export verdicts", tmp_path / "ann.json")
    assert {one["reviewer"] for one in read_download(own)["verdicts"]} == {"Ann"}
    both = exported(gallery, "Download all, with names", tmp_path / "all.json")
    (tmp_path / "bob.json").write_text(json.dumps(export_of(theirs)), encoding="utf-8")
    reading = Reading()
    for path in (own, both, tmp_path / "bob.json"):
        read_export(path, reading)
    assert len(newest_of(iter(reading.verdicts))) == 2
    reviews = merge(reading, read_gallery(site_source))
    assert reviews.reviewers == ["Ann", "Bob B"]
    assert reviews.photos["sample/14.jpg"]["u2net"].total == 2


def test_a_photos_page_says_whose_the_other_verdicts_are(gallery: Page, site: Site) -> None:
    theirs = a_verdict(site, "14.jpg", "bad", reviewer="Ann", reasons=["halo"], note="<b>left")
    give(gallery, "ann.json", export_of(theirs))
    expect(status_line(gallery)).to_have_text("1 verdict imported.")
    gallery.goto(site.url("/compare/sample/14-jpg/"))
    imported = gallery.locator(".imported:visible li")
    expect(imported).to_have_text(["Ann: bad, halo: <b>left view"])
    gallery.get_by_label("B, the second picture").select_option(f"mask.{METHODS[1].name}")
    expect(imported).to_have_count(0)


def test_of_one_reviewers_verdicts_on_a_result_the_newer_one_stays(
    gallery: Page, site: Site
) -> None:
    give(gallery, "1.json", export_of(a_verdict(site, "14.jpg", "good", reviewer="Bob", when=NEW)))
    expect(status_line(gallery)).to_have_text("1 verdict imported.")
    give(gallery, "2.json", export_of(a_verdict(site, "14.jpg", "bad", reviewer="Bob", when=OLD)))
    expect(status_line(gallery)).to_have_text("1 verdict imported.")
    assert badges(gallery)[0] == "Bad · u2net Bob: Good · u2net"


def test_what_the_gallery_does_not_hold_any_more_is_kept_listed_and_exported(
    gallery: Page, site: Site, tmp_path: Path
) -> None:
    retrained = a_verdict(site, "14.jpg", "good", reviewer="Bob", result_sha256="f" * 64)
    replaced = a_verdict(site, "14.jpg", "bad", reviewer="Bob", photo_sha256="e" * 64, note="rim")
    renamed = a_verdict(site, "_DSC3403.JPG", "good", reviewer="Bob") | {"photo": "old/name.jpg"}
    give(gallery, "bob.json", export_of(retrained, replaced, renamed))
    expect(status_line(gallery)).to_have_text(
        "3 verdicts imported. 2 outdated verdicts listed below."
    )
    assert badges(gallery)[:2] == ["Bad · u2net", "Bob: Good · u2net"]
    expect(gallery.locator(".outdated b")).to_have_text("2 outdated verdicts")
    expect(gallery.locator(".outdated li")).to_have_text(
        ["sample/14.jpg · u2net: Bob: good", "sample/14.jpg · u2net: Bob: bad: rim"]
    )
    gallery.get_by_label("Your name").fill("Ann")
    both = exported(gallery, "Download all, with names", tmp_path / "all.json")
    assert len(read_download(both)["verdicts"]) == 4
    gallery.reload()
    gallery.locator(".review-tools summary").click()
    expect(gallery.locator(".outdated b")).to_have_text("2 outdated verdicts")


def test_a_verdict_on_a_second_method_is_its_own(gallery: Page, site: Site) -> None:
    second = METHODS[1].name
    added = a_verdict(
        site, "14.jpg", "good", reviewer="Bob", method=second, result_sha256=CHECKPOINTS[second]
    )
    give(gallery, "bob.json", export_of(added))
    expect(status_line(gallery)).to_have_text("1 verdict imported.")
    assert badges(gallery)[0] == f"Bad · u2net Bob: Good · {second}"
