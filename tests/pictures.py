"""Small pictures to make things from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def array(image: Image.Image) -> NDArray[np.int16]:
    return np.asarray(image).astype(np.int16)


def photo(size: tuple[int, int]) -> Image.Image:
    """Return a smooth picture that differs everywhere."""
    y, x = np.mgrid[0 : 255 : size[1] * 1j, 0 : 255 : size[0] * 1j]
    return Image.fromarray(np.stack((x, y, 255 - x), axis=-1).astype(np.uint8))


def mask(size: tuple[int, int], box: tuple[int, int, int, int], value: int = 255) -> Image.Image:
    result = Image.new("L", size)
    result.paste(value, box)
    return result
