"""Converts a checkpoint for engines other than torch; files are cached by the checkpoint's hash."""

from __future__ import annotations

import logging
import os
import tempfile
from functools import cache
from pathlib import Path

import msgspec
import numpy as np

from sod_gallery.errors import PipelineError
from sod_gallery.files import hash_bytes, hash_file, remove_leftovers, write_atomically
from sod_gallery.networks.preprocessing import prepare
from sod_gallery.networks.registry import Checkpoint
from sod_gallery.photos.datasets import sample_photos
from sod_gallery.photos.decoding import load_photo

from .runtime import Exact

VERSION = 3
"""Increased when the conversion changes, so that old cached files are no longer used."""
_log = logging.getLogger(__name__)


def cache_folder() -> Path:
    """Return the folder of the converted files.

    It is ``$XDG_CACHE_HOME/sod-gallery``, or ``~/.cache/sod-gallery`` if the variable is not set.
    """
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "sod-gallery"


@cache
def _folder_of_this_process() -> tempfile.TemporaryDirectory[str]:
    """Return a folder that takes the place of the cache; it is removed when the process ends."""
    return tempfile.TemporaryDirectory(prefix="sod-gallery-")


class Conversion:
    """The converted files of one checkpoint; a file that is missing is made when it is needed.

    The name of each file holds its sha256, so a damaged one is known and made again.  Where the
    cache cannot be written, the files serve this process alone.  torch runs the network once to
    make the first file.  All methods raise CheckpointError if the weights cannot be used, and
    PipelineError if a file cannot be written anywhere.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._checkpoint = checkpoint
        key = (checkpoint.sha256, checkpoint.architecture, checkpoint.input_size, VERSION)
        self._stem = f"{checkpoint.name}-{hash_bytes(repr(key).encode())[:16]}"

    def graph(self) -> Path:
        """Return the path of the network as a float32 ONNX graph: see ``onnx_export``."""
        return self._find(".onnx") or self._record()[0]

    def exact(self) -> Exact:
        """Return the nodes that must run in float32 when the others run in a lower precision."""
        path = self._find("-exact.json") or self._record()[1]
        return msgspec.json.decode(path.read_bytes(), type=Exact)

    def quantised_graph(self) -> Path:
        """Return the path of the network as an ONNX graph with 8-bit convolutions.

        Raises ConfigError if ONNX Runtime is not installed.
        """
        found = self._find("-int8.onnx")
        if found:
            return found
        from .quantisation import quantise

        return self._keep(
            "-int8.onnx", quantise(self.graph(), self._checkpoint, self.exact().nodes)
        )

    def mixed_model(self) -> tuple[Path, Path]:
        """Return the paths of the network in OpenVINO's format, with exact nodes marked.

        They are those of the description and of the weights.
        """
        description, weights = self._find("-mixed.xml"), self._find("-mixed.bin")
        if description and weights:
            return description, weights
        from .openvino_model import marked

        made = marked(self.graph(), self.exact().nodes)
        return self._keep("-mixed.xml", made[0]), self._keep("-mixed.bin", made[1])

    def _parts(self, ending: str) -> tuple[str, str]:
        """Return what stands before and after the hash in a file's name."""
        before, _, kind = ending.rpartition(".")
        return f"{self._stem}{before}", f".{kind}"

    def _find(self, ending: str) -> Path | None:
        """Return the cached file of such an ending whose content is what was written, if any."""
        stem, suffix = self._parts(ending)
        is_substituted = _folder_of_this_process.cache_info().currsize
        substitute = [Path(_folder_of_this_process().name)] if is_substituted else []
        for folder in (cache_folder(), *substitute):
            for path in sorted(folder.glob(f"{stem}.*{suffix}")):
                try:
                    if path.suffixes[-2:][0] == f".{hash_file(path)}":
                        return path
                except OSError:
                    continue
        return None

    def _keep(self, ending: str, content: bytes) -> Path:
        """Write a file into the cache, or where that cannot be, for this process alone."""
        stem, suffix = self._parts(ending)
        name = f"{stem}.{hash_bytes(content)}{suffix}"
        remove_leftovers(cache_folder())
        try:
            path = cache_folder() / name
            write_atomically(path, content)
        except PipelineError as error:
            _log.warning("%s The network is converted again for each run.", error)
            path = Path(_folder_of_this_process().name) / name
            write_atomically(path, content)
        return path

    def _record(self) -> tuple[Path, Path]:
        """Run the network on a sample photo; write the ONNX graph and the list of exact nodes."""
        from sod_gallery.networks.weights import fold, load_network

        from .onnx_export import record

        network = load_network(self._checkpoint)
        fold(network)
        sample, *_ = sample_photos().values()
        photo = prepare(np.asarray(load_photo(sample)), self._checkpoint)
        recording = record(network, photo)
        model = recording.model(self._checkpoint.architecture, self._checkpoint.input_size)
        exact = self._keep("-exact.json", msgspec.json.encode(recording.exact()))
        return self._keep(".onnx", model.SerializeToString(deterministic=True)), exact
