"""A small world to build in: drawn photos, a network that costs nothing, and ways to look at it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from cheap_network import CheapPredictor as CheapPredictor  # it belongs to this world
from PIL import Image
from safetensors.torch import save_file

from sod_gallery.networks.u2net import U2NETP, U2Net


def random_weights(path: Path, seed: int) -> Path:
    """Write a network that was never trained: its maps mean nothing but are always the same."""
    torch.manual_seed(seed)
    state = U2Net(U2NETP).state_dict()
    floats = {name: tensor for name, tensor in state.items() if tensor.dtype.is_floating_point}
    save_file(floats, path)
    return path


def draw(path: Path, size: tuple[int, int], seed: int) -> Path:
    """Write a photo with a bright disc on a noisy ground."""
    width, height = size
    random = np.random.default_rng(seed)
    pixels = random.integers(0, 90, (height, width, 3), dtype=np.uint8)
    y, x = np.ogrid[:height, :width]
    disc = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (min(size) / 3) ** 2
    pixels[disc] = random.integers(120, 255, 3, dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return path


def draw_pets(folder: Path) -> Path:
    """Draw four photos whose names are as alike as they may be."""
    draw(folder / "2.jpg", (120, 80), 1)
    draw(folder / "10.jpg", (80, 120), 2)
    draw(folder / "10.png", (100, 100), 3)
    draw(folder / "sub/10.jpg", (90, 60), 4)
    return folder


@dataclass
class Outcome:
    """How a run of the command ended."""

    code: int
    out: str
    err: str

    @property
    def summary(self) -> dict[str, Any]:
        summary: dict[str, Any] = json.loads(self.out)
        return summary


Run = Callable[..., Outcome]


def tree(folder: Path, *without: str) -> dict[str, bytes]:
    """Return every file below a folder by its path, but those whose path begins so."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    return {name: content for name, content in files.items() if not name.startswith(without)}


def gallery(site: Path) -> dict[str, Any]:
    """Return the site's data."""
    content: dict[str, Any] = json.loads((site / "_data/gallery.json").read_text("utf-8"))
    return content


def photos_of(site: Path, dataset: str = "pets") -> dict[str, dict[str, Any]]:
    """Return the photos of a dataset by name, in the site's order."""
    datasets = {entry["name"]: entry for entry in gallery(site)["datasets"]}
    return {photo["name"]: photo for photo in datasets[dataset]["photos"]}


def file_of(site: Path, entry: dict[str, Any]) -> Path:
    """Return the file that an image of the site's data stands for."""
    moved = gallery(site).get("files", {})
    return site / str(moved.get(entry["src"], entry["src"])).lstrip("/")
