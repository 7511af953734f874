"""What each step of a build makes of one photo: pure functions, from pictures to files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec
from PIL import Image

from sod_gallery.config import Config
from sod_gallery.manifest import Findings
from sod_gallery.photos.decoding import Decoded
from sod_gallery.photos.metadata import stripped
from sod_gallery.pictures import encoding, imaging
from sod_gallery.pictures.uncertainty import uncertain_patches
from sod_gallery.records import Figures, Provenance

from .job import Job

Parameter = str | int | float | bool | Sequence[str] | Sequence[int]


@dataclass(frozen=True)
class PredictedMask:
    """What a method made of a photo."""

    mask: Image.Image
    """L, of the photo's size."""
    peak: float
    """Greatest value of the map before it was normalised, in [0, 1]."""
    batch: int = 1
    """Photos in a batch of the network."""


Load = Callable[[Path], Decoded]
"""Decodes a photo to upright sRGB; raises PhotoError."""
Predict = Callable[[Provenance, Image.Image], PredictedMask]
"""Applies a method to an upright RGB photo."""


LOSSLESS = 50_000_000
"""Pixels.  Lossless WebP takes 28 bytes of memory for each, and a second for seven millions."""
LARGE_FILE = 1_000_000
"""Bytes of a cut-out's PNG from which a smaller file of it is made as well."""


@dataclass(frozen=True)
class EncodedImage:
    """One file before it is written."""

    path: str
    """Below the site's root, with forward slashes."""
    content: bytes
    width: int
    """In pixels."""
    height: int


@dataclass(frozen=True)
class Product:
    """What a step yields: files to be written and, for a mask, what was measured on it."""

    files: Sequence[EncodedImage]
    findings: Findings | None = None
    provenance: Provenance | None = None
    """What computed a mask."""
    notes: Sequence[str] = ()
    """Sentences on what was odd about the step's input."""
    figures: Figures | None = None
    """What a step found out that writes no file."""


@dataclass
class Pictures:
    """The pictures that steps share, decoded at most once and only when a step needs them."""

    job: Job
    root: Path
    load: Load
    predict: Predict

    def __post_init__(self) -> None:
        self._masks: dict[str, Image.Image] = {}
        self._small_masks: dict[str, Image.Image] = {}

    @cached_property
    def decoded(self) -> Decoded:
        """The upright sRGB photo, and what is known of it; raises PhotoError."""
        return self.load(self.job.path)

    @property
    def photo(self) -> Image.Image:
        """The upright sRGB photo; raises PhotoError."""
        return self.decoded.picture

    def predicted_mask(self, provenance: Provenance) -> PredictedMask:
        """Run the method on the photo."""
        predicted = self.predict(provenance, self.photo)
        self._masks[provenance.method] = predicted.mask
        return predicted

    def mask(self, method: str) -> Image.Image:
        """Return the mask just predicted, or the one that an earlier build wrote."""
        if method not in self._masks:
            with Image.open(self.root / self.job.mask_path(method)) as image:
                self._masks[method] = image.convert("L")
        return self._masks[method]

    @cached_property
    def small_photo(self) -> Image.Image:
        """The photo, at most ``imaging.PREVIEW`` pixels wide."""
        return imaging.preview(self.photo)

    def pair(self, method: str, width: int = 0) -> tuple[Image.Image, Image.Image]:
        """Return photo and mask of equal size, large enough for a preview ``width`` pixels wide."""
        if width > imaging.PREVIEW:
            return self.photo, self.mask(method)
        if method not in self._small_masks:
            self._small_masks[method] = imaging.preview(self.mask(method))
        return self.small_photo, self._small_masks[method]

    def cutout(self, method: str) -> Image.Image:
        """Return the RGBA cut-out at the photo's size."""
        return imaging.cutout(self.photo, self.mask(method))


@dataclass(frozen=True)
class StepContext:
    """All that a step may look at."""

    pictures: Pictures
    config: Config
    provenance: Provenance

    @property
    def method(self) -> str:
        """Name of the method."""
        return self.provenance.method

    @property
    def job(self) -> Job:
        """The photo's job."""
        return self.pictures.job


@dataclass(frozen=True)
class Step:
    """A named transformation; its version changes when its code gives other results."""

    name: str
    version: int
    make: Callable[[StepContext], Product]
    parameters: Callable[[Config], Mapping[str, Parameter]] = lambda _config: {}


def _file(path: str, content: bytes, image: Image.Image) -> EncodedImage:
    return EncodedImage(path, content, image.width, image.height)


def _web_sizes(image: Image.Image, path: str, config: Config) -> list[EncodedImage]:
    files = []
    widths = imaging.web_widths(image.width, config.sizes)
    for width, resized in zip(widths, imaging.ladder(image, widths), strict=True):
        files.append(_file(f"{path}-{width}.webp", encoding.encode_webp(resized), resized))
    return files


def _web(context: StepContext) -> Product:
    pictures, path = context.pictures, f"{context.job.folder}/photo"
    is_small = max(context.config.sizes) <= imaging.PREVIEW
    photo = pictures.small_photo if is_small else pictures.photo
    files = _web_sizes(photo, path, context.config)
    return Product(files, notes=pictures.decoded.notes)


def _original(context: StepContext) -> Product:
    """Make the file to be published as the photo's own, where that is not the file itself."""
    job = context.job
    content, extension = job.path.read_bytes(), job.path.suffix.lower()
    if job.originals == "stripped":
        bare = stripped(content)
        if bare is None:
            return Product([])
        content, extension = bare
    path = f"{job.folder}/original{extension}"
    return Product([_file(path, content, context.pictures.photo)])


def _full(context: StepContext) -> Product:
    """Make the photo's own size where neither its own file nor a web size shows it."""
    job, photo = context.job, context.pictures.photo
    if job.shows_original and context.pictures.decoded.is_shown:
        return Product([])
    if not job.shows_original and photo.width <= max(context.config.sizes):
        return Product([])
    if max(photo.size) <= imaging.WEBP_LIMIT:
        with suppress(ValueError):  # a partition of a very large WebP may overflow
            path = f"{job.folder}/photo-full.webp"
            return Product([_file(path, encoding.encode_webp(photo), photo)])
    if max(photo.size) > imaging.JPEG_LIMIT:
        return Product([])
    return Product([_file(f"{job.folder}/photo-full.jpg", encoding.encode_jpeg(photo), photo)])


def _mask(context: StepContext) -> Product:
    predicted = context.pictures.predicted_mask(context.provenance)
    mask = predicted.mask
    findings = Findings(
        coverage=imaging.coverage(mask),
        peak=round(predicted.peak, 4),
        touches=imaging.touches(mask),
        empty=imaging.is_empty(mask),
        edges=uncertain_patches(mask),
    )
    path = context.job.mask_path(context.method)
    made_by = msgspec.structs.replace(context.provenance, batch=predicted.batch)
    return Product([_file(path, encoding.encode_png(mask), mask)], findings, made_by)


def _cutout(context: StepContext) -> Product:
    photo, mask = context.pictures.photo, context.pictures.mask(context.method)
    path = context.job.cutout_path(context.method)
    return Product([_file(path, encoding.encode_png(photo, mask, marked=True), photo)])


def _cutout_web(context: StepContext) -> Product:
    photo, mask = context.pictures.photo, context.pictures.mask(context.method)
    spare = photo.width // (4 * max(context.config.sizes))
    if spare > 1:  # a picture so large is reduced first, which takes less memory
        photo, mask = photo.reduce(spare), mask.reduce(spare)
    path = f"{context.job.folder}/{context.method}/cutout"
    return Product(_web_sizes(imaging.cutout(photo, mask), path, context.config))


def _cutout_full(context: StepContext) -> Product:
    """Make a smaller file of a large cut-out, for those who zoom in: equal where it is visible."""
    job, photo = context.job, context.pictures.photo
    large = context.pictures.root / job.cutout_path(context.method)
    is_small = large.stat().st_size < LARGE_FILE
    if is_small or max(photo.size) > imaging.WEBP_LIMIT or photo.width * photo.height > LOSSLESS:
        return Product([])
    cutout = context.pictures.cutout(context.method)
    try:
        content = encoding.encode_webp_lossless(cutout)
    except ValueError:  # a partition of a very large WebP may overflow
        return Product([])
    if len(content) >= large.stat().st_size:
        return Product([])
    return Product([_file(f"{job.folder}/{context.method}/cutout-full.webp", content, cutout)])


def _composite(context: StepContext) -> Product:
    pictures, style = context.pictures, context.config.composite
    image = imaging.composite(*pictures.pair(context.method, style.max_width), style)
    path = f"{context.job.folder}/{context.method}/composite.webp"
    return Product([_file(path, encoding.encode_webp(image), image)])


def _social_preview(context: StepContext) -> Product:
    image = imaging.social_preview(*context.pictures.pair(context.method))
    # the name that links on social sites already hold
    path = f"{context.job.folder}/card.jpg"
    return Product([_file(path, encoding.encode_jpeg(image), image)])


def _sizes(config: Config) -> Mapping[str, Parameter]:
    return {"sizes": config.sizes}


def _style(config: Config) -> Mapping[str, Parameter]:
    style = config.composite
    return {"panels": style.panels, "gap": style.gap, "max_width": style.max_width}


# How files are called is known to places.GENERATED too: a new name belongs there as well.
WEB = Step("web", 2, _web, _sizes)
ORIGINAL = Step("original", 1, _original)
FULL = Step("full", 3, _full, _sizes)
MASK = Step("mask", 3, _mask)
CUTOUT = Step("cutout", 3, _cutout)
CUTOUT_WEB = Step("cutout-web", 2, _cutout_web, _sizes)
CUTOUT_FULL = Step("cutout-full", 1, _cutout_full)
COMPOSITE = Step("composite", 2, _composite, _style)
SOCIAL_PREVIEW = Step("social-preview", 2, _social_preview)
