"""Photos, read as they are needed and varied in ways that do not change what a photo is."""

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
from sod_gallery.photos.names import find_photos

from .settings import Settings


@dataclass(frozen=True)
class Photos:
    """The photos to train on, and a hash of their names."""

    paths: tuple[Path, ...]
    sha256: str


def held_out(folder: Path, every: int) -> list[str]:
    """Return the names of a folder's photos that are never trained on."""
    return sorted(find_photos(folder))[::every]


def find_training_photos(folders: Sequence[Path], settings: Settings) -> Photos:
    """List all photos that are not held out; raises DatasetError."""
    paths: list[Path] = []
    for folder in folders:
        kept = set(held_out(folder, settings.hold_out))
        paths += [folder / name for name in sorted(find_photos(folder)) if name not in kept]
    if not paths:
        raise DatasetError(
            f"{', '.join(map(str, folders))}: no photos to train on; check --photos."
        )
    names = "\n".join(path.as_posix() for path in paths)
    return Photos(tuple(paths), hash_bytes(names.encode("utf-8", "surrogateescape")))


def draw(
    photos: Photos, count: int, side: int, settings: Settings, generator: torch.Generator
) -> Tensor:
    """Draw photos at random, varied, as the network's N×3×side×side input; raises PhotoError.

    Where ``side`` is less than the settings' size, all are cut at the same place.
    """
    pictures = [_vary(photos, settings, generator) for _ in range(count)]
    return normalise(cut(torch.stack(pictures), side, corner(generator)))


def normalise(batch: Tensor) -> Tensor:
    """Prepare N×3×H×W values of 0 … 255 as the predictor does: by each photo's own maximum."""
    mean, std = (torch.tensor(c, device=batch.device) for c in (IMAGENET_MEAN, IMAGENET_STD))
    unit = batch / batch.amax((1, 2, 3), keepdim=True).clamp_min(1)
    return (unit - mean[:, None, None]) / std[:, None, None]


Corner = tuple[float, float]


def corner(generator: torch.Generator) -> Corner:
    """Draw where a window lies: shares of the room above and left of it."""
    down, across = torch.rand(2, generator=generator).tolist()
    return down, across


def cut(maps: Tensor, side: int, where: Corner) -> Tensor:
    """Return a window of N×C×H×W maps, at most ``side`` high and wide."""
    rooms = (max(0, length - side) for length in maps.shape[2:])
    top, left = (int(share * (room + 1)) for share, room in zip(where, rooms, strict=True))
    return maps[:, :, top : top + side, left : left + side]


def _vary(photos: Photos, settings: Settings, generator: torch.Generator) -> Tensor:
    """Return one picture, 3×S×S values of 0 … 255."""
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
    chosen = int(torch.randint(len(photos.paths), (), generator=generator))
    return np.asarray(load_photo(photos.paths[chosen]))


def _squash(pixels: NDArray[np.uint8], size: int) -> Tensor:
    return torch.from_numpy(sample_bilinear(pixels, size)).permute(2, 0, 1)


def _window(
    pixels: NDArray[np.uint8], smallest: float, generator: torch.Generator
) -> NDArray[np.uint8]:
    """Cut out a part of a photo, with a shape of its own."""
    shares = smallest + (1 - smallest) * torch.rand(2, generator=generator)
    places = torch.rand(2, generator=generator)
    for axis, (share, place) in enumerate(zip(shares.tolist(), places.tolist(), strict=True)):
        length = max(1, round(share * pixels.shape[axis]))
        begin = round(place * (pixels.shape[axis] - length))
        pixels = pixels.take(range(begin, begin + length), axis)
    return pixels


def _collage(photos: Photos, size: int, generator: torch.Generator) -> Tensor:
    """Put four photos together: twice as fine a detail, as a large photo has it when squashed."""
    canvas = torch.empty(3, size, size)
    half = size // 2
    for rows in (slice(0, half), slice(half, size)):
        for columns in (slice(0, half), slice(half, size)):
            target = canvas[:, rows, columns]
            part = _squash(_read(photos, generator), size - half)
            target[:] = part[:, : target.shape[1], : target.shape[2]]
    return canvas


def _blur(picture: Tensor) -> Tensor:
    padded = F.pad(picture[None], (1, 1, 1, 1), mode="replicate")
    return F.avg_pool2d(padded, 3, stride=1)[0]
