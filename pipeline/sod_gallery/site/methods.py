"""What the site states of methods: what is known of them, and what the settings add."""

from __future__ import annotations

import msgspec

from sod_gallery.config import Config, MethodConfig
from sod_gallery.records import Method


def described(method: Method, config: Config) -> Method:
    """Return a method with what the settings of any dataset state of it."""
    for dataset in config.datasets.values():
        stated = dataset.methods.get(method.name)
        if stated is not None:
            method = msgspec.structs.replace(method, **_fields(stated))
    return method


def _fields(stated: MethodConfig) -> dict[str, str | int]:
    fields: dict[str, str | int | None] = {
        "title": stated.title,
        "authors": stated.authors,
        "year": stated.year,
        "paper": stated.paper,
        "source": stated.code,
        "licence": stated.licence,
        "bibtex": stated.bibtex.strip(),
    }
    return {name: value for name, value in fields.items() if value}
