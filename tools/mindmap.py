"""Draws docs/mindmap.yml as an inline SVG with a nested list that says the same in words.

Every label sits on its branch, so that no text has to be measured: a column needs only to be
wide enough for its longest label.  The colours are the site's custom properties.
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
"""Pixels from one leaf to the next."""
GAP = 34
"""Pixels between columns, where the branches bend."""
LABEL_CHARACTER = 9.2
NOTE_CHARACTER = 7.2
"""Widths of an average character of a wide font, in pixels."""


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A label of the map, what is said below it, and what grows from it."""

    label: str
    note: str = ""
    highlight: bool = False
    children: tuple[Topic, ...] = ()

    @property
    def leads_to_highlight(self) -> bool:
        """True for a highlighted topic and everything above it."""
        return self.highlight or any(child.leads_to_highlight for child in self.children)

    @property
    def width(self) -> int:
        """Room that the label and the note need, in whole pixels."""
        return math.ceil(max(len(self.label) * LABEL_CHARACTER, len(self.note) * NOTE_CHARACTER))


class MindMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole map, with what a screen reader says of the drawing."""

    title: str
    description: str
    root: Topic


@dataclass(frozen=True)
class Branch:
    """A topic's place: its line runs from ``x`` to ``end`` at ``y``, in pixels."""

    topic: Topic
    x: float
    end: float
    y: float
    children: tuple[Branch, ...] = field(default=())

    def walk(self) -> Iterator[Branch]:
        """Yield this branch and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def load(path: Path) -> MindMap:
    """Return the map that ``path`` describes; msgspec's error names what is wrong in it."""
    return msgspec.yaml.decode(path.read_bytes(), type=MindMap)


def grow(root: Topic) -> Branch:
    """Return ``root`` laid out: one row for each leaf, parents halfway between their children."""
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
    """Yield where the column of ``topics`` and those after it begin and end.

    Only parents count: right of a leaf there is nothing in its row that it could run into.
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
    """Write the figure where the site includes it."""
    TARGET.write_text(render(load(SOURCE)), encoding="utf-8")


if __name__ == "__main__":
    main()
