"""Charts as SVG: the same numbers always give the same text, and colours come from the page.

A chart has no styles of its own.  Lines and marks have the classes ``s1`` … ``s8``, for which the
page has colours in light and dark; dashes tell them apart without colour.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 400, 300
LEFT, RIGHT, TOP, BOTTOM = 54, 10, 10, 42
"""Space around the plot."""
SERIES = 8
"""So many series look different; further ones begin anew."""
TICKS = 5

Point = tuple[float, float]
Range = tuple[float, float]


@dataclass(frozen=True)
class Series:
    """One line of a chart."""

    name: str
    points: Sequence[Point]


@dataclass(frozen=True)
class Mark:
    """One point of a scatter plot, which opens an address."""

    at: Point
    title: str
    address: str
    """A root path without baseurl."""


def line_chart(
    title: str,
    axes: tuple[str, str],
    series: Sequence[Series],
    ranges: tuple[Range, Range] = ((0, 1), (0, 1)),
) -> str:
    """Return a chart of lines; ``axes`` names x and y, ``ranges`` are what they show."""
    lines = []
    for number, each in enumerate(series):
        points = " ".join(f"{_x(x, ranges[0])},{_y(y, ranges[1])}" for x, y in each.points)
        lines.append(f'<polyline class="s{number % SERIES + 1}" points="{points}"/>')
    return _svg(title, _frame(axes, ranges) + "".join(lines), "img")


def scatter_plot(
    title: str, axes: tuple[str, str], marks: Iterable[Mark], shown: Range = (0, 1)
) -> str:
    """Return a chart whose points open pages; both axes show the same range."""
    ranges = shown, shown
    low, high = shown
    ends = (
        f'x1="{_x(low, shown)}" y1="{_y(low, shown)}" x2="{_x(high, shown)}" y2="{_y(high, shown)}"'
    )
    links = [
        f'<a href="{escape(mark.address)}" tabindex="-1">'
        f'<circle class="s1" cx="{_x(mark.at[0], shown)}" cy="{_y(mark.at[1], shown)}" r="4">'
        f"<title>{escape(mark.title)}</title></circle></a>"
        for mark in marks
    ]
    return _svg(
        title, f'{_frame(axes, ranges)}<line class="even" {ends}/>{"".join(links)}', "group"
    )


def _svg(title: str, content: str, role: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="{role}" aria-label="{escape(title)}">'
        f"{content}</svg>"
    )


def _frame(axes: tuple[str, str], ranges: tuple[Range, Range]) -> str:
    """Return grid, ticks and the names of both axes."""
    parts = []
    (left, right), (bottom, top) = ranges
    for tick in range(TICKS + 1):
        x, y = (a + (b - a) * tick / TICKS for a, b in ranges)
        parts.append(
            f'<path class="grid" d="M{_x(x, ranges[0])} {_y(bottom, ranges[1])}'
            f"V{_y(top, ranges[1])}M{_x(left, ranges[0])} {_y(y, ranges[1])}"
            f'H{_x(right, ranges[0])}"/>'
            f'<text class="tick" x="{_x(x, ranges[0])}" y="{HEIGHT - BOTTOM + 16}" '
            f'text-anchor="middle">{x:.3g}</text>'
            f'<text class="tick" x="{LEFT - 6}" y="{float(_y(y, ranges[1])) + 4:.1f}" '
            f'text-anchor="end">{y:.3g}</text>'
        )
    middle = TOP + (HEIGHT - TOP - BOTTOM) / 2
    parts.append(
        f'<text x="{LEFT + (WIDTH - LEFT - RIGHT) / 2:.1f}" y="{HEIGHT - 6}" '
        f'text-anchor="middle">{escape(axes[0])}</text>'
        f'<text transform="translate(11 {middle:.1f}) rotate(-90)" '
        f'text-anchor="middle">{escape(axes[1])}</text>'
    )
    return "".join(parts)


def _x(value: float, shown: Range) -> str:
    share = (value - shown[0]) / (shown[1] - shown[0])
    return f"{LEFT + share * (WIDTH - LEFT - RIGHT):.1f}"


def _y(value: float, shown: Range) -> str:
    share = (value - shown[0]) / (shown[1] - shown[0])
    return f"{HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM):.1f}"
