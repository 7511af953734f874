"""Encoded pictures: what they keep, and that they carry nothing else."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures import array, mask, photo
from PIL import Image

from sod_gallery.pictures import imaging
from sod_gallery.pictures.encoding import encode_jpeg, encode_png, encode_webp

Encode = Callable[[Image.Image], bytes]


def dressed(image: Image.Image) -> Image.Image:
    """Give an image metadata that an encoder might pass on."""
    exif = Image.Exif()
    exif[270] = "secret"
    image.info = {"comment": b"secret", "icc_profile": b"secret", "exif": exif.tobytes()}
    image.info |= {"dpi": (72, 72), "xmp": b"secret", "XML:com.adobe.xmp": "secret"}
    return image


@pytest.mark.parametrize("encode", [encode_png, encode_webp, encode_jpeg])
def test_files_are_the_same_every_time_and_carry_no_metadata(encode: Encode) -> None:
    content = encode(dressed(photo((50, 40))))
    assert content == encode(photo((50, 40)))
    assert b"secret" not in content


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_png_is_lossless(mode: str) -> None:
    picture = imaging.cutout(photo((50, 40)), mask((50, 40), (5, 5, 20, 20), 99)).convert(mode)
    with Image.open(BytesIO(encode_png(picture))) as read:
        assert (read.mode, read.tobytes()) == (mode, picture.tobytes())


@given(
    st.integers(1, 40), st.integers(1, 40), st.sampled_from(["L", "RGB", "RGBA"]), st.integers(0)
)
def test_png_of_any_size_is_lossless(width: int, height: int, mode: str, seed: int) -> None:
    random = np.random.default_rng(seed)
    content = random.integers(0, 255, width * height * len(mode), np.uint8, endpoint=True)
    picture = Image.frombytes(mode, (width, height), content.tobytes())
    with Image.open(BytesIO(encode_png(picture))) as read:
        read.load()
        assert (read.size, read.tobytes()) == (picture.size, picture.tobytes())


def test_webp_keeps_alpha_nearly_and_drops_hidden_colours() -> None:
    size = (64, 64)
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8))
    soft = Image.linear_gradient("L").resize(size)
    with Image.open(BytesIO(encode_webp(imaging.cutout(noise, soft)))) as read:
        assert np.abs(array(read.getchannel("A")) - array(soft)).max() <= 4
    hidden = encode_webp(imaging.cutout(noise, Image.new("L", size)))
    assert len(hidden) < len(encode_webp(noise)) / 10


def test_jpeg_is_progressive_and_smaller_at_lower_quality() -> None:
    content = encode_jpeg(photo((200, 100)))
    with Image.open(BytesIO(content)) as read:
        assert read.info["progressive"]
    assert len(encode_jpeg(photo((200, 100)), quality=30)) < len(content)
