"""The constraints file pins everything that is installed, so that two machines get the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
EXTRAS = ("", "scores", "fast", "test", "dev")


def pins() -> dict[str, Version]:
    """Return the pinned version of each package by its canonical name."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): Version(number) for name, number in pairs}


def needs(package: str, extras: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what an installed package requires on this machine, with the extras asked for."""
    for line in requires(package) or []:
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
            yield canonicalize_name(requirement.name), ("", *sorted(requirement.extras))


def installed() -> set[str]:
    """Return every package that the project and its extras lead to."""
    found: set[str] = set()
    todo = list(needs("sod-gallery", EXTRAS))
    while todo:
        name, extras = todo.pop()
        if name not in found:
            found.add(name)
            todo += needs(name, extras)
    return found


def test_everything_that_is_needed_is_pinned() -> None:
    assert installed() - set(pins()) == set()


def test_the_pinned_versions_are_those_that_run_here() -> None:
    pinned = pins()
    assert {name: Version(version(name)).public for name in installed()} == {
        name: str(pinned[name]) for name in installed()
    }


def test_torch_is_pinned_without_a_local_tag() -> None:
    assert pins()["torch"].local is None


@pytest.mark.parametrize("file", ["site", "test"])
def test_the_hashes_of_the_workflows_are_of_the_pinned_versions(file: str) -> None:
    lines = (ROOT / f".github/requirements-{file}.txt").read_text(encoding="utf-8").splitlines()
    hashed = {}
    for line in lines[1:]:
        found = re.fullmatch(r"([\w.-]+)==(\S+) --hash=sha256:[0-9a-f]{64}", line)
        assert found, line
        hashed[canonicalize_name(found[1])] = Version(found[2])
    pinned = pins()
    remedy = "constraints.txt has changed: run .venv/bin/python tools/hashes.py"
    assert {name: pinned.get(name) for name in hashed} == hashed, remedy
    needed = installed() if file == "test" else {name for name, _ in needs("sod-gallery", ("",))}
    assert needed <= set(hashed), remedy
