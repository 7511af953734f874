"""Each way to compare paints what it says, and the threshold lab counts what it cuts."""

from __future__ import annotations

import re

import numpy as np
import pytest
from jekyll_site import OpenPage
from numpy.typing import NDArray
from playwright.sync_api import Page, expect
from viewer import CUP, GROUND, OBJECT, at, is_near, opened, point, ready, seen, view
from viewer_pages import soft_mask, truth

pytestmark = pytest.mark.site

WHITE, BLACK, MAGENTA = (255, 255, 255), (0, 0, 0), (255, 0, 255)


@pytest.fixture
def cup(open_page: OpenPage) -> Page:
    """Return the page of a photo with two models, a reference and ground truth."""
    return ready(open_page(CUP, viewport={"width": 640, "height": 900}))


def choose(page: Page, mode: str) -> None:
    page.locator("photo-compare .modes").get_by_text(mode, exact=True).click()
    ready(page)


def test_swipe_shows_a_before_the_divider_and_b_behind(cup: Page) -> None:
    opened(cup, backdrop="magenta")
    pixels = seen(cup)
    assert is_near(at(pixels, 0.45, 0.1), GROUND)
    assert is_near(at(pixels, 0.55, 0.1), MAGENTA)
    assert is_near(at(pixels, 0.45, 0.5), OBJECT)
    assert is_near(at(pixels, 0.55, 0.5), OBJECT, within=8)


def test_side_by_side_shows_the_same_part_twice(cup: Page) -> None:
    choose(cup, "Side by side")
    opened(cup, b="truth")
    pixels = seen(cup)
    assert is_near(at(pixels, 0.25, 0.5), OBJECT)
    assert is_near(at(pixels, 0.75, 0.5), WHITE)
    boxes = [cup.locator(f"[data-part={part}] img").bounding_box() for part in "ab"]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["width"] == boxes[1]["width"]
    width = cup.locator("photo-compare .stage").bounding_box()
    assert width
    moved = (boxes[1]["x"] - boxes[0]["x"], boxes[1]["y"] - boxes[0]["y"])
    assert moved == pytest.approx((width["width"] / 2, 0), abs=1)


def test_toggle_shows_b_while_space_is_held(cup: Page) -> None:
    choose(cup, "Toggle")
    opened(cup, b="truth")
    cup.locator("photo-compare .stage").focus()
    assert is_near(at(seen(cup), 0.5, 0.5), OBJECT)
    cup.keyboard.down("Space")
    assert is_near(at(seen(cup), 0.5, 0.5), WHITE)
    cup.keyboard.up("Space")
    assert is_near(at(seen(cup), 0.5, 0.5), OBJECT)
    cup.get_by_role("button", name="Show B").click()
    assert is_near(at(seen(cup), 0.5, 0.5), WHITE)
    cup.mouse.click(*point(cup, 0.5, 0.5))
    assert is_near(at(seen(cup), 0.5, 0.5), OBJECT)


def test_onion_skin_lays_b_over_a(cup: Page) -> None:
    choose(cup, "Onion skin")
    opened(cup, b="truth", opacity=25)
    mixed = tuple(round(value * 0.75 + 255 * 0.25) for value in OBJECT)
    assert is_near(at(seen(cup), 0.5, 0.5), mixed)
    slider = cup.get_by_role("slider", name="Opacity of B")
    expect(slider).to_have_attribute("aria-valuetext", "25\u00a0%")
    slider.press("End")
    assert is_near(at(seen(cup), 0.5, 0.5), WHITE)


def test_difference_is_absolute_and_gained(cup: Page) -> None:
    opened(cup, a="truth", b="photo")
    choose(cup, "Difference")
    apart = tuple(255 - value for value in OBJECT)
    assert is_near(at(seen(cup), 0.5, 0.5), apart)
    opened(cup, a="cutout.u2net", b="reference")
    assert is_near(at(seen(cup), 0.5, 0.5), BLACK)
    opened(cup, a="photo", b="truth", gain=1)
    weak = at(seen(cup), 0.1, 0.1)
    cup.get_by_role("slider", name="Gain").fill("4")
    strong = at(seen(cup), 0.1, 0.1)
    assert is_near(strong, tuple(min(255, value * 4) for value in weak), within=8)


@pytest.mark.parametrize("level", [1, 90, 128, 255])
def test_threshold_cuts_the_mask_and_scores_it(cup: Page, level: int) -> None:
    choose(cup, "Threshold")
    opened(cup, a="mask.u2net", b="photo", level=level)
    mask, wanted = np.asarray(soft_mask()), np.asarray(truth()) > 127
    cut = mask >= level
    hits = (cut & wanted).sum()
    iou = hits / (cut | wanted).sum()
    precision, recall = hits / max(1, cut.sum()), hits / wanted.sum()
    fbeta = 1.3 * precision * recall / max(1e-9, 0.3 * precision + recall)
    scores = f"covers {cut.mean() * 100:.1f}\u00a0%, IoU {iou:.3f}, Fβ {fbeta:.3f}"
    expect(cup.locator("photo-compare .scores")).to_have_text(scores)
    pixels = seen(cup)
    middle = pixels[pixels.shape[0] // 2, :, 0] > 127
    assert extent(middle) == pytest.approx(extent(cut[300]), abs=0.005)


def extent(row: NDArray[np.bool_]) -> list[float]:
    """Return where a row's first and last true pixels lie, in fractions of its length."""
    places = np.flatnonzero(row)
    return [float(place) / row.size for place in places[[0, -1]]] if places.size else []


def test_threshold_dims_what_it_cuts_off(cup: Page) -> None:
    choose(cup, "Threshold")
    opened(cup, level=128)
    pixels = seen(cup)
    assert is_near(at(pixels, 0.5, 0.5), OBJECT)
    dimmed = tuple(round(value * 0.15) for value in GROUND)
    assert is_near(at(pixels, 0.05, 0.05), dimmed)


def test_without_ground_truth_only_the_area_is_told(open_page: OpenPage) -> None:
    page = ready(open_page("/compare/sample/14-jpg/#a=photo&b=mask&mode=threshold"))
    expect(page.locator("photo-compare .scores")).to_have_text(re.compile(r"^covers 14\.\d.%$"))


@pytest.mark.parametrize(("name", "colour"), [("White", WHITE), ("Black", BLACK)])
def test_backdrops_stand_behind_cutouts(cup: Page, name: str, colour: tuple[int, ...]) -> None:
    opened(cup, at=0)
    cup.get_by_label("Backdrop", exact=True).select_option(label=name)
    assert is_near(at(seen(cup), 0.1, 0.1), colour)


def test_the_backdrop_can_be_any_colour(cup: Page) -> None:
    opened(cup, at=0)
    picker = cup.get_by_label("Colour of the backdrop")
    expect(picker).to_be_hidden()
    cup.get_by_label("Backdrop", exact=True).select_option("colour")
    picker.fill("#123456")
    assert is_near(at(seen(cup), 0.1, 0.1), (0x12, 0x34, 0x56))


def test_the_checkerboard_has_two_greys(cup: Page) -> None:
    opened(cup, at=0)
    corner = seen(cup)[20:60, 20:60].reshape(-1, 3)
    assert len({tuple(colour) for colour in corner.tolist()}) == 2


def lightness(colour: NDArray[np.float64]) -> float:
    """Return L* of an sRGB colour in [0, 1]."""
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ [0.2126, 0.7152, 0.0722])
    return 116 * luminance ** (1 / 3) - 16 if luminance > 0.008856 else 903.3 * luminance


def test_heat_grows_evenly_lighter(cup: Page) -> None:
    tables = cup.eval_on_selector_all(
        "filter.heat *[tableValues]", "all => all.map((f) => f.getAttribute('tableValues'))"
    )
    columns = np.array([[float(value) for value in table.split()] for table in tables])
    steps = np.diff([lightness(colour) for colour in columns.T])
    assert steps.min() > 0.9 * steps.mean()
    assert steps.max() < 1.1 * steps.mean()
    opened(cup, b="heat.u2net", at=0)
    pixels = seen(cup)
    assert is_near(at(pixels, 0.5, 0.5), tuple(np.rint(columns[:, -1] * 255).astype(int).tolist()))
    assert is_near(at(pixels, 0.02, 0.02), BLACK)


def test_every_source_can_be_chosen_for_both_sides(cup: Page) -> None:
    labels = cup.get_by_label("B, the second picture").locator("option").all_inner_texts()
    assert labels[:4] == ["Photo", "Cut-out (U²-Net)", "Mask (U²-Net)", "Heat map (U²-Net)"]
    assert labels[-2:] == ["Reference", "Ground truth"]
    assert len(labels) == 9
    for label in labels:
        cup.get_by_label("B, the second picture").select_option(label=label)
        ready(cup)
        shown = cup.locator("[data-part=b]")
        expect(shown.locator("figcaption")).to_have_text(label)
        assert shown.locator("img").evaluate("(image) => image.naturalWidth")


def test_a_source_chosen_twice_changes_places(cup: Page) -> None:
    cup.get_by_label("A, the first picture").select_option(label="Cut-out (U²-Net)")
    assert (view(cup)["a"], view(cup)["b"]) == ("cutout.u2net", "photo")
    cup.get_by_role("button", name="Swap A and B").click()
    assert (view(cup)["a"], view(cup)["b"]) == ("photo", "cutout.u2net")
