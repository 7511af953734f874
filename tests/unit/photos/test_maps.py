"""Saliency maps and ground truth of every form that is published."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sod_gallery.errors import PhotoError
from sod_gallery.photos.maps import load_annotation, load_map, map_size

LEVELS = np.linspace(0, 255, 48).astype(np.uint8).reshape(6, 8)
GREY = Image.fromarray(LEVELS)


def save(path: Path, picture: Image.Image) -> Path:
    picture.save(path)
    return path


def palette() -> Image.Image:
    picture = Image.fromarray(LEVELS)
    picture.putpalette([level for grey in range(256) for level in (grey, grey, grey)])
    return picture.convert("P")


def with_alpha(colour: tuple[int, int, int]) -> Image.Image:
    picture = Image.new("RGB", GREY.size, colour)
    picture.putalpha(GREY)
    return picture


@pytest.mark.parametrize(
    "picture",
    [
        GREY,
        GREY.convert("RGB"),
        GREY.convert("RGBA"),
        GREY.convert("LA"),
        palette(),
        with_alpha((255, 255, 255)),
        with_alpha((0, 0, 0)),
        Image.fromarray(LEVELS.astype(np.uint16) * 257),
    ],
    ids=["L", "RGB", "RGBA", "LA", "P", "alpha on white", "alpha on black", "16 bits"],
)
def test_pictures_of_any_form_are_the_same_map(tmp_path: Path, picture: Image.Image) -> None:
    levels, notes = load_map(save(tmp_path / "1.png", picture))
    assert levels.dtype == np.uint8
    assert (levels == LEVELS).all()
    assert notes == []
    assert map_size(tmp_path / "1.png") == (8, 6)


@pytest.mark.parametrize(
    "values",
    [
        LEVELS,
        LEVELS.astype(np.int64),
        LEVELS.astype(np.float32),
        LEVELS.astype(np.float32) / 255,
        LEVELS.astype(np.float64)[None, :, :] / 255,
        LEVELS[:, :, None],
        LEVELS.astype(np.uint16) * 257,
    ],
    ids=["uint8", "int64", "float 255", "float 1", "1×H×W", "H×W×1", "uint16"],
)
def test_arrays_of_any_range_are_the_same_map(tmp_path: Path, values: np.ndarray) -> None:
    np.save(tmp_path / "1.npy", values)
    levels, notes = load_map(tmp_path / "1.npy")
    assert (levels == LEVELS).all()
    assert notes == []
    assert map_size(tmp_path / "1.npy") == (8, 6)


def test_a_binary_map_of_ones_is_white(tmp_path: Path) -> None:
    np.save(tmp_path / "1.npy", LEVELS > 99)
    assert (load_map(tmp_path / "1.npy")[0] == np.where(LEVELS > 99, 255, 0)).all()


def test_values_of_no_known_range_are_scaled_with_a_note(tmp_path: Path) -> None:
    np.save(tmp_path / "1.npy", (LEVELS.astype(np.float32) - 100) / 10)
    levels, notes = load_map(tmp_path / "1.npy")
    assert (levels == LEVELS).all()
    assert notes == ["has values from -10 to 15.5, which were scaled to black and white"]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (np.array([[0.5, np.nan]]), "no numbers"),
        (np.zeros((2, 3, 4)), "shape (2, 3, 4)"),
        (np.array(["a"]), "type <U1"),
        (np.zeros((0, 4)), "shape (0, 4)"),
    ],
)
def test_arrays_that_hold_no_map_are_refused(
    tmp_path: Path, values: np.ndarray, reason: str
) -> None:
    np.save(tmp_path / "1.npy", values)
    with pytest.raises(PhotoError, match=r"1\.npy: ") as caught:
        load_map(tmp_path / "1.npy")
    assert reason in str(caught.value)


@pytest.mark.parametrize("name", ["1.npy", "1.png"])
def test_files_that_cannot_be_read_say_so(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"nothing")
    with pytest.raises(PhotoError, match=name):
        load_map(tmp_path / name)


@pytest.mark.parametrize("white", [1, 128, 255])
def test_ground_truth_is_black_and_white_whatever_its_white(tmp_path: Path, white: int) -> None:
    truth = np.where(LEVELS > 99, white, 0).astype(np.uint8)
    found = load_annotation(save(tmp_path / "1.png", Image.fromarray(truth)))
    assert (found == np.where(LEVELS > 99, 255, 0)).all()


def test_soft_ground_truth_counts_above_half(tmp_path: Path) -> None:
    found = load_annotation(save(tmp_path / "1.png", GREY))
    assert (found == np.where(LEVELS > 128, 255, 0)).all()
    black = Image.new("L", (4, 4))
    assert not load_annotation(save(tmp_path / "2.png", black)).any()
