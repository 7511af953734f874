"""What becomes of a step whose key is known: made, kept because it is fresh, or looked at."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from sod_gallery import places
from sod_gallery.errors import PhotoError
from sod_gallery.files import HashCache, Made, Output, hash_bytes, write_atomically
from sod_gallery.manifest import PhotoRecord, StepRecord

from .recipe import Product


def stale_because(known: StepRecord | None, key: str, root: Path, hashes: HashCache) -> str | None:
    """Tell why a step must be done, or return none where its key and its files still match."""
    if known is None:
        return "not built yet"
    if known.key != key:
        return "the photo, the model, a setting or the step itself changed"
    for output in known.outputs:
        path = root / output.path
        if not hashes.matches(path, output.sha256):
            return f"{output.path} was altered" if path.exists() else f"{output.path} is missing"
    return None


class Maker:
    """Does the steps of one photo that are not fresh."""

    def __init__(
        self,
        root: Path,
        previous: PhotoRecord | None,
        hashes: HashCache,
        *,
        ours: Collection[str],
        announce: Callable[[list[str]], None],
        force: bool,
    ) -> None:
        """``ours``: what builds wrote; ``announce`` is told of files before they are written."""
        self.root = root
        self.made: list[str] = []
        self._known = previous.steps if previous else {}
        self._hashes, self._ours, self._announce, self._force = hashes, ours, announce, force

    def ensure(self, label: str, key: str, make: Callable[[], Product]) -> StepRecord:
        """Return the step's record, doing the step where needed; see recipe.Workshop."""
        known = self._known.get(label)
        stale = stale_because(known, key, self.root, self._hashes)
        if known and not stale and not self._force:
            return known
        product = make()
        self._protect(product)
        self._announce([file.path for file in product.files])
        outputs = [self._write(file) for file in product.files]
        self.made.append(label)
        return StepRecord(key=key, outputs=outputs, findings=product.findings)

    def _protect(self, product: Product) -> None:
        """Refuse to overwrite, among the photos, what no build wrote: people keep files there."""
        for file in product.files:
            foreign = file.path.startswith(places.RAW) and file.path not in self._ours
            path = self.root / file.path
            if foreign and not self._force and path.exists():
                if self._hashes.matches(path, hash_bytes(file.content)):
                    continue
                raise PhotoError(
                    f"{path}: is there already and no build wrote it. Move it away (published "
                    "results to compare with belong into `reference/`), or overwrite with --force."
                )

    def _write(self, file: Made) -> Output:
        path, sha256 = self.root / file.path, hash_bytes(file.content)
        write_atomically(path, file.content)
        self._hashes.remember(path, sha256)
        return Output(
            path=file.path,
            sha256=sha256,
            bytes=len(file.content),
            width=file.width,
            height=file.height,
        )


class Inspector:
    """Looks at the steps of one photo and makes nothing."""

    def __init__(self, root: Path, previous: PhotoRecord | None, hashes: HashCache) -> None:
        self.root = root
        self.findings: dict[str, str | None] = {}
        """By step: why it must be done, or none where it is fresh."""
        self._known = previous.steps if previous else {}
        self._hashes = hashes

    def ensure(self, label: str, key: str, make: Callable[[], Product]) -> StepRecord:  # noqa: ARG002
        """Note the step's state and return its last record; see recipe.Workshop."""
        known = self._known.get(label)
        self.findings[label] = stale_because(known, key, self.root, self._hashes)
        return known or StepRecord(key=key, outputs=[])
