"""From a photo to what the network takes, in the order of the authors' test script.

Squash to a square, divide by the picture's own maximum, normalise.  The authors' results were made
without anti-aliasing, so none is done here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .checkpoints import Checkpoint

DARKEST = 1e-6
"""Least maximum that a photo is divided by: a black one stays black."""


def prepare(photo: NDArray[np.uint8], checkpoint: Checkpoint) -> NDArray[np.float32]:
    """Turn an H×W×3 photo into the network's 3×S×S input."""
    pixels = sample_bilinear(photo, checkpoint.input_size) / np.float32(255)
    pixels /= max(pixels.max(), np.float32(DARKEST))
    mean = np.asarray(checkpoint.mean, np.float32)
    std = np.asarray(checkpoint.std, np.float32)
    return np.ascontiguousarray(((pixels - mean) / std).transpose(2, 0, 1))


def sample_bilinear(photo: NDArray[np.uint8], size: int) -> NDArray[np.float32]:
    """Sample H×W×3 bytes at size×size pixel centres, reading four neighbours each and no more.

    The same as ``interpolate(mode="bilinear", align_corners=False, antialias=False)``, but only the
    pixels that count are converted, which for a large photo is a hundredth of them.
    """
    top, bottom, down = _neighbours(photo.shape[0], size)
    left, right, across = _neighbours(photo.shape[1], size)
    down, across = down[:, None, None], across[:, None]
    upper, lower = photo[top], photo[bottom]
    rows = [row[:, left] * (1 - across) + row[:, right] * across for row in (upper, lower)]
    return np.asarray(rows[0] * (1 - down) + rows[1] * down, np.float32)


def _neighbours(
    length: int, size: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
    """Return for each of ``size`` samples of a line its two pixels and the share of the second."""
    centre = (np.arange(size, dtype=np.float64) + 0.5) * (length / size) - 0.5
    centre = centre.clip(0, length - 1)
    first = centre.astype(np.intp)
    return first, np.minimum(first + 1, length - 1), (centre - first).astype(np.float32)
