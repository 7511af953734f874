"""The settings under ``gallery:`` in ``_config.yml``; unknown keys are errors."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from .errors import ConfigError
from .records import Record
from .yaml_text import Document, YamlError

DEFAULT_MODEL = "u2netp-distilled"
"""Name of the checkpoint that is included in this project."""
DEFAULT_SIZES = (480, 960, 1600)
"""Default widths of the web images in pixels."""

STEP = re.compile(r"\.(\w+)|\[(\d+)\]|(\[\.\.\.\])")
"""A part of the paths that msgspec states."""

Width = Annotated[int, msgspec.Meta(ge=16, le=8192)]
Panel = Literal["photo", "cutout", "mask"]
Originals = bool | Literal["stripped"]
"""Whether the photos' own files are published: as they are, not at all, or without metadata."""


class MethodConfig(Record, frozen=True):
    """What the settings state of one method; docs/settings.md describes it."""

    maps: str = ""
    """Folder of published maps, from the folder of the settings.  Empty: a network, or maps that
    were given with ``--maps``."""
    names: str = ""
    """Pattern of the maps' names, such as ``{stem}_sal``.  Empty: it is found."""
    title: str = ""
    authors: str = ""
    year: int | None = None
    paper: str = ""
    """Address."""
    code: str = ""
    """Address."""
    licence: str = ""
    bibtex: str = ""


class DatasetConfig(Record, frozen=True):
    """The settings of one dataset; docs/settings.md describes them."""

    title: str = ""
    """Heading of the gallery.  Empty: the dataset's name."""
    description: str = ""
    """Text below the heading."""
    featured: tuple[str, ...] = ()
    """Photos of ``slider1``, by name and in this order; used for the site's first dataset only."""
    models: tuple[str, ...] = ()
    """Names or weights files.  Empty: those of ``Config.models``."""
    methods: dict[str, MethodConfig] = {}
    """By name: published maps, and what is to be said of methods."""
    author: str = ""
    """Whose the photos are."""
    licence: str = ""
    source: str = ""
    """Address of the dataset."""
    citation: str = ""
    """Entry of a BibTeX file."""


class CompositeConfig(Record, frozen=True):
    """The settings of the composite, the side-by-side picture."""

    panels: Annotated[tuple[Panel, ...], msgspec.Meta(min_length=1)] = ("photo", "cutout")
    """From left to right."""
    gap: Annotated[int, msgspec.Meta(ge=0, le=256)] = 12
    """Pixels between two panels."""
    max_width: Width = 1600
    """Greatest width of the whole picture in pixels."""


class PublishConfig(Record, frozen=True):
    """What of a gallery becomes public beside what is made of it."""

    originals: Originals | dict[str, Originals] = False
    """For all datasets, or by the dataset's name; those that are not named publish none."""


class Config(Record, frozen=True):
    """All settings of the pipeline."""

    models: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)] = (DEFAULT_MODEL,)
    """Names or weights files of the models for datasets without models of their own."""
    datasets: dict[str, DatasetConfig] = {}
    """By the dataset's name, in the order of the site."""
    composite: CompositeConfig = CompositeConfig()
    sizes: Annotated[tuple[Width, ...], msgspec.Meta(min_length=1)] = DEFAULT_SIZES
    """Widths of the web images in pixels."""
    publish: PublishConfig = PublishConfig()

    maps_zip: bool = False
    """Offer each method's masks of a dataset as a zip, on its results page."""
    memory: Annotated[float, msgspec.Meta(gt=0, le=1)] = 0.6
    """Share of the machine's memory, or its container's, that photos at work may take."""

    def dataset(self, name: str) -> DatasetConfig:
        """Return the settings of a dataset, or the defaults."""
        return self.datasets.get(name, DatasetConfig())

    def originals(self, name: str) -> Originals:
        """Tell whether the own files of a dataset's photos are published."""
        chosen = self.publish.originals
        return chosen.get(name, False) if isinstance(chosen, dict) else chosen


def load_config(path: Path) -> Config:
    """Read the settings from a site's ``_config.yml``; a missing file gives the defaults.

    Raises ConfigError if the file cannot be read, is not valid YAML, or has an unknown key or a
    value of a wrong type or range; the message names the line and the key.
    """
    try:
        document = Document(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}. Save it as UTF-8 text.") from error
    except YamlError as error:
        raise ConfigError(f"{path}, line {error.line}: {error}. Correct it there.") from error
    site = document.value or {}
    if not isinstance(site, dict):
        raise ConfigError(f"{path}: must hold settings as `key: value` lines.")
    settings = site.get("gallery") or {}
    try:
        return msgspec.convert(settings, Config)
    except (ValueError, RecursionError) as error:
        line = document.line_of(("gallery", *_place_of(str(error), settings)))
        what = str(error).replace("`$", "`gallery")
        raise ConfigError(
            f"{path}, line {line}: in gallery: {what}. docs/settings.md has the keys."
        ) from error


def _place_of(complaint: str, settings: object) -> list[str | int]:
    """Return the keys that lead to what msgspec complains of.

    It says ``$.datasets[...].title`` for any dataset: it is the one that alone is refused as well.
    """
    place: list[str | int] = []
    for name, number, unnamed in STEP.findall(complaint.rpartition("`$")[2]):
        step: str | int = name or (int(number) if number else "")
        if unnamed:
            step = _refused_alone(complaint, settings, place)
        place.append(step)
    unknown = re.match("Object contains unknown field `([^`]+)`", complaint)
    return [*place, unknown[1]] if unknown else place


def _refused_alone(complaint: str, settings: object, place: list[str | int]) -> str:
    found: Any = settings
    for step in place:
        found = found[step]
    for key in found:
        alone: object = {key: found[key]}
        for step in reversed(place):
            alone = {step: alone}
        try:
            msgspec.convert(alone, Config)
        except ValueError as error:
            if str(error) == complaint:
                return str(key)
    return ""
