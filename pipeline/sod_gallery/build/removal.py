"""Drops a dataset from a site: the command ``forget``."""

from __future__ import annotations

from pathlib import Path

from sod_gallery.errors import PipelineError
from sod_gallery.manifest import remove_outputs

from .state import State, all_outputs, lock, publish


def forget(root: Path, settings: Path, name: str) -> list[str]:
    """Drop a dataset and every file that was made for it; its photos stay where they are.

    Returns the photos that are gone from the site, as ``<dataset>/<name>``.  Raises PipelineError
    where no such dataset was built.
    """
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
    return [f"{name}/{photo}" for photo in dataset.photos]
