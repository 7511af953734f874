"""One photo to be made: where it lies, where its results go, and what of it becomes public."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sod_gallery import places
from sod_gallery.config import Originals
from sod_gallery.photos.metadata import can_be_stripped
from sod_gallery.photos.names import shown_by_browsers


@dataclass(frozen=True)
class Job:
    """One photo to be made: where it lies and where its results go."""

    dataset: str
    name: str
    slug: str
    path: Path
    in_site: bool
    """The photo lies in the site's own folders, in a file that browsers show by its name."""
    originals: Originals = False
    """Whether the photo's own file is published."""
    published: bool = False
    """It is published where it lies, else from a copy."""

    @property
    def shows_original(self) -> bool:
        """What is published of the photo's own file, if anything, is a file that browsers show."""
        if not self.originals or not shown_by_browsers(self.name):
            return False
        return self.originals is True or can_be_stripped(self.path)

    @property
    def folder(self) -> str:
        """Folder of the web images, below the site's root."""
        return places.web(self.dataset, self.slug)

    def mask_path(self, method: str) -> str:
        """Path of the mask, below the site's root."""
        return f"{self.folder}/{method}/mask.png"

    def cutout_path(self, method: str) -> str:
        """Path of the full-size cut-out, below the site's root.

        It has the photo's name, or its slug where the name leaves no room for ``.png``, and
        where a folder of photos is called like the cut-out of a photo beside it.
        """
        path = places.cutout(self.dataset, method, self.name)
        is_too_long = len(os.fsencode(PurePosixPath(path).name)) > places.LONGEST_NAME
        folders = PurePosixPath(self.name).parent.parts
        if is_too_long or any(folder.lower().endswith(".png") for folder in folders):
            return places.cutout(self.dataset, method, self.slug)
        return path
