"""The scores of one method on the photos of a dataset, and what follows from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sod_gallery.manifest import DatasetRecord
from sod_gallery.records import DatasetEntry, Method
from sod_gallery.scores.curves import unpack
from sod_gallery.scores.measures import Scores
from sod_gallery.scores.tables import Row
from sod_gallery.scores.truth import DatasetScores, PhotoScores, at_threshold, summarise

from .measured import figures


@dataclass
class MethodScores:
    """One method's scores on the photos that have ground truth."""

    method: Method
    photos: dict[str, PhotoScores]
    """By the photo's name."""

    @cached_property
    def summary(self) -> DatasetScores:
        """Means and mean curves."""
        return summarise(list(self.photos.values()))

    @cached_property
    def all_scores(self) -> dict[str, Scores]:
        """Every score of each photo."""
        threshold = self.summary.best_threshold
        return {
            name: each.values | at_threshold(each, threshold) for name, each in self.photos.items()
        }


def scores_of(method: Method, dataset: DatasetEntry, record: DatasetRecord) -> MethodScores:
    """Return what the last build found out about a method."""
    photos = {}
    for photo in dataset.photos:
        found = figures(record.photos[photo.name], f"{method.name}/scores")
        if found.curves:
            photos[photo.name] = PhotoScores(found.scores, unpack(found.curves))
    return MethodScores(method, photos)


def table_rows(scored: Sequence[MethodScores]) -> list[Row]:
    """Return the rows of the tables for papers."""
    keys = [re.match(r"\s*@\w+\{\s*([^,\s]+)", each.method.bibtex) for each in scored]
    return [
        Row(each.method.title, each.summary.means, key[1] if key else "")
        for each, key in zip(scored, keys, strict=True)
    ]
