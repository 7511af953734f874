"""Reads saliency maps and ground truth as researchers publish them: any picture, or ``.npy``.

Both come as H×W levels of 8 bits, as the field's evaluators read them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sod_gallery.errors import PhotoError

from .decoding import Decoded, opened
from .names import printable

Levels = NDArray[np.uint8]
"""H×W of 0 … 255."""
ARRAY = ".npy"
WHITES = (1, 255, 65535)
"""The levels that stand for white, in the files of the field."""
OPAQUE = 255


def load_map(path: Path) -> tuple[Levels, list[str]]:
    """Read a saliency map; returns its levels, and notes on what is odd about the file.

    16 bits and floats are scaled to 8 bits: white is 1, 255 or 65535, the least of these that no
    value exceeds.  Colours become grey; where they are all alike and alpha is not, alpha is the
    map.  Raises PhotoError where the file holds no map.
    """
    if path.suffix.lower() == ARRAY:
        return _scaled(_load_array(path), path)
    with opened(path) as image:
        image.load()
        if image.mode.startswith(("I", "F")):
            return _scaled(np.asarray(image), path)
        return np.asarray(_grey(image)), []


def decode_map(path: Path) -> Decoded:
    """Read a map as ``load_map`` does; the picture is L.  Raises PhotoError."""
    levels, notes = load_map(path)
    return Decoded(Image.fromarray(levels), tuple(notes))


def map_size(path: Path) -> tuple[int, int]:
    """Return width and height of a map or ground truth in pixels; raises PhotoError."""
    if path.suffix.lower() == ARRAY:
        height, width = _load_array(path).shape
        return width, height
    with opened(path) as image:
        return image.size


def load_annotation(path: Path) -> Levels:
    """Read ground truth as H×W of 0 and 255; its greatest value is white.

    Raises PhotoError.
    """
    levels, _ = load_map(path)
    white = int(levels.max())
    scaled = np.rint(levels * (255 / white)) if white else levels
    return np.where(scaled > 128, np.uint8(255), np.uint8(0))  # PySODMetrics' threshold


def _grey(image: Image.Image) -> Image.Image:
    """Return a picture of 8 bits as L."""
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        alpha = rgba.getchannel("A")
        extremes = [channel.getextrema() for channel in rgba.convert("RGB").split()]
        if all(low == high for low, high in extremes) and alpha.getextrema()[0] != OPAQUE:
            return alpha
        image = rgba.convert("RGB")
    return image.convert("L")


def _load_array(path: Path) -> NDArray[np.generic]:
    """Read H×W numbers; one channel may lie along an axis of its own."""
    try:
        values = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise PhotoError(
            f"{printable(str(path))}: is no array of NumPy that can be read ({error}). "
            "Save it with numpy.save, as H×W numbers."
        ) from error
    shape = values.shape
    values = values.squeeze() if values.ndim > 2 else values
    is_number = values.dtype.kind in "buif"
    if not is_number or values.ndim != 2 or not values.size:
        raise PhotoError(
            f"{printable(str(path))}: holds an array of shape {shape} and type {values.dtype}. "
            "Save one map as H×W numbers."
        )
    return np.asarray(values)


def _scaled(values: NDArray[np.generic], path: Path) -> tuple[Levels, list[str]]:
    """Scale numbers of any range to 8 bits."""
    numbers = values.astype(np.float64)
    if not np.isfinite(numbers).all():
        raise PhotoError(
            f"{printable(str(path))}: holds values that are no numbers (NaN or infinite). "
            "Save the map without them."
        )
    low, high = float(numbers.min()), float(numbers.max())
    white = next((white for white in WHITES if high <= white), None)
    if low >= 0 and white is not None:
        return np.rint(numbers * (255 / white)).astype(np.uint8), []
    note = f"has values from {low:g} to {high:g}, which were scaled to black and white"
    span = high - low or 1.0
    return np.rint((numbers - low) * (255 / span)).astype(np.uint8), [note]
