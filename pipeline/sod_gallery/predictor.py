"""Applies one checkpoint to upright photos: pixels in, saliency maps out.

The order of the pre-processing is that of the authors' test script: squash to a square, divide by
the picture's own maximum, normalise; of the seven maps the fused one is kept and stretched to
[0, 1].  Their results were made without anti-aliasing, so none is done here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .batching import Batcher
from .checkpoints import Checkpoint
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
        self._engine = _engine(checkpoint, runtime)
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


def _engine(checkpoint: Checkpoint, runtime: Runtime) -> Engine:
    """Start an engine; only its own package is imported, and torch where it is needed."""
    if runtime.backend == "torch":
        from .torch_engine import TorchEngine

        return TorchEngine(checkpoint, runtime)
    from .conversion import graph_of
    from .onnx_engines import OnnxRuntimeEngine, OpenVinoEngine

    graph = graph_of(checkpoint, quantised=runtime.precision == "int8")
    if runtime.backend == "openvino":
        return OpenVinoEngine(graph, runtime.precision)
    return OnnxRuntimeEngine(graph)


def prepare(photo: NDArray[np.uint8], checkpoint: Checkpoint) -> NDArray[np.float32]:
    """Turn an H×W×3 photo into the network's 3×S×S input."""
    pixels = sample_bilinear(photo, checkpoint.input_size) / np.float32(255)
    pixels /= max(pixels.max(), np.float32(FLAT))
    mean = np.asarray(checkpoint.mean, np.float32)
    std = np.asarray(checkpoint.std, np.float32)
    return np.ascontiguousarray(((pixels - mean) / std).transpose(2, 0, 1))


def sample_bilinear(photo: NDArray[np.uint8], size: int) -> NDArray[np.float32]:
    """Sample H×W×3 bytes at size×size pixel centres, reading four neighbours each and no more.

    The same as ``interpolate(mode="bilinear", align_corners=False, antialias=False)``, but only the
    pixels that count are converted, which for a large photo is a hundredth of them.
    """
    top, bottom, down = _neighbours(photo.shape[0], size)
    left, right, across = _neighbours(photo.shape[1], size)
    down, across = down[:, None, None], across[:, None]
    upper, lower = photo[top], photo[bottom]
    rows = [row[:, left] * (1 - across) + row[:, right] * across for row in (upper, lower)]
    return np.asarray(rows[0] * (1 - down) + rows[1] * down, np.float32)


def _neighbours(
    length: int, size: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
    """Return for each of ``size`` samples of a line its two pixels and the share of the second."""
    centre = (np.arange(size, dtype=np.float64) + 0.5) * (length / size) - 0.5
    centre = centre.clip(0, length - 1)
    first = centre.astype(np.intp)
    return first, np.minimum(first + 1, length - 1), (centre - first).astype(np.float32)


def stretch(saliency: NDArray[np.float32]) -> SaliencyMap:
    """Stretch a map to [0, 1] by its own least and greatest value; a flat one becomes all zero."""
    low, high = saliency.min(), saliency.max()
    if not high - low > FLAT:
        return np.zeros_like(saliency)
    return np.asarray((saliency - low) / (high - low), np.float32)
