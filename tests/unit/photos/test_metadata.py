"""Metadata goes, pixels stay."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from traps import jpeg, noise, png, secrets_in, webp

from sod_gallery.photos.decoding import load_photo
from sod_gallery.photos.metadata import stripped

FORMS = {".jpg": jpeg, ".png": png, ".webp": webp}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", FORMS)
def test_nothing_but_the_picture_stays(tmp_path: Path, suffix: str, orientation: int) -> None:
    make: Callable[[int], bytes] = FORMS[suffix]
    before, after = tmp_path / f"before{suffix}", tmp_path / f"after{suffix}"
    before.write_bytes(make(orientation))
    assert secrets_in(before)
    result = stripped(before.read_bytes())
    assert result is not None
    content, extension = result
    assert extension == suffix
    after.write_bytes(content)
    assert secrets_in(after) == []
    assert (np.asarray(load_photo(before)) == np.asarray(load_photo(after))).all()
    with Image.open(before) as one, Image.open(after) as other:
        assert one.info.get("icc_profile") == other.info.get("icc_profile")
        assert other.getexif().get(0x0112, 1) == orientation
    assert stripped(content) == result


@pytest.mark.parametrize("options", [{"progressive": True}, {"restart_marker_blocks": 1}, {}])
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_kind_of_jpeg_keeps_its_pixels(mode: str, options: dict[str, object]) -> None:
    buffer = BytesIO()
    noise((130, 70)).convert(mode).save(buffer, "JPEG", comment=b"mine", **options)
    result = stripped(buffer.getvalue())
    assert result is not None
    assert b"mine" not in result[0]
    with Image.open(buffer) as one, Image.open(BytesIO(result[0])) as other:
        assert one.tobytes() == other.tobytes()


def test_animations_keep_their_frames() -> None:
    frames = [noise(seed=seed) for seed in range(3)]
    for form in ("PNG", "WEBP"):
        buffer = BytesIO()
        frames[0].save(buffer, form, save_all=True, append_images=frames[1:], lossless=True)
        result = stripped(buffer.getvalue())
        assert result is not None
        with Image.open(BytesIO(result[0])) as image:
            assert getattr(image, "n_frames", 1) == 3


def test_of_several_pictures_in_a_file_the_first_stays() -> None:
    buffer = BytesIO()
    second = noise(seed=1)
    noise().save(buffer, "MPO", save_all=True, append_images=[second])
    result = stripped(buffer.getvalue())
    assert result is not None
    assert len(result[0]) < len(buffer.getvalue()) * 0.6
    with Image.open(buffer) as one, Image.open(BytesIO(result[0])) as other:
        assert (one.format, other.format) == ("MPO", "JPEG")
        assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("form", ["GIF", "TIFF", "BMP", "AVIF"])
def test_other_forms_are_not_taken(form: str) -> None:
    buffer = BytesIO()
    noise().save(buffer, form)
    assert stripped(buffer.getvalue()) is None


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_damaged_file_gives_a_file_or_nothing_and_never_a_secret(data: st.DataObject) -> None:
    content = data.draw(st.sampled_from([make() for make in FORMS.values()]))
    end = data.draw(st.integers(0, len(content)))
    changed = bytearray(content[:end])
    for _ in range(data.draw(st.integers(0, 3)) if changed else 0):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    result = stripped(bytes(changed))
    assert result is None or result[1] in FORMS
