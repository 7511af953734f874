"""What commands have in common: their form, their answers, the choice of photos and networks."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import RenderableType

from sod_gallery.build.selection import Request
from sod_gallery.engines.runtime import AUTO, BACKENDS, DEVICES, choose
from sod_gallery.terminal import Terminal


@dataclass(frozen=True)
class Answer:
    """What a command found out or did."""

    content: object
    """The object that ``--json`` prints."""
    lines: Sequence[RenderableType]
    """The same for people."""
    code: int = 0


@dataclass(frozen=True)
class Command:
    """One command: its words for ``--help``, its own arguments, and what it does."""

    summary: str
    example: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Path, Terminal], Answer]
    """Takes the arguments, the folder of the site, and where to report how it goes on."""
    argument: str = ""
    """Its arguments without a name, for the usage."""


def add_selection(sub: argparse.ArgumentParser) -> None:
    """Add the options that choose photos and networks."""
    add = sub.add_argument
    add("--dataset", action="append", default=[], metavar="NAME",
        help="this dataset (repeatable; default: all there are)")  # fmt: skip
    add("--photos", type=Path, metavar="DIR", help="the photos of any folder and its sub-folders")
    add("--name", metavar="NAME", help="name of that dataset (default: the folder's)")
    add("--limit", type=positive, metavar="N", help="only the first N photos of each dataset")
    add("--model", action="append", default=[], metavar="NAME_OR_FILE",
        help="a known network or a weights file (repeatable)")  # fmt: skip
    add("--weights-dir", type=Path, metavar="DIR", help="look for known weights here first")
    add("--backend", choices=(AUTO, *BACKENDS), default=AUTO, metavar="NAME",
        help=f"engine: {', '.join(BACKENDS)} (default: fastest)")  # fmt: skip
    add("--device", choices=DEVICES, default="cpu", metavar="NAME", help="cpu (default) or cuda")
    add("--precision", choices=(AUTO, "fp32", "bf16", "fp16", "int8"), default=AUTO,
        metavar="NAME", help="fp32, bf16, fp16 or int8 (default: by device)")  # fmt: skip


def positive(text: str) -> int:
    """Read a number of 1 or more."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def request(arguments: argparse.Namespace, home: Path) -> Request:
    """Return what the arguments of ``add_selection`` ask for."""
    root, settings = root_and_settings(arguments, home)
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
        maps=tuple(getattr(arguments, "maps", ())),
        truth=getattr(arguments, "gt", None),
        thorough=getattr(arguments, "thorough", False),
        toolkit=tuple(toolkit) if (toolkit := getattr(arguments, "toolkit", None)) else None,
        allow_empty=getattr(arguments, "allow_empty", False),
    )


def root_and_settings(arguments: argparse.Namespace, home: Path) -> tuple[Path, Path]:
    """Return the root of the site and its settings, which may be those of ``home``."""
    root = arguments.out.expanduser().resolve() if arguments.out else home
    settings = root / "_config.yml"
    return root, settings if settings.is_file() else home / settings.name
