"""Which engine runs a network, on which device and in which precision.

Nothing here imports an engine: what is chosen is part of a step's key, and a build with nothing to
do needs the key alone.  The choice depends on what is installed and on what the processor can do,
never on a trial: two builds on one machine choose the same.
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
"""What each engine can do on each device; unasked the first, or bf16 on CPUs that have it."""
BACKENDS = tuple(dict.fromkeys(backend for backend, _ in PRECISIONS))
DEVICES = ("cpu", "cuda")
MOST_ON_A_GPU = 16
"""Photos in a batch, where the memory is there for so many."""


class Runtime(Record, frozen=True):
    """How a network is run; the defaults give the same maps wherever they are computed."""

    backend: str = "torch"
    device: str = "cpu"
    precision: str = "fp32"

    @property
    def threads(self) -> int:
        """How many photos are worked on at once: enough for all cores, and for two full batches."""
        return processor().cores + (2 * MOST_ON_A_GPU if self.device == "cuda" else 1)

    def __str__(self) -> str:
        """Say it in short: ``openvino, bf16``; ``torch on cuda, fp16``."""
        where = "" if self.device == "cpu" else f" on {self.device}"
        return f"{self.backend}{where}, {self.precision}"


class Exact(Record, frozen=True):
    """What has to be computed in float32, by the graph's names and by the network's."""

    nodes: list[str]
    layers: list[str]
    feeding: list[str]
    """Those of the layers whose results are exact too, since exact layers take them."""


REFERENCE = Runtime()
"""What figures are measured with: it is there on every machine."""


def choose(backend: str = AUTO, device: str = "cpu", precision: str = AUTO) -> Runtime:
    """Return the fastest engine of those that are installed, in its fastest precision.

    int8 is never chosen unasked: it changes the maps visibly.  Raises ConfigError where what was
    asked for cannot be had here; nothing falls back to something slower.
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
    return Runtime(backend=found, device=device, precision=precision)


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
    try:
        driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return False
    count = ctypes.c_int(0)
    failed = driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count))
    return not failed and count.value > 0


def _combinations() -> str:
    lines = [f"{b} on {d}: {', '.join(can)}" for (b, d), can in PRECISIONS.items()]
    return f"There are {'; '.join(lines)}."
