"""Compares checkpoints with their teacher, with published cut-outs and with ground truth.

    tools/evaluate.py u2netp-distilled [MORE…] [--json] [--card FILE]

The benchmark photos lie in a folder of their own (--shared); sets that are not there are left out,
the sample photos of scikit-image always are.  The teacher's own figures stand beside the others.
--card renders the model card of the first checkpoint from tools/templates/MODEL_CARD.md.j2.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
import msgspec
from evaluation.measures import Evaluation, evaluate
from evaluation.sets import photo_sets
from rich.console import Console
from rich.table import Table

from sod_gallery.errors import PipelineError
from sod_gallery.files import write_atomically
from sod_gallery.networks.checkpoints import resolve
from sod_gallery.networks.registry import Checkpoint
from sod_gallery.networks.weights import read_metadata

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = Path(__file__).parent / "templates"
CARD = "MODEL_CARD.md.j2"


def main(argv: Sequence[str] | None = None) -> int:
    """Evaluate, then print a table or JSON and write the card; return the exit status."""
    options = parse(argv)
    try:
        checkpoints, evaluations = measure(options)
        if options.card:
            text = card(checkpoints[0], evaluations, sources(options.shared))
            write_atomically(options.card, text.encode())
    except PipelineError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(evaluations)).decode())
    else:
        Console().print(table(evaluations))
    return 0


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    shared = Path(os.environ.get("U2NET_SHARED", ROOT.parent / "shared"))
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("checkpoints", nargs="+", metavar="CHECKPOINT", help="name or file")
    parser.add_argument("--teacher", default="u2netp", metavar="CHECKPOINT")
    parser.add_argument("--shared", type=Path, default=shared, metavar="DIR", help=str(shared))
    parser.add_argument("--json", action="store_true", help="every figure, of every photo too")
    parser.add_argument("--card", type=Path, metavar="FILE", help="write the first one's card")
    return parser.parse_args(argv)


def measure(options: argparse.Namespace) -> tuple[list[Checkpoint], list[Evaluation]]:
    """Run every checkpoint over every set; the teacher comes last."""
    weights = options.shared / "weights"
    folder = weights if weights.is_dir() else None
    names = [*options.checkpoints, options.teacher]
    checkpoints = [resolve(name, weights_dir=folder) for name in names]
    return checkpoints, evaluate(checkpoints, photo_sets(options.shared))


def table(evaluations: Sequence[Evaluation]) -> Table:
    """Lay the mean figures side by side, a row for each figure of each set."""
    result = Table("set", "figure")
    for evaluation in evaluations:
        result.add_column(evaluation.checkpoint, justify="right")
    for title, figure, *values in rows(evaluations):
        result.add_row(title, figure, *values)
    return result


def rows(evaluations: Sequence[Evaluation]) -> list[list[str]]:
    """Return set, figure, and its value for every checkpoint, as text."""
    result = []
    for index, scores in enumerate(evaluations[0].sets):
        title = f"{scores.title} ({len(scores.photos)})"
        for figure in scores.means:
            values = (evaluation.sets[index].means[figure] for evaluation in evaluations)
            result.append([title, figure, *(f"{value:.3f}" for value in values)])
    return result


@dataclass(frozen=True)
class Goal:
    """What the shipped checkpoint is meant to reach against its teacher, on these sets."""

    sets: tuple[str, ...] = ("held-out photos", "Chimay-SOD2")
    difference: float = 0.03
    iou: float = 0.85


class Source(msgspec.Struct, frozen=True):
    """Where a folder of photos to train on is from."""

    repository: str
    commit: str
    photos: int
    licence: str


def sources(shared: Path) -> dict[str, Source]:
    """Read whose photos were trained on; empty where that is not written down."""
    path = shared / "data/photos/SOURCES.json"
    if not path.is_file():
        return {}
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Source])


def trainings(metadata: dict[str, str]) -> list[dict[str, str]]:
    """Tell apart what is known of each training, the first one first.

    What was known of the student that a training began with is in its metadata after ``start_``.
    """
    told: dict[int, dict[str, str]] = {}
    for name, value in metadata.items():
        own, back = name, 0
        while own.startswith("start_"):
            own, back = own.removeprefix("start_"), back + 1
        told.setdefault(back, {})[own] = value
    return [told[back] for back in sorted(told, reverse=True)]


def card(checkpoint: Checkpoint, evaluations: Sequence[Evaluation], data: dict[str, Source]) -> str:
    """Render the model card of the first of the evaluated checkpoints."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    return environment.get_template(CARD).render(
        checkpoint=checkpoint,
        bytes=checkpoint.path.stat().st_size,
        trainings=trainings(read_metadata(checkpoint)),
        evaluations=evaluations,
        rows=rows(evaluations),
        sources=data,
        goal=Goal(),
        shipped_means={scores.title: scores.means for scores in evaluations[0].sets},
    )


if __name__ == "__main__":
    sys.exit(main())
