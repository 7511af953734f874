"""No page of the site refers to anything that is not there."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from jekyll_site import BASEURL, Site
from node_tools import node_command

pytestmark = pytest.mark.site


def test_no_link_of_the_site_is_broken(root: Path, site: Site) -> None:
    command = [
        *node_command(root, "linkinator/build/src/cli.js"),
        site.url("/"),
        "--recurse",
        "--format=json",
        f"--skip=^(?!{site.origin}/)",
    ]
    run = subprocess.run(command, cwd=site.folder, capture_output=True, text=True, check=False)
    links = json.loads(run.stdout)["links"]
    broken = [f"{link['url']} in {link['parent']}" for link in links if link["state"] == "BROKEN"]
    assert not broken, "\n".join(broken)
    states = Counter(link["state"] for link in links)
    assert states["OK"] > 50, states
    assert any(f"{BASEURL}/compare/" in link["url"] for link in links)
