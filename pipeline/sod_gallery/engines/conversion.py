"""Converts a checkpoint for engines other than torch; files are cached by the checkpoint's hash."""

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
"""Increased when the conversion changes, so that old cached files are no longer used."""


def cache_folder() -> Path:
    """Return the folder of the converted files.

    It is ``$XDG_CACHE_HOME/sod-gallery``, or ``~/.cache/sod-gallery`` if the variable is not set.
    """
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "sod-gallery"


class Conversion:
    """The converted files of one checkpoint; a file that is missing is made when it is needed.

    torch runs the network once to make the first file.  All methods raise CheckpointError if the
    weights cannot be used, and PipelineError if a file cannot be written.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._checkpoint = checkpoint
        key = (checkpoint.sha256, checkpoint.architecture, checkpoint.input_size, VERSION)
        self._stem = f"{checkpoint.name}-{hash_bytes(repr(key).encode())[:16]}"

    def graph(self) -> Path:
        """Return the path of the network as a float32 ONNX graph: see ``onnx_export``."""
        path = self._path(".onnx")
        if not path.is_file():
            self._record()
        return path

    def exact(self) -> Exact:
        """Return the nodes that must run in float32 when the others run in a lower precision."""
        path = self._path("-exact.json")
        if not path.is_file():
            self._record()
        return msgspec.json.decode(path.read_bytes(), type=Exact)

    def quantised_graph(self) -> Path:
        """Return the path of the network as an ONNX graph with 8-bit convolutions.

        Raises ConfigError if ONNX Runtime is not installed.
        """
        path = self._path("-int8.onnx")
        if not path.is_file():
            from .quantisation import quantise

            write_atomically(path, quantise(self.graph(), self._checkpoint, self.exact().nodes))
        return path

    def mixed_model(self) -> Path:
        """Return the path of the network in OpenVINO's format, with exact nodes marked.

        The weights are beside it, with the ending ``.bin``.
        """
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
        """Run the network on a sample photo; write the ONNX graph and the list of exact nodes."""
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
