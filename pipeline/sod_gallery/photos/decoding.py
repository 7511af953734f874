"""Decodes a photo of any form that browsers show to upright sRGB, in this very process."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import cast

import numpy as np
from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError

from sod_gallery.errors import PhotoError

from .colour import Encoding, to_srgb
from .headers import form_of, stated_encoding
from .names import printable

# Pillow's rarer readers stay closed to a file in disguise: the one for EPS runs Ghostscript.
FORMATS = {
    "JPEG": "JPEG",
    "MPO": "JPEG",
    "PNG": "PNG",
    "WEBP": "WebP",
    "AVIF": "AVIF",
    "HEIF": "HEIC",
    "GIF": "GIF",
    "TIFF": "TIFF",
    "BMP": "BMP",
    "DIB": "BMP",
    "JPEG2000": "JPEG 2000",
    "TGA": "TGA",
    "PPM": "PPM",
}
"""By Pillow's name, what people call it."""
SHOWN = frozenset(("JPEG", "MPO", "PNG", "WEBP", "AVIF", "GIF", "BMP", "DIB"))
"""By Pillow's name, what browsers know."""
TONE_MAPPED = "The photo is HDR. It is shown, and given to the networks, tone-mapped to sRGB."
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
    with opened(path) as image:
        width, height = image.size
        return (height, width) if _turn(image) in _SWAPS_SIDES else (width, height)


@dataclass(frozen=True)
class Decoded:
    """A picture that was read from a file."""

    picture: Image.Image
    notes: tuple[str, ...] = ()
    """What viewers should know of how it was decoded."""
    is_shown: bool = True
    """Browsers show the file itself as it was decoded, so that it may be published as it is."""


def load_photo(path: Path) -> Image.Image:
    """Return the picture of ``decode_photo``, which no file stands behind any more."""
    return decode_photo(path).picture.copy()


def decode_photo(path: Path) -> Decoded:
    """Decode a photo to an upright 8-bit RGB image in sRGB, without metadata.

    The steps, in their order: decode the first frame to its last pixel; scale 16 and 32 bits to 8;
    set transparent pixels on white; convert to sRGB what the file states of its colours; turn the
    picture upright by its EXIF orientation.  An orientation or a profile that makes no sense is
    ignored.  Notes say that HDR was tone-mapped.  Raises PhotoError where the file cannot be
    decoded completely.
    """
    lying, turn = _decoded(path)
    if turn is None:
        return lying
    return replace(lying, picture=lying.picture.transpose(turn))


def _decoded(path: Path) -> tuple[Decoded, Image.Transpose | None]:
    """Return the photo in sRGB as it lies in the file, and its turn."""
    with opened(path) as image:
        turn, encoding = _turn(image), stated_encoding(image, path)
        is_hdr = encoding is not None and encoding.is_hdr
        # browsers tone-map HDR each in its own way, and do not turn a WebP
        is_shown = image.format in SHOWN and not is_hdr
        is_shown = is_shown and not (image.format == "WEBP" and turn)
        frame = _frame(image)
        image.load()
        colour, alpha = _layers(image, frame)
        photo = _srgb(colour, image.info.get("icc_profile"), encoding)
        photo = photo if alpha is None else _on_white(photo, alpha)
        photo.info = {}
        return Decoded(photo, (TONE_MAPPED,) if is_hdr else (), is_shown), turn


def _on_white(photo: Image.Image, alpha: Image.Image) -> Image.Image:
    ground = Image.new("RGB", photo.size, "white")
    ground.paste(photo, mask=alpha)
    return ground


def decode_cutout(path: Path) -> Decoded:
    """Decode a published cut-out to RGBA at its own size.

    The file may be shown as it is where no EXIF orientation turns it.  Raises PhotoError.
    """
    with opened(path) as image:
        turn = _turn(image)
        image.load()
        picture = image.convert("RGBA")
    return Decoded(picture if turn is None else picture.transpose(turn), is_shown=turn is None)


def decode_truth(path: Path) -> Decoded:
    """Decode ground truth to an 8-bit L image whose greatest value is white, as evaluators do.

    Notes tell of values that are odd.  The file may be shown as it is where it is greyscale of 8
    bits that is black and white.  Raises PhotoError.
    """
    with opened(path) as image:
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
    return Decoded(picture, tuple(notes), mode == "L" and white in (0, 255))


@cache
def _read_heic() -> None:
    """Let Pillow read HEIC, by libheif."""
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)


@contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """Open an image; any error while it is in use becomes a PhotoError."""
    try:
        with warnings.catch_warnings():
            # Pillow warns of broken metadata, which is ignored, and of sizes near the limit
            warnings.filterwarnings("ignore", module=r"PIL\.")
            _read_heic()
            with Image.open(path) as image:
                if image.format not in FORMATS:
                    raise UnidentifiedImageError
                if 0 in image.size:
                    raise ValueError("it has no pixels")
                yield image
    except Exception as error:  # Pillow's readers raise nearly anything on damaged files
        raise PhotoError(f"{printable(str(path))}: {_complaint(error, path)}") from error


def _complaint(error: Exception, path: Path) -> str:
    """Return what is wrong with a file, in a sentence with the remedy."""
    if isinstance(error, Image.DecompressionBombError):
        return f"has more than {MAX_MEGAPIXELS} megapixels; scale it down."
    if isinstance(error, MemoryError):
        return "needs more memory than there is; scale it down."
    if not isinstance(error, UnidentifiedImageError):
        # libraries pass "Invalid argument" on for damaged files: only the system names a file
        if isinstance(error, OSError) and error.errno and error.filename:
            return f"cannot be opened ({error.strerror}); check that it is there and may be read."
        detail = f" ({error})" if str(error) else ""
        return f"is damaged or incomplete{detail}; copy it again, or save it anew as JPEG or PNG."
    return f"{_form(path)}; save it as one of {', '.join(dict.fromkeys(FORMATS.values()))}."


def _form(path: Path) -> str:
    """Return what is wrong with a file that no reader takes."""
    form = form_of(path)
    if form == "":
        return "is empty"
    if form in FORMATS.values():
        return f"is a damaged {form} file, or {form} of a kind that is not read"
    return f"is {form}, which is not read" if form else "is not an image that can be read"


def _turn(image: Image.Image) -> Image.Transpose | None:
    """Return the turn that EXIF asks for, or none; reads the header and decodes no pixels."""
    if image.format == "TIFF":
        return None  # Pillow turns these by itself while it decodes, and states the upright size
    try:
        # image.getexif() of a PNG decodes the pixels, to look for EXIF behind them
        return _TURNS.get(Image.Image.getexif(image).get(ExifTags.Base.Orientation, 1))
    except Exception:  # broken EXIF raises nearly anything, and the picture may still be whole
        return None


def _frame(image: Image.Image) -> tuple[int, int, int, int] | None:
    """Return the part of the canvas that a GIF's first frame fills, if not all of it."""
    tiles = getattr(image, "tile", None)
    if image.format != "GIF" or not tiles:
        return None
    box: tuple[int, int, int, int] = tuple(tiles[0][1])
    return None if box == (0, 0, *image.size) else box


def _layers(
    image: Image.Image, frame: tuple[int, int, int, int] | None
) -> tuple[Image.Image, Image.Image | None]:
    """Return the colours as L, RGB or CMYK, which ICC profiles are for, and alpha (L) or none."""
    if image.mode.startswith(("I", "F")):
        return _to_8_bit(image), _alpha_of_deep_grey(image)
    alpha = None
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        alpha = rgba.getchannel("A")
        image = image.convert("L") if image.mode == "LA" else rgba
    if frame is not None:
        alpha = _cropped(alpha or Image.new("L", image.size, 255), frame)
    if image.mode in ("L", "RGB", "CMYK"):
        return image, alpha
    return image.convert("L" if image.mode == "1" else "RGB"), alpha


def _cropped(alpha: Image.Image, frame: tuple[int, int, int, int]) -> Image.Image:
    """Return alpha that is 0 outside of a frame."""
    result = Image.new("L", alpha.size, 0)
    result.paste(alpha.crop(frame), frame[:2])
    return result


def _alpha_of_deep_grey(image: Image.Image) -> Image.Image | None:
    """Return alpha of greyscale of 16 bits of which one level is transparent, if so."""
    level = image.info.get("transparency")
    if not isinstance(level, int):
        return None
    opaque = np.asarray(image) != level
    return Image.fromarray(opaque.astype(np.uint8) * np.uint8(255))


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


def _srgb(colour: Image.Image, profile: bytes | None, encoding: Encoding | None) -> Image.Image:
    """Convert L, RGB or CMYK to RGB in sRGB.

    What the file states by code points or a gamma counts first, where it does; a profile that does
    not fit counts as none, and Pillow's formula converts.
    """
    if encoding is not None and colour.mode in ("L", "RGB"):
        converted = Image.fromarray(to_srgb(np.asarray(colour), encoding))
        return converted.convert("RGB")
    if not profile:
        return colour if colour.mode == "RGB" else colour.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.buildTransform(source, srgb, colour.mode, "RGB").apply(colour)
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return colour.convert("RGB")
