"""Times of one pass of the networks, in engines that take turns."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

from sod_gallery.engines.conversion import Conversion, cache_folder
from sod_gallery.engines.runtime import BACKENDS, PRECISIONS, is_installed, supported
from sod_gallery.networks.checkpoints import resolve
from sod_gallery.networks.registry import Checkpoint
from sod_gallery.networks.u2net import U2NET, U2Net

HERE = Path(__file__).parent
GMAC = {"u2net": 58.6, "u2netp": 19.8}
"""Multiplications and additions of one pass, in thousands of millions."""


ENVIRONMENT = os.environ | {"U2NET_HOME": str(cache_folder())}
"""rembg takes models from its own folder only."""

DAMPING = 0.7
"""Of random weights, since blocks add their input to what they make of it."""


@dataclass(frozen=True)
class Row:
    """One engine on one network."""

    network: str
    engine: str
    milliseconds: float
    ratio: float
    """How many times as fast as the reference."""
    share: float
    """Of what the processor does in a product of matrices in the same precision."""
    memory: int
    """Peak of the process, in MiB."""


class Worker:
    """An engine in its own process."""

    def __init__(self, engine: str, weights: str, python: str = sys.executable) -> None:
        command = [python, str(HERE / "worker.py"), engine, weights]
        self._process = subprocess.Popen(
            command, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.seconds: list[float] = []
        self._read()

    def run(self) -> None:
        """Take one pass."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self.seconds.append(float(self._read()))

    def end(self) -> int:
        """End the process; returns its peak memory in MiB."""
        memory, _ = self._process.communicate()
        return int(memory)

    @property
    def median(self) -> float:
        """Median of the passes, in seconds."""
        return statistics.median(self.seconds)

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args!r} ended early")
        return line


def measure_networks(checkpoint: str, rembg: str | None, rounds: int, work: Path) -> list[Row]:
    """Return the rows of both networks; U²-Net has random weights, which take the same time."""
    small, large = resolve(checkpoint), resolve(str(_random_weights(work / "u2net.safetensors")))
    peaks = {precision: _peak(precision, rounds) for precision in ("fp32", "bf16")}
    rows = []
    for chosen in (small, large):
        rows += _measure(chosen, rembg, rounds, peaks)
    return rows


def _measure(
    checkpoint: Checkpoint, rembg: str | None, rounds: int, peaks: dict[str, float]
) -> list[Row]:
    weights = str(checkpoint.path)
    workers = {"reference": Worker("reference", weights)}
    workers |= {engine: Worker(engine, weights) for engine in engines()}
    if rembg:
        workers["rembg"] = Worker("rembg", str(Conversion(checkpoint).graph()), rembg)
    for _ in range(rounds):
        for worker in workers.values():
            worker.run()
    reference = workers["reference"].median
    return [
        Row(
            network="U²-NetP" if checkpoint.architecture == "u2netp" else "U²-Net",
            engine=engine,
            milliseconds=1000 * worker.median,
            ratio=reference / worker.median,
            share=2e9 * GMAC[checkpoint.architecture] / worker.median / _peak_of(engine, peaks),
            memory=worker.end(),
        )
        for engine, worker in workers.items()
    ]


def engines() -> list[str]:
    """Return the engines and precisions that this machine has."""
    return [
        f"{backend}/{precision}"
        for backend in BACKENDS
        if is_installed(backend)
        for precision in PRECISIONS[backend, "cpu"]
        if supported(precision, "cpu")
    ]


def _peak(precision: str, rounds: int) -> float:
    """Return the operations a second of a product of matrices."""
    if not supported(precision, "cpu"):
        return float("inf")
    worker = Worker(f"gemm/{precision}", "")
    for _ in range(rounds):
        worker.run()
    worker.end()
    return float(2 * 2048**3 / worker.median)


def _peak_of(engine: str, peaks: dict[str, float]) -> float:
    """int8 has no peak of its own here: it is held against bfloat16, or float32 without it."""
    precision = engine.partition("/")[2] or "fp32"
    if precision == "int8":
        precision = "bf16" if supported("bf16", "cpu") else "fp32"
    return peaks[precision]


def _random_weights(path: Path) -> Path:
    """Write a U²-Net whose features neither vanish nor grow from layer to layer."""
    torch.manual_seed(0)
    network = U2Net(U2NET)
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight)
            nn.init.zeros_(torch.as_tensor(layer.bias))
            layer.weight.data *= DAMPING
    tensors = {n: t for n, t in network.state_dict().items() if t.is_floating_point()}
    save_file(tensors, path)
    return path
