"""Measures whole runs of commands, from their start in the shell to the last file."""

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
"""Units per second of the processor times in /proc."""
FEW, MANY = 50, 1000
"""Numbers of photos of the two galleries whose memory is compared."""


@dataclass
class Run:
    """A command and the measurements of its runs."""

    name: str
    command: list[str]
    """``OUT`` in it stands for the output folder."""
    seconds: list[float] = field(default_factory=list)
    """Time of each run."""
    usage: list[float] = field(default_factory=list)
    """Of each run, the fraction of all cores that was in use in its middle half."""
    memory: list[int] = field(default_factory=list)
    """Peak memory of each run, in MiB."""
    megabytes: float = 0.0
    """Size of all files of the last run, in MB."""

    @property
    def median(self) -> float:
        """Median time of the runs, in seconds."""
        return statistics.median(self.seconds)

    def once(self, out: Path) -> None:
        """Empty the folder ``out``, run the command and record its measurements.

        Raises RuntimeError if the command fails.
        """
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
    """Samples the processor time and the peak memory of a process, ten times a second."""

    def __init__(self, pid: int) -> None:
        self.memory = 0
        self._pid, self._stat = pid, Path(f"/proc/{pid}/stat")
        self._samples: list[tuple[float, float]] = []  # time, processor time in seconds
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def _sample(self) -> None:
        while True:
            try:
                fields = self._stat.read_text().rpartition(")")[2].split()
                self.memory = peak_memory(self._pid)
            except (OSError, ValueError):  # the process has ended
                return
            used = (int(fields[11]) + int(fields[12])) / TICKS  # in user and in kernel mode
            self._samples.append((time.perf_counter(), used))
            time.sleep(0.1)

    def middle(self) -> float:
        """Return the fraction of all cores in use, in the second and third quarter of the run."""
        quarter = len(self._samples) // 4
        (begin, used_before), (end, used_after) = (
            self._samples[quarter],
            self._samples[-quarter - 1],
        )
        return (used_after - used_before) / max(1e-9, end - begin) / processor().cores


def measure_gallery(options: argparse.Namespace, work: Path) -> list[Run]:
    """Measure our build, a loop around the reference, and, if installed, rembg.

    rembg writes only cut-outs, so it is compared with bench/cutouts.py.  The first run is the loop.
    Raises RuntimeError if a command fails.
    """
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
        ours = [sys.executable, str(HERE / "cutouts.py"), weights, str(photos), "OUT"]
        theirs = [command, "p", "-m", "u2net_custom", "-x", extra, str(photos), "OUT"]
        runs += [Run("our parts, cut-outs alone", ours), Run("rembg p, cut-outs alone", theirs)]
    for _ in range(max(1, options.rounds // 3)):
        for run in runs:
            run.once(work / "out")
    return runs


@dataclass(frozen=True)
class Many:
    """A gallery of many photos compared with one of few."""

    few: int
    """Photos of the small gallery."""
    many: int
    """Photos of the large gallery."""
    few_memory: int
    """Peak memory of the small gallery's build, in MiB."""
    many_memory: int
    """Peak memory of the large gallery's build, in MiB."""
    many_seconds: float
    """Time of the large gallery's first build."""
    warm_seconds: float
    """Time of its next build, which has nothing to do: the least of three."""


def measure_many(work: Path) -> Many:
    """Build FEW and MANY generated photos with the included checkpoint, then MANY again.

    Raises RuntimeError or CalledProcessError if a build fails.
    """
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
    """Write ``count`` different JPEG photos of 1024×768 pixels, generated from random colours."""
    folder.mkdir()
    random = np.random.default_rng(0)
    ground = random.integers(0, 255, (24, 32, 3), np.uint8)
    for index in range(count):
        ground[index % 24, index % 32] = random.integers(0, 255, 3)
        photo = Image.fromarray(ground).resize((1024, 768), Image.Resampling.BICUBIC)
        photo.save(folder / f"{index}.jpg", quality=90)


def link_samples(folder: Path) -> Path:
    """Create a folder with links to the sample photos; return it."""
    folder.mkdir()
    for name, path in sample_photos().items():
        (folder / name).symlink_to(path)
    return folder
