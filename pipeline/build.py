"""Build the gallery: the same as the console command ``sod-gallery``, for this checkout."""

import sys
from pathlib import Path

from sod_gallery.cli import main

if __name__ == "__main__":
    sys.exit(main(root=Path(__file__).resolve().parent.parent))
