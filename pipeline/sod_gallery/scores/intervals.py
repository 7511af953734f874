"""Bootstrap intervals: how far means over photos would change with other photos of the kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .measures import MEASURES
from .truth import BETA_SQUARED, PhotoScores

RESAMPLES = 1000
AT_ONCE = 50
"""So many resamples are computed together: memory does not grow with their number."""
SEED = 20200518
"""The same photos always get the same intervals."""
LEVEL = 95
"""Per cent of the resamples that lie in an interval."""

Values = NDArray[np.float64]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Difference:
    """How two methods differ on the photos that both have a map of."""

    mean: float
    interval: Interval
    won: float
    """Share of the photos on which the first is better; a draw counts half."""
    photos: int


def intervals(photos: Sequence[PhotoScores]) -> dict[str, Interval]:
    """Return the interval of every mean of ``truth.summarise``, by the percentile bootstrap."""
    curves = {name: np.stack([p.curves[name] for p in photos]) for name in photos[0].curves}
    names = [each.name for each in MEASURES if all(each.name in p.values for p in photos)]
    values = np.array([[photo.values[name] for name in names] for photo in photos])
    found: dict[str, list[Values]] = {}
    for weights in _weights(len(photos)):
        means = dict(zip(names, (weights @ values).T, strict=True))
        means |= _of_curves({name: weights @ curve for name, curve in curves.items()})
        for name, each in means.items():
            found.setdefault(name, []).append(each)
    return {name: _percentiles(np.concatenate(parts)) for name, parts in found.items()}


def _of_curves(curves: dict[str, Values]) -> dict[str, Values]:
    """Return the measures that follow from mean curves, of B×256 values each."""
    precision, recall = curves["p"], curves["r"]
    weighted = BETA_SQUARED * precision + recall
    of_means = (1 + BETA_SQUARED) * precision * recall / np.where(weighted > 0, weighted, 1)
    best = curves["iou"].argmax(axis=1)[:, None]
    return {
        "max_fm": curves["fm"].max(axis=1),
        "max_em": curves["em"].max(axis=1),
        "max_fm_of_means": of_means.max(axis=1),
        "iou_best": np.take_along_axis(curves["iou"], best, 1)[:, 0],
        "dice_best": np.take_along_axis(curves["dice"], best, 1)[:, 0],
    }


def difference(one: Sequence[float], other: Sequence[float], *, is_error: bool) -> Difference:
    """Compare two methods on the same photos, of which there is at least one."""
    gaps = np.asarray(one, np.float64) - np.asarray(other, np.float64)
    better = -gaps if is_error else gaps
    means = np.concatenate([weights @ gaps for weights in _weights(len(gaps))])
    won = (np.count_nonzero(better > 0) + np.count_nonzero(better == 0) / 2) / len(gaps)
    return Difference(float(gaps.mean()), _percentiles(means), float(won), len(gaps))


def _weights(photos: int) -> Iterator[Values]:
    """Yield how much each photo weighs in each resample: B×N, whose rows add up to 1."""
    random = np.random.default_rng(SEED)
    for _ in range(RESAMPLES // AT_ONCE):
        yield random.multinomial(photos, np.full(photos, 1 / photos), AT_ONCE) / photos


def _percentiles(values: Values) -> Interval:
    low, high = np.percentile(values, [(100 - LEVEL) / 2, (100 + LEVEL) / 2])
    return float(low), float(high)
