"""One engine in a process of its own: runs the network once for every line on standard input.

    bench/worker.py ENGINE CHECKPOINT

Prints the seconds that the pass took, then, at the end of the input, the peak memory in MiB.
ENGINE is `reference`, `rembg`, or one of ours with its precision: `openvino/bf16`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Pass = Callable[[], object]
PHOTO = np.random.default_rng(0).standard_normal((1, 3, 320, 320)).astype(np.float32)
MATRIX = 2048


def reference(checkpoint: str) -> Pass:
    """Return the authors' way: eager, float32, contiguous, seven maps."""
    import torch

    from sod_gallery.networks.checkpoints import resolve
    from sod_gallery.networks.weights import load_network

    network, photo = load_network(resolve(checkpoint)), torch.from_numpy(PHOTO)

    def run() -> object:
        with torch.no_grad():
            return network(photo)

    return run


def rembg(graph: str) -> Pass:
    """Return rembg's session, on a graph with the same weights."""
    from rembg import new_session  # type: ignore[import-not-found]

    session: Any = new_session("u2net_custom", model_path=graph).inner_session
    name = session.get_inputs()[0].name
    return lambda: session.run(None, {name: PHOTO})


def ours(engine: str, checkpoint: str) -> Pass:
    """Return one of our engines, on a prepared photo."""
    from sod_gallery.engines.predictor import start_engine as start_ours
    from sod_gallery.engines.runtime import Runtime
    from sod_gallery.networks.checkpoints import resolve

    backend, precision = engine.split("/")
    ready = start_ours(resolve(checkpoint), Runtime(backend=backend, precision=precision))
    return lambda: ready.predict_batch(PHOTO)


def multiplication(precision: str) -> Pass:
    """Return a product of square matrices: what the processor can do at best."""
    import torch

    dtype = {"fp32": torch.float32, "bf16": torch.bfloat16}[precision]
    one, other = torch.randn(2, MATRIX, MATRIX).to(dtype)
    return lambda: one @ other


def start_engine(engine: str, checkpoint: str) -> Pass:
    """Return one pass of an engine."""
    if engine == "reference":
        return reference(checkpoint)
    if engine == "rembg":
        return rembg(checkpoint)
    if engine.startswith("gemm/"):
        return multiplication(engine.removeprefix("gemm/"))
    return ours(engine, checkpoint)


def peak_memory(process: int | str) -> int:
    """Return a process's peak in MiB; what the system adds up for parents counts the parent too."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    raise ValueError(f"/proc/{process}/status has no VmHWM")


def main() -> None:
    """Warm up, then answer every line."""
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
