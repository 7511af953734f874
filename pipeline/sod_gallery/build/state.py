"""What a site's root remembers between builds, and the data files that follow from it."""

from __future__ import annotations

from pathlib import Path

import filelock

from sod_gallery import places
from sod_gallery.config import Config, load_config
from sod_gallery.files import HashCache, is_behind_link, write_if_changed
from sod_gallery.manifest import Manifest, ManifestStore
from sod_gallery.photos.datasets import credits
from sod_gallery.site import data, sliders


def lock(root: Path) -> filelock.BaseFileLock:
    """Return the lock that keeps two builds out of the same folder."""
    path = root / places.STATE / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    return filelock.FileLock(path, timeout=0)


class State:
    """What a build remembers on disk: settings, manifest and hashes of one site's root."""

    def __init__(self, root: Path, settings: Path, *, trusting: bool = True) -> None:
        """``trusting``: believe the remembered hash of a file whose size and time still match."""
        self.config: Config = load_config(settings)
        self.store = ManifestStore(root / places.STATE)
        self.manifest: Manifest = self.store.load()
        orphans = self.manifest.orphans
        self.manifest.orphans = [path for orphan in orphans for path in _files_of(root, orphan)]
        self.hashes = HashCache(root / places.STATE / "hashes.json", trusting=trusting)


def all_outputs(manifest: Manifest) -> set[str]:
    """Return every path below the root that builds wrote."""
    photos = (photo for dataset in manifest.datasets.values() for photo in dataset.photos.values())
    return {output.path for photo in photos for output in photo.outputs()} | set(manifest.orphans)


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
    for path, content in data_files(root, manifest, config).items():
        write_if_changed(root / path, content)


def data_files(root: Path, manifest: Manifest, config: Config) -> dict[str, bytes]:
    """Return the content of the site's data files by their path below the root."""

    def in_place(dataset: str, photo: str) -> bool:
        file = root / places.photos(dataset) / photo
        return not is_behind_link(file, root / places.RAW / dataset)

    gallery = data.gallery(manifest, config, credits, in_place)
    return {
        places.GALLERY_JSON: data.gallery_json(gallery),
        places.SLIDERS_YML: sliders.sliders_yml(sliders.sliders(gallery, config)),
    }
