"""Applies one checkpoint to upright photos: pixels in, saliency maps out.

Of the seven maps of U²-Net only the fused one, d0, is kept.  It is normalised to [0, 1] by its
least and greatest value, as in the authors' test script (``normPRED`` in xuebinqin/U-2-Net).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sod_gallery.errors import ConfigError
from sod_gallery.networks.preprocessing import prepare
from sod_gallery.networks.registry import Checkpoint

from .batching import Batcher
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


class Engine(Protocol):
    """A network that is ready to run.  One call at a time."""

    batch: int
    """The number of photos that it takes at once, at best."""

    def predict_batch(self, photos: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the fused map of each photo, before normalisation.

        Photos are N×3×S×S, as ``preprocessing.prepare`` makes them; maps are N×S×S in [0, 1].
        """


@runtime_checkable
class WithSides(Protocol):
    """An engine that gives the side outputs too."""

    def predict_sides(self, photos: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the fused map and the six side outputs of each photo: N×7×S×S in [0, 1]."""


class Predictor:
    """One checkpoint in one engine; several threads may use it at once."""

    def __init__(self, checkpoint: Checkpoint, runtime: Runtime = REFERENCE) -> None:
        """Load the weights.

        Raises CheckpointError where the weights cannot be used, ConfigError where the engine cannot
        run here.
        """
        self._checkpoint = checkpoint
        self._engine = start_engine(checkpoint, runtime)
        self._alone = threading.Lock()
        self._batcher = Batcher(self._engine.predict_batch, self._engine.batch)

    def predict(self, photos: Sequence[Image.Image]) -> list[SaliencyMap]:
        """Return the saliency map of each upright RGB photo.

        Maps have the network's input size: ``imaging.make_mask`` brings them to the photo's size.
        """
        prepared = np.stack([self._prepared(photo) for photo in photos])
        return [normalise_min_max(saliency) for saliency in self._engine.predict_batch(prepared)]

    def predict_one(self, photo: Image.Image) -> SaliencyMap:
        """Return a photo's map as ``predict`` does; photos of several threads share a batch."""
        return self.predict_with_peak(photo).saliency

    def predict_with_peak(self, photo: Image.Image) -> Prediction:
        """Return a photo's map, and how high it was before it was normalised."""
        fused = self._batcher(self._prepared(photo))
        return Prediction(normalise_min_max(fused), float(fused.max()))

    def predict_all(self, photo: Image.Image) -> NDArray[np.float32]:
        """Return the fused map and the six side outputs, 7×S×S in [0, 1], not normalised.

        Only torch gives them: raises ConfigError for another engine.
        """
        if not isinstance(self._engine, WithSides):
            raise ConfigError("side outputs need the engine torch: build with --backend torch.")
        with self._alone:
            maps = self._engine.predict_sides(self._prepared(photo)[None])
        return np.asarray(maps[0], np.float32)

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
        return OpenVinoEngine(conversion.mixed_model(), runtime.precision)
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
