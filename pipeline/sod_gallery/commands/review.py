"""The command that merges what reviewers exported."""

from __future__ import annotations

import argparse
from pathlib import Path

from sod_gallery.progress import LineReporter
from sod_gallery.site.reviews import count, describe, review
from sod_gallery.terminal import Terminal

from .common import Answer, Command, root_and_settings


def _add_review(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("files", nargs="+", type=Path, metavar="FILE", help="an exported file")
    sub.add_argument("--strict", action="store_true", help="refuse a file with a bad verdict")


def _review(arguments: argparse.Namespace, home: Path, errors: Terminal) -> Answer:
    root, _settings = root_and_settings(arguments, home)
    warn = LineReporter(errors).note
    merged = review(root, arguments.files, strict=arguments.strict, warn=warn)
    return Answer(count(merged), describe(merged))


REVIEW = Command(
    "merge the verdicts that reviewers exported",
    "sod-gallery review ann.json bob.json",
    _add_review,
    _review,
    argument="FILE [FILE ...]",
)
