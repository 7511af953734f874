"""Quantises the convolutions of a network to 8-bit integers.

The maps of a quantised network are visibly less exact; docs/speed.md compares speed and error with
other precisions.  The ranges of the features are measured on the sample photos, which every
installation has.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sod_gallery.errors import ConfigError
from sod_gallery.networks.preprocessing import prepare
from sod_gallery.networks.registry import Checkpoint
from sod_gallery.photos.datasets import sample_photos
from sod_gallery.photos.decoding import load_photo

Feed = dict[str, NDArray[np.float32]]
"""The input of a graph: a float32 array 1×3×S×S by the name of the input."""


class Samples:
    """ONNX Runtime's reader of calibration data: the sample photos, and each photo mirrored.

    Raises PhotoError if a sample photo cannot be decoded.
    """

    def __init__(self, checkpoint: Checkpoint, name: str) -> None:
        self._feeds: Iterator[Feed] = self._prepared(checkpoint, name)

    def _prepared(self, checkpoint: Checkpoint, name: str) -> Iterator[Feed]:
        for path in sample_photos().values():
            photo = np.asarray(load_photo(path))
            for pixels in (photo, photo[:, ::-1]):
                yield {name: prepare(pixels, checkpoint)[None]}

    def get_next(self) -> Feed | None:
        """Return the next input, or None at the end; ONNX Runtime calls this method."""
        return next(self._feeds, None)


def quantise(graph: Path, checkpoint: Checkpoint, exact: Sequence[str]) -> bytes:
    """Return an ONNX file with 8-bit convolutions, made from the float32 ONNX file ``graph``.

    Weights are int8 with a scale for each output channel, features uint8 with a scale for each
    tensor.  The nodes named in ``exact`` stay in float32.  Raises ConfigError if ONNX Runtime is
    not installed.
    """
    try:
        from onnxruntime.quantization import CalibrationMethod, QuantType, quantize_static
    except ImportError as error:
        raise ConfigError(
            "--precision int8 needs ONNX Runtime to convert the weights: pip install onnxruntime."
        ) from error
    from .onnx_export import INPUT

    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "int8.onnx"
        quantize_static(
            graph,
            result,
            Samples(checkpoint, INPUT),
            op_types_to_quantize=["Conv"],
            nodes_to_exclude=list(exact),
            per_channel=True,
            reduce_range=False,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
        )
        return result.read_bytes()
