"""The table of methods where there is no ground truth: what their masks say about themselves."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean

from sod_gallery.records import DatasetEntry, Method
from sod_gallery.scores.tables import number

from .result_records import Cell, Column, MethodRow

_COLUMNS = (
    ("doubt", "Doubt", "mean doubt of the photos", True),
    ("peak", "Peak", "mean of the maps' greatest values before normalisation", False),
    ("ambiguous", "Ambiguous", "mean share of the pixels from 0.1 to 0.9", True),
    ("border", "Border", "mean share of the border that the object covers", True),
    ("parts", "Parts", "mean number of the object's parts", True),
    ("agreement", "Agreement", "mean IoU with the masks of the other methods", False),
)


def trust_columns() -> list[Column]:
    """Return the columns of the table."""
    return [Column(name=n, title=t, text=x, is_error=e) for n, t, x, e in _COLUMNS]


def trust_row(method: Method, dataset: DatasetEntry, maps: Mapping[str, str]) -> MethodRow:
    """Return the row of one method."""
    found = [(p, r) for p in dataset.photos for r in p.results if r.method == method.name]
    values: dict[str, list[float]] = {name: [] for name, *_ in _COLUMNS}
    for photo, result in found:
        values["doubt"].append(result.doubt)
        values["peak"].append(result.peak)
        if result.trust:
            values["ambiguous"].append(result.trust.ambiguous)
            values["border"].append(result.trust.border)
            values["parts"].append(result.trust.parts)
        values["agreement"] += [a.iou for a in photo.agreements if method.name in a.methods]
    means = [fmean(each) if each else None for each in values.values()]
    return MethodRow(
        name=method.name,
        title=method.title,
        year=method.year,
        paper=method.paper,
        photos=len(found),
        best_threshold=None,
        cells=[
            Cell(value=m if m is None else round(m, 7), text="–" if m is None else number(m))
            for m in means
        ],
        maps=maps.get(method.name, ""),
    )
