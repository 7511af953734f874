"""Runs a network in OpenVINO or ONNX Runtime, from the graph that ``onnx_export`` wrote."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .hardware import processor

Maps = NDArray[np.float32]


class OpenVinoEngine:
    """Fastest on processors with bfloat16; starts in a fraction of torch's time."""

    batch = 1

    def __init__(self, graph: Path, precision: str, weights: Path | None = None) -> None:
        """Compile the graph for this processor, all of whose cores share a photo.

        ``weights`` belong to a graph in OpenVINO's own format.
        """
        import openvino

        options = {
            "INFERENCE_PRECISION_HINT": "bf16" if precision == "bf16" else "f32",
            "INFERENCE_NUM_THREADS": processor().cores,
            "NUM_STREAMS": 1,
            "ENABLE_CPU_PINNING": False,
        }
        core = openvino.Core()
        self.model = core.compile_model(core.read_model(graph, weights or ""), "CPU", options)

    def predict_batch(self, photos: NDArray[np.float32]) -> Maps:
        """Return fused maps; see engine.Engine."""
        request = self.model.create_infer_request()
        return np.stack([request.infer([photo[None]])[0][0, 0] for photo in photos])


class OnnxRuntimeEngine:
    """Fastest on processors without bfloat16."""

    batch = 1

    def __init__(self, graph: Path) -> None:
        """Load the graph; all cores share a photo."""
        import onnxruntime

        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = processor().cores
        self._session = onnxruntime.InferenceSession(
            graph, options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name

    def predict_batch(self, photos: NDArray[np.float32]) -> Maps:
        """Return fused maps; see engine.Engine."""
        return np.stack(
            [self._session.run(None, {self._input: photo[None]})[0][0, 0] for photo in photos]
        )
