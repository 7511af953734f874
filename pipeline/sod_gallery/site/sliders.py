"""Makes the sliders of a gallery, in the include's words: ``_data/sliders.yml``."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec
import yaml

from sod_gallery.config import Config
from sod_gallery.records import DatasetEntry, Gallery, Method, PhotoEntry, Result

MOST_BULLETS = 30
FEATURED = 24
"""How many photos the first slider shows of a dataset whose settings name none."""


class Slide(msgspec.Struct, kw_only=True):
    """One image of a slider, in the include's words."""

    src: str
    title: str
    alt: str
    href: str
    width: int
    height: int


class Slider(msgspec.Struct, kw_only=True):
    """One entry of ``sliders.yml``: the include's own contract."""

    selector: str
    bullets: bool
    captions: bool
    images: list[Slide]
    settings: dict[str, str | int | bool]


def sliders(content: Gallery, config: Config) -> list[Slider]:
    """Return ``slider1`` (featured photos of the first dataset), then one for each result list."""
    if not content.datasets:
        return []
    methods = {method.name: method for method in content.methods}
    first = content.datasets[0]
    featured = _featured(first, config.dataset(first.name).featured)
    made = [_slider("slider1", featured, methods[first.methods[0]])]
    taken = {"slider1"}
    for dataset in content.datasets:
        for name in dataset.methods:
            selector = _identifier(f"{dataset.name}_{name}", taken)
            made.append(_slider(selector, dataset.photos, methods[name]))
    return made


def _featured(dataset: DatasetEntry, names: Iterable[str]) -> list[PhotoEntry]:
    photos = {photo.name: photo for photo in dataset.photos}
    return [photos[name] for name in names if name in photos] or dataset.photos[:FEATURED]


def _slider(selector: str, photos: Iterable[PhotoEntry], method: Method) -> Slider:
    images = [
        _slide(photo, result, method)
        for photo in photos
        for result in photo.results
        if result.method == method.name
    ]
    return Slider(
        selector=selector,
        bullets=len(images) <= MOST_BULLETS,
        captions=True,
        images=images,
        settings={"height": "'auto'"},
    )


def _slide(photo: PhotoEntry, result: Result, method: Method) -> Slide:
    return Slide(
        src=result.composite.src,
        title=photo.title,
        alt=f"{photo.title}: photo and cut-out by {method.title}",
        href=photo.url,
        width=result.composite.width,
        height=result.composite.height,
    )


def _identifier(text: str, taken: set[str]) -> str:
    """Make a JavaScript identifier that no other slider has."""
    name = re.sub(r"\W", "_", text, flags=re.ASCII)
    name = f"_{name}" if name[:1].isdigit() else name
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def sliders_yml(made: list[Slider]) -> bytes:
    """Serialise ``sliders.yml``."""
    text = yaml.dump(
        msgspec.to_builtins(made), Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=1000
    )
    return text.encode()


def _dumper() -> type[yaml.SafeDumper]:
    """Return libyaml's dumper where it is there: ten times faster on thousands of slides."""
    dumper: type[yaml.SafeDumper] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return dumper
