"""What a site's root remembers between builds, and the data files that follow from it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from sod_gallery import places
from sod_gallery.config import Config, load_config
from sod_gallery.errors import ConfigError, PipelineError
from sod_gallery.files import HashCache, is_behind_link, remove_leftovers, write_if_changed
from sod_gallery.manifest import Manifest
from sod_gallery.photos.datasets import credits
from sod_gallery.records import Gallery
from sod_gallery.site import data, sliders
from sod_gallery.site.result_key import has_results

from .results import publish_results, results_files
from .store import ManifestStore


@contextmanager
def lock(root: Path) -> Iterator[None]:
    """Keep other builds out of a site's root.

    Raises PipelineError where one is running, ConfigError where nothing can be written.
    """
    path = root / places.STATE / "lock"
    held = filelock.FileLock(path, timeout=0)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        held.acquire()
    except filelock.Timeout as error:
        raise PipelineError(
            f"{root}: another build is running there. Wait for it to end."
        ) from error
    except (OSError, NotImplementedError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it cannot be locked"
        raise ConfigError(
            f"{root}: cannot be written to ({reason or error}). Permit writing there, or give "
            "another folder with --out."
        ) from error
    try:
        yield
    finally:
        held.release()


@contextmanager
def locked_state(root: Path, settings: Path, *, trusting: bool = True) -> Iterator[State]:
    """Give the state of a site's root, with the journal open, to one build at a time.

    Removes what interrupted builds have left of their writes.
    """
    with lock(root):
        state = State(root, settings, trusting=trusting)
        _clean(root, everywhere=state.store.is_interrupted)
        try:
            state.store.begin()
            yield state
            state.store.end()
        finally:
            state.store.close()


def _clean(root: Path, *, everywhere: bool) -> None:
    """Remove leftovers of interrupted writes; ``everywhere``: in the folders of outputs too."""
    for folder in (places.STATE, Path(places.GALLERY_JSON).parent):
        remove_leftovers(root / folder)
    for folder in (places.WEB, places.RAW) if everywhere else ():
        for path, _, _ in os.walk(root / folder):
            remove_leftovers(Path(path))


class State:
    """What a build remembers on disk: settings, manifest and hashes of one site's root."""

    def __init__(self, root: Path, settings: Path, *, trusting: bool = True) -> None:
        """``trusting``: believe the remembered hash of a file whose size and times still match."""
        if root.exists() and not root.is_dir():
            raise ConfigError(f"{root}: is not a folder. Give --out the folder of a site.")
        self.config: Config = load_config(settings)
        self.store = ManifestStore(root)
        self.manifest: Manifest = self.store.load()
        orphans = self.manifest.orphans
        self.manifest.orphans = [path for orphan in orphans for path in _files_of(root, orphan)]
        self.hashes = HashCache(root / places.STATE / "hashes.json", trusting=trusting)


def all_outputs(manifest: Manifest) -> set[str]:
    """Return every path below the root that builds wrote."""
    photos = (photo for dataset in manifest.datasets.values() for photo in dataset.photos.values())
    outputs = {output.path for photo in photos for output in photo.outputs()}
    return outputs | set(manifest.orphans) | set(map(places.gallery_record, manifest.datasets))


def _files_of(root: Path, orphan: str) -> list[str]:
    """Return an orphan itself, or for a folder of web images what steps may have left there.

    A kill may leave an empty folder: a file that would be in it stands for it.
    """
    if not orphan.endswith("/"):
        return [orphan]
    folder = root / orphan
    paths = [path.relative_to(folder) for path in folder.rglob("*")]
    names = {path.as_posix() for path in paths}
    names |= {f"{path.as_posix()}/mask.png" for path in paths if (folder / path).is_dir()}
    return [f"{orphan}{name}" for name in places.generated(sorted({"card.jpg", *names}))]


def publish(root: Path, manifest: Manifest, config: Config) -> None:
    """Write the site's data files where they differ from what the manifest says."""
    content = _gallery(root, manifest, config)
    for path, written in _data_files(content, config).items():
        write_if_changed(root / path, written)
    publish_results(root, content, manifest, config)


def data_files(root: Path, manifest: Manifest, config: Config) -> dict[str, bytes]:
    """Return the content of all that the site reads but pictures, by the path below the root."""
    content = _gallery(root, manifest, config)
    files = _data_files(content, config)
    for dataset in content.datasets:
        if has_results(dataset):
            files |= results_files(content, manifest, config, dataset.name)
    return files


def _gallery(root: Path, manifest: Manifest, config: Config) -> Gallery:
    def in_place(dataset: str, photo: str) -> bool:
        file = root / places.photos(dataset) / photo
        return not is_behind_link(file, root / places.RAW / dataset)

    return data.gallery(manifest, config, credits, in_place)


def _data_files(gallery: Gallery, config: Config) -> dict[str, bytes]:
    return {
        places.GALLERY_JSON: data.gallery_json(gallery),
        places.SLIDERS_YML: sliders.sliders_yml(sliders.sliders(gallery, config)),
    }
