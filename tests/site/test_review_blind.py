"""Blind review: votes on which of two results is better, without a method's name till the end."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe import violations
from fixture_site import METHODS
from jekyll_site import OpenPage, Site
from playwright.sync_api import Page, expect
from reviewing import KEY, kept, read_download
from viewer import ready, view

from sod_gallery.site.reviews import merge, read_gallery
from sod_gallery.site.verdicts import Reading, read_export

pytestmark = pytest.mark.site

PHOTOS = ("others/cup-png", "sample/14-jpg", "sample/dsc3403-jpg", "sample/folder-jpeg")
SHEET = f"?sheet={','.join(PHOTOS)}&blind=1"
BLIND = f"/review/blind/{SHEET}"
VOTES = KEY.replace("verdicts", "preferences")
NAMES = re.compile("|".join(["u2net", "U²-Net", "10025a17f49c", "e7567cde013f"]), re.IGNORECASE)
# All that a reader sees or hears, and addresses that lead on; not those of files.
TEXTS = """() => [
    document.title, location.href, document.body.innerText,
    ...[...document.querySelectorAll("option, figcaption, td, dialog, h1")]
        .map(({ textContent }) => textContent),
    ...[...document.querySelectorAll("main a")].map(({ href }) => href),
    ...[...document.querySelectorAll("[aria-label], [title], [alt], [placeholder]")].flatMap(
        (part) => ["aria-label", "title", "alt", "placeholder", "aria-valuetext"]
            .map((name) => part.getAttribute(name) ?? "")),
    ...[...document.querySelectorAll("photo-compare, photo-compare *")]
        .flatMap(({ dataset }) => Object.entries(dataset ?? {}))
        .filter(([name]) => !["full", "mask"].includes(name)).map(([, value]) => value),
    document.querySelector("photo-compare")?.link ?? "",
].join("\\n")"""


def said(page: Page) -> str:
    return str(ready(page).evaluate(TEXTS))


def vote(page: Page, key: str) -> None:
    page.keyboard.press(key)
    expect(page.locator(".bar .status-line")).to_contain_text("Saved")


def go_on(page: Page, title: str) -> None:
    page.keyboard.press("n")
    expect(page.locator("h1")).to_have_text(title)
    ready(page)


@pytest.fixture
def blind(page: Page, site: Site) -> Page:
    """Open the first photo of a blind sheet."""
    page.goto(site.url(f"/review/{SHEET}"))
    expect(page.locator(".facts")).to_have_text("4 photos, 0 voted on")
    page.get_by_role("link", name="Start").click()
    expect(page.locator("h1")).to_have_text("cup")
    return ready(page)


def test_no_name_is_shown_in_any_mode_or_list(blind: Page) -> None:
    assert not NAMES.findall(said(blind).replace("/U-2-Net/", "").replace("U2Net", ""))
    for key in "stodlw":
        blind.keyboard.press(key)
        ready(blind)
        blind.wait_for_timeout(100)
        assert not NAMES.findall(said(blind).replace("U2Net", ""))
    options = blind.get_by_label("A, the first picture").locator("option").all_inner_texts()
    assert options == [
        "Photo",
        *("Cut-out A", "Mask A", "Heat map A"),
        *("Cut-out B", "Mask B", "Heat map B"),
        *("Reference", "Ground truth"),
    ]
    assert (view(blind)["a"], view(blind)["b"]) == ("cutout.a", "cutout.b")
    blind.keyboard.press("?")
    rows = blind.locator(".shortcuts tbody tr:visible").all_inner_texts()
    assert any("A better" in row for row in rows)
    assert not any("reason" in row or "unsure" in row for row in rows)
    expect(blind.locator(".result")).to_have_count(0)


def test_the_sheet_itself_names_no_method(page: Page, site: Site) -> None:
    page.goto(site.url(f"/review/{SHEET}"))
    expect(page.locator("h1")).to_have_text("Blind review")
    expect(page.locator(".facts")).to_contain_text("0 voted on")
    text = page.locator("main").inner_text() + page.url
    assert not NAMES.findall(text.replace("/U-2-Net/", ""))


def sides(page: Page, site: Site, sheet: str) -> dict[str, str]:
    """Vote for A everywhere; return whose A was, by photo."""
    page.goto(site.url(f"/review/blind/{sheet}"))
    expect(page.locator("h1")).to_have_text("cup")
    for _ in sheet.split(","):
        ready(page)
        vote(page, "a")
        title = page.locator("h1").inner_text()
        page.keyboard.press("n")
        expect(page.locator("h1")).not_to_have_text(title)
    return {one["photo"]: one["a"]["method"] for one in kept(page, VOTES)}


def test_all_who_have_the_link_see_the_same_and_sheets_differ(
    open_page: OpenPage, site: Site
) -> None:
    first, second = sides(open_page(), site, SHEET), sides(open_page(), site, SHEET)
    assert first == second
    assert len(first) == len(PHOTOS)
    names = "','".join(PHOTOS)
    drawn = open_page("/404.html").evaluate(
        f"""async () => {{
          const {{ sidesOf }} = await import("{site.url("/assets/js/review/duel.js")}");
          const results = {{ m1: "a", m2: "b", m3: "c" }};
          const found = [];
          for (let i = 0; i < 600; i++) found.push(sidesOf({{ ids: ['{names}'] }}, `x/${{i}}`,
            {{ results }}).join());
          return found;
        }}"""
    )
    counts = {pair: drawn.count(pair) for pair in set(drawn)}
    assert len(counts) == 6
    assert all(60 < count < 140 for count in counts.values()), counts


def test_votes_by_keys_are_counted_taken_back_and_kept(blind: Page) -> None:
    position = blind.locator(".position")
    expect(position).to_have_text("1 of 4, 0 voted")
    vote(blind, "a")
    expect(blind.locator(".bar .status-line")).to_have_text("Saved: A better")
    expect(position).to_have_text("1 of 4, 1 voted")
    expect(blind.get_by_role("progressbar")).to_have_js_property("value", 1)
    vote(blind, "q")
    assert [one["choice"] for one in kept(blind, VOTES)] == ["same"]
    blind.keyboard.press("q")
    expect(blind.locator(".bar .status-line")).to_have_text("Vote taken back")
    assert kept(blind, VOTES) == []
    vote(blind, "b")
    pressed = blind.get_by_role("group", name="Which result is better?").locator(
        "[aria-pressed=true]"
    )
    expect(pressed).to_have_accessible_name("B better")
    go_on(blind, "14")
    expect(pressed).to_have_count(0)
    blind.go_back()
    expect(blind.locator("h1")).to_have_text("cup")
    expect(pressed).to_have_accessible_name("B better")
    ready(blind).reload()
    expect(pressed).to_have_accessible_name("B better")
    assert kept(blind) == []


def test_next_keeps_the_way_of_looking_and_full_screen(blind: Page) -> None:
    blind.keyboard.press("f")
    blind.wait_for_function("document.fullscreenElement !== null")
    blind.keyboard.press("s")
    go_on(blind, "14")
    assert view(blind)["mode"] == "side"
    assert (view(blind)["a"], view(blind)["b"]) == ("cutout.a", "cutout.b")
    assert blind.evaluate("document.fullscreenElement !== null")
    expect(blind).to_have_title(re.compile("^14 ·"))


def test_at_the_end_it_is_said_which_was_which_and_the_votes_are_merged(
    blind: Page, site_source: Path
) -> None:
    choices = dict(zip(("cup", "14", "_DSC3403", "相片 一"), "abqa", strict=True))
    for title, key in choices.items():
        expect(blind.locator("h1")).to_have_text(title)
        ready(blind)
        expect(blind.locator(".judged")).to_have_text("Which result is better?")
        vote(blind, key)
        blind.keyboard.press("n")
    expect(blind.locator(".facts")).to_have_text("4 photos, 4 voted on")
    end = blind.get_by_role("region", name="All photos are reviewed")
    lines = end.locator(".revealed li")
    expect(lines).to_have_count(4)
    votes = {one["photo"]: one for one in kept(blind, VOTES)}
    cup = votes["others/cup.png"]
    a, b = cup["a"]["method"], cup["b"]["method"]
    expect(lines.first).to_have_text(f"cup: A was {a}, B was {b}; you preferred A, {a}")
    expect(end.locator(".revealed p")).to_contain_text("neither on 1")
    end.get_by_label("Your name").fill("Ada")
    end.get_by_label("Your name").press("Tab")
    with blind.expect_download() as caught:
        end.get_by_role("button", name="Download the file").click()
    assert len(read_download(caught.value.path())["preferences"]) == 4
    reading = Reading()
    read_export(caught.value.path(), reading)
    assert not reading.left_out
    [duel] = merge(reading, read_gallery(site_source)).duels
    assert (duel.a, duel.b) == tuple(sorted(method.name for method in METHODS))
    assert (duel.a_better + duel.b_better, duel.same) == (3, 1)
    wins = [votes[p][votes[p]["choice"]]["method"] for p in votes if votes[p]["choice"] != "same"]
    assert duel.a_better == wins.count(duel.a)
    blind.locator(".grid a").first.click()
    expect(blind.locator(".judged")).to_contain_text("A: U²-Net")
    expect(blind.get_by_role("button", name="A better")).to_be_disabled()
    blind.keyboard.press("b")
    assert {one["photo"]: one["choice"] for one in kept(blind, VOTES)} == {
        photo: one["choice"] for photo, one in votes.items()
    }


def test_a_selection_makes_a_blind_sheet_without_names(page: Page, site: Site) -> None:
    page.goto(site.url("/gallery/sample/"))
    page.locator(".review-tools summary").click()
    page.get_by_role("button", name="Select photos").click()
    for item in page.locator(".grid li").all()[:2]:
        item.get_by_role("checkbox").check()
    bar = page.get_by_role("group", name="Selection")
    bar.get_by_label("Method").select_option(METHODS[0].name)
    bar.get_by_label("View").fill(site.url("/compare/x/y/#a=mask.u2net&b=photo&mode=side"))
    bar.get_by_label("Blind").check()
    expect(bar.get_by_label("Method")).to_be_disabled()
    link = bar.get_by_role("link", name="Open sheet")
    expect(link).to_have_attribute("href", re.compile(r"\?sheet=[^&]+&view=mode%3Dside&blind=1$"))
    link.click()
    page.get_by_role("link", name="Start").click()
    expect(page.locator("photo-compare")).to_have_attribute("data-mode", "side")
    assert (view(ready(page))["a"], view(page)["b"]) == ("cutout.a", "cutout.b")


def test_a_photos_own_page_leads_to_the_blind_one(page: Page, site: Site) -> None:
    page.goto(site.url(f"/compare/sample/14-jpg/{SHEET}"))
    expect(page).to_have_url(re.compile(r"/review/blind/.*&at=2"))
    expect(page.locator("h1")).to_have_text("14")
    ready(page)


def test_on_a_phone_everything_is_in_reach(open_page: OpenPage) -> None:
    page = ready(open_page(BLIND, viewport={"width": 390, "height": 844}, has_touch=True))
    expect(page.locator("h1")).to_have_text("cup")
    ready(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for button in page.locator(".bar :is(button, a):visible").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44
        assert box["y"] + box["height"] <= 844
    page.get_by_role("button", name="B better").tap()
    expect(page.locator(".position")).to_have_text("1 of 4, 1 voted")
    page.get_by_role("link", name="Next").tap()
    expect(page.locator("h1")).to_have_text("14")
    expect(page.locator(".bar .status-line")).to_have_text("2 of 4: 14")


def test_a_photo_that_does_not_load_is_said(page: Page, site: Site, problems: list[str]) -> None:
    page.route("**/compare/others/cup-png/", lambda route: route.abort())
    page.goto(site.url(BLIND))
    expect(page.locator(".bar .status-line")).to_contain_text("could not be loaded")
    page.wait_for_timeout(200)  # until the console has said it
    problems.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page: OpenPage, root: Path, scheme: str) -> None:
    page = open_page(BLIND, color_scheme=scheme, viewport={"width": 390, "height": 900})
    expect(page.locator("h1")).to_have_text("cup")
    ready(page).keyboard.press("a")
    assert violations(page, root) == []


def test_without_scripts_the_page_says_what_it_needs(open_page: OpenPage) -> None:
    page = open_page(BLIND, java_script_enabled=False)
    expect(page.get_by_text("It needs JavaScript")).to_be_visible()
