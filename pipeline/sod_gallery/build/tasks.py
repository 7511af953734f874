"""Puts together what is needed to make one photo."""

from __future__ import annotations

from collections.abc import Collection

from sod_gallery.manifest import DatasetRecord
from sod_gallery.records import Provenance

from .companions import companion_files
from .job import Job
from .measuring import can_score
from .methods import DatasetMethods
from .model_pool import ModelPool
from .photo import PhotoTask
from .recovery import is_foreign
from .selection import Request
from .state import State


class TaskMaker:
    """Makes the tasks of one build."""

    def __init__(
        self, request: Request, state: State, models: ModelPool, ours: Collection[str]
    ) -> None:
        """``ours``: paths below the root that builds wrote."""
        self._request, self._config, self._hashes = request, state.config, state.hashes
        self._models, self._ours = models, ours
        self.can_score = can_score()

    def task(
        self, job: Job, methods: DatasetMethods, before: DatasetRecord, *, is_external: bool
    ) -> PhotoTask:
        """Return the task of one photo; ``before`` is the record of its dataset."""
        root, previous = self._request.root, before.photos.get(job.name)
        outputs = previous.outputs() if previous else ()
        truth = methods.truths.get(job.name)
        companions = companion_files(job, root, truth, is_external=is_external)
        paths = [job.path, *(root / output.path for output in outputs), *companions.values()]
        made_by = methods.of(job.name, self._hashes)
        return PhotoTask(
            root=root,
            job=job,
            methods=tuple(made_by),
            checkpoints=tuple(self._models.checkpoint(each.method) for each in methods.networks),
            maps=methods.maps_of(job.name),
            runtime=self._request.runtime,
            config=self._config,
            previous=previous,
            hashes=self._hashes.excerpt(paths),
            foreign=self._foreign(job, made_by),
            companions=companions,
            scored=self.can_score,
            thorough=before.thorough,
            force=self._request.force,
        )

    def _foreign(self, job: Job, methods: list[Provenance]) -> frozenset[str]:
        """Return the files at the places of cut-outs that no build wrote: people's own."""
        if self._request.force:
            return frozenset()
        paths = (job.cutout_path(made_by.method) for made_by in methods)
        unknown = (path for path in paths if path not in self._ours)
        return frozenset(path for path in unknown if is_foreign(self._request.root, path))
