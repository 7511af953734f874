"""Writes what results pages show: made anew only where something that they show has changed."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath

from sod_gallery import places
from sod_gallery.config import Config
from sod_gallery.files import hash_bytes, write_atomically
from sod_gallery.manifest import DatasetRecord, Manifest
from sod_gallery.records import Gallery
from sod_gallery.site.result_key import Stored, has_results, results_key, stored

OURS = re.compile(
    r".*-[0-9a-f]{8}\.zip|(methods|photos)\.csv|results\.json|table\.(tex|md)|citations\.bib"
)
"""Names of the files that a results page offers."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of all files in a zip, the earliest that it can state."""


def publish_results(root: Path, gallery: Gallery, manifest: Manifest, config: Config) -> None:
    """Bring data and files of the results pages up to date, and remove those of gone datasets."""
    wanted = {dataset.slug for dataset in gallery.datasets if has_results(dataset)}
    for dataset in gallery.datasets:
        if dataset.slug not in wanted:
            continue
        record = manifest.datasets[dataset.name]
        maps = zips(dataset.slug, dataset.methods, record) if config.maps_zip else {}
        key = results_key(dataset, gallery.methods, maps)
        if _is_there(root, dataset.slug, key, maps.values()):
            continue
        _remove(root / places.results_files(dataset.slug))
        for method, path in maps.items():
            write_atomically(root / path, zip_of(root, method, record))
        for path, content in results_files(gallery, manifest, config, dataset.name).items():
            write_atomically(root / path, content)
    for file in (root / places.RESULTS_DATA).glob("*.json"):
        if file.stem not in wanted and _stored(file).key:
            file.unlink()
            _remove(root / places.results_files(file.stem))


def results_files(
    gallery: Gallery, manifest: Manifest, config: Config, name: str
) -> dict[str, bytes]:
    """Return data and files of a results page by their path below the root; the data come last."""
    from sod_gallery.site.results import make_results, results_json  # needs numpy

    dataset = next(each for each in gallery.datasets if each.name == name)
    record = manifest.datasets[name]
    maps = zips(dataset.slug, dataset.methods, record) if config.maps_zip else {}
    made = make_results(dataset, record, gallery.methods, maps)
    return made.files | {places.results_data(dataset.slug): results_json(made.results)}


def zips(dataset: str, methods: Iterable[str], record: DatasetRecord) -> dict[str, str]:
    """Return the path of each method's zip: its name changes with what is in it."""
    found = {}
    for method in methods:
        masks = [photo.steps.get(f"{method}/mask") for photo in record.photos.values()]
        hashes = [output.sha256 for mask in masks if mask for output in mask.outputs]
        digest = hash_bytes("".join(hashes).encode())[:8]
        found[method] = f"{places.results_files(dataset)}/{method}-{digest}.zip"
    return found


def zip_of(root: Path, method: str, record: DatasetRecord) -> bytes:
    """Return a zip of a method's masks, each named like its photo."""
    file = io.BytesIO()
    stems = Counter(PurePosixPath(name).with_suffix("") for name in record.photos)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # PNG is compressed already
        for name, photo in record.photos.items():
            mask = photo.steps.get(f"{method}/mask")
            for output in mask.outputs if mask else ():
                stem = PurePosixPath(name).with_suffix("")
                entry = zipfile.ZipInfo(f"{method}/{stem if stems[stem] == 1 else name}.png", EPOCH)
                archive.writestr(entry, (root / output.path).read_bytes())
    return file.getvalue()


def _is_there(root: Path, dataset: str, key: str, maps: Iterable[str]) -> bool:
    """Tell whether the results with this key, and the files beside them, are there."""
    known = _stored(root / places.results_data(dataset))
    folder = root / places.results_files(dataset)
    try:
        sizes = [(folder / Path(each.src).name).stat().st_size for each in known.downloads]
    except OSError:
        return False
    return (
        known.key == key
        and sizes == [each.bytes for each in known.downloads]
        and all((root / path).is_file() for path in maps)
    )


def _stored(file: Path) -> Stored:
    try:
        return stored(file.read_bytes())
    except OSError:
        return Stored()


def _remove(folder: Path) -> None:
    """Delete the files that builds put into a folder of results, and the folder if it is empty."""
    for file in folder.glob("*"):
        if OURS.fullmatch(file.name):
            file.unlink()
    with suppress(OSError):
        folder.rmdir()
