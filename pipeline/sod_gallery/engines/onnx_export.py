"""Writes a network as an ONNX graph, for engines other than torch.

The network runs once, and torch's hook for functions (``TorchFunctionMode``) records each call as a
node of the graph.  A function without an entry in TABLE is an error.  torch's own exporter takes
half a minute for the same graph and needs another package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from sod_gallery.networks.u2net import U2Net

from .runtime import Exact

OPSET, IR_VERSION = 17, 8
"""Versions of ONNX from 2022, which all engines read."""
INPUT = "photo"
MOST_CANCELLATION = 100.0
"""A convolution with more of it (see ``cancellation``) is computed in float32.  In the authors'
U²-NetP the worst has 362 and the second worst 51."""

Node: TypeAlias = tuple[str, list[Tensor], dict[str, Any]]
"""Operator, tensors, attributes."""


def record(network: U2Net, photo: NDArray[np.float32]) -> Recording:
    """Run a network, with batch normalisation folded, on one prepared photo: float32, 3×S×S.

    It has to be a real photo, because its features show which layers need exact arithmetic.
    """
    batch = torch.from_numpy(photo[None])
    recorder = Recorder(batch)
    with torch.inference_mode(), recorder:
        torch.sigmoid(network.logits(batch)[0])
    layers = [name for name, module in network.named_modules() if isinstance(module, nn.Conv2d)]
    return Recording(recorder.nodes, recorder.constants, recorder.cancellation, layers)


@dataclass(frozen=True)
class Recording:
    """What a network computed, node by node."""

    nodes: list[NodeProto]
    constants: dict[str, TensorProto]
    cancellation: dict[str, float]
    """By node: how much larger the terms of a convolution are than their sum (``cancellation``)."""
    layers: list[str]
    """Names of the network's convolutions, in the order of the forward pass."""

    def model(self, name: str, side: int) -> ModelProto:
        """Return the graph from a float32 photo, 1×3×side×side, to its map in [0, 1].

        The batch has one photo: engines plan best for shapes that they know beforehand.
        """
        ends = [
            helper.make_tensor_value_info(end, TensorProto.FLOAT, (1, channels, side, side))
            for end, channels in ((INPUT, 3), (self.nodes[-1].output[0], 1))
        ]
        graph = helper.make_graph(
            self.nodes, name, ends[:1], ends[1:], list(self.constants.values())
        )
        opset = helper.make_opsetid("", OPSET)
        return helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION)

    def exact(self) -> Exact:
        """Return what has to be computed in float32 where the rest is not.

        Rounding to the 8 bits of bfloat16's mantissa is an error of half a per cent.  Where the
        terms of a convolution cancel to a hundredth of their size, that error makes the map
        useless; one convolution of the authors' U²-NetP does so.  Exact are: such convolutions;
        their producers, which are the convolutions whose results they take, with all nodes in
        between; and the first convolution, which takes the photo itself and costs little.
        """
        convolutions = list(self.cancellation)
        fragile = [name for name in convolutions if self.cancellation[name] > MOST_CANCELLATION]
        producers = self._producers(fragile)
        exact = {convolutions[0], *fragile, *producers}
        exact |= {n.name for n in self.nodes if n.op_type == "Relu" and n.input[0] in exact}
        layer_of = dict(zip(convolutions, self.layers, strict=True))
        return Exact(
            nodes=sorted(exact),
            layers=[layer for name, layer in layer_of.items() if name in exact],
            producers=[layer for name, layer in layer_of.items() if name in producers],
        )

    def _producers(self, convolutions: Iterable[str]) -> set[str]:
        """Return the nodes from which convolutions get their input, up to the next convolution."""
        node_of = {node.output[0]: node for node in self.nodes}
        producers: set[str] = set()
        todo = [name for convolution in convolutions for name in node_of[convolution].input]
        while todo:
            node = node_of.get(todo.pop())
            if node is not None and node.name not in producers:
                producers.add(node.name)
                todo += [] if node.op_type == "Conv" else node.input
        return producers


class Recorder(TorchFunctionMode):
    """Records what torch computes while it is active, as nodes of a graph.

    A tensor that no recorded function returned is a constant of the graph.
    """

    def __init__(self, photo: Tensor) -> None:
        super().__init__()
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, TensorProto] = {}
        self.cancellation: dict[str, float] = {}
        self._names = {id(photo): INPUT}
        self._alive = [photo]

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Compute, and record the computation."""
        result = func(*args, **(kwargs or {}))
        if isinstance(result, Tensor):
            operator, inputs, attributes = TABLE[func](result, *args, **(kwargs or {}))
            name = self._record(operator, inputs, result, attributes)
            if func is torch.conv2d:
                self.cancellation[name] = cancellation(result, *args)
        return result

    def _record(
        self, operator: str, inputs: list[Tensor], result: Tensor, attributes: dict[str, Any]
    ) -> str:
        names = [self._name(tensor) for tensor in inputs]
        sizes = attributes.pop("sizes", None)
        if sizes is not None:
            names += ["", "", self._constant(torch.tensor(sizes))]
        name = f"{operator}{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, names, [name], name, **attributes))
        # a tensor that is changed in place has a new name from here on
        self._names[id(result)] = name
        self._alive.append(result)
        return name

    def _name(self, tensor: Tensor) -> str:
        return self._names.get(id(tensor)) or self._constant(tensor)

    def _constant(self, tensor: Tensor) -> str:
        name = f"constant{len(self.constants)}"
        self.constants[name] = numpy_helper.from_array(tensor.detach().numpy(), name)
        return name


def cancellation(result: Tensor, features: Tensor, weight: Tensor, _: Tensor, *shape: Any) -> float:
    """Return how much larger the terms of a convolution are than what remains of their sum.

    ``features`` are 1×C×H×W, ``weight`` is C'×C×k×k and ``result`` 1×C'×H'×W', all float32;
    ``shape`` holds stride, padding, dilation and groups as ``torch.conv2d`` takes them.  The
    terms' size is the mean of the sum of their absolute values.  What remains is the standard
    deviation of the positive part of the result, because the ReLU that follows drops the rest.
    The ratio has no unit; about 10 is usual, and more than MOST_CANCELLATION asks for float32.
    """
    terms = torch.conv2d(features.abs(), weight.abs(), None, *shape).mean()
    return float(terms / result.clamp_min(0).std().clamp_min(1e-12))


def _convolution(
    _: Tensor,
    photo: Tensor,
    weight: Tensor,
    bias: Tensor,
    stride: tuple[int, int],
    padding: tuple[int, int],
    dilation: tuple[int, int],
    groups: int,
) -> Node:
    attributes = {"strides": stride, "pads": (*padding, *padding), "dilations": dilation}
    return "Conv", [photo, weight, bias], {**attributes, "group": groups}


def _pooling(
    _: Tensor, features: Tensor, size: int, *, stride: int, ceil_mode: bool, **__: Any
) -> Node:
    attributes = {"kernel_shape": (size, size), "strides": (stride, stride)}
    return "MaxPool", [features], {**attributes, "ceil_mode": int(ceil_mode)}


def _resizing(result: Tensor, features: Tensor, **_: Any) -> Node:
    attributes = {"mode": "linear", "coordinate_transformation_mode": "pytorch_half_pixel"}
    return "Resize", [features], {**attributes, "sizes": list(result.shape)}


TABLE: dict[Callable[..., Any], Callable[..., Node]] = {
    torch.conv2d: _convolution,
    F.max_pool2d: _pooling,
    F.interpolate: _resizing,
    F.relu: lambda _, features, **__: ("Relu", [features], {}),
    torch.cat: lambda _, parts, dim: ("Concat", list(parts), {"axis": dim}),
    torch.Tensor.add: lambda _, one, other: ("Add", [one, other], {}),
    torch.sigmoid: lambda _, logits: ("Sigmoid", [logits], {}),
}
"""The node that does the same as a torch function, from the function's result and arguments."""
