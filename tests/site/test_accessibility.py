"""Every type of page by axe's rules in both colour schemes, and by the rules of HTML."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Literal

import pytest
from axe import violations
from jekyll_site import OpenPage, Site
from node_tools import node_command

pytestmark = pytest.mark.site

PAGES = [
    "/",
    "/gallery/sample/",
    "/compare/sample/14-jpg/",
    "/compare/sample/folder-jpeg/",
    "/posts/u2net/",
    "/credits/",
    "/404.html",
]

SLIDER_TESTS = "slider"
"""Folder of pages that are written by hand for the sliders' tests, badly where that is the test."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(
    open_page: OpenPage, root: Path, path: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = open_page(path, color_scheme=scheme, viewport={"width": width, "height": 900})
    assert violations(page, root) == []


def test_html_is_valid(root: Path, site: Site) -> None:
    pages = [page for page in site.folder.rglob("*.html") if SLIDER_TESTS not in page.parts]
    command = [
        *node_command(root, "html-validate/bin/html-validate.mjs"),
        f"--config={root / 'tests/site/htmlvalidate.json'}",
        "--formatter=text",
        *map(str, sorted(pages)),
    ]
    run = subprocess.run(command, cwd=site.folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
