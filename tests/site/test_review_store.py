"""Verdicts in the browser's storage: from build to build, from older stores, in odd states."""

from __future__ import annotations

from typing import Any

import pytest
from fixture_site import METHODS
from jekyll_site import OpenPage, Site
from playwright.sync_api import Page, expect
from reviewing import BUILD, KEY, NEW, a_verdict, an_old_verdict, kept, read_download, store
from viewer import ready

pytestmark = pytest.mark.site

PHOTO = "/compare/sample/14-jpg/"
GALLERY = "/gallery/sample/"
FULL = "Storage.prototype.setItem = () => { throw new Error('full'); }"
BLOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"


def pressed(page: Page) -> list[str]:
    names = page.locator(".verdicts button[aria-pressed=true]")
    return [text.split()[0] for text in names.all_inner_texts()]


def test_verdicts_last_from_build_to_build(page: Page, site: Site) -> None:
    page.goto(site.url(PHOTO))
    page.keyboard.press("b")
    expect(page.locator(".bar .status-line")).to_contain_text("Saved: bad")

    def of_another_build(route: Any) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace(BUILD, "ba9876543210"))

    page.route("**/*/", of_another_build)
    page.goto(site.url(GALLERY))
    assert page.locator(".review-tools").get_attribute("data-build") == "ba9876543210"
    expect(page.locator(".badge")).to_have_text(["Bad · u2net"])
    page.locator(".grid a").first.click()
    expect(page.locator(".verdicts [aria-pressed=true]")).to_have_text("Bad B")


@pytest.mark.parametrize("path", [PHOTO, GALLERY, "/review/?sheet=sample/14-jpg"])
def test_older_stores_move_once_and_nothing_is_lost(page: Page, site: Site, path: str) -> None:
    mine = a_verdict(site, "14.jpg", "bad", note="rim")
    newer = a_verdict(site, "14.jpg", "good", when=NEW)
    of_method = a_verdict(site, "_DSC3403.JPG", "good", link="https://elsewhere.example/")
    between = {key: value for key, value in an_old_verdict(of_method).items() if key != "model"}
    elsewhere = an_old_verdict(mine, link=site.url("").replace("U-2-Net", "other/compare/a/b/"))
    odd = [None, 5, {"photo": "x"}]
    old = {
        "review:0123456789ab": [an_old_verdict(mine), *odd, elsewhere],
        "review:aaaaaaaaaaaa": [an_old_verdict(newer), between | {"method": METHODS[0].name}],
        "review:bbbbbbbbbbbb": "{ not JSON",
        "review:name": "Ann",
    }
    store(page, site, old)
    page.goto(site.url(path))
    expect(page.locator("[value=good], .reviewer").first).to_be_attached()
    page.wait_for_function("localStorage['review:aaaaaaaaaaaa'] === undefined")
    expected = [newer | {"reviewer": "Ann"}, of_method | {"reviewer": "Ann"}]
    assert sorted(kept(page), key=lambda one: str(one["photo"])) == expected
    assert kept(page, "review:0123456789ab") == [*odd, elsewhere]
    assert page.evaluate("localStorage['review:bbbbbbbbbbbb']") == "{ not JSON"
    page.evaluate("(key) => localStorage.setItem(key, '[]')", KEY)
    page.reload()
    page.wait_for_load_state("networkidle")
    assert kept(page) == []


@pytest.mark.parametrize("text", ["{", "null", "7", '{"a": 1}', '[null, 1, {}, [], {"when": 1}]'])
def test_odd_storage_is_no_error(page: Page, site: Site, text: str) -> None:
    preferences = KEY.replace("verdicts", "preferences")
    store(page, site, {KEY: text, preferences: text, "review:0123456789ab": text})
    page.goto(site.url(GALLERY))
    expect(page.locator(".counts")).to_have_text("10 open of 10 results")
    page.goto(site.url(PHOTO))
    page.keyboard.press("b")
    expect(page.locator(".bar .status-line")).to_contain_text("Saved: bad")
    assert [one["verdict"] for one in kept(page)] == ["bad"]


@pytest.mark.parametrize("state", [FULL, BLOCKED])
def test_storage_that_keeps_nothing_is_said_before_and_the_export_is_offered(
    page: Page, site: Site, state: str, tmp_path: Any
) -> None:
    page.add_init_script(state)
    page.goto(site.url(PHOTO))
    warning = page.locator(".bar .not-kept")
    expect(warning).to_contain_text("verdicts last only until you leave this page")
    page.keyboard.press("b")
    expect(page.locator(".bar .status-line")).to_contain_text("Saved: bad")
    page.get_by_label("B, the second picture").select_option(f"mask.{METHODS[1].name}")
    page.locator(".verdicts button").first.click()
    page.get_by_label("B, the second picture").select_option(f"mask.{METHODS[0].name}")
    assert pressed(page) == ["Bad"]
    page.on("dialog", lambda dialog: dialog.accept("Ann"))
    with page.expect_download() as download:
        warning.get_by_role("button", name="Export").click()
    download.value.save_as(tmp_path / "ann.json")
    verdicts = read_download(tmp_path / "ann.json")["verdicts"]
    assert [(one["reviewer"], one["method"], one["verdict"]) for one in verdicts] == [
        ("Ann", METHODS[0].name, "bad"),
        ("Ann", METHODS[1].name, "good"),
    ]
    page.goto(site.url(GALLERY))
    page.locator(".review-tools summary").click()
    expect(page.locator(".tools .not-kept")).to_be_visible()


def test_storage_with_room_is_not_warned_of(open_page: OpenPage) -> None:
    page = ready(open_page(PHOTO))
    expect(page.locator(".bar .not-kept")).to_be_hidden()


def test_what_was_not_kept_is_kept_as_soon_as_there_is_room(page: Page, site: Site) -> None:
    page.goto(site.url(PHOTO))
    page.evaluate(f"() => {{ window.keep = Storage.prototype.setItem; {FULL} }}")
    page.keyboard.press("b")
    expect(page.locator(".bar .not-kept")).to_be_visible()
    page.evaluate("() => { Storage.prototype.setItem = window.keep; }")
    page.get_by_role("button", name="halo").click()
    expect(page.locator(".bar .not-kept")).to_be_hidden()
    assert [one["reasons"] for one in kept(page)] == [["halo"]]


def test_two_tabs_do_not_undo_each_other(page: Page, site: Site) -> None:
    page.goto(site.url(PHOTO))
    page.evaluate(f"() => {{ window.keep = Storage.prototype.setItem; {FULL} }}")
    page.keyboard.press("b")  # which this tab alone knows
    other = page.context.new_page()
    other.goto(site.url(PHOTO))
    other.keyboard.press("g")  # later
    other.get_by_label("B, the second picture").select_option(f"mask.{METHODS[1].name}")
    other.locator(".verdicts button").first.click()
    page.evaluate("() => { Storage.prototype.setItem = window.keep; }")
    page.get_by_label("B, the second picture").select_option("heat." + METHODS[0].name)
    page.goto(site.url("/compare/sample/dsc3403-jpg/"))
    page.keyboard.press("u")
    expect(page.locator(".bar .status-line")).to_contain_text("Saved: unsure")
    found = {(one["photo"], one["method"]): one["verdict"] for one in kept(page)}
    assert found == {
        ("sample/14.jpg", METHODS[0].name): "good",
        ("sample/14.jpg", METHODS[1].name): "good",
        ("sample/_DSC3403.JPG", METHODS[0].name): "unsure",
    }


def test_a_verdict_replaces_one_from_a_clock_that_was_ahead(page: Page, site: Site) -> None:
    ahead = a_verdict(site, "14.jpg", "bad", when="2999-01-01T00:00:00.000Z")
    store(page, site, {KEY: [ahead]})
    page.goto(site.url(PHOTO))
    page.keyboard.press("g")
    expect(page.locator(".bar .status-line")).to_contain_text("Saved: good")
    assert [one["verdict"] for one in kept(page)] == ["good"]
    assert kept(page)[0]["when"] == "2999-01-01T00:00:00.001Z"


AT_ONCE = """async ([start, verdicts, store]) => {
  const { verdicts: kept } = await import(store);
  await new Promise((resolve) => setTimeout(resolve, start - Date.now()));
  for (const verdict of verdicts) {
    kept.add([verdict]);
    await new Promise((resolve) => setTimeout(resolve));
  }
}"""


def test_two_tabs_that_write_at_the_same_moment_keep_both(page: Page, site: Site) -> None:
    page.goto(site.url(PHOTO))
    other = page.context.new_page()
    other.goto(site.url(PHOTO))
    module = site.url("/assets/js/review/store.js")
    good = a_verdict(site, "14.jpg", "good")
    tabs = (page, other)
    shas = [f"{number:064x}" for number in range(60)]
    start = page.evaluate("Date.now()") + 400
    for at, tab in enumerate(tabs):
        said = [good | {"photo_sha256": sha} for sha in shas[at::2]]
        tab.evaluate(f"(given) => {{ window.done = ({AT_ONCE})(given); }}", [start, said, module])
    for tab in tabs:
        tab.evaluate("done")
    page.wait_for_function(
        "([key, count]) => JSON.parse(localStorage[key]).length === count", arg=[KEY, len(shas)]
    )
    assert {one["photo_sha256"] for one in kept(page)} == set(shas)
    assert {one["photo_sha256"] for one in kept(other)} == set(shas)


def test_what_another_tab_takes_back_at_once_stays_taken_back(page: Page, site: Site) -> None:
    page.goto(site.url(PHOTO))
    other = page.context.new_page()
    other.goto(site.url(PHOTO))
    page.keyboard.press("b")
    expect(other.locator(".verdicts [aria-pressed=true]")).to_have_text("Bad B")
    other.keyboard.press("b")
    expect(page.locator(".verdicts [aria-pressed=true]")).to_have_count(0)
    assert kept(page) == kept(other) == []
