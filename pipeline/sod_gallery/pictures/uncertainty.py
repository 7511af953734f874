"""Finds where a mask is undecided: the patches of its boundary that are worth a look."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sod_gallery.records import Patch

PATCHES = 8
"""The most patches that are returned."""
LONG_SIDE = 256
"""Masks are reduced to this length of their longer side, in pixels; the network saw 320."""
WINDOW = 40
"""Width and height of a patch, in pixels of the reduced mask."""
LEAST = 0.02
"""Least mean uncertainty of a patch, on the scale from 0 to 1 of ``uncertain_patches``."""


def uncertain_patches(mask: Image.Image) -> list[Patch]:
    """Return up to PATCHES patches of an L mask, the most uncertain first; none overlap.

    The uncertainty of a pixel is 1 − |2·m − 1|, m being the mask in [0, 1]: it is 1 at mid grey and
    0 at black and white.
    """
    scale = min(1, LONG_SIDE / max(mask.size))
    size = max(1, round(mask.width * scale)), max(1, round(mask.height * scale))
    small = np.asarray(mask.resize(size, Image.Resampling.BOX), np.float64) / 255
    window_y, window_x = min(WINDOW, small.shape[0]), min(WINDOW, small.shape[1])
    sums = _box_sums(1 - np.abs(2 * small - 1), window_y, window_x)
    patches: list[Patch] = []
    while len(patches) < PATCHES and sums.max() > LEAST * window_y * window_x:
        y, x = (int(at) for at in np.unravel_index(sums.argmax(), sums.shape))
        patches.append(_patch(x, y, window_x, window_y, size))
        # windows that overlap this one do not count any more
        sums[max(0, y - window_y + 1) : y + window_y, max(0, x - window_x + 1) : x + window_x] = 0
    return patches


def _box_sums(values: NDArray[np.float64], height: int, width: int) -> NDArray[np.float64]:
    """Return the sum over each window, by its top left corner, from a summed-area table."""
    table = np.pad(values, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    top, bottom = table[:-height], table[height:]
    return np.asarray(
        bottom[:, width:] - bottom[:, :-width] - top[:, width:] + top[:, :-width], np.float64
    )


def _patch(x: int, y: int, width: int, height: int, size: tuple[int, int]) -> Patch:
    return Patch(
        x=round(x / size[0], 4),
        y=round(y / size[1], 4),
        width=round(width / size[0], 4),
        height=round(height / size[1], 4),
    )
