"""Decodes a photo of any form that browsers show to upright sRGB."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import cast

import numpy as np
from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError

from sod_gallery.errors import PhotoError

from .names import printable

# Pillow's rarer readers stay closed to a file in disguise: the one for EPS runs Ghostscript.
FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF")
MAX_MEGAPIXELS = 178
"""Pillow refuses to decode more: twice its ``MAX_IMAGE_PIXELS``."""

_TURNS = {  # by the value of the EXIF tag Orientation, TIFF 6.0, page 36
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SWAPS_SIDES = frozenset(_TURNS[orientation] for orientation in (5, 6, 7, 8))


def photo_size(path: Path) -> tuple[int, int]:
    """Return width and height of the upright photo in pixels, from its header.

    Raises PhotoError where the file is no picture of a known form.
    """
    with _opened(path) as image:
        width, height = image.size
        return (height, width) if _turn(image) in _SWAPS_SIDES else (width, height)


def load_photo(path: Path) -> Image.Image:
    """Decode a photo to an upright 8-bit RGB image in sRGB, without metadata.

    The steps, in their order: decode the first frame to its last pixel; scale 16 and 32 bits to 8;
    set transparent pixels on white; convert from the embedded ICC profile to sRGB; turn the picture
    upright by its EXIF orientation.  An orientation or a profile that makes no sense is ignored.
    Raises PhotoError where the file cannot be decoded completely.
    """
    with _opened(path) as image:
        turn = _turn(image)
        image.load()
        colour, alpha = _layers(image)
        photo = Image.new("RGB", image.size, "white")
        photo.paste(_srgb(colour, image.info.get("icc_profile")), mask=alpha)
        return photo if turn is None else photo.transpose(turn)


def load_cutout(path: Path) -> tuple[Image.Image, list[str], bool]:
    """Decode a published cut-out to RGBA at its own size.

    Returns the picture, notes (none), and whether its file may be shown as it is, which is so
    where no EXIF orientation turns it.  Raises PhotoError.
    """
    with _opened(path) as image:
        turn = _turn(image)
        image.load()
        picture = image.convert("RGBA")
    return (picture, [], True) if turn is None else (picture.transpose(turn), [], False)


def load_truth(path: Path) -> tuple[Image.Image, list[str], bool]:
    """Decode ground truth to an 8-bit L image whose greatest value is white, as evaluators do.

    Returns the picture, notes on values that are odd, and whether the file may be shown as it is:
    greyscale of 8 bits that is black and white.  Raises PhotoError.
    """
    with _opened(path) as image:
        image.load()
        mode = image.mode
        levels = image if mode.startswith(("I", "F")) else image.convert("L")
        values = np.asarray(levels, np.float64)
    white = values.max()
    scaled = np.rint(values * (255 / white)) if white > 0 else np.zeros_like(values)
    picture = Image.fromarray(scaled.astype(np.uint8))
    found = np.unique(values)
    notes = []
    if len(found) > 2 or (len(found) == 2 and found[0] != 0):
        notes.append(f"has {len(found)} values and is neither binary nor black and white")
    elif white not in (0, 255):
        notes.append(f"has the values 0 and {white:g}, which were scaled to black and white")
    return picture, notes, mode == "L" and white in (0, 255)


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """Open an image; any error while it is in use becomes a PhotoError."""
    try:
        with warnings.catch_warnings():
            # Pillow warns of broken metadata, which is ignored, and of sizes near the limit
            warnings.filterwarnings("ignore", module=r"PIL\.")
            with Image.open(path) as image:
                if image.format not in FORMATS:
                    raise UnidentifiedImageError
                if 0 in image.size:
                    raise ValueError("it has no pixels")
                yield image
    except Exception as error:  # Pillow's readers raise nearly anything on damaged files
        raise PhotoError(f"{printable(str(path))}: {_complaint(error)}") from error


def _complaint(error: Exception) -> str:
    if isinstance(error, Image.DecompressionBombError):
        return f"has more than {MAX_MEGAPIXELS} megapixels; scale it down."
    if isinstance(error, UnidentifiedImageError):
        known = ", ".join(name for name in FORMATS if name != "MPO")
        return f"is empty or not an image that can be read; save it as one of {known}."
    if isinstance(error, OSError) and error.errno:
        return f"cannot be opened ({error.strerror}); check that it is there and may be read."
    return f"is damaged or incomplete ({error}); copy it again, or save it anew as JPEG or PNG."


def _turn(image: Image.Image) -> Image.Transpose | None:
    """Return the turn that EXIF asks for, or none; reads the header and decodes no pixels."""
    if image.format == "TIFF":
        return None  # Pillow turns these by itself while it decodes, and states the upright size
    try:
        # image.getexif() of a PNG decodes the pixels, to look for EXIF behind them
        return _TURNS.get(Image.Image.getexif(image).get(ExifTags.Base.Orientation, 1))
    except Exception:  # broken EXIF raises nearly anything, and the picture may still be whole
        return None


def _layers(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Return the colours as L, RGB or CMYK, which ICC profiles are for, and alpha (L) or none."""
    if image.mode.startswith(("I", "F")):
        return _to_8_bit(image), None
    alpha = None
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        alpha = rgba.getchannel("A")
        image = image.convert("L") if image.mode == "LA" else rgba
    if image.mode in ("L", "RGB", "CMYK"):
        return image, alpha
    return image.convert("L" if image.mode == "1" else "RGB"), alpha


def _to_8_bit(image: Image.Image) -> Image.Image:
    """Scale greyscale of 16 bits, 32 bits or floats to 8 bits.

    White is 65535 for 16 bits.  Files of 32 bits and of floats do not state their white: it is the
    least usual one (255 or 65535; 1.0) that no value exceeds, else the greatest value.
    """
    values = image.convert("F")
    brightest = cast(float, values.getextrema()[1])
    whites = {"I": (255, 65535), "F": (1,)}.get(image.mode, (65535,))
    white = next((white for white in whites if brightest <= white), brightest)
    return values.point(lambda value: value * (255 / white) + 0.5).convert("L")


def _srgb(colour: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert L, RGB or CMYK to RGB in sRGB; without a profile that fits, by Pillow's formula."""
    if not profile:
        return colour.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.buildTransform(source, srgb, colour.mode, "RGB").apply(colour)
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return colour.convert("RGB")
