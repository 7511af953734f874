"""Keys, remembered hashes and atomic writes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sod_gallery.build.recipe import step_key
from sod_gallery.errors import PipelineError
from sod_gallery.files import (
    HashCache,
    hash_file,
    temporary,
    write_atomically,
    write_if_changed,
)


def test_a_key_depends_on_everything_that_decides_the_result() -> None:
    base = step_key("web", 1, ["a"], {"sizes": [1, 2], "folder": "x"})
    assert base == step_key("web", 1, ["a"], {"folder": "x", "sizes": (1, 2)})
    others = [
        step_key("card", 1, ["a"], {"sizes": [1, 2], "folder": "x"}),
        step_key("web", 2, ["a"], {"sizes": [1, 2], "folder": "x"}),
        step_key("web", 1, ["b"], {"sizes": [1, 2], "folder": "x"}),
        step_key("web", 1, ["a"], {"sizes": [12], "folder": "x"}),
        step_key("web", 1, ["a", "x"], {"sizes": [1, 2]}),
    ]
    assert len({base, *others}) == len(others) + 1


def test_a_changed_file_is_hashed_anew(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one")
    cache = HashCache(tmp_path / "cache.json")
    first = cache.hash(path)
    cache.save()
    path.write_bytes(b"two")
    again = HashCache(tmp_path / "cache.json")
    assert again.hash(path) == hash_file(path) != first
    assert not again.matches(path, first)


def test_an_unchanged_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one")
    cache = HashCache(tmp_path / "cache.json")
    first = cache.hash(path)
    cache.save()
    before = path.stat()
    path.write_bytes(b"two")  # same size; put the time back so that only reading could tell
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert HashCache(tmp_path / "cache.json").hash(path) == first
    assert HashCache(tmp_path / "cache.json", trusting=False).hash(path) == hash_file(path)


def test_a_damaged_cache_is_only_slower(tmp_path: Path) -> None:
    (tmp_path / "cache.json").write_bytes(b"{")
    (tmp_path / "a").write_bytes(b"one")
    assert HashCache(tmp_path / "cache.json").hash(tmp_path / "a") == hash_file(tmp_path / "a")


def test_hashes_of_vanished_files_are_dropped(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_bytes(b"one")
    cache = HashCache(tmp_path / "cache.json")
    cache.hash(tmp_path / "a")
    cache.save()
    (tmp_path / "a").unlink()
    cache = HashCache(tmp_path / "cache.json")
    cache.hash(tmp_path / "b")
    cache.save()
    assert str(tmp_path / "a") not in (tmp_path / "cache.json").read_text()


def test_a_leftover_of_a_killed_run_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.png"
    path.parent.mkdir()
    temporary(path).write_bytes(b"half")
    write_atomically(path, b"whole")
    assert path.read_bytes() == b"whole"
    assert list(path.parent.iterdir()) == [path]


def test_a_refusing_disk_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.mkdir()  # a folder in the way: the rename fails after the bytes were written
    (path / "keep").write_bytes(b"")
    with pytest.raises(PipelineError, match=r"a\.png.*cannot be written"):
        write_atomically(path, b"whole")
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.png"]


def test_equal_content_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "a"
    assert write_if_changed(path, b"one")
    stamp = path.stat().st_mtime_ns
    assert not write_if_changed(path, b"one")
    assert path.stat().st_mtime_ns == stamp
    assert write_if_changed(path, b"two")


def test_a_file_where_a_folder_should_be_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"file")
    with pytest.raises(PipelineError, match="cannot be written"):
        write_atomically(tmp_path / "a" / "b", b"whole")
