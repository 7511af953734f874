"""Turns a photo into the input of a network, in the order of the authors' test script.

The steps (``RescaleT`` and ``ToTensorLab`` in xuebinqin/U-2-Net): squash to a square, divide by the
picture's own maximum, subtract the mean and divide by the standard deviation of each channel.  The
authors' results were made without anti-aliasing, so none is done here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .registry import Checkpoint

DARKEST = 1e-6
"""The least number that a photo, in [0, 1], is divided by: a black one stays black."""


def prepare(photo: NDArray[np.uint8], checkpoint: Checkpoint) -> NDArray[np.float32]:
    """Return the network's input, float32 3×S×S, for a photo of H×W×3 bytes (R, G, B)."""
    sample = SAMPLERS[checkpoint.interpolation]
    pixels = sample(photo, checkpoint.input_size) / np.float32(255)
    pixels /= max(pixels.max(), np.float32(DARKEST))
    mean = np.asarray(checkpoint.mean, np.float32)
    std = np.asarray(checkpoint.std, np.float32)
    return np.ascontiguousarray(((pixels - mean) / std).transpose(2, 0, 1))


def sample_bilinear(photo: NDArray[np.uint8], size: int) -> NDArray[np.float32]:
    """Sample a photo of H×W×3 bytes at size×size pixel centres; returns float32 in [0, 255].

    The same as torch's ``interpolate(mode="bilinear", align_corners=False, antialias=False)``.  It
    reads only the four neighbours of each sample: of a large photo, a hundredth of all pixels.
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
    """Return for each of ``size`` samples of a line its two pixels and the second one's weight."""
    centre = (np.arange(size, dtype=np.float64) + 0.5) * (length / size) - 0.5
    centre = centre.clip(0, length - 1)
    first = centre.astype(np.intp)
    return first, np.minimum(first + 1, length - 1), (centre - first).astype(np.float32)


SAMPLERS = {"bilinear": sample_bilinear}
