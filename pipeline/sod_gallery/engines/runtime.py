"""Chooses the engine that runs a network, the device and the precision.

The choice is part of a step's key, and a build with nothing to do needs only the key: nothing here
imports an engine.  The choice depends on what is installed and on the processor's instructions, and
never on a measurement, so that two builds on one machine choose alike.
"""

from __future__ import annotations

import ctypes
import sys
from importlib.util import find_spec

from sod_gallery.errors import ConfigError
from sod_gallery.records import Record

from .hardware import Processor, processor

AUTO = "auto"
PRECISIONS = {
    ("torch", "cpu"): ("fp32", "bf16"),
    ("torch", "cuda"): ("fp16", "bf16", "fp32"),
    ("openvino", "cpu"): ("fp32", "bf16", "int8"),
    ("onnxruntime", "cpu"): ("fp32", "int8"),
}
"""The precisions of each engine on each device.  The default is the first one, or bf16 on a CPU
that has its instructions."""
BACKENDS = tuple(dict.fromkeys(backend for backend, _ in PRECISIONS))
DEVICES = ("cpu", "cuda")
MOST_ON_A_GPU = 16
"""Photos in a batch, where the GPU's memory holds so many."""
BYTES_PER_PHOTO = 600_000_000
"""GPU memory that one photo of 320×320 takes in U²-Net in half precision, rounded up.  An estimate
from the sizes of the features; it was never measured on a GPU."""


class Runtime(Record, frozen=True):
    """How a network is run; with the defaults, every machine computes the same maps."""

    backend: str = "torch"
    device: str = "cpu"
    precision: str = "fp32"
    batch: int = 1
    """Photos in a batch of the network."""

    @property
    def threads(self) -> int:
        """Photos to work on at once: enough for all cores, and for two full batches on a GPU."""
        return processor().cores + (2 * self.batch if self.device == "cuda" else 1)

    def __str__(self) -> str:
        """Return a short form: ``openvino, bf16``; ``torch on cuda, fp16``."""
        where = "" if self.device == "cpu" else f" on {self.device}"
        return f"{self.backend}{where}, {self.precision}"


class Exact(Record, frozen=True):
    """What has to be computed in float32: see ``onnx_export.Recording.exact``."""

    nodes: list[str]
    """By the names of the graph's nodes."""
    layers: list[str]
    """The same, by the names of the network's convolutions."""
    producers: list[str]
    """Those of ``layers`` whose results stay in float32 as well, because exact layers take them."""


REFERENCE = Runtime()
"""The runtime that scores are measured with; every installation has it."""


def choose(backend: str = AUTO, device: str = "cpu", precision: str = AUTO) -> Runtime:
    """Return the fastest engine of those that are installed, in its fastest precision.

    int8 changes the maps visibly, so it is used only where the caller asks for it.  Raises
    ConfigError where this machine cannot do what was asked for; there is no fallback.
    """
    cpu = processor()
    if device == "cuda" and not has_cuda():
        raise ConfigError(
            "--device cuda: this machine has no NVIDIA GPU with a driver. Leave it out, and the "
            "networks run on the processor."
        )
    if not supported(precision, device):
        raise ConfigError(
            f"--precision {precision}: this processor ({cpu}) does not compute in it, and would "
            "take several times as long as with fp32. Leave it out."
        )
    asked = ranking(cpu) if backend == AUTO else (backend,)
    able = [name for name in asked if precision in (AUTO, *PRECISIONS.get((name, device), ()))]
    able = [name for name in able if (name, device) in PRECISIONS]
    if not able:
        raise ConfigError(
            f"--backend {backend} --device {device} --precision {precision}: there is no such "
            f"combination. {_combinations()}"
        )
    found = next((name for name in able if is_installed(name)), None)
    if found is None:
        raise ConfigError(
            f"{' or '.join(able)} would be needed for that and is not installed: "
            "pip install 'sod-gallery[fast]', or in a checkout pip install -e '.[fast]'."
        )
    if precision == AUTO:
        natively = device == "cpu" and cpu.bf16 and "bf16" in PRECISIONS[found, device]
        precision = "bf16" if natively else PRECISIONS[found, device][0]
    batch = batch_of_gpu() if device == "cuda" else 1
    return Runtime(backend=found, device=device, precision=precision, batch=batch)


def ranking(cpu: Processor) -> tuple[str, ...]:
    """Return the engines from the fastest to the slowest on such a processor (docs/speed.md)."""
    if cpu.bf16:
        return ("openvino", "torch", "onnxruntime")
    return ("onnxruntime", "openvino", "torch")


def is_installed(backend: str) -> bool:
    """Tell whether an engine can be imported, without importing it."""
    return find_spec(backend) is not None


def supported(precision: str, device: str) -> bool:
    """Tell whether a device computes in a precision at full speed."""
    return precision != "bf16" or device == "cuda" or processor().bf16


def has_cuda() -> bool:
    """Tell whether the NVIDIA driver knows a GPU; torch would need two seconds to say so."""
    driver = _cuda_driver()
    count = ctypes.c_int(0)
    return bool(driver and not driver.cuDeviceGetCount(ctypes.byref(count)) and count.value > 0)


def batch_of_gpu() -> int:
    """Return how many photos of a batch fit into the first GPU's memory, MOST_ON_A_GPU at most.

    Maps depend on the batch, so it follows from the memory that the GPU has, not from what is free.
    """
    driver, memory = _cuda_driver(), ctypes.c_size_t(0)
    if driver is None or driver.cuDeviceTotalMem_v2(ctypes.byref(memory), 0):
        return 1
    return max(1, min(MOST_ON_A_GPU, memory.value // BYTES_PER_PHOTO))


def _cuda_driver() -> ctypes.CDLL | None:
    try:
        driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return None
    return None if driver.cuInit(0) else driver


def _combinations() -> str:
    lines = [f"{b} on {d}: {', '.join(can)}" for (b, d), can in PRECISIONS.items()]
    return f"There are {'; '.join(lines)}."
