"""Datasets get into their folders whole, once, and without losing what lies there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from webserver import WebServer, serving

from sod_gallery.errors import DatasetError
from sod_gallery.files import hash_file
from sod_gallery.photos import datasets
from sod_gallery.photos.datasets import (
    PublishedDataset,
    PublishedFile,
    credits,
    discover,
    fetch_dataset,
)

PHOTOS = {"1.jpg": b"first", "IMG 2#.JPG": b"second", "3.png": b"third"}


@pytest.fixture
def author(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    """Publish three small photos, two of them with a cut-out, as Chimay-SOD2."""
    files = [
        PublishedFile(name=name, bytes=len(photo), sha256=hashlib.sha256(photo).hexdigest())
        for name, photo in PHOTOS.items()
    ]
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as server:
        server.files |= {f"/raw/test/{name}": photo for name, photo in PHOTOS.items()}
        server.files |= {"/raw/u2net/1.jpg.png": b"cut", "/raw/u2net/IMG 2#.JPG.png": b"out"}
        published = PublishedDataset(base_url="http://127.0.0.1:9/", files=files)
        monkeypatch.setattr(datasets, "_published", lambda: published)
        monkeypatch.setenv("CHIMAY_SOD2_MIRROR", f"{server.url}/raw/")
        yield server


@pytest.fixture
def chimay(tmp_path: Path) -> Path:
    return tmp_path / "assets/images/raw/chimay-SOD2"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_sample_is_copied_with_its_credits(tmp_path: Path) -> None:
    assert fetch_dataset("sample", tmp_path, offline=True) == []
    photos = contents(tmp_path / "assets/images/raw/sample/test")
    assert set(photos) == set(credits("sample"))
    assert all(photo.startswith((b"\x89PNG", b"\xff\xd8")) for photo in photos.values())
    assert discover(tmp_path) == ["sample"]


def test_the_sample_leaves_what_is_there(tmp_path: Path) -> None:
    target = tmp_path / "assets/images/raw/sample/test"
    target.mkdir(parents=True)
    (target / "coffee.png").write_bytes(b"mine")
    fetch_dataset("sample", tmp_path)
    assert contents(target)["coffee.png"] == b"mine"


def test_the_sample_without_scikit_image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "find_spec", lambda _: None)
    with pytest.raises(DatasetError, match="install it again with pip"):
        fetch_dataset("sample", tmp_path)


@pytest.mark.usefixtures("author")
def test_published_photos_come_with_their_cut_outs(tmp_path: Path, chimay: Path) -> None:
    notes = fetch_dataset("chimay-SOD2", tmp_path)
    assert contents(chimay / "test") == PHOTOS
    assert contents(chimay / "reference") == {"1.jpg.png": b"cut", "IMG 2#.JPG.png": b"out"}
    assert notes == ["no published cut-out could be had for 3.png"]


def test_what_is_there_is_not_asked_for_again(author: WebServer, tmp_path: Path) -> None:
    fetch_dataset("chimay-SOD2", tmp_path)
    author.asked.clear()
    assert fetch_dataset("chimay-SOD2", tmp_path) == []
    assert fetch_dataset("chimay-SOD2", tmp_path, offline=True) == []
    assert author.asked == []


def test_an_interrupted_fetch_goes_on(author: WebServer, tmp_path: Path, chimay: Path) -> None:
    second = author.files.pop("/raw/test/IMG 2#.JPG")
    with pytest.raises(DatasetError, match=r"IMG%202%23\.JPG answered 404") as caught:
        fetch_dataset("chimay-SOD2", tmp_path)
    assert caught.value.exit_code == 3
    assert contents(chimay / "test") == {"1.jpg": b"first"}
    author.files["/raw/test/IMG 2#.JPG"] = second
    author.asked.clear()
    fetch_dataset("chimay-SOD2", tmp_path)
    assert contents(chimay / "test") == PHOTOS
    assert "/raw/test/1.jpg" not in [path for path, _ in author.asked]


@pytest.mark.usefixtures("author")
def test_a_photo_that_differs_is_replaced_and_kept(tmp_path: Path, chimay: Path) -> None:
    (chimay / "test").mkdir(parents=True)
    (chimay / "test/1.jpg").write_bytes(b"retouched")
    notes = fetch_dataset("chimay-SOD2", tmp_path)
    assert contents(chimay / "test") == PHOTOS | {"1.jpg.replaced": b"retouched"}
    assert "1.jpg: differed from the published photo" in notes[0]


def test_wrong_bytes_are_not_taken_for_a_photo(
    author: WebServer, tmp_path: Path, chimay: Path
) -> None:
    author.files["/raw/test/1.jpg"] = b"FIRST"
    with pytest.raises(DatasetError, match="sent wrong bytes"):
        fetch_dataset("chimay-SOD2", tmp_path)
    assert contents(chimay / "test") == {}


def test_offline_with_some_of_the_photos(author: WebServer, tmp_path: Path, chimay: Path) -> None:
    (chimay / "test").mkdir(parents=True)
    (chimay / "test/1.jpg").write_bytes(b"first")
    (note,) = fetch_dataset("chimay-SOD2", tmp_path, offline=True)
    assert "2 of 3 photos are missing" in note
    assert author.asked == []


def test_offline_with_none_of_the_photos(author: WebServer, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="--offline forbids"):
        fetch_dataset("chimay-SOD2", tmp_path, offline=True)
    assert author.asked == []


def test_the_facts_of_the_published_photos() -> None:
    files = datasets._published().files
    assert len({file.name.lower() for file in files}) == len(files) == 43
    assert all(len(file.sha256) == 64 and file.bytes > 0 for file in files)


@pytest.mark.shared
def test_the_facts_agree_with_the_photos(shared: Path) -> None:
    here = shared / "data/chimay-SOD2/test"
    facts = {file.name: file for file in datasets._published().files}
    for photo in here.iterdir():
        assert datasets._is_right(here, facts[photo.name], hash_file), photo.name


def test_a_private_dataset_says_where_to_put_it(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"private share .*/assets/images/raw/chimay-SOD1/test"):
        fetch_dataset("chimay-SOD1", tmp_path)
    (tmp_path / "assets/images/raw/chimay-SOD1/test").mkdir(parents=True)
    assert fetch_dataset("chimay-SOD1", tmp_path) == []


def test_an_unknown_dataset_names_the_known(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="Known are sample, chimay-SOD2, chimay-SOD1"):
        fetch_dataset("holiday", tmp_path)
    (tmp_path / "assets/images/raw/holiday/test").mkdir(parents=True)
    assert fetch_dataset("holiday", tmp_path) == []


@pytest.mark.usefixtures("author")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "assets").write_bytes(b"")
    with pytest.raises(DatasetError, match="cannot be written"):
        fetch_dataset("chimay-SOD2", tmp_path)
