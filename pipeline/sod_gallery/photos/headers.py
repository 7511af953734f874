"""Reads from a file's first bytes what Pillow does not tell: its form and its colours' encoding."""

from __future__ import annotations

import struct
from pathlib import Path

from PIL import Image

from .colour import BT709, Encoding, by_code_points

HEADER = 65_536
"""Bytes that are looked at; boxes and chunks of colours stand before the pixels."""

SIGNATURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG", "PNG"),
    (b"GIF8", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"BM", "BMP"),
    (b"\x00\x00\x00\x0cjP", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL", "JPEG XL"),
    (b"8BPS", "a Photoshop file"),
    (b"%PDF", "a PDF"),
    (b"%!PS", "PostScript"),
    (b"FUJIFILMCCD-RAW", "camera raw"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"<?xml", "XML or SVG"),
    (b"<svg", "SVG"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
)
BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), "AVIF"),
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"), "HEIC"),
    b"crx ": "camera raw",
    **dict.fromkeys((b"isom", b"mp41", b"mp42", b"qt  ", b"M4V "), "a video"),
}
"""Of ISO media files, whose second box field names one."""


def form_of(path: Path) -> str | None:
    """Return what a file is by its first bytes: empty for an empty file, none if unknown."""
    try:
        with path.open("rb") as file:
            return form_of_bytes(file.read(32))
    except OSError:
        return None


def form_of_bytes(head: bytes) -> str | None:
    """Return what a file is that begins so; see ``form_of``."""
    if not head:
        return ""
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12])
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    return next((form for start, form in SIGNATURES if head.startswith(start)), None)


def stated_encoding(image: Image.Image, path: Path) -> Encoding | None:
    """Return what a file states of its colours outside of an ICC profile, where that counts.

    PNG: cICP counts before iCCP, then sRGB, then gAMA with cHRM (PNG specification, 3rd edition,
    section 4.3).  AVIF and HEIC: nclx counts where there is no ICC profile.  None for sRGB.
    """
    has_profile = bool(image.info.get("icc_profile"))
    encoding = None
    if image.format == "PNG":
        encoding = _of_png(image, _head(path), has_profile)
    elif image.format in ("AVIF", "HEIF") and not has_profile:
        encoding = _of_nclx(_head(path))
    return None if encoding is None or encoding.is_srgb else encoding


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEADER)


def _of_png(image: Image.Image, head: bytes, has_profile: bool) -> Encoding | None:
    points = _chunk(head, b"cICP")
    if points:
        light = _chunk(head, b"cLLI")  # the greatest luminance first, in 0.0001 cd/m²
        brightest = struct.unpack(">I", light[:4])[0] / 10_000 if len(light) == 8 else 0.0
        return by_code_points(points[0], points[1], brightest)
    gamma = image.info.get("gamma")
    if has_profile or "srgb" in image.info or not gamma:
        return None
    return Encoding(image.info.get("chromaticity") or BT709, gamma=gamma)


def _chunk(head: bytes, kind: bytes) -> bytes:
    """Return the content of a PNG's chunk that stands before its pixels, or nothing."""
    at = 8
    while at + 8 <= len(head):
        length, name = struct.unpack(">I4s", head[at : at + 8])
        if name == kind:
            return head[at + 8 : at + 8 + length]
        if name == b"IDAT":
            break
        at += length + 12
    return b""


def _of_nclx(head: bytes) -> Encoding | None:
    at = head.find(b"colrnclx")
    if at < 0 or at + 12 > len(head):
        return None
    primaries, transfer = struct.unpack(">HH", head[at + 8 : at + 12])
    light = head.find(b"clli")  # the greatest luminance first, in cd/m²
    stated = 0 <= light <= len(head) - 6
    brightest = struct.unpack(">H", head[light + 4 : light + 6])[0] if stated else 0
    return by_code_points(primaries, transfer, brightest)
