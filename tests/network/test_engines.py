"""The engines give one another's maps, and in the precision that they claim."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from sod_gallery.config import DEFAULT_MODEL
from sod_gallery.engines.conversion import Conversion
from sod_gallery.engines.graph_engines import OpenVinoEngine
from sod_gallery.engines.hardware import processor
from sod_gallery.engines.predictor import Predictor, SaliencyMap
from sod_gallery.engines.runtime import PRECISIONS, Runtime
from sod_gallery.errors import ConfigError
from sod_gallery.networks.checkpoints import resolve
from sod_gallery.networks.registry import Checkpoint
from sod_gallery.networks.weights import fold, load_network
from sod_gallery.photos.datasets import sample_photos
from sod_gallery.photos.decoding import load_photo

pytestmark = pytest.mark.network

FRAGILE = "stage3d.rebnconv1d.conv_s1"
FEEDING = ("stage3d.rebnconv1.conv_s1", "stage3d.rebnconv2d.conv_s1")
needs_bf16 = pytest.mark.skipif(not processor().bf16, reason="this processor has no bfloat16")
ON_THE_CPU = [
    pytest.param(
        Runtime(backend=backend, precision=precision),
        id=f"{backend}-{precision}",
        marks=[needs_bf16] if precision == "bf16" else [],
    )
    for (backend, device), precisions in PRECISIONS.items()
    for precision in precisions
    if device == "cpu"
]
WORST = {"fp32": 0.0001, "bf16": 0.01, "int8": 0.05}
"""Mean |difference| to float32 in torch that is allowed to each of the sample photos."""


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep converted networks out of the user's folder."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder / "sod-gallery"


@pytest.fixture(scope="module")
def checkpoint() -> Checkpoint:
    return resolve(DEFAULT_MODEL)


def maps(checkpoint: Checkpoint, runtime: Runtime) -> list[SaliencyMap]:
    predictor = Predictor(checkpoint, runtime)
    return [predictor.predict_one(load_photo(path)) for path in sample_photos().values()]


@pytest.fixture(scope="module")
def expected(checkpoint: Checkpoint) -> list[SaliencyMap]:
    return maps(checkpoint, Runtime())


@pytest.mark.parametrize("runtime", ON_THE_CPU)
def test_engines_agree(
    checkpoint: Checkpoint, expected: list[SaliencyMap], runtime: Runtime
) -> None:
    for ours, exact in zip(maps(checkpoint, runtime), expected, strict=True):
        assert ours.shape == exact.shape
        assert np.abs(ours - exact).mean() <= WORST[runtime.precision]
        assert (ours.min(), ours.max()) == (0, 1)


@pytest.mark.parametrize("backend", ["torch", "openvino", "onnxruntime"])
def test_several_photos_at_once_are_the_same_as_one_by_one(
    checkpoint: Checkpoint, expected: list[SaliencyMap], backend: str
) -> None:
    predictor = Predictor(checkpoint, Runtime(backend=backend))
    together = predictor.predict([load_photo(path) for path in sample_photos().values()])
    for ours, exact in zip(together, expected, strict=True):
        np.testing.assert_allclose(ours, exact, atol=1e-3)


@pytest.fixture(scope="module")
def fragile(checkpoint: Checkpoint, tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    """A network that computes the same by large terms that cancel.

    What feeds the layer is made large, by pairs of equal channels of which the layer takes the
    difference: nothing is left but what it took before.
    """
    network = load_network(checkpoint)
    fold(network)
    state = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    below = state[f"{FEEDING[1]}.weight"]
    # channels 14 and 15 become large constants that the layer subtracts from one another
    below[14:16] = 0
    state[f"{FEEDING[1]}.bias"][14:16] = 300.0
    weight = state[f"{FRAGILE}.weight"]
    weight[:, 14], weight[:, 15] = 1.7, -1.7
    path = tmp_path_factory.mktemp("weights") / "fragile.safetensors"
    save_file(state, path)
    return resolve(str(path))


def test_layers_whose_terms_cancel_are_found_with_what_feeds_them(fragile: Checkpoint) -> None:
    exact = Conversion(fragile).exact()
    assert FRAGILE in exact.layers
    assert set(FEEDING) <= set(exact.layers)
    assert set(FEEDING) <= set(exact.producers)
    assert "stage1.rebnconvin.conv_s1" in exact.layers
    assert len(exact.layers) == 4


def test_a_sound_network_has_one_exact_layer(checkpoint: Checkpoint) -> None:
    assert Conversion(checkpoint).exact().layers == ["stage1.rebnconvin.conv_s1"]


@needs_bf16
@pytest.mark.parametrize("backend", ["torch", "openvino"])
def test_cancellation_survives_bfloat16(fragile: Checkpoint, backend: str) -> None:
    runtime = Runtime(backend=backend, precision="bf16")
    for ours, exact in zip(maps(fragile, runtime), maps(fragile, Runtime()), strict=True):
        assert np.abs(ours - exact).mean() <= 0.01


@needs_bf16
def test_openvino_heeds_the_marks(fragile: Checkpoint) -> None:
    conversion = Conversion(fragile)
    description, weights = conversion.mixed_model()
    engine = OpenVinoEngine(description, "bf16", weights)
    exact = set(conversion.exact().nodes)
    ran = {
        node.get_friendly_name().partition("/")[0]: node.get_rt_info()["runtimePrecision"].value
        for node in engine.model.get_runtime_model().get_ordered_ops()
    }
    precisions = {name: precision for name, precision in ran.items() if name.startswith("Conv")}
    assert {name for name, kind in precisions.items() if kind == "f32"} >= {
        name for name in exact if name.startswith("Conv") and name in precisions
    }
    assert sum(kind == "bf16" for kind in precisions.values()) > 100


@pytest.mark.parametrize("backend", ["openvino", "onnxruntime"])
def test_a_converted_network_needs_neither_torch_nor_the_internet(
    checkpoint: Checkpoint, cache: Path, backend: str
) -> None:
    Conversion(checkpoint).graph()
    code = (
        "import socket, sys, numpy as np\n"
        "def refuse(*_): raise AssertionError('a connection')\n"
        "socket.socket.connect = refuse\n"
        "from PIL import Image\n"
        "from sod_gallery.networks.checkpoints import resolve\n"
        "from sod_gallery.engines.predictor import Predictor\n"
        "from sod_gallery.engines.runtime import Runtime\n"
        f"predictor = Predictor(resolve({DEFAULT_MODEL!r}), Runtime(backend={backend!r}))\n"
        "predictor.predict_one(Image.new('RGB', (40, 30), 'red'))\n"
        "assert 'torch' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert cache.is_dir()


def test_a_gpu_that_torch_cannot_use_is_an_error(
    checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ConfigError, match="--device cuda: the torch that is installed"):
        Predictor(checkpoint, Runtime(device="cuda", precision="fp16"))


@pytest.mark.shared
@needs_bf16
@pytest.mark.parametrize("backend", ["torch", "openvino"])
def test_bfloat16_is_close_to_exact_with_the_authors_weights(shared: Path, backend: str) -> None:
    published = resolve("u2netp", weights_dir=shared / "weights", offline=True)
    lowered = Predictor(published, Runtime(backend=backend, precision="bf16"))
    exact = Predictor(published, Runtime(backend="onnxruntime"))
    differences: list[float] = []
    for path in sorted((shared / "data/chimay-SOD2/test").iterdir()):
        photo = load_photo(path)
        one, other = lowered.predict_one(photo), exact.predict_one(photo)
        differences.append(float(np.abs(one - other).mean()))
    assert len(differences) == 33
    assert np.mean(differences) <= 0.002
    assert np.max(differences) <= 0.01
