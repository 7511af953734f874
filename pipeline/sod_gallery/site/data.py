"""Turns the manifest into what the site reads: ``_data/gallery.json`` and ``_data/sliders.yml``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote

import msgspec
import yaml

from sod_gallery import __version__, places
from sod_gallery.config import Config, DatasetConfig
from sod_gallery.files import hash_bytes
from sod_gallery.manifest import DatasetRecord, Manifest, Output, PhotoRecord
from sod_gallery.photos.datasets import in_order
from sod_gallery.photos.names import natural_key, shown_by_browsers, title
from sod_gallery.records import (
    Credit,
    DatasetEntry,
    Failure,
    Gallery,
    ImageFile,
    Method,
    PhotoEntry,
    Provenance,
    Result,
)
from sod_gallery.scores.trust import is_faint
from sod_gallery.vocabulary import VOCABULARY

from .methods import described

MOST_BULLETS = 30
PUBLISHED = "maps"
"""The backend of results that were made of published maps (``engines.imported_maps``)."""
FEATURED = 24
"""How many photos the first slider shows of a dataset whose settings name none."""

Credits = Callable[[str], Mapping[str, Credit]]


def schema() -> bytes:
    """Return the JSON Schema of ``gallery.json``."""
    return msgspec.json.format(msgspec.json.encode(msgspec.json.schema(Gallery)), indent=2) + b"\n"


def gallery(manifest: Manifest, config: Config, credits: Credits) -> Gallery:
    """Arrange everything that was built: datasets in the site's order, photos by name.

    ``credits`` returns the authors of a dataset's photos, by file name.
    """
    finished = [name for name, dataset in manifest.datasets.items() if dataset.finished()]
    datasets = [
        _dataset(name, manifest.datasets[name], config.dataset(name), credits(name))
        for name in in_order(finished, config.datasets)
    ]
    used = {method for dataset in datasets for method in dataset.methods}
    built = sorted(manifest.datasets.items())
    content = Gallery(
        build="",
        generator=f"sod-gallery {__version__}",
        vocabulary=VOCABULARY,
        methods=[
            described(method, config)
            for name, method in sorted(manifest.methods.items())
            if name in used
        ],
        datasets=datasets,
        failed=_sentences((name, dataset.failed) for name, dataset in built),
        skipped=_sentences((name, dataset.skipped) for name, dataset in built),
    )
    return msgspec.structs.replace(content, build=hash_bytes(msgspec.json.encode(content))[:12])


def _sentences(datasets: Iterable[tuple[str, Mapping[str, str]]]) -> list[Failure]:
    return [
        Failure(photo=f"{name}/{photo}", reason=reason)
        for name, reasons in datasets
        for photo, reason in reasons.items()
    ]


def _dataset(
    name: str, dataset: DatasetRecord, settings: DatasetConfig, credits: Mapping[str, Credit]
) -> DatasetEntry:
    credit = _credit(settings)
    photos = [
        _photo(name, photo, dataset.photos[photo], dataset, credits.get(photo) or credit)
        for photo in sorted(dataset.finished(), key=natural_key)
    ]
    return DatasetEntry(
        name=name,
        url=places.gallery_page(name),
        title=settings.title or name,
        description=settings.description,
        methods=dataset.methods,
        mixed=_mixed(photos),
        credit=credit,
        citation=settings.citation.strip(),
        photos=photos,
    )


def _credit(settings: DatasetConfig) -> Credit | None:
    """Return whose a dataset is; none where the settings do not say."""
    if not (settings.author or settings.licence):
        return None
    return Credit(
        author=settings.author or "not stated",
        licence=settings.licence or "not stated",
        source=settings.source,
    )


def _mixed(photos: Iterable[PhotoEntry]) -> list[str]:
    """Return the networks whose results differ in what computed them."""
    provenances: dict[str, set[Provenance]] = {}
    for result in (result for photo in photos for result in photo.results):
        if result.backend == PUBLISHED:
            continue
        made_by = msgspec.convert(result, Provenance, from_attributes=True)
        provenances.setdefault(result.method, set()).add(made_by)
    return [method for method, found in provenances.items() if len(found) > 1]


def _photo(
    dataset: str, name: str, record: PhotoRecord, home: DatasetRecord, credit: Credit | None
) -> PhotoEntry:
    original = None if home.source else f"{places.photos(dataset)}/{name}"
    return PhotoEntry(
        name=name,
        slug=record.slug,
        url=places.photo_page(dataset, record.slug),
        title=title(name),
        width=record.size[0],
        height=record.size[1],
        sha256=record.sha256,
        original=_src(original) if original else None,
        sizes=_images(record.steps["web"].outputs),
        full=_full(name, record, original),
        social_preview=_image(record.steps["social-preview"].outputs[0]),
        results=[_result(method, record) for method in home.methods if record.has([method])],
        reference=_image(record.reference) if record.reference else None,
        ground_truth=_image(record.ground_truth) if record.ground_truth else None,
        credit=credit,
        notes=record.notes,
    )


def _full(name: str, record: PhotoRecord, original: str | None) -> str:
    """Return the photo at its own size: its own file, one made for it, or the widest web size."""
    full = record.steps["full"].outputs
    if original and not full and shown_by_browsers(name):
        return _src(original)
    made = [*record.steps["web"].outputs, *full]
    return _src(made[-1].path)


def _result(method: str, record: PhotoRecord) -> Result:
    mask, cutout, full, sizes, composite = (
        record.steps[f"{method}/{step}"]
        for step in ("mask", "cutout", "cutout-full", "cutout-web", "composite")
    )
    assert mask.findings is not None  # the mask step always states both
    assert mask.provenance is not None
    return Result(
        **msgspec.structs.asdict(mask.provenance),
        mask=_image(mask.outputs[0]),
        cutout=_image(cutout.outputs[0]),
        cutout_full=_image(full.outputs[0]) if full.outputs else None,
        cutout_sizes=_images(sizes.outputs),
        composite=_image(composite.outputs[0]),
        coverage=mask.findings.coverage,
        peak=mask.findings.peak,
        faint=is_faint(mask.findings.peak),
        touches=mask.findings.touches,
        empty=mask.findings.empty,
        edges=mask.findings.edges,
    )


def _images(outputs: Iterable[Output]) -> list[ImageFile]:
    return [_image(output) for output in outputs]


def _image(output: Output) -> ImageFile:
    return ImageFile(
        src=_src(output.path), width=output.width, height=output.height, bytes=output.bytes
    )


def _src(path: str) -> str:
    return "/" + quote(path)


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


def gallery_json(content: Gallery) -> bytes:
    """Serialise ``gallery.json``: key order fixed, UTF-8, LF."""
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"


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
