"""The patches of a mask's boundary that are worth a look."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from sod_gallery.pictures.uncertainty import PATCHES, uncertain_patches
from sod_gallery.records import Patch


def mask_of(pixels: NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(pixels)


def holds(patch: Patch, x: float, y: float) -> bool:
    return patch.x <= x <= patch.x + patch.width and patch.y <= y <= patch.y + patch.height


@pytest.mark.parametrize("level", [0, 255])
def test_a_decided_mask_has_none(level: int) -> None:
    assert uncertain_patches(Image.new("L", (300, 200), level)) == []


def test_the_softest_place_comes_first() -> None:
    pixels = np.zeros((600, 900), np.uint8)
    pixels[:, 450:] = 255
    pixels[100:160, 700:760] = 128  # undecided
    pixels[400:440, 100:140] = 40  # hardly undecided
    first, *others = uncertain_patches(mask_of(pixels))
    assert holds(first, 730 / 900, 130 / 600)
    assert any(holds(patch, 120 / 900, 420 / 600) for patch in others)


def test_patches_lie_inside_and_do_not_overlap() -> None:
    random = np.random.default_rng(1)
    patches = uncertain_patches(mask_of(random.integers(0, 256, (400, 640), dtype=np.uint8)))
    assert len(patches) == PATCHES
    for index, patch in enumerate(patches):
        assert 0 <= patch.x <= patch.x + patch.width <= 1.0001
        assert 0 <= patch.y <= patch.y + patch.height <= 1.0001
        for other in patches[:index]:
            apart_x = abs(patch.x - other.x) >= patch.width - 1e-3
            apart_y = abs(patch.y - other.y) >= patch.height - 1e-3
            assert apart_x or apart_y


@pytest.mark.parametrize("size", [(1, 1), (5, 900), (900, 5), (40, 40)])
def test_any_shape_works(size: tuple[int, int]) -> None:
    (patch, *_) = uncertain_patches(Image.new("L", size, 128))
    assert patch.width > 0
    assert patch.height > 0
