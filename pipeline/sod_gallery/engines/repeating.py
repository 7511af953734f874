"""How far the maps of one network agree with each other: mirrored, and at its six depths."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sod_gallery.networks.registry import Checkpoint
from sod_gallery.records import Trust

from .predictor import normalise_min_max, shared_predictor
from .runtime import REFERENCE, Runtime


def repeatability(checkpoint: Checkpoint, runtime: Runtime, photo: Image.Image) -> Trust:
    """Run a network on a photo again: mirrored, and in torch with all of its side outputs.

    Returns ``flip`` and ``sides``; the other fields are 0.
    """
    predictor = shared_predictor(checkpoint, runtime)
    usual = predictor.predict_one(photo)
    mirrored = predictor.predict_one(photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    fused, *sides = shared_predictor(checkpoint, REFERENCE).predict_all(photo)
    return Trust(
        ambiguous=0,
        border=0,
        parts=0,
        flip=round(_iou(usual, mirrored[:, ::-1]), 4),
        sides=round(float(np.mean([_iou(fused, side) for side in sides])), 4),
    )


def _iou(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Return the IoU of two maps at 0.5; that of two maps without an object is 1."""
    here, there = normalise_min_max(one) >= 0.5, normalise_min_max(other) >= 0.5
    union = np.count_nonzero(here | there)
    return float(np.count_nonzero(here & there) / union) if union else 1.0
