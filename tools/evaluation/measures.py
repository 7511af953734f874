"""Figures of a checkpoint: of every photo, and their means over a set."""

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
from sod_gallery.pictures.imaging import make_mask
from sod_gallery.scores.truth import TruthScores, intersection_over_union, read_truth

from .sets import PhotoSet

DIFFERENCE, OVERLAP, CUTOUT = "difference", "iou", "cutout_iou"
"""Mean |difference| of the maps to the teacher's, in [0, 1], and IoU of the maps cut at 0.5;
IoU with the published cut-out at the photo's size."""

Figures = dict[str, float]
Bytes = NDArray[np.uint8]


class SetScores(msgspec.Struct, frozen=True):
    """One checkpoint on one set."""

    title: str
    means: Figures
    photos: dict[str, Figures]

    def worst(self, count: int) -> list[str]:
        """Return the photos whose maps differ most from the teacher's."""
        by_difference = sorted(self.photos, key=lambda name: -self.photos[name][DIFFERENCE])
        return by_difference[:count]


class Evaluation(msgspec.Struct, frozen=True):
    """One checkpoint on all sets."""

    checkpoint: str
    sha256: str
    sets: list[SetScores]


def evaluate(checkpoints: Sequence[Checkpoint], sets: Sequence[PhotoSet]) -> list[Evaluation]:
    """Score every checkpoint on every set; the last of the checkpoints is the teacher."""
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
    """Return the scores of every predictor, decoding each photo once."""
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
                metric.step(mask, _truth(photo_set.truths[name]))
    return [
        SetScores(photo_set.title, means(column.values()) | metric.results(), column)
        for column, metric in zip(figures, metrics, strict=True)
    ]


def compare_maps(saliency: SaliencyMap, taught: SaliencyMap) -> Figures:
    """Compare a map with the teacher's, at the network's size."""
    return {
        DIFFERENCE: float(np.abs(saliency - taught).mean()),
        OVERLAP: intersection_over_union(saliency >= 0.5, taught >= 0.5),
    }


def means(figures: Collection[Figures]) -> Figures:
    """Return the mean of every figure, over the photos that have it."""
    names = dict.fromkeys(name for of_photo in figures for name in of_photo)
    return {
        name: float(np.mean([of_photo[name] for of_photo in figures if name in of_photo]))
        for name in names
    }


def _cutout(path: Path) -> Bytes:
    with Image.open(path) as image:
        return np.asarray(image.getchannel("A"))


def _truth(path: Path) -> Bytes:
    with Image.open(path) as image:
        return read_truth(image)
