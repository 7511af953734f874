"""A verdict on the page of a photo: by key and button, with reasons and a note, kept and undone."""

from __future__ import annotations

import pytest
from fixture_site import CHECKPOINTS, METHODS
from jekyll_site import OpenPage, Site
from playwright.sync_api import Locator, Page, expect
from reviewing import kept
from viewer import ready

pytestmark = pytest.mark.site

PHOTO = "/compare/sample/14-jpg/"


@pytest.fixture
def photo(open_page: OpenPage) -> Page:
    return ready(open_page(PHOTO))


def verdict(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name="Verdict").get_by_role("button", name=name)


@pytest.mark.parametrize(("key", "name"), [("g", "Good"), ("b", "Bad"), ("u", "Unsure")])
def test_a_key_gives_a_verdict_and_takes_it_back(photo: Page, key: str, name: str) -> None:
    photo.keyboard.press(key)
    expect(verdict(photo, name)).to_have_attribute("aria-pressed", "true")
    expect(photo.locator(".bar .status-line")).to_have_text(f"Saved: {name.lower()} · U²-Net")
    assert [one["verdict"] for one in kept(photo)] == [name.lower()]
    photo.keyboard.press(key)
    expect(verdict(photo, name)).to_have_attribute("aria-pressed", "false")
    expect(photo.locator(".bar .status-line")).to_have_text("Verdict taken back · U²-Net")
    assert kept(photo) == []


def test_a_verdict_says_what_it_is_about_and_survives_a_reload(photo: Page, site: Site) -> None:
    verdict(photo, "Bad").click()
    photo.get_by_role("button", name="hole").click()
    photo.get_by_role("button", name="halo").click()
    photo.get_by_role("textbox", name="Note").fill("  the rim of the cup ")
    photo.keyboard.press("Tab")
    expect(photo.locator(".bar .status-line")).to_have_text("Note saved · U²-Net")
    [saved] = kept(photo)
    assert saved["photo"] == "sample/14.jpg"
    method = METHODS[0].name
    assert (saved["method"], saved["result_sha256"]) == (method, CHECKPOINTS[method])
    assert saved["reasons"] == ["halo", "hole"]
    assert saved["note"] == "the rim of the cup"
    assert saved["link"].startswith(site.url(PHOTO))
    photo.reload()
    expect(verdict(photo, "Bad")).to_have_attribute("aria-pressed", "true")
    expect(photo.get_by_role("button", name="halo")).to_have_attribute("aria-pressed", "true")
    expect(photo.get_by_role("textbox", name="Note")).to_have_value("the rim of the cup")


def test_what_was_chosen_is_seen(photo: Page) -> None:
    colour = "(button) => getComputedStyle(button).backgroundColor"
    photo.keyboard.press("b")
    photo.keyboard.press("h")
    photo.mouse.move(0, 0)
    chosen = [photo.get_by_role("button", name=name).evaluate(colour) for name in ("Bad", "halo")]
    others = [photo.get_by_role("button", name=name).evaluate(colour) for name in ("Good", "hole")]
    assert not set(chosen) & set(others)


def test_a_good_result_has_no_reasons(photo: Page) -> None:
    expect(photo.get_by_role("group", name="Reasons")).to_be_hidden()
    photo.keyboard.press("b")
    photo.get_by_role("button", name="halo").click()
    photo.keyboard.press("g")
    expect(photo.get_by_role("group", name="Reasons")).to_be_hidden()
    assert kept(photo)[0]["reasons"] == []


def test_letters_that_are_typed_or_held_with_a_modifier_judge_nothing(photo: Page) -> None:
    photo.keyboard.press("Control+b")
    photo.keyboard.press("Alt+u")
    photo.keyboard.press("Shift+G")
    assert kept(photo) == []
    photo.keyboard.press("u")
    photo.get_by_role("textbox", name="Note").press_sequentially("a big bug")
    assert [one["verdict"] for one in kept(photo)] == ["unsure"]


def test_a_note_is_kept_when_the_page_is_left_at_once(photo: Page) -> None:
    photo.keyboard.press("u")
    photo.get_by_role("textbox", name="Note").fill("half of it")
    photo.reload()
    assert kept(photo)[0]["note"] == "half of it"


def test_each_method_has_its_own_verdict(photo: Page) -> None:
    photo.keyboard.press("b")
    photo.get_by_label("B, the second picture").select_option(f"cutout.{METHODS[1].name}")
    expect(verdict(photo, "Bad")).to_have_attribute("aria-pressed", "false")
    photo.locator("h1").click()
    photo.keyboard.press("g")
    assert {one["method"]: one["verdict"] for one in kept(photo)} == {
        METHODS[0].name: "bad",
        METHODS[1].name: "good",
    }


def test_the_link_of_a_verdict_shows_what_was_seen(photo: Page, open_page: OpenPage) -> None:
    photo.keyboard.press("o")
    photo.keyboard.press("b")
    [saved] = kept(photo)
    other = open_page()
    other.goto(saved["link"])
    expect(other.get_by_role("radio", name="Onion skin")).to_be_checked()


def test_next_is_one_key_away(photo: Page, site: Site) -> None:
    photo.keyboard.press("n")
    expect(photo).to_have_url(site.url("/compare/sample/dsc3403-jpg/"))


def test_another_tab_shows_the_verdict_too(photo: Page, site: Site) -> None:
    other = photo.context.new_page()
    other.goto(site.url(PHOTO))
    photo.keyboard.press("b")
    expect(verdict(other, "Bad")).to_have_attribute("aria-pressed", "true")


def test_the_text_for_a_report_names_everything(photo: Page) -> None:
    photo.context.grant_permissions(["clipboard-read", "clipboard-write"])
    photo.keyboard.press("b")
    photo.get_by_role("button", name="hole").click()
    photo.keyboard.press("z")
    photo.get_by_role("button", name="Copy as text").click()
    expect(photo.locator(".bar .status-line")).to_have_text("Text copied.")
    text = photo.evaluate("navigator.clipboard.readText()")
    model = METHODS[0]
    assert text.startswith(f"14 by {model.name} is bad: hole\n\n- Photo: sample/14.jpg\n")
    for fact in (f"- Checkpoint: {CHECKPOINTS[model.name]}", "- Reasons: hole", "- Visible part: "):
        assert fact in text
    assert "rect=" in text.splitlines()[-1]


def test_the_bar_is_in_reach_and_large_enough_for_a_finger(open_page: OpenPage) -> None:
    page = open_page(PHOTO, viewport={"width": 390, "height": 844}, has_touch=True)
    for button in page.locator(".bar button:visible, .bar a:visible").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44
        assert box["y"] + box["height"] <= 844
    verdict(page, "Bad").tap()
    expect(verdict(page, "Bad")).to_have_attribute("aria-pressed", "true")


def test_paper_and_pages_without_scripts_have_no_bar(photo: Page, open_page: OpenPage) -> None:
    photo.emulate_media(media="print")
    expect(photo.locator(".bar")).to_be_hidden()
    still = open_page(PHOTO, java_script_enabled=False)
    expect(still.locator(".bar")).to_be_hidden()


def test_from_home_to_a_verdict_by_keyboard_alone(page: Page, site: Site) -> None:
    page.goto(site.url("/"))
    _tab_to(page, "Sample")
    page.keyboard.press("Enter")
    expect(page).to_have_url(site.url("/gallery/sample/"))
    _tab_to(page, "14")
    page.keyboard.press("Enter")
    expect(page).to_have_url(site.url(PHOTO))
    _tab_to(page, "Bad")
    page.keyboard.press("Enter")
    _tab_to(page, "missed part")
    page.keyboard.press("Enter")
    expect(page.locator(".bar .status-line")).to_have_text("Saved: bad, missed part · U²-Net")
    assert kept(page)[0]["reasons"] == ["missed part"]


def _tab_to(page: Page, name: str, limit: int = 60) -> None:
    """Press Tab until what has the focus begins with ``name``, and is in sight."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        text, in_sight = page.evaluate(
            """() => {
              const focused = document.activeElement;
              const { left, top, width, height } = focused.getBoundingClientRect();
              const there = document.elementFromPoint(left + width / 2, top + height / 2);
              return [focused.textContent.trim(), focused.contains(there)];
            }"""
        )
        if text.startswith(name):
            assert in_sight, f"{name} has the focus but cannot be seen"
            return
    pytest.fail(f"Tab does not reach {name}")


def test_a_note_stays_with_the_result_that_was_in_view_when_it_was_typed(photo: Page) -> None:
    photo.keyboard.press("b")
    second = f"cutout.{METHODS[1].name}"
    photo.get_by_label("B, the second picture").select_option(second)
    verdict(photo, "Unsure").click()
    note = photo.get_by_role("textbox", name="Note")
    note.fill("on the second")
    photo.evaluate("history.back()")  # as by a gesture: the field keeps the focus
    expect(photo.locator(".judged")).to_have_text(METHODS[0].title)
    expect(note).to_have_value("")
    note.press_sequentially("on the first")
    photo.keyboard.press("Tab")
    notes = {one["method"]: (one["note"], second in one["link"]) for one in kept(photo)}
    assert notes == {
        METHODS[0].name: ("on the first", False),
        METHODS[1].name: ("on the second", True),
    }


def test_in_toggle_the_bar_follows_what_is_showing(photo: Page) -> None:
    first, second = METHODS[:2]
    photo.goto(f"{photo.url}#a=cutout.{first.name}&b=mask.{second.name}&mode=toggle")
    photo.reload()
    judged = ready(photo).locator(".judged")
    expect(judged).to_have_text(first.title)
    photo.keyboard.down("Space")
    expect(judged).to_have_text(second.title)
    photo.keyboard.press("b")
    expect(photo.locator(".bar .status-line")).to_have_text(f"Saved: bad · {second.title}")
    photo.keyboard.up("Space")
    expect(judged).to_have_text(first.title)
    expect(verdict(photo, "Bad")).to_have_attribute("aria-pressed", "false")
    photo.locator(".stage").click()
    expect(judged).to_have_text(second.title)
    expect(verdict(photo, "Bad")).to_have_attribute("aria-pressed", "true")
    assert [one["method"] for one in kept(photo)] == [second.name]


def test_the_bar_names_the_method_that_is_judged(photo: Page) -> None:
    expect(photo.locator(".judged")).to_have_text(METHODS[0].title)
    photo.get_by_label("B, the second picture").select_option(f"mask.{METHODS[1].name}")
    expect(photo.locator(".judged")).to_have_text(METHODS[1].title)
    verdict(photo, "Bad").click()
    expect(photo.locator(".bar .status-line")).to_have_text(f"Saved: bad · {METHODS[1].title}")
