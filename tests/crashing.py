"""Builds that are killed, stopped, or out of room, and what has to be true after the next one.

CRASHES=long runs as many as the project promises (see CONTRIBUTING.md); the moments, the disks and
the torn lines follow from CRASH_SEED.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from small_world import draw, tree

IS_LONG = os.environ.get("CRASHES") == "long"
SEED = int(os.environ.get("CRASH_SEED", "1"))
STATE = ".sod-gallery/"
LOG = f"{STATE}libraries.log"
CHANGING = (f"{STATE}hashes.json", f"{STATE}lock", LOG)
"""Files that differ between two builds of the same photos."""
NEVER_WHOLE = (f"{STATE}journal.jsonl", f"{STATE}lock", LOG)
"""Files that grow, or that nobody reads."""
SECONDS_A_PHOTO = 0.08
CHEAP = """
import sod_gallery.__main__ as start
start._for_all(start._leave)
from sod_gallery.engines import predictor
from cheap_network import CheapPredictor
predictor.Predictor = CheapPredictor
start.run()
"""
"""The console command with a network that costs nothing."""


def trials(short: int, long: int, kind: str) -> list[random.Random]:
    """Return the sources of chance of so many trials."""
    return [random.Random(f"{SEED} {kind} {n}") for n in range(long if IS_LONG else short)]


def environment(**extra: str) -> dict[str, str]:
    tests = Path(__file__).resolve().parent
    path = os.pathsep.join(map(str, (tests.parent / "pipeline", tests)))
    return os.environ | {"PYTHONPATH": path, "CHEAP_SECONDS": str(SECONDS_A_PHOTO)} | extra


def default_signals() -> None:
    """Undo what a shell does to the signals of what it runs in the background."""
    import signal

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass
class World:
    """Photos in their newer state, sites built from the older and the newer, and room to crash."""

    folder: Path
    seconds: float = 0.0
    """That a whole build takes."""
    whole: dict[str, bytes] = field(default_factory=dict)
    """What every build has to arrive at."""
    allowed: dict[str, set[str]] = field(default_factory=dict)
    """By path: sha256 of what may be seen there at any time."""

    @property
    def photos(self) -> Path:
        return self.folder / "pets"

    @property
    def command(self) -> list[str]:
        weights = str(self.folder / "tiny.safetensors")
        words = ["--photos", str(self.photos), "--model", weights, "--offline"]
        return [sys.executable, "-c", CHEAP, *words]

    def start(self, site: Path) -> subprocess.Popen[str]:
        """Start a build."""
        site.mkdir(exist_ok=True)
        return subprocess.Popen(
            [*self.command, "--out", str(site)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
            cwd=self.folder,
            preexec_fn=default_signals,
        )

    def build(self, site: Path) -> tuple[int, str]:
        """Build to the end; returns the exit code and everything that was said."""
        process = self.start(site)
        out, err = process.communicate(timeout=120)
        return process.returncode, out + err

    def site(self, name: str, *, built: bool) -> Path:
        """Return a new site: empty, or as it was built from the older photos."""
        site = self.folder / name
        if built:
            shutil.copytree(self.folder / "old", site)
        else:
            site.mkdir()
        return site

    def check(self, site: Path) -> None:
        """Finish an interrupted build: nothing may be lost, added or left over."""
        code, said = self.build(site)
        assert code == 0, said
        assert "Traceback" not in said
        assert self.difference(site) == []

    def difference(self, site: Path) -> list[str]:
        """Return the paths at which a site is not as it must be."""
        found = tree(site, *CHANGING)
        return [path for path in sorted(found.keys() | self.whole.keys())
                if found.get(path) != self.whole.get(path)]  # fmt: skip


def make_world(folder: Path, weights: Path) -> World:
    """Draw the photos and build the older and the newer site."""
    world = World(folder)
    shutil.copy(weights, folder / "tiny.safetensors")
    for number in range(5):
        draw(world.photos / f"{number}.jpg", (90, 60), number)
    old, new = folder / "old", folder / "new"
    assert world.build(old)[0] == 0
    draw(world.photos / "1.jpg", (90, 60), 11)
    draw(world.photos / "new/2.jpg", (60, 90), 12)
    (world.photos / "3.jpg").unlink()
    begun = time.perf_counter()
    assert world.build(new)[0] == 0
    world.seconds = time.perf_counter() - begun
    world.whole = tree(new, *CHANGING)
    for content in (tree(old, *CHANGING), world.whole):
        for path, whole in content.items():
            world.allowed.setdefault(path, set()).add(hashlib.sha256(whole).hexdigest())
    return world


class Watcher(threading.Thread):
    """Reads a site over and over while others write it, and notes what is not whole."""

    def __init__(self, world: World, site: Path) -> None:
        super().__init__(daemon=True)
        self.faults: list[str] = []
        self.looks = 0
        self._world, self._site = world, site
        self._ended = threading.Event()

    def __enter__(self) -> Watcher:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.join()

    def run(self) -> None:
        while not self._ended.is_set():
            for parent, _, names in os.walk(self._site):
                for name in names:
                    with contextlib.suppress(OSError):
                        self._look(Path(parent) / name)
            self.looks += 1

    def _look(self, path: Path) -> None:
        relative = path.relative_to(self._site).as_posix()
        if path.name.endswith(".sod-tmp") or relative in NEVER_WHOLE:
            return
        content = path.read_bytes()
        if path.suffix == ".json" and (STATE in relative or path.name.startswith(".")):
            try:
                json.loads(content)
            except ValueError:
                self.faults.append(f"{relative} is torn")
        elif hashlib.sha256(content).hexdigest() not in self._world.allowed.get(relative, set()):
            self.faults.append(f"{relative} is no file of a whole build")


def tear(site: Path, chance: random.Random) -> None:
    """Cut the journal somewhere, as a disk does that loses its power."""
    journal = site / STATE / "journal.jsonl"
    if journal.exists():
        content = journal.read_bytes()
        journal.write_bytes(content[: chance.randint(0, len(content))])
