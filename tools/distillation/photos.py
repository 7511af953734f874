"""Training photos: read from disk when drawn, augmented, and normalised for the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from sod_gallery.errors import DatasetError
from sod_gallery.files import hash_bytes
from sod_gallery.networks.preprocessing import sample_bilinear
from sod_gallery.networks.registry import IMAGENET_MEAN, IMAGENET_STD
from sod_gallery.photos.decoding import load_photo
from sod_gallery.photos.finding import find_photos

from .settings import Settings


@dataclass(frozen=True)
class Photos:
    """The photos to train on."""

    paths: tuple[Path, ...]
    sha256: str
    """Hash of the paths, as the user gave them; 64 hexadecimal digits."""


def held_out(folder: Path, every: int) -> list[str]:
    """Return the photos of a folder that are never trained on: one of each ``every`` photos.

    They are the first photo in the order of the names, and each ``every``-th after it.  Names are
    relative to the folder.  Raises DatasetError if the folder cannot be listed.
    """
    return sorted(find_photos(folder))[::every]


def find_training_photos(folders: Sequence[Path], settings: Settings) -> Photos:
    """Return the photos of all folders, except those held out from training.

    Raises DatasetError if a folder cannot be listed or no photo remains.
    """
    paths: list[Path] = []
    for folder in folders:
        excluded = set(held_out(folder, settings.hold_out))
        paths += [folder / name for name in sorted(find_photos(folder)) if name not in excluded]
    if not paths:
        raise DatasetError(
            f"{', '.join(map(str, folders))}: no photos to train on; check --photos."
        )
    names = "\n".join(path.as_posix() for path in paths)
    return Photos(tuple(paths), hash_bytes(names.encode("utf-8", "surrogateescape")))


def draw(
    photos: Photos, count: int, side: int, settings: Settings, generator: torch.Generator
) -> Tensor:
    """Draw ``count`` photos at random, augment them, and return a batch for the network.

    The batch is float32, ``count``×3×side×side, normalised, on the CPU.  If ``side`` is less than
    the settings' ``size``, all photos are cropped at the same random position.  Raises PhotoError
    if a photo cannot be decoded.
    """
    pictures = [_vary(photos, settings, generator) for _ in range(count)]
    return normalise(cut(torch.stack(pictures), side, corner(generator)))


def normalise(batch: Tensor) -> Tensor:
    """Normalise float32 N×3×H×W values in [0, 255] as ``preprocessing.prepare`` does.

    Each photo is divided by its own maximum; then the mean of ImageNet is subtracted from each
    channel, and the channel is divided by ImageNet's standard deviation.
    """
    mean, std = (torch.tensor(c, device=batch.device) for c in (IMAGENET_MEAN, IMAGENET_STD))
    unit = batch / batch.amax((1, 2, 3), keepdim=True).clamp_min(1)
    return (unit - mean[:, None, None]) / std[:, None, None]


Corner = tuple[float, float]
"""Position of a window in a larger map: the distance of its top and of its left edge from the
map's, as fractions in [0, 1] of the greatest possible distance."""


def corner(generator: torch.Generator) -> Corner:
    """Draw the position of a window, uniformly."""
    down, across = torch.rand(2, generator=generator).tolist()
    return down, across


def cut(maps: Tensor, side: int, where: Corner) -> Tensor:
    """Return a window of N×C×H×W maps, min(side, H) high and min(side, W) wide, as a view."""
    margins = (max(0, length - side) for length in maps.shape[2:])
    top, left = (int(share * (margin + 1)) for share, margin in zip(where, margins, strict=True))
    return maps[:, :, top : top + side, left : left + side]


def _vary(photos: Photos, settings: Settings, generator: torch.Generator) -> Tensor:
    """Return one augmented photo: float32, 3×S×S values in [0, 255], S being the settings' size."""
    variety, size = settings.variety, settings.size
    kind, mirrored, sharpened = torch.rand(3, generator=generator).tolist()
    if kind < variety.collages:
        picture = _collage(photos, size, generator)
    else:
        pixels = _read(photos, generator)
        if kind < variety.collages + variety.windows:
            pixels = _window(pixels, variety.smallest_window, generator)
        picture = _squash(pixels, size)
    if mirrored < 0.5:
        picture = picture.flip(2)
    if sharpened < variety.sharpened:
        amount = variety.most_sharpening * torch.rand((), generator=generator)
        picture = (picture + amount * (picture - _blur(picture))).clamp(0, 255)
    return picture


def _read(photos: Photos, generator: torch.Generator) -> NDArray[np.uint8]:
    """Decode a photo drawn at random: H×W×3 bytes."""
    chosen = int(torch.randint(len(photos.paths), (), generator=generator))
    return np.asarray(load_photo(photos.paths[chosen]))


def _squash(pixels: NDArray[np.uint8], size: int) -> Tensor:
    """Resize H×W×3 bytes to float32 3×size×size in [0, 255], without keeping the aspect ratio."""
    return torch.from_numpy(sample_bilinear(pixels, size)).permute(2, 0, 1)


def _window(
    pixels: NDArray[np.uint8], smallest: float, generator: torch.Generator
) -> NDArray[np.uint8]:
    """Crop a random rectangle from H×W×3 bytes; each side is at least ``smallest`` of the whole."""
    shares = smallest + (1 - smallest) * torch.rand(2, generator=generator)
    positions = torch.rand(2, generator=generator)
    for axis, (share, position) in enumerate(zip(shares.tolist(), positions.tolist(), strict=True)):
        length = max(1, round(share * pixels.shape[axis]))
        begin = round(position * (pixels.shape[axis] - length))
        pixels = pixels.take(range(begin, begin + length), axis)
    return pixels


def _collage(photos: Photos, size: int, generator: torch.Generator) -> Tensor:
    """Arrange four photos in a 2×2 grid: float32, 3×size×size in [0, 255].

    Their details are half as large as in a single photo.  Large photos have such fine details
    after they are resized to the network's input.
    """
    canvas = torch.empty(3, size, size)
    half = size // 2
    for rows in (slice(0, half), slice(half, size)):
        for columns in (slice(0, half), slice(half, size)):
            target = canvas[:, rows, columns]
            part = _squash(_read(photos, generator), size - half)
            target[:] = part[:, : target.shape[1], : target.shape[2]]
    return canvas


def _blur(picture: Tensor) -> Tensor:
    """Return the mean of each pixel's 3×3 neighbourhood; C×H×W."""
    padded = F.pad(picture[None], (1, 1, 1, 1), mode="replicate")
    return F.avg_pool2d(padded, 3, stride=1)[0]
