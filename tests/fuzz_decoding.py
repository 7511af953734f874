"""Fuzzes the gate through which strangers' files come in: ``python tests/fuzz_decoding.py FOLDER``.

FOLDER keeps the inputs that reach new code; it begins with one whole file of each form.  Other
arguments are those of libFuzzer, such as ``-max_total_time=3600`` and ``-seed=13``.  What counts as
new is our own code: the codecs are compiled without instrumentation.  An error that is no
PhotoError is a finding, and so are a crash, a hang and 2 GB of memory.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris
from hostile_files import whole

with atheris.instrument_imports(include=["sod_gallery.photos"], enable_loader_override=False):
    from sod_gallery.errors import PhotoError
    from sod_gallery.photos.decoding import decode_photo, photo_size

MOST_PIXELS = 1_000_000
"""Larger pictures are measured only, so that a run tries many files."""


def read(content: bytes) -> None:
    """Read a file as a worker does; any error but PhotoError is a finding."""
    FILE.write_bytes(content)
    try:
        width, height = photo_size(FILE)
        if width * height <= MOST_PIXELS:
            decode_photo(FILE)
    except PhotoError:
        pass


if __name__ == "__main__":
    corpus = Path(sys.argv[1])
    corpus.mkdir(parents=True, exist_ok=True)
    for name, whole_file in whole().items():
        (corpus / name).write_bytes(whole_file)
    with tempfile.TemporaryDirectory() as folder:
        FILE = Path(folder) / "photo"
        atheris.Setup([sys.argv[0], str(corpus), *sys.argv[2:]], read)
        atheris.Fuzz()
