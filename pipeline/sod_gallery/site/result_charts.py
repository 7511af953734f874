"""Charts and comparisons of the methods of a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from sod_gallery.records import DatasetEntry, Method, PhotoEntry
from sod_gallery.scores.intervals import difference
from sod_gallery.scores.tables import number

from .charts import TICKS, Mark, Series, line_chart, scatter_plot
from .method_scores import MethodScores
from .result_records import Chart, DataTable, Duel, RankedPhoto, Scatter, WorstList

COMPARED = "sm"
"""The measure by which methods are compared photo by photo: it has no threshold."""
STEP = 4
"""Every so many of 256 thresholds are drawn."""
BINS = 20
MOST_MARKS = 1000
LISTED = 12
"""Photos of a list of the worst."""


def score_charts(scored: Sequence[MethodScores]) -> list[Chart]:
    """Return the curves and histograms; none without ground truth."""
    if not scored:
        return []
    return [
        _precision_recall(scored),
        _threshold_chart(scored, "fm", "Fβ", "F-measure (β² = 0.3)"),
        _threshold_chart(scored, "em", "E", "E-measure"),
        _histogram(scored, "sm", "S-measure"),
        _histogram(scored, "mae", "MAE"),
    ]


def _precision_recall(scored: Sequence[MethodScores]) -> Chart:
    lines, rows = [], []
    for threshold in range(10, -1, -1):
        at = _index(threshold / 10)
        row = [f"{threshold / 10:.1f}"]
        for each in scored:
            curves = each.summary.curves
            row += [number(curves["r"][at]), number(curves["p"][at])]
        rows.append(row)
    for each in scored:
        curves = each.summary.curves
        points = [*zip(curves["r"], curves["p"], strict=True)]
        lines.append(Series(each.method.title, [*points[::STEP], points[-1]]))
    heads = [f"{each.method.title}: {what}" for each in scored for what in ("recall", "precision")]
    return Chart(
        name="precision-recall",
        title="Precision and recall",
        text="Mean precision against mean recall, at 256 thresholds.",
        svg=line_chart("Precision against recall", ("recall", "precision"), lines),
        table=DataTable(head=["threshold", *heads], rows=rows),
        legend=True,
    )


def _index(threshold: float) -> int:
    """Return the place of a threshold in a curve, which falls from 1 to 0."""
    return 255 - round(threshold * 255)


def _threshold_chart(scored: Sequence[MethodScores], curve: str, symbol: str, title: str) -> Chart:
    thresholds = (255 - np.arange(256)) / 255
    lines = []
    for each in scored:
        points = [*zip(thresholds, each.summary.curves[curve], strict=True)]
        lines.append(Series(each.method.title, [*points[::STEP], points[-1]]))
    rows = [
        [
            f"{tenth / 10:.1f}",
            *(number(e.summary.curves[curve][_index(tenth / 10)]) for e in scored),
        ]
        for tenth in range(11)
    ]
    return Chart(
        name=f"{curve}-threshold",
        title=title,
        text=f"Mean {title} of the masks, by the threshold.",
        svg=line_chart(f"{title} by threshold", ("threshold", symbol), lines),
        table=DataTable(head=["threshold", *(e.method.title for e in scored)], rows=rows),
        legend=True,
    )


def _histogram(scored: Sequence[MethodScores], measure: str, title: str) -> Chart:
    """Return a chart of how many photos have which score: a line of steps for each method."""
    edges = np.linspace(0, 1, BINS + 1)
    counts = []
    for each in scored:
        values = [photo.values[measure] for photo in each.photos.values()]
        counts.append(np.histogram(np.clip(values, 0, 1), edges)[0])
    most = max(int(each.max()) for each in counts)
    highest = TICKS * max(1, -(-most // TICKS))  # so that ticks are whole numbers
    lines = [
        Series(
            each.method.title,
            [
                p
                for a, b, n in zip(edges[:-1], edges[1:], count, strict=True)
                for p in ((a, n), (b, n))
            ],
        )
        for each, count in zip(scored, counts, strict=True)
    ]
    rows = [
        [f"{low:.2f}–{high:.2f}", *(str(count[i]) for count in counts)]
        for i, (low, high) in enumerate(pairwise(edges))
    ]
    return Chart(
        name=f"{measure}-photos",
        title=f"{title} of the photos",
        text=f"Number of photos by their {title}.",
        svg=line_chart(
            f"Photos by {title}", (title, "photos"), lines, ((0, 1), (0, float(highest)))
        ),
        table=DataTable(head=[title, *(e.method.title for e in scored)], rows=rows),
        legend=True,
    )


def duels(scored: Sequence[MethodScores], dataset: DatasetEntry) -> list[list[Duel]]:
    """Return how each method differs from each other one.

    With ground truth by S-measure; without it, how much their masks agree.
    """
    if not scored:
        return _agreements(dataset)
    return [[_duel(one, other) for other in scored] for one in scored]


def _duel(one: MethodScores, other: MethodScores) -> Duel:
    common = [name for name in one.photos if name in other.photos]
    if one is other or not common:
        return Duel(text="")
    values = [[each.photos[name].values[COMPARED] for name in common] for each in (one, other)]
    found = difference(values[0], values[1], is_error=False)
    low, high = found.interval
    return Duel(
        text=_signed(found.mean),
        interval=f"{_signed(low)} to {_signed(high)}",
        won=f"{found.won:.0%}".replace("%", "\u00a0%"),
        is_clear=low > 0 or high < 0,
    )


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")


def _agreements(dataset: DatasetEntry) -> list[list[Duel]]:
    found: dict[frozenset[str], list[float]] = {}
    for photo in dataset.photos:
        for each in photo.agreements:
            found.setdefault(frozenset(each.methods), []).append(each.iou)
    rows = []
    for one in dataset.methods:
        pairs = [found.get(frozenset((one, other)), []) for other in dataset.methods]
        rows.append([Duel(text=number(sum(p) / len(p)) if p else "") for p in pairs])
    return rows


def scatters(scored: Sequence[MethodScores], dataset: DatasetEntry) -> list[Scatter]:
    """Return the best method, by S-measure, against each other one, photo by photo."""
    best_first = sorted(scored, key=lambda each: -each.summary.means[COMPARED])
    return [_scatter(best_first[0], other, dataset) for other in best_first[1:]]


def _scatter(one: MethodScores, other: MethodScores, dataset: DatasetEntry) -> Scatter:
    photos = [p for p in dataset.photos if p.name in one.photos and p.name in other.photos]
    marks = [_mark(photo, one, other) for photo in photos[:MOST_MARKS]]
    low = min((value for mark in marks for value in mark.at), default=0.0)
    title = f"S-measure of {one.method.title} against {other.method.title}"
    axes = other.method.title, one.method.title
    return Scatter(
        title=title,
        svg=scatter_plot(title, axes, marks, (0.5 if low >= 0.5 else 0.0, 1.0)),
        left_out=len(photos) - len(marks),
    )


def _mark(photo: PhotoEntry, one: MethodScores, other: MethodScores) -> Mark:
    x, y = (each.photos[photo.name].values[COMPARED] for each in (other, one))
    title = f"{photo.title}: {number(y)} against {number(x)}"
    return Mark((x, y), title, photo.url)


def worst_lists(
    scored: Sequence[MethodScores], dataset: DatasetEntry, shown: Sequence[Method]
) -> list[WorstList]:
    """Return the photos that each method is worst at: by S-measure, or by doubt."""
    lists = []
    for method in shown:
        scores = next((e for e in scored if e.method.name == method.name), None)
        ranked = []
        for photo in dataset.photos:
            result = next((r for r in photo.results if r.method == method.name), None)
            if scores is None and result is not None:
                ranked.append((-result.doubt, photo, number(result.doubt)))
            elif scores is not None and photo.name in scores.photos:
                value = scores.photos[photo.name].values[COMPARED]
                ranked.append((value, photo, number(value)))
        ranked.sort(key=lambda each: each[0])
        photos = [RankedPhoto(title=p.title, url=p.url, text=text) for _, p, text in ranked]
        by = "doubt" if scores is None else "S-measure"
        lists.append(WorstList(method=method.title, by=by, photos=photos[:LISTED]))
    return lists
