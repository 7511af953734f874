"""A gallery drawn with Pillow: the site's input without the pipeline that usually writes it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import msgspec
import numpy as np
import yaml
from PIL import Image, ImageDraw

from sod_gallery.config import DEFAULT_SIZES
from sod_gallery.pictures import imaging
from sod_gallery.pictures.imaging import SOCIAL_PREVIEW_SIZE
from sod_gallery.records import (
    Credit,
    DatasetEntry,
    Failure,
    Gallery,
    ImageFile,
    Method,
    Patch,
    PhotoEntry,
    Result,
)
from sod_gallery.vocabulary import VOCABULARY

EDGES = ("left", "top", "right", "bottom")

METHODS = tuple(
    Method(
        name=name,
        title=title,
        architecture=name.upper(),
        licence="Apache-2.0",
        authors="Xuebin Qin and others",
        paper="https://arxiv.org/abs/2005.09007",
        source="https://github.com/xuebinqin/U-2-Net",
    )
    for name, title in (("u2net", "U²-Net"), ("u2netp", "U²-Net†, the small one <4.7 MB>"))
)
CHECKPOINTS = {
    "u2net": "10025a17f49cd3208afc342b589890e402ee63123d6f2d289a4a0903695cce58",
    "u2netp": "e7567cde013fb64813973ce6e1ecc25a80c05c3ca7adbc5a54f3c3d90991b854",
}


NOTE = "The ground truth has 3 values & is <neither> binary nor black and white."


@dataclass(frozen=True)
class Sample:
    """A photo and the mask that each method is said to have made of it."""

    name: str
    photo: Image.Image
    masks: dict[str, Image.Image]
    credit: Credit | None = None


def drawn_sample(name: str, size: tuple[int, int], box: tuple[float, ...], hue: int) -> Sample:
    """Return a disc in ``box`` (fractions of the picture) before a plain ground."""
    corners = [share * size[index % 2] for index, share in enumerate(box)]
    photo = Image.new("RGB", size, f"hsl({hue}, 35%, 80%)")
    ImageDraw.Draw(photo).ellipse(corners, fill=f"hsl({hue + 150}, 60%, 40%)")
    mask = Image.new("L", size, 0)
    if corners[2] > corners[0]:
        ImageDraw.Draw(mask).ellipse(corners, fill=255)
    credit = Credit(
        author='Ann "Quote" <Author>', licence="CC0-1.0", source="https://example.org/?a=1&b=2"
    )
    return Sample(name, photo, dict.fromkeys((method.name for method in METHODS), mask), credit)


def difficult_samples() -> list[Sample]:
    """Return photos whose names need escaping, or that Jekyll would pass over."""
    return [
        drawn_sample("14.jpg", (1800, 1200), (0.3, 0.2, 0.6, 0.8), 20),
        drawn_sample("_DSC3403.JPG", (600, 400), (-0.2, 0.2, 0.4, 0.8), 60),
        drawn_sample('a "quoted" <b>bold</b> & 100%.png', (400, 600), (0.1, -0.2, 0.9, 1.2), 100),
        drawn_sample("子 folder/相片 一.jpeg", (500, 500), (0.4, 0.4, 0.4, 0.4), 200),
        drawn_sample("#1 it's, {{ page.title }}.jpg", (640, 360), (0.2, 0.3, 0.5, 0.7), 260),
    ]


def write_gallery(
    site: Path, datasets: dict[str, Sequence[Sample]], methods: Sequence[Method] = METHODS
) -> Gallery:
    """Write images, ``_data/gallery.json`` and ``_data/sliders.yml`` below ``site``."""
    entries = [_dataset(site, name, samples, methods) for name, samples in datasets.items()]
    failed = [Failure(photo=f"{entries[0].name}/broken <1>.jpg", reason="It ends too early.")]
    gallery = Gallery(
        build="0123456789ab",
        generator="sod-gallery 0.1",
        vocabulary=VOCABULARY,
        methods=list(methods),
        datasets=entries,
        failed=failed,
        skipped=[Failure(photo=f"{entries[0].name}/*.txt", reason="2 files are no pictures.")],
    )
    write_data(site, gallery)
    return gallery


def repeated(gallery: Gallery, name: str, count: int) -> Gallery:
    """Return a gallery with one dataset of ``count`` photos, whose web sizes are no files."""
    entries = gallery.datasets[0].photos
    photos = [
        msgspec.structs.replace(
            entries[index % len(entries)],
            name=f"{index:05}.jpg",
            slug=f"{index:05}",
            url=f"/compare/{name}/{index:05}/",
            title=f"{index:05}",
            sha256=hashlib.sha256(f"{index:05}".encode()).hexdigest(),
            sizes=[
                msgspec.structs.replace(
                    size, src=f"/assets/gallery/{name}/{index:05}-{size.width}.webp"
                )
                for size in entries[index % len(entries)].sizes
            ],
        )
        for index in range(count)
    ]
    dataset = msgspec.structs.replace(
        gallery.datasets[0], name=name, url=f"/gallery/{name}/", title=name, photos=photos
    )
    return msgspec.structs.replace(gallery, datasets=[dataset], failed=[], skipped=[])


def write_data(site: Path, gallery: Gallery) -> None:
    """Write the two data files of ``gallery``."""
    folder = site / "_data"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "gallery.json").write_bytes(msgspec.json.encode(gallery))
    text = yaml.safe_dump(_sliders(gallery), allow_unicode=True)
    (folder / "sliders.yml").write_text(text, encoding="utf-8")


def _sliders(gallery: Gallery) -> list[dict[str, object]]:
    slides = [
        {
            "src": photo.results[0].composite.src,
            "title": photo.title,
            "alt": f"{photo.title} beside its cut-out",
            "href": photo.url,
        }
        for photo in gallery.datasets[0].photos
    ]
    return [{"selector": "slider1", "bullets": True, "captions": True, "images": slides}]


def _dataset(
    site: Path, name: str, samples: Sequence[Sample], methods: Sequence[Method]
) -> DatasetEntry:
    return DatasetEntry(
        name=name,
        url=f"/gallery/{quote(name)}/",
        title=name.title(),
        description=f"Photos of {name} & friends.",
        methods=[method.name for method in methods],
        mixed=[],
        credit=None,
        citation="",
        originals="as they are",
        photos=[_photo(site, name, sample, methods) for sample in samples],
    )


def _photo(site: Path, dataset: str, sample: Sample, methods: Sequence[Method]) -> PhotoEntry:
    slug = re.sub(r"[^a-z0-9]+", "-", sample.name.lower()).strip("-")
    folder = site / "assets/gallery" / dataset / slug
    raw = site / "assets/images/raw" / dataset
    original = _save(site, sample.photo, raw / "test" / sample.name)
    return PhotoEntry(
        name=sample.name,
        slug=slug,
        url=f"/compare/{quote(dataset)}/{slug}/",
        title=Path(sample.name).stem,
        width=sample.photo.width,
        height=sample.photo.height,
        sha256=hashlib.sha256(sample.name.encode() + sample.photo.tobytes()).hexdigest(),
        original=original.src,
        sizes=_sizes(site, sample.photo, folder / "photo"),
        full=original.src,
        full_bytes=original.bytes,
        social_preview=_save(site, sample.photo.resize(SOCIAL_PREVIEW_SIZE), folder / "card.jpg"),
        results=[_result(site, folder, raw, sample, method.name) for method in methods],
        credit=sample.credit,
        notes=[NOTE] if sample.name.startswith("#1") else [],
    )


def _result(site: Path, folder: Path, raw: Path, sample: Sample, method: str) -> Result:
    mask = sample.masks[method]
    cutout = sample.photo.copy()
    cutout.putalpha(mask)
    composite = Image.new("RGB", (mask.width * 2, mask.height), "white")
    composite.paste(sample.photo, (0, 0))
    composite.paste(cutout, (mask.width, 0), cutout)
    return Result(
        method=method,
        checkpoint_sha256=CHECKPOINTS[method],
        backend="torch",
        device="cpu",
        precision="fp32",
        mask=_save(site, mask, folder / f"{method}-mask.png"),
        cutout=_save(site, cutout, raw / method / f"{sample.name}.png"),
        cutout_full=None,
        cutout_sizes=_sizes(site, cutout, folder / f"{method}-cutout"),
        composite=_save(site, composite, folder / f"{method}-composite.webp"),
        coverage=imaging.coverage(mask),
        peak=float(np.asarray(mask).max() / 255),
        faint=False,
        touches=_touched(mask),
        empty=mask.getbbox() is None,
        edges=[Patch(x=0.25, y=0.25, width=0.1, height=0.1)],
    )


def _touched(mask: Image.Image) -> list[str]:
    box = mask.getbbox()
    if box is None:
        return []
    at = (box[0] == 0, box[1] == 0, box[2] == mask.width, box[3] == mask.height)
    return [edge for edge, touched in zip(EDGES, at, strict=True) if touched]


def _sizes(site: Path, image: Image.Image, stem: Path) -> list[ImageFile]:
    widths = sorted({min(width, image.width) for width in DEFAULT_SIZES})
    return [
        _save(
            site,
            image.resize((width, round(image.height * width / image.width))),
            stem.with_name(f"{stem.name}-{width}.webp"),
        )
        for width in widths
    ]


def _save(site: Path, image: Image.Image, path: Path) -> ImageFile:
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)
    return ImageFile(
        src="/" + quote(path.relative_to(site).as_posix()),
        width=image.width,
        height=image.height,
        bytes=path.stat().st_size,
    )
