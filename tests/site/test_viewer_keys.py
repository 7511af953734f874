"""Everything by keyboard: shortcuts, the divider's own keys, and the dialog that names them all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jekyll_site import OpenPage
from playwright.sync_api import Page, expect
from viewer import CUP, opened, ready, view

pytestmark = pytest.mark.site


@pytest.fixture
def cup(open_page: OpenPage) -> Page:
    return ready(open_page(CUP, viewport={"width": 640, "height": 900}))


def test_letters_choose_how_to_compare(cup: Page) -> None:
    names = {
        "s": "side",
        "t": "toggle",
        "o": "onion",
        "d": "difference",
        "l": "threshold",
        "w": "swipe",
    }
    for key, mode in names.items():
        cup.keyboard.press(key)
        assert view(cup)["mode"] == mode
        assert cup.locator(f"[name=mode][value={mode}]").is_checked()


def test_digits_choose_b_and_with_shift_a(cup: Page) -> None:
    cup.keyboard.press("3")
    assert view(cup)["b"] == "mask.u2net"
    cup.keyboard.press("Shift+Digit9")
    assert (view(cup)["a"], view(cup)["b"]) == ("truth", "mask.u2net")
    cup.keyboard.press("x")
    assert (view(cup)["a"], view(cup)["b"]) == ("mask.u2net", "truth")


def test_other_keys(cup: Page) -> None:
    cup.keyboard.press("k")
    assert view(cup)["backdrop"] == "white"
    opened(cup, backdrop="#123456")
    cup.keyboard.press("k")
    assert view(cup)["backdrop"] == "checker"


@pytest.mark.parametrize("modifier", ["Control", "Alt", "Meta"])
def test_keys_with_modifiers_are_left_to_the_browser(cup: Page, modifier: str) -> None:
    before = view(cup)
    cup.keyboard.press(f"{modifier}+d")
    cup.keyboard.press(f"{modifier}+0")
    assert view(cup) == before


def test_keys_mean_nothing_while_something_is_typed_or_chosen(cup: Page) -> None:
    cup.evaluate("document.querySelector('h1').innerHTML = '<input id=text type=text>'")
    for field in (cup.locator("#text"), cup.get_by_label("B, the second picture")):
        field.focus()
        cup.keyboard.press("d")
        cup.keyboard.press("?")
        assert view(cup)["mode"] == "swipe"
    expect(cup.locator("#text")).to_have_value("d?")


def test_space_is_the_buttons_own_where_one_has_the_focus(cup: Page) -> None:
    cup.keyboard.press("t")
    cup.get_by_role("button", name="Show B").focus()
    cup.keyboard.press("Space")
    assert view(cup)["shows"] == "b"


def test_the_divider_has_the_keys_of_a_slider(cup: Page) -> None:
    divider = cup.get_by_role("slider")
    expect(divider).to_have_accessible_name("Divider between photo and cut-out (U²-Net)")
    divider.focus()
    keys = [("ArrowLeft", 49), ("ArrowUp", 50), ("PageUp", 60), ("Home", 0), ("End", 100)]
    for key, value in keys:
        cup.keyboard.press(key)
        text = f"{value}\u00a0% photo, {100 - value}\u00a0% cut-out (U²-Net)"
        expect(divider).to_have_attribute("aria-valuetext", text)
    opened(cup, a="truth", b="reference")
    expect(divider).to_have_accessible_name("Divider between ground truth and reference")


def test_tab_goes_through_the_controls_in_order(cup: Page) -> None:
    cup.get_by_label("A, the first picture").focus()
    names = []
    for _ in range(10):
        cup.keyboard.press("Tab")
        names.append(
            cup.evaluate(
                "(({ ariaLabel, value, textContent: text, name }) =>"
                " name === 'mode' ? value : ariaLabel ?? text.trim())(document.activeElement)"
            )
        )
    assert names == [
        "Swap A and B",
        "B, the second picture",
        "swipe",
        "Zoom out",
        "Zoom in",
        "Fit",
        "1:1",
        "More",
        "Pictures",
        "Divider between photo and cut-out (U²-Net)",
    ]


def test_the_dialog_of_shortcuts_is_the_table_of_the_docs(cup: Page, root: Path) -> None:
    cup.keyboard.press("?")
    dialog = cup.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    rows = [
        [cell.inner_text() for cell in row.locator("td").all()]
        for row in dialog.locator("tbody tr:visible").all()
    ]
    text = (root / "docs/sharing.md").read_text(encoding="utf-8")
    table = [
        row
        for part in re.findall(r"^\| [Kk]ey .*\n((?:\|.*\n)+)", text, re.MULTILINE)
        for row in re.findall(r"^\| (`.+|Arrow keys) \| (.+) \|$", part, re.MULTILINE)
    ]
    assert len(table) == 29
    assert rows == [[key.strip().replace("`", ""), what.strip()] for key, what in table]
    cup.keyboard.press("d")
    assert view(cup)["mode"] == "swipe"
    cup.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_every_shortcut_of_the_script_is_in_the_dialog(cup: Page, root: Path) -> None:
    script = (root / "assets/js/viewer/actions.js").read_text(encoding="utf-8")
    block = script.split("const KEYS = {")[1].split("};")[0]
    keys = set(re.findall(r'^  "?(.)"?: "', block, re.MULTILINE)) - {"="}
    shown = {text.lower() for text in cup.locator(".shortcuts kbd").all_text_contents()}
    assert len(keys) == 16
    assert keys <= shown
