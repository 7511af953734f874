"""Files of two folders belong together by their stems, whatever stands around these."""

from __future__ import annotations

from pathlib import Path

import pytest

from sod_gallery.errors import ConfigError
from sod_gallery.photos.matching import Affix, list_maps, match, parse_pattern

NUMBERS = [f"{number:04}" for number in range(1, 30)]


def names(pattern: str, stems: list[str] = NUMBERS) -> list[str]:
    return [pattern.replace("{stem}", stem) for stem in stems]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{stem}", "{stem}"),
        ("gt_{stem}", "{stem}_sal"),
        ("{stem}", "sal{stem}"),
        ("{stem}", "{stem}.jpg"),
        ("GT{stem}", "{stem}-DSS-v2"),
        ("masks/{stem}", "maps/{stem}"),
        ("{stem}", "{stem}x"),
    ],
)
def test_prefixes_and_suffixes_are_found(first: str, second: str) -> None:
    found = match(names(first), names(second))
    assert found.pairs == dict(
        zip(NUMBERS, zip(names(first), names(second), strict=True), strict=True)
    )
    assert (str(found.first), str(found.second)) == (first, second)


def test_words_without_borders_are_found_around_the_other_folders_stems() -> None:
    stems = ["dog", "cat", "tree"]
    assert str(match(stems, names("mask{stem}of", stems)).second) == "mask{stem}of"


def test_names_with_what_looks_like_an_affix_keep_it() -> None:
    stems = ["2007_000001", "2007_000002", "2008_000001"]
    found = match(stems, names("{stem}_DSS", stems))
    assert list(found.pairs) == stems


def test_some_strangers_do_not_hide_the_pattern() -> None:
    found = match(NUMBERS, [*names("{stem}_sal")[3:], "readme", "0099"])
    assert str(found.second) == "{stem}_sal"
    assert len(found.pairs) == len(NUMBERS) - 3


def test_a_pattern_can_be_given() -> None:
    found = match(["a", "b"], ["a1x", "b1x", "a2x"], second_affix=parse_pattern("{stem}2x"))
    assert found.pairs == {"a": ("a", "a2x")}
    assert parse_pattern("gt_{stem}") == Affix("gt_", "")
    for wrong in ("sal", "{stem}{stem}"):
        with pytest.raises(ConfigError, match="once"):
            parse_pattern(wrong)


def test_a_folder_lists_pictures_and_arrays_by_stem(tmp_path: Path) -> None:
    for name in ("2.jpg", "2.png", "10.npy", "sub/1.PNG", "readme.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    found, doubles = list_maps(tmp_path, "--gt")
    assert {stem: path.name for stem, path in found.items()} == {
        "sub/1": "1.PNG",
        "2": "2.png",
        "10": "10.npy",
    }
    assert doubles == ["2.jpg"]


def test_folders_without_maps_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"is not a folder\. Give --gt"):
        list_maps(tmp_path / "none", "--gt")
    with pytest.raises(ConfigError, match="holds no pictures"):
        list_maps(tmp_path, "--gt")
