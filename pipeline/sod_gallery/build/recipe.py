"""The order of the steps, and the keys that tell whether a step is fresh."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from sod_gallery.config import Config
from sod_gallery.files import hash_bytes
from sod_gallery.manifest import StepRecord
from sod_gallery.records import Provenance

from .job import Job
from .steps import (
    COMPOSITE,
    CUTOUT,
    CUTOUT_FULL,
    CUTOUT_WEB,
    FULL,
    MASK,
    ORIGINAL,
    SOCIAL_PREVIEW,
    WEB,
    Load,
    Parameter,
    Pictures,
    Predict,
    Product,
    Step,
    StepContext,
)


class StepRunner(Protocol):
    """Decides what becomes of a step whose key is known: run it, keep its files, or look at it."""

    root: Path
    """Folder of the site."""

    def ensure(self, label: str, key: str, make: Callable[[], Product]) -> StepRecord:
        """Return the step's record; ``make`` gives its files where they are not fresh."""
        ...


def step_key(
    name: str, version: int, inputs: Sequence[str], parameters: Mapping[str, Parameter]
) -> str:
    """Return the sha256 of everything that decides a step's result, as 64 hexadecimal digits."""
    recipe = (name, version, list(inputs), dict(sorted(parameters.items())))
    return hash_bytes(msgspec.json.encode(recipe))


def label(step: Step, method: str = "") -> str:
    """Return the name of a step in a photo's record: ``web``, ``u2netp/mask``."""
    return f"{method}/{step.name}" if method else step.name


def run_steps(
    job: Job,
    photo_sha256: str,
    methods: Sequence[Provenance],
    config: Config,
    runner: StepRunner,
    load: Load,
    predict: Predict,
) -> dict[str, StepRecord]:
    """Take one photo through every step; returns the records by label, in a fixed order.

    Raises PhotoError where the photo cannot be read.
    """
    pictures = Pictures(job, runner.root, load, predict)
    records: dict[str, StepRecord] = {}

    def ensure(step: Step, made_by: Provenance, inputs: Sequence[str], name: str) -> list[str]:
        context = StepContext(pictures, config, made_by)
        parameters = dict(step.parameters(config))
        # where the files lie decides what is made, too: a photo may get another slug
        parameters |= {"folder": job.folder, "label": name, "published": job.in_site}
        if step in (ORIGINAL, FULL):
            parameters |= _publication(job)
        key = step_key(step.name, step.version, [photo_sha256, *inputs], parameters)
        records[name] = runner.ensure(name, key, lambda: step.make(context))
        return [output.sha256 for output in records[name].outputs]

    ensure(WEB, methods[0], [], label(WEB))
    if job.originals and not job.published:
        ensure(ORIGINAL, methods[0], [], label(ORIGINAL))
    ensure(FULL, methods[0], [], label(FULL))
    masks = []
    for made_by in methods:
        masks.append(ensure(MASK, made_by, _inputs_of(made_by), label(MASK, made_by.method)))
        for step in (CUTOUT, CUTOUT_FULL, CUTOUT_WEB, COMPOSITE):
            ensure(step, made_by, masks[-1], label(step, made_by.method))
    ensure(SOCIAL_PREVIEW, methods[0], masks[0], label(SOCIAL_PREVIEW))
    return records


def _publication(job: Job) -> Mapping[str, Parameter]:
    """Return what decides how the photo's own size is shown, beside where the photo lies."""
    if job.published or not (job.in_site or job.originals):
        return {}
    return {"originals": str(job.originals)}


def _inputs_of(made_by: Provenance) -> list[str]:
    """Return what decides a mask beside the photo."""
    inputs = [made_by.checkpoint_sha256, made_by.backend, made_by.device, made_by.precision]
    return [*inputs, f"batch {made_by.batch}"] if made_by.batch > 1 else inputs
