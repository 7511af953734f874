"""Looks at what was built and makes nothing: the commands ``check`` and ``explain``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
from PIL import Image

from sod_gallery.errors import CheckpointError, ConfigError, PhotoError
from sod_gallery.manifest import DatasetRecord
from sod_gallery.photos.decoding import Decoded
from sod_gallery.photos.finding import find_photos
from sod_gallery.photos.names import slugs
from sod_gallery.progress import Reporter
from sod_gallery.records import Provenance, Trust

from .companions import attach_companions, companion_files
from .freshness import DryRun
from .measuring import can_score, measure
from .methods import DatasetMethods, methods_of
from .model_pool import ModelPool
from .recipe import run_steps
from .selection import Request, Selected, chosen_models, select_without_fetching
from .state import State, data_files
from .steps import PredictedMask


class Problem(msgspec.Struct, kw_only=True):
    """Something that another build would change."""

    subject: str
    """``<dataset>/<photo>``, or the path of a data file."""
    step: str = ""
    """The step that would run; empty where the whole subject is meant."""
    reason: str

    def __str__(self) -> str:
        """Return one line for people."""
        return ": ".join(part for part in (self.subject, self.step, self.reason) if part)


class Check(msgspec.Struct, kw_only=True):
    """What ``check`` found."""

    ok: bool
    problems: list[Problem]


class PhotoState(msgspec.Struct, kw_only=True):
    """What another build would do to one photo."""

    photo: str
    """``<dataset>/<name>``."""
    slug: str
    failed: str | None = None
    """Why the last build failed with the photo."""
    steps: dict[str, str | None] = {}
    """By step: why it would run, or none where it is fresh."""

    def lines(self) -> list[str]:
        """Return a heading and a line for each step, for people."""
        heading = f"{self.photo} (slug {self.slug})"
        if self.failed:
            return [f"{heading}: failed in the last build: {self.failed}"]
        return [
            heading,
            *(f"  {step}: {reason or 'fresh'}" for step, reason in self.steps.items()),
        ]


class Explanation(msgspec.Struct, kw_only=True):
    """What ``explain`` found: one entry, or one for each dataset that has such a photo."""

    photos: list[PhotoState]


def check(request: Request, reporter: Reporter) -> Check:
    """Return everything that a build with the same request would change.

    All files are hashed anew.  Nothing is fetched and no network runs.
    """
    inspection = Inspection(request, reporter, trusting=False)
    problems = [*inspection.problems(), *inspection.stale_data()]
    return Check(ok=not problems, problems=problems)


def explain(request: Request, reporter: Reporter, photo: str) -> Explanation:
    """Return for one photo and each of its steps why it is fresh, stale or failed.

    ``photo`` is a name, a slug, ``<dataset>/<name>`` or ``<dataset>/<slug>``.  Raises ConfigError
    where there is none.
    """
    inspection = Inspection(request, reporter, trusting=True)
    photos = [inspection.state(*match) for match in inspection.matching(photo)]
    if not photos:
        raise ConfigError(f"{photo}: no such photo. Give it as <dataset>/<file name>.")
    return Explanation(photos=photos)


class Inspection:
    """The state of a site's root, and what a build with the same request would do to it."""

    def __init__(self, request: Request, reporter: Reporter, *, trusting: bool) -> None:
        self._root, self._request = request.root, request
        self._state = State(request.root, request.settings, trusting=trusting)
        self._models = ModelPool(
            request.runtime,
            request.weights_dir,
            self._state.hashes,
            reporter.downloading,
            offline=True,
        )
        self._found: dict[str, DatasetMethods] = {}
        self._datasets = select_without_fetching(request, self._state.manifest, self._state.config)

    def matching(self, photo: str) -> Iterator[tuple[Selected, str, str]]:
        """Yield dataset, name and slug of the photos that are meant."""
        for dataset in self._datasets:
            for name, slug in self._photos(dataset).items():
                if photo in {name, slug, f"{dataset.name}/{name}", f"{dataset.name}/{slug}"}:
                    yield dataset, name, slug

    def state(self, dataset: Selected, name: str, slug: str) -> PhotoState:
        """Return the photo's state, step by step."""
        photo = f"{dataset.name}/{name}"
        failed = self._record(dataset).failed.get(name)
        steps = {} if failed else self._steps(dataset, name, slug)
        return PhotoState(photo=photo, slug=slug, failed=failed, steps=steps)

    def problems(self) -> Iterator[Problem]:
        """Yield what is stale, missing, altered or superfluous in each dataset."""
        for dataset in self._datasets:
            for name, slug in self._photos(dataset).items():
                state = self.state(dataset, name, slug)
                if state.failed:
                    reason = f"failed in the last build: {state.failed}"
                    yield Problem(subject=state.photo, reason=reason)
                for step, stale in state.steps.items():
                    if stale:
                        yield Problem(subject=state.photo, step=step, reason=stale)
            for name in sorted(
                set(self._record(dataset).photos) - set(find_photos(dataset.folder))
            ):
                reason = "the photo is gone, its results are still there"
                yield Problem(subject=f"{dataset.name}/{name}", reason=reason)

    def stale_data(self) -> Iterator[Problem]:
        """Yield the data files that do not say what the manifest says."""
        for path, content in data_files(
            self._root, self._state.manifest, self._state.config
        ).items():
            file = self._root / path
            if not file.is_file() or file.read_bytes() != content:
                yield Problem(subject=path, reason="is missing or differs from what was built")

    def _photos(self, dataset: Selected) -> dict[str, str]:
        """Return the slugs of the dataset's photos by name, no more than the request's limit."""
        slug_of = slugs(find_photos(dataset.folder))
        return dict(list(slug_of.items())[: self._request.limit])

    def _steps(self, dataset: Selected, name: str, slug: str) -> dict[str, str | None]:
        previous = self._record(dataset).photos.get(name)
        runner = DryRun(self._root, previous, self._state.hashes)
        sha256 = self._state.hashes.hash(dataset.folder / name)
        methods, config = self._methods(dataset), self._state.config
        job, hashes = dataset.job(name, slug), self._state.hashes
        made_by = methods.of(name, hashes)
        steps = run_steps(job, sha256, made_by, config, runner, _no_decoding, _no_prediction)
        if previous:
            record = msgspec.structs.replace(previous, steps=steps)
            files = companion_files(
                job, self._root, methods.truths.get(name), is_external=dataset.external
            )
            record = attach_companions(job, record, runner, hashes, files)
            thorough = self._record(dataset).thorough
            measure(
                record,
                runner,
                methods.of(name, hashes),
                scored=can_score(),
                repeat=_no_repetition if thorough else None,
            )
        return runner.reasons

    def _record(self, dataset: Selected) -> DatasetRecord:
        return self._state.manifest.datasets.get(dataset.name, DatasetRecord())

    def _methods(self, dataset: Selected) -> DatasetMethods:
        if dataset.name not in self._found:
            config, record = self._state.config, self._record(dataset)
            names = chosen_models(self._request, record, dataset.name, config)
            networks = [self._provenance(dataset, name) for name in names]
            methods = methods_of(
                record,
                config.dataset(dataset.name),
                self._request.settings.parent,
                networks,
                find_photos(dataset.folder),
            )
            self._found[dataset.name] = methods
        return self._found[dataset.name]

    def _provenance(self, dataset: Selected, name: str) -> Provenance:
        """Return what new results would state; without the weights, what the old ones state."""
        try:
            return self._models.find(name)
        except CheckpointError:
            for photo in self._record(dataset).photos.values():
                mask = photo.steps.get(f"{name}/mask")
                if mask and mask.provenance:
                    return mask.provenance
            raise


def _no_repetition(made_by: Provenance) -> Trust:
    raise PhotoError(f"{made_by.method}: looking at a photo must not run a network")


def _no_decoding(path: Path) -> Decoded:
    raise PhotoError(f"{path}: looking at a photo must not decode it")


def _no_prediction(made_by: Provenance, photo: Image.Image) -> PredictedMask:
    raise PhotoError(f"{made_by.method}: looking at {photo} must not run a network")
