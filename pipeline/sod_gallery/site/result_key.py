"""Tells whether results were made of what there is now, without what makes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sod_gallery.files import hash_bytes
from sod_gallery.records import DatasetEntry, Method

from .result_records import Download

VERSION = 1
"""Changes when the same photos give other results."""


def has_results(dataset: DatasetEntry) -> bool:
    """Tell whether a dataset has a results page: something was measured on its photos."""
    return any(result.trust for photo in dataset.photos for result in photo.results)


def results_key(dataset: DatasetEntry, methods: Sequence[Method], maps: Mapping[str, str]) -> str:
    """Return the hash of everything that decides a dataset's results."""
    used = [method for method in methods if method.name in dataset.methods]
    return hash_bytes(msgspec.json.encode((VERSION, dataset, used, maps)))


class Stored(msgspec.Struct):
    """What a file of results says about itself."""

    key: str = ""
    downloads: list[Download] = []


def stored(content: bytes) -> Stored:
    """Return what the file that ``results.results_json`` makes says; nothing of another file."""
    try:
        return msgspec.json.decode(content, type=Stored)
    except msgspec.DecodeError:
        return Stored()
