"""What a result says about itself, without ground truth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sod_gallery.records import Agreement, Trust

FAINT = 0.5
"""A map whose peak is lower holds possibly no object.

Each value of a map is the network's estimate of the probability that a pixel belongs to an object:
below one half everywhere, the network takes no pixel for it.  Decision 27 states how often that is
right."""
AMBIGUOUS = (26, 229)
"""Levels of a mask, of 0 … 255, that are from 0.1 to 0.9."""
OBJECT_FROM = 128
"""The least level that belongs to the object."""
SPECK = 0.0005
"""Parts that cover a smaller share of the picture do not count."""
PARTS_SIDE = 640
"""Parts are counted on a mask reduced to this length of its longer side, in pixels."""

Levels = NDArray[np.uint8]


def is_faint(peak: float) -> bool:
    """Tell whether a map whose greatest value before normalisation is ``peak`` is faint."""
    return peak < FAINT


def trust_of(mask: Levels) -> Trust:
    """Measure a mask, H×W of 0 … 255."""
    low, high = AMBIGUOUS
    ambiguous = np.count_nonzero((mask >= low) & (mask <= high)) / mask.size
    border = np.concatenate([mask[0], mask[-1], mask[1:-1, 0], mask[1:-1, -1]]) >= OBJECT_FROM
    return Trust(
        ambiguous=round(float(ambiguous), 4),
        border=round(float(border.mean()), 4),
        parts=_parts(mask),
    )


def _parts(mask: Levels) -> int:
    from scipy.ndimage import label  # builds with nothing to do start faster without it

    image = Image.fromarray(mask)
    image.thumbnail((PARTS_SIDE, PARTS_SIDE), Image.Resampling.BOX)
    small = np.asarray(image) >= OBJECT_FROM
    labels, _ = label(small, np.ones((3, 3)))
    sizes = np.bincount(labels.ravel())[1:]
    return int(np.count_nonzero(sizes >= SPECK * small.size))


def agreement(names: tuple[str, str], one: Levels, other: Levels) -> Agreement:
    """Compare the masks of two methods, both H×W of 0 … 255."""
    here, there = one >= OBJECT_FROM, other >= OBJECT_FROM
    union = np.count_nonzero(here | there)
    iou = np.count_nonzero(here & there) / union if union else 1.0
    difference = np.maximum(one, other) - np.minimum(one, other)
    return Agreement(
        methods=names, iou=round(float(iou), 6), mae=round(float(difference.mean()) / 255, 6)
    )


def doubt(peak: float, coverage: float, trust: Trust | None, ious: Sequence[float]) -> float:
    """Return how much there is to doubt about a result without ground truth, in [0, 1].

    The mean of: what its peak lacks to 1; ambiguous pixels as a share of these and the object's;
    and what the mean IoU with other methods, where there are such, lacks to 1.
    """
    parts = [1 - peak]
    if trust is not None:
        shown = trust.ambiguous + coverage
        parts.append(trust.ambiguous / shown if shown else 1.0)
    if ious:
        parts.append(1 - sum(ious) / len(ious))
    return round(min(1.0, max(0.0, sum(parts) / len(parts))), 4)
