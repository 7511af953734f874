"""Applies one checkpoint to upright photos: pixels in, saliency maps out.

Of the network's seven maps the fused one is kept and stretched to [0, 1], as the authors' test
script does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sod_gallery.networks.checkpoints import Checkpoint
from sod_gallery.networks.preprocessing import prepare

from .batching import Batcher
from .runtime import REFERENCE, Runtime

SaliencyMap = NDArray[np.float32]
FLAT = 1e-6
"""A map whose values span less than this holds no object: stretching it would only show noise."""


class Engine(Protocol):
    """A network ready to run."""

    batch: int
    """How many photos it takes at once, at best."""

    def fused(self, photos: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the fused map in [0, 1] of each of N×3×S×S prepared photos, as N×S×S."""


class Predictor:
    """One checkpoint in one engine; may be used by several threads."""

    def __init__(self, checkpoint: Checkpoint, runtime: Runtime = REFERENCE) -> None:
        """Load the weights; raises CheckpointError where they cannot be used, ConfigError where the
        engine cannot."""
        self._checkpoint = checkpoint
        self._engine = start(checkpoint, runtime)
        self._batcher = Batcher(self._engine.fused, self._engine.batch)

    def predict(self, photos: Sequence[Image.Image]) -> list[SaliencyMap]:
        """Return one float32 map in [0, 1] for each upright RGB photo.

        Maps have the network's input size (320×320 for the published weights): bringing them to the
        photo's size is part of making the mask.
        """
        prepared = np.stack([self._prepared(photo) for photo in photos])
        return [stretch(saliency) for saliency in self._engine.fused(prepared)]

    def predict_one(self, photo: Image.Image) -> SaliencyMap:
        """Return a photo's map as ``predict`` does; photos of several threads share a batch."""
        return stretch(self._batcher(self._prepared(photo)))

    def _prepared(self, photo: Image.Image) -> NDArray[np.float32]:
        return prepare(np.asarray(photo), self._checkpoint)


def start(checkpoint: Checkpoint, runtime: Runtime) -> Engine:
    """Start an engine; only its own package is imported, and torch where it is needed."""
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


def stretch(saliency: NDArray[np.float32]) -> SaliencyMap:
    """Stretch a map to [0, 1] by its own least and greatest value; a flat one becomes all zero."""
    low, high = saliency.min(), saliency.max()
    if not high - low > FLAT:
        return np.zeros_like(saliency)
    return np.asarray((saliency - low) / (high - low), np.float32)
