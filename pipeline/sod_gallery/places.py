"""Where everything lies below the site's root, as paths with forward slashes."""

from __future__ import annotations

from pathlib import PurePosixPath

RAW = "assets/images/raw"
STATE = ".sod-gallery"
GALLERY_JSON = "_data/gallery.json"
SLIDERS_YML = "_data/sliders.yml"


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


def web(dataset: str, slug: str) -> str:
    """Folder of a photo's generated web images."""
    return f"assets/gallery/{dataset}/{slug}"
