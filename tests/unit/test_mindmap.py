"""The mind map: its drawing, its words, and that the committed figure is the current one."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import msgspec
import pytest


@pytest.fixture(scope="module")
def mindmap(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("mindmap", root / "tools/mindmap.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["mindmap"] = module
    spec.loader.exec_module(module)
    return module


def test_the_committed_figure_is_what_the_source_gives(mindmap: ModuleType) -> None:
    drawn = mindmap.render(mindmap.load(mindmap.SOURCE))
    assert mindmap.TARGET.read_text(encoding="utf-8") == drawn, "run python tools/mindmap.py"


def test_drawing_and_list_name_every_topic(mindmap: ModuleType) -> None:
    mind_map = mindmap.load(mindmap.SOURCE)
    figure = ElementTree.fromstring(mindmap.render(mind_map))
    drawn = {text.text for text in figure.iter("text")}
    listed = {(item.text or "").strip().partition(": ")[0] for item in figure.iter("li")}
    topics = {branch.topic.label for branch in mindmap.grow(mind_map.root).walk()}
    assert {"U²-Net", "Key object spotting", "Background removal", "Computer audio"} <= topics
    assert topics <= drawn
    assert topics == listed


def test_no_two_branches_lie_over_one_another(mindmap: ModuleType) -> None:
    branches = list(mindmap.grow(mindmap.load(mindmap.SOURCE).root).walk())
    for index, one in enumerate(branches):
        for other in branches[index + 1 :]:
            beside = one.end <= other.x or other.end <= one.x
            assert beside or abs(one.y - other.y) >= mindmap.ROW / 2


def test_the_way_to_the_highlight_is_marked(mindmap: ModuleType) -> None:
    trunk = {
        branch.topic.label
        for branch in mindmap.grow(mindmap.load(mindmap.SOURCE).root).walk()
        if branch.topic.leads_to_highlight
    }
    assert trunk == {"AI", "Computer vision", "Image segmentation", "U²-Net"}


def test_labels_are_escaped(mindmap: ModuleType) -> None:
    root = mindmap.Topic(label="a < b", note="<script>")
    html = mindmap.render(mindmap.MindMap(title='"T" & t', description="d", root=root))
    assert "a &lt; b" in html
    assert "<script>" not in html
    ElementTree.fromstring(html)


def test_a_misspelt_key_is_refused(mindmap: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "map.yml"
    path.write_text("title: t\ndescription: d\nroot: {label: a, childs: []}\n")
    with pytest.raises(msgspec.ValidationError, match="childs"):
        mindmap.load(path)
