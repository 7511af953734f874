"""A build does what is stale and nothing else, and survives being killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from crashing import CHANGING
from small_world import Run, draw, photos_of, tree

from sod_gallery.build.state import lock

pytestmark = pytest.mark.usefixtures("cheap")
STATE = ".sod-gallery/"


def test_nothing_to_do_touches_nothing_and_needs_no_torch(
    build: Run, site: Path, photos: Path, weights: Path
) -> None:
    build()
    before = {path: path.stat().st_mtime_ns for path in (site / "assets").rglob("*")}
    code = (
        "import sys; from sod_gallery.cli import main; from pathlib import Path;"
        "code = main(sys.argv[2:], root=Path(sys.argv[1]));"
        "sys.exit(code or ('torch' in sys.modules and 'torch was imported'))"
    )
    arguments = [site, "--photos", photos, "--model", weights, "--offline"]
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "4 fresh" in done.stdout
    assert {path: path.stat().st_mtime_ns for path in (site / "assets").rglob("*")} == before


def test_only_the_changed_photo_is_built(build: Run, photos: Path) -> None:
    build()
    draw(photos / "2.jpg", (60, 60), 9)
    summary = build().summary
    assert summary["built"] == ["pets/2.jpg"]
    assert len(summary["fresh"]) == 3


def test_another_composite_leaves_masks_alone(build: Run, site: Path) -> None:
    build()
    masks = {path: path.stat().st_mtime_ns for path in site.rglob("mask.png")}
    composites = {path: path.read_bytes() for path in site.rglob("composite.webp")}
    (site / "_config.yml").write_text("gallery: {composite: {panels: [photo, cutout, mask]}}")
    assert len(build().summary["built"]) == 4
    assert {path: path.stat().st_mtime_ns for path in site.rglob("mask.png")} == masks
    assert all(path.read_bytes() != content for path, content in composites.items())


def test_sizes_no_longer_wanted_are_removed(build: Run, site: Path) -> None:
    (site / "_config.yml").write_text("gallery: {sizes: [30, 50]}")
    build()
    assert len(list(site.rglob("photo-30.webp"))) == 4
    (site / "_config.yml").write_text("gallery: {sizes: [50]}")
    build()
    assert not list(site.rglob("*-30.webp"))
    assert len(list(site.rglob("photo-50.webp"))) == 4


@pytest.mark.parametrize("harm", ["delete", "alter"])
def test_an_output_that_was_harmed_is_made_again(build: Run, site: Path, harm: str) -> None:
    build()
    path = site / "assets/gallery/pets/2/tiny/composite.webp"
    whole = path.read_bytes()
    path.unlink() if harm == "delete" else path.write_bytes(whole[:-1])
    assert build().summary["built"] == ["pets/2.jpg"]
    assert path.read_bytes() == whole


def test_results_of_a_removed_photo_go_and_other_files_stay(
    build: Run, site: Path, photos: Path
) -> None:
    build()
    theirs = site / "assets/gallery/pets/2/notes.txt"
    theirs.write_text("mine")
    (photos / "2.jpg").unlink()
    summary = build().summary
    assert summary["removed"] == ["pets/2.jpg"]
    assert not (site / "assets/images/raw/pets/tiny/2.jpg.png").exists()
    assert [path.name for path in theirs.parent.iterdir()] == ["notes.txt"]
    assert "2.jpg" not in photos_of(site)


def test_results_of_a_model_no_longer_named_go(
    build: Run, run: Run, site: Path, photos: Path, other_weights: Path
) -> None:
    build()
    run("--photos", photos, "--model", other_weights)
    assert not list(site.rglob("tiny"))
    assert len(list(site.rglob("mask.png"))) == 4


def test_a_named_model_stays_with_its_dataset(build: Run, run: Run) -> None:
    build()
    summary = run("--json").summary
    assert len(summary["fresh"]) == 4
    assert not summary["built"]


def test_force_builds_everything(build: Run) -> None:
    build()
    assert len(build("--force").summary["built"]) == 4


def test_a_limit_loses_nothing(build: Run, site: Path) -> None:
    assert build("--limit", "1").summary["built"] == ["pets/2.jpg"]
    build()
    before = tree(site, STATE)
    summary = build("--limit", "1").summary
    assert (summary["fresh"], summary["removed"]) == (["pets/2.jpg"], [])
    assert tree(site, STATE) == before


def test_two_builds_into_two_folders_are_equal(build: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert build("--out", tmp_path / name).code == 0
    assert tree(tmp_path / "a", *CHANGING) == tree(tmp_path / "b", *CHANGING)
    assert len(list((tmp_path / "a").rglob("*.webp"))) == 12


def kill_build(arguments: list[str], out: Path, files: int) -> None:
    """Start a build with the real network and kill it when so many files are there."""
    command = [sys.executable, "-m", "sod_gallery", *arguments, "--out", str(out)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    while process.poll() is None and _files(out) < files:
        time.sleep(0.002)
    assert process.poll() is None, "the build ended before it could be killed"
    process.send_signal(signal.SIGKILL)
    process.wait()


def _files(folder: Path) -> int:
    return sum(len(files) for _, _, files in os.walk(folder / "assets"))


@pytest.mark.network
@pytest.mark.usefixtures("real")
def test_a_killed_build_is_completed_to_the_same_result(
    build: Run, tmp_path: Path, photos: Path, weights: Path
) -> None:
    clean, killed = tmp_path / "clean", tmp_path / "killed"
    arguments = ["--photos", str(photos), "--model", str(weights), "--offline"]
    build("--out", clean)
    for files in (1, 9, 16):
        kill_build(arguments, killed, files)
    summary = build("--out", killed).summary
    assert summary["fresh"], "nothing of the killed builds was used"
    assert tree(killed, *CHANGING) == tree(clean, *CHANGING)


@pytest.mark.network
def test_files_of_a_killed_build_go_with_their_photo(
    build: Run, photos: Path, weights: Path, site: Path
) -> None:
    kill_build(["--photos", str(photos), "--model", str(weights), "--offline"], site, 2)
    shutil.rmtree(photos)
    draw(photos / "new.jpg", (40, 40), 1)
    build()
    left = {path.name for path in (site / "assets/gallery/pets").iterdir()}
    assert left == {"new", ".built.json"}


def test_a_file_that_no_build_wrote_is_not_overwritten(build: Run, site: Path) -> None:
    theirs = site / "assets/images/raw/pets/tiny/2.jpg.png"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"published by its author")
    outcome = build()
    assert outcome.code == 1
    assert "no build wrote it" in outcome.summary["failed"][0]["reason"]
    assert theirs.read_bytes() == b"published by its author"
    assert build("--force").code == 0
    assert theirs.read_bytes() != b"published by its author"


def test_a_second_build_in_the_same_folder_waits_for_no_one(build: Run, site: Path) -> None:
    with lock(site):
        outcome = build()
    assert outcome.code == 2
    assert "another build is running" in outcome.err
