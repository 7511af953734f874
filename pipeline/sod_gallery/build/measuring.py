"""The steps that measure the masks of a photo and write no file: scores, trust, agreement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
from PIL import Image

from sod_gallery.manifest import PhotoRecord
from sod_gallery.photos.maps import Levels, load_annotation
from sod_gallery.records import Figures, Provenance, Trust
from sod_gallery.scores.trust import agreement, trust_of

from .recipe import StepRunner, step_key
from .steps import Product

TRUST, SCORES, AGREEMENT, THOROUGH = "trust", "scores", "agreement", "thorough"
VERSION = 1
"""Of all of these steps; see steps.Step."""
NO_SCORER = (
    "there is ground truth, but no scores: PySODMetrics is not installed, which computes them. "
    "Install it with pip install 'sod-gallery[scores]'."
)
DIGITS = 7
"""Scores are kept so exactly."""


class Repeat(Protocol):
    """Runs a network again, to see how far its maps agree with each other."""

    def __call__(self, made_by: Provenance) -> Trust:
        """Return ``flip`` and ``sides``; the other fields are not used."""
        ...


def can_score() -> bool:
    """Tell whether PySODMetrics is installed, without importing it."""
    return find_spec("py_sod_metrics") is not None


@dataclass
class _Masks:
    """The masks of a photo as the steps wrote them, each read at most once."""

    root: Path
    record: PhotoRecord
    _read: dict[str, Levels] = field(default_factory=dict)

    def of(self, method: str) -> Levels:
        if method not in self._read:
            path = self.record.steps[f"{method}/mask"].outputs[0].path
            with Image.open(self.root / path) as image:
                self._read[method] = np.asarray(image.convert("L"))
        return self._read[method]

    def sha256(self, method: str) -> str:
        """Return the hash of a mask, or nothing where it was never made."""
        outputs = self.record.steps[f"{method}/mask"].outputs
        return outputs[0].sha256 if outputs else ""


def measure(
    record: PhotoRecord,
    runner: StepRunner,
    methods: Sequence[Provenance],
    *,
    scored: bool,
    repeat: Repeat | None = None,
) -> PhotoRecord:
    """Return the record with what is measured on its masks.

    ``scored``: against ground truth, where there is some.  ``repeat``: runs networks once more.
    """
    masks, steps = _Masks(runner.root, record), dict(record.steps)

    def ensure(label: str, name: str, inputs: Sequence[str], make: Callable[[], Figures]) -> None:
        key = step_key(name, VERSION, inputs, {})
        steps[label] = runner.ensure(label, key, lambda: Product([], figures=make()))

    truth = record.ground_truth
    for made_by in methods:
        method = made_by.method
        sha256 = masks.sha256(method)
        ensure(f"{method}/{TRUST}", TRUST, [sha256], partial(_trust, masks, method))
        if scored and truth:
            make = partial(_scores, masks, method, runner.root / truth.path)
            ensure(f"{method}/{SCORES}", SCORES, [sha256, truth.sha256], make)
        if repeat and made_by.device:
            ensure(
                f"{method}/{THOROUGH}",
                THOROUGH,
                [record.sha256, made_by.checkpoint_sha256],
                lambda made_by=made_by: Figures(trust=repeat(made_by)),  # type: ignore[misc]
            )
    names = [made_by.method for made_by in methods]
    if len(names) > 1:
        hashes = [text for name in names for text in (name, masks.sha256(name))]
        ensure(AGREEMENT, AGREEMENT, hashes, partial(_agreements, masks, names))
    return msgspec.structs.replace(record, steps=steps)


def _trust(masks: _Masks, method: str) -> Figures:
    return Figures(trust=trust_of(masks.of(method)))


def _agreements(masks: _Masks, names: Sequence[str]) -> Figures:
    pairs = combinations(names, 2)
    return Figures(
        agreements=[agreement(pair, *(masks.of(name) for name in pair)) for pair in pairs]
    )


def _scores(masks: _Masks, method: str, truth: Path) -> Figures:
    from sod_gallery.scores.curves import pack
    from sod_gallery.scores.measures import EVALUATOR
    from sod_gallery.scores.truth import evaluator_version, score

    scores = score(masks.of(method), load_annotation(truth))
    return Figures(
        scores={name: round(value, DIGITS) for name, value in scores.values.items()},
        curves=pack(scores.curves),
        evaluator=f"{EVALUATOR} {evaluator_version()}",
    )
