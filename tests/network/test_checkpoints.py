"""A file of weights becomes the network it was saved from, whatever its format; others do not."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable
from pathlib import Path

import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.torch import save_file
from torch import Tensor, nn

from sod_gallery.errors import CheckpointError
from sod_gallery.networks.checkpoints import resolve
from sod_gallery.networks.u2net import U2NET, U2NETP, ConvBlock, U2Net
from sod_gallery.networks.weights import drop_batch_norm, load_network

pytestmark = pytest.mark.network


def trained(seed: int = 0) -> U2Net:
    """Make a network whose batch normalisation does something."""
    torch.manual_seed(seed)
    network = U2Net(U2NETP).eval()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            assert module.running_mean is not None
            assert module.running_var is not None
            nn.init.normal_(module.running_mean, std=0.1)
            nn.init.uniform_(module.running_var, 0.5, 2)
            nn.init.uniform_(module.weight, 1, 2)
            nn.init.normal_(module.bias, std=0.1)
    return network


def folded(network: U2Net) -> U2Net:
    """Return the same function with batch normalisation folded into the convolutions."""
    twin = U2Net(network.architecture).eval()
    drop_batch_norm(twin)
    twin.load_state_dict({n: t for n, t in network.state_dict().items() if ".bn_s1." not in n})
    for name, block in network.named_modules():
        if isinstance(block, ConvBlock) and isinstance(block.bn_s1, nn.BatchNorm2d):
            fused = nn.utils.fuse_conv_bn_eval(block.conv_s1, block.bn_s1)
            twin.get_submodule(name).conv_s1 = fused
    return twin


@pytest.fixture(scope="module")
def network() -> U2Net:
    return trained()


@pytest.fixture(scope="module")
def photo() -> Tensor:
    return torch.randn(1, 3, 64, 48, generator=torch.Generator().manual_seed(1))


def outputs(network: U2Net, photo: Tensor) -> Tensor:
    with torch.inference_mode():
        return torch.cat(network.logits(photo))


def load(path: Path) -> U2Net:
    return load_network(resolve(str(path)))


def refuse(path: Path, match: str) -> None:
    with pytest.raises(CheckpointError, match=match) as caught:
        load(path)
    assert str(path) in str(caught.value)
    assert caught.value.exit_code == 3


def write_pth(network: U2Net, path: Path) -> None:
    torch.save(network.state_dict(), path)


def write_old_pth(network: U2Net, path: Path) -> None:
    torch.save(network.state_dict(), path, _use_new_zipfile_serialization=False)


def write_pth_without_counters(network: U2Net, path: Path) -> None:
    kept = network.state_dict()
    for name in [name for name in kept if name.endswith("num_batches_tracked")]:
        del kept[name]
    torch.save(kept, path)


def write_safetensors(network: U2Net, path: Path) -> None:
    save_file(network.state_dict(), path)


def write_folded_safetensors(network: U2Net, path: Path) -> None:
    save_file(folded(network).state_dict(), path)


def write_onnx(network: U2Net, path: Path, *, skip: int = 0, swap: bool = False) -> None:
    """Write what an exporter leaves: nodes in forward order, names and constants that say nothing.

    ``skip`` leaves out so many layers at the end; ``swap`` exchanges two of different dilation.
    """
    layers = [m for m in folded(network).modules() if isinstance(m, nn.Conv2d)]
    layers = layers[: len(layers) - skip]
    if swap:
        layers[6], layers[7] = layers[7], layers[6]
    nodes, constants, name = [], [], "input"
    for index, layer in enumerate(layers):
        assert layer.bias is not None
        pair = (f"{1000 + 2 * index}", f"{1001 + 2 * index}")
        for constant, tensor in zip(pair, (layer.weight, layer.bias), strict=True):
            constants.append(numpy_helper.from_array(tensor.detach().numpy(), constant))
        after = f"x{index}"
        pads = [*layer.padding, *layer.padding]
        nodes.append(
            helper.make_node("Conv", [name, *pair], [after], dilations=layer.dilation, pads=pads)
        )
        nodes.append(helper.make_node("Relu", [after], [f"y{index}"]))
        name = f"y{index}"
    random.Random(0).shuffle(constants)
    ends = [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in ("input", name)]
    graph = helper.make_graph(nodes, "torch-jit-export", ends[:1], ends[1:], constants)
    onnx.save(helper.make_model(graph), path)


@pytest.mark.parametrize(
    ("write", "suffix"),
    [
        (write_pth, "pth"),
        (write_old_pth, "pth"),
        (write_pth_without_counters, "pth"),
        (write_safetensors, "safetensors"),
        (write_folded_safetensors, "safetensors"),
        (write_onnx, "onnx"),
    ],
)
def test_every_format_gives_the_same_outputs(
    network: U2Net,
    photo: Tensor,
    tmp_path: Path,
    write: Callable[[U2Net, Path], None],
    suffix: str,
) -> None:
    path = tmp_path / f"own.{suffix}"
    write(network, path)
    loaded = load(path)
    assert not loaded.training
    expected = outputs(network, photo)
    assert expected.std() > 0.1
    torch.testing.assert_close(outputs(loaded, photo), expected, rtol=1e-3, atol=1e-3)


def test_half_precision_is_widened(network: U2Net, photo: Tensor, tmp_path: Path) -> None:
    path = tmp_path / "own.safetensors"
    save_file({n: t.half() for n, t in folded(network).state_dict().items()}, path)
    loaded = load(path)
    assert {parameter.dtype for parameter in loaded.parameters()} == {torch.float32}
    expected = outputs(network, photo)
    assert (outputs(loaded, photo) - expected).abs().mean() < 0.02 * expected.abs().mean()


def test_a_folded_file_gets_no_batch_normalisation(network: U2Net, tmp_path: Path) -> None:
    path = tmp_path / "own.safetensors"
    write_folded_safetensors(network, path)
    assert not any(isinstance(module, nn.BatchNorm2d) for module in load(path).modules())


def test_weights_of_another_network(tmp_path: Path) -> None:
    path = tmp_path / "resnet.pth"
    torch.save({"conv1.weight": torch.zeros(64, 3, 7, 7)}, path)
    refuse(path, "does not hold the weights of u2netp: stage1.* is missing")


def test_weights_of_another_width(network: U2Net, tmp_path: Path) -> None:
    path = tmp_path / "wide.pth"
    tensors = network.state_dict()
    tensors["side2.weight"] = torch.zeros(1, 128, 3, 3)
    torch.save(tensors, path)
    refuse(path, r"side2\.weight is \(1, 128, 3, 3\) instead of \(1, 64, 3, 3\)")


def test_weights_with_more_than_the_network_has(network: U2Net, tmp_path: Path) -> None:
    path = tmp_path / "more.pth"
    torch.save(network.state_dict() | {"head.weight": torch.zeros(1)}, path)
    refuse(path, r"head\.weight has no place in it")


@pytest.mark.parametrize(
    ("write", "suffix"),
    [(write_pth, "pth"), (write_safetensors, "safetensors"), (write_onnx, "onnx")],
)
@pytest.mark.parametrize("share", [0.0, 0.5])
def test_a_truncated_file(
    network: U2Net,
    tmp_path: Path,
    write: Callable[[U2Net, Path], None],
    suffix: str,
    share: float,
) -> None:
    path = tmp_path / f"own.{suffix}"
    write(network, path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    refuse(path, "cannot be read as weights|is no U²-Net as rembg publishes it|is empty")


class Malicious:
    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (Path("was-here"),))


@pytest.mark.parametrize("new", [True, False])
def test_no_code_in_a_file_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "evil.pth"
    torch.save({"stage1": Malicious()}, path, _use_new_zipfile_serialization=new)
    refuse(path, "holds more than tensors")
    path.write_bytes(pickle.dumps(Malicious()))
    refuse(path, "cannot be read as weights")
    assert not (tmp_path / "was-here").exists()


def test_a_pickle_that_is_no_state_dict(tmp_path: Path) -> None:
    path = tmp_path / "training.pth"
    torch.save({"epoch": 3, "layers": {"side1.bias": torch.zeros(1)}}, path)
    refuse(path, "holds no state_dict: save the network again")


def test_an_onnx_file_with_a_layer_too_few(network: U2Net, tmp_path: Path) -> None:
    path = tmp_path / "short.onnx"
    write_onnx(network, path, skip=1)
    refuse(path, "has 118 convolutions, 119 in the order of the forward pass are expected")


def test_an_onnx_file_in_another_order(network: U2Net, tmp_path: Path) -> None:
    path = tmp_path / "swapped.onnx"
    write_onnx(network, path, swap=True)
    refuse(path, "is no U²-Net as rembg publishes it")


def test_an_onnx_file_with_batch_normalisation(network: U2Net, tmp_path: Path) -> None:
    path = tmp_path / "unfolded.onnx"
    write_onnx(network, path)
    model = onnx.load(path)
    model.graph.node.append(helper.make_node("BatchNormalization", list("abcde"), ["f"]))
    onnx.save(model, path)
    refuse(path, "with batch normalisation folded into them")


def test_the_large_network_loads(tmp_path: Path) -> None:
    path = tmp_path / "large.safetensors"
    large = U2Net(U2NET)
    save_file({n: t.half() for n, t in large.state_dict().items()}, path)
    loaded = load(path)
    assert loaded.architecture is U2NET
    torch.testing.assert_close(
        loaded.state_dict()["side1.weight"], large.state_dict()["side1.weight"], rtol=0, atol=1e-3
    )


@pytest.mark.shared
def test_the_official_weights_load(shared: Path, photo: Tensor) -> None:
    checkpoint = resolve("u2netp", weights_dir=shared / "weights", offline=True)
    assert checkpoint.sha256.startswith("2b02eaff87a1")
    assert outputs(load_network(checkpoint), photo).isfinite().all()


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.", "module._orig_mod."])
def test_the_names_of_a_wrapped_network_are_understood(
    network: U2Net, photo: Tensor, tmp_path: Path, prefix: str
) -> None:
    state = {f"{prefix}{name}": tensor for name, tensor in network.state_dict().items()}
    for path in (tmp_path / "own.pth", tmp_path / "own.safetensors"):
        torch.save(state, path) if path.suffix == ".pth" else save_file(state, path)
        assert resolve(str(path)).architecture == "u2netp"
        assert torch.equal(outputs(load(path), photo), outputs(network, photo))


@pytest.mark.parametrize("name", ["state_dict", "model_state_dict", "model"])
def test_weights_are_found_beside_what_training_saves(
    network: U2Net, photo: Tensor, tmp_path: Path, name: str
) -> None:
    torch.save({"epoch": 3, name: network.state_dict()}, tmp_path / "own.pth")
    assert torch.equal(outputs(load(tmp_path / "own.pth"), photo), outputs(network, photo))


def harm_by_nan(tensor: Tensor) -> Tensor:
    return tensor.clone().fill_(float("nan"))


def harm_by_inf(tensor: Tensor) -> Tensor:
    tensor = tensor.clone()
    tensor.view(-1)[0] = float("inf")
    return tensor


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (harm_by_nan, "not finite"),
        (harm_by_inf, "not finite"),
        (Tensor.to_sparse, "no plain tensor"),
        (lambda tensor: tensor.to("meta"), "no plain tensor"),
        (lambda tensor: tensor.to(torch.complex64), "no plain tensor"),
        (
            lambda tensor: torch.quantize_per_tensor(tensor, 0.1, 0, torch.qint8),
            r"no plain tensor|cannot be read as weights",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_values_that_are_none_are_refused_in_a_sentence(
    network: U2Net, tmp_path: Path, harm: Callable[[Tensor], Tensor], said: str
) -> None:
    state = network.state_dict()
    state["side1.weight"] = harm(state["side1.weight"])
    torch.save(state, tmp_path / "own.pth")
    refuse(tmp_path / "own.pth", said)
