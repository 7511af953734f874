"""The build, top to bottom: select, make, remove what is gone, write the site's data."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing

import msgspec

from sod_gallery import places
from sod_gallery.engines.imported_maps import provenance_of_map
from sod_gallery.errors import Interrupted
from sod_gallery.manifest import DatasetRecord, JournalEntry, PhotoRecord
from sod_gallery.photos.finding import Listing, list_folder
from sod_gallery.photos.names import natural_key, printable, slugs
from sod_gallery.progress import Reporter
from sod_gallery.records import Failure, Method, Provenance

from .executor import Executor, ThreadExecutor
from .measuring import NO_SCORER
from .methods import DatasetMethods, methods_of
from .model_pool import ModelPool
from .new_maps import check_new_maps
from .photo import PhotoOutcome, PhotoTask
from .recovery import keep_record, own_files, remove_outputs, unknown_galleries
from .selection import Request, Selected, chosen_models, select
from .state import State, all_outputs, locked_state, publish
from .summary import Summary
from .tasks import TaskMaker
from .vanished import check_nothing_is_lost, missing_galleries

Used = tuple[Method, Provenance]
"""A method of a build, and what its new results state; for published maps, without a hash."""


def build(
    request: Request, reporter: Reporter, executor: Executor | None = None
) -> tuple[Summary, list[Used]]:
    """Bring a site's files and data up to date with its photos, models and settings.

    ``executor`` runs the photos; by default, threads of this process do.  Returns what was done,
    and with which methods.  Raises PipelineError where nothing sensible can be done;
    a photo that fails is in the summary.  ``Interrupted`` gets the summary of what is done.
    """
    started = time.perf_counter()
    summary = Summary()
    try:
        with locked_state(request.root, request.settings, trusting=not request.force) as state:
            executor = executor or ThreadExecutor(request.runtime.threads)
            models = Build(request, reporter, executor, state, summary).run()
    except Interrupted as stop:
        stop.summary = summary
        raise
    finally:
        for photos in (summary.built, summary.fresh):
            photos.sort(key=natural_key)
        summary.seconds = round(time.perf_counter() - started, 3)
    return summary, models


class Build:
    """One run of the build over one site's root."""

    def __init__(
        self,
        request: Request,
        reporter: Reporter,
        executor: Executor,
        state: State,
        summary: Summary,
    ) -> None:
        self._request, self._reporter, self._executor = request, reporter, executor
        self._root, self._summary = request.root, summary
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
        self._tasks_of = TaskMaker(request, state, self._models, self._ours)

    def run(self) -> list[Used]:
        """Build everything that was asked for; returns the methods that were used."""
        selected, notes = select(
            self._request, self._manifest, self._config, self._hashes, self._reporter.downloading
        )
        for note in notes:
            self._reporter.note(note)
        listings = {dataset.name: list_folder(dataset.folder) for dataset in selected}
        dropped = self._vanished(selected, listings)
        networks = {dataset.name: self._resolve(dataset) for dataset in selected}
        methods = {
            dataset.name: self._methods(dataset, networks[dataset.name], listings[dataset.name])
            for dataset in selected
        }
        self._remember(selected)
        for dataset in selected:
            self._dataset(dataset, methods[dataset.name], listings[dataset.name])
        for name in dropped:
            photos = self._manifest.datasets.pop(name).photos
            self._summary.removed += [f"{name}/{photo}" for photo in photos]
        self._manifest.orphans = []
        remove_outputs(self._root, self._ours - all_outputs(self._manifest))
        publish(self._root, self._manifest, self._config)
        self._store.save(self._manifest)
        self._hashes.save()
        used = {each.method: each for made_by in networks.values() for each in made_by}
        maps = {
            each.method.name: (each.method, provenance_of_map(each.method.name, ""))
            for found in methods.values()
            for each in found.published
        }
        ours = [(self._models.method(name), used[name]) for name in used]
        return [*ours, *maps.values()]

    def _vanished(self, selected: list[Selected], listings: Mapping[str, Listing]) -> list[str]:
        """Return the galleries to drop because their folders are missing; see ``vanished``."""
        for name in set(listings).intersection(unknown_galleries(self._root, self._manifest)):
            self._ours.update(own_files(self._root, name))
        if not self._request.allow_empty:
            check_nothing_is_lost(self._request, self._manifest, selected, listings)
        missing = missing_galleries(self._root, self._manifest, listings)
        for name in missing if self._request.is_named else ():
            self._reporter.note(
                f"the photos of the gallery {name} are not there; it stays as it was "
                f"(drop it with sod-gallery forget {name})"
            )
        return [] if self._request.is_named else missing

    def _resolve(self, dataset: Selected) -> list[Provenance]:
        known = self._manifest.datasets.get(dataset.name)
        names = chosen_models(self._request, known, dataset.name, self._config)
        is_earlier_choice = bool(not self._request.models and known and known.chosen)
        return self._models.find_all(names, chosen_for=dataset.name if is_earlier_choice else "")

    def _methods(
        self, dataset: Selected, networks: list[Provenance], listing: Listing
    ) -> DatasetMethods:
        """Return what makes the dataset's results; maps that are new are looked at first."""
        record = self._planned(dataset)
        settings = self._config.dataset(dataset.name)
        home = self._request.settings.parent
        methods = methods_of(record, settings, home, networks, listing.photos)
        if (methods.truths or self._has_truth(dataset)) and not self._tasks_of.can_score:
            self._reporter.note(NO_SCORER)
        for line in check_new_maps(
            methods, record, dataset.folder, self._hashes, self._request.runtime.threads
        ):
            self._reporter.note(f"{dataset.name}: {line}")
        return methods

    def _has_truth(self, dataset: Selected) -> bool:
        """Tell whether people keep ground truth beside the photos of a dataset."""
        return not dataset.external and (dataset.folder.parent / "gt").is_dir()

    def _planned(self, dataset: Selected) -> DatasetRecord:
        """Return a dataset's record with what this build was given."""
        record = self._manifest.datasets.get(dataset.name, DatasetRecord())
        return msgspec.structs.replace(
            record,
            source=str(dataset.folder) if dataset.external else None,
            maps=dict(dataset.maps) or record.maps,
            truth=dataset.truth or record.truth,
            thorough=self._request.thorough or record.thorough,
        )

    def _remember(self, selected: list[Selected]) -> None:
        """Write down what is built from where, so that an interrupted build can go on with it."""
        changed = False
        for dataset in selected:
            before, planned = self._manifest.datasets.get(dataset.name), self._planned(dataset)
            if planned != before:
                self._manifest.datasets[dataset.name], changed = planned, True
                keep_record(self._root, self._manifest, dataset.name)
        if changed:
            self._store.save(self._manifest)

    def _dataset(self, dataset: Selected, methods: DatasetMethods, listing: Listing) -> None:
        before = self._manifest.datasets[dataset.name]
        found = list(listing.photos)
        wanted = found[: self._request.limit]
        self._reporter.begin(dataset.name, len(wanted))
        tasks = self._tasks(dataset, methods, before, found, wanted)
        chosen = self._chosen(methods)
        photos, failed = self._make(dataset, tasks, chosen)
        after = msgspec.structs.replace(
            before,
            chosen=chosen if chosen and photos else before.chosen,
            methods=methods.names,
            published=methods.published_names,
        )
        networks = [made_by.method for made_by in methods.networks]
        beyond = [name for name in found[len(wanted) :] if name in before.photos]
        photos |= {n: before.photos[n] for n in beyond if before.photos[n].has(networks)}
        after.photos = {name: photos[name] for name in found if name in photos}
        after.failed = {name: failed[name] for name in sorted(failed, key=natural_key)}
        after.skipped = {printable(each.name): each.reason for each in listing.skipped}
        self._summary.skipped += [
            Failure(photo=f"{dataset.name}/{name}", reason=reason)
            for name, reason in after.skipped.items()
        ]
        gone = [name for name in before.photos if name not in found]
        self._summary.removed += [f"{dataset.name}/{name}" for name in gone]
        self._manifest.datasets[dataset.name] = after
        self._manifest.methods |= {name: self._models.method(name) for name in networks}
        self._manifest.methods |= {each.method.name: each.method for each in methods.published}
        if after != before or not (self._root / places.gallery_record(dataset.name)).exists():
            keep_record(self._root, self._manifest, dataset.name)

    def _chosen(self, methods: DatasetMethods) -> list[str]:
        """Return the models that were given with --model, so that any later build finds them."""
        given = methods.networks if self._request.models else []
        return [self._models.lasting_name(made_by.method) for made_by in given]

    def _make(
        self, dataset: Selected, tasks: Iterator[PhotoTask], chosen: list[str]
    ) -> tuple[dict[str, PhotoRecord], dict[str, str]]:
        """Run the tasks; returns the records, and the reasons of the photos that failed.

        ``chosen`` is written down as soon as a photo is made.
        """
        photos: dict[str, PhotoRecord] = {}
        failed: dict[str, str] = {}
        with closing(self._executor.run(tasks)) as outcomes:
            for outcome in outcomes:
                if outcome.record is None:
                    failed[printable(outcome.name)] = self._public(dataset, outcome)
                else:
                    photos[outcome.name] = outcome.record
                self._take(dataset.name, outcome, chosen)
        return photos, failed

    def _take(self, dataset: str, outcome: PhotoOutcome, chosen: list[str]) -> None:
        """Report a photo, and write its record into the journal."""
        self._hashes.seen |= outcome.hashes
        self._count(dataset, outcome)
        if outcome.record is None or not outcome.built:
            return
        for note in outcome.record.notes:
            self._reporter.note(f"{dataset}/{outcome.name}: {note}")
        done = JournalEntry(
            dataset=dataset, photo=outcome.name, record=outcome.record, chosen=chosen
        )
        self._store.append(done)

    def _public(self, dataset: Selected, outcome: PhotoOutcome) -> str:
        """Return why a photo failed without the paths of this machine: the site publishes it."""
        name = printable(outcome.name)
        reason = outcome.reason.replace(f"{printable(str(dataset.folder))}/", "")
        reason = reason.replace(f"{printable(str(self._root))}/", "")
        return reason.removeprefix(f"{name}: ")

    def _tasks(
        self,
        dataset: Selected,
        methods: DatasetMethods,
        before: DatasetRecord,
        found: list[str],
        wanted: list[str],
    ) -> Iterator[PhotoTask]:
        """Yield the tasks; each is in the journal before it can write anything."""
        slug = slugs(found)
        for name in wanted:
            job = dataset.job(name, slug[name])
            task = self._tasks_of.task(job, methods, before, is_external=dataset.external)
            if printable(name) == name:  # else it fails before it writes anything
                cutouts = {job.cutout_path(each.method) for each in task.methods} - task.foreign
                writing = [f"{job.folder}/", *sorted(cutouts)]
                self._store.append(JournalEntry(dataset=job.dataset, photo=name, writing=writing))
            yield task

    def _count(self, dataset: str, outcome: PhotoOutcome) -> None:
        photo = f"{dataset}/{printable(outcome.name)}"
        if outcome.record is None:
            self._summary.failed.append(Failure(photo=photo, reason=outcome.reason))
        else:
            (self._summary.built if outcome.built else self._summary.fresh).append(photo)
        self._reporter.advance(photo, outcome.word)
