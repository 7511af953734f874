"""Asks the operating system what the processor can do; engine and precision are chosen by it."""

from __future__ import annotations

import contextlib
import ctypes
import platform
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sod_gallery.machine import cores

CPUINFO = Path("/proc/cpuinfo")
FLAGS_SHOWN = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16")
"""The instruction sets that decide how fast a network runs, by Linux's names."""


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
        shown = [flag for flag in FLAGS_SHOWN if flag in self.flags]
        return ", ".join([self.name, f"{self.cores} cores", *shown])


@cache
def processor() -> Processor:
    """Return this machine's processor; without facts from the system, one without extras."""
    facts = _cpuinfo()
    return Processor(
        name=facts.get("model name") or platform.machine() or "unknown processor",
        cores=cores(),
        flags=frozenset(facts.get("flags", "").split()),
    )


def keep_freed_memory() -> None:
    """Have glibc keep large blocks that are freed, where it is the allocator.

    A network allocates and frees the same tens of megabytes at every layer.  Where each block goes
    back to the system, page faults take a sixth to a fifth of the network's time.
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
