"""What is read of the processor."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sod_gallery.engines import hardware
from sod_gallery.engines.hardware import Processor

CPUINFO = """\
processor\t: 0
model name\t: Imagined 9000
flags\t\t: fpu avx2 avx512f {extra}

processor\t: 1
model name\t: Another
flags\t\t: fpu
"""


def processor_of(text: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> Processor:
    path.write_text(text)
    monkeypatch.setattr(hardware, "CPUINFO", path)
    return hardware.processor.__wrapped__()


@pytest.mark.parametrize(
    ("extra", "bf16"), [("avx512_bf16", True), ("amx_bf16", True), ("avx512_vnni", False)]
)
def test_bfloat16_is_known_by_the_flags(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extra: str, bf16: bool
) -> None:
    found = processor_of(CPUINFO.format(extra=extra), tmp_path / "cpuinfo", monkeypatch)
    assert (found.name, found.bf16) == ("Imagined 9000", bf16)
    assert str(found) == f"Imagined 9000, {found.cores} cores, avx2, avx512f, {extra}"


def test_without_a_word_from_the_system_nothing_is_promised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hardware, "CPUINFO", tmp_path / "missing")
    found = hardware.processor.__wrapped__()
    assert found.name
    assert not found.bf16


def test_cores_are_those_that_may_be_used() -> None:
    assert hardware.processor().cores == len(os.sched_getaffinity(0))


def test_memory_may_be_kept_more_than_once() -> None:
    hardware.keep_freed_memory()
    hardware.keep_freed_memory()
