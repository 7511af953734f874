"""Our maps against the outputs that the authors and the blog published."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from sod_gallery.cli import main
from sod_gallery.engines.predictor import Predictor
from sod_gallery.networks.checkpoints import resolve
from sod_gallery.photos.decoding import load_photo
from sod_gallery.photos.finding import find_photos
from sod_gallery.pictures.imaging import make_mask

pytestmark = [pytest.mark.shared, pytest.mark.network]


def greys(path: Path, channel: str) -> NDArray[np.float64]:
    with Image.open(path) as image:
        plane = image.getchannel("A") if channel == "A" else image.convert("L")
        return np.asarray(plane, np.float64) / 255


def test_maps_equal_the_official_outputs(shared: Path) -> None:
    folder = shared / "data/u2net-reference"
    predictor = Predictor(resolve("u2netp", weights_dir=shared / "weights", offline=True))
    differences = []
    for name in find_photos(folder / "images"):
        photo = load_photo(folder / "images" / name)
        mask = make_mask(predictor.predict([photo])[0], photo.size)
        official = greys(folder / "u2netp" / f"{Path(name).stem}.png", "L")
        differences.append(np.abs(np.asarray(mask) / 255 - official).mean())
    assert len(differences) == 12
    assert np.mean(differences) <= 0.002
    assert np.max(differences) <= 0.01


def test_all_chimay_photos_are_built_as_their_author_did(shared: Path, tmp_path: Path) -> None:
    chimay = shared / "data/chimay-SOD2"
    arguments = ["--photos", str(chimay / "test"), "--name", "chimay-SOD2", "--model", "u2netp"]
    arguments += ["--weights-dir", str(shared / "weights"), "--offline"]
    assert main(arguments, root=tmp_path) == 0
    (dataset,) = json.loads((tmp_path / "_data/gallery.json").read_text("utf-8"))["datasets"]
    assert len(dataset["photos"]) == 33
    overlaps = []
    for photo in dataset["photos"]:
        published = chimay / "u2net" / f"{photo['name']}.png"
        if published.exists():
            ours = greys(tmp_path / photo["results"][0]["cutout"]["src"].lstrip("/"), "A")
            theirs = greys(published, "A")
            assert ours.shape == theirs.shape, photo["name"]
            both, either = (ours > 0.5) & (theirs > 0.5), (ours > 0.5) | (theirs > 0.5)
            overlaps.append(both.sum() / either.sum() if either.any() else 1.0)
    assert len(overlaps) == 28
    assert np.mean(overlaps) >= 0.74
    assert main(["check", *arguments], root=tmp_path) == 0
