"""Lighthouse's audits on a phone: everything but speed, which depends on the machine.

For the figures of speed: `node_modules/.bin/lighthouse URL --view` while `make serve` runs.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from browsers import BROWSER_FLAGS, find_browser
from jekyll_site import Site
from node_tools import node_command

pytestmark = pytest.mark.site

PAGES = ["/", "/gallery/sample/", "/compare/sample/14-jpg/", "/posts/u2net/"]
CATEGORIES = ("accessibility", "best-practices", "seo")
LARGEST_SHIFT = 0.02


@pytest.mark.parametrize("path", PAGES)
def test_lighthouse_finds_nothing(root: Path, site: Site, path: str) -> None:
    command = [
        *node_command(root, "lighthouse/cli/index.js"),
        site.url(path),
        "--quiet",
        "--output=json",
        "--no-enable-error-reporting",
        f"--only-categories={','.join(CATEGORIES)}",
        "--only-audits=cumulative-layout-shift",
        f"--chrome-flags={' '.join(['--headless=new', *BROWSER_FLAGS])}",
    ]
    environment = os.environ | {"CHROME_PATH": find_browser()}
    run = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=240
    )
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout)
    failed = [
        f"{name}: {audit['title']}"
        for name, audit in report["audits"].items()
        if audit["score"] is not None and audit["score"] < 1 and name != "cumulative-layout-shift"
    ]
    assert {name: report["categories"][name]["score"] for name in CATEGORIES} == dict.fromkeys(
        CATEGORIES, 1
    ), failed
    assert report["audits"]["cumulative-layout-shift"]["numericValue"] <= LARGEST_SHIFT
