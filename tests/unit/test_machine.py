"""How much memory may be used: the machine's, its cgroup's, or less by a limit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sod_gallery import machine


@pytest.fixture
def cgroups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(machine, "CGROUPS", tmp_path)
    monkeypatch.setattr(machine, "CGROUP_OF_PROCESS", tmp_path / "cgroup")
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_without_cgroups_it_is_what_the_machine_has(cgroups: Path) -> None:
    assert not list(cgroups.iterdir())
    assert machine.memory() > 1 << 28


def test_the_least_limit_of_the_cgroups_around_counts(cgroups: Path) -> None:
    write(cgroups / "cgroup", "0::/user/build\n")
    write(cgroups / "user/memory.max", "3000000\n")
    write(cgroups / "user/build/memory.max", "max\n")
    assert machine.memory() == 3_000_000


def test_the_first_version_of_cgroups(cgroups: Path) -> None:
    write(cgroups / "cgroup", "5:cpu:/x\n4:hugetlb,memory:/job\n")
    write(cgroups / "memory/job/memory.limit_in_bytes", "5000000\n")
    assert machine.memory() == 5_000_000


def test_a_resource_limit_counts() -> None:
    code = (
        "import resource as r; r.setrlimit(r.RLIMIT_AS, (1 << 29, 1 << 29));"
        "from sod_gallery.machine import memory; print(memory())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) == 1 << 29
