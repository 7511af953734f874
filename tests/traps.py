"""Photos that hold secrets, and a look into files for them."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms

SECRET = b"SECRET-OF-THE-CAMERA"
GPS = 0x8825


def noise(size: tuple[int, int] = (90, 60), seed: int = 0) -> Image.Image:
    """Return a picture that no compression keeps by chance."""
    pixels = np.random.default_rng(seed).integers(0, 255, (size[1], size[0], 3), np.uint8)
    return Image.fromarray(pixels)


def secretive_exif(orientation: int = 1) -> Image.Exif:
    """Return EXIF with a position, a comment and an orientation."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = exif[0x9C9C] = SECRET.decode()
    exif.get_ifd(GPS).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 36.0)})
    return exif


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def jpeg(orientation: int = 1, **options: object) -> bytes:
    """Return a JPEG with secrets at every place that a JPEG has for them."""
    buffer = BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    noise().save(
        buffer,
        "JPEG",
        exif=secretive_exif(orientation),
        icc_profile=profile,
        comment=SECRET,
        **options,
    )
    content = buffer.getvalue()
    more = [
        _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + SECRET),
        _segment(0xED, b"Photoshop 3.0\0" + SECRET),
        _segment(0xE2, b"FPXR\0" + SECRET),
        _segment(0xE0, b"JFXX\0\x10" + SECRET),
        *(_segment(marker, SECRET) for marker in range(0xE3, 0xF0)),
    ]
    # a thumbnail of two by one pixels within the JFIF segment
    jfif = _segment(0xE0, content[6:18] + b"\x02\x01" + SECRET[:6])
    trailer = content + SECRET  # a second picture, as in MPO, and what follows it
    return content[:2] + jfif + b"".join(more) + content[20:] + trailer


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(orientation: int = 1) -> bytes:
    """Return a PNG with secrets at every place that a PNG has for them."""
    buffer = BytesIO()
    noise().save(buffer, "PNG", exif=secretive_exif(orientation))
    content = buffer.getvalue()
    more = [
        _chunk(b"tEXt", b"Comment\0" + SECRET),
        _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(SECRET)),
        _chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta>" + SECRET),
        _chunk(b"tIME", b"\x07\xe8\x01\x02\x03\x04\x05"),
        _chunk(b"prVt", SECRET),
    ]
    return content[:33] + b"".join(more) + content[33:] + SECRET


def webp(orientation: int = 1) -> bytes:
    """Return a WebP with secrets at every place that a WebP has for them."""
    buffer = BytesIO()
    noise().save(buffer, "WEBP", lossless=True, exif=secretive_exif(orientation), xmp=SECRET)
    content = buffer.getvalue() + struct.pack("<4sI", b"prVt", len(SECRET)) + SECRET
    return content[:4] + struct.pack("<I", len(content) - 8) + content[8:] + SECRET


def secrets_in(path: Path) -> list[str]:
    """Return what a published file gives away: metadata of a picture, and the secret itself."""
    content = path.read_bytes()
    found = ["the secret"] if SECRET in content else []
    found += [name.decode() for name in (b"<x:xmpmeta", b"Photoshop 3.0") if name in content]
    if path.suffix.lower() not in (".jpg", ".jpeg", ".png", ".webp"):
        return found
    with Image.open(path) as image:
        exif = dict(image.getexif())
        exif.pop(0x0112, None)  # the orientation is needed to show the picture
        found += ["EXIF"] if exif else []
        found += [key for key in ("comment", "xmp", "XML:com.adobe.xmp") if image.info.get(key)]
        found += [f"text {key}" for key in getattr(image, "text", {})]
    return found
