"""The command ``score``: any folders of maps against ground truth, without a gallery."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from small_world import Outcome, Run

from sod_gallery.pictures.imaging import fit_map
from sod_gallery.scores.truth import score, summarise

SIZE = (60, 40)
NAMES = ("mae", "sm", "wfm", "max_fm", "mean_fm", "adp_fm", "max_em", "mean_em", "adp_em")


def annotation(seed: int) -> np.ndarray:
    rows, columns = np.mgrid[: SIZE[1], : SIZE[0]]
    inside = np.hypot(rows - 20, columns - 20 - seed) < 10 + seed % 3
    return np.where(inside, 255, 0).astype(np.uint8)


def guess(seed: int, noise: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    return (annotation(seed) * 0.6 + random.integers(0, noise, SIZE[::-1])).astype(np.uint8)


def save(path: Path, levels: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(levels).save(path)


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Make ground truth of four photos, and the maps of two methods under names of their own."""
    for seed in range(1, 5):
        save(tmp_path / f"masks/gt_000{seed}.png", annotation(seed))
        save(tmp_path / f"maps/Good/000{seed}_sal.png", guess(seed, 40))
        save(tmp_path / f"maps/Bad/000{seed}.png", guess(seed, 140))
    return tmp_path


Score = Callable[..., Outcome]


@pytest.fixture
def scored(run: Run, folders: Path) -> Score:
    def call(*methods: str, options: tuple[str, ...] = ()) -> Outcome:
        preds = [word for name in methods for word in ("--pred", str(folders / "maps" / name))]
        return run("score", *preds, "--gt", folders / "masks", *options)

    return call


def test_one_method_prints_its_photos_and_means(scored: Score) -> None:
    outcome = scored("Good", options=("--json",))
    assert outcome.code == 0
    expected = [score(guess(seed, 40), annotation(seed)) for seed in range(1, 5)]
    means = summarise(expected).means
    found = outcome.summary
    assert {name: found[name] for name in NAMES} == {name: means[name] for name in NAMES}
    assert list(found["photos"]) == ["gt_0001", "gt_0002", "gt_0003", "gt_0004"]
    assert found["photos"]["gt_0001"].items() >= expected[0].values.items()
    assert found["check"]["names"] == "{stem}_sal"
    assert found["evaluator"]["name"] == "PySODMetrics"
    assert "bilinear" in found["normalisation"]


def test_several_methods_print_an_object_for_each(scored: Score) -> None:
    found = scored("Good", "Bad", options=("--json",)).summary
    assert list(found["methods"]) == ["Good", "Bad"]
    alone = scored("Bad", options=("--json",)).summary
    assert found["methods"]["Bad"] == {name: alone[name] for name in found["methods"]["Bad"]}
    assert found["methods"]["Good"]["mae"] < found["methods"]["Bad"]["mae"]


def test_processes_give_the_same_figures(scored: Score, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = scored("Good", "Bad", options=("--json", "--workers", "1")).out
    monkeypatch.setattr("sod_gallery.commands.scoring.FEW", 2)
    assert scored("Good", "Bad", options=("--json", "--workers", "2")).out == alone


def test_people_get_a_table(scored: Score) -> None:
    outcome = scored("Good", "Bad")
    assert outcome.code == 0
    assert "Good: 4 of 4 files match, named {stem}_sal" in outcome.err
    (line,) = [line for line in outcome.out.splitlines() if "MAE" in line]
    assert len(line.split("│")) == 5
    assert "Boundary IoU ↑" in outcome.out


def test_tables_for_papers(scored: Score) -> None:
    means = scored("Good", "Bad", options=("--json",)).summary["methods"]
    lines = list(csv.DictReader(scored("Good", "Bad", options=("--csv",)).out.splitlines()))
    assert [line["method"] for line in lines] == ["Good", "Bad"]
    assert float(lines[0]["sm"]) == pytest.approx(means["Good"]["sm"], abs=1e-9)
    latex = scored("Good", "Bad", options=("--latex",)).out
    assert rf"\textbf{{{means['Good']['mae']:.3f}}}" in latex
    markdown = scored("Good", "Bad", options=("--markdown",)).out
    assert f"**{means['Good']['mae']:.3f}**" in markdown


def test_maps_of_any_form_and_size_are_scored(scored: Score, folders: Path) -> None:
    """16 bits, colours, palettes, arrays: one map each, of which one is larger than its truth."""
    maps = folders / "maps/Good"
    before = scored("Good", options=("--json",)).summary
    levels = guess(1, 40)
    Image.fromarray(levels.astype(np.uint16) * 257).save(maps / "0001_sal.png")
    Image.fromarray(guess(2, 40)).convert("RGBA").save(maps / "0002_sal.png")
    (maps / "0003_sal.png").unlink()
    np.save(maps / "0003_sal.npy", guess(3, 40) / 255)
    assert scored("Good", options=("--json",)).summary == before
    large = np.asarray(fit_map(levels, (150, 100)))
    save(maps / "0001_sal.png", large)
    found = scored("Good", options=("--json",)).summary
    resized = score(np.asarray(fit_map(large, SIZE)), annotation(1)).values
    assert found["photos"]["gt_0001"].items() >= resized.items()
    assert found["check"]["other_size"] == ["gt_0001"]
    assert found["check"]["other_aspect"] == []


def test_the_check_of_paths_names_every_fault(scored: Score, folders: Path) -> None:
    maps = folders / "maps/Bad"
    for seed in range(5, 12):
        save(folders / f"masks/gt_{seed:04}.png", annotation(seed))
    save(maps / "0002.png", guess(2, 40)[:, :40])
    save(maps / "0003.png", np.zeros(SIZE[::-1], np.uint8))
    save(maps / "0004.png", np.full(SIZE[::-1], 9, np.uint8))
    save(maps / "0005.png", 255 - guess(5, 40))
    save(maps / "0006.png", guess(6, 40)[::2, ::2])
    (maps / "0007.png").write_bytes(b"broken")
    Image.fromarray(guess(8, 40)).save(maps / "0008.jpg")
    save(maps / "0008.png", guess(8, 40))
    save(maps / "0099.png", guess(9, 40))
    outcome = scored("Bad", options=("--paths-only", "--json"))
    assert outcome.code == 1
    check = outcome.summary["check"]["Bad"]
    stems = {f"gt_{seed:04}": seed for seed in range(1, 12)}
    found = {
        fault: [stems.get(name, name) for name in check[fault]]
        for fault in ("missing", "other_size", "other_aspect", "black", "flat", "inverted")
    }
    assert found == {
        "missing": [9, 10, 11],
        "other_size": [2, 6],
        "other_aspect": [2],
        "black": [3],
        "flat": [4],
        "inverted": [5],
    }
    assert check["extra"] == ["0099"]
    assert check["doubles"] == ["0008.jpg"]
    assert list(check["unreadable"]) == ["gt_0007"]
    assert (check["files"], check["matched"]) == (9, 8)
    told = scored("Bad", options=("--paths-only",)).out
    assert "3 missing: gt_0009, gt_0010, gt_0011" in told
    assert "1 perhaps inverted: gt_0005" in told
    assert "gt_0007 cannot be read: " in told


def test_what_can_be_scored_is_scored_and_the_exit_code_says_so(
    scored: Score, folders: Path
) -> None:
    (folders / "maps/Bad/0002.png").unlink()
    (folders / "maps/Bad/0003.png").write_bytes(b"broken")
    outcome = scored("Good", "Bad", options=("--json",))
    assert outcome.code == 1
    assert list(outcome.summary["methods"]["Bad"]["photos"]) == ["gt_0001", "gt_0004"]
    assert len(outcome.summary["methods"]["Good"]["photos"]) == 4


def test_an_inverted_folder_is_called_so(scored: Score, folders: Path) -> None:
    for seed in range(1, 5):
        save(folders / f"maps/Bad/000{seed}.png", 255 - guess(seed, 40))
    outcome = scored("Bad", options=("--paths-only",))
    assert outcome.code == 0
    assert "most maps look inverted" in outcome.out


def test_names_can_be_given(run: Run, folders: Path) -> None:
    outcome = run(
        *("score", "--pred", f"Ours={folders / 'maps/Good'}", "--pred-names", "{stem}_sal"),
        *("--gt", folders / "masks", "--gt-names", "gt_{stem}", "--csv"),
    )
    assert outcome.out.splitlines()[1].startswith("Ours,")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--pred", "{f}/none", "--gt", "{f}/masks"), "none: is not a folder. Give --pred"),
        (("--pred", "{f}/maps/Bad", "--gt", "{f}/none"), "none: is not a folder. Give --gt"),
        (("--pred", "{f}/other", "--gt", "{f}/masks"), "none of its 1 files is named like"),
        (("--pred", "{f}/maps/Bad", "--pred", "{f}/maps/Bad", "--gt", "{f}/masks"), "called Bad"),
        (("--pred", "{f}/maps/Bad", "--pred-names", "x", "--gt", "{f}/masks"), "{stem} once"),
    ],
)
def test_wrong_usage_is_refused_with_a_remedy(
    run: Run, folders: Path, words: tuple[str, ...], reason: str
) -> None:
    save(folders / "other/cat.png", annotation(1))
    outcome = run("score", *(word.replace("{f}", str(folders)) for word in words))
    assert outcome.code == 2
    assert reason in outcome.err
    assert outcome.out == ""


def test_names_of_any_bytes_are_scored_and_printed(run: Run, folders: Path) -> None:
    for folder in (folders / "odd\udcff", folders / "masks"):
        save(folder / "gt_\udcfe.png", annotation(1))
    outcome = run("score", "--pred", folders / "odd\udcff", "--gt", folders / "masks", "--json")
    assert outcome.code == 1
    assert list(outcome.summary["photos"]) == ["gt_?"]
    assert run("score", "--pred", folders / "odd\udcff", "--gt", folders / "masks", "--csv").out


@pytest.mark.shared
def test_every_score_equals_another_groups_matlab_code(run: Run, shared: Path) -> None:
    sod = shared / "data/labelled/sod"
    preds = [word for path in sorted((sod / "maps").iterdir()) for word in ("--pred", path)]
    outcome = run("score", *preds, "--gt", sod / "masks", "--json")
    assert outcome.code == 0
    methods = json.loads(outcome.out)["methods"]
    with (sod / "matlab.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sum(len(method["photos"]) for method in methods.values()) == 114
    for row in rows:
        ours = methods[row["method"]]["photos"][row["photo"]]
        theirs = float(row["mae"]), float(row["s_measure"])
        assert (ours["mae"], ours["sm"]) == pytest.approx(theirs, abs=1e-6)
