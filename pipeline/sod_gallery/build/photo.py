"""Makes one photo: a function of plain values, which any process can run."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from PIL import Image

from sod_gallery.config import Config
from sod_gallery.engines.imported_maps import import_map
from sod_gallery.engines.predictor import shared_predictor
from sod_gallery.engines.repeating import repeatability
from sod_gallery.engines.runtime import Runtime
from sod_gallery.errors import PhotoError, PipelineError
from sod_gallery.files import FileHashes, Stamp
from sod_gallery.manifest import PhotoRecord
from sod_gallery.networks.registry import Checkpoint
from sod_gallery.photos import workers
from sod_gallery.photos.decoding import Decoded
from sod_gallery.photos.names import printable
from sod_gallery.pictures import imaging
from sod_gallery.records import Provenance, Trust

from .budget import need, shared_budget
from .companions import attach_companions
from .freshness import CachedRunner
from .job import Job
from .measuring import measure
from .recipe import run_steps
from .steps import WEB, PredictedMask


@dataclass(frozen=True)
class PhotoTask:
    """All that is needed to make one photo; it can be pickled."""

    root: Path
    """Folder of the site."""
    job: Job
    methods: tuple[Provenance, ...]
    """What its results will state."""
    checkpoints: tuple[Checkpoint, ...]
    """Those of the networks among the methods."""
    maps: Mapping[str, Path]
    """Published maps of the photo, by method."""
    runtime: Runtime
    config: Config
    previous: PhotoRecord | None
    """What the last build made of the photo."""
    hashes: Mapping[str, Stamp]
    """What is known of the photo, of the files that the last build made of it, and of what people
    put beside it."""
    foreign: frozenset[str]
    """Files at the places of the photo's cut-outs that no build wrote."""
    companions: Mapping[str, Path]
    """Where ground truth and a published result of the photo may lie; see ``companion_files``."""
    scored: bool = False
    """Score the masks, where there is ground truth."""
    thorough: bool = False
    """Run networks again, to see how far their maps agree with each other."""
    force: bool = False
    """Run every step, fresh or not."""


@dataclass(frozen=True)
class PhotoOutcome:
    """What became of one photo; it can be pickled."""

    name: str
    record: PhotoRecord | None = None
    """None where the photo failed."""
    built: bool = False
    """At least one step ran."""
    reason: str = ""
    """Why the photo failed: a sentence that names the file and the remedy."""
    hashes: Mapping[str, Stamp] = field(default_factory=dict)
    """What was learnt of the photo's files on the way."""

    @property
    def word(self) -> str:
        """What ``Reporter.advance`` calls it."""
        if self.record is None:
            return "failed"
        return "built" if self.built else "fresh"


def make_photo(task: PhotoTask, stopped: threading.Event | None = None) -> PhotoOutcome:
    """Make one photo: run the steps that are not fresh, and write their files below the root.

    Whatever goes wrong with the photo itself is an outcome with a reason.  Raises PipelineError
    where the disk refuses a file or the network cannot be loaded, which concerns all photos, and
    Interrupted at the next step after ``stopped`` was set.
    """
    name, hashes = task.job.name, FileHashes(task.hashes)
    runner = CachedRunner(
        task.root,
        task.previous,
        hashes,
        foreign=task.foreign,
        force=task.force,
        stopped=stopped,
    )
    try:
        with ExitStack() as memory:
            record = _record(task, runner, hashes, memory)
    except PhotoError as error:
        return PhotoOutcome(name, reason=str(error), hashes=hashes.seen)
    except PipelineError:
        raise
    except Exception as error:  # a library's limit or fault costs this photo and no other
        return PhotoOutcome(name, reason=_reason(task.job.path, error), hashes=hashes.seen)
    return PhotoOutcome(name, record, built=bool(runner.labels_run), hashes=hashes.seen)


def _reason(path: Path, error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{path}: cannot be read: {error.strerror}."
    if isinstance(error, MemoryError):
        return f"{path}: needs more memory than there is; scale it down."
    detail = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return f"{path}: cannot be made ({detail}); scale it down, or save it anew as JPEG or PNG."


def _record(
    task: PhotoTask, runner: CachedRunner, hashes: FileHashes, memory: ExitStack
) -> PhotoRecord:
    job, checkpoints = task.job, {each.name: each for each in task.checkpoints}

    @cache
    def admitted(path: Path) -> tuple[int, int]:
        """Wait until there is memory for the photo, which keeps it until it is made."""
        size = workers.measure(path)
        memory.enter_context(shared_budget(task.config.memory).share(need(size)))
        return size

    def load(path: Path) -> Decoded:
        return workers.decode("photo", path, admitted(path))

    def predict(made_by: Provenance, photo: Image.Image) -> PredictedMask:
        if made_by.method in task.maps:
            imported = import_map(task.maps[made_by.method])
            return PredictedMask(imaging.fit_map(imported.levels, photo.size), imported.peak)
        predictor = shared_predictor(checkpoints[made_by.method], task.runtime)
        prediction = predictor.predict_with_peak(photo)
        mask = imaging.make_mask(prediction.saliency, photo.size)
        return PredictedMask(mask, prediction.peak, prediction.batch)

    if printable(job.name) != job.name:
        raise PhotoError(f"{printable(job.name)}: its name is no UTF-8 text. Rename the file.")
    sha256 = hashes.hash(job.path)
    steps = run_steps(job, sha256, task.methods, task.config, runner, load, predict)
    notes = list(steps[WEB.name].notes)
    size = job.path.stat().st_size
    record = PhotoRecord(sha256=sha256, bytes=size, slug=job.slug, steps=steps, notes=notes)
    record = attach_companions(job, record, runner, hashes, task.companions)

    def repeat(made_by: Provenance) -> Trust:
        return repeatability(checkpoints[made_by.method], task.runtime, load(job.path).picture)

    return measure(
        record,
        runner,
        task.methods,
        scored=task.scored,
        repeat=repeat if task.thorough else None,
    )
