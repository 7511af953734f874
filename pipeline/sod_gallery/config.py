"""Settings: the ``gallery:`` part of ``_config.yml``, typed, with unknown keys refused."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec
import yaml

from .errors import ConfigError
from .records import Record

DEFAULT_MODEL = "u2netp-distilled"
"""The checkpoint that comes with this project."""
DEFAULT_SIZES = (480, 960, 1600)
"""Widths of the web images in pixels."""

Width = Annotated[int, msgspec.Meta(ge=16, le=8192)]
Panel = Literal["photo", "cutout", "mask"]


class DatasetConfig(Record, frozen=True):
    """How one dataset is presented, and optionally with which models."""

    title: str = ""
    description: str = ""
    featured: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


class CompositeConfig(Record, frozen=True):
    """The side-by-side picture: which panels, from left to right, and its greatest width."""

    panels: Annotated[tuple[Panel, ...], msgspec.Meta(min_length=1)] = ("photo", "cutout")
    gap: Annotated[int, msgspec.Meta(ge=0, le=256)] = 12
    max_width: Width = 1600


class Config(Record, frozen=True):
    """All settings of the pipeline."""

    models: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)] = (DEFAULT_MODEL,)
    datasets: dict[str, DatasetConfig] = {}
    composite: CompositeConfig = CompositeConfig()
    sizes: Annotated[tuple[Width, ...], msgspec.Meta(min_length=1)] = DEFAULT_SIZES

    def dataset(self, name: str) -> DatasetConfig:
        """Return the settings of a dataset, or the defaults."""
        return self.datasets.get(name, DatasetConfig())


def load_config(path: Path) -> Config:
    """Read the settings from a site's ``_config.yml``; a missing file gives the defaults.

    Raises ConfigError, naming the key, for YAML that cannot be read, unknown keys and wrong types.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}. Save it as UTF-8 text.") from error
    try:
        site = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: is not valid YAML: {error}") from error
    if not isinstance(site, dict):
        raise ConfigError(f"{path}: must hold settings as `key: value` lines.")
    try:
        return msgspec.convert(site.get("gallery") or {}, Config)
    except msgspec.ValidationError as error:
        what = str(error).replace("`$", "`gallery")
        raise ConfigError(f"{path}: in gallery: {what}. docs/settings.md has the keys.") from error
