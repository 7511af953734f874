#!/usr/bin/env python3
"""Writes the hashed requirements of the workflows: what pip would install here by constraints.txt.

Run it on what the workflows run on (Linux, x86-64, Python 3.11), after a change of constraints.txt,
with PIP_EXTRA_INDEX_URL as they have it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILES = {
    ".github/requirements-site.txt": ".",
    ".github/requirements-test.txt": ".[fast,scores,test,dev]",
}


def chosen(requirement: str) -> dict[str, str]:
    """Return the sha256 of each file that pip chooses, by ``name==version``."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
    options = ["--constraint", "constraints.txt", "--report", "-"]
    run = subprocess.run(
        [*pip, *options, "--editable", requirement], cwd=ROOT, check=True, stdout=subprocess.PIPE
    )
    found = {}
    for package in json.loads(run.stdout)["install"]:
        name, version = package["metadata"]["name"].lower(), package["metadata"]["version"]
        if name != "sod-gallery":
            hashes = package["download_info"]["archive_info"]["hashes"]
            found[f"{name}=={version.partition('+')[0]}"] = hashes["sha256"]
    return found


def main() -> None:
    """Write both files."""
    for file, requirement in FILES.items():
        lines = [
            f"{pin} --hash=sha256:{sha256}" for pin, sha256 in sorted(chosen(requirement).items())
        ]
        header = (
            "# Written by tools/hashes.py. torch is the build for CPUs of download.pytorch.org."
        )
        (ROOT / file).write_text("\n".join([header, *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
