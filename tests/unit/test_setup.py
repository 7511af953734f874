"""Setting up says in a sentence what is missing, and its lists agree with what is used."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETUP = ROOT / "tools" / "setup.sh"
BROUGHT_BY_JEKYLL = {"webrick"}


def run(part: str, path: Path, setup: Path = SETUP) -> subprocess.CompletedProcess[str]:
    """Run one part of the setup with a PATH of nothing but ``path``."""
    return subprocess.run(
        [shutil.which("bash") or "bash", setup, *part.split()],
        env=os.environ | {"PATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def commands(tmp_path: Path) -> Path:
    """Return a folder with the commands that any machine has, and without apt-get."""
    for name in ("dirname", "id", "sh"):
        found = shutil.which(name)
        assert found
        (tmp_path / name).symlink_to(found)
    return tmp_path


def add_command(folder: Path, name: str, script: str) -> None:
    command = folder / name
    command.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    command.chmod(0o755)


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("node", "setup: node and npm are missing: sudo apt-get install nodejs npm"),
        ("chromium", "setup: the site's tests need Chromium: sudo apt-get install chromium"),
        (
            "everything",
            "setup: say which part: python, node, ruby, rubocop, chromium, firefox or webkit",
        ),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(commands: Path, part: str, sentence: str) -> None:
    result = run(part, commands)
    assert (result.returncode, result.stdout, result.stderr) == (1, "", sentence + "\n")


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("firefox", "tests in Firefox need packages: sudo apt-get install firefox-esr"),
        ("webkit", "tests in WebKit need packages: sudo apt-get install webkit2gtk-driver xvfb"),
    ],
)
def test_an_engine_may_be_missing_except_in_continuous_integration(
    commands: Path, monkeypatch: pytest.MonkeyPatch, part: str, sentence: str
) -> None:
    monkeypatch.delenv("CI", raising=False)
    result = run(part, commands)
    assert result.returncode == 0
    assert result.stderr == f"setup: the site's {sentence} (they are skipped until then)\n"
    monkeypatch.setenv("CI", "true")
    result = run(part, commands)
    assert result.returncode == 1
    assert result.stderr == f"setup: the site's {sentence}\n"


def test_a_missing_jekyll_names_the_packages(commands: Path) -> None:
    result = run("ruby", commands)
    assert result.returncode == 1
    assert "setup: Jekyll 4.3 is missing: sudo apt-get install jekyll bundler" in result.stderr


def test_a_missing_rubocop_names_its_package(commands: Path) -> None:
    result = run("rubocop", commands)
    assert result.returncode == 1
    assert "setup: RuboCop, which checks the Ruby of _plugins, is missing" in result.stderr
    assert "sudo apt-get install rubocop" in result.stderr


def test_an_old_node_is_refused_before_anything_is_installed(commands: Path) -> None:
    add_command(commands, "node", 'echo v16.3.0; [ "$1" != -e ]')
    add_command(commands, "npm", "echo npm was called; exit 1")
    result = run("node", commands)
    assert result.returncode == 1
    assert result.stderr.startswith("setup: node v16.3.0 is too old, 18.19 or newer is needed")
    assert "npm was called" not in result.stdout


@pytest.mark.parametrize(("part", "code"), [("node", 1), ("node --omit=dev", 0)])
def test_a_node_too_old_for_the_tests_is_named_but_makes_the_site(
    commands: Path, tmp_path: Path, part: str, code: int
) -> None:
    shutil.copytree(ROOT / "tools", tmp_path / "checkout/tools")
    add_command(
        commands,
        "node",
        'case "$1$3" in -e18.19) exit 0;; -e*) exit 1;; -p) echo 22.22;; *) echo v20.1.0;; esac',
    )
    add_command(commands, "npm", "exit 0")
    result = run(part, commands, tmp_path / "checkout/tools/setup.sh")
    assert result.returncode == code
    needed = "setup: the tests' tools need node 22.22 or newer, and v20.1.0 is what is here"
    assert (needed in result.stderr) == bool(code)


def test_debian_has_a_package_for_every_gem() -> None:
    gems = set(re.findall(r'^gem "([\w-]+)"', (ROOT / "Gemfile").read_text("utf-8"), re.MULTILINE))
    line = re.search(r"jekyll_packages=\((.*)\)", SETUP.read_text("utf-8"))
    assert line
    packages = {package.removeprefix("ruby-") for package in line[1].split()}
    assert gems - BROUGHT_BY_JEKYLL <= packages
