"""Tables of methods and their scores: CSV, Markdown, LaTeX; the best three of a column marked."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .measures import BY_NAME, MEASURES, NORMALISATION, Measure, Scores

DIGITS = 3
MARKED = 3
"""So many of a column are marked."""
IN_PAPERS = (
    "mae", "sm", "wfm", "max_fm", "max_fm_of_means", "mean_fm", "adp_fm",
    "max_em", "mean_em", "adp_em", "iou", "dice", "biou",
)  # fmt: skip
"""The columns of the tables for papers; CSV has all there are."""

_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "²": r"\textsuperscript{2}",
    **{char: f"\\{char}" for char in "&%$#_{}"},
}
_TEX_ARROWS = (r"$\uparrow$", r"$\downarrow$")
_TEX_MARKS = (r"\textbf{%s}", r"\underline{%s}", r"\textit{%s}")
_MARKDOWN_MARKS = ("**%s**", "<ins>%s</ins>", "*%s*")


@dataclass(frozen=True)
class Row:
    """One method's scores on a dataset."""

    title: str
    scores: Scores
    cite: str = ""
    """Its key in a BibTeX file."""


def columns(rows: Sequence[Row], names: Sequence[str] = tuple(BY_NAME)) -> list[Measure]:
    """Return the measures of these names that any row has, in the order of tables."""
    wanted = [measure for measure in MEASURES if measure.name in names]
    return [measure for measure in wanted if any(measure.name in row.scores for row in rows)]


def number(value: float) -> str:
    """Return a score as papers print it: ``0.943``."""
    return f"{value:.{DIGITS}f}"


def ranks(measure: Measure, scores: Sequence[Scores]) -> list[int | None]:
    """Return for each row its place among the best three, from 0, or none.

    Rows that print alike share a place.  A single row has none.
    """
    printed = [number(each[measure.name]) if measure.name in each else None for each in scores]
    places = sorted({text for text in printed if text}, key=float, reverse=not measure.is_error)
    if len([text for text in printed if text]) < 2:
        return [None] * len(printed)
    best = {text: place for place, text in enumerate(places[:MARKED])}
    return [best.get(text) if text else None for text in printed]


def to_csv(rows: Sequence[Row]) -> str:
    """Return all figures with nine digits, a line for each method."""
    shown = columns(rows)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["method", *(measure.name for measure in shown)])
    for row in rows:
        figures = (row.scores.get(measure.name) for measure in shown)
        writer.writerow([row.title, *("" if f is None else f"{f:.9f}" for f in figures)])
    return file.getvalue()


def photos_csv(photos: Mapping[str, Mapping[str, Scores]]) -> str:
    """Return a line for each photo and method; ``photos`` has the scores by photo and method."""
    names = {name for methods in photos.values() for each in methods.values() for name in each}
    shown = [measure.name for measure in MEASURES if measure.name in names]
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["photo", "method", *shown])
    for photo, methods in photos.items():
        for method, scores in methods.items():
            cells = (scores.get(name) for name in shown)
            writer.writerow([photo, method, *("" if c is None else f"{c:.9f}" for c in cells)])
    return file.getvalue()


def to_markdown(rows: Sequence[Row]) -> str:
    """Return a table for READMEs: first bold, second underlined, third in italics."""
    shown = columns(rows, IN_PAPERS)
    heads = [f"{each.title} {'↓' if each.is_error else '↑'}" for each in shown]
    cells = _marked(rows, shown, _MARKDOWN_MARKS, "–")
    lines = [
        " | ".join(["Method", *heads]),
        " | ".join(["---", *("---:" for _ in shown)]),
        *(
            " | ".join([re.sub(r"([|\\])", r"\\\1", row.title), *line])
            for row, line in zip(rows, cells, strict=True)
        ),
    ]
    return "".join(f"| {line} |\n" for line in lines)


def to_latex(rows: Sequence[Row], caption: str = "") -> str:
    """Return a table for papers, by booktabs: first bold, second underlined, third in italics."""
    shown = columns(rows, IN_PAPERS)
    heads = [f"{each.tex} {_TEX_ARROWS[each.is_error]}" for each in shown]
    cells = _marked(rows, shown, _TEX_MARKS, "--")
    lines = [
        r"% \usepackage{booktabs}",
        f"% {NORMALISATION}",
        r"\begin{table}",
        r"\centering\small\setlength{\tabcolsep}{3pt}",
        *([rf"\caption{{{escape_tex(caption)}}}"] if caption else []),
        rf"\begin{{tabular}}{{l{'c' * len(shown)}}}",
        r"\toprule",
        " & ".join(["Method", *heads]) + r" \\",
        r"\midrule",
        *(" & ".join([_cited(row), *line]) + r" \\" for row, line in zip(rows, cells, strict=True)),
        r"\bottomrule",
        r"\end{tabular}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def _cited(row: Row) -> str:
    title = escape_tex(row.title)
    return rf"{title}~\cite{{{row.cite}}}" if row.cite else title


def escape_tex(text: str) -> str:
    """Return a text that LaTeX prints as it is."""
    return "".join(_TEX.get(char, char) for char in text)


def _marked(
    rows: Sequence[Row], shown: Sequence[Measure], marks: Sequence[str], missing: str
) -> list[list[str]]:
    """Return the cells of each row, the best three of each column marked."""
    by_column = []
    for measure in shown:
        places = ranks(measure, [row.scores for row in rows])
        cells = []
        for row, place in zip(rows, places, strict=True):
            value = row.scores.get(measure.name)
            text = missing if value is None else number(value)
            cells.append(text if place is None else marks[place] % text)
        by_column.append(cells)
    return [list(line) for line in zip(*by_column, strict=True)]
