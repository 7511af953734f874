"""Settings are typed, and a mistake in them is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sod_gallery.config import Config, load_config
from sod_gallery.errors import ConfigError


def write(folder: Path, text: str) -> Path:
    path = folder / "_config.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_missing_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load_config(tmp_path / "_config.yml") == Config()


def test_jekyll_settings_are_left_alone(tmp_path: Path) -> None:
    assert load_config(write(tmp_path, "title: x\nplugins: [jekyll-feed]\n")) == Config()


def test_settings_are_read(tmp_path: Path) -> None:
    text = """
        gallery:
          models: [u2net]
          sizes: [320]
          composite: {panels: [photo, mask], gap: 0}
          datasets:
            pets: {title: Pets, featured: [a.jpg], models: [u2netp]}
        """
    config = load_config(write(tmp_path, text))
    assert config.models == ("u2net",)
    assert config.sizes == (320,)
    assert config.composite.panels == ("photo", "mask")
    assert config.composite.max_width == Config().composite.max_width
    assert config.dataset("pets").featured == ("a.jpg",)
    assert config.dataset("others").title == ""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("gallery: {modles: [u2net]}", "modles"),
        ("gallery: {models: []}", "models"),
        ("gallery: {sizes: [big]}", "sizes"),
        ("gallery: {sizes: [0]}", "sizes"),
        ("gallery: {composite: {panels: [photo, heat]}}", "panels"),
        ("gallery: {datasets: {pets: {titel: x}}}", "titel"),
        ("gallery: [1]", "gallery"),
        ("gallery: {", "YAML"),
        ("- a list", "key: value"),
    ],
)
def test_a_mistake_is_named_with_its_file(tmp_path: Path, text: str, named: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert str(path) in str(caught.value)
    assert named in str(caught.value)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "_config.yml"
    path.write_bytes(b"title: \xff\xfe")
    with pytest.raises(ConfigError, match="UTF-8"):
        load_config(path)


def line_and_sentence(path: Path) -> tuple[int, str]:
    """Return the line that an error names, and what it says of it: one line of text."""
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    found = re.fullmatch(rf"{re.escape(str(path))}, line (\d+): (.+\.)", str(caught.value))
    assert found, caught.value
    return int(found[1]), found[2]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nx: 2020-99-99\n", 2, "'2020-99-99' is no timestamp"),
        ("a: 1\nx: !!int abc\n", 2, "'abc' is no int"),
        ("x: !!float abc\n", 1, "'abc' is no float"),
        ("x: !!timestamp abc\n", 1, "'abc' is no timestamp"),
        ("\n\nx: !!binary é\n", 3, "failed to"),
        ("x: !!python/object:os.system ls\n", 1, "could not determine a constructor"),
        (f"a: 1\nx: {'9' * 5000}\n", 2, "is no int"),
        (f"x: {'[' * 5000}\n", 1, "nested too deeply"),
        ("a: 1\n" + "".join(f"{' ' * n}k:\n" for n in range(3000)), 0, "nested too deeply"),
        ('a: 1\nx: "\\ud800"\n', 2, "half a character"),
        ('x: ["a\\0"]\n', 1, "U+0000"),
        ("a: 1\nb: \0\n", 2, "U+0000"),
        ("a: 1\nb: 2\na: 3\n", 3, "'a' is there twice"),
        ("gallery:\n  sizes: [320]\n  sizes: [480]\n", 3, "'sizes' is there twice"),
        ("x: {a: 1, a: 2}\n", 1, "'a' is there twice"),
        ("a: [1\nb: 2\n", 2, "is not valid YAML"),
        ("a: *nothing\n", 1, "undefined alias"),
        ("a: 1\n? [x]\n: 2\n", 2, "unhashable"),
        ("gallery:\n  modles: [u2net]\n", 2, "modles"),
        ("gallery:\n  sizes:\n    - 320\n    - big\n", 4, "gallery.sizes[1]"),
        (
            "gallery:\n  datasets:\n    a: {title: x}\n    b:\n      title: x\n      titel: y\n",
            6,
            "titel",
        ),
        ("gallery:\n  datasets:\n    a: {title: x}\n    b:\n      title: 5\n", 5, "Expected `str`"),
        ("gallery:\n  publish:\n    originals: [1]\n", 3, "originals"),
        (f"gallery:\n  composite:\n    gap: 0x{'f' * 400}\n", 3, "gap"),
        ("gallery: &a\n  datasets: *a\n", 2, "datasets"),
    ],
)
def test_whatever_is_wrong_is_one_sentence_with_its_line(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    found, sentence = line_and_sentence(write(tmp_path, text))
    assert said in sentence
    assert not line or found == line


KEYS = st.sampled_from(
    (
        *("gallery", "datasets", "sizes", "models", "composite", "publish", "originals", "gap"),
        *("x", "<<"),
    )
)
SCALARS = st.sampled_from(
    (
        *("1", "x", "~", "yes", "2020-01-01", "2020-99-99", "!!int x", "!!float 1", ".nan"),
        *("!!timestamp 1", "0x1F", "1:99", '"\\ud800"', '"\\0"', "&a 1", "*a", "!!set {}"),
        *("!x y", "'", "<<", "!!null x", "!!bool x", "!!binary x", "!!omap [1]", "!!pairs [1]"),
        "9" * 5000,
    )
)
YAML = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        st.lists(st.tuples(KEYS, inner), max_size=3).map(
            lambda parts: "{" + ", ".join(f"{key}: {value}" for key, value in parts) + "}"
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(text=st.one_of(YAML.map("gallery: {}".format), YAML, st.text(max_size=40)))
def test_any_text_gives_settings_or_one_sentence(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "_config.yml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    complaint = f"{path}: nothing"
    try:
        load_config(path)
    except ConfigError as error:
        complaint = str(error)
    assert complaint.startswith(str(path))
    assert "\n" not in complaint
