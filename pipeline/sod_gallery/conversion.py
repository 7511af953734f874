"""Checkpoints as ONNX graphs, converted once and kept by their hash."""

from __future__ import annotations

import os
from pathlib import Path

from .checkpoints import Checkpoint
from .steps import hash_bytes, write_atomically

VERSION = 1
"""Changes when the same checkpoint is converted to another graph."""


def cache_folder() -> Path:
    """Return where graphs are kept: ``$XDG_CACHE_HOME/sod-gallery``, else ``~/.cache/…``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "sod-gallery"


def graph_of(checkpoint: Checkpoint, *, quantised: bool = False) -> Path:
    """Return the checkpoint's ONNX graph, with 8-bit convolutions where ``quantised``.

    torch is imported when the graph is not there yet, and at no other time.  Raises CheckpointError
    where the weights cannot be used, PipelineError where the graph cannot be kept.
    """
    key = (checkpoint.sha256, checkpoint.architecture, checkpoint.input_size, VERSION)
    name = f"{checkpoint.name}-{hash_bytes(repr(key).encode())[:16]}"
    path = cache_folder() / f"{name}.onnx"
    if not path.is_file():
        from .export import onnx_model
        from .weights import fold, load_network

        network = load_network(checkpoint)
        fold(network)
        write_atomically(path, onnx_model(network, checkpoint.input_size).SerializeToString())
    if not quantised:
        return path
    small = cache_folder() / f"{name}-int8.onnx"
    if not small.is_file():
        from .quantisation import quantise

        write_atomically(small, quantise(path, checkpoint))
    return small
