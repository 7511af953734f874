"""How a build ended."""

from __future__ import annotations

import msgspec

from sod_gallery.records import Failure


class Summary(msgspec.Struct, kw_only=True):
    """How a build ended; lists hold ``<dataset>/<photo>``."""

    built: list[str] = []
    fresh: list[str] = []
    removed: list[str] = []
    failed: list[Failure] = []
    skipped: list[Failure] = []
    """Files that are not photos; ``<dataset>/*.txt`` stands for several."""
    seconds: float = 0.0
