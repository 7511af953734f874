"""Encodes pictures as PNG, WebP and JPEG files, without metadata.

The settings are a compromise between time and file size.  `bench/encoding.py` measures both, and
docs/decisions/0022-png-by-isa-l.md has figures.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray
from PIL import Image

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOUR_TYPES = {"L": 0, "RGB": 2, "RGBA": 6}
"""PNG's colour type by Pillow's mode (PNG specification, chunk IHDR)."""
STRIP = 1 << 20
"""Bytes, about: of a picture as large as this, processors keep the rows at hand."""
MARK = b"soGA"
"""Type of an empty chunk that says who wrote a file.  By its capitals it is ancillary, private and
unsafe to copy, so a program that changes the picture leaves it out (PNG specification, 5.4)."""
UP = 2
"""PNG's filter type Up: the difference from the pixel above (PNG specification, section 9.2)."""


def encode_png(
    image: Image.Image, alpha: Image.Image | None = None, *, marked: bool = False
) -> bytes:
    """Return an 8-bit PNG file of an L, RGB or RGBA picture, or of RGB with an L picture as alpha.

    It is lossless; colours of transparent pixels are kept too.  Every row uses the filter Up, and
    ISA-L compresses the rows.  Decision 22 (docs/decisions/0022-png-by-isa-l.md) compares this with
    Pillow's encoder.  Takes hardly more memory than the file.  ``marked`` lets ``is_marked`` know
    the file again.  Raises KeyError for pictures of other modes.
    """
    colour_type = COLOUR_TYPES["RGBA" if alpha else image.mode]
    # depth, colour type, compression method, filter method, interlace method
    header = struct.pack(">2I5B", image.width, image.height, 8, colour_type, 0, 0, 0)
    compressor = isal_zlib.compressobj(2)
    compressed = [compressor.compress(rows.data) for rows in _filtered(_strips(image, alpha))]
    compressed.append(compressor.flush())
    return b"".join(
        (
            PNG_SIGNATURE,
            _chunk(b"IHDR", header),
            _chunk(MARK) if marked else b"",
            _chunk(b"IDAT", *compressed),
            _chunk(b"IEND"),
        )
    )


def is_marked(path: Path) -> bool:
    """Tell whether ``encode_png`` wrote this file and marked it, and nothing has changed it."""
    mark = _chunk(MARK)
    start = len(PNG_SIGNATURE) + len(_chunk(b"IHDR", bytes(13)))
    try:
        with path.open("rb") as file:
            return file.read(start + len(mark))[start:] == mark
    except OSError:
        return False


def _strips(image: Image.Image, alpha: Image.Image | None) -> Iterator[NDArray[np.uint8]]:
    """Yield the picture from the top in strips: rows of W·channels bytes."""
    height = max(1, STRIP // (image.width * 4))
    for top in range(0, image.height, height):
        box = (0, top, image.width, min(top + height, image.height))
        strip = image.crop(box)
        if alpha is not None:
            strip = strip.convert("RGBA")
            strip.putalpha(alpha.crop(box))
        yield np.asarray(strip).reshape(strip.height, -1)


def _filtered(strips: Iterable[NDArray[np.uint8]]) -> Iterator[NDArray[np.uint8]]:
    """Yield the filtered rows of each strip: 1 + W·channels bytes.

    Each row is the type of its filter, then the difference from the row above, modulo 256.
    """
    above = np.uint8(0)
    for rows in strips:
        result = np.empty((rows.shape[0], rows.shape[1] + 1), np.uint8)
        result[:, 0] = UP
        np.subtract(rows[0], above, out=result[0, 1:])
        np.subtract(rows[1:], rows[:-1], out=result[1:, 1:])
        above = rows[-1]
        yield result


def _chunk(kind: bytes, *parts: bytes) -> bytes:
    """Return a chunk of a PNG file: length, type, content and CRC."""
    checksum = zlib.crc32(kind)
    for part in parts:
        checksum = zlib.crc32(part, checksum)
    length = struct.pack(">I", sum(map(len, parts)))
    return b"".join((length, kind, *parts, struct.pack(">I", checksum)))


def encode_webp(image: Image.Image, quality: int = 82) -> bytes:
    """Return a lossy WebP file of an RGB or RGBA picture; ``quality`` is 0 … 100.

    Alpha differs from the picture's by 3 of 255 at most.  Colours of fully transparent pixels are
    not kept.  Decision 22 (docs/decisions/0022-png-by-isa-l.md) says why method 2 is used.
    """
    return _encoded(image, "WEBP", quality=quality, method=2, alpha_quality=75, exact=False)


def encode_webp_lossless(image: Image.Image) -> bytes:
    """Return a lossless WebP; colours under alpha 0 are not kept.

    The fastest method: others take several times as long for files a tenth to a third smaller.
    """
    return _encoded(image, "WEBP", lossless=True, method=0, quality=0, exact=False)


def encode_jpeg(image: Image.Image, quality: int = 85) -> bytes:
    """Return a progressive JPEG file of an L or RGB picture; ``quality`` is 0 … 100."""
    return _encoded(image, "JPEG", quality=quality, progressive=True, optimize=True)


def _encoded(image: Image.Image, format_name: str, **options: int) -> bytes:
    bare = image
    if image.info:
        bare = image.copy()
        bare.info = {}
    buffer = BytesIO()
    bare.save(buffer, format_name, **options)
    return buffer.getvalue()
