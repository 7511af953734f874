"""Slugs are safe and unique whatever people call their photos; titles can always be written."""

from __future__ import annotations

import hashlib
import re

import pytest
from hostile_names import NAMES as HOSTILE
from hypothesis import given, settings
from hypothesis import strategies as st

from sod_gallery.photos.names import (
    JOINERS,
    PLAIN,
    dataset_slugs,
    folder_slug,
    folder_title,
    slugs,
    title,
)
from sod_gallery.terminal import is_unseen

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
    assert is_readable(title(name))
    assert is_readable(folder_title(stem, None))
    assert is_readable(folder_title(folder_slug(stem), stem))


def is_readable(text: str) -> bool:
    """Tell whether people see a text, and nothing in it that hides or turns other text."""
    seen = [char for char in text if char not in JOINERS]
    return bool("".join(seen).strip()) and not any(map(is_unseen, seen)) and bool(text.encode())


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names(name: str) -> None:
    assert SAFE.fullmatch(only(f"{name}.jpg"))
    assert SAFE.fullmatch(folder_slug(name))
    assert is_readable(title(f"{name}.jpg"))
    assert is_readable(folder_title(folder_slug(name), name))


FOLDERS = st.text(st.sampled_from("aAéÉ２_-. %/🙂日\u200b\x1b"), min_size=1, max_size=4)


@settings(deadline=None)
@given(st.lists(FOLDERS, unique=True, max_size=12), FOLDERS)
def test_slugs_of_datasets_are_safe_unique_and_stable(names: list[str], another: str) -> None:
    result = dataset_slugs(names)
    assert result == dataset_slugs(reversed(names))
    assert all(SAFE.fullmatch(slug) for slug in result.values())
    plain = {name for name in names if PLAIN.fullmatch(name)}
    assert all(result[name] == name for name in plain)
    others = [slug.lower() for name, slug in result.items() if name not in plain]
    assert len({*others, *map(str.lower, plain)}) == len(others) + len(set(map(str.lower, plain)))
    later = dataset_slugs([*names, another])
    assert all(later[name].startswith(result[name]) for name in plain)


@pytest.mark.parametrize(
    ("folder", "slug", "expected"),
    [
        ("holiday", "holiday", "holiday"),
        ("München 2023", "Munchen-2023", "München 2023"),
        ("Mu\u0308nchen_2023.05", "Munchen_2023-05", "Mu\u0308nchen_2023.05"),
        ("日本", hashlib.sha256("日本".encode()).hexdigest()[:12], "日本"),
        ("a\x1b[31m\u202eb\u200bc", "a-31m-b-c", "a [31mbc"),
        ("trip_", "trip", "trip_"),
    ],
)
def test_a_folders_title_keeps_its_letters_and_its_slug_does_not(
    folder: str, slug: str, expected: str
) -> None:
    assert folder_slug(folder) == slug
    assert folder_title(slug, folder) == expected
    assert folder_title(folder_slug(folder, apart=True), folder) == expected
    assert folder_title("another", folder) == "another"


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


def test_the_root_of_a_drive_has_no_name() -> None:
    assert folder_title(folder_slug(""), "") == "photos"
