"""The maps of the checkpoint that comes with the project, as they were when it was committed.

After a better checkpoint, look at its cut-outs, then run: python tests/golden/test_embedded.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from sod_gallery.config import DEFAULT_MODEL
from sod_gallery.engines.predictor import Predictor
from sod_gallery.networks.checkpoints import resolve
from sod_gallery.photos.datasets import sample_photos
from sod_gallery.photos.decoding import load_photo

pytestmark = pytest.mark.network

GOLDEN = Path(__file__).parent / "embedded"
SIDE = 80
MEAN_DIFFERENCE, GREATEST_DIFFERENCE = 0.005, 0.05
"""What other CPUs may make of the same weights, in shares of full scale; 8 bits take 0.002."""


def samples() -> dict[str, Path]:
    return {Path(name).stem: path for name, path in sample_photos().items()}


def small_map(predictor: Predictor, photo: Path) -> Image.Image:
    (saliency,) = predictor.predict([load_photo(photo)])
    return Image.fromarray((saliency * 255).round().astype(np.uint8)).reduce(320 // SIDE)


def values(image: Image.Image) -> NDArray[np.float64]:
    return np.asarray(image, np.float64) / 255


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return Predictor(resolve(DEFAULT_MODEL))


@pytest.mark.parametrize("name", samples())
def test_the_map_is_as_it_was(predictor: Predictor, name: str) -> None:
    with Image.open(GOLDEN / f"{name}.png") as golden:
        difference = np.abs(values(small_map(predictor, samples()[name])) - values(golden))
    assert difference.mean() <= MEAN_DIFFERENCE
    assert difference.max() <= GREATEST_DIFFERENCE


def test_a_batch_gives_what_single_photos_give(predictor: Predictor) -> None:
    photos = [load_photo(path) for path in samples().values()][:3]
    together = predictor.predict(photos)
    for photo, saliency in zip(photos, together, strict=True):
        np.testing.assert_allclose(predictor.predict([photo])[0], saliency, atol=1e-4)


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    network = Predictor(resolve(DEFAULT_MODEL))
    for stem, path in samples().items():
        small_map(network, path).save(GOLDEN / f"{stem}.png")
