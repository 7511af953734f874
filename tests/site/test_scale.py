"""Pages for ten thousand photos are built in seconds."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest
from fixture_site import difficult_samples, repeated, write_data, write_gallery
from jekyll_site import build_site, copy_sources

pytestmark = pytest.mark.site

PHOTOS = 10_000
BUILD_SECONDS = 240
"""Of processor time.  As files of a collection they would take much longer."""


def processor_seconds() -> float:
    """Return what the programs that were run so far have used, however busy the machine is."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def test_ten_thousand_photos_are_built_in_seconds(root: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    copy_sources(root, source)
    few = write_gallery(source, {"few": difficult_samples()})
    write_data(source, repeated(few, "many", PHOTOS))
    before = processor_seconds()
    build_site(root, source, tmp_path / "site")
    seconds = processor_seconds() - before
    assert len(list((tmp_path / "site/compare/many").glob("*/index.html"))) == PHOTOS
    assert seconds < BUILD_SECONDS
