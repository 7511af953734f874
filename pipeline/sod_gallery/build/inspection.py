"""Looks at what was built and makes nothing: ``--check`` and ``--explain``."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image

from sod_gallery.errors import CheckpointError, ConfigError, PhotoError
from sod_gallery.manifest import DatasetRecord
from sod_gallery.photos.names import find_photos, slugs
from sod_gallery.records import Model

from .freshness import Inspector
from .model_pool import ModelPool
from .recipe import make_photo
from .run import Reporter
from .selection import Request, Selected, chosen_models, remembered
from .state import State, data_files


def check(request: Request, reporter: Reporter) -> list[str]:
    """Return everything that another build would change, as sentences; all files are hashed anew.

    Only the datasets named with ``--dataset`` are looked at, or all.
    """
    inspection = Inspection(request, reporter, trusting=False)
    return [*inspection.problems(), *inspection.stale_data()]


def explain(request: Request, reporter: Reporter, photo: str) -> list[str]:
    """Return for one photo and each of its steps why it is fresh, stale or failed, as lines.

    ``photo`` is a name, a slug or ``<dataset>/<name>``.  Raises ConfigError where there is none.
    """
    inspection = Inspection(request, reporter, trusting=True)
    lines = [line for found in inspection.matching(photo) for line in inspection.lines(*found)]
    if not lines:
        raise ConfigError(f"{photo}: no such photo. Give it as <dataset>/<file name>.")
    return lines


class Inspection:
    """The state of a site's root, and what a build with the same arguments would do to it."""

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

    def datasets(self) -> list[Selected]:
        """Return the datasets asked for, among those that are there."""
        there = remembered(self._root, self._state.manifest, self._state.config)
        wanted = self._request.datasets
        for name in wanted:
            if name not in {found.name for found in there}:
                raise ConfigError(f"{name}: no such dataset is there. Build it first.")
        return [found for found in there if not wanted or found.name in wanted]

    def matching(self, photo: str) -> Iterator[tuple[Selected, str, str]]:
        """Yield dataset, name and slug of the photos that are meant."""
        for dataset in self.datasets():
            for name, slug in slugs(find_photos(dataset.folder)).items():
                if photo in {name, slug, f"{dataset.name}/{name}", f"{dataset.name}/{slug}"}:
                    yield dataset, name, slug

    def lines(self, dataset: Selected, name: str, slug: str) -> list[str]:
        """Return the photo's state, a line for each step."""
        failed = self._record(dataset).failed.get(name)
        header = f"{dataset.name}/{name} (slug {slug})"
        if failed:
            return [f"{header}: failed in the last build: {failed}"]
        states = self.states(dataset, name, slug)
        return [header, *(f"  {step}: {reason or 'fresh'}" for step, reason in states.items())]

    def states(self, dataset: Selected, name: str, slug: str) -> dict[str, str | None]:
        """Return for each step why it is stale, or none."""
        inspector = Inspector(
            self._root, self._record(dataset).photos.get(name), self._state.hashes
        )
        job = dataset.job(name, slug, self._state.hashes.hash(dataset.folder / name))
        make_photo(job, self._dataset_models(dataset), self._state.config, inspector, _no_model)
        return inspector.findings

    def problems(self) -> Iterator[str]:
        """Yield what is stale, missing, altered or superfluous in each dataset."""
        for dataset in self.datasets():
            record, found = self._record(dataset), find_photos(dataset.folder)
            for name, slug in slugs(found).items():
                photo = f"{dataset.name}/{name}"
                if name in record.failed:
                    yield f"{photo}: failed in the last build: {record.failed[name]}"
                    continue
                for step, reason in self.states(dataset, name, slug).items():
                    if reason:
                        yield f"{photo}: {step}: {reason}"
            for name in sorted(set(record.photos) - set(found)):
                yield f"{dataset.name}/{name}: the photo is gone, its results are still there"

    def stale_data(self) -> Iterator[str]:
        """Yield the data files that do not say what the manifest says."""
        for path, content in data_files(self._state.manifest, self._state.config).items():
            file = self._root / path
            if not file.is_file() or file.read_bytes() != content:
                yield f"{path}: is missing or differs from what was built"

    def _record(self, dataset: Selected) -> DatasetRecord:
        return self._state.manifest.datasets.get(dataset.name, DatasetRecord())

    def _dataset_models(self, dataset: Selected) -> list[Model]:
        names = chosen_models(
            self._request, self._record(dataset), dataset.name, self._state.config
        )
        return [self._model(name) for name in names]

    def _model(self, name: str) -> Model:
        """Return a model as its weights say now, or as it was where they are not at hand."""
        try:
            return self._models.model(name)
        except CheckpointError:
            if name not in self._state.manifest.models:
                raise
            return self._state.manifest.models[name]


def _no_model(model: Model, photo: Image.Image) -> Image.Image:
    raise PhotoError(f"{model.name}: looking at {photo} must not run a model")
