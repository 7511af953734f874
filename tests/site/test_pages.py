"""What the pages of the site show, and what can be done on them."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote, urlsplit

import pytest
from fixture_site import NOTE
from jekyll_site import BASEURL, OpenPage, Site
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.site

PHOTO = "/compare/sample/14-jpg/"
FIRST_RESULT = "#result-1"


def file_of(site: Site, address: str) -> bytes:
    """Return what is published at an address of the site."""
    path = unquote(urlsplit(address).path)
    return (site.folder / path.removeprefix(f"{BASEURL}/")).read_bytes()


def test_home_leads_to_galleries_and_posts(page: Page, site: Site) -> None:
    page.goto(site.url("/"))
    expect(page.locator(".showpiece img").first).to_be_visible()
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Sample"))
    expect(card).to_contain_text("5 photos · u2net, u2netp")
    card.get_by_role("link").click()
    expect(page).to_have_url(site.url("/gallery/sample/"))
    page.goto(site.url("/"))
    page.get_by_role("link", name="U2Net", exact=True).click()
    expect(page).to_have_url(site.url("/posts/u2net/"))


def test_home_shows_the_photo_that_the_settings_choose(page: Page, site: Site) -> None:
    page.goto(site.url("/"))
    expect(page.locator(".showpiece .caption a")).to_have_attribute("href", BASEURL + PHOTO)


def test_names_are_shown_as_they_are(page: Page, site: Site) -> None:
    page.goto(site.url("/gallery/sample/"))
    titles = page.locator(".grid .name").all_inner_texts()
    assert titles == ["14", "_DSC3403", "b> & 100%", "相片 一", "#1 it's, {{ page.title }}"]
    page.get_by_role("link", name="#1 it's").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("#1 it's, {{ page.title }}")
    expect(page.locator(f"{FIRST_RESULT} .provenance")).to_contain_text('Ann "Quote" <Author>')


def test_failed_photos_are_named_with_their_reason(page: Page, site: Site) -> None:
    page.goto(site.url("/gallery/sample/"))
    expect(page.locator(".failed li")).to_have_text("sample/broken <1>.jpg: It ends too early.")
    page.goto(site.url("/gallery/others/"))
    expect(page.locator(".failed")).to_have_count(0)


def test_the_filter_works_by_keyboard_and_tells_the_count(page: Page, site: Site) -> None:
    page.goto(site.url("/gallery/sample/"))
    box = page.get_by_role("searchbox", name="Filter by name")
    status = page.get_by_role("status")
    expect(status).to_have_text("5 photos")
    box.focus()
    page.keyboard.type("dsc")
    expect(page.locator(".grid li:visible")).to_have_count(1)
    expect(status).to_have_text("1 of 5 photos")
    page.keyboard.type("?")
    expect(page.locator(".grid li:visible")).to_have_count(0)
    expect(status).to_have_text("None of 5 photos has “dsc?” in its name")
    page.keyboard.press("Escape")
    expect(page.locator(".grid li:visible")).to_have_count(5)
    expect(status).to_have_text("5 photos")
    page.keyboard.type("相片")
    page.get_by_role("link", name="相片 一").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("相片 一")
    page.go_back()
    expect(page.locator(".grid li:visible")).to_have_count(1)


def test_previous_and_next_walk_through_the_dataset(page: Page, site: Site) -> None:
    page.goto(site.url(PHOTO))
    expect(page.locator("a[rel=prev]")).to_have_count(0)
    seen = [page.get_by_role("heading", level=1).inner_text()]
    while page.locator("a[rel=next]").count():
        page.locator("a[rel=next]").click()
        seen.append(page.get_by_role("heading", level=1).inner_text())
    assert seen == ["14", "_DSC3403", "b> & 100%", "相片 一", "#1 it's, {{ page.title }}"]
    expect(page.get_by_role("link", name="Previous: 相片 一")).to_be_visible()


@pytest.mark.parametrize("slug", ["14-jpg", "dsc3403-jpg", "1-it-s-page-title-jpg", "folder-jpeg"])
def test_every_download_is_published(page: Page, site: Site, slug: str) -> None:
    page.goto(site.url(f"/compare/sample/{slug}/"))
    links = page.locator(f"{FIRST_RESULT} .downloads a")
    assert links.all_inner_texts() == ["Cut-out", "Mask", "Photo"]
    for link in links.all():
        assert file_of(site, link.get_attribute("href") or "")


def test_what_was_odd_about_a_photo_is_noted(page: Page, site: Site) -> None:
    page.goto(site.url(PHOTO))
    expect(page.locator(f"{FIRST_RESULT} .provenance")).not_to_contain_text("Note")
    page.goto(site.url("/gallery/sample/"))
    page.get_by_role("link", name="#1 it's").click()
    note = page.locator(f"{FIRST_RESULT} .provenance tr", has_text="Note")
    expect(note.locator("td")).to_have_text(NOTE)


def test_provenance_names_the_weights_in_full(page: Page, site: Site) -> None:
    page.goto(site.url(PHOTO))
    table = page.locator(f"{FIRST_RESULT} .provenance")
    for fact in ("14.jpg", "1800 × 1200", "U²-Net", "Apache-2.0", "fp32", "CC0-1.0"):
        expect(table).to_contain_text(fact)
    table.locator("summary").press("Enter")
    expect(table.locator("details > code")).to_be_visible()
    assert re.fullmatch(r"[0-9a-f]{64}", table.locator("details > code").inner_text())


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("14-jpg", "The object covers 14 % of the picture and touches no edge."),
        ("dsc3403-jpg", "The object covers 20 % of the picture and touches the left edge."),
        ("folder-jpeg", "The model found no object."),
        ("a-quoted-b-bold-b-100-png", "touches the top and bottom edges."),
    ],
)
def test_link_previews_say_what_was_found(page: Page, site: Site, slug: str, sentence: str) -> None:
    page.goto(site.url(f"/compare/sample/{slug}/"))
    found = page.locator(f"{FIRST_RESULT} .finding").inner_text()
    assert found.replace("\u00a0", " ").endswith(sentence)
    expect(page.locator("meta[name=description]")).to_have_attribute("content", found)
    expect(page.locator("meta[property='og:description']")).to_have_attribute("content", found)


def test_credits_name_authors_models_and_programs(page: Page, site: Site) -> None:
    page.goto(site.url("/credits/"))
    row = page.get_by_role("row").filter(has_text='Ann "Quote" <Author>').first
    expect(row).to_contain_text("CC0-1.0")
    expect(row.get_by_role("link", name="Ann")).to_have_attribute(
        "href", "https://example.org/?a=1&b=2"
    )
    for fact in ("Xuebin Qin", "Apache License 2.0", "the small one <4.7 MB>", "GPL-3.0"):
        expect(page.locator("main")).to_contain_text(fact)


def test_the_post_has_mind_map_slider_and_references(page: Page, site: Site) -> None:
    page.goto(site.url("/posts/u2net/"))
    expect(page.get_by_role("img", name="Where U²-Net stands")).to_be_visible()
    outline = page.locator(".mindmap details")
    expect(outline.get_by_text("Background removal")).to_be_hidden()
    outline.locator("summary").click()
    expect(outline.get_by_text("Background removal")).to_be_visible()
    expect(page.locator("#slider1")).to_be_visible()
    addresses = json.dumps(page.locator("article a").evaluate_all("all => all.map(a => a.href)"))
    for reference in (
        "arxiv.org/abs/2005.09007",
        "github.com/xuebinqin/U-2-Net",
        "elderlab.yorku.ca/resources/salient-objects-dataset-sod",
        "github.com/lartpang/awesome-segmentation-saliency-dataset",
        "github.com/ArcherFMY/Paper_Reading_List",
        "medium.com/ai-academy-taiwan/what-are-autoencoders-175b474d74d1",
        "ithelp.ithome.com.tw/articles/10206869",
        "ctolib.com/topics-139156.html",
        "blog.csdn.net/studyeboy/article/details/102383922",
        "github.com/jekylltools/jekyll-ideal-image-slider",
        "github.com/jekylltools/jekyll-ideal-image-slider-include",
        "github.com/Codeinwp/Ideal-Image-Slider-JS",
    ):
        assert reference in addresses


@pytest.mark.parametrize("width", [320, 390, 820, 1440])
@pytest.mark.parametrize(
    "path", ["/", "/gallery/sample/", PHOTO, "/posts/u2net/", "/credits/", "/404.html"]
)
def test_no_page_scrolls_sideways(open_page: OpenPage, path: str, width: int) -> None:
    page = open_page(path, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_keyboard_reaches_the_content_first(page: Page, site: Site) -> None:
    page.goto(site.url(PHOTO))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Sample")).to_be_focused()
