"""The files that engines other than torch need of a checkpoint: made once, kept by its hash."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import numpy as np

from sod_gallery.files import hash_bytes, write_atomically
from sod_gallery.networks.preprocessing import prepare
from sod_gallery.networks.registry import Checkpoint
from sod_gallery.photos.datasets import sample_photos
from sod_gallery.photos.decoding import load_photo

from .runtime import Exact

VERSION = 2
"""Changes when the same checkpoint would give other files."""


def cache_folder() -> Path:
    """Return where the files are kept: ``$XDG_CACHE_HOME/sod-gallery``, else ``~/.cache/…``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "sod-gallery"


class Conversion:
    """The files of one checkpoint; where one is missing, torch runs the network once to make it.

    All methods raise CheckpointError where the weights cannot be used, and PipelineError where a
    file cannot be written.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._checkpoint = checkpoint
        key = (checkpoint.sha256, checkpoint.architecture, checkpoint.input_size, VERSION)
        self._stem = f"{checkpoint.name}-{hash_bytes(repr(key).encode())[:16]}"

    def graph(self) -> Path:
        """Return the network as an ONNX graph."""
        path = self._path(".onnx")
        if not path.is_file():
            self._record()
        return path

    def exact(self) -> Exact:
        """Return what has to be computed in float32 where the rest is not."""
        path = self._path("-exact.json")
        if not path.is_file():
            self._record()
        return msgspec.json.decode(path.read_bytes(), type=Exact)

    def quantised_graph(self) -> Path:
        """Return the network as an ONNX graph with 8-bit convolutions."""
        path = self._path("-int8.onnx")
        if not path.is_file():
            from .quantisation import quantise

            write_atomically(path, quantise(self.graph(), self._checkpoint, self.exact().nodes))
        return path

    def mixed_model(self) -> Path:
        """Return the network as OpenVINO's model, in which exact nodes are marked."""
        path = self._path("-mixed.xml")
        if not path.is_file():
            from .openvino_model import marked

            description, weights = marked(self.graph(), self.exact().nodes)
            write_atomically(path.with_suffix(".bin"), weights)
            write_atomically(path, description)
        return path

    def _path(self, ending: str) -> Path:
        return cache_folder() / f"{self._stem}{ending}"

    def _record(self) -> None:
        """Run the network on a sample photo and write the files that follow from it."""
        from sod_gallery.networks.weights import fold, load_network

        from .onnx_export import record

        network = load_network(self._checkpoint)
        fold(network)
        sample, *_ = sample_photos().values()
        photo = prepare(np.asarray(load_photo(sample)), self._checkpoint)
        recording = record(network, photo)
        model = recording.model(self._checkpoint.architecture, self._checkpoint.input_size)
        write_atomically(self._path("-exact.json"), msgspec.json.encode(recording.exact()))
        write_atomically(self._path(".onnx"), model.SerializeToString())
