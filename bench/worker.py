"""Runs one engine in a process of its own: one pass for every line on standard input.

    bench/worker.py ENGINE CHECKPOINT

After two passes to warm up it prints `ready`.  After each pass it prints the seconds that the pass
took.  At the end of the input it prints the process's peak memory in MiB.  ENGINE is `reference`,
`rembg` (CHECKPOINT is then an ONNX graph), an engine of this project with its precision, such as
`openvino/bf16`, or `gemm/PRECISION` for a product of two matrices.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Pass = Callable[[], object]
"""Runs a network once, or multiplies two matrices."""
PHOTO = np.random.default_rng(0).standard_normal((1, 3, 320, 320)).astype(np.float32)
"""The input of every pass: random numbers instead of a normalised photo."""
MATRIX = 2048
"""Rows and columns of the matrices that are multiplied."""


def reference(checkpoint: str) -> Pass:
    """Return a pass as in the authors' script: eager, float32, contiguous layout, seven maps."""
    import torch

    from sod_gallery.networks.checkpoints import resolve
    from sod_gallery.networks.weights import load_network

    network, photo = load_network(resolve(checkpoint)), torch.from_numpy(PHOTO)

    def run() -> object:
        with torch.no_grad():
            return network(photo)

    return run


def rembg(graph: str) -> Pass:
    """Return a pass of rembg's session with the ONNX file ``graph``."""
    from rembg import new_session  # type: ignore[import-not-found]

    session: Any = new_session("u2net_custom", model_path=graph).inner_session
    name = session.get_inputs()[0].name
    return lambda: session.run(None, {name: PHOTO})


def ours(engine: str, checkpoint: str) -> Pass:
    """Return a pass of an engine of this project, given as ``<backend>/<precision>``."""
    from sod_gallery.engines.predictor import start_engine as start_ours
    from sod_gallery.engines.runtime import Runtime
    from sod_gallery.networks.checkpoints import resolve

    backend, precision = engine.split("/")
    started = start_ours(resolve(checkpoint), Runtime(backend=backend, precision=precision))
    return lambda: started.predict_batch(PHOTO)


def multiplication(precision: str) -> Pass:
    """Return a product of two square matrices, whose speed serves as the processor's peak."""
    import torch

    dtype = {"fp32": torch.float32, "bf16": torch.bfloat16}[precision]
    left, right = torch.randn(2, MATRIX, MATRIX).to(dtype)
    return lambda: left @ right


def start_engine(engine: str, checkpoint: str) -> Pass:
    """Load an engine and return its pass; see the module's docstring for the arguments."""
    if engine == "reference":
        return reference(checkpoint)
    if engine == "rembg":
        return rembg(checkpoint)
    if engine.startswith("gemm/"):
        return multiplication(engine.removeprefix("gemm/"))
    return ours(engine, checkpoint)


def peak_memory(process: int | str) -> int:
    """Return the peak resident memory in MiB of a process, given by its id or ``self``.

    It is read from Linux's ``/proc``, because the figure of ``getrusage`` for child processes also
    counts the parent's memory before the child starts its program.  Raises OSError if there is no
    such process, ValueError if it has ended.
    """
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    raise ValueError(f"/proc/{process}/status has no VmHWM")


def main() -> None:
    """Warm up, then run one pass for every line of input."""
    run = start_engine(sys.argv[1], sys.argv[2])
    for _ in range(2):
        run()
    print("ready", flush=True)
    for _ in sys.stdin:
        begin = time.perf_counter()
        run()
        print(time.perf_counter() - begin, flush=True)
    print(peak_memory("self"))


if __name__ == "__main__":
    main()
