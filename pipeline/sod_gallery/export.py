"""Writes a network as an ONNX graph, for engines other than torch.

The graph is recorded while the network runs once, by torch's own hook for functions: what the
forward pass does is what the graph does, and a function that the table does not hold is an error.
torch's own exporter takes half a minute for the same graph, and a package more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

import torch
import torch.nn.functional as F
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from torch import Tensor
from torch.overrides import TorchFunctionMode

from .u2net import U2Net

OPSET, IR_VERSION = 17, 8
"""Of 2022: every engine reads them."""
INPUT, OUTPUT = "photo", "saliency"

Node: TypeAlias = tuple[str, list[Tensor], dict[str, Any]]
"""Operator, tensors, attributes."""


def onnx_model(network: U2Net, side: int) -> ModelProto:
    """Return the graph from a float32 photo, 1×3×side×side, to its fused map in [0, 1].

    Batch normalisation has to be folded.  One photo at a time: engines plan best for
    shapes that they know beforehand.
    """
    recorder = Recorder()
    photo = torch.zeros(1, 3, side, side)
    recorder.names[id(photo)] = INPUT
    with torch.inference_mode(), recorder:
        saliency = torch.sigmoid(network.logits(photo)[0])
    recorder.nodes[-1].output[0] = OUTPUT
    graph = helper.make_graph(
        recorder.nodes,
        network.architecture.name,
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, photo.shape)],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, saliency.shape)],
        list(recorder.constants.values()),
    )
    opset = helper.make_opsetid("", OPSET)
    return helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION)


class Recorder(TorchFunctionMode):
    """Notes as nodes what is computed while it is active; tensors it has not seen are constants."""

    def __init__(self) -> None:
        super().__init__()
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, TensorProto] = {}
        self.names: dict[int, str] = {}
        self._alive: list[Tensor] = []

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Compute, and note what was computed."""
        result = func(*args, **(kwargs or {}))
        if isinstance(result, Tensor):
            operator, inputs, attributes = TABLE[func](result, *args, **(kwargs or {}))
            self._note(operator, [self._name(tensor) for tensor in inputs], result, attributes)
        return result

    def _note(
        self, operator: str, inputs: list[str], result: Tensor, attributes: dict[str, Any]
    ) -> None:
        sizes = attributes.pop("sizes", None)
        if sizes is not None:
            inputs = [*inputs, "", "", self._constant(torch.tensor(sizes))]
        name = f"{operator}{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [name], name, **attributes))
        # a tensor that is changed in place has a new name from here on
        self.names[id(result)] = name
        self._alive.append(result)

    def _name(self, tensor: Tensor) -> str:
        return self.names.get(id(tensor)) or self._constant(tensor)

    def _constant(self, tensor: Tensor) -> str:
        name = f"constant{len(self.constants)}"
        self.constants[name] = numpy_helper.from_array(tensor.detach().numpy(), name)
        return name


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
"""From a torch function's result and arguments to the node that does the same."""
