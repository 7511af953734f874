"""Masks are measured once: against ground truth, by themselves, and against each other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from small_world import Run, file_of, gallery, photos_of

from sod_gallery.photos.maps import load_annotation
from sod_gallery.scores.truth import PhotoScores, score

pytestmark = pytest.mark.usefixtures("cheap")


def annotate(folder: Path, stem: str, size: tuple[int, int]) -> Path:
    rows, columns = np.mgrid[: size[1], : size[0]]
    inside = np.hypot(rows - size[1] / 2, columns - size[0] / 2) < min(size) / 3
    path = folder / f"{stem}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.where(inside, 255, 0).astype(np.uint8)).save(path)
    return path


@pytest.fixture
def truths(tmp_path: Path) -> Path:
    annotate(tmp_path / "masks", "2", (120, 80))
    annotate(tmp_path / "masks", "sub/10", (90, 60))
    return tmp_path / "masks"


def result(site: Path, photo: str) -> dict[str, Any]:
    found: dict[str, Any] = photos_of(site)[photo]["results"][0]
    return found


def test_each_mask_is_scored_against_its_truth(build: Run, site: Path, truths: Path) -> None:
    build("--gt", truths)
    with Image.open(file_of(site, result(site, "2.jpg")["mask"])) as mask:
        expected = score(np.asarray(mask), load_annotation(truths / "2.png")).values
    assert result(site, "2.jpg")["scores"] == pytest.approx(expected, abs=1e-6)
    assert result(site, "10.png")["scores"] == {}


def test_scores_are_computed_when_mask_or_truth_change_and_never_else(
    build: Run, run: Run, site: Path, truths: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build("--gt", truths)
    before = result(site, "2.jpg")["scores"]["mae"]
    calls: list[tuple[int, ...]] = []

    def counted(mask: np.ndarray, truth: np.ndarray) -> PhotoScores:
        calls.append(mask.shape)
        return score(mask, truth)

    monkeypatch.setattr("sod_gallery.scores.truth.score", counted)
    assert run("build", "--json").summary["built"] == []
    assert calls == []
    annotate(truths, "2", (119, 80))
    assert run("explain", "2.jpg", "--json").summary["photos"][0]["steps"]["truth"]
    assert run("build", "--json").summary["built"] == ["pets/2.jpg"]
    assert calls == [(80, 120)]
    assert result(site, "2.jpg")["scores"]["mae"] != before


def test_a_warm_build_imports_neither_scorer_nor_torch(
    build: Run, site: Path, truths: Path
) -> None:
    build("--gt", truths)
    code = (
        "import sys; from sod_gallery.cli import main; "
        f"assert main(['build', '--out', {str(site)!r}, '--offline']) == 0; "
        "print(*{'torch', 'py_sod_metrics', 'cv2', 'scipy', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == ""
    assert "4 fresh" in done.stdout


def test_methods_are_compared_with_each_other(build: Run, site: Path, other_weights: Path) -> None:
    build("--model", other_weights)
    photo = photos_of(site)["2.jpg"]
    (found,) = photo["agreements"]
    assert found["methods"] == ["tiny", "other"]
    masks = []
    for each in photo["results"]:
        with Image.open(file_of(site, each["mask"])) as mask:
            masks.append(np.asarray(mask, np.float64))
    assert found["mae"] == pytest.approx(np.abs(masks[0] - masks[1]).mean() / 255, abs=1e-6)
    both, either = (masks[0] > 127) & (masks[1] > 127), (masks[0] > 127) | (masks[1] > 127)
    assert found["iou"] == pytest.approx(both.sum() / either.sum(), abs=1e-6)


def test_without_the_evaluator_everything_else_is_built(
    build: Run, site: Path, truths: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sod_gallery.build.measuring.find_spec", lambda _: None)
    outcome = build("--gt", truths)
    assert outcome.code == 0
    assert "pip install 'sod-gallery[scores]'" in outcome.err
    assert result(site, "2.jpg")["scores"] == {}
    assert result(site, "2.jpg")["trust"]["parts"] == 1


def test_a_photo_without_an_object_is_marked(build: Run, photos: Path, site: Path) -> None:
    dark = np.random.default_rng(1).integers(0, 30, (40, 50, 3), dtype=np.uint8)
    Image.fromarray(dark).save(photos / "dark.png")
    build()
    found = {name: photo["maybe_empty"] for name, photo in photos_of(site).items()}
    assert found == {
        "2.jpg": False, "10.jpg": False, "10.png": False, "dark.png": True, "sub/10.jpg": False,
    }  # fmt: skip
    doubts = {name: photo["results"][0]["doubt"] for name, photo in photos_of(site).items()}
    assert max(doubts, key=lambda name: doubts[name]) == "dark.png"


@pytest.mark.network
@pytest.mark.usefixtures("real")
def test_a_thorough_build_runs_networks_again_once(build: Run, run: Run, site: Path) -> None:
    build("--limit", "1")
    assert result(site, "2.jpg")["trust"]["flip"] is None
    assert build("--limit", "1", "--thorough").summary["built"] == ["pets/2.jpg"]
    trust = result(site, "2.jpg")["trust"]
    assert 0 <= trust["flip"] <= 1
    assert 0 <= trust["sides"] <= 1
    assert build("--limit", "1").summary["built"] == []
    assert gallery(site)["datasets"][0]["photos"][0]["results"][0]["trust"] == trust
    assert run("check", "--limit", "1").code == 0
