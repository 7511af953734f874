"""Measures time and file size of encoders and their settings.

    bench/encoding.py [FOLDER | PHOTO]

The pictures are the photos of a folder, one photo, or by default the sample photos.
"""

from __future__ import annotations

import statistics
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps
from rich.console import Console
from rich.table import Table

from sod_gallery.photos.datasets import sample_photos
from sod_gallery.photos.decoding import load_photo
from sod_gallery.photos.finding import find_photos
from sod_gallery.pictures.encoding import encode_png, encode_webp
from sod_gallery.pictures.imaging import PREVIEW, cutout, preview

Encode = Callable[[Image.Image], bytes]
RUNS = 3
"""Runs of each encoder; their median is printed."""


def pillow(image: Image.Image, kind: str, **options: int) -> bytes:
    """Return a picture as Pillow encodes it, in the format ``kind`` with these options."""
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def encoders() -> dict[str, Encode]:
    """Return the encoders to compare, by a name that begins with the kind of their pictures."""
    named: dict[str, Encode] = {
        "cut-out, PNG: Pillow, default": partial(pillow, kind="PNG"),
        "cut-out, PNG: Pillow, level 1": partial(pillow, kind="PNG", compress_level=1),
        "cut-out, PNG: Pillow, level 1, run lengths": partial(
            pillow, kind="PNG", compress_level=1, compress_type=zlib.Z_RLE
        ),
        "cut-out, PNG: ours": encode_png,
    }
    for kind in ("photo", "cut-out"):
        for method in range(5):
            named[f"{kind}, WebP: method {method}"] = partial(
                pillow, kind="WEBP", quality=82, method=method, alpha_quality=75
            )
        named[f"{kind}, WebP: ours"] = encode_webp
    return named


def measure(encode: Encode, pictures: Sequence[Image.Image]) -> tuple[float, int]:
    """Encode all pictures RUNS times; return the median in seconds, and their total bytes."""
    seconds, size = [], 0
    for _ in range(RUNS):
        begin = time.perf_counter()
        size = sum(len(encode(picture)) for picture in pictures)
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds), size


def chosen_photos() -> list[Path]:
    """Return the photos that the command line names, or the sample photos.

    Raises DatasetError for a folder that cannot be listed.
    """
    if len(sys.argv) < 2:
        return list(sample_photos().values())
    path = Path(sys.argv[1])
    return [path / name for name in find_photos(path)] if path.is_dir() else [path]


def main() -> None:
    """Measure all encoders and print a table."""
    photos = [load_photo(path) for path in chosen_photos()]
    # A blurred greyscale copy serves as mask: encoding takes about as long as with a real mask.
    cutouts = [
        cutout(photo, ImageOps.grayscale(photo.resize((32, 32))).resize(photo.size))
        for photo in photos
    ]
    table = Table("what", "s", "MB", title=f"WebP at most {PREVIEW} pixels wide")
    for name, encode in encoders().items():
        pictures = photos if name.startswith("photo") else cutouts
        if "WebP" in name:
            pictures = [preview(picture) for picture in pictures]
        seconds, size = measure(encode, pictures)
        table.add_row(name, f"{seconds:.2f}", f"{size / 1e6:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
