"""The public API: its names, and the examples of its page."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from small_world import draw

import sod_gallery
from sod_gallery import api

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "api.md"


def test_the_public_names_are_those_of_the_api() -> None:
    assert sod_gallery.__all__ == api.__all__
    assert all(getattr(sod_gallery, name) is getattr(api, name) for name in api.__all__)
    assert set(sod_gallery.__all__) <= set(dir(sod_gallery))
    with pytest.raises(AttributeError, match="nothing"):
        sod_gallery.nothing  # noqa: B018


def test_every_public_name_is_documented() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in sod_gallery.__all__ if name not in page] == []


def test_importing_the_package_loads_nothing() -> None:
    code = "import sod_gallery, sys; print({'numpy', 'PIL', 'msgspec', 'torch'} & set(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout == "set()\n"


def test_the_package_is_marked_as_typed() -> None:
    assert (Path(sod_gallery.__file__).parent / "py.typed").is_file()


@pytest.mark.network
def test_the_examples_of_the_page_run(tmp_path: Path) -> None:
    draw(tmp_path / "cat.jpg", (120, 80), 1)
    for number in range(2):
        draw(tmp_path / f"holiday/{number}.jpg", (90, 60), number)
    examples = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) >= 4
    result = subprocess.run(
        [sys.executable, "-c", "\n".join(examples)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    assert "['holiday/0.jpg', 'holiday/1.jpg'] []" in result.stdout
    assert "missing.jpg: cannot be opened" in result.stdout
    assert (tmp_path / "cat.png").is_file()
    assert (tmp_path / "site/_data/gallery.json").is_file()
