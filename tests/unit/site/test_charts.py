"""Charts are the same text for the same numbers, well-formed, and without styles of their own."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from sod_gallery.site.charts import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Mark,
    Series,
    line_chart,
    scatter_plot,
)


def test_lines_go_through_their_points() -> None:
    series = [Series("a", [(0, 0), (1, 1)]), Series("b", [(0, 5)])]
    chart = ET.fromstring(line_chart("A & B", ("x < y", "y"), series, ((0, 1), (0, 1))))
    first, second = chart.findall("polyline")
    assert first.get("points") == f"{LEFT}.0,{HEIGHT - BOTTOM}.0 {WIDTH - RIGHT}.0,{TOP}.0"
    assert (first.get("class"), second.get("class")) == ("s1", "s2")
    assert chart.get("aria-label") == "A & B"
    assert "x < y" in [text.text for text in chart.iter("text")]
    assert len(chart.findall("text[@class='tick']")) == 12


def test_charts_bring_neither_styles_nor_scripts() -> None:
    text = line_chart("t", ("x", "y"), [Series("a", [(0.1234567, 0.5)])])
    assert text == line_chart("t", ("x", "y"), [Series("a", [(0.1234567, 0.5)])])
    assert "style" not in text
    assert "script" not in text


def test_points_open_their_photos() -> None:
    marks = [Mark((0.5, 1.0), 'a "photo" <b>', "/compare/x/a/?a&b")]
    chart = ET.fromstring(scatter_plot("t", ("x", "y"), marks))
    (link,) = chart.findall("a")
    assert link.get("href") == "/compare/x/a/?a&b"
    assert link.findtext("circle/title") == 'a "photo" <b>'
    assert link.find("circle").get("cy") == f"{TOP}.0"  # type: ignore[union-attr]
