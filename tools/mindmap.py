"""Draws docs/mindmap.yml as an inline SVG, and as a nested list with the same content.

Each label is drawn above the line of its branch.  The width of a column is estimated from the
number of characters of its longest label, so no text is measured.  The stylesheet of the site sets
the colours.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import jinja2
import msgspec

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "docs/mindmap.yml"
TARGET = ROOT / "_includes/mindmap.html"

ROW = 48
"""Vertical distance in pixels between two neighbouring leaves."""
GAP = 34
"""Horizontal distance in pixels between two columns; the curved connections are drawn in it."""
LABEL_CHARACTER = 9.2
NOTE_CHARACTER = 7.2
"""Average width in pixels of a character of a label and of a note, in a wide font."""


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A node of the map: its label, a note below the label, and its children."""

    label: str
    note: str = ""
    highlight: bool = False
    children: tuple[Topic, ...] = ()

    @property
    def leads_to_highlight(self) -> bool:
        """True if the topic or one of its descendants is highlighted."""
        return self.highlight or any(child.leads_to_highlight for child in self.children)

    @property
    def width(self) -> int:
        """Estimated width in pixels of the label or the note, whichever is wider."""
        return math.ceil(max(len(self.label) * LABEL_CHARACTER, len(self.note) * NOTE_CHARACTER))


class MindMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole map."""

    title: str
    description: str
    """The drawing's text alternative for screen readers."""
    root: Topic


@dataclass(frozen=True)
class Branch:
    """The position of a topic: a horizontal line at ``y``, from ``x`` to ``end``, in pixels."""

    topic: Topic
    x: float
    end: float
    y: float
    children: tuple[Branch, ...] = field(default=())

    def walk(self) -> Iterator[Branch]:
        """Yield this branch and all its descendants, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


def load(path: Path) -> MindMap:
    """Read a map from a YAML file.

    Raises OSError if it cannot be read, and msgspec.DecodeError if its content is not a map.
    """
    return msgspec.yaml.decode(path.read_bytes(), type=MindMap)


def grow(root: Topic) -> Branch:
    """Compute the positions of all topics.

    Each leaf has a row of its own.  A parent is halfway between its first and its last child.
    """
    columns = list(_columns([root], 0.0))
    rows = itertools.count()

    def place(topic: Topic, depth: int) -> Branch:
        x, end = columns[depth]
        if not topic.children:
            return Branch(topic, x, x + topic.width, (next(rows) + 0.5) * ROW)
        children = tuple(place(child, depth + 1) for child in topic.children)
        return Branch(topic, x, end, (children[0].y + children[-1].y) / 2, children)

    return place(root, 0)


def _columns(topics: Sequence[Topic], x: float) -> Iterator[tuple[float, float]]:
    """Yield the left and right ends in pixels of the column of ``topics`` and of the later columns.

    A column is as wide as its widest parent.  Leaves may be wider, because nothing is drawn to the
    right of a leaf.
    """
    if topics:
        end = x + max((topic.width for topic in topics if topic.children), default=0.0)
        yield x, end
        yield from _columns([child for topic in topics for child in topic.children], end + GAP)


def render(mind_map: MindMap) -> str:
    """Return the figure as HTML."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    tree = grow(mind_map.root)
    branches = list(tree.walk())
    return environment.get_template("mindmap.html.j2").render(
        map=mind_map,
        branches=branches,
        width=max(branch.end for branch in branches),
        height=sum(not branch.children for branch in branches) * ROW,
        bend=GAP / 2,
    )


def main() -> None:
    """Write the figure to _includes/mindmap.html, which the site includes."""
    TARGET.write_text(render(load(SOURCE)), encoding="utf-8")


if __name__ == "__main__":
    main()
