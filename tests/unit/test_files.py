"""Keys, remembered hashes and atomic writes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from sod_gallery.build.recipe import step_key
from sod_gallery.errors import PipelineError
from sod_gallery.files import (
    TEMPORARY,
    FileHashes,
    HashCache,
    hash_bytes,
    hash_file,
    remove_leftovers,
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


def test_an_unchanged_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one")
    time.sleep(0.05)
    cache = HashCache(tmp_path / "cache.json")
    first = cache.hash(path)
    cache.save()
    with monkeypatch.context() as context:
        context.setattr("sod_gallery.files.hash_file", lambda _: "read")
        assert HashCache(tmp_path / "cache.json").hash(path) == first
        assert HashCache(tmp_path / "cache.json", trusting=False).hash(path) == "read"


@pytest.mark.parametrize("how", ["in place", "by another file"])
def test_a_change_of_equal_size_and_time_is_seen(tmp_path: Path, how: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one")
    time.sleep(0.05)
    cache = HashCache(tmp_path / "cache.json")
    cache.hash(path)
    cache.save()
    before = path.stat()
    if how == "by another file":
        (tmp_path / "b").write_bytes(b"two")
        (tmp_path / "b").replace(path)
    else:
        path.write_bytes(b"two")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert HashCache(tmp_path / "cache.json").hash(path) == hash_bytes(b"two")


@pytest.mark.parametrize(
    ("changed_at", "is_read"),
    [(5_000_000_001, False), (9_999_999_999, True), (5_000_000_000, False), (9_000_000_000, True)],
)
def test_a_file_that_had_just_changed_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed_at: int, is_read: bool
) -> None:
    """Its next change may bear the same time; whole seconds are those of coarse file systems."""
    path = tmp_path / "a"
    path.write_bytes(b"one")
    times = SimpleNamespace(st_size=3, st_mtime_ns=1, st_ctime_ns=changed_at, st_ino=1)
    monkeypatch.setattr("sod_gallery.files.time.time_ns", lambda: 10_000_000_000)
    with monkeypatch.context() as context:
        context.setattr(Path, "stat", lambda _: times)
        hashes = FileHashes()
        hashes.hash(path)
        context.setattr("sod_gallery.files.hash_file", lambda _: "read")
        assert (FileHashes(hashes.seen).hash(path) == "read") == is_read


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


def test_names_of_unfinished_files_are_short_and_unique(tmp_path: Path) -> None:
    path = tmp_path / ("é" * 127)
    names = {temporary(path).name for _ in range(100)}
    assert len(names) == 100
    assert max(len(os.fsencode(name)) for name in names) < 64
    assert all(TEMPORARY.fullmatch(name) for name in names)


def test_leftovers_of_killed_processes_are_removed_and_no_others(tmp_path: Path) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    names = {pid: f".{'0' * 16}-{pid:x}-{'1' * 8}.sod-tmp" for pid in (dead.pid, os.getppid())}
    for name in (*names.values(), "photo.jpg", ".hidden"):
        (tmp_path / name).write_bytes(b"")
    remove_leftovers(tmp_path)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {names[os.getppid()], "photo.jpg", ".hidden"}
    remove_leftovers(tmp_path / "nowhere")


def test_a_write_that_is_interrupted_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "a", b"whole")
    assert not list(tmp_path.iterdir())


WRITER = """
import sys
from pathlib import Path
from sod_gallery.files import write_atomically
for number in range(150):
    write_atomically(Path(sys.argv[1]), (sys.argv[2] * 200_000).encode())
"""


def test_processes_that_write_one_file_lose_nothing_and_tear_nothing(tmp_path: Path) -> None:
    path = tmp_path / "shared"
    command = [sys.executable, "-c", WRITER, str(path)]
    writers = [subprocess.Popen([*command, letter]) for letter in "ab"]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        with contextlib.suppress(FileNotFoundError):
            seen.add(path.read_bytes())
    assert [writer.returncode for writer in writers] == [0, 0]
    assert seen <= {b"a" * 200_000, b"b" * 200_000}
    assert list(tmp_path.iterdir()) == [path]


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
