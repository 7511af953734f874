"""The command line: arguments in, progress and a summary out, an exit code at the end.

Exit codes: 0 fine; 1 some photos failed, or ``--check`` found something; 2 usage or settings;
3 weights or a dataset that cannot be had; 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console

from sod_gallery.build.inspection import check, explain
from sod_gallery.build.run import Summary, build, forget
from sod_gallery.build.selection import Request
from sod_gallery.engines.runtime import AUTO, BACKENDS, DEVICES, Runtime, choose
from sod_gallery.site.reviews import describe, review

from . import __version__
from .errors import PipelineError
from .progress import LineReporter, reporter
from .records import Model

INTERRUPTED = 130


def parser() -> argparse.ArgumentParser:
    """Return the parser; its help is what docs/cli.md documents."""
    parser = argparse.ArgumentParser(
        prog="sod-gallery",
        description="Run U²-Net over folders of photos and write the data of the gallery's site.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    _add_photos(
        parser.add_argument_group("photos (default: every dataset that is there, else sample)")
    )
    _add_models(parser.add_argument_group("models"))
    _add_engine(parser.add_argument_group("speed"))
    _add_building(parser.add_argument_group("building"))
    return parser


def _add_photos(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--dataset", action="append", default=[], metavar="NAME",
        help="build this dataset, fetching it first where it can be (repeatable)")  # fmt: skip
    add("--photos", type=Path, metavar="DIR",
        help="build the photos of any folder, sub-folders included")  # fmt: skip
    add("--name", help="name of the dataset made from --photos (default: the folder's)")
    add("--limit", type=_positive, metavar="N", help="only the first N photos of each")


def _add_models(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--model", action="append", default=[], metavar="NAME_OR_FILE",
        help="u2netp-distilled, u2netp, u2net, u2net_human_seg, or a .pth, .safetensors or .onnx "
        "file (repeatable: several are compared)")  # fmt: skip
    add("--weights-dir", type=Path, metavar="DIR", help="look for known weights here first")
    add("--offline", action="store_true", help="forbid every download")


def _add_engine(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--backend", choices=(AUTO, *BACKENDS), default=AUTO,
        help="engine that runs the networks (default: the fastest of those installed)")  # fmt: skip
    add("--device", choices=DEVICES, default="cpu", help="cpu (default) or cuda")
    add("--precision", choices=(AUTO, "fp32", "bf16", "fp16", "int8"), default=AUTO,
        help="arithmetic (default: bf16 where the processor has it, never int8)")  # fmt: skip


def _add_building(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--force", action="store_true", help="make everything anew, fresh or not")
    add("--out", type=Path, metavar="DIR", help="root of the site (default: this one)")
    add("--check", action="store_true", help="verify everything, build nothing")
    add("--explain", metavar="PHOTO", help="say why a photo is fresh, stale or failed")
    add("--forget", metavar="NAME", help="drop a dataset's results, not its photos")
    add("--review", nargs="+", type=Path, default=[], metavar="FILE",
        help="merge the verdicts that reviewers exported from the site")  # fmt: skip
    add("--json", action="store_true", help="print the summary as one JSON object")


def main(argv: Sequence[str] | None = None, *, root: Path | None = None) -> int:
    """Run the command for the site at ``root``, by default the one around the current folder."""
    arguments = parser().parse_args(argv)
    errors = Console(stderr=True)
    try:
        return _run(_request(arguments, root or _site_around(Path.cwd())), arguments, errors)
    except PipelineError as error:
        errors.print(f"sod-gallery: {error}", style="red", markup=False, soft_wrap=True)
        return error.exit_code
    except KeyboardInterrupt:
        errors.print("sod-gallery: interrupted; the next run goes on where this one stopped.")
        return INTERRUPTED


def _site_around(folder: Path) -> Path:
    """Return the folder, or the nearest above it, that holds a ``_config.yml``."""
    around = (place for place in (folder, *folder.parents) if (place / "_config.yml").is_file())
    return next(around, folder)


def _request(arguments: argparse.Namespace, home: Path) -> Request:
    root = arguments.out.expanduser().resolve() if arguments.out else home
    settings = root / "_config.yml"
    return Request(
        root=root,
        settings=settings if settings.is_file() else home / settings.name,
        datasets=tuple(arguments.dataset),
        photos=arguments.photos,
        name=arguments.name,
        models=tuple(arguments.model),
        weights_dir=arguments.weights_dir,
        offline=arguments.offline,
        runtime=choose(arguments.backend, arguments.device, arguments.precision),
        force=arguments.force,
        limit=arguments.limit,
    )


def _run(request: Request, arguments: argparse.Namespace, errors: Console) -> int:
    if arguments.explain:
        return _print_lines(explain(request, LineReporter(errors), arguments.explain), 0)
    if arguments.check:
        problems = check(request, LineReporter(errors))
        return _print_lines(problems or ["Everything is as it was built."], int(bool(problems)))
    if arguments.review:
        merged = review(request.root, arguments.review)
        return _print_lines([describe(merged)], 0)
    models: list[Model] = []
    if arguments.forget:
        summary = forget(request.root, request.settings, arguments.forget)
    else:
        with reporter(errors) as report:
            summary, models = build(request, report)
    if arguments.json:
        sys.stdout.buffer.write(msgspec.json.encode(summary) + b"\n")
    else:
        _print_summary(summary, models, request.root)
    return int(bool(summary.failed))


def _print_lines(lines: Sequence[str], code: int) -> int:
    Console().print(*lines, sep="\n", markup=False, highlight=False, soft_wrap=True)
    return code


def _print_summary(summary: Summary, models: Sequence[Model], root: Path) -> None:
    counts = {
        "built": len(summary.built),
        "fresh": len(summary.fresh),
        "removed": len(summary.removed),
        "failed": len(summary.failed),
    }
    told = (
        ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "nothing to do"
    )
    lines = [f"failed: {failure.photo}: {failure.reason}" for failure in summary.failed]
    lines += [f"{told} in {summary.seconds:.1f} s"]
    lines += [
        f"model: {model.name} ({model.title}, weights {model.checkpoint[:12]}, "
        f"{Runtime(backend=model.backend, device=model.device, precision=model.precision)})"
        for model in models
    ]
    _print_lines([*lines, f"site: {root} (make site, then make serve)"], 0)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number
