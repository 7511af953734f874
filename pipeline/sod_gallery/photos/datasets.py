"""Datasets: folders of photos below the site's root.  Known datasets are copied or downloaded."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import msgspec

from sod_gallery import places
from sod_gallery.config import Config, Originals
from sod_gallery.download import DownloadError, Progress, Remote, fetch, silent
from sod_gallery.errors import DatasetError
from sod_gallery.files import hash_file as hash_whole_file
from sod_gallery.files import write_atomically
from sod_gallery.records import Credit, Record

from .names import natural_key, printable

HashFile = Callable[[Path], str]

SAMPLE, CHIMAY_SOD1, CHIMAY_SOD2 = "sample", "chimay-SOD1", "chimay-SOD2"
KNOWN = (SAMPLE, CHIMAY_SOD2, CHIMAY_SOD1)
"""Names of the known datasets."""

SAMPLE_CREDITS = {
    "astronaut.png": Credit(
        author="NASA (portrait of Eileen Collins)",
        licence="Public domain",
        source="https://flic.kr/p/r9qvLn",
    ),
    "chelsea.png": Credit(author="Stefan van der Walt", licence="CC0"),
    "coffee.png": Credit(author="Rachel Michetti, courtesy of Pikolo Espresso Bar", licence="CC0"),
    "motorcycle_left.png": Credit(
        author="D. Scharstein et al., Middlebury 2014 stereo benchmark, as in scikit-image",
        licence="CC0 or public domain by scikit-image's policy",
        source="https://vision.middlebury.edu/stereo/data/scenes2014/",
    ),
    "rocket.jpg": Credit(
        author="SpaceX (launch of DSCOVR on Falcon 9)",
        licence="Public domain",
        source="https://www.flickr.com/photos/spacexphotos/16511594820/",
    ),
}


def originals_of(name: str, is_external: bool, config: Config) -> Originals:
    """Tell whether the own files of a dataset's photos are published.

    What the settings say of a known dataset does not count for a folder of the same name elsewhere.
    """
    return False if is_external and name in KNOWN else config.originals(name)


class PublishedFile(Record, frozen=True):
    """One photo as published on its author's site."""

    name: str
    """File name."""
    bytes: int
    """Size in bytes."""
    sha256: str
    """64 hexadecimal digits."""


class PublishedDataset(Record, frozen=True):
    """A dataset on its author's site.

    Photos are ``<base_url>/test/<name>``, their cut-outs ``<base_url>/u2net/<name>.png``.
    """

    base_url: str
    files: list[PublishedFile]


def discover(root: Path, *, is_text: bool = True) -> list[str]:
    """Return the names of the datasets with a folder ``test`` below the site's root, sorted.

    ``is_text``: those whose names are UTF-8 text, else the others, which cannot be built.
    """
    folders = (folder for folder in (root / places.RAW).glob("*/test") if folder.is_dir())
    names = (folder.parent.name for folder in folders)
    return sorted(name for name in names if (printable(name) == name) == is_text)


def in_order(names: Iterable[str], settings: Iterable[str]) -> list[str]:
    """Return dataset names in the order of the site.

    Names in ``settings`` come first, in that order; the others follow in natural order.
    """
    ranks = {name: rank for rank, name in enumerate(settings)}
    return sorted(names, key=lambda name: (ranks.get(name, len(ranks)), natural_key(name)))


def credits(name: str) -> dict[str, Credit]:
    """Return the credits of a dataset's photos by file name; empty if its authors are not known."""
    return SAMPLE_CREDITS if name == SAMPLE else {}


def fetch_dataset(
    name: str,
    root: Path,
    *,
    offline: bool = False,
    progress: Progress = silent,
    hash_file: HashFile = hash_whole_file,
) -> list[str]:
    """Copy or download the missing photos of a known dataset into its folder below ``root``.

    Other datasets must exist.  Photos of Chimay-SOD2 that differ from the published ones are
    replaced; the old file is kept as ``<name>.replaced``.  Returns notes for the user: replaced
    photos, and optional files that could not be downloaded.  Raises DatasetError if photos are
    missing, and PipelineError if a file cannot be written.
    """
    target = root / places.photos(name)
    if name == SAMPLE:
        return _copy_sample(target)
    if name == CHIMAY_SOD2:
        return _fetch_published(target, offline, progress, hash_file)
    if target.is_dir():
        return []
    if name == CHIMAY_SOD1:
        raise DatasetError(
            f"{name} is on a private share and cannot be fetched: copy its photos to {target}, "
            "or ask its author for them."
        )
    raise DatasetError(
        f"{name}: no such dataset. Known are {', '.join(KNOWN)}; put photos of your own into "
        f"{target}, or give their folder with --photos."
    )


def sample_photos() -> dict[str, Path]:
    """Return the paths of the sample photos by file name, in scikit-image's folder of data."""
    spec = find_spec("skimage")
    folder = Path(spec.origin).parent / "data" if spec and spec.origin else Path()
    return {name: folder / name for name in SAMPLE_CREDITS}


def _copy_sample(target: Path) -> list[str]:
    for name, source in sample_photos().items():
        if (target / name).is_file():
            continue
        try:
            content = source.read_bytes()
        except OSError as error:
            raise DatasetError(
                f"{source} is missing, which scikit-image brings along: "
                "install it again with pip install --force-reinstall scikit-image."
            ) from error
        write_atomically(target / name, content)
    return []


def _published() -> PublishedDataset:
    content = Path(__file__).with_name("chimay_sod2.json").read_bytes()
    return msgspec.json.decode(content, type=PublishedDataset)


def _fetch_published(
    target: Path, offline: bool, progress: Progress, hash_file: HashFile
) -> list[str]:
    """Download the photos of Chimay-SOD2 that are missing or differ, and their cut-outs.

    ``$CHIMAY_SOD2_MIRROR`` replaces the dataset's URL.  Returns and raises as ``fetch_dataset``.
    """
    dataset = _published()
    base = (os.environ.get("CHIMAY_SOD2_MIRROR") or dataset.base_url).rstrip("/")
    to_fetch = [file for file in dataset.files if not _is_right(target, file, hash_file)]
    if offline and 0 < len(to_fetch) < len(dataset.files):
        return [
            f"{target}: {len(to_fetch)} of {len(dataset.files)} photos are missing or differ from "
            "the published ones; run without --offline to fetch them"
        ]
    notes, without_cutout = [], []
    for file in to_fetch:
        photo = target / file.name
        if photo.is_file():
            write_atomically(Path(f"{photo}.replaced"), photo.read_bytes())
            notes.append(f"{photo}: differed from the published photo, kept as {photo}.replaced")
        # The cut-out is downloaded before the photo, because a photo that is complete is skipped.
        if not _fetch_reference(base, photo, offline, progress):
            without_cutout.append(file.name)
        _fetch_photo(base, file, photo, offline, progress)
    if without_cutout:
        notes.append(f"no published cut-out could be had for {', '.join(without_cutout)}")
    return notes


def _is_right(target: Path, file: PublishedFile, hash_file: HashFile) -> bool:
    photo = target / file.name
    return photo.is_file() and hash_file(photo) == file.sha256


def _fetch_photo(
    base: str, file: PublishedFile, photo: Path, offline: bool, progress: Progress
) -> None:
    url = f"{base}/test/{quote(file.name)}"
    remote = Remote(url=url, sha256=file.sha256, size=file.bytes)
    try:
        fetch(remote, photo, offline=offline, progress=progress)
    except DownloadError as error:
        raise DatasetError(str(error)) from error


def _fetch_reference(base: str, photo: Path, offline: bool, progress: Progress) -> bool:
    """Download a photo's published cut-out if it is missing; return whether it exists.

    Its hash is not known, so the content is not verified.
    """
    target = photo.parent.with_name("reference") / f"{photo.name}.png"
    if not target.is_file():
        remote = Remote(url=f"{base}/u2net/{quote(target.name)}")
        try:
            fetch(remote, target, offline=offline, progress=progress, pauses=())
        except DownloadError:
            return False
    return True
