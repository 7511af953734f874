"""A photo with all that the viewer can show, and pages that include the viewer."""

from __future__ import annotations

from pathlib import Path

import msgspec
from fixture_site import write_data
from PIL import Image, ImageDraw, ImageFilter

from sod_gallery.pictures import imaging
from sod_gallery.records import Gallery, ImageFile, Patch

SIZE = (800, 600)
EDGES = [
    Patch(x=0.2, y=0.3, width=0.1, height=0.2),
    Patch(x=0.6, y=0.5, width=0.2, height=0.2),
]

POST = """---
layout: post
title: Compared in a post
date: 2021-01-01
author: wjlee
---
<p id="above">Above.</p>
{% include compare.html dataset="others" photo="cup.png" before="mask" after="heat.u2netp" %}
{% include compare.html dataset="sample" photo="14.jpg" %}
{% include compare.html dataset="others" photo="nowhere.png" %}
<p>Below.</p>
"""

RTL = """---
layout: default
title: From right to left
---
<div dir="rtl">{% include compare.html dataset="others" photo="cup.png" %}</div>
"""

BY_HAND = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>By hand</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="assets/css/viewer.css">
<style>photo-compare { --stage-height: 20rem; --tint: #a00; }</style>
</head>
<body>
<h1>By hand</h1>
<photo-compare data-before="photo" data-after="cutout.mine">
<figure data-source="photo">
<img src="panorama.png" width="4000" height="300" alt="A photo">
<figcaption>Photo</figcaption></figure>
<figure data-source="mask.mine" data-full="panorama-mask.png">
<img src="panorama-mask.png" width="4000" height="300" alt="Its mask">
<figcaption>Mask</figcaption></figure>
<figure data-source="cutout.mine" data-ground="checker">
<img src="panorama-mask.png" width="4000" height="300" alt="Its cut-out">
<figcaption>Cut-out</figcaption></figure>
</photo-compare>
<photo-compare data-bare>
<figure data-source="photo">
<img src="panorama.png" width="4000" height="300" alt="A photo">
<figcaption>Photo</figcaption></figure>
<figure data-source="truth">
<img src="panorama-mask.png" width="4000" height="300" alt="Its truth">
<figcaption>Truth</figcaption></figure>
</photo-compare>
<script type="module" src="assets/js/photo-compare.js"></script>
</body>
</html>
"""


def soft_mask() -> Image.Image:
    """Return a disc with a wide, soft edge, so that every level cuts it elsewhere."""
    mask = Image.new("L", SIZE, 0)
    ImageDraw.Draw(mask).ellipse((200, 150, 600, 450), fill=255)
    return mask.filter(ImageFilter.GaussianBlur(24))


def truth() -> Image.Image:
    """Return the object as a person would have marked it: black and white."""
    image = Image.new("L", SIZE, 0)
    ImageDraw.Draw(image).ellipse((220, 150, 620, 450), fill=255)
    return image


def write_viewer_pages(source: Path, gallery: Gallery) -> None:
    """Complete the photo ``others/cup.png`` and write a post and a page that compare it."""
    photo = gallery.datasets[1].photos[0]
    folder = source / "assets/images/raw/others"
    mask = soft_mask()
    first = photo.results[0]
    mask.save(source / first.mask.src.lstrip("/"))
    picture = Image.open(source / photo.full.lstrip("/")).convert("RGB")
    picture.putalpha(mask)
    first = msgspec.structs.replace(first, edges=EDGES, coverage=imaging.coverage(mask))
    photo = msgspec.structs.replace(
        photo,
        results=[first, *photo.results[1:]],
        reference=_save(source, picture, folder / "reference/cup.png.png"),
        ground_truth=_save(source, truth(), folder / "gt/cup.png"),
    )
    others = msgspec.structs.replace(gallery.datasets[1], photos=[photo])
    datasets = [gallery.datasets[0], others]
    gallery = msgspec.structs.replace(gallery, datasets=datasets)
    write_data(source, gallery)
    _add_smaller_cutout(source, gallery, picture)
    (source / "_posts/2021-01-01-compared.md").write_text(POST, encoding="utf-8")
    (source / "compared-rtl.html").write_text(RTL, encoding="utf-8")
    (source / "by-hand.html").write_text(BY_HAND, encoding="utf-8")
    Image.new("RGB", (4000, 300), (10, 120, 200)).save(source / "panorama.png")
    Image.new("L", (4000, 300), 255).save(source / "panorama-mask.png")


def _add_smaller_cutout(source: Path, gallery: Gallery, picture: Image.Image) -> None:
    """Give the first result of ``cup.png`` a lossless cut-out that is smaller than the PNG."""
    path = source / "assets/gallery/others/u2net-cutout-full.webp"
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, lossless=True, exact=True)
    data = msgspec.to_builtins(gallery)
    data["datasets"][1]["photos"][0]["results"][0]["cutout_full"] = {
        "src": f"/{path.relative_to(source).as_posix()}",
        "width": picture.width,
        "height": picture.height,
        "bytes": path.stat().st_size,
    }
    (source / "_data/gallery.json").write_bytes(msgspec.json.encode(data))


def _save(source: Path, image: Image.Image, path: Path) -> ImageFile:
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)
    src = f"/{path.relative_to(source).as_posix()}"
    return ImageFile(src=src, width=image.width, height=image.height, bytes=path.stat().st_size)
