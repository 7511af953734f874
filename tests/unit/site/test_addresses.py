"""What is published has safe addresses, each of which leads to one file, whatever the names."""

from __future__ import annotations

import re
from urllib.parse import unquote

from hostile_names import NAMES
from hypothesis import given, settings
from hypothesis import strategies as st

from sod_gallery import places
from sod_gallery.photos.names import slugs
from sod_gallery.site.addresses import Addresses

ANY = st.one_of(
    st.sampled_from(NAMES),
    st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1),
    st.text(st.sampled_from("aA%20 .é"), min_size=1, max_size=4),
).filter(lambda name: not name.startswith("."))
PHOTOS = st.builds("{}{}{}.{}".format, st.just("") | st.just("in/"), ANY, ANY,
                   st.sampled_from(["jpg", "PNG"]))  # fmt: skip
SAFE = re.compile("/assets(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+")


def paths(dataset: str, photo: str, slug: str) -> list[str]:
    folder = places.web(dataset, slug)
    return [
        f"{places.photos(dataset)}/{photo}",
        places.cutout(dataset, "u2net", photo),
        places.cutout(dataset, "u2netp", photo),
        places.reference(dataset, photo),
        f"{folder}/photo-480.webp",
        f"{folder}/u2net/mask.png",
    ]


def test_plain_names_keep_their_addresses() -> None:
    addresses = Addresses(["chimay-SOD2"])
    for path in paths("chimay-SOD2", "sub/_02.09.2020_REC.JPG", "sub-02-09-2020_REC"):
        assert addresses.of("chimay-SOD2", "sub-02-09-2020_REC").src(path) == f"/{path}"
    assert addresses.moved == {}


def test_other_names_are_published_under_slugs() -> None:
    addresses = Addresses(["München", "Munchen"])
    at = addresses.of("München", "a-b")
    slug = addresses.slugs["München"]
    found = [at.src(path) for path in paths("München", "a b.JPG", "a-b")]
    assert [address.removeprefix(f"/assets/gallery/{slug}/a-b/") for address in found] == [
        "original.jpg",
        "u2net/a-b.png",
        "u2netp/a-b.png",
        "reference.png",
        "photo-480.webp",
        "u2net/mask.png",
    ]


@settings(deadline=None)
@given(st.dictionaries(ANY, st.lists(PHOTOS, max_size=4, unique=True), max_size=4))
def test_addresses_are_safe_unique_and_lead_back(datasets: dict[str, list[str]]) -> None:
    addresses = Addresses(datasets)
    there: dict[str, str] = {}
    for dataset, photos in datasets.items():
        for photo, slug in slugs(photos).items():
            at = addresses.of(dataset, slug)
            for path in paths(dataset, photo, slug):
                address = at.src(path)
                assert SAFE.fullmatch(address), address
                assert max(map(len, address.split("/"))) <= places.LONGEST_NAME + 4
                assert (addresses.moved.get(address) or unquote(address).lstrip("/")) == path
                assert there.setdefault(address, path) == path
