"""How well reviewers agree beyond chance: Krippendorff's alpha of their verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np

from sod_gallery.records import Judgement, Record

from .verdicts import Verdict, reviewer_of


class Alpha(Record, frozen=True):
    """Krippendorff's alpha for nominal data (Content Analysis, 2004, chapter 11)."""

    value: float
    """1: all agree; 0: as much as by chance; below 0: less than by chance."""
    reviewers: int
    results: int
    """Results with at least two verdicts; the others say nothing about agreement."""

    def __str__(self) -> str:
        """Return it for people."""
        noun = "result" if self.results == 1 else "results"
        return (
            f"Krippendorff's alpha {self.value:.2f}, {self.reviewers} reviewers, "
            f"{self.results} {noun} with two verdicts or more"
        )


def alpha_of(results: Sequence[Sequence[Verdict]]) -> Alpha | None:
    """Return the agreement on results, each given by its verdicts; none where nothing is shared.

    Where all of these verdicts are the same word, alpha is not defined: it is stated as 1, because
    all agree.
    """
    shared = [verdicts for verdicts in results if len(verdicts) > 1]
    if not shared:
        return None
    reviewers = sorted({reviewer_of(verdict) for verdicts in shared for verdict in verdicts})
    words = get_args(Judgement)
    codes = np.full((len(reviewers), len(shared)), np.nan)
    for column, verdicts in enumerate(shared):
        for verdict in verdicts:
            codes[reviewers.index(reviewer_of(verdict)), column] = words.index(verdict.verdict)
    value = 1.0 if np.unique(codes[~np.isnan(codes)]).size == 1 else _nominal(codes)
    return Alpha(value=round(value, 4), reviewers=len(reviewers), results=len(shared))


def _nominal(codes: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> float:
    import krippendorff  # only where verdicts are merged

    return float(krippendorff.alpha(codes, level_of_measurement="nominal"))
