"""Trains the included checkpoint: a U²-NetP whose teacher is the authors' U²-NetP.

    tools/distill.py --teacher u2netp.pth --photos DIR --out student.safetensors --minutes 480

The training has four phases (docs/decisions/0023-how-the-checkpoint-is-trained.md).  First the
blocks learn separately: each block gets the input of the teacher's block and learns its output, so
errors do not accumulate, and all blocks learn at once.  This is done on small crops first, then on
whole photos, with batch normalisation folded into the convolutions.  After that, each block gets
the output of the student's preceding blocks.  The optimiser Muon needs torch 2.9 or later.

The state is saved as OUT.state; with --resume an interrupted training continues from it.
OUT holds half-precision weights by upstream's names, with batch normalisation folded.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import torch
from distillation.photos import find_training_photos
from distillation.settings import Settings
from distillation.training import Training
from rich.console import Console
from safetensors.torch import save
from torch import Tensor

from sod_gallery.errors import ConfigError, PipelineError
from sod_gallery.files import write_atomically
from sod_gallery.networks.checkpoints import resolve
from sod_gallery.networks.registry import Checkpoint
from sod_gallery.networks.weights import load_network, read_metadata
from sod_gallery.terminal import Terminal


def main(argv: Sequence[str] | None = None, clock: Callable[[], float] = time.monotonic) -> int:
    """Train, save the state at intervals, write the result; return the exit status."""
    options = parse(argv)
    console = Console()
    try:
        training, metadata = prepare(options)
        console.print(f"{metadata['photos']} photos, on {options.device}")
        try:
            run(training, options.minutes * 60, state_of(options.out), console, clock)
        except KeyboardInterrupt:
            console.print("stopped; --resume goes on from the last saved state")
        write_result(training, options.out, metadata)
    except PipelineError as error:
        Terminal(stderr=True).print(str(error), soft_wrap=True)
        return error.exit_code
    return 0


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--teacher", required=True, metavar="FILE", help="weights of a U²-NetP")
    parser.add_argument("--photos", required=True, nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE.safetensors")
    parser.add_argument("--start", metavar="FILE", help="weights of a student to train further")
    parser.add_argument("--resume", action="store_true", help="continue from OUT.state")
    parser.add_argument(
        "--minutes", type=float, default=480.0, help="total, with the resumed runs (default 480)"
    )
    parser.add_argument("--device", default="cpu", help="cpu (default) or cuda")
    return parser.parse_args(argv)


def state_of(out: Path) -> Path:
    """Return the path of the training's saved state, beside the result ``out``."""
    return out.with_name(f"{out.name}.state")


def prepare(options: argparse.Namespace) -> tuple[Training, dict[str, str]]:
    """Read weights, photos and the saved state; return the training and the result's metadata.

    Raises ConfigError if a saved state exists and --resume is missing, CheckpointError for weights
    or a state that cannot be used, DatasetError if there are no photos, and PhotoError if one
    cannot be decoded.
    """
    if state_of(options.out).exists() and not options.resume:
        raise ConfigError(
            f"{state_of(options.out)} already exists: add --resume to go on with that training, "
            "or delete the file to begin anew."
        )
    settings = Settings()
    if options.start:
        composed = tuple(phase for phase in settings.phases if phase.composed)
        settings = replace(settings, phases=composed)
    teacher = resolve(options.teacher)
    start = resolve(options.start) if options.start else None
    photos = find_training_photos(options.photos, settings)
    training = Training(
        settings,
        load_network(teacher),
        photos,
        torch.device(options.device),
        load_network(start) if start else None,
    )
    if options.resume:
        training.load(state_of(options.out))
    return training, describe(settings, teacher, start, len(photos.paths), options)


def describe(
    settings: Settings,
    teacher: Checkpoint,
    start: Checkpoint | None,
    photos: int,
    options: argparse.Namespace,
) -> dict[str, str]:
    """Return the metadata of the result that are known before the training.

    The metadata of a ``start`` checkpoint are included, with ``start_`` before their names.
    """
    metadata_of_start = read_metadata(start) if start else {}
    return {
        "architecture": teacher.architecture,
        "teacher_sha256": teacher.sha256,
        "start": f"{start.path.name}, sha256 {start.sha256}" if start else "random weights",
        **{f"start_{name}": value for name, value in metadata_of_start.items()},
        "recipe": "; ".join(map(repr, (*settings.phases, settings.variety))),
        "photos": str(photos),
        "held_out": f"every {settings.hold_out}th photo of each folder",
        "folders": ", ".join(folder.name for folder in options.photos),
        "seed": str(settings.seed),
        "device": options.device,
        "commit": _commit(),
    }


def _commit() -> str:
    """Return the checkout's commit, with ``-dirty`` if files are changed; empty without git."""
    command = ["git", "describe", "--always", "--dirty", "--exclude=*", "--abbrev=40"]
    here = Path(__file__).parent
    process = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False)
    return process.stdout.strip()


def run(
    training: Training,
    budget: float,
    state: Path,
    console: Console,
    clock: Callable[[], float],
) -> None:
    """Train until ``budget`` seconds are spent, including those of resumed runs.

    The state is saved at intervals and at the end.  Intervals are measured by ``clock``, in
    seconds.  Raises PhotoError, or PipelineError if the state cannot be written.
    """
    settings, progress = training.settings, training.progress
    offset = progress.seconds - clock()
    saved = reported = progress.seconds
    losses: list[dict[str, Tensor]] = []
    while (now := offset + clock()) < budget:
        losses.append({name: loss.detach() for name, loss in training.step(now, budget).items()})
        if now - reported >= settings.report_every:
            console.print(line(training, losses, now - reported, budget - now), soft_wrap=True)
            reported, losses = now, []
        if now - saved >= settings.save_every:
            training.save(state)
            saved = now
    training.save(state)


def line(training: Training, losses: list[dict[str, Tensor]], seconds: float, left: float) -> str:
    """Return a line of text: time, phase, step, speed, time left, and each block's mean loss.

    ``losses`` are those of the last ``seconds`` seconds, of at least one step.  ``left`` is in
    seconds.
    """
    phase = training.settings.phases[training.progress.phase]
    rate = len(losses) * phase.batch / seconds
    means = {name: sum(loss[name].item() for loss in losses) / len(losses) for name in losses[0]}
    blocks = (f"{name.removeprefix('stage')} {mean:.3f}" for name, mean in means.items())
    return (
        f"{time.strftime('%H:%M:%S')} {phase.name}, step {training.progress.step}, "
        f"{rate:.2f} photos/s, {left / 60:.0f} min left: {'  '.join(blocks)}"
    )


def write_result(training: Training, out: Path, metadata: dict[str, str]) -> None:
    """Write the student's weights in half precision, and the metadata, as a safetensors file.

    Raises PipelineError if the file cannot be written.
    """
    tensors = {n: t.half().contiguous() for n, t in training.result().state_dict().items()}
    progress = training.progress
    duration = {"steps": str(progress.step), "minutes": f"{progress.seconds / 60:.0f}"}
    write_atomically(out, save(tensors, metadata | duration))


if __name__ == "__main__":
    sys.exit(main())
