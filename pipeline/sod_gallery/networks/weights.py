"""Loads a checkpoint's weights, ``.pth``, ``.safetensors`` or rembg's ``.onnx``, into a network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from sod_gallery.errors import CheckpointError

from .registry import Checkpoint
from .u2net import ARCHITECTURES, ConvBlock, U2Net

if TYPE_CHECKING:
    from onnx import NodeProto

PREFIXES = ("module.", "_orig_mod.")
"""Before the names of a network that was saved inside DataParallel, or compiled."""
WRAPPERS = ("state_dict", "model_state_dict", "model")
"""Under these names, programs that train keep the weights beside what else they save."""
Tensors = dict[str, Tensor]
"""Weights by the names of the network's ``state_dict``."""


def load_network(checkpoint: Checkpoint) -> U2Net:
    """Return the checkpoint's network on the CPU in float32, in eval mode.

    If the file has no batch normalisation, its convolutions are taken as already folded, and the
    network's batch normalisation becomes the identity.  Code in the file is never run.  Raises
    CheckpointError if the file cannot be read, contains anything except weights, or does not fit
    ``checkpoint.architecture``.
    """
    network = U2Net(ARCHITECTURES[checkpoint.architecture])
    tensors = _read(checkpoint.path, network)
    if not any(".bn_s1." in name for name in tensors):
        drop_batch_norm(network)
    mismatch = _mismatch(network, tensors)
    if mismatch:
        raise CheckpointError(
            f"{checkpoint.path} does not hold the weights of {checkpoint.architecture}: "
            f"{mismatch}. Give a file made for one of {', '.join(ARCHITECTURES)}."
        )
    network.load_state_dict(tensors)
    return network.eval()


def read_metadata(checkpoint: Checkpoint) -> dict[str, str]:
    """Return the metadata of a ``.safetensors`` file; other formats give an empty dictionary.

    Raises OSError or SafetensorError if the file cannot be read.
    """
    from safetensors import safe_open

    if checkpoint.path.suffix.lower() != ".safetensors":
        return {}
    with safe_open(checkpoint.path, "pt") as file:
        return file.metadata() or {}


def drop_batch_norm(network: U2Net) -> None:
    """Replace every batch normalisation by the identity; changes the network in place."""
    for module in network.modules():
        if isinstance(module, ConvBlock):
            module.bn_s1 = nn.Identity()


def is_folded(network: U2Net) -> bool:
    """Return whether a network has no batch normalisation."""
    return not any(isinstance(module, nn.BatchNorm2d) for module in network.modules())


def fold(network: U2Net) -> None:
    """Fold batch normalisation into the convolutions, in place; the network is in eval mode after.

    Each batch normalisation becomes the identity.  The network computes the same function in less
    time, and can be trained with batches of one photo.
    """
    network.eval()
    for block in network.modules():
        if isinstance(block, ConvBlock) and isinstance(block.bn_s1, nn.BatchNorm2d):
            block.conv_s1 = nn.utils.fuse_conv_bn_eval(block.conv_s1, block.bn_s1)
            block.bn_s1 = nn.Identity()


def _without_prefix(tensors: Tensors) -> Tensors:
    """Return the tensors by their own names: wrappers of networks put a word before each."""
    for prefix in PREFIXES:
        if tensors and all(name.startswith(prefix) for name in tensors):
            return _without_prefix({n.removeprefix(prefix): t for n, t in tensors.items()})
    return tensors


def _check_values(path: Path, tensors: Tensors) -> None:
    """Raise CheckpointError for tensors that hold no values or values that are not finite."""
    for name, tensor in tensors.items():
        is_plain = tensor.layout == torch.strided and tensor.device.type == "cpu"
        if not is_plain or tensor.is_quantized or tensor.is_complex():
            raise CheckpointError(
                f"{path}: {name} is no plain tensor of numbers (it is sparse, quantised, complex, "
                "or without values). Save the network again with "
                "torch.save(network.state_dict(), path)."
            )
        if not bool(torch.isfinite(tensor.float()).all()):
            raise CheckpointError(
                f"{path}: {name} holds values that are not finite, so the network's maps would "
                "mean nothing. The training has failed: take an earlier state of it."
            )


def _mismatch(network: U2Net, tensors: Tensors) -> str:
    """Describe the first tensor that is missing, unexpected or of a wrong shape; else empty."""
    expected = network.state_dict()
    for name, tensor in expected.items():
        if name not in tensors:
            # Files of older torch versions have no counts of batches, and nothing uses the counts.
            if not name.endswith(".num_batches_tracked"):
                return f"{name} is missing"
        elif tensors[name].shape != tensor.shape:
            return f"{name} is {tuple(tensors[name].shape)} instead of {tuple(tensor.shape)}"
    surplus = next((name for name in tensors if name not in expected), "")
    return f"{surplus} has no place in it" if surplus else ""


def _read(path: Path, network: U2Net) -> Tensors:
    readers = {".onnx": lambda _: _read_onnx(path, network), ".safetensors": _read_safetensors}
    try:
        tensors = _without_prefix(readers.get(path.suffix.lower(), _read_pickle)(path))
        _check_values(path, tensors)
        return tensors
    except CheckpointError:
        raise
    # The readers raise many classes of errors for damaged files; the user gets one message.
    except Exception as error:
        raise CheckpointError(
            f"{path} cannot be read as weights: it is damaged, cut short, or holds more than "
            f"tensors ({type(error).__name__}). Fetch or export it again."
        ) from error


def _read_safetensors(path: Path) -> Tensors:
    from safetensors.torch import load_file

    return load_file(path)


def _read_pickle(path: Path) -> Tensors:
    loaded = torch.load(path, map_location="cpu", weights_only=True)
    inner = (loaded[name] for name in WRAPPERS if isinstance(loaded, dict) and name in loaded)
    loaded = next((found for found in inner if isinstance(found, dict)), loaded)
    if isinstance(loaded, dict) and all(isinstance(value, Tensor) for value in loaded.values()):
        return dict(loaded)
    raise CheckpointError(
        f"{path} holds no state_dict: save the network again with "
        "torch.save(network.state_dict(), path)."
    )


def _read_onnx(path: Path, network: U2Net) -> Tensors:
    """Read the weights of the convolutions from an exported graph, by their order.

    The names of the weights in the graph are only numbers.  The exporter writes the convolutions in
    the order of the forward pass.  The network registers its layers in the same order: 112 in the
    blocks, 6 side convolutions, 1 fusion.  The dilations are compared too, because in U²-NetP many
    consecutive convolutions have equal shapes.  See docs/decisions/0012-onnx-files-of-rembg.md.
    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(path).graph
    constants = {constant.name: constant for constant in graph.initializer}
    nodes = [node for node in graph.node if node.op_type == "Conv"]
    layers = [(name, m) for name, m in network.named_modules() if isinstance(m, nn.Conv2d)]
    folded = all(node.op_type != "BatchNormalization" for node in graph.node)
    if not folded or [_dilation(node) for node in nodes] != [m.dilation for _, m in layers]:
        raise CheckpointError(
            f"{path} is no U²-Net as rembg publishes it: it has {len(nodes)} convolutions, "
            f"{len(layers)} in the order of the forward pass are expected, with batch "
            "normalisation folded into them. Export it again, or give the .pth file."
        )
    return {
        f"{name}.{kind}": torch.tensor(numpy_helper.to_array(constants[constant]))
        for (name, _), node in zip(layers, nodes, strict=True)
        for kind, constant in zip(("weight", "bias"), node.input[1:], strict=True)
    }


def _dilation(node: NodeProto) -> tuple[int, ...]:
    """Return a convolution's dilations; an ONNX node without the attribute has (1, 1)."""
    for attribute in node.attribute:
        if attribute.name == "dilations":
            return tuple(attribute.ints)
    return (1, 1)
