"""Merges the verdicts that reviewers exported from the site into ``_data/reviews.json``.

A verdict is about what one model made of one photo.  It counts where the gallery still holds that
photo and that checkpoint, whatever else has changed since; other verdicts are kept as outdated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from sod_gallery import places
from sod_gallery.config import Config
from sod_gallery.errors import ConfigError
from sod_gallery.files import write_if_changed
from sod_gallery.manifest import Manifest
from sod_gallery.records import Gallery, Judgement, Reason, Record

from . import data

Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Build = Annotated[str, Meta(pattern="^[0-9a-f]{12}$")]
Reviewer = Annotated[str, Meta(pattern=r"\S", max_length=80)]
Link = Annotated[str, Meta(pattern="^https?://", max_length=2000)]


class Verdict(Record, frozen=True):
    """What one reviewer thinks of one result."""

    photo: str
    """``<dataset>/<name>``."""
    photo_sha256: Sha256
    model: str
    checkpoint_sha256: Sha256 = msgspec.field(name="checkpoint")
    verdict: Judgement
    reasons: list[Reason]
    note: Annotated[str, Meta(max_length=2000)]
    link: Link
    """Shows what the reviewer saw."""
    when: Annotated[datetime, Meta(tz=True)]


class Export(Record, frozen=True):
    """The file that the site's Export button writes."""

    version: Literal[1]
    build: Build
    reviewer: Reviewer
    verdicts: list[Verdict]


class Note(Record, frozen=True):
    """A reviewer's remark."""

    reviewer: str
    verdict: Judgement
    text: str
    link: str


class Agreement(Record, frozen=True):
    """What the reviewers think of one result."""

    checkpoint_sha256: str
    photo_sha256: str
    total: int
    good: int
    bad: int
    unsure: int
    verdict: Judgement | Literal["split"]
    """The most frequent one, or ``split`` where two are equally frequent."""
    reasons: dict[str, int]
    """How many reviewers gave each reason, the most frequent first."""
    notes: list[Note]


class Signed(Record, frozen=True):
    """A verdict with who gave it, and in which build of the gallery."""

    reviewer: str
    build: str
    verdict: Verdict


class Reviews(Record, frozen=True):
    """All verdicts; serialised as ``_data/reviews.json``."""

    version: Literal[1]
    build: str
    """The gallery that the verdicts were counted for."""
    reviewers: list[str]
    photos: dict[str, dict[str, Agreement]]
    """By ``<dataset>/<name>``, then by model's name."""
    outdated: list[Signed]
    """Verdicts on a photo or a checkpoint that the gallery does not hold; they do not count."""


def review(root: Path, files: Sequence[Path]) -> Reviews:
    """Merge exports into the ``_data/reviews.json`` of the site at ``root``.

    Verdicts are counted against the published ``_data/gallery.json``, which is what the reviewers
    saw.  The file follows from these exports alone: an earlier one is replaced.  Raises
    ConfigError, with nothing written, where a file is no export.
    """
    exports = [read_export(path) for path in files]
    reviews = merge(exports, read_gallery(root))
    write_if_changed(root / places.REVIEWS_JSON, reviews_json(reviews))
    return reviews


def read_gallery(root: Path) -> Gallery:
    """Read the published ``_data/gallery.json``; without one, return a gallery of nothing.

    Raises ConfigError where the file is not what a build writes.
    """
    path = root / places.GALLERY_JSON
    try:
        return msgspec.json.decode(path.read_bytes(), type=Gallery)
    except FileNotFoundError:
        return data.gallery(Manifest(), Config(), lambda _: {})
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigError(
            f"{path}: cannot be read as the data of a gallery: {error}. Build the gallery again."
        ) from error


def read_export(path: Path) -> Export:
    """Read one reviewer's file; raises ConfigError naming it."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Export)
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read: {error.strerror or error}. Name the files that reviewers "
            "exported from the site."
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path}: is no export of verdicts: {error}. Ask its reviewer to export it once more, "
            "or leave it out; nothing was merged."
        ) from error


def merge(exports: Iterable[Export], gallery: Gallery) -> Reviews:
    """Count the verdicts on what ``gallery`` shows; their order and repetitions do not matter."""
    cast = sorted(_newest(exports), key=_order)
    shown = _shown(gallery)
    photos: dict[str, dict[str, list[Signed]]] = {}
    for one in cast:
        if _about(one.verdict) in shown:
            photos.setdefault(one.verdict.photo, {}).setdefault(one.verdict.model, []).append(one)
    return Reviews(
        version=1,
        build=gallery.build,
        reviewers=sorted({one.reviewer for one in cast}),
        photos={
            photo: {model: _agreement(votes) for model, votes in models.items()}
            for photo, models in photos.items()
        },
        outdated=[one for one in cast if _about(one.verdict) not in shown],
    )


def reviews_json(reviews: Reviews) -> bytes:
    """Serialise ``reviews.json``: key order fixed, UTF-8, LF."""
    return msgspec.json.format(msgspec.json.encode(reviews), indent=1) + b"\n"


class ReviewCounts(msgspec.Struct, kw_only=True):
    """What was merged, in numbers."""

    written: str
    """Path of the file, below the site's root."""
    verdicts: int
    """Verdicts that count."""
    photos: int
    """Photos that have such verdicts."""
    reviewers: list[str]
    outdated: int
    """Verdicts on a photo or a checkpoint that the gallery does not hold."""


def count(reviews: Reviews) -> ReviewCounts:
    """Return how much was merged."""
    agreements = (each for models in reviews.photos.values() for each in models.values())
    return ReviewCounts(
        written=places.REVIEWS_JSON,
        verdicts=sum(agreement.total for agreement in agreements),
        photos=len(reviews.photos),
        reviewers=reviews.reviewers,
        outdated=len(reviews.outdated),
    )


def describe(reviews: Reviews) -> str:
    """Return one sentence on what was merged."""
    counts = count(reviews)
    return (
        f"verdicts: {counts.verdicts}, photos: {counts.photos}, "
        f"reviewers: {len(counts.reviewers)}, outdated verdicts: {counts.outdated}; "
        f"written to {counts.written}"
    )


def _newest(exports: Iterable[Export]) -> Iterable[Signed]:
    """Keep the last word of each reviewer on each result."""
    newest: dict[tuple[str, ...], Signed] = {}
    for export in exports:
        reviewer = " ".join(export.reviewer.split())
        for verdict in export.verdicts:
            one = Signed(reviewer=reviewer, build=export.build, verdict=verdict)
            key = (reviewer, *_about(verdict))
            if key not in newest or _age(one) > _age(newest[key]):
                newest[key] = one
    return newest.values()


def _about(verdict: Verdict) -> tuple[str, ...]:
    return (verdict.photo, verdict.model, verdict.checkpoint_sha256, verdict.photo_sha256)


def _age(one: Signed) -> tuple[datetime, bytes]:
    """Order by time, and equal times by content, so that the files' order decides nothing."""
    return one.verdict.when, msgspec.json.encode(one)


def _order(one: Signed) -> tuple[str, ...]:
    return (*_about(one.verdict), one.reviewer)


def _shown(gallery: Gallery) -> set[tuple[str, ...]]:
    checkpoints = {model.name: model.checkpoint_sha256 for model in gallery.models}
    return {
        (f"{dataset.name}/{photo.name}", result.model, checkpoints[result.model], photo.sha256)
        for dataset in gallery.datasets
        for photo in dataset.photos
        for result in photo.results
    }


def _agreement(votes: Sequence[Signed]) -> Agreement:
    verdicts = [vote.verdict for vote in votes]
    counts = Counter(verdict.verdict for verdict in verdicts)
    reasons = Counter(reason for verdict in verdicts for reason in sorted(set(verdict.reasons)))
    return Agreement(
        checkpoint_sha256=verdicts[0].checkpoint_sha256,
        photo_sha256=verdicts[0].photo_sha256,
        total=len(verdicts),
        good=counts["good"],
        bad=counts["bad"],
        unsure=counts["unsure"],
        verdict=_majority(counts),
        reasons=dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        notes=[
            Note(
                reviewer=vote.reviewer,
                verdict=vote.verdict.verdict,
                text=vote.verdict.note.strip(),
                link=vote.verdict.link,
            )
            for vote in votes
            if vote.verdict.note.strip()
        ],
    )


def _majority(counts: Counter[Judgement]) -> Judgement | Literal["split"]:
    (first, most), *others = counts.most_common()
    return "split" if others and others[0][1] == most else first
