"""Times of whole runs, from the shell to the last file."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from networks import ENVIRONMENT, HERE
from PIL import Image
from worker import peak_memory

from sod_gallery.engines.conversion import Conversion
from sod_gallery.engines.hardware import processor
from sod_gallery.networks.checkpoints import resolve
from sod_gallery.photos.datasets import sample_photos

BUILD = HERE.parent / "pipeline" / "build.py"
TICKS = os.sysconf("SC_CLK_TCK")
FEW, MANY = 50, 1000


@dataclass
class Run:
    """Several runs of one command."""

    name: str
    command: list[str]
    seconds: list[float] = field(default_factory=list)
    usage: list[float] = field(default_factory=list)
    """Share of all cores in the middle half of a run."""
    memory: list[int] = field(default_factory=list)
    """Peak, in MiB."""
    megabytes: float = 0.0
    """What was written."""

    @property
    def median(self) -> float:
        """Median of the runs, in seconds."""
        return statistics.median(self.seconds)

    def once(self, out: Path) -> None:
        """Run once into an empty folder."""
        subprocess.run(["rm", "-rf", str(out)], check=True)
        begin = time.perf_counter()
        process = subprocess.Popen(
            [part.replace("OUT", str(out)) for part in self.command],
            env=ENVIRONMENT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        watch = Watch(process.pid)
        if process.wait():
            raise RuntimeError(f"{self.command} failed")
        self.seconds.append(time.perf_counter() - begin)
        self.usage.append(watch.middle())
        self.memory.append(watch.memory)
        self.megabytes = sum(f.stat().st_size for f in out.rglob("*") if f.is_file()) / 1e6


class Watch:
    """Notes several times a second what a process has used of processor and memory."""

    def __init__(self, pid: int) -> None:
        self.memory = 0
        self._pid, self._stat = pid, Path(f"/proc/{pid}/stat")
        self._seen: list[tuple[float, float]] = []
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while True:
            try:
                fields = self._stat.read_text().rpartition(")")[2].split()
                self.memory = peak_memory(self._pid)
            except (OSError, ValueError):  # it has ended
                return
            self._seen.append((time.perf_counter(), (int(fields[11]) + int(fields[12])) / TICKS))
            time.sleep(0.1)

    def middle(self) -> float:
        """Return the share of all cores in the second and third quarter of what was seen."""
        quarter = len(self._seen) // 4
        (begin, used), (end, more) = self._seen[quarter], self._seen[-quarter - 1]
        return (more - used) / max(1e-9, end - begin) / processor().cores


def measure_gallery(options: argparse.Namespace, work: Path) -> list[Run]:
    """Return our build, the loop around the reference, and rembg, which writes cut-outs alone."""
    photos = options.photos or link_samples(work / "photos")
    checkpoint = resolve(options.checkpoint)
    weights = str(checkpoint.path)
    build = [
        sys.executable,
        str(BUILD),
        "--out",
        "OUT",
        "--photos",
        str(photos),
        "--model",
        weights,
    ]
    runs = [
        Run(
            "reference and a loop",
            [sys.executable, str(HERE / "reference.py"), weights, str(photos), "OUT"],
        ),
        Run("sod-gallery", build),
        Run("sod-gallery, torch alone", [*build, "--backend", "torch"]),
    ]
    if options.rembg:
        extra = json.dumps({"model_path": str(Conversion(checkpoint).graph())})
        command = str(Path(options.rembg).with_name("rembg"))
        cut = [sys.executable, str(HERE / "cutouts.py"), weights, str(photos), "OUT"]
        theirs = [command, "p", "-m", "u2net_custom", "-x", extra, str(photos), "OUT"]
        runs += [Run("our parts, cut-outs alone", cut), Run("rembg p, cut-outs alone", theirs)]
    for _ in range(max(1, options.rounds // 3)):
        for run in runs:
            run.once(work / "out")
    return runs


@dataclass(frozen=True)
class Many:
    """How a gallery of many photos compares with one of few."""

    few: int
    many: int
    few_memory: int
    many_memory: int
    many_seconds: float
    warm_seconds: float
    """Of a second build, with nothing to do: the best of three."""


def measure_many(work: Path) -> Many:
    """Build few and many drawn photos with the checkpoint that comes along, then once more."""
    runs = {}
    for count in (FEW, MANY):
        folder = work / f"drawn-{count}"
        _draw(folder, count)
        command = [sys.executable, str(BUILD), "--out", "OUT", "--photos", str(folder)]
        runs[count] = Run(str(count), [*command, "--name", "drawn"])
        runs[count].once(work / f"built-{count}")
    warm = []
    for _ in range(3):
        begin = time.perf_counter()
        arguments = [p.replace("OUT", str(work / f"built-{MANY}")) for p in runs[MANY].command]
        subprocess.run(arguments, check=True, capture_output=True)
        warm.append(time.perf_counter() - begin)
    return Many(
        FEW, MANY, runs[FEW].memory[0], runs[MANY].memory[0], runs[MANY].seconds[0], min(warm)
    )


def _draw(folder: Path, count: int) -> None:
    """Write photos of 1024×768 pixels that differ."""
    folder.mkdir()
    random = np.random.default_rng(0)
    ground = random.integers(0, 255, (24, 32, 3), np.uint8)
    for index in range(count):
        ground[index % 24, index % 32] = random.integers(0, 255, 3)
        photo = Image.fromarray(ground).resize((1024, 768), Image.Resampling.BICUBIC)
        photo.save(folder / f"{index}.jpg", quality=90)


def link_samples(folder: Path) -> Path:
    """Make a folder of the sample photos."""
    folder.mkdir()
    for name, path in sample_photos().items():
        (folder / name).symlink_to(path)
    return folder
