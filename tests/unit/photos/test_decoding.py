"""Photos are decoded upright, in sRGB, whatever program wrote them."""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms

from sod_gallery.errors import PhotoError
from sod_gallery.photos.decoding import load_photo, photo_size
from sod_gallery.photos.finding import find_photos

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 128, 0), (0, 0, 255), (255, 255, 255)
UNDO = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def flag() -> Image.Image:
    """Return 32×16 pixels whose corners differ, so that every turn shows."""
    image = Image.new("RGB", (32, 16), GREEN)
    image.paste(RED, (0, 0, 16, 8))
    image.paste(BLUE, (16, 8, 32, 16))
    return image


def pixels(image: Image.Image) -> NDArray[np.int16]:
    return np.asarray(image).astype(np.int16)


def distance(one: Image.Image, other: Image.Image) -> float:
    assert one.size == other.size
    return float(np.abs(pixels(one) - pixels(other)).mean())


def profile(colours: str) -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(colours)).tobytes()  # type: ignore[arg-type]


def swapped_profile() -> bytes:
    """Return a profile that takes red for blue: sRGB with two of its curves' owners swapped."""
    data = profile("sRGB")
    return data.replace(b"rXYZ", b"tXYZ").replace(b"bXYZ", b"rXYZ").replace(b"tXYZ", b"bXYZ")


# --- orientation ---


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif", "avif"])
@pytest.mark.parametrize("orientation", range(10))
def test_every_orientation_is_undone(tmp_path: Path, suffix: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    stored = flag().transpose(UNDO[orientation]) if orientation in UNDO else flag()
    stored.save(path := tmp_path / f"photo.{suffix}", exif=exif, quality=95)
    assert photo_size(path) == (32, 16)
    assert distance(load_photo(path), flag()) < 12


@pytest.mark.parametrize("exif", [b"Exif\0\0broken", b"Exif\0\0II*\0\xff\xff\xff\xff", b"?"])
def test_broken_exif_is_ignored(tmp_path: Path, exif: bytes) -> None:
    flag().save(path := tmp_path / "photo.jpg", exif=exif)
    assert photo_size(path) == (32, 16)
    assert load_photo(path).size == (32, 16)


# --- colour ---


def test_profile_is_applied(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8), RED).save(path := tmp_path / "a.png", icc_profile=swapped_profile())
    assert distance(load_photo(path), Image.new("RGB", (8, 8), BLUE)) < 3


def test_srgb_profile_changes_nothing(tmp_path: Path) -> None:
    flag().save(path := tmp_path / "a.png", icc_profile=profile("sRGB"))
    assert distance(load_photo(path), flag()) == 0


@pytest.mark.parametrize("data", [b"broken", profile("LAB"), profile("sRGB")[:200]])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
def test_profile_that_does_not_fit_is_ignored(tmp_path: Path, mode: str, data: bytes) -> None:
    image = Image.new(mode, (8, 8), 255 if mode in "LP" else "white")
    image.save(path := tmp_path / "a.png", icc_profile=data)
    assert distance(load_photo(path), image.convert("RGB")) == 0


def test_rgb_profile_on_greyscale_is_ignored(tmp_path: Path) -> None:
    Image.new("L", (8, 8), 77).save(path := tmp_path / "a.png", icc_profile=swapped_profile())
    assert load_photo(path).getpixel((0, 0)) == (77, 77, 77)


@pytest.mark.parametrize("suffix", ["jpg", "tif"])
def test_cmyk(tmp_path: Path, suffix: str) -> None:
    # into a JPEG Pillow writes the inks inverted, as Adobe does
    Image.new("CMYK", (16, 16), (0, 255, 255, 0)).save(path := tmp_path / f"a.{suffix}")
    assert distance(load_photo(path), Image.new("RGB", (16, 16), RED)) < 3


# --- transparency ---


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_becomes_white(tmp_path: Path, mode: str) -> None:
    image = Image.new(mode, (3, 1))
    for x, alpha in enumerate((0, 51, 255)):
        image.putpixel((x, 0), (*(0,) * (len(mode) - 1), alpha))
    image.save(path := tmp_path / "a.png")
    assert load_photo(path).getchannel("R").tobytes() == bytes((255, 204, 0))


@pytest.mark.parametrize("transparency", [1, b"\xff\x00"])
def test_palette_with_transparency(tmp_path: Path, transparency: int | bytes) -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([*RED, *BLUE])
    image.putpixel((1, 0), 1)
    image.save(path := tmp_path / "a.png", transparency=transparency)
    photo = load_photo(path)
    assert [photo.getpixel((x, 0)) for x in (0, 1)] == [RED, WHITE]


@pytest.mark.parametrize(("mode", "colour"), [("RGB", BLUE), ("L", 9)])
def test_transparent_colour(tmp_path: Path, mode: str, colour: int | tuple[int, int, int]) -> None:
    Image.new(mode, (4, 4), colour).save(path := tmp_path / "a.png", transparency=colour)
    assert load_photo(path).getpixel((0, 0)) == WHITE


# --- depth ---


def ramp(dtype: str, white: float) -> Image.Image:
    return Image.fromarray((np.arange(256)[None] * (white / 255)).astype(dtype))


@pytest.mark.parametrize(
    ("name", "dtype", "white"),
    [
        ("a.png", "<u2", 65535),
        ("a.tif", "<u2", 65535),
        ("a.tif", ">u2", 65535),
        ("a.tif", "int32", 65535),
        ("a.tif", "int32", 255),
        ("a.tif", "int32", 2**30),
        ("a.tif", "float32", 1),
        ("a.tif", "float32", 255),
        ("a.tif", "float32", 1.5),
    ],
)
def test_deep_greyscale_keeps_its_tones(
    tmp_path: Path, name: str, dtype: str, white: float
) -> None:
    ramp(dtype, white).save(tmp_path / name)
    photo = load_photo(tmp_path / name)
    assert photo.mode == "RGB"
    assert np.abs(pixels(photo)[0, :, 0] - np.arange(256)).max() <= 1


def test_dark_16_bit_photo_stays_dark(tmp_path: Path) -> None:
    Image.fromarray(np.full((4, 4), 257 * 20, np.uint16)).save(path := tmp_path / "a.png")
    assert load_photo(path).getpixel((0, 0)) == (20, 20, 20)


def test_black_float_photo(tmp_path: Path) -> None:
    Image.new("F", (4, 4)).save(path := tmp_path / "a.tif")
    assert load_photo(path).getpixel((0, 0)) == (0, 0, 0)


def test_16_bit_photo_with_profile(tmp_path: Path) -> None:
    ramp("<u2", 65535).save(path := tmp_path / "a.png", icc_profile=profile("sRGB"))
    assert load_photo(path).getpixel((100, 0)) == (100, 100, 100)


def test_two_tones(tmp_path: Path) -> None:
    image = Image.new("1", (2, 1))
    image.putpixel((1, 0), 1)
    image.save(path := tmp_path / "a.png")
    photo = load_photo(path)
    assert [photo.getpixel((x, 0)) for x in (0, 1)] == [(0, 0, 0), WHITE]


@pytest.mark.parametrize("suffix", ["gif", "webp", "tif", "png"])
def test_first_frame_counts(tmp_path: Path, suffix: str) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, BLUE)]
    frames[0].save(path := tmp_path / f"a.{suffix}", save_all=True, append_images=frames[1:])
    assert distance(load_photo(path), frames[0]) < 3


def test_no_metadata_is_left(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    path = tmp_path / "a.jpg"
    flag().save(path, exif=exif, icc_profile=profile("sRGB"), comment="c", dpi=(72, 72))
    photo = load_photo(path)
    assert photo.info == {}
    assert not photo.getexif()


# --- failures ---


def damaged(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(PhotoError) as error:
        load_photo(path)
    message = str(error.value)
    assert message.startswith(f"{path}: ")
    return message


def encoded(suffix: str) -> bytes:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    buffer = BytesIO()
    Image.fromarray(noise).save(buffer, suffix)
    return buffer.getvalue()


@pytest.mark.parametrize("suffix", ["jpeg", "png", "webp", "avif", "gif", "bmp", "tiff"])
def test_truncated_photo(tmp_path: Path, suffix: str) -> None:
    content = encoded(suffix)
    damaged(tmp_path / f"a.{suffix}", content[: len(content) // 2])


@pytest.mark.parametrize("content", [b"", b"<!DOCTYPE html>", b"%!PS-Adobe-3.0 EPSF-3.0\n"])
def test_what_is_no_image(tmp_path: Path, content: bytes) -> None:
    assert "save it as one of JPEG, PNG" in damaged(tmp_path / "a.jpg", content)


def test_other_formats_are_refused_under_a_false_name(tmp_path: Path) -> None:
    assert "save it as one of" in damaged(tmp_path / "a.jpg", encoded("pcx"))


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "is empty; save"),
        (b"<html>", "is a web page, which is not read"),
        (b"8BPS\0\1", "is a Photoshop file, which is not read"),
        (b"\xff\x0a....", "is JPEG XL, which is not read"),
        (b"\0\0\0\x18ftypmp42....", "is a video, which is not read"),
        (b"\0\0\0\x18ftypavif....", "is a damaged AVIF file"),
        (b"\0\0\0\x18ftypheic....", "is a damaged HEIC file"),
        (b"II*\0....", "is a damaged TIFF file"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"nothing known", "is not an image that can be read"),
    ],
)
def test_the_message_says_what_a_file_is(tmp_path: Path, content: bytes, named: str) -> None:
    message = damaged(tmp_path / "a.jpg", content)
    assert named in message
    assert "()" not in message


def test_a_file_in_disguise_is_read_by_what_it_is(tmp_path: Path) -> None:
    for form in ("HEIF", "PPM", "TGA", "JPEG2000"):
        path = tmp_path / "IMG_0001.JPG"
        pillow_heif.register_heif_opener()
        flag().save(path, form)
        assert distance(load_photo(path), flag()) < 8


def test_the_canvas_around_a_small_first_frame_is_white(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    Image.new("P", (4, 4), 0).save(path)
    content = bytearray(path.read_bytes())
    content[6:10] = (10).to_bytes(2, "little") * 2  # the canvas; the frame stays 4×4
    path.write_bytes(content)
    photo = load_photo(path)
    assert photo.size == (10, 10)
    assert (photo.getpixel((0, 0)), photo.getpixel((9, 9))) == ((0, 0, 0), WHITE)


def test_the_transparent_level_of_deep_grey_is_white(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    deep = Image.fromarray(np.array([[1000, 65535, 0]], np.uint16))
    deep.save(path, transparency=1000)
    assert [load_photo(path).getpixel((x, 0)) for x in range(3)] == [WHITE, WHITE, (0, 0, 0)]


def test_photo_without_pixels(tmp_path: Path) -> None:
    damaged(tmp_path / "a.gif", encoded("gif")[:6] + bytes(7) + b";")


def bmp_header(side: int) -> bytes:
    content = bytearray(encoded("bmp"))
    content[18:26] = side.to_bytes(4, "little") * 2
    return bytes(content)


def test_decompression_bomb(tmp_path: Path) -> None:
    assert "178 megapixels; scale it down" in damaged(tmp_path / "a.bmp", bmp_header(20_000))


def test_size_short_of_the_limit_is_no_reason_to_warn(tmp_path: Path) -> None:
    path = tmp_path / "a.bmp"
    path.write_bytes(bmp_header(13_000))
    before = list(warnings.filters)
    assert photo_size(path) == (13_000, 13_000)
    assert list(warnings.filters) == before


def test_missing_photo(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match=r"gone\.jpg: cannot be opened \(No such file"):
        photo_size(tmp_path / "gone.jpg")


# --- the author's photos ---


@pytest.mark.shared
def test_chimay_photos_are_as_upright_as_the_published_cutouts(shared: Path) -> None:
    folder = shared / "data" / "chimay-SOD2"
    names = find_photos(folder / "test")
    compared = 0
    for name in names:
        photo = load_photo(folder / "test" / name)
        assert photo.mode == "RGB"
        assert photo.size == photo_size(folder / "test" / name)
        published = folder / "u2net" / f"{name}.png"
        if published.is_file():
            assert photo.size == photo_size(published), name
            compared += 1
    assert (len(names), compared) == (33, 28)
    assert photo_size(folder / "test" / "IMG_1047.JPG") == (2448, 3264)


ODD = {
    "cicp_pq.png": 12,
    "seine_hdr_srgb.avif": 12,
    "ffmpeg709.png": 4,
    "gama1.png": 4,
    "issue_1455_undersized.gif": 4,
    "kodim03_grayscale_gamma1.6.png": 4,
}
"""Greatest mean difference, of 255, to what Chromium draws; more for HDR."""


@pytest.mark.shared
@pytest.mark.parametrize("name", ODD)
def test_odd_photos_look_as_chromium_draws_them(shared: Path, name: str) -> None:
    photo = load_photo(shared / "data/odd-photos" / name)
    with Image.open(shared / f"data/odd-photos/expected/{name}.png") as image:
        drawn = image.convert("RGB")
    assert distance(photo.resize(drawn.size, Image.Resampling.LANCZOS), drawn) <= ODD[name]


@pytest.mark.shared
def test_what_iphones_write_is_read_and_exif_turns_what_browsers_do_not(shared: Path) -> None:
    assert load_photo(shared / "data/odd-photos/IMG_0002.HEIC").size == (462, 347)
    assert load_photo(shared / "data/odd-photos/exif6.webp").size == (2400, 1600)
