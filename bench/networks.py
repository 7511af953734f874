"""Measures one pass of each network in each engine; the engines take turns."""

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
"""GMAC (10⁹ multiply–accumulate operations) of one pass on one photo of 320×320 pixels."""

ENVIRONMENT = os.environ | {"U2NET_HOME": str(cache_folder())}
"""The workers' environment.  rembg loads models only from ``U2NET_HOME``, so it has to be the
folder of the converted graphs."""

DAMPING = 0.7
"""Factor of the random weights.  Without it, the features would grow from block to block, because a
block adds its first features to its output."""


@dataclass(frozen=True)
class Row:
    """The measurements of one engine with one network."""

    network: str
    engine: str
    milliseconds: float
    """Median time of one pass."""
    ratio: float
    """Speed as a multiple of the reference's."""
    share: float
    """Operations per second, as a fraction of those in a matrix product of the same precision."""
    memory: int
    """Peak memory of the process, in MiB."""


class Worker:
    """An engine in a process of its own: bench/worker.py.

    All methods raise RuntimeError if the process has ended early.
    """

    def __init__(self, engine: str, weights: str, python: str = sys.executable) -> None:
        command = [python, str(HERE / "worker.py"), engine, weights]
        self._process = subprocess.Popen(
            command, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.seconds: list[float] = []
        self._read()

    def run(self) -> None:
        """Run one pass and record its seconds."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self.seconds.append(float(self._read()))

    def end(self) -> int:
        """End the process; return its peak memory in MiB."""
        memory, _ = self._process.communicate()
        return int(memory)

    @property
    def median(self) -> float:
        """Median of the recorded passes, in seconds."""
        return statistics.median(self.seconds)

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args!r} ended early")
        return line


def measure_networks(checkpoint: str, rembg: str | None, rounds: int, work: Path) -> list[Row]:
    """Measure U²-NetP with ``checkpoint``, and U²-Net with random weights; return all rows.

    ``rembg`` is a Python that has rembg installed, or none.  U²-Net's weights do not change its
    speed, so none need to be downloaded.
    """
    small, large = resolve(checkpoint), resolve(str(_random_weights(work / "u2net.safetensors")))
    peaks = {precision: _peak(precision, rounds) for precision in ("fp32", "bf16")}
    rows = []
    for network in (small, large):
        rows += _measure(network, rembg, rounds, peaks)
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
    """Return the engines that are installed, with the precisions that this processor supports.

    The form is ``openvino/bf16``.
    """
    return [
        f"{backend}/{precision}"
        for backend in BACKENDS
        if is_installed(backend)
        for precision in PRECISIONS[backend, "cpu"]
        if supported(precision, "cpu")
    ]


def _peak(precision: str, rounds: int) -> float:
    """Return the operations per second of a matrix product: infinite for unsupported precisions."""
    if not supported(precision, "cpu"):
        return float("inf")
    worker = Worker(f"gemm/{precision}", "")
    for _ in range(rounds):
        worker.run()
    worker.end()
    return float(2 * 2048**3 / worker.median)


def _peak_of(engine: str, peaks: dict[str, float]) -> float:
    """Return the peak for an engine's precision.

    The peak of int8 is not measured; that of bfloat16 is used, or that of float32 if the processor
    does not support bfloat16.
    """
    precision = engine.partition("/")[2] or "fp32"
    if precision == "int8":
        precision = "bf16" if supported("bf16", "cpu") else "fp32"
    return peaks[precision]


def _random_weights(path: Path) -> Path:
    """Write a U²-Net with random weights, whose features neither vanish nor grow between layers."""
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
