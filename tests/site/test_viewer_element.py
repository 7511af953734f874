"""The viewer is an element that any page can hold; docs/viewer.md names its parts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jekyll_site import OpenPage
from playwright.sync_api import Page, expect
from viewer import box, opened, ready, view

pytestmark = pytest.mark.site

FIRST = "document.querySelector('photo-compare')"


@pytest.fixture
def by_hand(open_page: OpenPage) -> Page:
    page = open_page("/by-hand.html", viewport={"width": 1000, "height": 800})
    page.wait_for_function(f"{FIRST}.state")
    return ready(page)


def test_figures_written_by_hand_become_a_viewer(by_hand: Page) -> None:
    viewer = by_hand.locator("photo-compare").first
    labels = viewer.get_by_label("B, the second picture").locator("option").all_inner_texts()
    assert labels == ["Photo", "Mask", "Cut-out"]
    assert (view(by_hand)["a"], view(by_hand)["b"]) == ("photo", "cutout.mine")
    assert by_hand.evaluate(f"{FIRST}.link").endswith(
        "/by-hand.html#a=photo&b=cutout.mine&mode=swipe"
    )
    assert by_hand.evaluate(f"{FIRST}.method") == "mine"
    viewer.locator(".stage").focus()
    by_hand.keyboard.press("l")
    expect(viewer.locator(".scores")).to_have_text("covers 100.0\u00a0%")
    viewer.get_by_role("button", name="More").click()
    expect(viewer.get_by_role("button", name="Copy link")).to_be_visible()
    other = by_hand.locator("photo-compare").nth(1)
    expect(other.locator(".controls")).to_be_hidden()
    assert other.evaluate("(viewer) => viewer.state.b") == "truth"
    ids = by_hand.locator("[id]").evaluate_all("(all) => all.map(({ id }) => id)")
    assert len(ids) == len(set(ids))


def test_without_scripts_the_figures_are_there(open_page: OpenPage) -> None:
    page = open_page("/by-hand.html", java_script_enabled=False)
    for image in page.locator("photo-compare img").all():
        expect(image).to_be_visible()


def test_a_panorama_uses_the_height_in_side_by_side(by_hand: Page) -> None:
    opened(by_hand, mode="side")
    stage, a, b = (box(by_hand, part) for part in (".stage", "[data-part=a]", "[data-part=b]"))
    assert b["y"] >= a["y"] + a["height"] - 1
    assert a["width"] == pytest.approx(stage["width"], abs=1)
    frame = box(by_hand, "[data-part=a] .frame")
    assert frame["width"] == pytest.approx(stage["width"], abs=1)


def test_the_example_page_works(open_page: OpenPage) -> None:
    page = open_page("/examples/viewer/")
    page.wait_for_function(f"{FIRST}.state")
    assert view(ready(page))["b"] == "cutout.u2net"


def test_every_attribute_property_event_and_custom_property_is_documented(root: Path) -> None:
    text = (root / "docs/viewer.md").read_text(encoding="utf-8")
    types = (root / "assets/js/_types.d.ts").read_text(encoding="utf-8")
    names = ["ViewerData", "PictureData"]
    blocks = [re.search(rf"type {name} = {{(.*?)^}};", types, re.M | re.S) for name in names]
    fields = [
        field for block in blocks if block for field in re.findall(r"^  (\w+)\??:", block[1], re.M)
    ]
    assert len(fields) > 10
    for field in set(fields) - {"part"}:
        assert f"`data-{field}`" in text, field
    element = (root / "assets/js/viewer/element.js").read_text(encoding="utf-8")
    for name in re.findall(r"^  get (\w+)\(", element, re.M):
        if name not in {"isRtl", "view"}:
            assert f"`{name}`" in text, name
    style = (root / "assets/css/viewer.css").read_text(encoding="utf-8")
    for name in ("--stage-height", "--tint", "--check", "--mount", "--edge"):
        assert f"`{name}`" in text
        assert name in style
    assert "`viewchange`" in text
