"""Drops a dataset from a site: the command ``forget``."""

from __future__ import annotations

from pathlib import Path

from sod_gallery.errors import PipelineError

from .recovery import own_files, remove_outputs, unknown_galleries
from .state import all_outputs, locked_state, publish


def forget(root: Path, settings: Path, name: str) -> list[str]:
    """Drop a dataset and every file that was made for it; its photos stay where they are.

    Returns the photos that are gone from the site, as ``<dataset>/<name>``.  Raises PipelineError
    where no such dataset was built.
    """
    with locked_state(root, settings) as state:
        ours = all_outputs(state.manifest)
        dataset = state.manifest.datasets.pop(name, None)
        if dataset is None:
            unknown = unknown_galleries(root, state.manifest)
            if name not in unknown:
                known = ", ".join([*state.manifest.datasets, *unknown]) or "none"
                raise PipelineError(
                    f"{name}: no such gallery was built here. Built so far: {known}."
                )
            ours.update(own_files(root, name))
        state.manifest.orphans = []
        remove_outputs(root, ours - all_outputs(state.manifest))
        publish(root, state.manifest, state.config)
        state.store.save(state.manifest)
    return [f"{name}/{photo}" for photo in (dataset.photos if dataset else ())]
