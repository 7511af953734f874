"""Photos, decoded once and kept as bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from sod_gallery.checkpoints import IMAGENET_MEAN, IMAGENET_STD
from sod_gallery.errors import DatasetError
from sod_gallery.photos import find_photos, load_photo
from sod_gallery.preparation import sample_bilinear
from sod_gallery.steps import hash_bytes

from .settings import Settings


@dataclass(frozen=True)
class Photos:
    """The photos to train on: N×3×S×S bytes, and a hash of their names."""

    pixels: Tensor
    sha256: str


def held_out(folder: Path, every: int) -> list[str]:
    """Return the names of a folder's photos that are never trained on."""
    return sorted(find_photos(folder))[::every]


def read_photos(folders: Sequence[Path], settings: Settings) -> Photos:
    """Decode all photos that are not held out; raises DatasetError, PhotoError."""
    paths = []
    for folder in folders:
        kept = set(held_out(folder, settings.hold_out))
        paths += [folder / name for name in sorted(find_photos(folder)) if name not in kept]
    if not paths:
        raise DatasetError(
            f"{', '.join(map(str, folders))}: no photos to train on; check --photos."
        )
    pixels = np.empty((len(paths), 3, settings.size, settings.size), np.uint8)
    for row, path in zip(pixels, paths, strict=True):
        squashed = sample_bilinear(np.asarray(load_photo(path)), settings.size)
        row[:] = squashed.round().astype(np.uint8).transpose(2, 0, 1)
    names = "\n".join(path.as_posix() for path in paths)
    return Photos(torch.from_numpy(pixels), hash_bytes(names.encode("utf-8", "surrogateescape")))


def draw(pixels: Tensor, count: int, side: int, generator: torch.Generator) -> Tensor:
    """Draw photos at random, half of them mirrored, as the network's N×3×side×side input."""
    chosen = torch.randint(len(pixels), (count,), generator=generator)
    batch = cut(pixels[chosen.to(pixels.device)], side, corner(generator)).float()
    if torch.rand((), generator=generator) < 0.5:
        batch = batch.flip(3)
    return normalise(batch)


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
