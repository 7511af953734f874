"""The order of the steps, and the keys that tell whether a step is fresh."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from sod_gallery.config import Config
from sod_gallery.files import hash_bytes
from sod_gallery.manifest import StepRecord
from sod_gallery.records import Model

from .steps import (
    COMPOSITE,
    CUTOUT,
    CUTOUT_WEB,
    FULL,
    MASK,
    SOCIAL_PREVIEW,
    WEB,
    Job,
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


def label(step: Step, model: Model | None = None) -> str:
    """Return the name of a step in a photo's record: ``web``, ``u2netp/mask``."""
    return f"{model.name}/{step.name}" if model else step.name


def run_steps(
    job: Job,
    photo_sha256: str,
    models: Sequence[Model],
    config: Config,
    runner: StepRunner,
    predict: Predict,
) -> dict[str, StepRecord]:
    """Take one photo through every step; returns the records by label, in a fixed order.

    Raises PhotoError where the photo cannot be read.
    """
    pictures = Pictures(job, runner.root, predict)
    records: dict[str, StepRecord] = {}

    def ensure(step: Step, model: Model, inputs: Sequence[str], name: str) -> list[str]:
        context = StepContext(pictures, config, model)
        parameters = dict(step.parameters(config))
        # where the files lie decides what is made, too: a photo may get another slug
        parameters |= {"folder": job.folder, "label": name, "published": job.published}
        key = step_key(step.name, step.version, [photo_sha256, *inputs], parameters)
        records[name] = runner.ensure(name, key, lambda: step.make(context))
        return [output.sha256 for output in records[name].outputs]

    ensure(WEB, models[0], [], label(WEB))
    ensure(FULL, models[0], [], label(FULL))
    masks = []
    for model in models:
        computed_by = [model.checkpoint_sha256, model.backend, model.device, model.precision]
        masks.append(ensure(MASK, model, computed_by, label(MASK, model)))
        for step in (CUTOUT, CUTOUT_WEB, COMPOSITE):
            ensure(step, model, masks[-1], label(step, model))
    ensure(SOCIAL_PREVIEW, models[0], masks[0], label(SOCIAL_PREVIEW))
    return records
