"""The command that scores folders of maps against ground truth, without a gallery."""

from __future__ import annotations

import argparse
from pathlib import Path

from sod_gallery.machine import cores
from sod_gallery.terminal import Terminal

from .common import Answer, Command, positive


def _add_score(sub: argparse.ArgumentParser) -> None:
    add = sub.add_argument
    add("--pred", action="append", required=True, metavar="[NAME=]DIR",
        help="a folder of saliency maps (repeatable)")  # fmt: skip
    add("--gt", type=Path, required=True, metavar="DIR", help="the folder of ground truth")
    add("--pred-names", metavar="PATTERN", help="names of maps, like {stem}_sal (default: found)")
    add("--gt-names", metavar="PATTERN", help="names of ground truth (default: found)")
    add("--paths-only", action="store_true", help="check the folders and score nothing")
    add("--workers", type=positive, default=cores(), metavar="N",
        help="processes (default: one for each CPU)")  # fmt: skip
    forms = sub.add_mutually_exclusive_group()
    for name, words in (("csv", "CSV"), ("latex", "LaTeX (booktabs)"), ("markdown", "Markdown")):
        forms.add_argument(f"--{name}", dest="form", action="store_const", const=name,
            help=f"print the means as {words}")  # fmt: skip


def _score(arguments: argparse.Namespace, _home: Path, errors: Terminal) -> Answer:
    from .scoring import score_folders  # other commands start faster without it

    return score_folders(arguments, errors)


SCORE = Command(
    "score saliency maps against ground truth",
    "sod-gallery score --pred maps/DSS --pred maps/Amulet --gt masks",
    _add_score,
    _score,
)
