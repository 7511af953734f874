"""Datasets: folders of photos below the site's root, and how the known ones get there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import msgspec

from sod_gallery import places
from sod_gallery.download import DownloadError, Progress, Remote, fetch, silent
from sod_gallery.errors import DatasetError
from sod_gallery.files import hash_file as hash_whole_file
from sod_gallery.files import write_atomically
from sod_gallery.records import Credit, Record

from .names import natural_key

HashFile = Callable[[Path], str]

SAMPLE, CHIMAY_SOD1, CHIMAY_SOD2 = "sample", "chimay-SOD1", "chimay-SOD2"
KNOWN = (SAMPLE, CHIMAY_SOD2, CHIMAY_SOD1)

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


class PublishedFile(Record, frozen=True):
    """One photo on the author's site, byte for byte."""

    name: str
    bytes: int
    sha256: str


class PublishedDataset(Record, frozen=True):
    """``test/`` below the address holds the photos, ``u2net/<name>.png`` their cut-outs."""

    base_url: str
    files: list[PublishedFile]


def discover(root: Path) -> list[str]:
    """Return the names of the datasets whose photos lie below the site's root, sorted."""
    return sorted(
        folder.parent.name for folder in (root / places.RAW).glob("*/test") if folder.is_dir()
    )


def in_order(names: Iterable[str], settings: Iterable[str]) -> list[str]:
    """Return datasets in the order of the site: as in the settings, then the others by name."""
    ranks = {name: rank for rank, name in enumerate(settings)}
    return sorted(names, key=lambda name: (ranks.get(name, len(ranks)), natural_key(name)))


def credits(name: str) -> dict[str, Credit]:
    """Return the known authors of a dataset's photos, by file name."""
    return SAMPLE_CREDITS if name == SAMPLE else {}


def fetch_dataset(
    name: str,
    root: Path,
    *,
    offline: bool = False,
    progress: Progress = silent,
    hash_file: HashFile = hash_whole_file,
) -> list[str]:
    """Put the photos of a known dataset below ``root`` where they are not yet.

    Other datasets only have to be there.  Returns notes for the user: what could not be had but is
    not needed, and what was replaced.  Raises DatasetError.
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
    """Return the sample photos by name, where scikit-image keeps them."""
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
    facts = Path(__file__).with_name("chimay_sod2.json").read_bytes()
    return msgspec.json.decode(facts, type=PublishedDataset)


def _fetch_published(
    target: Path, offline: bool, progress: Progress, hash_file: HashFile
) -> list[str]:
    """Fetch what is missing of Chimay-SOD2; ``$CHIMAY_SOD2_MIRROR`` replaces its address."""
    dataset = _published()
    base = (os.environ.get("CHIMAY_SOD2_MIRROR") or dataset.base_url).rstrip("/")
    wanted = [file for file in dataset.files if not _is_right(target, file, hash_file)]
    if offline and 0 < len(wanted) < len(dataset.files):
        return [
            f"{target}: {len(wanted)} of {len(dataset.files)} photos are missing or differ from "
            "the published ones; run without --offline to fetch them"
        ]
    notes, lacking = [], []
    for file in wanted:
        photo = target / file.name
        if photo.is_file():
            write_atomically(Path(f"{photo}.replaced"), photo.read_bytes())
            notes.append(f"{photo}: differed from the published photo, kept as {photo}.replaced")
        # The cut-out goes first: once the photo is there, nothing is asked for any more.
        if not _fetch_reference(base, photo, offline, progress):
            lacking.append(file.name)
        _fetch_photo(base, file, photo, offline, progress)
    if lacking:
        notes.append(f"no published cut-out could be had for {', '.join(lacking)}")
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
    """Try to get the cut-out that the author published, whose hash nobody wrote down."""
    target = photo.parent.with_name("reference") / f"{photo.name}.png"
    if not target.is_file():
        remote = Remote(url=f"{base}/u2net/{quote(target.name)}")
        try:
            fetch(remote, target, offline=offline, progress=progress, pauses=())
        except DownloadError:
            return False
    return True
