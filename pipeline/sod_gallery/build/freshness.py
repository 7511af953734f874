"""What becomes of a step whose key is known: run, kept because it is fresh, or looked at."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from pathlib import Path

from sod_gallery.errors import Interrupted, PhotoError
from sod_gallery.files import FileHashes, hash_bytes, write_atomically
from sod_gallery.manifest import Output, PhotoRecord, StepRecord

from .steps import EncodedImage, Product


def stale_because(known: StepRecord | None, key: str, root: Path, hashes: FileHashes) -> str | None:
    """Return why a step must run, or none where its key and its files still match."""
    if known is None:
        return "not built yet"
    if known.key != key:
        return "the photo, the model, a setting or the step itself changed"
    for output in known.outputs:
        path = root / output.path
        if not hashes.matches(path, output.sha256):
            return f"{output.path} was altered" if path.exists() else f"{output.path} is missing"
    return None


class CachedRunner:
    """Runs the steps of one photo that are not fresh."""

    def __init__(
        self,
        root: Path,
        previous: PhotoRecord | None,
        hashes: FileHashes,
        *,
        foreign: Collection[str],
        force: bool,
        stopped: threading.Event | None = None,
    ) -> None:
        """``foreign``: files at the places of cut-outs that no build wrote.  ``stopped``: set when
        nothing more may be written.
        """
        self.root = root
        self.labels_run: list[str] = []
        self._known = previous.steps if previous else {}
        self._hashes, self._foreign, self._force = hashes, foreign, force
        self._stopped = stopped

    def ensure(self, label: str, key: str, make: Callable[[], Product]) -> StepRecord:
        """Return the step's record, running the step where needed; see recipe.StepRunner."""
        known = self._known.get(label)
        stale = stale_because(known, key, self.root, self._hashes)
        if known and not stale and not self._force:
            return known
        self._check_not_stopped()
        product = make()
        self._refuse_to_overwrite(product)
        outputs = [self._write(file) for file in product.files]
        self.labels_run.append(label)
        return StepRecord(
            key=key,
            outputs=outputs,
            findings=product.findings,
            provenance=product.provenance,
            notes=list(product.notes),
            figures=product.figures,
        )

    def _refuse_to_overwrite(self, product: Product) -> None:
        """Raise PhotoError where people keep another file at the place of a cut-out."""
        for file in product.files:
            if file.path not in self._foreign or self._force:
                continue
            path = self.root / file.path
            if not self._hashes.matches(path, hash_bytes(file.content)):
                raise PhotoError(
                    f"{path}: is there already and no build wrote it. Move it away (published "
                    "results to compare with belong into `reference/`), or overwrite with --force."
                )

    def _check_not_stopped(self) -> None:
        if self._stopped is not None and self._stopped.is_set():
            raise Interrupted

    def _write(self, file: EncodedImage) -> Output:
        self._check_not_stopped()
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


class DryRun:
    """Looks at the steps of one photo and runs none."""

    def __init__(self, root: Path, previous: PhotoRecord | None, hashes: FileHashes) -> None:
        self.root = root
        self.reasons: dict[str, str | None] = {}
        """By step: why it must run, or none where it is fresh."""
        self._known = previous.steps if previous else {}
        self._hashes = hashes

    def ensure(self, label: str, key: str, make: Callable[[], Product]) -> StepRecord:  # noqa: ARG002
        """Note the step's state and return its last record; see recipe.StepRunner."""
        known = self._known.get(label)
        self.reasons[label] = stale_because(known, key, self.root, self._hashes)
        return known or StepRecord(key=key, outputs=[])
