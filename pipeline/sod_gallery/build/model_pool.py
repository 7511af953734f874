"""The models of a build: found by their names, each once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from sod_gallery.download import Progress
from sod_gallery.engines.runtime import Runtime
from sod_gallery.errors import CheckpointError, ConfigError
from sod_gallery.files import HashCache
from sod_gallery.networks.checkpoints import is_at_home, resolve
from sod_gallery.networks.registry import Checkpoint
from sod_gallery.records import Method, Provenance


class ModelPool:
    """Finds checkpoints by name and keeps those that it has found."""

    def __init__(
        self,
        runtime: Runtime,
        weights_dir: Path | None,
        hashes: HashCache,
        progress: Progress,
        *,
        offline: bool,
    ) -> None:
        self._runtime = runtime
        self._weights_dir, self._hashes = weights_dir, hashes
        self._progress, self._offline = progress, offline
        self._checkpoints: dict[str, Checkpoint] = {}

    def find(self, name: str) -> Provenance:
        """Find the weights of a known name or a path, downloading them where needed.

        Returns what results will state.
        Raises CheckpointError where they cannot be had, ConfigError where two models would share
        a folder.
        """
        checkpoint = resolve(
            name,
            weights_dir=self._weights_dir,
            offline=self._offline,
            hash_file=self._hashes.hash,
            progress=self._progress,
        )
        known = self._checkpoints.setdefault(checkpoint.name, checkpoint)
        if known.sha256 != checkpoint.sha256:
            raise ConfigError(
                f"{name}: another model of this build is called {checkpoint.name} too. "
                "Rename the weights file: results are kept under its name."
            )
        return provenance_of(checkpoint, self._runtime)

    def find_all(self, names: Sequence[str], *, chosen_for: str) -> list[Provenance]:
        """Find several models, see ``find``; ``chosen_for``: the gallery that an earlier build
        chose them for, or empty.
        """
        try:
            return [self.find(name) for name in names]
        except CheckpointError as error:
            if not chosen_for:
                raise
            raise CheckpointError(
                f"{error} The gallery {chosen_for} was last built with --model "
                f"{' --model '.join(names)}; give it another --model."
            ) from error

    def checkpoint(self, method: str) -> Checkpoint:
        """Return the checkpoint of a method that this pool has found."""
        return self._checkpoints[method]

    def lasting_name(self, method: str) -> str:
        """Return what finds a method's checkpoint again from any folder and without options.

        It is a known name, or the full path of a file that lies elsewhere than known ones do.
        """
        found = self._checkpoints[method]
        full_path = found.path.parent.resolve() / found.path.name
        return found.name if is_at_home(found) else str(full_path)

    def method(self, method: str) -> Method:
        """Return what the site states of a method that this pool has found."""
        return method_of(self._checkpoints[method])


def provenance_of(checkpoint: Checkpoint, runtime: Runtime) -> Provenance:
    """Return what results of a checkpoint state when it runs in an engine."""
    return Provenance(
        method=checkpoint.name,
        checkpoint_sha256=checkpoint.sha256,
        backend=runtime.backend,
        device=runtime.device,
        precision=runtime.precision,
        batch=runtime.batch,
    )


def method_of(checkpoint: Checkpoint) -> Method:
    """Return what the site states of a checkpoint."""
    return msgspec.convert(checkpoint, Method, from_attributes=True)
