"""Reads from a weights file which architecture it is for, without torch and without running code.

The architectures differ in the first convolution inside their first stage: its output has 32
channels in U²-Net and 16 in U²-NetP (the paper's table 1, En_1, column M).
"""

from __future__ import annotations

import json
import pickletools
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO

FIRST_TENSOR = "stage1.rebnconv1.conv_s1.weight"
"""A word may stand before the name, see ``weights.PREFIXES``."""
ARCHITECTURE_BY_CHANNELS = {32: "u2net", 16: "u2netp"}
LONGEST_HEADER = 10_000_000
"""Bytes of a safetensors header, and opcodes of a pickle, that are read at most; a network of ours
has about a hundredth of that."""
NUMBERS = ("BININT", "BININT1", "BININT2")
PICKLES = 4
"""A file that torch saved before version 1.6 begins with so many pickles, one after the other."""


def architecture_of(path: Path) -> str | None:
    """Return ``u2net`` or ``u2netp``; none where the file cannot be read or is for neither."""
    try:
        channels = _first_channels(path)
    except Exception:  # a damaged file raises a dozen classes
        return None
    return ARCHITECTURE_BY_CHANNELS.get(channels) if channels is not None else None


def _first_channels(path: Path) -> int | None:
    """Return the output channels of FIRST_TENSOR, or none where the file has no such tensor."""
    suffix = path.suffix.lower()
    if suffix == ".safetensors":
        return _of_safetensors(path)
    if suffix == ".onnx":
        return _of_onnx(path)
    return _of_pickle(path)


def _of_safetensors(path: Path) -> int | None:
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > LONGEST_HEADER:
            raise ValueError("the header is too long")
        header = json.loads(file.read(length))
    name = next((name for name in header if name.endswith(FIRST_TENSOR)), None)
    return int(header[name]["shape"][0]) if name else None


def _of_onnx(path: Path) -> int | None:
    """Look at the second convolution, which is FIRST_TENSOR's: names in a graph are numbers."""
    import onnx

    graph = onnx.load(path, load_external_data=False).graph
    weights = (node.input[1] for node in graph.node if node.op_type == "Conv")
    name = next(islice(weights, 1, None), None)
    return next((int(tensor.dims[0]) for tensor in graph.initializer if tensor.name == name), None)


def _of_pickle(path: Path) -> int | None:
    """Scan the opcodes: after a tensor's name come its storage, its offset, and then its shape."""
    with _opcodes(path) as all_opcodes:
        opcodes = islice(all_opcodes, LONGEST_HEADER)
        if not any(str(argument).endswith(FIRST_TENSOR) for _, argument in opcodes):
            return None
        if not any(name == "BINPERSID" for name, _ in opcodes):
            return None
        numbers = [argument for name, argument in islice(opcodes, 4) if name in NUMBERS]
    return int(str(numbers[1])) if len(numbers) > 1 else None


@contextmanager
def _opcodes(path: Path) -> Iterator[Iterator[tuple[str, object]]]:
    """Open the part of a torch file that describes its tensors; gives opcodes with arguments."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            name = next(name for name in archive.namelist() if name.endswith("/data.pkl"))
            with archive.open(name) as file:
                yield _opcodes_of(file, 1)
    else:
        with path.open("rb") as file:
            yield _opcodes_of(file, PICKLES)


def _opcodes_of(file: IO[bytes], pickles: int) -> Iterator[tuple[str, object]]:
    for _ in range(pickles):
        yield from ((opcode.name, argument) for opcode, argument, _ in pickletools.genops(file))
