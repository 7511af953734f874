"""The command line: arguments in, progress and a summary out, an exit code at the end.

Exit codes: 0 fine; 1 some photos failed, or ``check`` found something; 2 usage or settings;
3 weights or a dataset that cannot be had; 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import shtab
from rich.console import Console

from . import __version__
from .build.inspection import check, explain
from .build.run import Summary, Used, build, forget
from .build.selection import Request
from .engines.runtime import AUTO, BACKENDS, DEVICES, Runtime, choose
from .errors import PipelineError
from .progress import LineReporter, reporter
from .records import Provenance
from .site.reviews import count, describe, review

INTERRUPTED = 130
DEFAULT_COMMAND = "build"
OPTIONS_WITHOUT_COMMAND = ("-h", "--help", "--version", "--print-completion")


@dataclass(frozen=True)
class Answer:
    """What a command found out or did."""

    content: object
    """The object that ``--json`` prints."""
    lines: Sequence[str]
    """The same for people."""
    code: int = 0


@dataclass(frozen=True)
class Command:
    """One command: its words for ``--help``, its own arguments, and what it does."""

    summary: str
    example: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Path, Console], Answer]


def parser() -> argparse.ArgumentParser:
    """Return the parser; docs/cli.md documents it."""
    top = argparse.ArgumentParser(
        prog="sod-gallery",
        description="Runs U²-Net over folders of photos and writes the data of the gallery's site.",
        usage="sod-gallery COMMAND [options]",
        epilog="Without a command, the options are those of build:\n"
        "  sod-gallery --photos ~/Pictures/holiday",
        formatter_class=_compact,
    )
    top.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    shtab.add_argument_to(top, help="print a script that completes commands in this shell")
    commands = top.add_subparsers(
        dest="command", metavar="COMMAND", required=True, title="commands"
    )
    for name, command in COMMANDS.items():
        sub = commands.add_parser(
            name,
            help=command.summary,
            description=command.summary[0].upper() + command.summary[1:] + ".",
            epilog=f"example: {command.example}",
            usage=f"{top.prog} {name} [options]{ARGUMENT.get(name, '')}",
            formatter_class=_compact,
        )
        command.add_arguments(sub)
        sub.add_argument(
            "--out", type=Path, metavar="DIR", help="root of the site (default: this one)"
        )
        sub.add_argument("--offline", action="store_true", help="forbid every download")
        sub.add_argument("--json", action="store_true", help="print one JSON object instead")
    return top


def _compact(prog: str) -> argparse.HelpFormatter:
    return argparse.RawDescriptionHelpFormatter(prog, max_help_position=26, width=80)


def main(argv: Sequence[str] | None = None, *, root: Path | None = None) -> int:
    """Run a command for the site at ``root``, by default the one around the current folder.

    Returns the exit code.  Without a command, the arguments are those of ``build``.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    top = parser()
    if not words or _is_option_of_build(words[0]):
        words.insert(0, DEFAULT_COMMAND)
    arguments = top.parse_args(words)
    errors = Console(stderr=True)
    try:
        home = root or _site_around(Path.cwd())
        answer = COMMANDS[arguments.command].run(arguments, home, errors)
    except PipelineError as error:
        errors.print(f"sod-gallery: {error}", style="red", markup=False, soft_wrap=True)
        return error.exit_code
    except KeyboardInterrupt:
        errors.print("sod-gallery: interrupted; the next run goes on where this one stopped.")
        return INTERRUPTED
    if arguments.json:
        sys.stdout.buffer.write(msgspec.json.encode(answer.content) + b"\n")
    else:
        Console().print(*answer.lines, sep="\n", markup=False, highlight=False, soft_wrap=True)
    return answer.code


def _is_option_of_build(word: str) -> bool:
    return word.startswith("-") and word.partition("=")[0] not in OPTIONS_WITHOUT_COMMAND


def _site_around(folder: Path) -> Path:
    """Return the folder, or the nearest above it, that holds a ``_config.yml``."""
    around = (place for place in (folder, *folder.parents) if (place / "_config.yml").is_file())
    return next(around, folder)


def _add_selection(sub: argparse.ArgumentParser) -> None:
    """Add the options that choose photos and networks."""
    add = sub.add_argument
    add("--dataset", action="append", default=[], metavar="NAME",
        help="this dataset (repeatable; default: all there are)")  # fmt: skip
    add("--photos", type=Path, metavar="DIR", help="the photos of any folder and its sub-folders")
    add("--name", metavar="NAME", help="name of that dataset (default: the folder's)")
    add("--limit", type=_positive, metavar="N", help="only the first N photos of each dataset")
    add("--model", action="append", default=[], metavar="NAME_OR_FILE",
        help="a known network or a weights file (repeatable)")  # fmt: skip
    add("--weights-dir", type=Path, metavar="DIR", help="look for known weights here first")
    add("--backend", choices=(AUTO, *BACKENDS), default=AUTO, metavar="NAME",
        help=f"engine: {', '.join(BACKENDS)} (default: fastest)")  # fmt: skip
    add("--device", choices=DEVICES, default="cpu", metavar="NAME", help="cpu (default) or cuda")
    add("--precision", choices=(AUTO, "fp32", "bf16", "fp16", "int8"), default=AUTO,
        metavar="NAME", help="fp32, bf16, fp16 or int8 (default: by device)")  # fmt: skip


def _add_build(sub: argparse.ArgumentParser) -> None:
    _add_selection(sub)
    sub.add_argument("--force", action="store_true", help="make everything anew, fresh or not")


def _add_explain(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("photo", metavar="PHOTO", help="name, slug, or DATASET/NAME of a photo")
    _add_selection(sub)


def _add_forget(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("name", metavar="NAME", help="name of the dataset")


def _add_review(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("files", nargs="+", type=Path, metavar="FILE", help="an exported file")
    sub.add_argument("--strict", action="store_true", help="refuse a file with a bad verdict")


def _request(arguments: argparse.Namespace, home: Path) -> Request:
    root, settings = _root(arguments, home)
    return Request(
        root=root,
        settings=settings,
        datasets=tuple(arguments.dataset),
        photos=arguments.photos,
        name=arguments.name,
        models=tuple(arguments.model),
        weights_dir=arguments.weights_dir,
        offline=arguments.offline,
        runtime=choose(arguments.backend, arguments.device, arguments.precision),
        force=getattr(arguments, "force", False),
        limit=arguments.limit,
    )


def _root(arguments: argparse.Namespace, home: Path) -> tuple[Path, Path]:
    """Return the root of the site and its settings, which may be those of ``home``."""
    root = arguments.out.expanduser().resolve() if arguments.out else home
    settings = root / "_config.yml"
    return root, settings if settings.is_file() else home / settings.name


def _build(arguments: argparse.Namespace, home: Path, errors: Console) -> Answer:
    request = _request(arguments, home)
    with reporter(errors) as report:
        summary, methods = build(request, report)
    return Answer(
        summary, _summary_lines(summary, methods, request.root), int(bool(summary.failed))
    )


def _check(arguments: argparse.Namespace, home: Path, errors: Console) -> Answer:
    found = check(_request(arguments, home), LineReporter(errors))
    lines = [str(problem) for problem in found.problems]
    return Answer(found, lines or ["Everything is as it was built."], int(not found.ok))


def _explain(arguments: argparse.Namespace, home: Path, errors: Console) -> Answer:
    found = explain(_request(arguments, home), LineReporter(errors), arguments.photo)
    return Answer(found, [line for photo in found.photos for line in photo.lines()])


def _forget(arguments: argparse.Namespace, home: Path, _: Console) -> Answer:
    removed = forget(*_root(arguments, home), arguments.name)
    line = f"{arguments.name}: results of {len(removed)} photos removed; the photos stay"
    return Answer({"dataset": arguments.name, "removed": removed}, [line])


def _review(arguments: argparse.Namespace, home: Path, errors: Console) -> Answer:
    root, _settings = _root(arguments, home)
    warn = LineReporter(errors).note
    merged = review(root, arguments.files, strict=arguments.strict, warn=warn)
    return Answer(count(merged), describe(merged))


def _summary_lines(summary: Summary, methods: Sequence[Used], root: Path) -> list[str]:
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
        *(
            f"model: {method.name} ({method.title}, weights {made_by.checkpoint_sha256[:12]}, "
            f"{_runtime_of(made_by)})"
            for method, made_by in methods
        ),
        f"site: {root} (make site, then make serve)",
    ]


def _runtime_of(made_by: Provenance) -> Runtime:
    return Runtime(backend=made_by.backend, device=made_by.device, precision=made_by.precision)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


ARGUMENT = {"explain": " PHOTO", "forget": " NAME", "review": " FILE [FILE ...]"}
COMMANDS = {
    "build": Command(
        "bring a gallery up to date with its photos",
        "sod-gallery build --photos ~/Pictures/holiday --model u2net",
        _add_build,
        _build,
    ),
    "check": Command(
        "verify that every file is as it was built",
        "sod-gallery check --dataset holiday",
        _add_selection,
        _check,
    ),
    "explain": Command(
        "say why a photo is fresh, stale or failed",
        "sod-gallery explain holiday/beach.jpg",
        _add_explain,
        _explain,
    ),
    "forget": Command(
        "drop the results of a dataset, not its photos",
        "sod-gallery forget holiday",
        _add_forget,
        _forget,
    ),
    "review": Command(
        "merge the verdicts that reviewers exported",
        "sod-gallery review ann.json bob.json",
        _add_review,
        _review,
    ),
}
