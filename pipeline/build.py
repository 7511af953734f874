"""Build the gallery: ``sod-gallery build`` for this checkout."""

import sys
from pathlib import Path

from sod_gallery.__main__ import run

if __name__ == "__main__":
    run(["build", *sys.argv[1:]], root=Path(__file__).resolve().parent.parent)
