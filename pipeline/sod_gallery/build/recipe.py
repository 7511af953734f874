"""What is made of one photo, step by step.

Every step is a pure function of its inputs and parameters.  ``make_photo`` goes through them and
leaves it to a ``Workshop`` whether a step is done, found fresh, or merely looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from PIL import Image

from sod_gallery import places
from sod_gallery.config import Config
from sod_gallery.files import Made, Parameter, step_key
from sod_gallery.manifest import Findings, StepRecord
from sod_gallery.photos.decoding import load_photo
from sod_gallery.pictures import encoding, imaging
from sod_gallery.pictures.uncertainty import uncertain_patches
from sod_gallery.records import Model

Predict = Callable[[Model, Image.Image], Image.Image]
"""Applies a model to an upright photo and returns its mask at the photo's size."""


@dataclass(frozen=True)
class Job:
    """One photo to be made: what it is and where its results go."""

    dataset: str
    name: str
    slug: str
    path: Path
    sha256: str
    published: bool
    """The photo's own file is part of the site and browsers show it."""

    @property
    def folder(self) -> str:
        """Folder of the web images, below the site's root."""
        return places.web(self.dataset, self.slug)

    def mask_path(self, model: Model) -> str:
        """Path of the mask, below the site's root."""
        return f"{self.folder}/{model.name}/mask.png"

    def cutout_path(self, model: Model) -> str:
        """Path of the full-size cut-out, below the site's root."""
        return places.cutout(self.dataset, model.name, self.name)


@dataclass(frozen=True)
class Product:
    """What a step yields: files still to be written and, for a mask, what it says."""

    files: Sequence[Made]
    findings: Findings | None = None


class Workshop(Protocol):
    """Decides what becomes of a step whose key is known."""

    root: Path

    def ensure(self, label: str, key: str, make: Callable[[], Product]) -> StepRecord:
        """Return the step's record; ``make`` gives its files where they are not fresh."""
        ...


@dataclass
class Pictures:
    """The pictures that steps share, decoded at most once and only when a step needs them."""

    job: Job
    root: Path
    predict: Predict

    def __post_init__(self) -> None:
        self._masks: dict[str, Image.Image] = {}
        self._small_masks: dict[str, Image.Image] = {}

    @cached_property
    def photo(self) -> Image.Image:
        """The upright sRGB photo; raises PhotoError."""
        return load_photo(self.job.path)

    def predicted_mask(self, model: Model) -> Image.Image:
        """Run the model."""
        self._masks[model.name] = self.predict(model, self.photo)
        return self._masks[model.name]

    def mask(self, model: Model) -> Image.Image:
        """Return the mask just predicted, or the one that an earlier build wrote."""
        if model.name not in self._masks:
            with Image.open(self.root / self.job.mask_path(model)) as image:
                self._masks[model.name] = image.convert("L")
        return self._masks[model.name]

    @cached_property
    def small_photo(self) -> Image.Image:
        """The photo, no larger than most previews need it."""
        return imaging.preview(self.photo)

    def pair(self, model: Model, width: int = 0) -> tuple[Image.Image, Image.Image]:
        """Return photo and mask of equal size, large enough for a preview ``width`` pixels wide."""
        if width > imaging.PREVIEW:
            return self.photo, self.mask(model)
        if model.name not in self._small_masks:
            self._small_masks[model.name] = imaging.preview(self.mask(model))
        return self.small_photo, self._small_masks[model.name]

    def cutout(self, model: Model) -> Image.Image:
        """Return the RGBA cut-out at the photo's size."""
        return imaging.cutout(self.photo, self.mask(model))


@dataclass(frozen=True)
class Scene:
    """All that a step may look at."""

    pictures: Pictures
    config: Config
    model: Model

    @property
    def job(self) -> Job:
        """The photo's job."""
        return self.pictures.job


@dataclass(frozen=True)
class Step:
    """A named transformation; its version changes when its code gives other results."""

    name: str
    version: int
    make: Callable[[Scene], Product]
    parameters: Callable[[Config], Mapping[str, Parameter]] = lambda _config: {}


def _made(path: str, content: bytes, image: Image.Image) -> Made:
    return Made(path=path, content=content, width=image.width, height=image.height)


def _web_sizes(image: Image.Image, path: str, config: Config) -> list[Made]:
    files = []
    widths = imaging.web_widths(image.width, config.sizes)
    for width, resized in zip(widths, imaging.ladder(image, widths), strict=True):
        files.append(_made(f"{path}-{width}.webp", encoding.encode_webp(resized), resized))
    return files


def _web(scene: Scene) -> Product:
    pictures, path = scene.pictures, f"{scene.job.folder}/photo"
    is_small = max(scene.config.sizes) <= imaging.PREVIEW
    photo = pictures.small_photo if is_small else pictures.photo
    return Product(_web_sizes(photo, path, scene.config))


def _full(scene: Scene) -> Product:
    """Make the photo's own size where neither its own file nor a web size shows it."""
    if scene.job.published:
        return Product([])
    photo = scene.pictures.photo
    if photo.width <= max(scene.config.sizes) or max(photo.size) > imaging.WEBP_LIMIT:
        return Product([])
    path = f"{scene.job.folder}/photo-full.webp"
    return Product([_made(path, encoding.encode_webp(photo), photo)])


def _mask(scene: Scene) -> Product:
    mask = scene.pictures.predicted_mask(scene.model)
    findings = Findings(
        coverage=imaging.coverage(mask),
        touches=imaging.touches(mask),
        empty=imaging.is_empty(mask),
        edges=uncertain_patches(mask),
    )
    path = scene.job.mask_path(scene.model)
    return Product([_made(path, encoding.encode_png(mask), mask)], findings)


def _cutout(scene: Scene) -> Product:
    cutout = scene.pictures.cutout(scene.model)
    path = scene.job.cutout_path(scene.model)
    return Product([_made(path, encoding.encode_png(cutout), cutout)])


def _cutout_web(scene: Scene) -> Product:
    cutout = scene.pictures.cutout(scene.model)
    path = f"{scene.job.folder}/{scene.model.name}/cutout"
    return Product(_web_sizes(cutout, path, scene.config))


def _composite(scene: Scene) -> Product:
    pictures, model, style = scene.pictures, scene.model, scene.config.composite
    image = imaging.composite(*pictures.pair(model, style.max_width), style)
    path = f"{scene.job.folder}/{model.name}/composite.webp"
    return Product([_made(path, encoding.encode_webp(image), image)])


def _card(scene: Scene) -> Product:
    pictures = scene.pictures
    image = imaging.card(*pictures.pair(scene.model))
    return Product([_made(f"{scene.job.folder}/card.jpg", encoding.encode_jpeg(image), image)])


def _sizes(config: Config) -> Mapping[str, Parameter]:
    return {"sizes": config.sizes}


def _style(config: Config) -> Mapping[str, Parameter]:
    style = config.composite
    return {"panels": style.panels, "gap": style.gap, "max_width": style.max_width}


WEB = Step("web", 2, _web, _sizes)
FULL = Step("full", 2, _full, _sizes)
MASK = Step("mask", 2, _mask)
CUTOUT = Step("cutout", 2, _cutout)
CUTOUT_WEB = Step("cutout-web", 2, _cutout_web, _sizes)
COMPOSITE = Step("composite", 2, _composite, _style)
CARD = Step("card", 2, _card)


def label(step: Step, model: Model | None = None) -> str:
    """Return the name of a step in a photo's record: ``web``, ``u2netp/mask``."""
    return f"{model.name}/{step.name}" if model else step.name


def make_photo(
    job: Job, models: Sequence[Model], config: Config, workshop: Workshop, predict: Predict
) -> dict[str, StepRecord]:
    """Take one photo through every step; returns the records by label, in a fixed order.

    Raises PhotoError where the photo cannot be read.
    """
    pictures = Pictures(job, workshop.root, predict)
    records: dict[str, StepRecord] = {}

    def do(step: Step, model: Model, inputs: Sequence[str], name: str) -> list[str]:
        scene = Scene(pictures, config, model)
        # where the files lie is part of what is made: a photo may get another slug
        parameters = dict(step.parameters(config))
        parameters |= {"folder": job.folder, "label": name, "published": job.published}
        key = step_key(step.name, step.version, [job.sha256, *inputs], parameters)
        records[name] = workshop.ensure(name, key, lambda: step.make(scene))
        return [output.sha256 for output in records[name].outputs]

    do(WEB, models[0], [], label(WEB))
    do(FULL, models[0], [], label(FULL))
    masks = []
    for model in models:
        computed_by = [model.checkpoint, model.backend, model.device, model.precision]
        masks.append(do(MASK, model, computed_by, label(MASK, model)))
        for step in (CUTOUT, CUTOUT_WEB, COMPOSITE):
            do(step, model, masks[-1], label(step, model))
    do(CARD, models[0], masks[0], label(CARD))
    return records
