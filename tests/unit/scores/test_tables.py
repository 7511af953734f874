"""Tables for papers and READMEs."""

from __future__ import annotations

import csv
import re

import pytest

from sod_gallery.scores.measures import BY_NAME
from sod_gallery.scores.tables import (
    Row,
    escape_tex,
    photos_csv,
    ranks,
    to_csv,
    to_latex,
    to_markdown,
)

ROWS = [
    Row("A_1", {"mae": 0.1, "sm": 0.8}),
    Row("B|b", {"mae": 0.05, "sm": 0.9004}),
    Row("C & D", {"mae": 0.2, "sm": 0.9001}, cite="qin2020"),
    Row("E", {"mae": 0.3}),
]


def test_the_best_three_are_marked_by_what_is_printed() -> None:
    scores = [row.scores for row in ROWS]
    assert ranks(BY_NAME["mae"], scores) == [1, 0, 2, None]
    assert ranks(BY_NAME["sm"], scores) == [1, 0, 0, None]
    assert ranks(BY_NAME["mae"], scores[:1]) == [None]


def test_csv_has_every_figure() -> None:
    lines = list(csv.DictReader(to_csv(ROWS).splitlines()))
    assert [line["method"] for line in lines] == ["A_1", "B|b", "C & D", "E"]
    assert float(lines[1]["sm"]) == 0.9004
    assert lines[3]["sm"] == ""
    photos = {"1": {"A": {"mae": 0.25}, "B": {"mae": 0.5, "sm": 1.0}}}
    assert photos_csv(photos).splitlines() == [
        "photo,method,mae,sm",
        "1,A,0.250000000,",
        "1,B,0.500000000,1.000000000",
    ]


def test_latex_is_a_booktabs_table_whose_lines_fit() -> None:
    text = to_latex(ROWS, "Results on 100 % of A_B")
    (form,) = re.findall(r"\\begin\{tabular\}\{(\w+)\}", text)
    body = re.findall(r"^(.*) \\\\$", text, re.MULTILINE)
    assert len(body) == 1 + len(ROWS)
    assert {len(re.split(r"(?<!\\)&", line)) for line in body} == {len(form)}
    assert r"\textbf{0.050}" in body[2]
    assert r"\underline{0.100}" in body[1]
    assert r"\textit{0.200}" in body[3]
    assert body[3].startswith(r"C \& D~\cite{qin2020} &")
    assert r"A\_1" in body[1]
    assert r"\caption{Results on 100 \% of A\_B}" in text
    assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(r"\}")
    assert all(f"\\{rule}" in text for rule in ("toprule", "midrule", "bottomrule"))


@pytest.mark.parametrize("char", "&%$#_{}")
def test_characters_that_latex_knows_are_escaped(char: str) -> None:
    assert escape_tex(f"a{char}b") == f"a\\{char}b"


def test_markdown_marks_too() -> None:
    lines = to_markdown(ROWS).splitlines()
    assert lines[0] == "| Method | MAE ↓ | S ↑ |"
    assert lines[3] == r"| B\|b | **0.050** | **0.900** |"
    assert lines[5] == "| E | 0.300 | – |"
