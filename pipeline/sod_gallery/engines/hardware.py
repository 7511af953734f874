"""What the processor can do, asked of the operating system: precision and engine follow it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
TOLD = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16")
"""The instructions that decide how fast a network runs, by Linux's names."""


M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""From glibc's malloc.h."""


@dataclass(frozen=True)
class Processor:
    """The processor that this process runs on."""

    name: str
    cores: int
    """Those that the process may use."""
    flags: frozenset[str]

    @property
    def bf16(self) -> bool:
        """Tell whether it multiplies bfloat16 natively; elsewhere that is slower than float32."""
        return not self.flags.isdisjoint({"avx512_bf16", "amx_bf16"})

    def __str__(self) -> str:
        """Name it, with what it can do: ``AMD EPYC, 2 cores, avx2, avx512f``."""
        able = [flag for flag in TOLD if flag in self.flags]
        return ", ".join([self.name, f"{self.cores} cores", *able])


@cache
def processor() -> Processor:
    """Return this machine's processor; where the system tells nothing, one without extras."""
    told = _cpuinfo()
    return Processor(
        name=told.get("model name") or platform.machine() or "unknown processor",
        cores=_cores(),
        flags=frozenset(told.get("flags", "").split()),
    )


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def keep_freed_memory() -> None:
    """Have glibc keep large blocks that are freed, where it is the allocator.

    A network frees and asks for the same tens of megabytes at every layer: giving them back to the
    system each time costs a sixth to a fifth of its time in page faults.
    """
    with contextlib.suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL("libc.so.6").mallopt
        mallopt(M_MMAP_THRESHOLD, 1 << 30)
        mallopt(M_TRIM_THRESHOLD, (1 << 31) - 1)


def _cpuinfo() -> dict[str, str]:
    try:
        first, _, _ = CPUINFO.read_text().partition("\n\n")
    except OSError:
        return {}
    pairs = (line.partition(":") for line in first.splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}
