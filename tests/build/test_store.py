"""The build record survives interruptions."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sod_gallery.build.recovery import remove_outputs
from sod_gallery.build.store import ManifestStore
from sod_gallery.errors import PipelineError
from sod_gallery.manifest import (
    DatasetRecord,
    JournalEntry,
    Manifest,
    Output,
    PhotoRecord,
    StepRecord,
)

STATE = ".sod-gallery"
WORDS = st.sampled_from(
    ["version", "datasets", "photos", "steps", "outputs", "path", "orphans", "source"]
)
JSON = st.recursive(
    st.none() | st.integers(-2, 3) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)
"""What a manifest might hold, in no order."""


def manifest_in(root: Path) -> Path:
    (root / STATE).mkdir(exist_ok=True)
    return root / STATE / "manifest.json"


def output(path: str) -> Output:
    return Output(path=path, sha256="0" * 64, bytes=1, width=4, height=3)


def photo(*paths: str) -> PhotoRecord:
    steps = {path: StepRecord(key="k", outputs=[output(path)]) for path in paths}
    return PhotoRecord(sha256="1" * 64, slug="a", steps=steps)


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    manifest = Manifest(datasets={"pets": DatasetRecord(methods=["m"], photos={"a": photo("x")})})
    ManifestStore(tmp_path).save(manifest)
    assert ManifestStore(tmp_path).load() == manifest


def test_a_finished_photo_of_an_interrupted_build_is_kept(tmp_path: Path) -> None:
    store = ManifestStore(tmp_path)
    store.save(Manifest(datasets={"pets": DatasetRecord(photos={"a": photo("old")})}))
    store.append(JournalEntry(dataset="pets", photo="a", writing=["new"]))
    store.append(JournalEntry(dataset="pets", photo="a", record=photo("new")))
    loaded = ManifestStore(tmp_path).load()
    assert loaded.datasets["pets"].photos["a"] == photo("new")
    assert loaded.orphans == ["old"]


def test_files_of_an_unfinished_photo_are_known_as_ours(tmp_path: Path) -> None:
    store = ManifestStore(tmp_path)
    store.append(JournalEntry(dataset="pets", photo="a", writing=["one"]))
    store.append(JournalEntry(dataset="pets", photo="a", writing=["two", "three"]))
    loaded = ManifestStore(tmp_path).load()
    assert set(loaded.orphans) == {"one", "two", "three"}
    assert not loaded.datasets


def append(root: Path, *entries: JournalEntry) -> None:
    """Append as a build does that is then killed."""
    store = ManifestStore(root)
    for entry in entries:
        store.append(entry)
    store.close()


def test_what_follows_a_line_that_was_cut_off_is_kept(tmp_path: Path) -> None:
    append(tmp_path, JournalEntry(dataset="pets", photo="a", record=photo("x")))
    journal = tmp_path / STATE / "journal.jsonl"
    journal.write_bytes(journal.read_bytes() + b'{"dataset":"pets","pho')
    assert list(ManifestStore(tmp_path).load().datasets["pets"].photos) == ["a"]
    append(tmp_path, JournalEntry(dataset="pets", photo="b", record=photo("y")))
    assert list(ManifestStore(tmp_path).load().datasets["pets"].photos) == ["a", "b"]


def test_lines_that_an_earlier_version_glued_together_are_read(tmp_path: Path) -> None:
    append(tmp_path, JournalEntry(dataset="pets", photo="a", record=photo("x")))
    journal = tmp_path / STATE / "journal.jsonl"
    whole = journal.read_bytes()
    journal.write_bytes(whole[:30] + whole + whole.replace(b'"a"', b'"b"'))
    assert list(ManifestStore(tmp_path).load().datasets["pets"].photos) == ["a", "b"]


def test_a_line_is_appended_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ManifestStore(tmp_path)
    store.append(JournalEntry(dataset="pets", photo="a", record=photo("x")))
    write, left = os.write, [40]

    def run_out(file: int, content: bytes) -> int:
        if not left:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(file, content[: left.pop()])

    with monkeypatch.context() as context:
        context.setattr("sod_gallery.build.store.os.write", run_out)
        with pytest.raises(PipelineError, match="No space left"):
            store.append(JournalEntry(dataset="pets", photo="b", record=photo("y")))
    assert (tmp_path / STATE / "journal.jsonl").read_bytes().count(b"\n") == 1
    store.append(JournalEntry(dataset="pets", photo="c", record=photo("z")))
    assert list(ManifestStore(tmp_path).load().datasets["pets"].photos) == ["a", "c"]
    store.close()


def test_a_journal_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / STATE / "journal.jsonl").mkdir(parents=True)
    with pytest.raises(PipelineError, match=r"journal\.jsonl: cannot be written"):
        ManifestStore(tmp_path).append(JournalEntry(dataset="pets", photo="a"))
    with pytest.raises(PipelineError, match=r"journal\.jsonl: cannot be read"):
        ManifestStore(tmp_path).load()


def test_saving_empties_the_journal_and_the_end_deletes_it(tmp_path: Path) -> None:
    store = ManifestStore(tmp_path)
    store.append(JournalEntry(dataset="pets", photo="a", writing=["one"]))
    store.save(Manifest())
    assert ManifestStore(tmp_path).load() == Manifest()
    assert store.is_interrupted
    store.end()
    assert not store.is_interrupted


def test_models_of_a_finished_photo_are_those_of_the_next_build(tmp_path: Path) -> None:
    begun = JournalEntry(dataset="pets", photo="a", writing=["x"])
    append(
        tmp_path, begun, JournalEntry(dataset="pets", photo="a", record=photo("x"), chosen=["m"])
    )
    assert ManifestStore(tmp_path).load().datasets["pets"].chosen == ["m"]


@pytest.mark.parametrize(
    "content",
    [
        b"{", b"", b"null", b"\xff", b"[" * 100_000, b'{"version": "2"}', b'{"x": 1}',
        b'{"version": 1, "datasets": {"pets": 5}}',
        b'{"version": 1, "datasets": {"pets": {"photos": {"a": {}}}}}',
        b'{"version": 2, "datasets": {"pets": {"photos": []}}}',
    ],
)  # fmt: skip
def test_a_damaged_manifest_is_reported_with_a_remedy_that_loses_nothing(
    tmp_path: Path, content: bytes
) -> None:
    manifest_in(tmp_path).write_bytes(content)
    with pytest.raises(PipelineError, match=r"manifest\.json: is damaged .*keep it") as caught:
        ManifestStore(tmp_path).load()
    assert "elete" not in str(caught.value)


@pytest.mark.parametrize("version", [0, 3, 99])
def test_a_manifest_of_another_version_says_so(tmp_path: Path, version: int) -> None:
    manifest_in(tmp_path).write_text(f'{{"version": {version}, "new": []}}')
    with pytest.raises(PipelineError, match=f"is of version {version}.*Update"):
        ManifestStore(tmp_path).load()


def test_of_version_1_the_sources_are_kept_and_all_photos_are_made_again(tmp_path: Path) -> None:
    step = {"key": "k", "outputs": [msgspec.to_builtins(output("card.jpg"))], "findings": None}
    record = {"sha256": "1" * 64, "slug": "a", "steps": {"web": step, "card": step}}
    pets = {"source": "/photos", "chosen": ["m"], "models": ["m"], "photos": {"a.jpg": record}}
    old = {"version": 1, "models": {}, "datasets": {"pets": pets}, "orphans": ["x"]}
    manifest_in(tmp_path).write_bytes(msgspec.json.encode(old))
    loaded = ManifestStore(tmp_path).load()
    dataset = loaded.datasets["pets"]
    assert (dataset.source, dataset.chosen, dataset.photos) == ("/photos", ["m"], {})
    assert loaded.orphans == ["card.jpg", "x"]
    ManifestStore(tmp_path).save(loaded)
    assert ManifestStore(tmp_path).load() == loaded


def test_removing_takes_outputs_and_emptied_folders_only(tmp_path: Path) -> None:
    web = tmp_path / "assets/gallery"
    for path in ("b/ours", "b/c/ours", "theirs"):
        (web / path).parent.mkdir(parents=True, exist_ok=True)
        (web / path).write_text("")
    remove_outputs(tmp_path, [f"assets/gallery/{path}" for path in ("b/ours", "b/c/ours", "gone")])
    assert sorted(p.name for p in web.rglob("*")) == ["theirs"]


def test_nothing_outside_the_folders_of_outputs_is_removed(tmp_path: Path) -> None:
    root, mine = tmp_path / "site", tmp_path / "mine"
    (root / "assets/gallery").mkdir(parents=True)
    for path in (mine, root / "README.md"):
        path.write_text("")
    remove_outputs(root, ["assets/gallery/../../../mine", str(mine), "README.md", "../mine"])
    assert mine.exists()
    assert (root / "README.md").exists()


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=6), st.data())
def test_a_journal_cut_anywhere_keeps_what_was_whole(names: list[str], data: st.DataObject) -> None:
    entries = [JournalEntry(dataset="pets", photo=n, record=photo(f"{n}{i}"))
               for i, n in enumerate(names)]  # fmt: skip
    with TemporaryDirectory() as folder:
        root = Path(folder)
        append(root, *entries)
        journal = root / STATE / "journal.jsonl"
        content = journal.read_bytes()
        cut = data.draw(st.integers(0, len(content)))
        journal.write_bytes(content[:cut])
        whole = content[:cut].count(b"\n")
        append(root, JournalEntry(dataset="pets", photo="z", record=photo("last")))
        photos = ManifestStore(root).load().datasets["pets"].photos
    expected = {entry.photo: entry.record for entry in entries[:whole]} | {"z": photo("last")}
    assert photos == expected


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_whatever_the_record_holds_it_is_read_or_reported(manifest: bytes, journal: bytes) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        manifest_in(root).write_bytes(manifest)
        (root / STATE / "journal.jsonl").write_bytes(journal)
        with pytest.raises(PipelineError, match=r"is (damaged|of version)"):
            ManifestStore(root).load()
        manifest_in(root).unlink()
        assert isinstance(ManifestStore(root).load(), Manifest)


NAMES = st.text(max_size=8)
DATASETS = st.builds(
    DatasetRecord,
    source=st.none() | NAMES,
    chosen=st.lists(NAMES, max_size=2),
    photos=st.dictionaries(NAMES, st.builds(photo, NAMES), max_size=2),
    failed=st.dictionaries(NAMES, NAMES, max_size=2),
)
MANIFESTS = st.builds(Manifest, datasets=st.dictionaries(NAMES, DATASETS, max_size=3))


@given(MANIFESTS, st.data())
def test_any_manifest_is_kept_and_any_part_of_one_is_reported(
    manifest: Manifest, data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        ManifestStore(root).save(manifest)
        assert ManifestStore(root).load() == manifest
        content = manifest_in(root).read_bytes()
        cut = data.draw(st.integers(0, len(content) - 3))
        manifest_in(root).write_bytes(content[:cut])
        with pytest.raises(PipelineError, match="is damaged"):
            ManifestStore(root).load()


@given(JSON)
def test_any_json_is_a_manifest_or_reported(content: object) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        manifest_in(root).write_bytes(msgspec.json.encode(content))
        with contextlib.suppress(PipelineError):
            assert isinstance(ManifestStore(root).load(), Manifest)
