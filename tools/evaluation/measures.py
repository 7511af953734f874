"""Scores of a checkpoint: the figures of each photo, and their means over a set."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sod_gallery.engines.predictor import Predictor, SaliencyMap
from sod_gallery.networks.registry import Checkpoint
from sod_gallery.photos.decoding import load_photo
from sod_gallery.photos.maps import load_annotation
from sod_gallery.pictures.imaging import make_mask
from sod_gallery.scores.truth import TruthScores, intersection_over_union

from .sets import PhotoSet

DIFFERENCE, OVERLAP, CUTOUT = "difference", "iou", "cutout_iou"
"""Names of the figures, all in [0, 1].  At the network's input size: the mean absolute difference
between the map and the teacher's, and the IoU of both maps thresholded at 0.5.  At the photo's
size: the IoU of the mask and the published cut-out's alpha, both thresholded at one half."""

Figures = dict[str, float]
"""Figures by name: those above, and for sets with ground truth those of ``truth.TruthScores``."""
Bytes = NDArray[np.uint8]
"""H×W levels of 0 … 255."""


class SetScores(msgspec.Struct, frozen=True):
    """The scores of one checkpoint on one set of photos."""

    title: str
    """The title of the set."""
    means: Figures
    """Means over the photos that have the figure, and the scores against ground truth."""
    photos: dict[str, Figures]
    """The figures of each photo, by its name."""

    def worst(self, count: int) -> list[str]:
        """Return the names of the ``count`` photos whose maps differ most from the teacher's."""
        by_difference = sorted(self.photos, key=lambda name: -self.photos[name][DIFFERENCE])
        return by_difference[:count]


class Evaluation(msgspec.Struct, frozen=True):
    """The scores of one checkpoint on all sets."""

    checkpoint: str
    """The checkpoint's name."""
    sha256: str
    """Hash of its file, 64 hexadecimal digits."""
    sets: list[SetScores]


def evaluate(checkpoints: Sequence[Checkpoint], sets: Sequence[PhotoSet]) -> list[Evaluation]:
    """Score every checkpoint on every set; return one evaluation for each checkpoint, in order.

    The last checkpoint is the teacher, to which the others are compared.  Raises CheckpointError
    for weights that cannot be used, and PhotoError for a photo that cannot be decoded.
    """
    predictors = [Predictor(checkpoint) for checkpoint in checkpoints]
    scores: list[list[SetScores]] = [[] for _ in checkpoints]
    for photo_set in sets:
        for column, result in zip(scores, _score(photo_set, predictors), strict=True):
            column.append(result)
    return [
        Evaluation(checkpoint.name, checkpoint.sha256, column)
        for checkpoint, column in zip(checkpoints, scores, strict=True)
    ]


def _score(photo_set: PhotoSet, predictors: Sequence[Predictor]) -> list[SetScores]:
    """Return the scores of every predictor on one set; each photo is decoded once."""
    figures: list[dict[str, Figures]] = [{} for _ in predictors]
    metrics = [TruthScores() for _ in predictors]
    for name, path in photo_set.photos.items():
        photo = load_photo(path)
        maps = [predictor.predict([photo])[0] for predictor in predictors]
        for column, metric, saliency in zip(figures, metrics, maps, strict=True):
            column[name] = compare_maps(saliency, maps[-1])
            mask = np.asarray(make_mask(saliency, photo.size))
            if name in photo_set.cutouts:
                column[name][CUTOUT] = intersection_over_union(
                    mask > 127, _cutout(photo_set.cutouts[name]) > 127
                )
            if name in photo_set.truths:
                metric.step(mask, load_annotation(photo_set.truths[name]))
    return [
        SetScores(photo_set.title, means(column.values()) | metric.results(), column)
        for column, metric in zip(figures, metrics, strict=True)
    ]


def compare_maps(saliency: SaliencyMap, teacher_map: SaliencyMap) -> Figures:
    """Return DIFFERENCE and OVERLAP of two maps: float32 S×S in [0, 1], at the input size S."""
    return {
        DIFFERENCE: float(np.abs(saliency - teacher_map).mean()),
        OVERLAP: intersection_over_union(saliency >= 0.5, teacher_map >= 0.5),
    }


def means(figures: Collection[Figures]) -> Figures:
    """Return the mean of every figure over the photos that have this figure.

    Names are in the order in which they first appear.
    """
    names = dict.fromkeys(name for photo in figures for name in photo)
    return {
        name: float(np.mean([photo[name] for photo in figures if name in photo])) for name in names
    }


def _cutout(path: Path) -> Bytes:
    """Read the alpha channel of a published cut-out."""
    with Image.open(path) as image:
        return np.asarray(image.getchannel("A"))
