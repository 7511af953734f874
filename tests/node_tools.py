"""Runs the checkers that come from npm, with the node that came with them where there is one."""

from __future__ import annotations

from pathlib import Path


def node_command(root: Path, script: str) -> list[str]:
    """Return the words that run a script of ``node_modules``."""
    packages = root / "node_modules"
    own = packages / ".bin/node"
    return [str(own) if own.exists() else "node", str(packages / script)]
