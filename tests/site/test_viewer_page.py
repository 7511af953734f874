"""The viewer on every kind of screen, on paper and without scripts, and what it costs."""

from __future__ import annotations

import gzip
import io
import re
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from axe import violations
from jekyll_site import OpenPage, Site
from PIL import Image
from playwright.sync_api import Page, Response, expect
from viewer import CUP, GROUND, at, box, is_near, opened, point, ready, seen, view

pytestmark = pytest.mark.site

WIDE = "/compare/sample/14-jpg/"
BUDGET = {"scripts": 14_000, "shared": 700, "styles": 4_000, "page": 250_000}


def test_without_scripts_every_picture_has_its_caption(open_page: OpenPage) -> None:
    page = open_page(CUP, java_script_enabled=False)
    shown = page.locator("photo-compare figure:visible")
    assert shown.locator("figcaption").all_inner_texts() == [
        "Photo",
        "Cut-out (U²-Net)",
        "Mask (U²-Net)",
        "Cut-out (U²-Net†, the small one <4.7 MB>)",
        "Mask (U²-Net†, the small one <4.7 MB>)",
        "Reference",
        "Ground truth",
    ]
    for figure in shown.all():
        expect(figure.locator("img")).to_be_visible()
    expect(page.locator("photo-compare :is(button, input, select, dialog):visible")).to_have_count(
        0
    )


def test_without_scripts_the_mask_is_white_where_the_object_is(open_page: OpenPage) -> None:
    page = open_page(CUP, java_script_enabled=False)
    shot = page.locator("[data-source='mask.u2net'] .frame").screenshot()
    pixels = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), dtype=np.int16)
    assert is_near(at(pixels, 0.5, 0.5), (255, 255, 255))
    assert is_near(at(pixels, 0.05, 0.05), (0, 0, 0))


def test_paper_shows_what_every_method_made_and_no_heading_of_nothing(open_page: OpenPage) -> None:
    page = ready(open_page(CUP))
    opened(page, mode="difference", zoom=4)
    page.emulate_media(media="print")
    figures = page.locator("photo-compare figure:visible")
    captions = figures.locator("figcaption").all_inner_texts()
    other = "U²-Net†, the small one <4.7 MB>"
    assert captions == [
        "Photo",
        "Cut-out (U²-Net)",
        "Mask (U²-Net)",
        f"Cut-out ({other})",
        f"Mask ({other})",
        "Reference",
        "Ground truth",
    ]
    boxes = [figure.bounding_box() for figure in figures.locator("img").all()]
    places = [(found["x"], found["width"], found["height"]) for found in boxes if found]
    assert places[0][0] + places[0][1] <= places[1][0] <= places[2][0] - places[1][1]
    assert {round(width / height, 1) for _, width, height in places} == {1.3}
    expect(page.locator("photo-compare button:visible")).to_have_count(0)
    expect(page.get_by_role("heading", name="Downloads")).to_have_count(0)
    for image in figures.locator("img").all():
        assert image.evaluate("(image) => image.complete && image.naturalWidth")


def test_right_to_left_a_is_on_the_right(open_page: OpenPage) -> None:
    page = ready(open_page("/compared-rtl/", viewport={"width": 640, "height": 900}))
    opened(page, at=30, backdrop="magenta")
    pixels = seen(page)
    assert is_near(at(pixels, 0.75, 0.1), GROUND)
    assert is_near(at(pixels, 0.65, 0.1), (255, 0, 255))
    divider = page.get_by_role("slider")
    divider.press("ArrowLeft")
    assert view(page)["at"] == 31
    page.mouse.move(*point(page, 0.69, 0.5))
    page.mouse.down()
    page.mouse.move(*point(page, 0.4, 0.5), steps=4)
    page.mouse.up()
    assert view(page)["at"] == pytest.approx(60, abs=1)
    handle, stage = box(page, ".handle"), box(page)
    assert (handle["x"] - stage["x"]) / stage["width"] == pytest.approx(0.4, abs=0.01)
    page.set_viewport_size({"width": 1200, "height": 500})
    opened(page, mode="side")
    a, b = box(page, "[data-part=a]"), box(page, "[data-part=b]")
    assert a["x"] > b["x"]


def pointed(page: Page, rel: str) -> str:
    """Return the side to which the arrow of a link to a neighbour points: that of its tip."""
    shot = page.locator(f".neighbours [rel={rel}]").screenshot()
    pixels = np.asarray(Image.open(io.BytesIO(shot)).convert("L"), dtype=np.int16)
    height, width = pixels.shape
    inner = pixels[height // 4 : -height // 4, width // 4 : -width // 4]
    rows, columns = np.nonzero(np.abs(inner - inner[0, 0]) > 60)
    tip = columns[np.abs(rows - np.median(rows)) <= 1].mean()
    return "right" if tip > columns.mean() else "left"


@pytest.mark.parametrize(
    ("direction", "back", "on"), [("ltr", "left", "right"), ("rtl", "right", "left")]
)
def test_arrows_to_the_neighbours_follow_the_direction_of_reading(
    open_page: OpenPage, direction: str, back: str, on: str
) -> None:
    page = ready(open_page("/compare/sample/dsc3403-jpg/", viewport={"width": 1200, "height": 900}))
    page.evaluate("(direction) => { document.documentElement.dir = direction; }", direction)
    assert (pointed(page, "prev"), pointed(page, "next")) == (back, on)
    previous, following = (
        page.locator(f".neighbours [rel={rel}]").bounding_box() for rel in ("prev", "next")
    )
    assert previous
    assert following
    assert (previous["x"] < following["x"]) == (direction == "ltr")
    title = page.locator("h1").bounding_box()
    assert title
    assert (title["x"] < following["x"]) == (direction == "ltr")


def test_forced_colours_keep_pictures_and_choices_visible(open_page: OpenPage) -> None:
    page = ready(open_page(CUP, forced_colors="active", viewport={"width": 640, "height": 900}))
    opened(page, backdrop="magenta", at=0)
    assert is_near(at(seen(page), 0.1, 0.1), (255, 0, 255))
    chosen, other = (
        page.locator(f"[name=mode][value={mode}] + span").evaluate(
            "(span) => getComputedStyle(span).backgroundColor"
        )
        for mode in ("swipe", "side")
    )
    assert chosen != other


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_moves_while_the_page_loads(open_page: OpenPage, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 900})
    page.add_init_script(
        """window.moved = 0;
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) if (!entry.hadRecentInput) moved += entry.value;
        }).observe({ type: "layout-shift", buffered: true });"""
    )
    page.goto(open_page(WIDE).url)
    ready(page)
    assert page.evaluate("moved") <= 0.02


def test_targets_are_large_enough_for_fingers(open_page: OpenPage) -> None:
    page = ready(open_page(CUP, has_touch=True, viewport={"width": 390, "height": 844}))
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    controls = page.locator("photo-compare :is(button, select, .modes label):visible").all()
    assert len(controls) >= 14
    for control in controls:
        found = control.bounding_box()
        assert found
        assert found["height"] >= 42
        assert found["width"] >= 44


def test_viewer_code_is_small(site: Site) -> None:
    scripts = [path.read_bytes() for path in (site.folder / "assets/js/viewer").glob("*.js")]
    assert 5_000 < compressed(scripts) <= BUDGET["scripts"]
    names = {name for text in scripts for name in re.findall(rb'from "\.\./(\w+\.js)"', text)}
    shared = [(site.folder / "assets/js" / name.decode()).read_bytes() for name in names]
    assert 0 < compressed(shared) <= BUDGET["shared"]
    style = (site.folder / "assets/css/viewer.css").read_bytes()
    assert compressed([style]) <= BUDGET["styles"]


def compressed(files: list[bytes]) -> int:
    return sum(len(gzip.compress(content, mtime=0)) for content in files)


def test_a_photo_page_transfers_little_before_it_is_touched(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 1440, "height": 900})
    sizes: list[int] = []

    def add(response: Response) -> None:
        sizes.append(len(response.body()))

    page.on("response", add)
    page.goto(open_page(WIDE).url)
    ready(page)
    page.wait_for_load_state("networkidle")
    assert 50_000 < sum(sizes) <= BUDGET["page"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_mode(
    open_page: OpenPage, root: Path, scheme: Literal["light", "dark"]
) -> None:
    page = ready(open_page(CUP, color_scheme=scheme, viewport={"width": 390, "height": 900}))
    for key in "?stodl":
        page.keyboard.press("Escape")
        page.keyboard.press(key)
        ready(page)
        assert violations(page, root) == []
    page.goto(open_page("/posts/compared/", color_scheme=scheme).url)
    assert violations(ready(page), root) == []


def test_a_post_compares_what_it_names(open_page: OpenPage, site: Site) -> None:
    page = ready(open_page("/posts/compared/"))
    viewers = page.locator("photo-compare")
    expect(viewers).to_have_count(2)
    captions = viewers.nth(0).locator("figure:visible figcaption").all_inner_texts()
    assert captions == ["Mask (U²-Net)", "Heat map (U²-Net†, the small one <4.7 MB>)"]
    assert viewers.nth(1).locator("figure:visible figcaption").all_inner_texts() == [
        "Photo",
        "Cut-out (U²-Net)",
    ]
    source = (site.folder / "posts/compared/index.html").read_text(encoding="utf-8")
    assert "<!-- The gallery has no such photo. -->" in source
