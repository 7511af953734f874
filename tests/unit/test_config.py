"""Settings are typed, and a mistake in them is named."""

from __future__ import annotations

from pathlib import Path

import pytest

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
