"""Files are published under the names that they have, and links lead to them."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from fixture_site import drawn_sample, write_gallery
from jekyll_site import BASEURL, build_site, copy_sources

pytestmark = pytest.mark.site

NAMES = [
    "IMG%20001.jpg",
    "IMG 001.jpg",
    "100%25.jpg",
    "trip%28a%29/a%2520b.jpg",
    "a%2Fb.jpg",
    "50%.jpg",
    "_%5F.jpg",
    "x.jpg",
    'it\'s a "b" & <c>.jpg',
]


def test_names_with_per_cent_signs_are_not_decoded(root: Path, tmp_path: Path) -> None:
    source, site = tmp_path / "source", tmp_path / "site"
    copy_sources(root, source)
    samples = [
        drawn_sample(name, (40 + index, 30), (0.2, 0.2, 0.8, 0.8), index * 30)
        for index, name in enumerate(NAMES)
    ]
    gallery = write_gallery(source, {"odd": samples})
    build_site(root, source, site)
    photos = gallery.datasets[0].photos
    for photo in photos:
        for src in (photo.original, photo.results[0].cutout.src, photo.results[0].mask.src):
            assert src
            path = unquote(src).lstrip("/")
            assert (site / path).read_bytes() == (source / path).read_bytes()
    page = (site / photos[0].url.lstrip("/") / "index.html").read_text("utf-8")
    links = re.findall(r'href="([^"]+)" download', page)
    assert len(links) == 5  # cut-out and mask of two methods, and the photo
    for link in links:
        assert (site / unquote(link).removeprefix(f"{BASEURL}/")).is_file()
