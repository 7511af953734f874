"""Scores of masks against ground truth: a thin adapter on PySODMetrics.

PySODMetrics (lartpang/PySODMetrics, MIT) computes the measures as the field's Matlab toolboxes do.
It comes with the extra ``scores``.
"""

from __future__ import annotations

import numpy as np
import py_sod_metrics
from numpy.typing import NDArray
from PIL import Image

Bytes = NDArray[np.uint8]
Scores = dict[str, float]
"""Scores by PySODMetrics' names, in [0, 1]."""

BETA_SQUARED = 0.3
"""Weighs precision more than recall in the F-measure, as is usual for salient objects."""
OBJECT_FROM = 128
"""The least level of a mask or a ground truth, of 0 … 255, that belongs to the object."""


class TruthScores:
    """Collects masks with their ground truth, and returns the means of their scores."""

    def __init__(self) -> None:
        forms = {"with_dynamic": True, "with_adaptive": True, "with_binary": False}
        self._count = 0
        self._plain = {
            "mae": py_sod_metrics.MAE(),
            "wfm": py_sod_metrics.WeightedFmeasure(),
            "sm": py_sod_metrics.Smeasure(),
        }
        self._em = py_sod_metrics.Emeasure()
        self._fm = py_sod_metrics.FmeasureV2(
            metric_handlers={"fm": py_sod_metrics.FmeasureHandler(beta=BETA_SQUARED, **forms)}
        )

    def step(self, mask: Bytes, truth: Bytes) -> None:
        """Take in a mask and its ground truth: H×W of 0 … 255 each, the truth 0 or 255."""
        self._count += 1
        for metric in (*self._plain.values(), self._em, self._fm):
            metric.step(pred=mask, gt=truth)

    def results(self) -> Scores:
        """Return the means; no scores where nothing was taken in.

        ``mae``, ``wfm`` (weighted F), ``sm`` (S-measure), and of F (``fm``) and E (``em``) the
        greatest of the mean curve, its mean, and the adaptive one: ``max_fm``, ``mean_fm``,
        ``adp_fm``, ``max_em`` …
        """
        if not self._count:
            return {}
        scores = {name: metric.get_results()[name] for name, metric in self._plain.items()}
        fm = self._fm.get_results()["fm"]
        em = self._em.get_results()["em"]
        for name, curve, adaptive in (
            ("fm", fm["dynamic"], fm["adaptive"]),
            ("em", em["curve"], em["adp"]),
        ):
            scores |= {f"max_{name}": curve.max(), f"mean_{name}": curve.mean()}
            scores[f"adp_{name}"] = adaptive
        return {name: float(value) for name, value in scores.items()}


def intersection_over_union(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Return the IoU of two H×W masks, in [0, 1]; that of two empty masks is 1: they agree."""
    union = (one | other).sum()
    return float((one & other).sum() / union) if union else 1.0


def read_truth(image: Image.Image) -> Bytes:
    """Return a picture of ground truth as H×W of 0 and 255."""
    levels = np.asarray(image.convert("L"))
    return np.where(levels >= OBJECT_FROM, np.uint8(255), np.uint8(0))
