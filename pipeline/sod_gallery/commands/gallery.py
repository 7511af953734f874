"""The commands that make a gallery and look after it: build, check, explain and forget."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from sod_gallery import places
from sod_gallery.build.inspection import check, explain
from sod_gallery.build.removal import forget
from sod_gallery.build.run import Used, build
from sod_gallery.build.summary import Summary
from sod_gallery.engines.imported_maps import IMPORTED
from sod_gallery.engines.runtime import Runtime
from sod_gallery.errors import Interrupted
from sod_gallery.progress import LineReporter, reporter
from sod_gallery.records import Method, Provenance
from sod_gallery.terminal import Terminal, libraries_write_to

from .common import Answer, Command, add_selection, request, root_and_settings


def _add_build(sub: argparse.ArgumentParser) -> None:
    add_selection(sub)
    sub.add_argument("--maps", action="append", default=[], metavar="[NAME=]DIR",
        help="saliency maps of another method (repeatable)")  # fmt: skip
    sub.add_argument("--gt", type=Path, metavar="DIR", help="ground truth of the photos")
    sub.add_argument("--toolkit", nargs=2, type=Path, metavar="FILE",
        help="PySODEvalToolkit's datasets and methods")  # fmt: skip
    sub.add_argument("--thorough", action="store_true", help="run networks twice, see docs")
    sub.add_argument("--force", action="store_true", help="make everything anew, fresh or not")
    sub.add_argument("--allow-empty", action="store_true",
        help="remove results of folders that are empty now")  # fmt: skip


def _add_explain(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("photo", metavar="PHOTO", help="name, slug, or DATASET/NAME of a photo")
    add_selection(sub)


def _add_forget(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("name", metavar="NAME", help="name of the dataset")


def _build(arguments: argparse.Namespace, home: Path, errors: Terminal) -> Answer:
    wanted = request(arguments, home)
    log = wanted.root / places.LIBRARIES_LOG
    try:
        with libraries_write_to(log), reporter(errors) as report:
            summary, methods = build(wanted, report)
    except Interrupted as stop:
        if not isinstance(stop.summary, Summary):
            raise
        said = "interrupted; the next build goes on where this one stopped"
        return Answer(stop.summary, [*_counts(stop.summary), said], stop.exit_code)
    return Answer(summary, _summary_lines(summary, methods, wanted.root), int(bool(summary.failed)))


def _check(arguments: argparse.Namespace, home: Path, errors: Terminal) -> Answer:
    found = check(request(arguments, home), LineReporter(errors))
    lines = [str(problem) for problem in found.problems]
    return Answer(found, lines or ["Everything is as it was built."], int(not found.ok))


def _explain(arguments: argparse.Namespace, home: Path, errors: Terminal) -> Answer:
    found = explain(request(arguments, home), LineReporter(errors), arguments.photo)
    return Answer(found, [line for photo in found.photos for line in photo.lines()])


def _forget(arguments: argparse.Namespace, home: Path, _: Terminal) -> Answer:
    root, settings = root_and_settings(arguments, home)
    removed = forget(root, settings, arguments.name)
    lines = [f"{arguments.name}: results of {len(removed)} photos removed; the photos stay"]
    photos = root / places.photos(arguments.name)
    if photos.is_dir():
        lines.append(f"The next build makes them again, unless you move {photos} away.")
    return Answer({"dataset": arguments.name, "removed": removed}, lines)


def _summary_lines(summary: Summary, methods: Sequence[Used], root: Path) -> list[str]:
    return [
        *_counts(summary),
        *(_method_line(method, made_by) for method, made_by in methods),
        f"site: {root} (make site, then make serve)",
    ]


def _counts(summary: Summary) -> list[str]:
    numbers = {
        "built": len(summary.built),
        "fresh": len(summary.fresh),
        "removed": len(summary.removed),
        "failed": len(summary.failed),
        "skipped": len(summary.skipped),
    }
    counts = ", ".join(f"{number} {word}" for word, number in numbers.items() if number)
    return [
        *(f"failed: {failure.photo}: {failure.reason}" for failure in summary.failed),
        *(f"skipped: {skipped.photo}: {skipped.reason}" for skipped in summary.skipped),
        f"{counts or 'nothing to do'} in {summary.seconds:.1f} s",
    ]


def _method_line(method: Method, made_by: Provenance) -> str:
    if made_by.backend == IMPORTED:
        return f"maps: {method.name}"
    runtime = Runtime(backend=made_by.backend, device=made_by.device, precision=made_by.precision)
    weights = made_by.checkpoint_sha256[:12]
    return f"model: {method.name} ({method.title}, weights {weights}, {runtime})"


BUILD = Command(
    "bring a gallery up to date with its photos",
    "sod-gallery build --photos ~/Pictures/holiday --model u2net",
    _add_build,
    _build,
)
CHECK = Command(
    "verify that every file is as it was built",
    "sod-gallery check --dataset holiday",
    add_selection,
    _check,
)
EXPLAIN = Command(
    "say why a photo is fresh, stale or failed",
    "sod-gallery explain holiday/beach.jpg",
    _add_explain,
    _explain,
    argument="PHOTO",
)
FORGET = Command(
    "drop the results of a dataset, not its photos",
    "sod-gallery forget holiday",
    _add_forget,
    _forget,
    argument="NAME",
)
