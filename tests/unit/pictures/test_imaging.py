"""Masks, cut-outs, composites and web files: what they show, and that they carry nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import array, mask, photo
from PIL import Image

from sod_gallery.config import CompositeConfig
from sod_gallery.pictures import encoding, imaging

GREEN = (10, 200, 30)


# --- masks ---


def test_map_is_truncated_before_it_is_resized() -> None:
    saliency = np.array([[0.0, 0.999, 1.0, 0.5]], np.float32)
    assert imaging.make_mask(saliency, (4, 1)).tobytes() == bytes((0, 254, 255, 127))
    steps = np.full((2, 2), 1.99 / 255, np.float32)
    assert imaging.make_mask(steps, (7, 5)).getextrema() == (1, 1)


def test_map_is_resized_bilinearly_to_width_and_height() -> None:
    result = imaging.make_mask(np.array([[0.0, 1.0]], np.float32), (8, 3))
    assert (result.mode, result.size) == ("L", (8, 3))
    assert result.crop((0, 1, 8, 2)).tobytes() == bytes((0, 0, 32, 96, 159, 223, 255, 255))


@pytest.mark.parametrize(
    ("box", "sides"),
    [
        ((2, 2, 6, 4), []),
        ((0, 2, 6, 4), ["left"]),
        ((2, 0, 8, 4), ["top", "right"]),
        ((2, 2, 6, 6), ["bottom"]),
        ((0, 0, 8, 6), ["left", "top", "right", "bottom"]),
    ],
)
def test_sides_that_the_object_touches(box: tuple[int, int, int, int], sides: list[str]) -> None:
    assert imaging.touches(mask((8, 6), box, 128)) == sides
    assert imaging.touches(mask((8, 6), box, 127)) == []


def test_coverage_is_the_share_of_pixels_above_one_half() -> None:
    levels = np.array([[0, 127, 128, 255]], np.uint8)
    assert imaging.coverage(Image.fromarray(levels)) == 0.5
    assert imaging.coverage(mask((2, 2), (0, 0, 2, 2), 51)) == 0.0
    assert imaging.coverage(mask((3, 1), (0, 0, 1, 1), 255)) == 0.3333


def test_only_a_mask_of_zeros_is_empty() -> None:
    assert imaging.is_empty(Image.new("L", (9, 9)))
    assert not imaging.is_empty(mask((9, 9), (4, 4, 5, 5), 1))


# --- cut-outs and web sizes ---


def test_cutout_keeps_the_colours_even_where_it_is_transparent() -> None:
    original, shape = photo((20, 10)), mask((20, 10), (5, 2, 9, 9), 200)
    result = imaging.cutout(original, shape)
    assert result.mode == "RGBA"
    assert result.convert("RGB").tobytes() == original.tobytes()
    assert result.getchannel("A").tobytes() == shape.tobytes()
    assert original.mode == "RGB"


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (300, [300]),
        (480, [480]),
        (750, [480, 750]),
        (960, [480, 960]),
        (1000, [480, 960, 1000]),
        (1600, [480, 960, 1600]),
        (4592, [480, 960, 1600]),
    ],
)
def test_web_widths(width: int, widths: list[int]) -> None:
    assert imaging.web_widths(width) == widths


@settings(deadline=None)
@given(st.integers(1, 9000), st.lists(st.integers(16, 8192), min_size=1, max_size=5))
def test_no_photo_is_published_larger_than_it_is(width: int, wanted: list[int]) -> None:
    widths = imaging.web_widths(width, wanted)
    assert widths == sorted(set(widths))
    assert widths[-1] == min(width, max(wanted))


@pytest.mark.parametrize(("size", "height"), [((300, 200), 67), ((100, 300), 300), ((5000, 3), 1)])
def test_resizing_keeps_the_proportions(size: tuple[int, int], height: int) -> None:
    assert imaging.resize_width(Image.new("RGB", size), 100).size == (100, height)


def test_very_tall_picture_fits_into_webp() -> None:
    resized = imaging.resize_width(Image.new("L", (40, 40_000)), 40)
    assert resized.size == (16, 16383)
    assert encoding.encode_webp(resized.convert("RGB"))


def test_transparent_colours_do_not_bleed() -> None:
    stripes = Image.new("RGB", (64, 64), (255, 0, 255))
    shape = Image.new("L", (64, 64))
    for x in range(0, 64, 6):
        stripes.paste(GREEN, (x, 0, x + 3, 64))
        shape.paste(255, (x, 0, x + 3, 64))
    small = array(imaging.resize_width(imaging.cutout(stripes, shape), 20))
    visible = small[small[..., 3] > 32]
    assert len(visible) > 100
    assert np.abs(visible[:, :3] - GREEN).max() <= 4


# --- composites ---


def test_panels_stand_side_by_side_in_their_order() -> None:
    original, shape = photo((60, 40)), mask((60, 40), (10, 10, 50, 30))
    style = CompositeConfig(panels=("photo", "cutout", "mask"), gap=6)
    result = imaging.composite(original, shape, style)
    assert (result.mode, result.size) == ("RGB", (192, 40))
    left, middle, right = (result.crop((x, 0, x + 60, 40)) for x in (0, 66, 132))
    assert left.tobytes() == original.tobytes()
    assert right.tobytes() == shape.convert("RGB").tobytes()
    inside = (10, 10, 50, 30)
    assert middle.crop(inside).tobytes() == original.crop(inside).tobytes()
    ground = {middle.getpixel((x, y)) for x in range(60) for y in range(10)}
    assert ground == {imaging.CHECKER_LIGHT, imaging.CHECKER_DARK}
    assert result.crop((60, 0, 66, 40)).getcolors() == [(240, (255, 255, 255))]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((100, 50), (212, 50)),
        ((3000, 2000), (1600, 529)),
        ((2000, 3000), (1212, 900)),
        ((9000, 10), (1600, 1)),
    ],
)
def test_composite_is_limited_and_never_enlarged(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    result = imaging.composite(photo(size), Image.new("L", size), CompositeConfig())
    assert result.size == expected


def test_gap_wider_than_the_composite_still_gives_a_picture() -> None:
    style = CompositeConfig(gap=256, max_width=16)
    assert imaging.composite(photo((80, 60)), Image.new("L", (80, 60)), style).size == (258, 1)


# --- cards ---


@pytest.mark.parametrize("size", [(1600, 900), (900, 1600), (40, 30), (3000, 20)])
def test_card_shows_photo_and_cutout_of_the_same_part(size: tuple[int, int]) -> None:
    card = imaging.social_preview(photo(size), mask(size, (0, 0, *size)))
    assert (card.mode, card.size) == ("RGB", (1200, 630))
    left, right = card.crop((0, 0, 600, 630)), card.crop((600, 0, 1200, 630))
    assert left.tobytes() == right.tobytes()


def test_card_of_an_empty_mask_is_half_plain() -> None:
    card = imaging.social_preview(photo((80, 60)), Image.new("L", (80, 60)))
    colours = card.crop((600, 0, 1200, 630)).getcolors()
    assert colours == [(600 * 630, (0xD3, 0xDA, 0xE1))]


@pytest.mark.parametrize("left", [0, 900, 1900])
def test_card_is_centred_on_the_object(left: int) -> None:
    box = (left, 10, left + 100, 90)
    wide, shape = Image.new("RGB", (2000, 100), "white"), mask((2000, 100), box)
    wide.paste(GREEN, box)
    assert imaging.social_preview(wide, shape).crop((0, 300, 600, 330)).getpixel((300, 15)) == GREEN
