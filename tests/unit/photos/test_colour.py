"""Colours that files state by code points or a gamma become sRGB."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sod_gallery.photos.colour import BT709, HLG, PQ, PRIMARIES, Encoding, by_code_points, to_srgb
from sod_gallery.photos.decoding import load_photo

GREYS = np.linspace(0, 255, 256).astype(np.uint8)


def chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def png_with(path: Path, *chunks: bytes) -> Path:
    """Write a PNG of grey levels with chunks before its pixels."""
    Image.fromarray(np.repeat(GREYS[None, :, None], 3, axis=2)).save(path)
    content = path.read_bytes()
    at = content.index(b"IDAT") - 4
    path.write_bytes(content[:at] + b"".join(chunks) + content[at:])
    return path


GAMMA_1 = chunk(b"gAMA", struct.pack(">I", 100_000))
SRGB = chunk(b"sRGB", b"\0")
CICP_PQ = chunk(b"cICP", bytes((9, 16, 0, 1)))
CICP_SRGB = chunk(b"cICP", bytes((1, 13, 0, 1)))


def middle(path: Path) -> int:
    """Return what the middle grey has become."""
    pixel = load_photo(path).getpixel((128, 0))
    assert isinstance(pixel, tuple)
    return int(pixel[0])


@pytest.mark.parametrize(
    ("chunks", "grey"),
    [
        ([], 128),
        ([GAMMA_1], 188),  # half of the light is grey 188
        ([SRGB, GAMMA_1], 128),
        ([CICP_SRGB, GAMMA_1], 128),
        ([chunk(b"gAMA", struct.pack(">I", 45_455))], 128),
    ],
)
def test_the_order_of_the_png_specification(tmp_path: Path, chunks: list[bytes], grey: int) -> None:
    assert middle(png_with(tmp_path / "a.png", *chunks)) == pytest.approx(grey, abs=1)


def test_hdr_is_darker_than_its_values_and_white_stays_white(tmp_path: Path) -> None:
    photo = load_photo(png_with(tmp_path / "a.png", CICP_PQ))
    levels = np.asarray(photo)[0, :, 0].astype(int)
    assert (np.diff(levels) >= 0).all()
    assert (levels[0], levels[255]) == (0, 255)
    assert levels[148] == pytest.approx(188, abs=3)  # 203 cd/m², which the curve halves


@pytest.mark.parametrize("transfer", [PQ, HLG, 8, 4, 5])
def test_curves_rise_from_black_to_white(transfer: int) -> None:
    levels = to_srgb(GREYS[None], by_code_points(1, transfer))[0].astype(int)
    assert (np.diff(levels) >= 0).all()
    assert levels[0] == 0


@pytest.mark.parametrize("primaries", PRIMARIES)
def test_greys_stay_grey_whatever_the_primaries(primaries: int) -> None:
    pixels = np.repeat(GREYS[None, :, None], 3, axis=2)
    converted = to_srgb(pixels, Encoding(PRIMARIES[primaries], gamma=1 / 2.4)).astype(int)
    assert np.abs(converted - converted.mean(axis=2, keepdims=True)).max() <= 1


def test_a_colour_of_a_wider_gamut_is_more_saturated_in_srgb() -> None:
    green = np.array([[[60, 200, 60]]], np.uint8)
    wide = to_srgb(green, by_code_points(12, 13))[0, 0].astype(int)
    assert wide[0] < 60
    assert wide[1] >= 200
    assert by_code_points(1, 13).is_srgb
    assert not by_code_points(12, 13).is_srgb
    assert Encoding(BT709, gamma=0.45455).is_srgb
