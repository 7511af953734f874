"""Build the gallery: ``sod-gallery build`` for this checkout."""

import sys
from pathlib import Path

from sod_gallery.cli import main

if __name__ == "__main__":
    sys.exit(main(["build", *sys.argv[1:]], root=Path(__file__).resolve().parent.parent))
