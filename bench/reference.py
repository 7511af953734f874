"""The reference of the benchmarks: the authors' test script, and a loop that makes a gallery.

It follows the paper (arXiv 2005.09007) and the description of the script (u2net_test.py in
xuebinqin/U-2-Net).  scikit-image resizes the photo to a square.  The network runs eagerly in
float32, on one photo at a time, and returns seven maps.  The first map is normalised and resized to
the photo's size.  ``gallery`` then writes the same pictures as our build, in the simplest way:
Pillow's default settings, every size made from the full photo, one file after another.

    bench/reference.py CHECKPOINT PHOTOS OUT
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps
from skimage.transform import resize

from sod_gallery.config import DEFAULT_SIZES, CompositeConfig
from sod_gallery.networks.checkpoints import resolve
from sod_gallery.networks.registry import IMAGENET_MEAN, IMAGENET_STD
from sod_gallery.networks.u2net import U2Net
from sod_gallery.networks.weights import load_network
from sod_gallery.pictures.imaging import (
    COMPOSITE_HEIGHT,
    SOCIAL_PREVIEW_GROUND,
    SOCIAL_PREVIEW_SIZE,
)

COMPOSITE = CompositeConfig()
HALF_PREVIEW = (SOCIAL_PREVIEW_SIZE[0] // 2, SOCIAL_PREVIEW_SIZE[1])
"""Pixels of the photo, and of the cut-out, in the social preview."""
INPUT_SIZE = (320, 320)
"""Height and width of the network's input in pixels."""


def prepare(photo: Image.Image) -> torch.Tensor:
    """Return the network's input for an RGB photo: float32 1×3×320×320.

    The photo is resized, divided by its maximum, and normalised by ImageNet's mean and deviation.
    """
    small = resize(np.asarray(photo), INPUT_SIZE, order=1, mode="constant", anti_aliasing=False)
    normalised = (small / small.max() - IMAGENET_MEAN) / IMAGENET_STD
    return torch.from_numpy(normalised.transpose(2, 0, 1)[None].astype(np.float32))


def saliency(network: U2Net, photo: Image.Image) -> NDArray[np.float32]:
    """Return the fused map d0 after min–max normalisation: 320×320 values in [0, 1]."""
    with torch.no_grad():
        d0, *_ = network(prepare(photo))
    fused = d0[0, 0]
    normalised: NDArray[np.float32] = ((fused - fused.min()) / (fused.max() - fused.min())).numpy()
    return normalised


def mask_of(network: U2Net, photo: Image.Image) -> Image.Image:
    """Return the mask of an RGB photo: an L image of the photo's size."""
    small = Image.fromarray((saliency(network, photo) * 255).astype(np.uint8))
    return small.resize(photo.size, Image.Resampling.BILINEAR)


def write_all(photo: Image.Image, mask: Image.Image, out: Path, name: str) -> None:
    """Write the same pictures as our build makes of a photo; ``name`` begins their names."""
    out.mkdir(parents=True, exist_ok=True)
    cutout = photo.convert("RGBA")
    cutout.putalpha(mask)
    mask.save(out / f"{name}-mask.png")
    cutout.save(out / f"{name}.png")
    for kind, picture in (("photo", photo), ("cutout", cutout)):
        for width in {min(width, photo.width) for width in DEFAULT_SIZES}:
            scaled(picture, width).save(out / f"{name}-{kind}-{width}.webp", quality=82)
    if photo.width > max(DEFAULT_SIZES):
        photo.save(out / f"{name}-full.webp", quality=82)
    side_by_side(photo, cutout).save(out / f"{name}-composite.webp", quality=82)
    social_preview(photo, cutout).save(out / f"{name}-card.jpg", quality=85, progressive=True)


def scaled(picture: Image.Image, width: int) -> Image.Image:
    """Return the picture resized to ``width`` pixels, with its aspect ratio."""
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def side_by_side(photo: Image.Image, cutout: Image.Image) -> Image.Image:
    """Return the composite: photo and cut-out side by side, as large as our build's."""
    panel = (COMPOSITE.max_width - COMPOSITE.gap) // 2
    width = round(min(panel, photo.width, COMPOSITE_HEIGHT * photo.width / photo.height))
    left, right = scaled(photo, width), scaled(cutout, width)
    result = Image.new("RGB", (2 * width + COMPOSITE.gap, left.height), "white")
    result.paste(left, (0, 0))
    result.paste(right, (width + COMPOSITE.gap, 0), right)
    return result


def social_preview(photo: Image.Image, cutout: Image.Image) -> Image.Image:
    """Return the picture for link previews: photo and cut-out, each cropped to one half."""
    result = Image.new("RGB", SOCIAL_PREVIEW_SIZE, SOCIAL_PREVIEW_GROUND)
    result.paste(ImageOps.fit(photo, HALF_PREVIEW), (0, 0))
    right = ImageOps.fit(cutout, HALF_PREVIEW)
    result.paste(right, (HALF_PREVIEW[0], 0), right)
    return result


def gallery(checkpoint: str, photos: Path, out: Path) -> None:
    """Process every file of the folder ``photos``, one after another; write into ``out``."""
    network = load_network(resolve(checkpoint))
    for path in sorted(photos.iterdir()):
        with Image.open(path) as image:
            photo = ImageOps.exif_transpose(image).convert("RGB")
        write_all(photo, mask_of(network, photo), out, path.name)


if __name__ == "__main__":
    gallery(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
