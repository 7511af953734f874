"""Turns an ONNX graph into OpenVINO's own model, in which some nodes are marked as exact.

With bfloat16 as its hint OpenVINO rounds every node.  The mark that spares one, ``precise``, can be
written into the model's file alone: Python's interface has no word for it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

MARK = {"name": "precise", "version": "0"}


def marked(graph: Path, exact: Collection[str]) -> tuple[bytes, bytes]:
    """Return a model's description and its weights, ``exact`` nodes of the graph marked."""
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
    """Replace an interpolation by its fourth version; the eleventh becomes one without marks."""
    from openvino import op
    from openvino.utils.node_factory import NodeFactory

    given, wanted = node.input_value(0), np.array(node.output(0).get_shape(), np.int64)
    scales = (wanted / np.array(given.get_shape())).astype(np.float32)
    inputs = [op.Constant(values).output(0) for values in (wanted, scales, np.arange(len(wanted)))]
    source = given.get_node().output(given.get_index())
    older = NodeFactory("opset4").create(
        "Interpolate", [source, *inputs], dict(node.get_attributes())
    )
    older.set_friendly_name(node.get_friendly_name())
    node.output(0).replace(older.output(0))


def _with_marks(description: bytes, exact: Collection[str]) -> bytes:
    """Mark the layers; a biased convolution has become two, ``Conv7/WithoutBiases`` the first."""
    root = ElementTree.fromstring(description)
    for layer in root.iter("layer"):
        if layer.get("name", "").partition("/")[0] in exact:
            information = layer.find("rt_info")
            if information is None:
                information = ElementTree.Element("rt_info")
                layer.insert(1 if layer.find("data") is not None else 0, information)
            ElementTree.SubElement(information, "attribute", MARK)
    return ElementTree.tostring(root)
