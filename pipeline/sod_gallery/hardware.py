"""What the processor can do, asked of the operating system: precision and engine follow it."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
TOLD = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16")
"""The instructions that decide how fast a network runs, by Linux's names."""


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
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        flags=frozenset(told.get("flags", "").split()),
    )


def _cpuinfo() -> dict[str, str]:
    try:
        first, _, _ = CPUINFO.read_text().partition("\n\n")
    except OSError:
        return {}
    pairs = (line.partition(":") for line in first.splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}
