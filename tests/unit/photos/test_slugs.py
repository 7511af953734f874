"""Slugs are safe and unique whatever people call their photos; titles can always be written."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sod_gallery.photos.names import slugs, title

SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")

# little variety, so that names clash; lone surrogates stand for bytes that are not UTF-8
CHARACTERS = st.sampled_from("aAbBéÉ1２_-.# ~%'&/一🙂\udcff")
NAMES = st.builds(
    lambda stem, suffix: f"x{stem}.{suffix}",
    st.text(CHARACTERS, max_size=5).filter(lambda stem: "//" not in stem),
    st.sampled_from(["jpg", "JPG", "png"]),
)
ANY_STEM = st.text(
    st.characters(exclude_characters="/", exclude_categories=()), min_size=1, max_size=150
)


def only(name: str) -> str:
    return slugs([name])[name]


def digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("14.jpg", "14"),
        ("IMG_0754.JPG", "IMG_0754"),
        ("_DSC3403.JPG", "DSC3403"),
        ("02.09.2020_01.35.56_REC.png", "02-09-2020_01-35-56_REC"),
        ("holidays/Été à Paris (1).jpg", "holidays-Ete-a-Paris-1"),
        ("a/b/c.tar.jpg", "a-b-c-tar"),
        ("#~draft.png", "draft"),
        ("100% & more!.jpg", "100-more"),
        ("<img onerror=x>.jpg", "img-onerror-x"),
    ],
)
def test_slug_of_a_single_photo(name: str, slug: str) -> None:
    assert only(name) == slug


def test_name_without_a_usable_letter_gets_a_hash() -> None:
    assert only("合照.jpg") == digest("合照.jpg")[:12]


def test_all_that_clash_get_a_hash_and_the_others_none() -> None:
    assert slugs(["a.jpg", "A.png", "b/c.jpg", "b-c.jpg", "d.jpg"]) == {
        "a.jpg": f"a-{digest('a.jpg')[:6]}",
        "A.png": f"A-{digest('A.png')[:6]}",
        "b/c.jpg": f"b-c-{digest('b/c.jpg')[:6]}",
        "b-c.jpg": f"b-c-{digest('b-c.jpg')[:6]}",
        "d.jpg": "d",
    }


def test_name_that_looks_suffixed_already_is_kept_apart() -> None:
    names = ["a.jpg", "a.png", f"a-{digest('a.jpg')[:6]}.gif"]
    assert len(set(slugs(names).values())) == 3


def test_long_names_stay_within_what_file_systems_allow() -> None:
    names = [f"{'folder/' * 40}{index}.jpg" for index in range(2)]
    assert all(len(slug) < 200 for slug in slugs(names).values())


@settings(deadline=None)
@given(st.lists(NAMES, unique=True, max_size=12))
def test_slugs_are_safe_unique_and_the_same_in_any_order(names: list[str]) -> None:
    result = slugs(names)
    assert list(result) == names
    assert all(SAFE.fullmatch(slug) for slug in result.values())
    assert len({slug.casefold() for slug in result.values()}) == len(names)
    assert slugs(sorted(names)) == slugs(reversed(names)) == result


@settings(deadline=None)
@given(ANY_STEM)
def test_any_name_has_a_safe_slug_and_a_title_that_can_be_written(stem: str) -> None:
    name = f"{stem}.jpg"
    assert SAFE.fullmatch(only(name))
    assert title(name).encode("utf-8")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("14.jpg", "14"),
        ("IMG_0754.JPG", "IMG 0754"),
        ("birds/Toucan.jpg", "Toucan"),
        ("_DSC3403.JPG", "DSC3403"),
        ("two  words_.jpg", "two words"),
        ("合照.jpg", "合照"),
        ("___.jpg", "___"),
        ("caf\udce9.jpg", "caf?"),
    ],
)
def test_title(name: str, expected: str) -> None:
    assert title(name) == expected
