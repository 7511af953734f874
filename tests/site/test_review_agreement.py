"""Merged verdicts on the pages: in the grid, on the photo's page, and on what has changed since."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from fixture_site import CHECKPOINTS, drawn_sample, write_gallery
from jekyll_site import build_site, copy_sources
from playwright.sync_api import Browser, Page, expect

from sod_gallery.records import Gallery
from sod_gallery.site.preferences import Duel
from sod_gallery.site.reviews import Reviews, merge, reviews_json
from sod_gallery.site.verdicts import Reading, Verdict

pytestmark = pytest.mark.site


def verdicts(gallery: Gallery) -> Reading:
    """Return what Ann, Bob and Cyd think of a.jpg and b.jpg."""
    opinions = {
        "Ann <i>": {"a.jpg": "bad", "b.jpg": "good"},
        "Bob": {"a.jpg": "bad", "b.jpg": "bad"},
        "Cyd": {"a.jpg": "good"},
    }
    return Reading(
        verdicts=[
            _verdict(gallery, reviewer, photo, verdict)
            for reviewer, verdicts in opinions.items()
            for photo, verdict in verdicts.items()
        ]
    )


def _verdict(gallery: Gallery, reviewer: str, photo: str, verdict: str) -> Verdict:
    entry = next(entry for entry in gallery.datasets[0].photos if entry.name == photo)
    return Verdict(
        reviewer=reviewer,
        photo=f"pets/{photo}",
        photo_sha256=entry.sha256,
        method="u2net",
        result_sha256=CHECKPOINTS["u2net"],
        verdict=verdict,  # type: ignore[arg-type]
        reasons=["halo"] if verdict == "bad" else [],
        note="<b>rim</b>" if verdict == "bad" else "",
        link="https://example.org/?a=1&b=2",
        when="2026-01-01T00:00:00Z",  # type: ignore[arg-type]
    )


DUEL = Duel(a="u2net", b="u2netp", a_better=2, b_better=0, same=1, share=1.0, low=0.3424, high=1.0)


@pytest.fixture(scope="module")
def address(root: Path, tmp_path_factory: pytest.TempPathFactory, served: tuple[Path, str]) -> str:
    """Build a site with merged verdicts and a repository; return its address."""
    source = tmp_path_factory.mktemp("agreed") / "source"
    copy_sources(root, source)
    box = (0.2, 0.2, 0.8, 0.8)
    samples = [drawn_sample(f"{name}.jpg", (90, 60), box, 0) for name in "abc"]
    gallery = write_gallery(source, {"pets": samples})
    reviews = msgspec.structs.replace(merge(verdicts(gallery), gallery), duels=[DUEL])
    (source / "_data/reviews.json").write_bytes(reviews_json(_aged(reviews)))
    settings = source / "_config.yml"
    text = settings.read_text("utf-8").replace('repository: ""', "repository: ann/photos")
    settings.write_text(text, encoding="utf-8")
    folder, origin = served
    build_site(root, source, folder / "agreed", baseurl="/agreed")
    return f"{origin}/agreed"


def _aged(reviews: Reviews) -> Reviews:
    """Let the verdicts on c.jpg be about a checkpoint that the gallery has replaced."""
    reviews.photos["pets/c.jpg"] = json.loads(
        json.dumps({"u2net": {"result_sha256": "f" * 64, "total": 1, "good": 1, "verdict": "good"}})
    )
    return reviews


@pytest.fixture
def tab(browser: Browser, address: str) -> Page:
    page = browser.new_page(bypass_csp=True, base_url=f"{address}/")
    page.goto("gallery/pets/")
    return page


def test_the_grid_says_how_many_agree(tab: Page) -> None:
    items = tab.locator(".grid li")
    expect(items.nth(0).locator(".agreement")).to_have_text("2 of 3 bad reviewers disagree u2net")
    expect(items.nth(1).locator(".agreement")).to_have_text(
        "1 good, 1 bad reviewers disagree u2net"
    )
    box, item = items.nth(0).locator(".agreement").bounding_box(), items.nth(0).bounding_box()
    assert box
    assert item
    assert box["y"] + box["height"] <= item["y"] + item["height"]
    tab.close()


def test_verdicts_on_a_replaced_checkpoint_are_not_shown(tab: Page) -> None:
    expect(tab.locator(".grid li").nth(2).locator(".agreement")).to_have_count(0)
    tab.close()


def test_the_photo_page_adds_reasons_and_notes_as_they_were_written(tab: Page) -> None:
    tab.goto("compare/pets/a-jpg/")
    agreed = tab.locator(".reviewed-result").first
    expect(agreed).to_contain_text("2 of 3 bad: halo (2 times)")
    expect(agreed.locator("li").first).to_have_text("<b>rim</b> Ann <i>: bad")
    expect(agreed.get_by_role("link").first).to_have_attribute(
        "href", "https://example.org/?a=1&b=2"
    )
    tab.close()


def test_an_issue_is_a_prefilled_link_to_the_repository(tab: Page) -> None:
    tab.goto("compare/pets/a-jpg/")
    tab.keyboard.press("b")
    tab.get_by_role("button", name="no object").click()
    issue = urlsplit(tab.get_by_role("link", name="Open an issue").get_attribute("href") or "")
    assert (issue.netloc, issue.path) == ("github.com", "/ann/photos/issues/new")
    query = parse_qs(issue.query)
    assert query["title"] == ["a by u2net is bad: no object"]
    assert "- Photo: pets/a.jpg" in query["body"][0]
    assert "/compare/pets/a-jpg/#" in query["body"][0]
    tab.close()


def test_photos_on_which_reviewers_disagree_are_a_filter(tab: Page) -> None:
    tab.goto("gallery/pets/?show=disagree")
    expect(tab.get_by_role("radio", name="Reviewers disagree 2")).to_be_checked()
    expect(tab.locator(".grid li:visible .name")).to_have_text(["a", "b"])
    tab.close()


@pytest.mark.parametrize("path", ["gallery/pets/?show=bad", "review/"])
def test_agreement_is_stated_with_the_number_of_reviewers(tab: Page, path: str) -> None:
    tab.goto(path)
    expect(tab.locator(".alpha")).to_contain_text("3 reviewers judged 2 results more than once")
    expect(tab.locator(".alpha")).to_contain_text("Krippendorff’s α of their verdicts is -0.")
    tab.close()


def test_blind_votes_are_a_table(tab: Page) -> None:
    tab.goto("review/")
    row = tab.locator(".duels tbody td").all_inner_texts()
    assert row == ["u2net", "u2netp", "2", "0", "1", "100 % (34 to 100 %)"]
    tab.close()
