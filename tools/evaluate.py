"""Scores checkpoints against their teacher, published cut-outs and ground truth.

    tools/evaluate.py u2netp-distilled [MORE…] [--json] [--card FILE]

The benchmark photos are read from the folder --shared; a set whose folder is missing is left out.
The sample photos of scikit-image are always scored.  The teacher is scored too, in the last column.
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
from sod_gallery.terminal import Terminal

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = Path(__file__).parent / "templates"
CARD = "MODEL_CARD.md.j2"


def main(argv: Sequence[str] | None = None) -> int:
    """Score the checkpoints, write the model card, print the scores; return the exit status."""
    options = parse(argv)
    try:
        checkpoints, evaluations = measure(options)
        if options.card:
            text = card(checkpoints[0], evaluations, sources(options.shared))
            write_atomically(options.card, text.encode())
    except PipelineError as error:
        Terminal(stderr=True).print(str(error), soft_wrap=True)
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
    parser.add_argument(
        "--json", action="store_true", help="print all figures as JSON, also of each photo"
    )
    parser.add_argument(
        "--card", type=Path, metavar="FILE", help="write the model card of the first"
    )
    return parser.parse_args(argv)


def measure(options: argparse.Namespace) -> tuple[list[Checkpoint], list[Evaluation]]:
    """Find the checkpoints and score them on every set; the teacher is the last.

    Raises ConfigError for an unknown name, CheckpointError for weights that cannot be used,
    PhotoError or DatasetError for photos that cannot be read.
    """
    weights = options.shared / "weights"
    folder = weights if weights.is_dir() else None
    names = [*options.checkpoints, options.teacher]
    checkpoints = [resolve(name, weights_dir=folder) for name in names]
    return checkpoints, evaluate(checkpoints, photo_sets(options.shared))


def table(evaluations: Sequence[Evaluation]) -> Table:
    """Return the mean figures: a row for each figure of a set, a column for each checkpoint."""
    result = Table("set", "figure")
    for evaluation in evaluations:
        result.add_column(evaluation.checkpoint, justify="right")
    for title, figure, *values in rows(evaluations):
        result.add_row(title, figure, *values)
    return result


def rows(evaluations: Sequence[Evaluation]) -> list[list[str]]:
    """Return the rows of the table: set, figure, and its value for every checkpoint, as text."""
    result = []
    for index, scores in enumerate(evaluations[0].sets):
        title = f"{scores.title} ({len(scores.photos)})"
        for figure in scores.means:
            values = (evaluation.sets[index].means[figure] for evaluation in evaluations)
            result.append([title, figure, *(f"{value:.3f}" for value in values)])
    return result


@dataclass(frozen=True)
class Goal:
    """The scores against the teacher that the included checkpoint should reach on these sets."""

    sets: tuple[str, ...] = ("held-out photos", "Chimay-SOD2")
    """Titles of the sets."""
    difference: float = 0.03
    """Greatest mean absolute difference between the maps."""
    iou: float = 0.85
    """Least mean IoU of the maps thresholded at 0.5."""


class Source(msgspec.Struct, frozen=True):
    """The origin of a folder of training photos."""

    repository: str
    """As owner/name."""
    commit: str
    """Its hash, hexadecimal."""
    photos: int
    """The number of photos."""
    licence: str


def sources(shared: Path) -> dict[str, Source]:
    """Return the origins of the training photos by folder, from data/photos/SOURCES.json.

    Empty if the file is missing.  Raises msgspec.DecodeError if its content has another form.
    """
    path = shared / "data/photos/SOURCES.json"
    if not path.is_file():
        return {}
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Source])


def trainings(metadata: dict[str, str]) -> list[dict[str, str]]:
    """Split a checkpoint's metadata into those of each training, the earliest training first.

    If a training started from a trained student, that student's metadata are included, with
    ``start_`` before their names; the prefix is repeated for the training before that one.
    """
    by_age: dict[int, dict[str, str]] = {}
    for name, value in metadata.items():
        field, age = name, 0
        while field.startswith("start_"):
            field, age = field.removeprefix("start_"), age + 1
        by_age.setdefault(age, {})[field] = value
    return [by_age[age] for age in sorted(by_age, reverse=True)]


def card(checkpoint: Checkpoint, evaluations: Sequence[Evaluation], data: dict[str, Source]) -> str:
    """Render the model card of ``checkpoint`` as Markdown.

    ``evaluations`` are those of this checkpoint, of any others, and of the teacher, in this order.
    ``data`` are the origins of the training photos.
    """
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
