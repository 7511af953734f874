"""Where everything lies below the site's root, and where its pages are.

Paths have forward slashes and start at the site's root, without a leading slash; addresses start
with a slash and are percent-encoded, without the baseurl.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import quote

RAW = "assets/images/raw"
WEB = "assets/gallery"
STATE = ".sod-gallery"
LIBRARIES_LOG = f"{STATE}/libraries.log"
"""What C libraries said during the last build."""
GALLERY_JSON = "_data/gallery.json"
SLIDERS_YML = "_data/sliders.yml"
REVIEWS_JSON = "_data/reviews.json"

RESULTS_DATA = "_data/results"
RESULTS_FILES = "assets/results"

LONGEST_NAME = 255
"""Bytes of a file's name that file systems allow."""

PHOTO_PAGES = "/compare/"
GALLERY_PAGES = "/gallery/"
RESULTS_PAGES = "/results/"


def photo_page(dataset: str, slug: str) -> str:
    """Address of a photo's page, by the slugs of dataset and photo."""
    return f"{PHOTO_PAGES}{dataset}/{slug}/"


def gallery_page(dataset: str) -> str:
    """Address of a dataset's gallery page, by its slug."""
    return f"{GALLERY_PAGES}{dataset}/"


def results_page(dataset: str) -> str:
    """Address of a dataset's results page, by its slug."""
    return f"{RESULTS_PAGES}{dataset}/"


def results_data(dataset: str) -> str:
    """Data of a dataset's results page, by its slug."""
    return f"{RESULTS_DATA}/{dataset}.json"


def results_files(dataset: str) -> str:
    """Folder of the files that a dataset's results page offers, by its slug."""
    return f"{RESULTS_FILES}/{dataset}"


def address(path: str) -> str:
    """Address of a file below the site's root."""
    return "/" + quote(path)


def photos(dataset: str) -> str:
    """Folder of a dataset's photos."""
    return f"{RAW}/{dataset}/test"


def cutout(dataset: str, model: str, name: str) -> str:
    """Full-size cut-out of a photo."""
    return f"{RAW}/{dataset}/{model}/{name}.png"


def reference(dataset: str, name: str) -> str:
    """Published result to compare with, put there by people."""
    return f"{RAW}/{dataset}/reference/{name}.png"


def ground_truth(dataset: str, name: str) -> str:
    """Human annotation, put there by people: same stem as the photo."""
    return f"{RAW}/{dataset}/gt/{PurePosixPath(name).with_suffix('.png')}"


def gallery_record(dataset: str) -> str:
    """What was built of a dataset, kept beside its web images; Jekyll leaves hidden files out."""
    return f"{WEB}/{dataset}/.built.json"


def web(dataset: str, slug: str) -> str:
    """Folder of a photo's generated web images."""
    return f"{WEB}/{dataset}/{slug}"


GENERATED = re.compile(
    r"photo-(\d+\.webp|full\.(webp|jpg))|original\.[a-z0-9]+|card\.jpg|(truth|reference)\.png"
    r"|[^/]+/(mask\.png|cutout-(\d+|full)\.webp|composite\.webp)"
)
"""Paths that the steps of a build write below a photo's folder of web images."""


def generated(paths: Iterable[str]) -> list[str]:
    """Return those of the paths below a photo's folder of web images that steps write."""
    return [path for path in paths if GENERATED.fullmatch(path)]
