"""What is published of the steps that measure a result: trust, doubt, scores, agreement."""

from __future__ import annotations

from typing import TypedDict

import msgspec

from sod_gallery.manifest import Findings, PhotoRecord
from sod_gallery.records import Agreement, Figures, Result, Trust
from sod_gallery.scores.trust import doubt


class Measured(TypedDict):
    """Fields of records.Result."""

    trust: Trust | None
    doubt: float
    scores: dict[str, float]


def measured(method: str, record: PhotoRecord, findings: Findings) -> Measured:
    """Return what was measured on the mask that a method made of a photo."""
    trust = figures(record, f"{method}/trust").trust
    repeated = figures(record, f"{method}/thorough").trust
    if trust and repeated:
        trust = msgspec.structs.replace(trust, flip=repeated.flip, sides=repeated.sides)
    ious = [each.iou for each in agreements(record) if method in each.methods]
    return Measured(
        trust=trust,
        doubt=doubt(findings.peak, findings.coverage, trust, ious),
        scores=figures(record, f"{method}/scores").scores,
    )


def agreements(record: PhotoRecord) -> list[Agreement]:
    """Return how much the masks of each two methods are alike."""
    return figures(record, "agreement").agreements


def maybe_empty(results: list[Result]) -> bool:
    """Tell whether a photo possibly holds no salient object: no network found a sure one."""
    networks = [result for result in results if result.device]
    return bool(networks) and all(result.faint or result.empty for result in networks)


def figures(record: PhotoRecord, label: str) -> Figures:
    """Return what a step found out, or nothing where it did not run."""
    step = record.steps.get(label)
    return (step and step.figures) or Figures()
