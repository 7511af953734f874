"""The build record survives interruptions."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from sod_gallery.errors import PipelineError
from sod_gallery.files import temporary
from sod_gallery.manifest import (
    DatasetRecord,
    JournalEntry,
    Manifest,
    ManifestStore,
    Output,
    PhotoRecord,
    StepRecord,
    remove_outputs,
)


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


def test_a_line_that_was_cut_off_ends_the_journal(tmp_path: Path) -> None:
    store = ManifestStore(tmp_path)
    store.append(JournalEntry(dataset="pets", photo="a", record=photo("x")))
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(journal.read_bytes() + b'{"dataset":"pets","pho')
    assert list(ManifestStore(tmp_path).load().datasets["pets"].photos) == ["a"]


def test_a_journal_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").mkdir()
    with pytest.raises(PipelineError, match=r"journal\.jsonl: cannot be written"):
        ManifestStore(tmp_path).append(JournalEntry(dataset="pets", photo="a"))


def test_saving_ends_the_journal(tmp_path: Path) -> None:
    store = ManifestStore(tmp_path)
    store.append(JournalEntry(dataset="pets", photo="a", writing=["one"]))
    store.save(Manifest())
    assert ManifestStore(tmp_path).load() == Manifest()


def test_a_damaged_manifest_is_reported(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(PipelineError, match=r"manifest\.json: is damaged"):
        ManifestStore(tmp_path).load()


def test_of_version_1_the_sources_are_kept_and_all_photos_are_made_again(tmp_path: Path) -> None:
    step = {"key": "k", "outputs": [msgspec.to_builtins(output("card.jpg"))], "findings": None}
    record = {"sha256": "1" * 64, "slug": "a", "steps": {"web": step, "card": step}}
    pets = {"source": "/photos", "chosen": ["m"], "models": ["m"], "photos": {"a.jpg": record}}
    old = {"version": 1, "models": {}, "datasets": {"pets": pets}, "orphans": ["x"]}
    (tmp_path / "manifest.json").write_bytes(msgspec.json.encode(old))
    loaded = ManifestStore(tmp_path).load()
    dataset = loaded.datasets["pets"]
    assert (dataset.source, dataset.chosen, dataset.photos) == ("/photos", ["m"], {})
    assert loaded.orphans == ["card.jpg", "x"]
    ManifestStore(tmp_path).save(loaded)
    assert ManifestStore(tmp_path).load() == loaded


def test_removing_takes_outputs_and_emptied_folders_only(tmp_path: Path) -> None:
    for path in ("a/b/ours", "a/b/c/ours", "a/theirs"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    temporary(tmp_path / "a/b/ours").write_text("")
    remove_outputs(tmp_path, ["a/b/ours", "a/b/c/ours", "a/gone"])
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a", "theirs"]
