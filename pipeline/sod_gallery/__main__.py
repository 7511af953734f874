"""Lets ``python -m sod_gallery`` be the console command."""

import sys

from .cli import main

sys.exit(main())
