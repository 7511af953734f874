"""Finds photos, names them for the web, and decodes any of them to upright sRGB."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import cast

from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError

from .errors import DatasetError, PhotoError

EXTENSIONS = frozenset(
    (".jpg", ".jpeg", ".jfif", ".png", ".webp", ".avif", ".gif", ".bmp", ".tif", ".tiff")
)
# a file in disguise is never decoded by Pillow's rarer readers (the one for EPS runs Ghostscript)
FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF")
MAX_MEGAPIXELS = 178
"""Where Pillow refuses to decode: twice its ``MAX_IMAGE_PIXELS``."""
SLUG_LENGTH = 100
"""With a suffix still well below the 255 bytes that file systems allow."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SWAPS_SIDES = frozenset(_TURNS[orientation] for orientation in (5, 6, 7, 8))


def find_photos(folder: Path) -> list[str]:
    """Return the photos in ``folder`` and below it, as relative names with forward slashes.

    Natural order (2 before 10), the same on every system.  Hidden files and folders are skipped;
    links to files count, links to folders are not followed.  Raises DatasetError for a folder
    that cannot be listed.
    """
    found = []
    for parent, folders, files in os.walk(folder, onerror=_cannot_list):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = (Path(parent, name) for name in files if _looks_like_photo(name))
        found += [path.relative_to(folder).as_posix() for path in paths if path.is_file()]
    return sorted(found, key=natural_key)


def _cannot_list(error: OSError) -> None:
    raise DatasetError(
        f"{printable(str(error.filename))}: cannot be listed ({error.strerror}); "
        "check that the folder is there and may be read."
    ) from error


def _looks_like_photo(name: str) -> bool:
    return not name.startswith(".") and PurePosixPath(name).suffix.lower() in EXTENSIONS


def natural_key(name: str) -> tuple[list[list[str | int]], str]:
    """Order by folder, then by text and numbers in turn; the name itself settles a tie."""
    parts = (re.split("([0-9]+)", part) for part in name.casefold().split("/"))
    return [[int(s) if i % 2 else s for i, s in enumerate(part)] for part in parts], name


def slugs(names: Iterable[str]) -> dict[str, str]:
    """Return a slug for every name: ``[A-Za-z0-9][A-Za-z0-9_-]*``, unique even ignoring case.

    A slug depends on its name and on whether others want the same one, never on the order: all
    that clash get a hash of their name ("a.jpg", "A.png" → "a-…", "A-…").
    """
    wanted = {name: _slug(name) for name in names}
    result = wanted
    # six digits nearly always do; all 64 settle a clash with a name that looks suffixed already
    for digits in (6, 64):
        taken = Counter(slug.lower() for slug in result.values())
        result = {
            name: f"{wanted[name]}-{_digest(name)[:digits]}" if taken[slug.lower()] > 1 else slug
            for name, slug in result.items()
        }
    return result


def _slug(name: str) -> str:
    stem = PurePosixPath(name).with_suffix("").as_posix()
    plain = unicodedata.normalize("NFKD", stem)
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    # Jekyll skips files that start with one of _ . # ~
    safe = re.sub("[^A-Za-z0-9_]+", "-", plain).lstrip("_-")
    return safe[:SLUG_LENGTH].rstrip("-") or _digest(name)[:12]


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def title(name: str) -> str:
    """Return a photo's title for people: "IMG_0754.JPG" → "IMG 0754"; valid Unicode always."""
    stem = PurePosixPath(name).stem
    return printable(" ".join(stem.replace("_", " ").split()) or stem)


def shown_by_browsers(name: str) -> bool:
    """Tell whether browsers show a file of this name as it is."""
    return PurePosixPath(name).suffix.lower() not in {".tif", ".tiff"}


def printable(text: str) -> str:
    """Replace what cannot be written as UTF-8: names of files may hold any bytes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def photo_size(path: Path) -> tuple[int, int]:
    """Return width and height of the upright photo from its header; raises PhotoError."""
    with _opened(path) as image:
        width, height = image.size
        return (height, width) if _turn(image) in _SWAPS_SIDES else (width, height)


def load_photo(path: Path) -> Image.Image:
    """Decode a photo to upright RGB, in sRGB, on white where it is transparent; no metadata.

    The first frame counts.  Orientations and ICC profiles that make no sense are ignored.  Raises
    PhotoError for anything that cannot be decoded to its last pixel.
    """
    with _opened(path) as image:
        turn = _turn(image)
        image.load()
        colour, alpha = _layers(image)
        photo = Image.new("RGB", image.size, "white")
        photo.paste(_srgb(colour, image.info.get("icc_profile")), mask=alpha)
        return photo if turn is None else photo.transpose(turn)


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """Open an image; whatever goes wrong while it is in use becomes a PhotoError."""
    try:
        with warnings.catch_warnings():
            # about broken metadata, which we ignore, and sizes short of the limit
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
    """Return what brings an image upright, if anything, from what stands before its pixels."""
    if image.format == "TIFF":
        return None  # Pillow turns these itself, and gives their size upright from the start
    try:
        # not image.getexif(): for a PNG that decodes the pixels, in case EXIF follows them
        return _TURNS.get(Image.Image.getexif(image).get(ExifTags.Base.Orientation, 1))
    except Exception:  # EXIF is often broken, in many ways, around a healthy picture
        return None


def _layers(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Return colour, in a mode that an ICC profile can be for, and alpha if there is any."""
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
    """Scale greyscale of 16 bits, or of 32 bits or floats, whose white only its values tell."""
    values = image.convert("F")
    brightest = cast(float, values.getextrema()[1])
    whites = {"I": (255, 65535), "F": (1,)}.get(image.mode, (65535,))
    white = next((white for white in whites if brightest <= white), brightest)
    return values.point(lambda value: value * (255 / white) + 0.5).convert("L")


def _srgb(colour: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert L, RGB or CMYK to sRGB, plainly where the profile is absent or does not fit."""
    if not profile:
        return colour.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.buildTransform(source, srgb, colour.mode, "RGB").apply(colour)
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return colour.convert("RGB")
