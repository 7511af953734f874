"""Addresses of the files that are published, which hold no name that a slug can stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from sod_gallery import places
from sod_gallery.manifest import Output
from sod_gallery.photos.names import dataset_slugs
from sod_gallery.records import ImageFile

PLAIN_PATH = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
"""Paths that mean the same on every system, in every address and in every shell."""
COMPANIONS = {"test": "original", "reference": "reference", "gt": "truth"}
"""What people put into folders of a dataset, and what a copy of it is called (``places``)."""


class Addresses:
    """Gives out the addresses of a gallery, and remembers which files are published elsewhere."""

    def __init__(self, datasets: Iterable[str]) -> None:
        self.slugs = dataset_slugs(datasets)
        """By the dataset's name."""
        self.moved: dict[str, str] = {}
        """Paths below the site's root by the address, where the two differ."""

    def of(self, dataset: str, slug: str) -> PhotoAddresses:
        """Return the addresses of a photo's files."""
        return PhotoAddresses(
            folder=places.web(dataset, slug),
            raw=f"{places.RAW}/{dataset}",
            slug=slug,
            published=places.web(self.slugs[dataset], slug),
            moved=self.moved,
        )


@dataclass(frozen=True)
class PhotoAddresses:
    """Gives out the addresses of a photo's files, given by their paths below the site's root."""

    folder: str
    """Of the web images."""
    raw: str
    """Folder of the dataset."""
    slug: str
    published: str
    """Folder of what has another address than its path."""
    moved: dict[str, str]
    """See ``Addresses``."""

    def src(self, path: str) -> str:
        """Return the address of a file: its path, where that is plain."""
        if PLAIN_PATH.fullmatch(path):
            return f"/{path}"
        address = places.address(f"{self.published}/{self._name(path)}")
        self.moved[address] = path
        return address

    def _name(self, path: str) -> str:
        if path.startswith(f"{self.folder}/"):
            return path.removeprefix(f"{self.folder}/")
        kind = path.removeprefix(f"{self.raw}/").partition("/")[0]
        extension = PurePosixPath(path).suffix.lower()
        return f"{COMPANIONS.get(kind) or f'{kind}/{self.slug}'}{extension}"

    def image(self, output: Output) -> ImageFile:
        """Return a picture as the site reads it."""
        return ImageFile(
            src=self.src(output.path),
            width=output.width,
            height=output.height,
            bytes=output.bytes,
        )

    def images(self, outputs: Iterable[Output]) -> list[ImageFile]:
        """Return pictures as the site reads them."""
        return [self.image(output) for output in outputs]
