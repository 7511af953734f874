"""Scores of masks against ground truth: a thin adapter on PySODMetrics.

PySODMetrics (lartpang/PySODMetrics, MIT) computes the measures as the field's Matlab toolboxes do.
It comes with the extra ``scores``, and is imported when a mask is scored, not before.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sod_gallery.errors import PipelineError

from .measures import EVALUATOR, EVALUATOR_PACKAGE, Scores

Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Curve = NDArray[np.float64]
"""256 values, for thresholds from 255/255 down to 0."""

BETA_SQUARED = 0.3
"""Weighs precision more than recall in the F-measure, as is usual for salient objects."""
BOUNDARY = 0.02
"""Width of the band of boundary IoU, as a share of the picture's diagonal (Cheng et al., 2021)."""
HANDLED = ("fm", "iou", "dice", "p", "r")


@dataclass(frozen=True)
class PhotoScores:
    """The scores of one mask."""

    values: Scores
    """By name; see ``measures.MEASURES``."""
    curves: dict[str, Curve]
    """By name: ``fm``, ``em``, ``iou``, ``dice``, ``p`` (precision) and ``r`` (recall)."""


def evaluator_version() -> str:
    """Return the version of PySODMetrics; raises PipelineError where it is not installed."""
    try:
        return version(EVALUATOR_PACKAGE)
    except PackageNotFoundError as error:
        raise PipelineError(
            f"{EVALUATOR} is not installed, which computes the scores. Install it with "
            "pip install 'sod-gallery[scores]'."
        ) from error


def score(mask: Bytes, truth: Bytes) -> PhotoScores:
    """Score a mask against ground truth: H×W of 0 … 255 each, the truth 0 or 255.

    The mask is stretched to its full range first, as the field's toolboxes do.
    """
    import py_sod_metrics as metrics
    from py_sod_metrics.utils import validate_and_normalize_input

    prediction, annotated = validate_and_normalize_input(mask, truth)
    values: Scores = {}
    for name, metric in (
        ("mae", metrics.MAE()),
        ("sm", metrics.Smeasure()),
        ("wfm", metrics.WeightedFmeasure()),
    ):
        metric.step(prediction, annotated, normalize=False)
        values[name] = metric.get_results()[name]
    handled = _handled(metrics, prediction, annotated)
    e_measure = metrics.Emeasure()
    e_measure.step(prediction, annotated, normalize=False)
    em = e_measure.get_results()["em"]
    curves = {name: handled[name]["dynamic"] for name in HANDLED} | {"em": em["curve"]}
    for name in ("fm", "em"):
        values |= {f"max_{name}": curves[name].max(), f"mean_{name}": curves[name].mean()}
        values[f"adp_{name}"] = em["adp"] if name == "em" else handled[name]["adaptive"]
    values |= {name: handled[name]["binary"] for name in ("iou", "dice")}
    values["biou"] = boundary_iou(prediction > 0.5, annotated)
    values["msiou"] = _multi_scale_iou(metrics.MSIoU(False, False), prediction > 0.5, annotated)
    context = _context_measure(metrics.ContextMeasure(), prediction, annotated)
    if context is not None:
        values["cm"] = context
    return PhotoScores({name: float(value) for name, value in values.items()}, curves)


def _handled(metrics: Any, prediction: NDArray[np.float64], annotated: Mask) -> dict[str, Any]:
    """Return the results of all measures that follow from counts of pixels."""
    forms = {"with_dynamic": True, "with_adaptive": True, "with_binary": True}
    handlers = {
        "fm": metrics.FmeasureHandler(beta=BETA_SQUARED, **forms),
        "iou": metrics.IOUHandler(**forms),
        "dice": metrics.DICEHandler(**forms),
        "p": metrics.PrecisionHandler(**forms),
        "r": metrics.RecallHandler(**forms),
    }
    metric = metrics.FmeasureV2(handlers)
    metric.step(prediction, annotated, normalize=False)
    results: dict[str, Any] = metric.get_results()
    return results


def _multi_scale_iou(metric: Any, binary: Mask, annotated: Mask) -> float:
    """Return PySODMetrics' MSIoU; its own ``step`` calls a function that NumPy 2.4 lacks."""
    edges, true_edges = metric.get_edge(binary), metric.get_edge(annotated)
    # bool is faster; the truth's edges stay float16, whose rounded sums are PySODMetrics' own
    ratios = np.asarray(metric.multi_scale_iou(edges.astype(bool), true_edges))
    return float((ratios[1:] + ratios[:-1]).sum() / 2 / (len(ratios) - 1))


def _context_measure(metric: Any, prediction: Any, annotated: Mask) -> float | None:
    """Return the Context-measure; none where the truth's pixels lie on one slanted line."""
    try:
        with np.errstate(all="ignore"):
            metric.step(prediction, annotated, normalize=False)
    except np.linalg.LinAlgError:
        return None
    value = float(metric.get_results()["cm"])
    return value if math.isfinite(value) else None


def boundary_iou(one: Mask, other: Mask) -> float:
    """Return the IoU of the bands along two masks' contours, in [0, 1]; 0 where both are empty.

    The band is what an erosion takes away, as in Cheng et al., *Boundary IoU*, CVPR 2021.
    """
    from scipy.ndimage import minimum_filter

    width = max(1, round(BOUNDARY * math.hypot(*one.shape)))
    bands = [
        mask & ~minimum_filter(mask, size=2 * width + 1, mode="constant", cval=0)
        for mask in (one, other)
    ]
    union = (bands[0] | bands[1]).sum()
    return float((bands[0] & bands[1]).sum() / union) if union else 0.0


@dataclass(frozen=True)
class DatasetScores:
    """What a method reaches on a dataset."""

    means: Scores
    """By name; maxima are those of the mean curve."""
    curves: dict[str, Curve]
    """The means of the photos' curves."""
    best_threshold: float
    """In [0, 1]: where the mean IoU is greatest."""


def summarise(photos: Sequence[PhotoScores]) -> DatasetScores:
    """Return the means over photos, of which there is at least one."""
    curves = {name: np.mean([p.curves[name] for p in photos], axis=0) for name in photos[0].curves}
    means = _means([photo.values for photo in photos])
    for name in ("fm", "em"):
        means |= {f"max_{name}": curves[name].max(), f"mean_{name}": curves[name].mean()}
    precision, recall = curves["p"], curves["r"]
    weighted = BETA_SQUARED * precision + recall
    of_means = (1 + BETA_SQUARED) * precision * recall / np.where(weighted > 0, weighted, 1)
    means["max_fm_of_means"] = of_means.max()
    best = int(curves["iou"].argmax())
    means |= {"iou_best": curves["iou"][best], "dice_best": curves["dice"][best]}
    return DatasetScores(
        {name: float(value) for name, value in means.items()}, curves, (255 - best) / 255
    )


def at_threshold(photo: PhotoScores, threshold: float) -> Scores:
    """Return ``iou_best`` and ``dice_best`` of a photo: at the threshold of its method."""
    index = 255 - round(threshold * 255)
    return {f"{name}_best": float(photo.curves[name][index]) for name in ("iou", "dice")}


def _means(photos: Sequence[Scores]) -> Scores:
    names = dict.fromkeys(name for photo in photos for name in photo)
    return {name: float(np.mean([p[name] for p in photos if name in p])) for name in names}


class TruthScores:
    """Collects masks with their ground truth, and returns the means of their scores."""

    def __init__(self) -> None:
        self._photos: list[PhotoScores] = []

    def step(self, mask: Bytes, truth: Bytes) -> None:
        """Take in a mask and its ground truth; see ``score``."""
        self._photos.append(score(mask, truth))

    def results(self) -> Scores:
        """Return the means (see ``summarise``); no scores where nothing was taken in."""
        return summarise(self._photos).means if self._photos else {}


def intersection_over_union(one: Mask, other: Mask) -> float:
    """Return the IoU of two H×W masks, in [0, 1]; that of two empty masks is 1: they agree."""
    union = (one | other).sum()
    return float((one & other).sum() / union) if union else 1.0
