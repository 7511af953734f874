"""The house rules: rooms import only lower rooms, torch stays in its modules, files are short."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "pipeline" / "sod_gallery"
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
    for path in PACKAGE.rglob("*.py")
    if path.stem != "__init__"
}
TORCH_MODULES = {
    "engines.onnx_export",
    "engines.torch_engine",
    "networks.u2net",
    "networks.weights",
}

SOURCES = {
    "pipeline": "*.py",
    "tools": "*",
    "_plugins": "*.rb",
    "_includes": "*.html",
    "_layouts": "*.html",
    "assets/css": "*.*css",
    "assets/js": "*.js",
}
MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 45


def imported(module: str, nodes: Iterator[ast.AST]) -> Iterator[str]:
    """Yield what is imported: modules of the package by their name below it, others in full."""
    room = module.rpartition(".")[0]
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = node.module or ""
            source = f"{room}.{source}".strip(".") if node.level else source
            source = source.removeprefix("sod_gallery").removeprefix(".")
            yield source
            yield from (f"{source}.{alias.name}".strip(".") for alias in node.names)


def everywhere(module: str) -> set[str]:
    """Return what a module imports anywhere in its text."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    return set(imported(module, ast.walk(tree)))


def at_once(module: str) -> set[str]:
    """Return what a module imports as soon as it is imported itself."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    return set(imported(module, iter(tree.body)))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_rooms_import_only_what_lies_below_them() -> None:
    """The rows are in pyproject.toml, under ``[tool.importlinter]``."""
    lint_imports = str(Path(sys.executable).with_name("lint-imports"))
    result = subprocess.run(
        [lint_imports, "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == 0, result.stdout


def test_every_room_is_in_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    rooms = {module.rpartition(".")[0] for module in MODULES} - {""}
    listed = {"sod_gallery", "sod_gallery.embedded", *(f"sod_gallery.{room}" for room in rooms)}
    assert set(project["tool"]["setuptools"]["packages"]) == listed


@pytest.mark.parametrize("module", sorted(MODULES))
def test_torch_stays_in_its_modules(module: str) -> None:
    if module in TORCH_MODULES:
        assert "torch" in at_once(module)
        return
    assert {name for name in everywhere(module) if name.split(".")[0] == "torch"} == set()
    assert at_once(module) & TORCH_MODULES == set()


def test_pytest_passes_over_no_folder_of_tests(pytestconfig: pytest.Config) -> None:
    folders = {path.parent.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py")}
    names = {name for folder in folders for name in folder.parts}
    hidden = pytestconfig.getini("norecursedirs")
    assert {name for name in names if any(fnmatch(name, pattern) for pattern in hidden)} == set()


def test_the_command_line_starts_without_torch() -> None:
    code = "import sys, sod_gallery.cli; print('torch' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert result.stdout.strip() == "False"


def test_files_are_short() -> None:
    files = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for folder, pattern in SOURCES.items()
        for path in (ROOT / folder).rglob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name: lines for name, lines in files.items() if lines > MOST_LINES} == {}


@pytest.mark.parametrize("folder", ["pipeline", "tools", "tests", "bench"])
def test_functions_are_short(folder: str) -> None:
    lengths = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in (ROOT / folder).rglob("*.py")
        for node in functions(path)
        if node.end_lineno is not None
    }
    assert {name: size for name, size in lengths.items() if size > MOST_LINES_OF_A_FUNCTION} == {}
