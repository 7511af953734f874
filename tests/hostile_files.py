"""Writes a folder of files as strangers have them: whole, odd, damaged, bombs, and no photos."""

from __future__ import annotations

import os
import random
import socket
import struct
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image

SEED = 13
SIZE = (40, 28)
Files = Iterator[tuple[str, bytes]]

WRITTEN: dict[str, tuple[str, dict[str, object]]] = {
    "a.jpg": ("JPEG", {}),
    "progressive.jpg": ("JPEG", {"progressive": True}),
    "a.png": ("PNG", {}),
    "a.webp": ("WEBP", {}),
    "lossless.webp": ("WEBP", {"lossless": True}),
    "a.gif": ("GIF", {}),
    "a.bmp": ("BMP", {}),
    "lzw.tif": ("TIFF", {"compression": "tiff_lzw"}),
    "jpeg.tif": ("TIFF", {"compression": "jpeg"}),
    "a.jp2": ("JPEG2000", {}),
    "a.tga": ("TGA", {"compression": "tga_rle"}),
    "a.ppm": ("PPM", {}),
    "a.avif": ("AVIF", {}),
    "a.heic": ("HEIF", {}),
}
"""By name: Pillow's form and its options.  All of them are read."""

WRITERS = (
    *("bmp", "dib", "gif", "jpeg", "jp2", "j2k", "mpo", "png", "apng", "ppm", "tga", "tiff"),
    *("webp", "avif", "heic", "pdf", "eps", "ico", "icns", "dds", "pcx", "sgi"),
    *("msp", "xbm", "palm", "blp", "qoi"),
)
"""Extensions of what Pillow writes, read or not, but for forms that it is about to drop."""
MODES = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB", "HSV", "I", "F")
"""Pillow's modes; few forms hold all of them."""


def photo() -> Image.Image:
    pixels = random.Random(SEED).randbytes(3 * SIZE[0] * SIZE[1])
    return Image.frombytes("RGB", SIZE, pixels)


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    buffer = BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def whole() -> dict[str, bytes]:
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)
    return {name: encoded(photo(), form, **options) for name, (form, options) in WRITTEN.items()}


def truncated() -> Files:
    for name, content in whole().items():
        for step in range(18):
            yield f"{step}-{name}", content[: len(content) * step // 18]


def flipped() -> Files:
    """Yield files in which one to eight bits are turned over."""
    for name, content in whole().items():
        for seed in range(24):
            chosen = random.Random(f"{SEED} {name} {seed}")
            damaged = bytearray(content)
            for _ in range(chosen.choice((1, 2, 8))):
                damaged[chosen.randrange(len(damaged))] ^= 1 << chosen.randrange(8)
            yield f"{seed}-{name}", bytes(damaged)


def overwritten() -> Files:
    """Yield files whose middle is noise, zeros, or the middle of another form."""
    contents = list(whole().items())
    for (name, content), (_, other) in zip(contents, contents[1:] + contents[:1], strict=True):
        third = len(content) // 3
        for kind, middle in (
            ("noise", random.Random(f"{SEED} {name}").randbytes(third)),
            ("zeros", bytes(third)),
            ("other", other[:third]),
        ):
            yield f"{kind}-{name}", content[:third] + middle + content[third + len(middle) :]


def written() -> Files:
    for extension in WRITERS:
        form = Image.registered_extensions().get(f".{extension}")
        if form in Image.SAVE:
            mode = {"MSP": "1", "XBM": "1", "PALM": "P", "BLP": "P"}.get(form, "RGB")
            yield f"a.{extension}", encoded(photo().convert(mode), form)


def modes() -> Files:
    for mode in MODES:
        image = photo().convert("RGB" if mode == "LAB" else "L").convert("RGB")
        image = Image.new("LAB", SIZE) if mode == "LAB" else _in_mode(image, mode)
        for extension, form in (("png", "PNG"), ("tif", "TIFF"), ("jpg", "JPEG"), ("gif", "GIF")):
            try:
                yield f"{mode}.{extension}", encoded(image, form)
            except (OSError, ValueError, KeyError):
                continue  # the form does not hold the mode


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    return image.convert("P").convert("PA") if mode == "PA" else image.convert(mode)


def _png(width: int, height: int, *chunks: tuple[bytes, bytes], depth: int = 8) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

    header = struct.pack(">2I5B", width, height, depth, 2, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


SIZES = (
    *((100_000, 100_000), (2**31 - 1, 1), (1, 2**31 - 1), (0, 10), (10, 0), (60_000, 60_000)),
    *((20_000, 20_000), (178_000_000, 1), (65_535, 65_535)),
)
"""Width and height that headers state, of pixels that are not there."""


def bombs() -> Files:
    zeros = zlib.compress(bytes(50_000_000), 9)
    for width, height in SIZES:
        size = f"{width}x{height}"
        yield f"{size}.png", _png(width, height, (b"IDAT", zeros))
        yield f"{size}.ppm", f"P6 {width} {height} 255\n".encode() + bytes(100)
        wide, high = width & 0x7FFFFFFF, height & 0x7FFFFFFF
        bitmap = struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 54, 0, 0, 54, 40, wide, high, 1, 24,
                             *[0] * 6)  # fmt: skip
        yield f"{size}.bmp", bitmap
        short = struct.pack("<2H", width & 0xFFFF, height & 0xFFFF)
        yield f"{size}.gif", b"GIF89a" + short + b"\xf7\0\0" + bytes(768) + b",\0\0\0\0" + short
        yield f"{size}.tga", bytes((0, 0, 10)) + bytes(9) + short + bytes((24, 0))
        jpeg = bytearray(encoded(photo(), "JPEG"))
        frame = jpeg.index(b"\xff\xc0")
        jpeg[frame + 5 : frame + 9] = struct.pack(">2H", height & 0xFFFF, width & 0xFFFF)
        yield f"{size}.jpg", bytes(jpeg)
    text = b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9)
    yield "text.png", _png(8, 8, (b"zTXt", text), (b"IDAT", zlib.compress(bytes(200))))
    profile = b"icc\0\0" + zlib.compress(bytes(100_000_000), 9)
    yield "profile.png", _png(8, 8, (b"iCCP", profile), (b"IDAT", zlib.compress(bytes(200))))
    yield "surplus.png", _png(8, 8, (b"IDAT", zeros))


def disguised() -> Files:
    contents = list(whole().values())
    for (name, _), content in zip(WRITTEN.items(), contents[1:] + contents[:1], strict=True):
        yield f"other-{name}", content
    for name, content in {
        "text": b"no picture\n" * 9,
        "page": b"<!DOCTYPE html><script>alert(1)</script>",
        "zip": b"PK\x03\x04" + bytes(60),
        "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        "video": b"\0\0\0\x18ftypisom" + bytes(60),
        "zeros": bytes(5000),
        "empty": b"",
    }.items():
        yield f"{name}.jpg", content
        yield f"{name}.png", content


CLASSES: dict[str, Callable[[], Files]] = {
    "truncated": truncated,
    "bits turned over": flipped,
    "middle overwritten": overwritten,
    "all that Pillow writes": written,
    "modes": modes,
    "bombs": bombs,
    "in disguise": disguised,
}
SPECIAL = "pipe, socket, device, links"


def write_files(folder: Path) -> dict[str, list[str]]:
    """Write all files; returns their names below the folder, by class."""
    names: dict[str, list[str]] = {}
    for title, files in CLASSES.items():
        names[title] = []
        below = title.replace(" ", "-")
        (folder / below).mkdir(parents=True)
        for name, content in files():
            (folder / below / name).write_bytes(content)
            names[title].append(f"{below}/{name}")
    names[SPECIAL] = [f"special/{name}" for name in _special(folder / "special")]
    return names


def _special(folder: Path) -> list[str]:
    folder.mkdir()
    os.mkfifo(folder / "pipe.jpg")
    here = Path.cwd()
    os.chdir(folder)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.jpg")
    os.chdir(here)
    (folder / "device.jpg").symlink_to("/dev/zero")
    (folder / "gone.jpg").symlink_to("nowhere.jpg")
    (folder / "loop.jpg").symlink_to("loop.jpg")
    (folder / "around").symlink_to(folder)
    return ["pipe.jpg", "socket.jpg", "device.jpg", "gone.jpg", "loop.jpg", "around"]
