"""No gallery vanishes because a record, a drive or a weights file is out of sight."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from small_world import Run, draw, draw_pets, gallery, photos_of, tree

from sod_gallery.pictures.encoding import is_marked

pytestmark = pytest.mark.usefixtures("cheap")
STATE = ".sod-gallery/"
CUTOUT = "assets/images/raw/pets/tiny/2.jpg.png"


def lose(site: Path, what: str) -> None:
    """Lose parts of the build record."""
    if what == "manifest":
        (site / STATE / "manifest.json").unlink()
    else:
        shutil.rmtree(site / STATE)
    if what == "all records":
        (site / "assets/gallery/pets/.built.json").unlink()


@pytest.mark.parametrize("lost", ["manifest", "the whole folder"])
def test_a_lost_record_is_read_from_beside_the_galleries(
    build: Run, run: Run, site: Path, lost: str
) -> None:
    build()
    before = tree(site, STATE)
    lose(site, lost)
    summary = run("--json").summary
    assert (len(summary["fresh"]), summary["removed"]) == (4, [])
    assert tree(site, STATE) == before
    lose(site, lost)
    assert len(run("forget", "pets", "--json").summary["removed"]) == 4
    assert not (site / "assets").exists()


def test_a_gallery_that_no_record_knows_stops_other_builds(
    build: Run, run: Run, site: Path, photos: Path, weights: Path
) -> None:
    build()
    lose(site, "all records")
    before = tree(site, STATE)
    draw(site / "assets/images/raw/own/test/a.jpg", (30, 30), 1)
    for arguments in ([], ["--dataset", "own"]):
        outcome = run(*arguments, "--model", weights)
        assert outcome.code == 3
        assert "--photos DIR --name pets" in outcome.err
        assert {k: v for k, v in tree(site, STATE).items() if "/own/" not in k} == before
    (photos / "10.png").unlink()
    assert build().code == 0
    assert not (site / "assets/images/raw/pets/tiny/10.png.png").exists()
    assert list(photos_of(site)) == ["2.jpg", "10.jpg", "sub/10.jpg"]


def test_a_gallery_that_no_record_knows_can_be_forgotten(
    build: Run, run: Run, site: Path, weights: Path
) -> None:
    build()
    theirs = site / "assets/images/raw/pets/tiny/mine.png"
    Image.new("RGB", (4, 4)).save(theirs)
    lose(site, "all records")
    assert run("--model", weights, "--allow-empty").code == 0  # of the sample photos
    assert (site / CUTOUT).exists()
    assert run("forget", "pets").code == 0
    assert not (site / "assets/gallery/pets").exists()
    assert [path.name for path in theirs.parent.iterdir()] == ["mine.png"]


@pytest.mark.parametrize("content", ["{", '{"version": 99}'])
def test_a_record_that_cannot_be_read_stops_the_build(
    build: Run, run: Run, site: Path, content: str
) -> None:
    build()
    (site / STATE / "manifest.json").write_text(content)
    before = tree(site)
    for words in (["--json"], ["check"], ["forget", "pets"]):
        outcome = run(*words)
        assert (outcome.code, outcome.out) == (2, "")
        assert "manifest.json" in outcome.err
    assert tree(site) == before


def test_a_forged_record_removes_nothing_outside(build: Run, run: Run, site: Path) -> None:
    build()
    mine = site.parent / "mine"
    mine.write_text("")
    record = site / "assets/gallery/pets/.built.json"
    content = json.loads(record.read_text())
    photo = content["dataset"]["photos"]["2.jpg"]
    photo["steps"]["web"]["outputs"][0]["path"] = "assets/gallery/pets/../../../../mine"
    record.write_text(json.dumps(content))
    lose(site, "manifest")
    assert run("forget", "pets").code == 0
    assert mine.exists()


def test_an_empty_mount_point_stops_the_build(
    build: Run, run: Run, site: Path, photos: Path
) -> None:
    build()
    before = tree(site, STATE)
    shutil.rmtree(photos)
    photos.mkdir()
    for arguments in ([], ["--photos", photos], ["--photos", photos, "--force"]):
        outcome = run(*arguments)
        assert outcome.code == 3
        assert "is empty, and the gallery pets was built from 4 photos" in outcome.err
        assert "--allow-empty" in outcome.err
        assert tree(site, STATE) == before
    assert len(run("--allow-empty", "--json").summary["removed"]) == 4
    assert gallery(site)["datasets"] == [] or not photos_of(site)
    assert draw_pets(photos)
    assert len(run("--json").summary["built"]) == 4


def test_an_empty_folder_of_the_site_stops_the_build(run: Run, site: Path, weights: Path) -> None:
    photo = draw(site / "assets/images/raw/own/test/a.jpg", (30, 30), 1)
    run("--model", weights)
    photo.unlink()
    assert run("--json").code == 3
    assert run("--dataset", "own").code == 3
    assert (site / "assets/gallery/own/a/card.jpg").exists()
    assert run("--dataset", "own", "--allow-empty", "--json").summary["removed"] == ["own/a.jpg"]


def test_photos_of_a_folder_that_cannot_be_listed_stay(
    build: Run, photos: Path, monkeypatch: pytest.MonkeyPatch, site: Path
) -> None:
    build()
    before = tree(site, STATE)
    scan = os.scandir

    def refuse(path: str) -> object:
        if Path(path) == photos / "sub":
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr("os.scandir", refuse)
    outcome = build()
    assert outcome.code == 3
    assert "has 1 photos in it" in outcome.err
    assert tree(site, STATE) == before


def test_cutouts_are_known_by_a_mark_when_all_records_are_lost(
    build: Run, site: Path, photos: Path
) -> None:
    build()
    old = (site / CUTOUT).read_bytes()
    lose(site, "all records")
    shutil.rmtree(site / "assets/gallery")
    for name in ("2.jpg", "10.jpg"):
        draw(photos / name, (60, 60), 9)
    assert build().code == 0
    assert (site / CUTOUT).read_bytes() != old


def test_a_mark_does_not_outlive_a_change(build: Run, site: Path) -> None:
    build()
    assert is_marked(site / CUTOUT)
    with Image.open(site / CUTOUT) as image:
        pixels = np.asarray(image).copy()
    pixels[:, :, 0] = 0
    Image.fromarray(pixels).save(site / CUTOUT)
    assert not is_marked(site / CUTOUT)
    assert not is_marked(site / "nowhere.png")


def test_a_photo_changed_with_equal_size_and_time_is_built(
    build: Run, photos: Path, site: Path
) -> None:
    draw(photos / "2.bmp", (40, 30), 1)
    build()
    before, old = (photos / "2.bmp").stat(), photos_of(site)["2.bmp"]["sha256"]
    draw(photos / "2.bmp", (40, 30), 2)
    os.utime(photos / "2.bmp", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert build().summary["built"] == ["pets/2.bmp"]
    assert photos_of(site)["2.bmp"]["sha256"] != old


def test_force_hashes_anew(build: Run, photos: Path, site: Path) -> None:
    build()
    hashes = site / STATE / "hashes.json"
    known = json.loads(hashes.read_text())
    photo = str(photos / "2.jpg")
    right, known[photo][5] = known[photo][5], "0" * 64
    hashes.write_text(json.dumps(known))
    build("--force")
    assert photos_of(site)["2.jpg"]["sha256"] == right


def test_a_model_that_failed_is_not_kept(build: Run, run: Run, photos: Path) -> None:
    build()
    for model in ("missing.pth", "nobody"):
        run("--photos", photos, "--model", model)
        assert len(run("--json").summary["fresh"]) == 4


def test_a_model_is_kept_by_its_full_path(
    run: Run, photos: Path, weights: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(weights.parent)
    run("--photos", photos, "--model", weights.name)
    monkeypatch.chdir(tmp_path)
    assert len(run("--json").summary["fresh"]) == 4


def test_a_model_that_is_gone_is_said_to_be_an_earlier_choice(
    run: Run, photos: Path, weights: Path, tmp_path: Path
) -> None:
    mine = shutil.copy(weights, tmp_path / "mine.safetensors")
    run("--photos", photos, "--model", mine)
    Path(mine).unlink()
    outcome = run("--json")
    assert outcome.code == 3
    assert "pets was last built with --model" in outcome.err
