"""The command line: arguments in, progress and a summary out, an exit code at the end.

Exit codes: 0 fine; 1 some photos failed, or ``check`` found something; 2 usage or settings;
3 weights, a dataset or an engine that cannot be had; 129, 130, 143 stopped by a signal.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import msgspec
import shtab

from . import __version__
from .commands import gallery, review, score
from .commands.common import Answer
from .errors import Interrupted, PipelineError
from .progress import notes_on
from .terminal import Terminal, libraries_write_to, visible, visible_json

DEFAULT_COMMAND = "build"
OPTIONS_WITHOUT_COMMAND = ("-h", "--help", "--version", "--print-completion")
COMMANDS = {
    "build": gallery.BUILD,
    "check": gallery.CHECK,
    "explain": gallery.EXPLAIN,
    "forget": gallery.FORGET,
    "review": review.REVIEW,
    "score": score.SCORE,
}


class Parser(argparse.ArgumentParser):
    """A parser whose errors show what they cite of the arguments, and do not obey it."""

    def error(self, message: str) -> NoReturn:
        """Print usage and message, and leave with exit code 2."""
        super().error(visible(message))


def parser() -> argparse.ArgumentParser:
    """Return the parser; docs/cli.md documents it."""
    top = Parser(
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
            description=f"{command.summary[0].upper()}{command.summary[1:]}, for example:\n"
            f"  {command.example}",
            usage=f"{top.prog} {name} [options] {command.argument}".rstrip(),
            formatter_class=_compact,
            add_help=False,
        )
        # a help that describes itself would not fit a screen
        sub.add_argument("-h", "--help", action="help", help=argparse.SUPPRESS)
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
    if not all(map(_value, words)):
        top.error("an argument is empty. Is a variable not set?")
    arguments = top.parse_args(words)
    errors = Terminal(stderr=True)
    try:
        home = root or _site_around(Path.cwd())
        with libraries_write_to(None), notes_on(errors):
            answer = COMMANDS[arguments.command].run(arguments, home, errors)
        _print(answer, arguments)
    except PipelineError as error:
        return _say(errors, str(error), error.exit_code)
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        return _say(errors, f"{named}{error.strerror or error}.", PipelineError.exit_code)
    except KeyboardInterrupt as stop:
        number = stop if isinstance(stop, Interrupted) else Interrupted()
        errors.print("sod-gallery: interrupted; the next run goes on where this one stopped.")
        return number.exit_code
    return answer.code


def _say(errors: Terminal, text: str, code: int) -> int:
    errors.print(f"sod-gallery: {text}", style="red", soft_wrap=True)
    return code


def _print(answer: Answer, arguments: argparse.Namespace) -> None:
    try:
        if arguments.json:
            sys.stdout.buffer.write(visible_json(msgspec.json.encode(answer.content)) + b"\n")
        else:
            Terminal().print(*answer.lines, sep="\n", soft_wrap=True)
        sys.stdout.flush()
    except OSError as error:
        raise PipelineError(f"the answer cannot be written: {error.strerror}.") from error


def _is_option_of_build(word: str) -> bool:
    return word.startswith("-") and word.partition("=")[0] not in OPTIONS_WITHOUT_COMMAND


def _value(word: str) -> str:
    """Return an argument without the option that it belongs to, and without spaces around it."""
    option, equals, value = word.partition("=")
    return (value if equals and option.startswith("--") else word).strip()


def _site_around(folder: Path) -> Path:
    """Return the folder, or the nearest above it, that holds a ``_config.yml``."""
    around = (place for place in (folder, *folder.parents) if (place / "_config.yml").is_file())
    return next(around, folder)
