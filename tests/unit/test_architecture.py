"""The house rules: imports go downwards, torch stays in its rooms, and rooms stay small."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "pipeline" / "sod_gallery"
MODULES = {path.stem: path for path in PACKAGE.glob("*.py") if path.stem != "__init__"}

# From the ground up: a module may import only what stands in a row before its own.
LAYERS = (
    {"batching", "encoding", "errors", "hardware", "openvino_model", "places", "records"},
    {"graph_engines", "runtime", "steps"},
    {"config", "download", "imaging", "manifest", "photos", "progress", "u2net", "uncertainty"},
    {"checkpoints", "datasets", "export", "recipe", "sitedata"},
    {"companions", "preparation", "selection", "state", "weights", "workshop"},
    {"quantisation"},
    {"conversion"},
    {"torch_engine"},
    {"predictor"},
    {"models"},
    {"reviews", "run"},
    {"inspection"},
    {"cli"},
    {"__main__"},
)
LEVEL = {module: level for level, layer in enumerate(LAYERS) for module in layer}
TORCH_ROOMS = {"export", "torch_engine", "u2net", "weights"}

ROOMS = {
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


def imported(nodes: Iterator[ast.AST]) -> Iterator[str]:
    """Yield what is imported: modules of the package by their own name, others in full."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").removeprefix("sod_gallery.")
        elif isinstance(node, ast.ImportFrom):
            yield from [node.module] if node.module else (alias.name for alias in node.names)


def everywhere(module: str) -> set[str]:
    """Return what a module imports anywhere in its text."""
    return set(imported(ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8")))))


def at_once(module: str) -> set[str]:
    """Return what a module imports as soon as it is imported itself."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    return set(imported(iter(tree.body)))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_every_module_has_its_layer() -> None:
    assert set(MODULES) == set(LEVEL)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_go_downwards(module: str) -> None:
    inside = everywhere(module) & set(MODULES)
    assert {name for name in inside if LEVEL[name] >= LEVEL[module]} == set()


@pytest.mark.parametrize("module", sorted(set(MODULES) - TORCH_ROOMS))
def test_torch_stays_in_its_rooms(module: str) -> None:
    assert {name for name in everywhere(module) if name.split(".")[0] == "torch"} == set()
    assert at_once(module) & TORCH_ROOMS == set()


def test_the_command_line_starts_without_torch() -> None:
    code = "import sys, sod_gallery.cli; print('torch' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert result.stdout.strip() == "False"


def test_files_are_short() -> None:
    files = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for folder, pattern in ROOMS.items()
        for path in (ROOT / folder).rglob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name: lines for name, lines in files.items() if lines > MOST_LINES} == {}


@pytest.mark.parametrize("folder", ["pipeline", "tools", "tests"])
def test_functions_are_short(folder: str) -> None:
    lengths = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in (ROOT / folder).rglob("*.py")
        for node in functions(path)
        if node.end_lineno is not None
    }
    assert {name: size for name, size in lengths.items() if size > MOST_LINES_OF_A_FUNCTION} == {}
