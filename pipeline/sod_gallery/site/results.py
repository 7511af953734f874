"""Makes the results of a dataset: tables, charts and files, from what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from sod_gallery import places
from sod_gallery.manifest import DatasetRecord
from sod_gallery.records import DatasetEntry, Method
from sod_gallery.scores.intervals import intervals
from sod_gallery.scores.measures import MEASURES, NORMALISATION
from sod_gallery.scores.tables import Row, columns, number, ranks

from .method_scores import MethodScores, scores_of
from .result_charts import duels, scatters, score_charts, worst_lists
from .result_files import citations, files_of
from .result_key import results_key
from .result_records import Cell, Column, Download, MethodRow, Results
from .result_trust import trust_columns, trust_row


@dataclass
class Made:
    """The results of a dataset, and the files beside them by their path below the root."""

    results: Results
    files: dict[str, bytes] = field(default_factory=dict)


def make_results(
    dataset: DatasetEntry,
    record: DatasetRecord,
    methods: Sequence[Method],
    maps: Mapping[str, str],
) -> Made:
    """Return the results of a dataset; ``maps`` are the addresses of zips by method."""
    by_name = {method.name: method for method in methods}
    shown = [by_name[name] for name in dataset.methods]
    scored = [each for method in shown if (each := scores_of(method, dataset, record)).photos]
    cited = citations(dataset, shown, is_scored=bool(scored))
    rows = _rows(scored, maps) if scored else [trust_row(m, dataset, maps) for m in shown]
    files = files_of(dataset, scored, cited)
    downloads = [
        Download(label=label, src=places.address(path), bytes=len(content))
        for path, (label, content) in files.items()
    ]
    results = Results(
        key=results_key(dataset, methods, maps),
        dataset=dataset.name,
        url=places.results_page(dataset.slug),
        photos=len(dataset.photos),
        scored=len({name for each in scored for name in each.photos}),
        evaluators=_evaluators(record),
        normalisation=NORMALISATION if scored else "",
        columns=_columns(scored) if scored else trust_columns(),
        methods=rows,
        charts=score_charts(scored),
        compared_by="S-measure" if scored else "IoU of the masks",
        matrix=duels(scored, dataset),
        scatters=scatters(scored, dataset),
        worst=worst_lists(scored, dataset, shown),
        citations=cited,
        downloads=downloads,
    )
    return Made(results, {path: content for path, (_, content) in files.items()})


def schema() -> bytes:
    """Return the JSON Schema of a file of results."""
    return msgspec.json.format(msgspec.json.encode(msgspec.json.schema(Results)), indent=2) + b"\n"


def results_json(results: Results) -> bytes:
    """Serialise the results; their key comes first."""
    return msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n"


def _evaluators(record: DatasetRecord) -> list[str]:
    steps = (step for photo in record.photos.values() for step in photo.steps.values())
    return sorted({s.figures.evaluator for s in steps if s.figures and s.figures.evaluator})


def _columns(scored: Sequence[MethodScores]) -> list[Column]:
    shown = columns([Row("", each.summary.means) for each in scored])
    return [
        Column(name=each.name, title=each.title, text=each.text, is_error=each.is_error)
        for each in shown
    ]


def _rows(scored: Sequence[MethodScores], maps: Mapping[str, str]) -> list[MethodRow]:
    means = [each.summary.means for each in scored]
    ranges = [intervals(list(each.photos.values())) for each in scored]
    by_measure = {each.name: ranks(each, means) for each in MEASURES}
    return [
        MethodRow(
            name=each.method.name,
            title=each.method.title,
            year=each.method.year,
            paper=each.method.paper,
            photos=len(each.photos),
            best_threshold=round(each.summary.best_threshold, 4),
            cells=[
                _cell(
                    means[index].get(c.name), ranges[index].get(c.name), by_measure[c.name][index]
                )
                for c in _columns(scored)
            ],
            maps=maps.get(each.method.name, ""),
        )
        for index, each in enumerate(scored)
    ]


def _cell(value: float | None, interval: tuple[float, float] | None, place: int | None) -> Cell:
    if value is None:
        return Cell(value=None, text="–")
    return Cell(
        value=round(value, 7),
        text=number(value),
        interval="–".join(map(number, interval)) if interval else "",
        rank=0 if place is None else place + 1,
    )
