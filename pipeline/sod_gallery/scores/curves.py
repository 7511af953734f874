"""Keeps the curves of a photo's scores as a short text, and gives them back."""

from __future__ import annotations

import base64
import zlib

import numpy as np
from numpy.typing import NDArray

from .truth import BETA_SQUARED, Curve

KEPT = ("p", "r", "em")
"""Precision, recall and E-measure; the other curves follow from the first two."""


def pack(curves: dict[str, Curve]) -> str:
    """Return the curves as base64 of compressed float32, which is exact to 1e-7."""
    values = np.stack([curves[name] for name in KEPT]).astype("<f4")
    return base64.b64encode(zlib.compress(values.tobytes(), 9)).decode()


def unpack(text: str) -> dict[str, Curve]:
    """Return all curves of ``truth.PhotoScores``."""
    values = np.frombuffer(zlib.decompress(base64.b64decode(text)), "<f4").astype(np.float64)
    curves: dict[str, Curve] = dict(zip(KEPT, values.reshape(len(KEPT), -1), strict=True))
    precision, recall = curves["p"], curves["r"]
    product = precision * recall
    return curves | {
        "fm": _ratio((1 + BETA_SQUARED) * product, BETA_SQUARED * precision + recall),
        "iou": _ratio(product, precision + recall - product),
        "dice": _ratio(2 * product, precision + recall),
    }


def _ratio(above: NDArray[np.float64], below: NDArray[np.float64]) -> Curve:
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)
