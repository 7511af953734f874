"""Converts an ONNX graph to OpenVINO's format (IR), with some nodes marked to run in float32.

With the hint ``bf16``, OpenVINO runs every node in bfloat16, except nodes with the attribute
``precise`` in their runtime information.  OpenVINO's Python API cannot set this attribute, so it is
written into the model's XML file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

MARK = {"name": "precise", "version": "0"}
"""The XML attributes of the mark."""


def marked(graph: Path, exact: Collection[str]) -> tuple[bytes, bytes]:
    """Convert an ONNX file; mark the nodes whose names are in ``exact``.

    Returns the contents of the two files of OpenVINO's format: the XML description and the weights.
    """
    import openvino

    model = openvino.Core().read_model(graph)
    for node in model.get_ordered_ops():
        if node.get_type_name() == "Interpolate" and node.get_friendly_name() in exact:
            _downgrade(node)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.xml"
        openvino.save_model(model, path, compress_to_fp16=False)
        return _with_marks(path.read_bytes(), exact), path.with_suffix(".bin").read_bytes()


def _downgrade(node: Any) -> None:
    """Replace an interpolation of opset 11 by an equal one of opset 4.

    OpenVINO converts the node of opset 11 itself later, and the mark is lost then.
    """
    from openvino import op
    from openvino.utils.node_factory import NodeFactory

    features, shape = node.input_value(0), np.array(node.output(0).get_shape(), np.int64)
    scales = (shape / np.array(features.get_shape())).astype(np.float32)
    inputs = [op.Constant(values).output(0) for values in (shape, scales, np.arange(len(shape)))]
    source = features.get_node().output(features.get_index())
    older = NodeFactory("opset4").create(
        "Interpolate", [source, *inputs], dict(node.get_attributes())
    )
    older.set_friendly_name(node.get_friendly_name())
    node.output(0).replace(older.output(0))


def _with_marks(description: bytes, exact: Collection[str]) -> bytes:
    """Return the XML description with marks at the layers of the ``exact`` nodes.

    OpenVINO splits a convolution with bias, ``Conv7``, into two layers.  The first is called
    ``Conv7/WithoutBiases``; both are marked.
    """
    root = ElementTree.fromstring(description)
    for layer in root.iter("layer"):
        if layer.get("name", "").partition("/")[0] in exact:
            information = layer.find("rt_info")
            if information is None:
                information = ElementTree.Element("rt_info")
                layer.insert(1 if layer.find("data") is not None else 0, information)
            ElementTree.SubElement(information, "attribute", MARK)
    return ElementTree.tostring(root)
