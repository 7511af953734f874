"""Applies one checkpoint to upright photos: pixels in, saliency maps out.

Of the seven maps of U²-Net only the fused one, d0, is kept.  It is normalised to [0, 1] by its
least and greatest value, as in the authors' test script (``normPRED`` in xuebinqin/U-2-Net).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sod_gallery.errors import PhotoError
from sod_gallery.networks.preprocessing import prepare
from sod_gallery.networks.registry import Checkpoint

from .batching import Batcher
from .engine import Engine
from .guarded import GuardedEngine
from .runtime import REFERENCE, Runtime

SaliencyMap = NDArray[np.float32]
"""S×S values in [0, 1], S being the checkpoint's input size: 320 for the published weights."""
FLAT = 1e-6
"""A map whose values differ by no more than this holds no object: it becomes all zero, where a
normalised one would show noise."""
MOST_LOADED = 4
"""Networks that a process keeps loaded for ``shared_predictor``."""


@dataclass(frozen=True)
class Prediction:
    """What a network computed of one photo."""

    saliency: SaliencyMap
    """Normalised to [0, 1]."""
    peak: float
    """Greatest value of the fused map before it was normalised, in [0, 1]."""
    batch: int = 1
    """Photos in a batch of the network: less than was asked for where memory ran out."""


class Predictor:
    """One checkpoint in one engine; several threads may use it at once."""

    def __init__(self, checkpoint: Checkpoint, runtime: Runtime = REFERENCE) -> None:
        """Load the weights.

        Raises CheckpointError where the weights cannot be used, ConfigError or EngineError where
        the engine cannot run here.
        """
        self._checkpoint, self._runtime = checkpoint, runtime
        self._engine = GuardedEngine(
            lambda: start_engine(checkpoint, runtime), checkpoint.name, runtime
        )
        self._alone = threading.Lock()
        self._batcher = Batcher(self._engine.predict_batch, self._engine.batch)

    def predict(self, photos: Sequence[Image.Image]) -> list[SaliencyMap]:
        """Return the saliency map of each upright RGB photo.

        Maps have the network's input size: ``imaging.make_mask`` brings them to the photo's size.
        """
        prepared = np.stack([self._prepared(photo) for photo in photos])
        maps = self._engine.predict_batch(prepared)
        return [normalise_min_max(self._checked(saliency)) for saliency in maps]

    def predict_one(self, photo: Image.Image) -> SaliencyMap:
        """Return a photo's map as ``predict`` does; photos of several threads share a batch."""
        return self.predict_with_peak(photo).saliency

    def predict_with_peak(self, photo: Image.Image) -> Prediction:
        """Return a photo's map, and how high it was before it was normalised.

        Raises PhotoError where the map holds values that are not finite, EngineError where the
        engine fails.
        """
        fused = self._checked(self._batcher(self._prepared(photo)))
        return Prediction(normalise_min_max(fused), float(fused.max()), self._engine.batch)

    def _checked(self, fused: SaliencyMap) -> SaliencyMap:
        if not np.isfinite(fused).all():
            raise PhotoError(
                f"the map of the model {self._checkpoint.name} holds values that are not finite "
                f"({self._runtime}). Try --precision fp32."
            )
        return fused

    def predict_all(self, photo: Image.Image) -> NDArray[np.float32]:
        """Return the fused map and the six side outputs, 7×S×S in [0, 1], not normalised.

        Only torch gives them: raises ConfigError for another engine.
        """
        with self._alone:
            maps = self._engine.predict_sides(self._prepared(photo)[None])
        return self._checked(np.asarray(maps[0], np.float32))

    def _prepared(self, photo: Image.Image) -> NDArray[np.float32]:
        return prepare(np.asarray(photo), self._checkpoint)


_loading = threading.Lock()


def shared_predictor(checkpoint: Checkpoint, runtime: Runtime) -> Predictor:
    """Return the predictor of a checkpoint that all threads of this process share.

    It is loaded at the first call; the MOST_LOADED used last stay loaded.  Raises what Predictor
    raises.
    """
    with _loading:
        return _loaded(checkpoint, runtime)


@lru_cache(MOST_LOADED)
def _loaded(checkpoint: Checkpoint, runtime: Runtime) -> Predictor:
    return Predictor(checkpoint, runtime)


def unload_predictors() -> None:
    """Release the networks that ``shared_predictor`` keeps loaded."""
    _loaded.cache_clear()


def start_engine(checkpoint: Checkpoint, runtime: Runtime) -> Engine:
    """Start an engine.  Only its own package is imported, and torch only where it is needed."""
    if runtime.backend == "torch":
        from .torch_engine import TorchEngine

        return TorchEngine(checkpoint, runtime)
    from .conversion import Conversion
    from .graph_engines import OnnxRuntimeEngine, OpenVinoEngine

    conversion = Conversion(checkpoint)
    if runtime.precision == "bf16":
        description, weights = conversion.mixed_model()
        return OpenVinoEngine(description, runtime.precision, weights)
    graph = conversion.quantised_graph() if runtime.precision == "int8" else conversion.graph()
    if runtime.backend == "openvino":
        return OpenVinoEngine(graph, runtime.precision)
    return OnnxRuntimeEngine(graph)


def normalise_min_max(saliency: NDArray[np.float32]) -> SaliencyMap:
    """Scale a map linearly so that its least value is 0 and its greatest 1.

    A flat map, whose values differ by FLAT at most, becomes all zero.
    """
    low, high = saliency.min(), saliency.max()
    if not high - low > FLAT:
        return np.zeros_like(saliency)
    return np.asarray((saliency - low) / (high - low), np.float32)
