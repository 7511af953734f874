"""The models of a build: resolved once, loaded when a first mask is needed, lent to all threads."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from sod_gallery.download import Progress
from sod_gallery.engines.runtime import Runtime
from sod_gallery.errors import ConfigError
from sod_gallery.files import HashCache
from sod_gallery.networks.checkpoints import Checkpoint, resolve
from sod_gallery.pictures import imaging
from sod_gallery.records import Model

if TYPE_CHECKING:
    from sod_gallery.engines.predictor import Predictor


class ModelPool:
    """Knows every model of a build by name and lends out the predictors."""

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
        self._predictors: dict[str, Predictor] = {}
        self._lock = threading.Lock()

    def model(self, name: str) -> Model:
        """Find the weights of a known name or a path, downloading them where needed.

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
        return Model(
            name=checkpoint.name,
            title=checkpoint.title,
            architecture=checkpoint.architecture,
            checkpoint=checkpoint.sha256,
            backend=self._runtime.backend,
            device=self._runtime.device,
            precision=self._runtime.precision,
            licence=checkpoint.licence,
            source=checkpoint.source,
        )

    def predict(self, model: Model, photo: Image.Image) -> Image.Image:
        """Return the photo's mask at its own size; called from several threads."""
        with self._lock:
            predictor = self._predictor(model)
        return imaging.quantise(predictor.predict_one(photo), photo.size)

    def _predictor(self, model: Model) -> Predictor:
        if model.name not in self._predictors:
            from sod_gallery.engines.predictor import (
                Predictor,  # torch takes seconds to import: only when needed
            )

            self._predictors[model.name] = Predictor(self._checkpoints[model.name], self._runtime)
        return self._predictors[model.name]
