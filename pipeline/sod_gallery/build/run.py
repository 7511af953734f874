"""The build, top to bottom: select, make, remove what is gone, write the site's data."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import filelock
import msgspec

from sod_gallery.errors import PhotoError, PipelineError
from sod_gallery.manifest import DatasetRecord, JournalEntry, PhotoRecord, remove_outputs
from sod_gallery.photos.names import find_photos, natural_key, printable, slugs
from sod_gallery.records import Failure, Model

from .companions import Companions
from .freshness import Maker
from .model_pool import ModelPool
from .recipe import make_photo
from .selection import Request, Selected, chosen_models, raw_folder, select
from .state import State, all_outputs, lock, publish

T = TypeVar("T")
R = TypeVar("R")


class Reporter(Protocol):
    """Is told how the build goes on."""

    def downloading(self, name: str, done: int, total: int | None) -> None:
        """Report ``done`` of ``total`` bytes of a download."""

    def begin(self, dataset: str, photos: int) -> None:
        """Announce a dataset and how many photos it has."""

    def advance(self, photo: str, outcome: str) -> None:
        """Report one photo as ``built``, ``fresh`` or ``failed``."""

    def note(self, text: str) -> None:
        """Pass on a remark that is no failure."""


class Summary(msgspec.Struct, kw_only=True):
    """How a build ended; lists hold ``<dataset>/<photo>``."""

    built: list[str] = []
    fresh: list[str] = []
    removed: list[str] = []
    failed: list[Failure] = []
    seconds: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """What became of one photo."""

    name: str
    record: PhotoRecord | None = None
    built: bool = False
    reason: str = ""


def build(request: Request, reporter: Reporter) -> tuple[Summary, list[Model]]:
    """Bring a site's files and data up to date with its photos, models and settings.

    Returns what was done, and the models that it was done with.  Raises PipelineError where nothing
    sensible can be done; a photo that fails is in the summary.
    """
    started = time.perf_counter()
    try:
        with lock(request.root):
            summary, models = Build(request, reporter).run()
    except filelock.Timeout as error:
        raise PipelineError(
            f"{request.root}: another build is running there. Wait for it to end."
        ) from error
    summary.seconds = round(time.perf_counter() - started, 3)
    return summary, models


class Build:
    """One run of the build over one site's root."""

    def __init__(self, request: Request, reporter: Reporter) -> None:
        self._request, self._reporter, self._root = request, reporter, request.root
        state = State(request.root, request.settings)
        self._config, self._store, self._manifest = state.config, state.store, state.manifest
        self._hashes = state.hashes
        self._models = ModelPool(
            request.runtime,
            request.weights_dir,
            self._hashes,
            reporter.downloading,
            offline=request.offline,
        )
        self._ours = all_outputs(self._manifest)
        self._journal_lock = threading.Lock()
        self._summary = Summary()

    def run(self) -> tuple[Summary, list[Model]]:
        """Build everything that was asked for."""
        selected, notes = select(
            self._request, self._manifest, self._config, self._hashes, self._reporter.downloading
        )
        for note in notes:
            self._reporter.note(note)
        models = {dataset.name: self._resolve(dataset) for dataset in selected}
        self._remember(selected)
        for dataset in selected:
            self._dataset(dataset, models[dataset.name])
        self._drop_vanished()
        self._manifest.orphans = []
        remove_outputs(self._root, self._ours - all_outputs(self._manifest))
        publish(self._root, self._manifest, self._config)
        self._store.save(self._manifest)
        self._hashes.save()
        used = {model.name: model for each in models.values() for model in each}
        return self._summary, list(used.values())

    def _resolve(self, dataset: Selected) -> list[Model]:
        known = self._manifest.datasets.get(dataset.name)
        names = chosen_models(self._request, known, dataset.name, self._config)
        return [self._models.model(name) for name in names]

    def _remember(self, selected: list[Selected]) -> None:
        """Write down what is built from where, so that an interrupted build can go on with it."""
        before = msgspec.json.encode(self._manifest)
        for dataset in selected:
            record = self._manifest.datasets.setdefault(dataset.name, DatasetRecord())
            record.source = str(dataset.folder) if dataset.external else None
            record.chosen = list(self._request.models) or record.chosen
        if msgspec.json.encode(self._manifest) != before:
            self._store.save(self._manifest)

    def _dataset(self, dataset: Selected, models: list[Model]) -> None:
        before = self._manifest.datasets[dataset.name]
        found = find_photos(dataset.folder)
        slug = slugs(found)
        wanted = found[: self._request.limit]
        self._reporter.begin(dataset.name, len(wanted))

        def work(name: str) -> Outcome:
            return self._photo(dataset, name, slug[name], models, before.photos.get(name))

        photos, failed = {}, {}
        for outcome in in_parallel(work, wanted, self._request.runtime.threads):
            self._count(dataset.name, outcome)
            if outcome.record:
                photos[outcome.name] = outcome.record
            else:
                failed[printable(outcome.name)] = outcome.reason
        after = DatasetRecord(
            source=before.source, chosen=before.chosen, models=[model.name for model in models]
        )
        beyond = [name for name in found[len(wanted) :] if name in before.photos]
        photos |= {n: before.photos[n] for n in beyond if before.photos[n].has(after.models)}
        after.photos = {name: photos[name] for name in found if name in photos}
        after.failed = {name: failed[name] for name in sorted(failed, key=natural_key)}
        gone = [name for name in before.photos if name not in found]
        self._summary.removed += [f"{dataset.name}/{name}" for name in gone]
        self._manifest.datasets[dataset.name] = after
        self._manifest.models |= {model.name: model for model in models}

    def _photo(
        self,
        dataset: Selected,
        name: str,
        slug: str,
        models: list[Model],
        previous: PhotoRecord | None,
    ) -> Outcome:
        """Make one photo; called from several threads."""
        path = dataset.folder / name

        def announce(paths: list[str]) -> None:
            self._note(JournalEntry(dataset=dataset.name, photo=name, writing=paths))

        maker = Maker(
            self._root,
            previous,
            self._hashes,
            ours=self._ours,
            announce=announce,
            force=self._request.force,
        )
        try:
            if printable(name) != name:
                raise PhotoError(f"{printable(name)}: its name is no UTF-8 text. Rename the file.")
            job = dataset.job(name, slug, self._hashes.hash(path))
            steps = make_photo(job, models, self._config, maker, self._models.predict)
            record = PhotoRecord(sha256=job.sha256, slug=slug, steps=steps)
            if not dataset.external:
                record = Companions(self._root, self._hashes).attach(job, record, previous)
        except PhotoError as error:
            return Outcome(name, reason=str(error))
        except OSError as error:
            return Outcome(name, reason=f"{path}: cannot be read: {error.strerror or error}.")
        if maker.made:
            self._note(JournalEntry(dataset=dataset.name, photo=name, record=record))
        return Outcome(name, record, built=bool(maker.made))

    def _note(self, entry: JournalEntry) -> None:
        with self._journal_lock:
            self._store.append(entry)

    def _count(self, dataset: str, outcome: Outcome) -> None:
        photo = f"{dataset}/{printable(outcome.name)}"
        if outcome.record is None:
            self._summary.failed.append(Failure(photo=photo, reason=outcome.reason))
            self._reporter.advance(photo, "failed")
        elif outcome.built:
            self._summary.built.append(photo)
            self._reporter.advance(photo, "built")
        else:
            self._summary.fresh.append(photo)
            self._reporter.advance(photo, "fresh")

    def _drop_vanished(self) -> None:
        """Forget the site's own datasets whose folder is gone; folders elsewhere may come back."""
        for name, dataset in list(self._manifest.datasets.items()):
            if dataset.source is None and not raw_folder(self._root, name).is_dir():
                self._summary.removed += [f"{name}/{photo}" for photo in dataset.photos]
                del self._manifest.datasets[name]
            elif dataset.source and not Path(dataset.source).is_dir():
                self._reporter.note(
                    f"{dataset.source} is not there; its gallery {name} stays as it was "
                    f"(drop it with --forget {name})"
                )


def forget(root: Path, settings: Path, name: str) -> Summary:
    """Drop a dataset and every file that was made for it; the photos stay where they are."""
    with lock(root):
        state = State(root, settings)
        ours = all_outputs(state.manifest)
        dataset = state.manifest.datasets.pop(name, None)
        if dataset is None:
            known = ", ".join(state.manifest.datasets) or "none"
            raise PipelineError(f"{name}: no such gallery was built here. Built so far: {known}.")
        state.manifest.orphans = []
        remove_outputs(root, ours - all_outputs(state.manifest))
        publish(root, state.manifest, state.config)
        state.store.save(state.manifest)
    return Summary(removed=[f"{name}/{photo}" for photo in dataset.photos])


def in_parallel(work: Callable[[T], R], items: Iterable[T], threads: int) -> Iterator[R]:
    """Yield results as they come; few items are in flight, so memory does not grow with many."""
    pending: set[Future[R]] = set()
    with ThreadPoolExecutor(threads) as pool:
        for item in items:
            if len(pending) > threads:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
            pending.add(pool.submit(work, item))
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
