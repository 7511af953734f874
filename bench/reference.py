"""The way it is done without this project: the authors' test script, and a loop around it.

Written from the paper's and the script's description: the photo is squashed by scikit-image, the
network runs eagerly in float32 for one photo at a time and returns seven maps, the first of them is
stretched and brought to the photo's size.  ``gallery`` then writes what our build writes, by the
plainest calls: Pillow's defaults, every size from the full photo, one file after the other.

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

from sod_gallery.networks.checkpoints import resolve
from sod_gallery.networks.registry import IMAGENET_MEAN, IMAGENET_STD
from sod_gallery.networks.u2net import U2Net
from sod_gallery.networks.weights import load_network

SIZES = (480, 960, 1600)
CARD = (600, 630)
SIDES = (320, 320)


def prepare(photo: Image.Image) -> torch.Tensor:
    """Squash, divide by the maximum, normalise; returns 1×3×320×320."""
    small = resize(np.asarray(photo), SIDES, order=1, mode="constant", anti_aliasing=False)
    normal = (small / small.max() - IMAGENET_MEAN) / IMAGENET_STD
    return torch.from_numpy(normal.transpose(2, 0, 1)[None].astype(np.float32))


def saliency(network: U2Net, photo: Image.Image) -> NDArray[np.float32]:
    """Return the first of the seven maps, stretched to [0, 1]."""
    with torch.no_grad():
        first, *_ = network(prepare(photo))
    fused = first[0, 0]
    stretched: NDArray[np.float32] = ((fused - fused.min()) / (fused.max() - fused.min())).numpy()
    return stretched


def mask_of(network: U2Net, photo: Image.Image) -> Image.Image:
    """Return the mask at the photo's size."""
    small = Image.fromarray((saliency(network, photo) * 255).astype(np.uint8))
    return small.resize(photo.size, Image.Resampling.BILINEAR)


def write_all(photo: Image.Image, mask: Image.Image, out: Path, name: str) -> None:
    """Write every file that our build writes for a photo."""
    out.mkdir(parents=True, exist_ok=True)
    cutout = photo.convert("RGBA")
    cutout.putalpha(mask)
    mask.save(out / f"{name}-mask.png")
    cutout.save(out / f"{name}.png")
    for kind, picture in (("photo", photo), ("cutout", cutout)):
        for width in {min(width, photo.width) for width in SIZES}:
            scaled(picture, width).save(out / f"{name}-{kind}-{width}.webp", quality=82)
    if photo.width > max(SIZES):
        photo.save(out / f"{name}-full.webp", quality=82)
    side_by_side(photo, cutout).save(out / f"{name}-composite.webp", quality=82)
    card(photo, cutout).save(out / f"{name}-card.jpg", quality=85, progressive=True)


def scaled(picture: Image.Image, width: int) -> Image.Image:
    """Return the picture at a width."""
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def side_by_side(photo: Image.Image, cutout: Image.Image) -> Image.Image:
    """Return photo and cut-out beside each other, at most 1600 pixels wide."""
    width = round(min(794, photo.width, 900 * photo.width / photo.height))
    left, right = scaled(photo, width), scaled(cutout, width)
    result = Image.new("RGB", (2 * width + 12, left.height), "white")
    result.paste(left, (0, 0))
    result.paste(right, (width + 12, 0), right)
    return result


def card(photo: Image.Image, cutout: Image.Image) -> Image.Image:
    """Return the picture for link previews."""
    result = Image.new("RGB", (1200, 630), "#d3dae1")
    result.paste(ImageOps.fit(photo, CARD), (0, 0))
    half = ImageOps.fit(cutout, CARD)
    result.paste(half, (600, 0), half)
    return result


def gallery(checkpoint: str, photos: Path, out: Path) -> None:
    """Take every photo of a folder, one after the other."""
    network = load_network(resolve(checkpoint))
    for path in sorted(photos.iterdir()):
        with Image.open(path) as image:
            photo = ImageOps.exif_transpose(image).convert("RGB")
        write_all(photo, mask_of(network, photo), out, path.name)


if __name__ == "__main__":
    gallery(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
