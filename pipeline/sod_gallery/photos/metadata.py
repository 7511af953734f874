"""Takes the metadata out of a picture's file and leaves its pixels as they are, bit for bit.

What is known to be needed to show the picture stays; everything else goes: EXIF with its position
and thumbnail, XMP, IPTC, comments, further pictures and videos behind the first, and whatever a
camera's maker invented.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import ExifTags, Image

from .headers import form_of_bytes

# markers of JPEG: ITU-T T.81, table B.1
SOI, EOI, SOS, COM = b"\xff\xd8", 0xD9, 0xDA, 0xFE
ALONE = frozenset((0x01, *range(0xD0, 0xD8)))
"""Markers without a length: TEM and RST0 to RST7."""
APP0, APP1, APP2, APP14 = 0xE0, 0xE1, 0xE2, 0xEE
APPLICATIONS = range(0xE0, 0xF0)
JFIF_HEADER = 12
"""Bytes of a JFIF segment before the size of its thumbnail."""

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_CHUNKS = frozenset(
    (
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"acTL", b"fcTL", b"fdAT"),
        *(b"cHRM", b"cICP", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"mDCV", b"cLLI", b"pHYs"),
    )
)
WEBP_CHUNKS = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
WEBP_EXIF, WEBP_XMP = 0x08, 0x04
"""Flags of the chunk VP8X (RFC 9649, section 2.7.1)."""

EXTENSIONS = {"JPEG": ".jpg", "PNG": ".png", "WebP": ".webp"}
"""Of the forms that are known here, by what people call them."""


def stripped(content: bytes) -> tuple[bytes, str] | None:
    """Return a picture's file without metadata, and its extension: ``.jpg``.

    Decoded pixels and colours are the same.  Of EXIF only the orientation stays, where it turns
    the picture.  None for a damaged file, and for other forms than JPEG, PNG and WebP.
    """
    form = form_of_bytes(content[:32])
    if form not in EXTENSIONS:
        return None
    parts = {"JPEG": _jpeg, "PNG": _png, "WebP": _webp}[form]
    try:
        return b"".join(parts(content, _exif(content))), EXTENSIONS[form]
    except (IndexError, ValueError, struct.error):
        return None


def can_be_stripped(path: Path) -> bool:
    """Tell whether ``stripped`` takes a file; raises OSError."""
    return stripped(path.read_bytes()) is not None


def _exif(content: bytes) -> bytes:
    """Return EXIF that states the picture's orientation and nothing else; empty if it is upright.

    Raises ValueError where the file cannot be opened.
    """
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=r"PIL\.")  # of broken metadata
            with Image.open(BytesIO(content)) as image:
                # image.getexif() of a PNG decodes the pixels, to look for EXIF behind them
                turn = Image.Image.getexif(image).get(ExifTags.Base.Orientation, 1)
    except Exception as error:  # Pillow's readers raise nearly anything on damaged files
        raise ValueError("cannot be opened") from error
    if turn not in range(2, 9):
        return b""
    # TIFF 6.0: header, one entry (tag, type SHORT, count 1, value), no further directory
    entry = struct.pack("<HHIHxx", ExifTags.Base.Orientation, 3, 1, turn)
    return b"II*\0" + struct.pack("<IH", 8, 1) + entry + bytes(4)


def _jpeg(content: bytes, exif: bytes) -> Iterator[bytes]:
    """Yield the parts of a JPEG up to the end of its first picture."""
    yield SOI
    at = len(SOI)
    while True:
        if content[at] != 0xFF:
            raise ValueError("no marker where one should be")
        marker, at = content[at + 1], at + 2
        if marker == 0xFF:  # fill bytes may precede a marker
            at -= 1
            continue
        if marker == EOI:
            yield bytes((0xFF, EOI))
            return
        if marker in ALONE:
            continue
        end = at + int(struct.unpack_from(">H", content, at)[0])
        if exif and marker != APP0:
            yield _segment(APP1, b"Exif\0\0" + exif)
            exif = b""
        yield _shown_segment(marker, content[at + 2 : end])
        if marker == SOS:
            start, end = end, _end_of_scan(content, end)
            yield content[start:end]
        at = end


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _shown_segment(marker: int, body: bytes) -> bytes:
    """Return a segment of a JPEG as far as it is needed to show the picture."""
    if marker == APP0 and body.startswith(b"JFIF\0"):
        return _segment(APP0, body[:JFIF_HEADER] + bytes(2))  # without its thumbnail
    is_colour = (marker == APP2 and body.startswith(b"ICC_PROFILE\0")) or (
        marker == APP14 and body.startswith(b"Adobe")
    )
    if (marker in APPLICATIONS or marker == COM) and not is_colour:
        return b""
    return _segment(marker, body)


def _end_of_scan(content: bytes, at: int) -> int:
    """Return where the next marker stands that is none of those within a scan."""
    while True:
        at = content.index(b"\xff", at)
        following = content[at + 1]
        if following != 0 and following != 0xFF and following not in ALONE:
            return at
        at += 1 if following == 0xFF else 2


def _png(content: bytes, exif: bytes) -> Iterator[bytes]:
    """Yield the chunks of a PNG that are needed to show the picture."""
    yield PNG_SIGNATURE
    at, kind = len(PNG_SIGNATURE), b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", content, at)
        start, at = at, at + length + 12
        if at > len(content):
            raise ValueError("the file ends within a chunk")
        if kind in PNG_CHUNKS:
            yield content[start:at]
        if kind == b"IHDR" and exif:
            checksum = zlib.crc32(b"eXIf" + exif)
            yield struct.pack(">I4s", len(exif), b"eXIf") + exif + struct.pack(">I", checksum)


def _webp(content: bytes, exif: bytes) -> Iterator[bytes]:
    """Yield the header and the chunks of a WebP that are needed to show the picture."""
    chunks = []
    at, whole = 12, 8 + int(struct.unpack_from("<I", content, 4)[0])
    if whole > len(content):
        raise ValueError("the file is shorter than it says")
    while at + 8 <= whole:
        kind, length = struct.unpack_from("<4sI", content, at)
        end = at + 8 + length + length % 2
        chunk = content[at:end]
        if kind == b"VP8X":
            flags = chunk[8] & ~(WEBP_EXIF | WEBP_XMP) | (WEBP_EXIF if exif else 0)
            chunk = chunk[:8] + bytes((flags,)) + chunk[9:]
        if kind in WEBP_CHUNKS:
            chunks.append(chunk)
        at = end
    if exif:
        chunks.append(struct.pack("<4sI", b"EXIF", len(exif)) + exif)
    yield struct.pack("<4sI4s", b"RIFF", 4 + sum(map(len, chunks)), b"WEBP")
    yield from chunks
