"""Builds the site from a copy of its sources, for tests that look at the result."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest
import yaml
from playwright.sync_api import Page

BASEURL = "/U-2-Net"
WRITTEN_BY_THE_PIPELINE = ("sliders.yml", "gallery.json", "gallery", "raw", "results")


@dataclass(frozen=True)
class Site:
    """The built site: where its files lie and where it is served."""

    folder: Path
    origin: str

    def url(self, path: str) -> str:
        """Return the address of a root path without baseurl: ``/about/``."""
        return f"{self.origin}{BASEURL}{path}"


class OpenPage(Protocol):
    """Opens a page in a new context; ``options`` are those of Playwright's ``new_context``."""

    def __call__(self, path: str = "", **options: object) -> Page: ...


def copy_sources(root: Path, target: Path) -> None:
    """Copy what Jekyll reads, without anything that the pipeline or Jekyll has written."""
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    left_out = {entry.strip("/") for entry in config["exclude"]} | {"_site"}

    def ignore(folder: str, names: list[str]) -> set[str]:
        at_root = Path(folder) == root
        return {
            name
            for name in names
            if name.startswith(".")
            or name in WRITTEN_BY_THE_PIPELINE
            or (at_root and name in left_out)
        }

    shutil.copytree(root, target, ignore=ignore)


def build_site(root: Path, source: Path, destination: Path, baseurl: str = BASEURL) -> None:
    """Build ``source`` with the checkout's Jekyll, or fail with what it said."""
    command = [
        str(root / "tools/jekyll"),
        "build",
        f"--baseurl={baseurl}",
        f"--destination={destination}",
    ]
    run = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    if run.returncode:
        pytest.fail(f"jekyll build failed:\n{run.stdout}{run.stderr}", pytrace=False)
