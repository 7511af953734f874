"""Scores folders of maps against ground truth: what the command ``score`` does."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np
from rich.table import Table
from rich.text import Text

from sod_gallery.build.path_check import FolderCheck, MapFile, MapFolder, look_at
from sod_gallery.build.selection import named_folder
from sod_gallery.errors import ConfigError, PhotoError
from sod_gallery.photos.maps import load_annotation, load_map
from sod_gallery.photos.matching import list_maps, parse_pattern
from sod_gallery.pictures.imaging import fit_map
from sod_gallery.progress import LineReporter, TerminalReporter, reporter
from sod_gallery.scores.measures import EVALUATOR, NORMALISATION, Scores
from sod_gallery.scores.tables import Row, columns, number, ranks, to_csv, to_latex, to_markdown
from sod_gallery.scores.truth import (
    PhotoScores,
    at_threshold,
    evaluator_version,
    score,
    summarise,
)
from sod_gallery.terminal import Terminal, visible

from .common import Answer

FORMS: dict[str, Callable[[list[Row]], str]] = {
    "csv": to_csv,
    "latex": to_latex,
    "markdown": to_markdown,
}
FEW = 24
"""So many maps are scored in this process: starting others would take longer."""
T = TypeVar("T")
R = TypeVar("R")


class MethodScores(msgspec.Struct, kw_only=True):
    """The scores of one folder of maps."""

    means: Scores
    best_threshold: float
    photos: dict[str, Scores]
    """By stem."""


def score_folders(arguments: argparse.Namespace, errors: Terminal) -> Answer:
    """Check the folders, score the maps, and return the figures in the form that is asked for."""
    folders, truths = _folders(arguments)
    if not arguments.paths_only:
        version = evaluator_version()
    with reporter(errors) as report:
        _look(folders, truths, report, arguments.workers)
        checks = {folder.name: folder.check for folder in folders}
        code = int(not all(check.is_complete for check in checks.values()))
        lines = [line for name, check in checks.items() for line in check.lines(name)]
        if arguments.paths_only:
            return Answer({"check": checks}, lines, code)
        for line in lines:
            errors.print(line, soft_wrap=True)
        scored = _scored(folders, truths, report, arguments.workers)
    content = _content(scored, checks, version)
    rows = [Row(name, method.means) for name, method in scored.items()]
    if arguments.form:
        return Answer(content, [*FORMS[arguments.form](rows).rstrip("\n").split("\n")], code)
    return Answer(content, _lines(rows, scored, version), code)


def _folders(arguments: argparse.Namespace) -> tuple[list[MapFolder], dict[str, Path]]:
    """Match the folders; raises ConfigError where nothing can be scored."""
    truths, _ = list_maps(arguments.gt, "--gt")
    patterns = [
        parse_pattern(text) if text else None for text in (arguments.pred_names, arguments.gt_names)
    ]
    folders: dict[str, MapFolder] = {}
    for text in arguments.pred:
        name, folder = named_folder(text)
        if name in folders:
            raise ConfigError(
                f"{folder}: two folders of --pred are called {name}. "
                f"Name one of them: --pred OTHER={folder}"
            )
        folders[name] = MapFolder(
            name, folder, truths, purpose="--pred", affix=patterns[0], wanted_affix=patterns[1]
        )
    return list(folders.values()), truths


def _files(folders: Iterable[MapFolder], truths: dict[str, Path]) -> Iterator[MapFile]:
    for folder in folders:
        for stem, path in folder.maps.items():
            if stem not in folder.check.unreadable:
                yield MapFile(folder.name, stem, path, truth=truths[stem])


def _look(
    folders: list[MapFolder],
    truths: dict[str, Path],
    report: LineReporter | TerminalReporter,
    workers: int,
) -> None:
    files = list(_files(folders, truths))
    by_name = {folder.name: folder for folder in folders}
    report.begin("paths", len(files))
    for facts in _in_processes(look_at, files, workers):
        report.advance(f"{facts.method}/{facts.photo}", "failed" if facts.unreadable else "fresh")
        by_name[facts.method].note(facts)


def _scored(
    folders: list[MapFolder],
    truths: dict[str, Path],
    report: LineReporter | TerminalReporter,
    workers: int,
) -> dict[str, MethodScores]:
    """Score every map; raises ConfigError where a method has none that can be read."""
    files = list(_files(folders, truths))
    report.begin("scores", len(files))
    photos: dict[str, dict[str, PhotoScores]] = {folder.name: {} for folder in folders}
    for file, scores in zip(files, _in_processes(score_file, files, workers), strict=True):
        report.advance(f"{file.method}/{file.photo}", "fresh")
        photos[file.method][file.photo] = scores
    for folder in folders:
        if not photos[folder.name]:
            raise ConfigError(f"{folder.folder}: none of its maps can be read.")
    return {name: _method_scores(found) for name, found in photos.items()}


def score_file(file: MapFile) -> PhotoScores:
    """Score one map, which was looked at before; raises PhotoError."""
    if file.truth is None:
        raise PhotoError(f"{file.path}: has no ground truth.")
    truth = load_annotation(file.truth)
    levels, _ = load_map(file.path)
    mask = fit_map(levels, (truth.shape[1], truth.shape[0]))
    return score(np.asarray(mask), truth)


def _in_processes(work: Callable[[T], R], items: list[T], workers: int) -> Iterator[R]:
    """Yield the results in the order of the items."""
    if workers == 1 or len(items) <= FEW:
        yield from map(work, items)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, items, chunksize=8)


def _method_scores(photos: dict[str, PhotoScores]) -> MethodScores:
    summary = summarise(list(photos.values()))
    threshold = summary.best_threshold
    values = {stem: photo.values | at_threshold(photo, threshold) for stem, photo in photos.items()}
    return MethodScores(means=summary.means, best_threshold=threshold, photos=values)


def _content(
    scored: dict[str, MethodScores], checks: dict[str, FolderCheck], version: str
) -> dict[str, Any]:
    """Return what ``--json`` prints: one method's figures themselves, or those of several."""
    methods = {
        name: {
            "photos": method.photos,
            **method.means,
            "best_threshold": method.best_threshold,
            "check": checks[name],
        }
        for name, method in scored.items()
    }
    said = {
        "evaluator": {"name": EVALUATOR, "version": version},
        "normalisation": NORMALISATION,
    }
    return {**(next(iter(methods.values())) if len(methods) == 1 else {"methods": methods}), **said}


def _lines(rows: list[Row], scored: dict[str, MethodScores], version: str) -> list[Table]:
    """Return the table for the terminal: a line for each measure, a column for each method."""
    table = Table("measure", caption=f"{EVALUATOR} {version}. {NORMALISATION}")
    for row in rows:
        photos = len(scored[row.title].photos)
        table.add_column(f"{visible(row.title)}\n{photos} photos", justify="right")
    marks = ("bold", "underline", "italic")
    for measure in columns(rows):
        cells = []
        for row, place in zip(rows, ranks(measure, [row.scores for row in rows]), strict=True):
            text = number(row.scores[measure.name]) if measure.name in row.scores else "–"
            cells.append(Text(text, "" if place is None else marks[place]))
        table.add_row(f"{measure.title} {'↓' if measure.is_error else '↑'}", *cells)
    return [table]
