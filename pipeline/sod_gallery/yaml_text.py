"""Reads YAML that people write: for whatever is wrong with it, one sentence and the line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

Path = tuple[str | int, ...]
"""Keys and places in lists, from the outermost."""


class YamlError(Exception):
    """The text is no YAML, or holds what no settings hold."""

    def __init__(self, line: int, what: str) -> None:
        """``line``: where it is, from 1.  ``what``: the sentence without the file."""
        super().__init__(what)
        self.line = line


class Document:
    """A text in YAML: its value, and the lines of its parts."""

    def __init__(self, text: str) -> None:
        """Parse a text; raises YamlError."""
        loader = _Loader(_printable(text))
        try:
            self._node = loader.get_single_node()
            self.value: Any = None if self._node is None else loader.construct_document(self._node)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            what = " ".join((error.problem or error.context or "it ends too early").split())
            raise YamlError(mark.line + 1 if mark else 1, f"is not valid YAML: {what}") from error
        except RecursionError as error:
            raise YamlError(loader.line + 1, "is nested too deeply") from error
        finally:
            loader.dispose()

    def line_of(self, path: Path) -> int:
        """Return the line of a part, or of the last one on the way to it that is there."""
        node, line = self._node, 1
        for step in path:
            found = next((each for key, each in _parts(node) if key == step), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        return line


def _printable(text: str) -> str:
    """Return the text, unless it holds characters that YAML does not allow."""
    found = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise YamlError(line, f"holds the character U+{ord(found[0]):04X}, which no text has")
    return text


def _parts(node: yaml.Node | None) -> Iterator[tuple[str | int, tuple[yaml.Node, yaml.Node]]]:
    """Yield the parts of a mapping or a list: key, and the nodes of key and value."""
    if isinstance(node, yaml.MappingNode):
        yield from ((key.value, (key, value)) for key, value in node.value)
    elif isinstance(node, yaml.SequenceNode):
        yield from ((place, (value, value)) for place, value in enumerate(node.value))


class _Loader(yaml.SafeLoader):
    """Refuses what is surely a mistake, and names the line of any value that cannot be read."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            value = super().construct_object(node, deep=deep)
        except (ValueError, OverflowError, AttributeError, TypeError, LookupError) as error:
            # dates, numbers and tags that are none: the library raises whatever Python does
            what = f"{str(node.value)[:40]!r} is no {node.tag.rpartition(':')[2]}"
            raise yaml.constructor.ConstructorError(None, None, what, node.start_mark) from error
        if isinstance(value, str) and any(_is_no_text(char) for char in value):
            what = "half a character or the character U+0000, which no text has"
            raise yaml.constructor.ConstructorError(None, None, what, node.start_mark)
        return value

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                what = f"the key {key.value[:40]!r} is there twice"
                raise yaml.constructor.ConstructorError(None, None, what, key.start_mark)
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))
        return super().construct_mapping(node, deep=deep)


def _is_no_text(char: str) -> bool:
    return char == "\0" or "\ud800" <= char <= "\udfff"
