"""Builds on a disk that is too small, then on a larger one; started in a mount namespace.

Arguments: bytes, an empty folder for the disk, a site to begin with or "-", the command.  Prints
the exit codes, what was said, and the sha256 of every file at the end, as JSON.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path


def run(command: list[str], site: Path) -> tuple[int, str]:
    done = subprocess.run(
        [*command, "--out", str(site)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def mount(disk: Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)], check=True)


def main() -> None:
    size, disk, begun, *command = sys.argv[1:]
    mount(Path(disk), f"size={size}")
    site = Path(disk) / "site"
    if begun == "-":
        site.mkdir()
    else:
        shutil.copytree(begun, site)
    first = run(command, site)
    half = [path.name for path in site.rglob("*.sod-tmp")]
    mount(Path(disk), "remount,size=64m")
    second = run(command, site)
    files = {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in site.rglob("*")
        if path.is_file()
    }
    print(json.dumps({"first": first, "half": half, "second": second, "files": files}))


if __name__ == "__main__":
    main()
