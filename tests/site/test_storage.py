"""Whatever a storage or a link holds, no page raises: sites of one host share the storage."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jekyll_site import OpenPage, Site
from playwright.sync_api import Page, expect
from reviewing import KEY, a_verdict, kept, store
from viewer import ready

pytestmark = pytest.mark.site

PHOTO = "/compare/sample/14-jpg/"
PATHS = (PHOTO, "/gallery/sample/", "/review/?sheet=sample/14-jpg")
INHERITED = ("constructor", "__proto__", "toString", "hasOwnProperty", "valueOf")
WORDS = st.sampled_from((*INHERITED, "good", "bad", "halo", "", "2020-01-01T00:00:00Z", "\n", "x"))
VALUES = st.recursive(
    st.one_of(WORDS, st.none(), st.booleans(), st.integers(-3, 3), st.text(max_size=6)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=6,
)
GENTLE = settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.generate],  # to shrink an example loads pages for minutes
    suppress_health_check=list(HealthCheck),
)


@GENTLE
@given(data=st.data())
def test_no_storage_makes_a_page_raise(
    page: Page, site: Site, problems: list[str], data: st.DataObject
) -> None:
    right = a_verdict(site, "14.jpg", "bad")
    fields = st.sampled_from(sorted(right))
    nearly = st.dictionaries(fields, VALUES, max_size=3).map(lambda odd: {**right, **odd})
    entries = st.one_of(st.lists(st.one_of(nearly, VALUES), max_size=4), VALUES)
    keys = (KEY, KEY.replace("verdicts", "preferences"), KEY.replace("verdicts", "name"))
    stored = {key: data.draw(entries) for key in (*keys, "review:0123456789ab", "review:name")}
    page.goto(site.url("/404.html"))
    page.evaluate("localStorage.clear()")
    store(page, site, stored)
    for path in PATHS:
        page.goto(site.url(path))
        page.wait_for_load_state("networkidle")
    page.goto(site.url(PHOTO))
    ready(page)
    page.keyboard.press("g")
    page.goto(site.url("/gallery/sample/"))
    expect(page.locator(".review-tools")).to_be_attached()
    assert problems == [], json.dumps(stored)


@pytest.mark.parametrize("name", INHERITED)
def test_a_link_may_name_what_every_object_has(open_page: OpenPage, name: str) -> None:
    for fragment in (
        f"#{name}=1",
        f"#a={name}&b={name}",
        f"#mode={name}&backdrop={name}&gain={name}",
    ):
        ready(open_page(f"{PHOTO}{fragment}"))
    for query in (f"?sheet={name}", f"?sheet={name}/{name}&view={name}&method={name}"):
        page = open_page(f"/review/{query}")
        expect(page.get_by_text("in the gallery any more")).to_be_visible()
        open_page(f"{PHOTO}{query}")
    page = open_page(f"/gallery/sample/#{name}={name}&only={name}")
    expect(page.locator(".grid li").first).to_be_attached()


@GENTLE
@given(parts=st.lists(st.tuples(WORDS, WORDS | st.text(max_size=8)), max_size=5))
def test_no_link_makes_a_page_raise(
    page: Page, site: Site, problems: list[str], parts: list[tuple[str, str]]
) -> None:
    names = ("a", "b", "mode", "rect", "cut", "at", "zoom", "level", "only", "sheet", "view")
    fields = {name: value for name, (_, value) in zip(names, parts, strict=False)}
    address = page.evaluate("(fields) => String(new URLSearchParams(fields))", fields | dict(parts))
    page.goto("about:blank")
    page.goto(site.url(f"{PHOTO}#{address}"))
    ready(page)
    page.goto(site.url(f"/review/?{address}"))
    page.wait_for_load_state("networkidle")
    assert problems == [], address


def test_the_name_is_kept_for_this_site_and_taken_over_from_older_pages(
    page: Page, site: Site
) -> None:
    """The old entry stays: it may be of another site of the host."""
    store(page, site, {"review:name": "Ann"})
    page.goto(site.url(PHOTO))
    page.keyboard.press("b")
    verdicts: list[dict[str, Any]] = kept(page)
    assert [verdict["reviewer"] for verdict in verdicts] == ["Ann"]
    page.goto(site.url("/gallery/sample/"))
    page.locator(".review-tools summary").first.click()
    page.locator(".review-tools .reviewer").fill("Ben")
    page.locator(".review-tools .reviewer").blur()
    names = page.evaluate("[localStorage['review:name'], localStorage['review:/U-2-Net/:name']]")
    assert names == ["Ann", "Ben"]


def test_a_verdict_is_kept_beside_an_entry_that_is_nested_deeply(page: Page, site: Site) -> None:
    nested = a_verdict(site, "_DSC3403.JPG", "bad", note="DEEP")
    text = json.dumps([nested]).replace(
        '"reasons": []', f'"reasons": {"[" * 50_000 + "]" * 50_000}'
    )
    store(page, site, {KEY: text})
    page.goto(site.url(PHOTO))
    page.keyboard.press("b")
    expect(page.locator(".bar .status-line")).to_contain_text("Saved: bad")
    photos = page.evaluate("(key) => JSON.parse(localStorage[key]).map(({photo}) => photo)", KEY)
    assert "sample/14.jpg" in photos
