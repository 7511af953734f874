"""Photos are found in a stable order, whatever lies beside them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sod_gallery.errors import DatasetError, PhotoError
from sod_gallery.photos.decoding import load_photo
from sod_gallery.photos.finding import Listing, find_photos, list_folder


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


def test_natural_order_with_folders_and_any_case(tmp_path: Path) -> None:
    touch(
        tmp_path, "10.JPG", "2.jpg", "a/3.tiff", "a/b/1.WebP", "a-b/1.avif", "IMG_9.jfif", "x.Gif"
    )
    touch(tmp_path, "b 1.png", "B 02.bmp", "b 2.tif", "c.jpeg")
    assert find_photos(tmp_path) == [
        *("2.jpg", "10.JPG", "a/3.tiff", "a/b/1.WebP", "a-b/1.avif", "b 1.png", "B 02.bmp"),
        *("b 2.tif", "c.jpeg", "IMG_9.jfif", "x.Gif"),
    ]


def test_hidden_and_other_files_are_no_photos(tmp_path: Path) -> None:
    touch(tmp_path, ".14.jpg.sod-tmp", "._1.jpg", ".trash/1.jpg", "a.txt", "jpg", "b.jpg.part")
    (tmp_path / "folder.jpg").mkdir()
    (tmp_path / "gone.jpg").symlink_to(tmp_path / "nowhere")
    assert find_photos(tmp_path) == []


def test_links_to_files_count_and_loops_do_not(tmp_path: Path) -> None:
    touch(tmp_path, "a/1.jpg")
    (tmp_path / "a/loop").symlink_to(tmp_path)
    (tmp_path / "2.jpg").symlink_to(tmp_path / "a/1.jpg")
    assert find_photos(tmp_path) == ["2.jpg", "a/1.jpg"]


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/caf\xe9.jpg"
    try:
        os.close(os.open(name, os.O_CREAT))
    except OSError as error:
        pytest.skip(f"this file system wants UTF-8 names: {error}")
    assert find_photos(tmp_path) == ["caf\udce9.jpg"]
    with pytest.raises(PhotoError) as error_info:
        load_photo(tmp_path / "caf\udce9.jpg")
    assert "caf?.jpg" in str(error_info.value).encode("utf-8").decode()


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"nowhere: cannot be listed .* check that"):
        find_photos(tmp_path / "nowhere")


def names_of(listing: Listing) -> dict[str, str]:
    return {skipped.name: skipped.reason for skipped in listing.skipped}


def test_nothing_is_skipped_without_a_word(tmp_path: Path) -> None:
    touch(tmp_path, "a.HEIC", "b.mpo", "c.tga", "raw.CR2", "art.psd", "notes.txt", "more.txt")
    touch(tmp_path, ".DS_Store", "README", "@eaDir/a.jpg/thumb.jpg", "sub/#recycle/x.jpg", "x.jxl")
    listing = list_folder(tmp_path)
    assert listing.photos == ("a.HEIC", "b.mpo", "c.tga")
    skipped = names_of(listing)
    assert list(skipped) == [
        "@eaDir",
        "art.psd",
        "raw.CR2",
        "sub/#recycle",
        "x.jxl",
        "*",
        "*.txt",
        ".*",
    ]
    assert "export it as JPEG or TIFF" in skipped["raw.CR2"]
    assert skipped["*.txt"] == "2 files are of a kind that is no picture."
    assert skipped["*"] == "1 file is of a kind that is no picture."
    assert skipped[".*"] == "1 file is hidden."


def test_what_is_no_file_is_named_and_nothing_hangs(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "dangling.jpg").symlink_to(tmp_path / "nowhere.jpg")
    (tmp_path / "self.jpg").symlink_to(tmp_path / "self.jpg")
    (tmp_path / "linked").symlink_to(tmp_path)
    listing = list_folder(tmp_path)
    assert listing.photos == ("a.jpg",)
    assert sorted(names_of(listing)) == ["dangling.jpg", "linked", "pipe.jpg", "self.jpg"]
    assert "no file" in names_of(listing)["pipe.jpg"]


def test_a_folder_that_cannot_be_listed_costs_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path, "a.jpg", "closed/b.jpg")
    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    listing = list_folder(tmp_path)
    assert listing.photos == ("a.jpg",)
    assert names_of(listing) == {
        "closed": "cannot be listed (Permission denied): check its permissions."
    }
