"""The figures of checkpoints: what they mean, whose they are, and the card that is made of them."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from sod_gallery.networks.checkpoints import resolve
from sod_gallery.networks.u2net import U2NETP, U2Net

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import evaluate
from evaluation.measures import (
    Evaluation,
    SetScores,
    compare_maps,
    means,
)
from evaluation.sets import photo_sets

pytestmark = pytest.mark.network

SOURCES = (
    b'{"zoo": {"repository": "a/b", "commit": "0123456789abcdef", "photos": 9, "licence": "CC0"}}'
)


def save_image(path: Path, mode: str = "RGB", size: tuple[int, int] = (20, 10)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.effect_noise(size, 80).convert(mode).save(path)


@pytest.fixture
def benchmarks(tmp_path: Path) -> Path:
    """Make a folder like the shared one, with one photo that has a cut-out and one with truth."""
    data = tmp_path / "shared/data"
    for index in range(41):
        save_image(data / f"photos/zoo/{index:02}.png")
    (data / "photos/SOURCES.json").write_bytes(SOURCES)
    save_image(data / "chimay-SOD2/test/1.jpg")
    save_image(data / "chimay-SOD2/u2net/1.jpg.png", "RGBA")
    save_image(data / "labelled/davis/images/a.jpg")
    save_image(data / "labelled/davis/masks/a.png", "1")
    return tmp_path / "shared"


def save_network(path: Path, seed: int) -> Path:
    torch.manual_seed(seed)
    save_file(U2Net(U2NETP).state_dict(), path, {"steps": "12", "start": "random weights"})
    return path


def test_maps_are_compared_by_distance_and_intersection_over_union() -> None:
    taught = np.zeros((4, 4), np.float32)
    taught[:2] = 1
    ours = np.zeros((4, 4), np.float32)
    ours[1:3] = 0.5
    assert compare_maps(ours, taught) == {"difference": 0.5, "iou": pytest.approx(1 / 3)}
    assert compare_maps(taught, taught) == {"difference": 0, "iou": 1}


def test_means_are_over_the_photos_that_have_a_figure() -> None:
    assert means([{"iou": 0.5}, {"iou": 1.0, "cutout_iou": 0.25}]) == {
        "iou": 0.75,
        "cutout_iou": 0.25,
    }


def test_only_held_out_photos_and_the_sets_that_are_there_are_scored(
    benchmarks: Path, tmp_path: Path
) -> None:
    found = {photo_set.title: photo_set for photo_set in photo_sets(benchmarks)}
    assert list(found["held-out photos"].photos) == ["zoo/00.png", "zoo/40.png"]
    assert found["Chimay-SOD2"].cutouts["1.jpg"].name == "1.jpg.png"
    assert found["DAVIS"].truths["a.jpg"].name == "a.png"
    assert len(found["sample photos"].photos) == 5
    assert [photo_set.title for photo_set in photo_sets(tmp_path / "none")] == ["sample photos"]


def test_the_command_scores_every_set_and_writes_the_card(
    benchmarks: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sets = [s for s in photo_sets(benchmarks) if s.title in ("Chimay-SOD2", "DAVIS")]
    monkeypatch.setattr(evaluate, "photo_sets", lambda _: sets)
    student, teacher = (save_network(tmp_path / f"{n}.safetensors", n) for n in (1, 2))
    card = tmp_path / "card.md"
    arguments = [str(student), "--teacher", str(teacher), "--shared", str(benchmarks), "--json"]
    assert evaluate.main([*arguments, "--card", str(card)]) == 0
    ours, theirs = msgspec.json.decode(capsys.readouterr().out, type=list[Evaluation])
    assert (ours.checkpoint, theirs.checkpoint) == ("1", "2")
    assert set(ours.sets[0].means) == {"difference", "iou", "cutout_iou"}
    assert ours.sets[0].means["difference"] > 0
    assert theirs.sets[0].means["difference"] == 0
    assert {"mae", "wfm", "max_fm", "adp_em"} < set(ours.sets[1].means)
    text = card.read_text(encoding="utf-8")
    assert "| zoo | 9 | a/b at 0123456789ab | CC0 |" in text
    assert "### 1. 12 steps" in text
    assert "1.jpg (" in text


@pytest.mark.parametrize(("difference", "verdict"), [(0.02, "reached"), (0.04, "not reached yet")])
def test_the_card_says_whether_the_goal_is_reached(
    tmp_path: Path, difference: float, verdict: str
) -> None:
    checkpoint = resolve(str(save_network(tmp_path / "own.safetensors", 1)))
    figures = {"difference": difference, "iou": 0.9}
    scores = SetScores("Chimay-SOD2", figures, {"a|b.jpg": figures})
    card = evaluate.card(checkpoint, [Evaluation("own", "0" * 64, [scores])] * 2, {})
    assert f"is **{verdict}**" in card
    assert f"| Chimay-SOD2 (1) | difference | {difference:.3f} | {difference:.3f} |" in card


def test_trainings_are_told_apart_and_the_first_comes_first() -> None:
    metadata = {"steps": "3", "start": "b", "start_steps": "2", "start_start": "a"}
    assert evaluate.trainings(metadata) == [
        {"steps": "2", "start": "a"},
        {"steps": "3", "start": "b"},
    ]


def test_an_unknown_checkpoint_is_the_users_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main(["no-such-model"]) == 2
    assert "no such model" in capsys.readouterr().err
