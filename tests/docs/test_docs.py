"""Documents do not drift from what they describe: commands, options, dependencies, links."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import msgspec
import pytest
import yaml

from sod_gallery.cli import COMMANDS
from sod_gallery.config import CompositeConfig, Config, DatasetConfig, MethodConfig, PublishConfig

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def code_in(text: str) -> str:
    """Return what a page sets as code: fenced and indented blocks, and `spans`."""
    fenced = re.findall(r"```[a-z]*\n(.*?)```", text, re.DOTALL)
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    indented = re.findall(r"^    (.*)$", prose, re.MULTILINE)
    return "\n".join([*fenced, *indented, *re.findall(r"`([^`]+)`", prose)])


def make_targets() -> tuple[set[str], set[str]]:
    """Return the documented targets of the Makefile, and all of its targets."""
    text = read(ROOT / "Makefile")
    documented = re.findall(r"^([a-z]+):.*## ", text, re.MULTILINE)
    lines = re.findall(r"^([a-z ]+):(?!=)", text, re.MULTILINE)
    return set(documented), {target for line in lines for target in line.split()}


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives to a page's headings."""
    headings = re.findall(r"^#+ (.+)$", read(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def dependencies() -> list[str]:
    """Return the names of all that is installed on purpose, from PyPI and npm."""
    project = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    extras = [name for extra in project["optional-dependencies"].values() for name in extra]
    requirements = [*project["dependencies"], *extras]
    package = json.loads(read(ROOT / "package.json"))
    names = [re.split(r"[<>=!~\[; ]", line)[0] for line in requirements]
    return sorted({*names, *package["dependencies"], *package["devDependencies"]})


def test_the_readme_names_the_documented_commands() -> None:
    documented, _ = make_targets()
    assert documented - {"help"} <= set(re.findall(r"\bmake ([a-z]+)", code_in(read(README))))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_in_the_pages_exist(page: Path) -> None:
    _, targets = make_targets()
    assert set(re.findall(r"\bmake ([a-z]+)", code_in(read(page)))) <= targets


def options_of(*command: str) -> set[str]:
    """Return the options that the help of a command names."""
    result = subprocess.run(
        [sys.executable, "-m", "sod_gallery", *command, "--help"],
        env=os.environ | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(OPTION.findall(result.stdout))


def test_every_option_is_documented_and_every_documented_option_exists() -> None:
    page = read(ROOT / "docs" / "cli.md")
    assert all(f"\n## {command}\n" in page for command in COMMANDS)
    options = options_of().union(*(options_of(command) for command in COMMANDS))
    assert set(OPTION.findall(code_in(page))) == options


def test_messages_name_options_that_exist() -> None:
    options = options_of().union(*(options_of(command) for command in COMMANDS))
    source = "".join(map(read, sorted((ROOT / "pipeline" / "sod_gallery").rglob("*.py"))))
    assert set(OPTION.findall(source)) - {"--force-reinstall"} <= options  # pip's


def test_the_build_of_a_checkout_has_the_options_of_the_command() -> None:
    script = ROOT / "pipeline" / "build.py"
    result = subprocess.run(
        [sys.executable, script, "--help"], capture_output=True, text=True, check=True, timeout=60
    )
    assert set(OPTION.findall(result.stdout)) == options_of("build")


@pytest.mark.parametrize("name", dependencies())
def test_a_decision_says_why_each_dependency_is_taken(name: str) -> None:
    assert any(f"`{name}`" in read(page) for page in DECISIONS)


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(page.name[:4]) for page in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_the_pages_resolve(page: Path) -> None:
    for link in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", read(page)):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_setting_is_documented_and_the_example_is_valid() -> None:
    page = read(ROOT / "docs" / "settings.md")
    example = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert example
    msgspec.convert(yaml.safe_load(example[1])["gallery"], Config)
    fields = {
        field.name
        for kind in (Config, DatasetConfig, CompositeConfig, MethodConfig, PublishConfig)
        for field in msgspec.structs.fields(kind)
    }
    documented = set(re.findall(r"^\| `(?:[\w.]*\.)?(\w+)`", page, re.MULTILINE))
    assert documented == fields - {"composite", "datasets", "methods", "publish"}
