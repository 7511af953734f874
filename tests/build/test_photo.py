"""One photo is made from plain values, in whatever process."""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Generator, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from crashing import CHANGING
from small_world import Run, tree

from sod_gallery.build.executor import Executor, ThreadExecutor
from sod_gallery.build.photo import PhotoOutcome, PhotoTask, make_photo
from sod_gallery.build.run import build as build_gallery
from sod_gallery.build.selection import Request
from sod_gallery.build.state import State
from sod_gallery.build.store import ManifestStore
from sod_gallery.manifest import JournalEntry
from sod_gallery.progress import SilentReporter

STATE = ".sod-gallery/"


class PicklingExecutor:
    """Runs tasks one by one, as copies that were pickled, and passes pickled outcomes on."""

    def run(self, tasks: Iterable[PhotoTask]) -> Generator[PhotoOutcome, None, None]:
        for task in tasks:
            copy: PhotoTask = pickle.loads(pickle.dumps(task))
            assert copy == task
            outcome: PhotoOutcome = pickle.loads(pickle.dumps(make_photo(copy)))
            yield outcome


class ProcessExecutor:
    """Runs tasks in another process, which knows nothing but the task."""

    def run(self, tasks: Iterable[PhotoTask]) -> Generator[PhotoOutcome, None, None]:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            yield from pool.map(make_photo, tasks)


def request(out: Path, photos: Path, weights: Path) -> Request:
    return Request(
        root=out, settings=out / "_config.yml", photos=photos, models=(str(weights),), offline=True
    )


def built_by(executor: Executor, out: Path, photos: Path, weights: Path) -> dict[str, bytes]:
    """Build into an empty folder, then once more; return the files."""
    for expected in ([], ["pets/10.jpg", "pets/10.png", "pets/2.jpg", "pets/sub/10.jpg"]):
        summary, _ = build_gallery(request(out, photos, weights), SilentReporter(), executor)
        assert sorted(summary.fresh) == expected
        assert not summary.failed
    return tree(out, *CHANGING)


@pytest.mark.usefixtures("cheap")
def test_tasks_and_outcomes_survive_pickling(tmp_path: Path, photos: Path, weights: Path) -> None:
    threads = built_by(ThreadExecutor(2), tmp_path / "threads", photos, weights)
    assert built_by(PicklingExecutor(), tmp_path / "pickled", photos, weights) == threads


@pytest.mark.network
def test_another_process_makes_the_same_files(tmp_path: Path, photos: Path, weights: Path) -> None:
    threads = built_by(ThreadExecutor(2), tmp_path / "threads", photos, weights)
    assert built_by(ProcessExecutor(), tmp_path / "process", photos, weights) == threads


@pytest.mark.usefixtures("cheap")
def test_the_journal_names_a_photo_before_it_is_made_but_no_file_of_somebody_else(
    site: Path, photos: Path, weights: Path
) -> None:
    theirs = site / "assets/images/raw/pets/tiny/2.jpg.png"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"published by its author")

    class KilledExecutor:
        def run(self, tasks: Iterable[PhotoTask]) -> Generator[PhotoOutcome, None, None]:
            list(tasks)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_gallery(request(site, photos, weights), SilentReporter(), KilledExecutor())
    orphans = set(ManifestStore(site).load().orphans)
    assert "assets/gallery/pets/2/" in orphans
    assert "assets/images/raw/pets/tiny/10.jpg.png" in orphans
    assert "assets/images/raw/pets/tiny/2.jpg.png" not in orphans
    summary, _ = build_gallery(request(site, photos, weights), SilentReporter())
    assert "no build wrote it" in summary.failed[0].reason
    assert theirs.read_bytes() == b"published by its author"


@pytest.mark.usefixtures("cheap")
def test_files_of_an_unfinished_photo_go_and_files_of_people_stay(
    site: Path, photos: Path, weights: Path
) -> None:
    folder = site / "assets/gallery/pets/gone"
    (folder / "tiny").mkdir(parents=True)
    ours = [
        "photo-480.webp",
        "card.jpg",
        "tiny/mask.png",
        "tiny/.0123456789abcdef-fffffff-01234567.sod-tmp",
    ]
    for name in (*ours, "notes.txt", "tiny/mine.png"):
        (folder / name).write_bytes(b"x")
    empty = site / "assets/gallery/pets/barely/tiny"
    empty.mkdir(parents=True)
    for slug in ("gone", "barely"):
        begun = JournalEntry(dataset="pets", photo=slug, writing=[f"assets/gallery/pets/{slug}/"])
        ManifestStore(site).append(begun)
    build_gallery(request(site, photos, weights), SilentReporter())
    assert not empty.parent.exists()
    left = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert left == {"notes.txt", "tiny/mine.png"}


@pytest.mark.usefixtures("cheap")
def test_every_file_of_a_step_is_known_by_its_name(build: Run, site: Path) -> None:
    build()
    folder = site / "assets/gallery/pets/2"
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    ManifestStore(site).append(
        JournalEntry(dataset="other", photo="x", writing=["assets/gallery/pets/2/"])
    )
    orphans = set(State(site, site / "_config.yml").manifest.orphans)
    assert orphans == {f"assets/gallery/pets/2/{name}" for name in names}
