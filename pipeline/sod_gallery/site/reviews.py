"""Merges the verdicts that reviewers exported from the site into ``_data/reviews.json``.

A verdict is about a result: a photo, by its content, and what made the result, by its hash.  It
counts where the published gallery holds that result, whatever else was built since and however the
photo is called; other verdicts are kept as outdated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from sod_gallery import places
from sod_gallery.config import Config
from sod_gallery.errors import ConfigError
from sod_gallery.files import write_if_changed
from sod_gallery.manifest import Manifest
from sod_gallery.records import Gallery, Judgement, Record

from . import data
from .agreement import Alpha, alpha_of
from .preferences import Duel, duels_of
from .verdicts import Reading, Verdict, newest_of, read_export, reviewer_of, subject_of


class Note(Record, frozen=True):
    """A reviewer's remark."""

    reviewer: str
    verdict: Judgement
    text: str
    link: str


class Agreement(Record, frozen=True):
    """What the reviewers think of one result."""

    result_sha256: str
    photo_sha256: str
    total: int
    good: int
    bad: int
    unsure: int
    verdict: Judgement | Literal["split"]
    """The most frequent one, or ``split`` where two are equally frequent."""
    disagree: bool
    """Not all verdicts are equal."""
    reasons: dict[str, int]
    """How many reviewers gave each reason, the most frequent first."""
    notes: list[Note]


class Reviews(Record, frozen=True):
    """All verdicts; serialised as ``_data/reviews.json``."""

    version: Literal[2]
    build: str
    """The gallery that the verdicts were counted for."""
    reviewers: list[str]
    photos: dict[str, dict[str, Agreement]]
    """By ``<dataset>/<name>``, then by method's name."""
    alpha: Alpha | None
    """How well the reviewers agree; none where no result has two verdicts."""
    duels: list[Duel]
    """What blind reviews say of each two methods."""
    outdated: list[Verdict]
    """Verdicts on a result that the gallery does not hold; they do not count."""


def review(
    root: Path, files: Sequence[Path], *, strict: bool = False, warn: Callable[[str], None]
) -> Reviews:
    """Merge exports into the ``_data/reviews.json`` of the site at ``root``.

    Verdicts are counted against the published ``_data/gallery.json``, which is what the reviewers
    saw.  The file follows from these exports alone: an earlier one is replaced.  ``warn`` gets a
    sentence for each entry that is left out.  Raises ConfigError, with nothing written, where a
    file is no export, or with ``strict`` where any entry is not usable.
    """
    reading = Reading()
    for path in files:
        read_export(path, reading)
    if strict and reading.left_out:
        raise ConfigError("\n".join([*reading.left_out, "Nothing was merged."]))
    for sentence in reading.left_out:
        warn(sentence)
    reviews = merge(reading, read_gallery(root))
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


def merge(reading: Reading, gallery: Gallery) -> Reviews:
    """Count the verdicts on what ``gallery`` shows; their order and repetitions do not matter."""
    verdicts: list[Verdict] = newest_of(reading.verdicts)
    by_subject: dict[tuple[str, ...], list[Verdict]] = {}
    for verdict in verdicts:
        by_subject.setdefault(subject_of(verdict), []).append(verdict)
    photos: dict[str, dict[str, Agreement]] = {}
    shown = set()
    for dataset in gallery.datasets:
        for photo in dataset.photos:
            for result in photo.results:
                subject = (photo.sha256, result.checkpoint_sha256)
                shown.add(subject)
                if subject in by_subject:
                    agreement = _agreement(by_subject[subject])
                    photos.setdefault(f"{dataset.name}/{photo.name}", {})[result.method] = agreement
    return Reviews(
        version=2,
        build=gallery.build,
        reviewers=sorted({reviewer_of(verdict) for verdict in verdicts}),
        photos=photos,
        alpha=alpha_of([each for subject, each in by_subject.items() if subject in shown]),
        duels=duels_of(newest_of(reading.preferences), shown),
        outdated=[verdict for verdict in verdicts if subject_of(verdict) not in shown],
    )


def reviews_json(reviews: Reviews) -> bytes:
    """Serialise ``reviews.json``: key order fixed, UTF-8, LF."""
    return msgspec.json.format(msgspec.json.encode(reviews), indent=1) + b"\n"


class ReviewCounts(msgspec.Struct, kw_only=True):
    """What was merged, in numbers."""

    written: str
    """Path of the file, below the site's root."""
    verdicts: int
    """Verdicts that count; one on a photo that two datasets hold counts once."""
    photos: int
    """Photos that have such verdicts."""
    reviewers: list[str]
    outdated: int
    """Verdicts on a result that the gallery does not hold."""


def count(reviews: Reviews) -> ReviewCounts:
    """Return how much was merged."""
    agreements = (each for methods in reviews.photos.values() for each in methods.values())
    totals = {(each.photo_sha256, each.result_sha256): each.total for each in agreements}
    return ReviewCounts(
        written=places.REVIEWS_JSON,
        verdicts=sum(totals.values()),
        photos=len(reviews.photos),
        reviewers=reviews.reviewers,
        outdated=len(reviews.outdated),
    )


def describe(reviews: Reviews) -> list[str]:
    """Return sentences on what was merged."""
    counts = count(reviews)
    lines = [
        f"verdicts: {counts.verdicts}, photos: {counts.photos}, "
        f"reviewers: {len(counts.reviewers)}, outdated verdicts: {counts.outdated}; "
        f"written to {counts.written}"
    ]
    if reviews.alpha:
        lines.append(f"agreement: {reviews.alpha}")
    return [*lines, *(str(duel) for duel in reviews.duels)]


def _agreement(verdicts: Sequence[Verdict]) -> Agreement:
    counts = Counter(verdict.verdict for verdict in verdicts)
    reasons = Counter(reason for verdict in verdicts for reason in sorted(set(verdict.reasons)))
    return Agreement(
        result_sha256=verdicts[0].result_sha256,
        photo_sha256=verdicts[0].photo_sha256,
        total=len(verdicts),
        good=counts["good"],
        bad=counts["bad"],
        unsure=counts["unsure"],
        verdict=_majority(counts),
        disagree=len(counts) > 1,
        reasons=dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        notes=list(_notes(verdicts)),
    )


def _notes(verdicts: Iterable[Verdict]) -> Iterable[Note]:
    for verdict in verdicts:
        if text := verdict.note.strip():
            yield Note(
                reviewer=reviewer_of(verdict), verdict=verdict.verdict, text=text, link=verdict.link
            )


def _majority(counts: Counter[Judgement]) -> Judgement | Literal["split"]:
    (first, most), *others = counts.most_common()
    return "split" if others and others[0][1] == most else first
