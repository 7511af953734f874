"""Turns the manifest into what the site reads: ``_data/gallery.json``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePath

import msgspec

from sod_gallery import __version__, places
from sod_gallery.config import Config, DatasetConfig, Originals
from sod_gallery.files import hash_bytes
from sod_gallery.manifest import DatasetRecord, Manifest, PhotoRecord
from sod_gallery.photos.datasets import in_order, originals_of
from sod_gallery.photos.names import folder_title, natural_key, shown_by_browsers, title
from sod_gallery.records import (
    Credit,
    DatasetEntry,
    Failure,
    Gallery,
    PhotoEntry,
    Provenance,
    Published,
    Result,
)
from sod_gallery.scores.trust import is_faint
from sod_gallery.vocabulary import VOCABULARY

from .addresses import Addresses, PhotoAddresses
from .measured import agreements, maybe_empty, measured
from .methods import described

PUBLISHED = "maps"
"""The backend of results that were made of published maps (``engines.imported_maps``)."""

PUBLISHED_AS: Mapping[Originals, Published] = {
    True: "as they are",
    "stripped": "without metadata",
    False: "no",
}
Credits = Callable[[str], Mapping[str, Credit]]
InPlace = Callable[[str, str], bool]


def _nowhere(_dataset: str, _photo: str) -> bool:
    return False


def schema() -> bytes:
    """Return the JSON Schema of ``gallery.json``."""
    return msgspec.json.format(msgspec.json.encode(msgspec.json.schema(Gallery)), indent=2) + b"\n"


def gallery(
    manifest: Manifest, config: Config, credits: Credits, in_place: InPlace = _nowhere
) -> Gallery:
    """Arrange everything that was built: datasets in the site's order, photos by name.

    ``credits`` returns the authors of a dataset's photos, by file name; ``in_place`` tells of a
    dataset's photo whether its file lies below the site's root, and not behind a link.
    """
    finished = [name for name, dataset in manifest.datasets.items() if dataset.finished()]
    addresses = Addresses(manifest.datasets)
    datasets = [
        _dataset(name, manifest.datasets[name], config, credits(name), in_place, addresses)
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
        files=addresses.moved,
    )
    return msgspec.structs.replace(content, build=hash_bytes(msgspec.json.encode(content))[:12])


def _sentences(datasets: Iterable[tuple[str, Mapping[str, str]]]) -> list[Failure]:
    return [
        Failure(photo=f"{name}/{photo}", reason=reason)
        for name, reasons in datasets
        for photo, reason in reasons.items()
    ]


def _dataset(
    name: str,
    dataset: DatasetRecord,
    config: Config,
    credits: Mapping[str, Credit],
    in_place: InPlace,
    addresses: Addresses,
) -> DatasetEntry:
    settings = config.dataset(name)
    originals = originals_of(name, bool(dataset.source), config)
    credit = _credit(settings)
    folder = PurePath(dataset.source).name if dataset.source else None
    photos = [
        _photo(
            name,
            photo,
            dataset,
            credits.get(photo) or credit,
            _own_file(name, photo, dataset, originals, in_place),
            addresses,
        )
        for photo in sorted(dataset.finished(), key=natural_key)
    ]
    return DatasetEntry(
        name=name,
        url=places.gallery_page(addresses.slugs[name]),
        title=settings.title or folder_title(name, folder),
        description=settings.description,
        methods=dataset.methods,
        mixed=_mixed(photos),
        credit=credit,
        citation=settings.citation.strip(),
        originals=PUBLISHED_AS[originals],
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


def _own_file(
    name: str, photo: str, dataset: DatasetRecord, originals: Originals, in_place: InPlace
) -> str | None:
    """Return what is published as the photo's own file: a copy that was made, itself, or none."""
    made = dataset.photos[photo].steps.get("original")
    if made and made.outputs and originals:
        return made.outputs[0].path
    if originals is True and dataset.source is None and in_place(name, photo):
        return f"{places.photos(name)}/{photo}"
    return None


def _photo(
    dataset: str,
    name: str,
    home: DatasetRecord,
    credit: Credit | None,
    original: str | None,
    addresses: Addresses,
) -> PhotoEntry:
    record = home.photos[name]
    at = addresses.of(dataset, record.slug)
    results = [_result(method, record, at) for method in home.methods if record.has([method])]
    full, full_bytes = _full(name, record, original, at)
    return PhotoEntry(
        name=name,
        slug=record.slug,
        url=places.photo_page(addresses.slugs[dataset], record.slug),
        title=title(name),
        width=record.size[0],
        height=record.size[1],
        sha256=record.sha256,
        original=at.src(original) if original else None,
        sizes=at.images(record.steps["web"].outputs),
        full=full,
        full_bytes=full_bytes or None,
        social_preview=at.image(record.steps["social-preview"].outputs[0]),
        results=results,
        agreements=agreements(record),
        maybe_empty=maybe_empty(results),
        reference=at.image(record.reference) if record.reference else None,
        ground_truth=at.image(record.ground_truth) if record.ground_truth else None,
        credit=credit,
        notes=record.notes,
    )


def _full(
    name: str, record: PhotoRecord, original: str | None, at: PhotoAddresses
) -> tuple[str, int]:
    """Return the photo at its own size, and its bytes: its own file, one made for it, or the
    widest web size."""
    full = record.steps["full"].outputs
    if original and not full and shown_by_browsers(name):
        copies = record.steps["original"].outputs if "original" in record.steps else []
        size = next((copy.bytes for copy in copies if copy.path == original), record.bytes)
        return at.src(original), size
    made = [*record.steps["web"].outputs, *full]
    return at.src(made[-1].path), made[-1].bytes


def _result(method: str, record: PhotoRecord, at: PhotoAddresses) -> Result:
    mask, cutout, full, sizes, composite = (
        record.steps[f"{method}/{step}"]
        for step in ("mask", "cutout", "cutout-full", "cutout-web", "composite")
    )
    assert mask.findings is not None  # the mask step always states both
    assert mask.provenance is not None
    return Result(
        **msgspec.structs.asdict(mask.provenance),
        mask=at.image(mask.outputs[0]),
        cutout=at.image(cutout.outputs[0]),
        cutout_full=at.image(full.outputs[0]) if full.outputs else None,
        cutout_sizes=at.images(sizes.outputs),
        composite=at.image(composite.outputs[0]),
        coverage=mask.findings.coverage,
        peak=mask.findings.peak,
        faint=is_faint(mask.findings.peak),
        touches=mask.findings.touches,
        empty=mask.findings.empty,
        edges=mask.findings.edges,
        **measured(method, record, mask.findings),
    )


def gallery_json(content: Gallery) -> bytes:
    """Serialise ``gallery.json``: key order fixed, UTF-8, LF."""
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"
