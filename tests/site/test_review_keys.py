"""A verdict, its reasons and its note by keys, also after a choice in a list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fixture_site import METHODS
from jekyll_site import OpenPage
from playwright.sync_api import Page, expect
from reviewing import kept
from viewer import ready, view

from sod_gallery.vocabulary import VOCABULARY

pytestmark = pytest.mark.site

PHOTO = "/compare/sample/14-jpg/"
B = "B, the second picture"


@pytest.fixture
def photo(open_page: OpenPage) -> Page:
    return ready(open_page(PHOTO))


def said(page: Page) -> list[tuple[str, str]]:
    return [(one["method"], one["verdict"]) for one in kept(page)]


def test_a_choice_in_a_list_gives_the_focus_back_to_the_picture(photo: Page) -> None:
    photo.keyboard.press("s")
    photo.get_by_label(B).focus()
    photo.get_by_label(B).select_option(f"mask.{METHODS[1].name}")
    expect(photo.locator(".stage")).to_be_focused()
    photo.keyboard.press("b")
    assert said(photo) == [(METHODS[1].name, "bad")]


def test_a_click_on_a_choice_gives_the_focus_back_too(photo: Page) -> None:
    photo.locator(".modes").get_by_text("Onion skin").click()
    expect(photo.locator(".stage")).to_be_focused()
    photo.keyboard.press("u")
    assert said(photo) == [(METHODS[0].name, "unsure")]


@pytest.mark.parametrize(("field", "key"), [(B, "ArrowDown"), ("Swipe", "ArrowRight")])
def test_whoever_chooses_by_keys_stays_in_the_list_and_can_judge(
    photo: Page, field: str, key: str
) -> None:
    listed = photo.get_by_label(field, exact=True)
    listed.focus()
    photo.keyboard.press(key)
    photo.keyboard.press(key)
    assert view(photo)["b"] == "heat.u2net" if field == B else view(photo)["mode"] == "toggle"
    photo.keyboard.press("g")
    assert said(photo) == [(METHODS[0].name, "good")]
    photo.keyboard.press("n")
    expect(photo.locator("h1")).to_have_text("_DSC3403")


def test_a_letter_that_chooses_in_a_list_judges_nothing(photo: Page) -> None:
    photo.get_by_label(B).focus()
    photo.keyboard.press("u")
    photo.keyboard.press("b")
    assert said(photo) == []


def test_reasons_and_a_note_have_keys(photo: Page) -> None:
    photo.keyboard.press("h")
    photo.keyboard.press("j")
    assert kept(photo) == []
    photo.keyboard.press("b")
    for reason in VOCABULARY.reasons:
        photo.keyboard.press(VOCABULARY.reason_keys[reason].lower())
    photo.keyboard.press(VOCABULARY.reason_keys["hole"].lower())
    wanted = [reason for reason in VOCABULARY.reasons if reason != "hole"]
    assert kept(photo)[0]["reasons"] == wanted
    expect(photo.get_by_role("button", name="halo")).to_have_attribute("aria-pressed", "true")
    photo.keyboard.press("j")
    photo.keyboard.type("bad rim")
    photo.keyboard.press("Enter")
    expect(photo.locator(".stage")).to_be_focused()
    assert kept(photo)[0]["note"] == "bad rim"
    photo.keyboard.press("g")
    photo.keyboard.press("h")
    assert (kept(photo)[0]["verdict"], kept(photo)[0]["reasons"]) == ("good", [])


def test_no_key_has_two_meanings(photo: Page, root: Path) -> None:
    script = (root / "assets/js/viewer/actions.js").read_text(encoding="utf-8")
    block = script.split("const KEYS = {")[1].split("};")[0]
    keys = [key.upper() for key in re.findall(r'^  "?(.)"?: "', block, re.MULTILINE)]
    keys += [str(digit) for digit in range(1, 10)] + ["N", "J"]
    keys += [word.key for word in VOCABULARY.verdicts] + list(VOCABULARY.reason_keys.values())
    assert len(keys) == len(set(keys))
    assert set(VOCABULARY.reason_keys) == set(VOCABULARY.reasons)
    shown = photo.locator(".bar [aria-keyshortcuts]").evaluate_all(
        "(parts) => parts.map(({ ariaKeyShortcuts }) => ariaKeyShortcuts)"
    )
    assert set(shown) <= set(keys)


def test_the_dialog_names_keys_of_the_review_only_where_there_is_one(
    photo: Page, open_page: OpenPage
) -> None:
    photo.keyboard.press("?")
    rows = photo.locator(".shortcuts tbody tr:visible")
    expect(rows.filter(has_text="halo, as a reason")).to_have_count(1)
    post = ready(open_page("/posts/compared/"))
    listed = post.locator(".shortcuts tbody").first
    expect(listed).to_contain_text("Copy the link to this view")
    for text in ("take it back", "next photo", "note"):
        expect(listed).not_to_contain_text(text)


@pytest.mark.parametrize("kind", ["mouse", "finger"])
def test_hints_of_keys_are_there_where_a_keyboard_may_be(open_page: OpenPage, kind: str) -> None:
    page = open_page(PHOTO, is_mobile=kind == "finger", has_touch=kind == "finger")
    hints = page.locator(".verdicts kbd")
    expect(hints.first).to_be_visible(visible=kind == "mouse")
