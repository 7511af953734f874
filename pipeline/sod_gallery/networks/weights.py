"""Turn a checkpoint's file into a network: ``.pth``, ``.safetensors``, or rembg's ``.onnx``."""

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

Tensors = dict[str, Tensor]


def load_network(checkpoint: Checkpoint) -> U2Net:
    """Return the checkpoint's network on the CPU in float32, in eval mode.

    A file without batch normalisation is taken to have it folded into the convolutions, and gets
    the identity in its place.  No code in the file is ever run.  Raises CheckpointError where the
    file cannot be read, holds anything but weights, or does not fit ``checkpoint.architecture``.
    """
    network = U2Net(ARCHITECTURES[checkpoint.architecture])
    tensors = _read(checkpoint.path, network)
    if not any(".bn_s1." in name for name in tensors):
        drop_batch_norm(network)
    misfit = _misfit(network, tensors)
    if misfit:
        raise CheckpointError(
            f"{checkpoint.path} does not hold the weights of {checkpoint.architecture}: {misfit}. "
            f"Give a file made for one of {', '.join(ARCHITECTURES)}."
        )
    network.load_state_dict(tensors)
    return network.eval()


def read_metadata(checkpoint: Checkpoint) -> dict[str, str]:
    """Return what the training wrote into a ``.safetensors`` file; of others nothing is known."""
    from safetensors import safe_open

    if checkpoint.path.suffix.lower() != ".safetensors":
        return {}
    with safe_open(checkpoint.path, "pt") as file:
        return file.metadata() or {}


def drop_batch_norm(network: U2Net) -> None:
    """Replace every batch normalisation by the identity, in place."""
    for module in network.modules():
        if isinstance(module, ConvBlock):
            module.bn_s1 = nn.Identity()


def is_folded(network: U2Net) -> bool:
    """Tell whether a network has no batch normalisation."""
    return not any(isinstance(module, nn.BatchNorm2d) for module in network.modules())


def fold(network: U2Net) -> None:
    """Fold batch normalisation into the convolutions and leave the identity, in place.

    The same function in less time; and a batch of one photo can be trained on.
    """
    network.eval()
    for block in network.modules():
        if isinstance(block, ConvBlock) and isinstance(block.bn_s1, nn.BatchNorm2d):
            block.conv_s1 = nn.utils.fuse_conv_bn_eval(block.conv_s1, block.bn_s1)
            block.bn_s1 = nn.Identity()


def _misfit(network: U2Net, tensors: Tensors) -> str:
    """Say what is missing, surplus or of another shape; empty where everything fits."""
    expected = network.state_dict()
    for name, tensor in expected.items():
        if name not in tensors:
            # Older files do not count batches; nothing uses the number.
            if not name.endswith(".num_batches_tracked"):
                return f"{name} is missing"
        elif tensors[name].shape != tensor.shape:
            return f"{name} is {tuple(tensors[name].shape)} instead of {tuple(tensor.shape)}"
    surplus = next((name for name in tensors if name not in expected), "")
    return f"{surplus} has no place in it" if surplus else ""


def _read(path: Path, network: U2Net) -> Tensors:
    try:
        if path.suffix.lower() == ".onnx":
            return _read_onnx(path, network)
        if path.suffix.lower() == ".safetensors":
            return _read_safetensors(path)
        return _read_pickle(path)
    except CheckpointError:
        raise
    # The readers raise a dozen classes for a damaged file, and all mean the same to the user.
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
    if isinstance(loaded, dict) and all(isinstance(value, Tensor) for value in loaded.values()):
        return dict(loaded)
    raise CheckpointError(
        f"{path} holds no state_dict: save the network again with "
        "torch.save(network.state_dict(), path)."
    )


def _read_onnx(path: Path, network: U2Net) -> Tensors:
    """Read the convolutions of an exported graph, whose names say nothing, by their order.

    The exporter traces the forward pass, and the network registers its layers in that order: 112
    in the blocks, 6 sides, 1 fusion.  The dilations are compared too, because in U²-NetP many
    neighbours have the same shape.
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
    """Return a convolution's dilation, which may be left out where it is one."""
    for attribute in node.attribute:
        if attribute.name == "dilations":
            return tuple(attribute.ints)
    return (1, 1)
