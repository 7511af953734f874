"""Writes the cut-outs of a folder and nothing else, as `rembg p` does, with this project's code.

bench/cutouts.py CHECKPOINT PHOTOS OUT
"""

from __future__ import annotations

import sys
from pathlib import Path

from sod_gallery.build.executor import in_parallel
from sod_gallery.engines.predictor import Predictor
from sod_gallery.engines.runtime import choose
from sod_gallery.files import write_atomically
from sod_gallery.networks.checkpoints import resolve
from sod_gallery.photos.decoding import load_photo
from sod_gallery.photos.finding import find_photos
from sod_gallery.pictures.encoding import encode_png
from sod_gallery.pictures.imaging import cutout, make_mask


def main() -> None:
    """Write OUT/<name>.png for every photo of the folder PHOTOS."""
    checkpoint, photos, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    runtime = choose()
    predictor = Predictor(resolve(checkpoint), runtime)

    def work(name: str) -> None:
        photo = load_photo(photos / name)
        mask = make_mask(predictor.predict_one(photo), photo.size)
        write_atomically(out / f"{name}.png", encode_png(cutout(photo, mask)))

    for _ in in_parallel(work, find_photos(photos), runtime.threads):
        pass


if __name__ == "__main__":
    main()
