"""The architecture of a weights file is read from its tensors, without running its code."""

from __future__ import annotations

import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.torch import save_file
from torch import Tensor

from sod_gallery.networks.headers import ARCHITECTURE_BY_CHANNELS, FIRST_TENSOR, architecture_of
from sod_gallery.networks.u2net import ARCHITECTURES, U2Net

Save = Callable[[dict[str, Tensor], Path], Path]


def save_safetensors(state: dict[str, Tensor], folder: Path) -> Path:
    save_file(state, folder / "own.safetensors")
    return folder / "own.safetensors"


def save_zip(state: dict[str, Tensor], folder: Path) -> Path:
    torch.save(state, folder / "own.pth")
    return folder / "own.pth"


def save_before_1_6(state: dict[str, Tensor], folder: Path) -> Path:
    torch.save(state, folder / "own.pth", _use_new_zipfile_serialization=False)
    return folder / "own.pth"


def save_onnx(state: dict[str, Tensor], folder: Path) -> Path:
    """Write the convolutions as a graph that has numbers for names, as an export has."""
    weights = [tensor for name, tensor in state.items() if name.endswith("conv_s1.weight")]
    constants = [numpy_helper.from_array(w.numpy(), str(i)) for i, w in enumerate(weights)]
    nodes = [
        helper.make_node("Conv", [f"x{i}", str(i)], [f"x{i + 1}"]) for i in range(len(weights))
    ]
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
        for name in ("x0", f"x{len(weights)}")
    ]
    graph = helper.make_graph(nodes, "own", ends[:1], ends[1:], constants)
    onnx.save(helper.make_model(graph), folder / "own.onnx")
    return folder / "own.onnx"


SAVERS = [save_safetensors, save_zip, save_before_1_6, save_onnx]


@pytest.mark.parametrize("architecture", ["u2net", "u2netp"])
@pytest.mark.parametrize("save", SAVERS)
def test_every_form_of_file_tells_its_architecture(
    tmp_path: Path, save: Save, architecture: str
) -> None:
    whole = U2Net(ARCHITECTURES[architecture]).state_dict()
    state = {name: tensor for name, tensor in whole.items() if name.startswith("stage1.")}
    assert architecture_of(save(state, tmp_path)) == architecture


def test_the_channels_are_those_of_the_networks() -> None:
    channels = {U2Net(a).state_dict()[FIRST_TENSOR].shape[0]: a for a in ARCHITECTURES.values()}
    assert {n: a.name for n, a in channels.items()} == ARCHITECTURE_BY_CHANNELS


@pytest.mark.parametrize("state", [{"w": torch.ones(3)}, {FIRST_TENSOR: torch.ones(8, 2, 3, 3)}])
@pytest.mark.parametrize("save", SAVERS)
def test_the_weights_of_another_network_have_none(
    tmp_path: Path, save: Save, state: dict[str, Tensor]
) -> None:
    assert architecture_of(save(state, tmp_path)) is None


@pytest.mark.parametrize("suffix", [".pth", ".safetensors", ".onnx"])
@pytest.mark.parametrize("content", [b"", b"nothing", b"\xff" * 64, b"PK\x03\x04 cut short"])
def test_a_damaged_file_has_none(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"own{suffix}"
    path.write_bytes(content)
    assert architecture_of(path) is None


class Harmful:
    """Pickled, it asks whoever loads it to make a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (str(self._folder),)


def test_no_code_of_a_file_runs(tmp_path: Path) -> None:
    made = tmp_path / "made"
    content = pickle.dumps({FIRST_TENSOR: Harmful(made)}, protocol=2)
    (tmp_path / "plain.pth").write_bytes(content)
    with zipfile.ZipFile(tmp_path / "zip.pth", "w") as archive:
        archive.writestr("own/data.pkl", content)
    for name in ("plain.pth", "zip.pth"):
        architecture_of(tmp_path / name)
    assert not made.exists()
