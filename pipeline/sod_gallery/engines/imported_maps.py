"""The engine of methods that others ran: reads the maps that they published."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sod_gallery.photos import workers
from sod_gallery.photos.maps import Levels
from sod_gallery.records import Provenance

IMPORTED = "maps"
"""The backend of results that were made of published maps."""


@dataclass(frozen=True)
class ImportedMap:
    """A published map, as its file holds it."""

    levels: Levels
    peak: float
    """Greatest value, in [0, 1]."""
    notes: tuple[str, ...]
    """What is odd about the file."""


def import_map(path: Path) -> ImportedMap:
    """Read a published map; raises PhotoError where the file holds none."""
    decoded = workers.decode("map", path, workers.measure(path, "map"))
    levels = np.asarray(decoded.picture)
    return ImportedMap(levels, float(levels.max()) / 255, decoded.notes)


def provenance_of_map(method: str, sha256: str) -> Provenance:
    """Return what a result states that was made of the published map with this hash."""
    return Provenance(
        method=method, checkpoint_sha256=sha256, backend=IMPORTED, device="", precision=""
    )
