"""Scores equal PySODMetrics called directly, and what another group's Matlab code computed."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import py_sod_metrics as metrics
import pytest
from numpy.typing import NDArray

from sod_gallery.photos.maps import load_annotation, load_map
from sod_gallery.scores.measures import MEASURES, OF_A_DATASET
from sod_gallery.scores.truth import (
    PhotoScores,
    TruthScores,
    at_threshold,
    boundary_iou,
    intersection_over_union,
    score,
    summarise,
)

Bytes = NDArray[np.uint8]


def disc(size: int, radius: float, x: float = 0) -> Bytes:
    """Return a soft disc, H×W of 0 … 255."""
    rows, columns = np.mgrid[:size, :size] - size / 2
    distance = np.hypot(rows, columns - x)
    return np.asarray(np.clip((radius - distance) * 20 + 128, 0, 255), np.uint8)


@pytest.fixture
def pairs() -> list[tuple[Bytes, Bytes]]:
    """Return maps and truths: good, shifted, faint, flat, empty on either side."""
    truth = np.where(disc(64, 18) > 128, np.uint8(255), np.uint8(0))
    nothing = np.zeros((64, 64), np.uint8)
    faint = (disc(64, 15) // 9 + 3).astype(np.uint8)
    maps = [disc(64, 18), disc(64, 15, 6), faint, 255 - truth, nothing]
    return [*((each, truth) for each in maps), (maps[1], nothing)]


def directly(pairs: list[tuple[Bytes, Bytes]]) -> dict[str, float]:
    """Return what PySODMetrics says of the pairs, called as its own example does."""
    forms = {"with_dynamic": True, "with_adaptive": True, "with_binary": True}
    mae, sm, wfm = metrics.MAE(), metrics.Smeasure(), metrics.WeightedFmeasure()
    em, cm = metrics.Emeasure(), metrics.ContextMeasure()
    msiou = metrics.MSIoU(False, False, with_binary=True)
    handlers = {
        "fm": metrics.FmeasureHandler(beta=0.3, **forms),
        "iou": metrics.IOUHandler(**forms),
        "dice": metrics.DICEHandler(**forms),
    }
    counts = metrics.FmeasureV2(metric_handlers=handlers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # MSIoU calls what NumPy has deprecated
        for mask, truth in pairs:
            for metric in (mae, sm, wfm, em, cm, msiou, counts):
                metric.step(pred=mask, gt=truth)
    results, e_results = counts.get_results(), em.get_results()["em"]
    return {
        "mae": mae.get_results()["mae"],
        "sm": sm.get_results()["sm"],
        "wfm": wfm.get_results()["wfm"],
        "cm": cm.get_results()["cm"],
        "msiou": msiou.get_results()["binary"],
        "max_fm": results["fm"]["dynamic"].max(),
        "mean_fm": results["fm"]["dynamic"].mean(),
        "adp_fm": results["fm"]["adaptive"],
        "max_em": e_results["curve"].max(),
        "mean_em": e_results["curve"].mean(),
        "adp_em": e_results["adp"],
        "iou": results["iou"]["binary"],
        "dice": results["dice"]["binary"],
        "iou_best": results["iou"]["dynamic"].max(),
    }


def test_means_and_photos_equal_pysodmetrics_called_directly(
    pairs: list[tuple[Bytes, Bytes]],
) -> None:
    ours = summarise([score(*pair) for pair in pairs]).means
    theirs = directly(pairs)
    assert {name: ours[name] for name in theirs} == pytest.approx(theirs, abs=1e-9)
    for pair in pairs:
        values = score(*pair).values
        expected = {name: value for name, value in directly([pair]).items() if name in values}
        assert len(expected) == 13
        assert {name: values[name] for name in expected} == pytest.approx(expected, abs=1e-9)


def test_every_measure_is_computed_and_no_other() -> None:
    photo = score(disc(64, 15, 6), np.where(disc(64, 18) > 128, np.uint8(255), np.uint8(0)))
    of_a_photo = photo.values | at_threshold(photo, 0.5)
    names = {measure.name for measure in MEASURES}
    assert set(of_a_photo) == names - OF_A_DATASET
    assert set(summarise([photo]).means) == names


def test_iou_and_dice_equal_numpy(pairs: list[tuple[Bytes, Bytes]]) -> None:
    for mask, truth in pairs[:4]:
        scores = score(mask, truth)
        stretched = (mask - mask.min()) / (float(mask.max()) - mask.min())
        for threshold in (0.5, 0.25):
            found = (
                stretched > 0.5 if threshold == 0.5 else (stretched * 255).astype(np.uint8) >= 64
            )
            common = (found & (truth > 0)).sum()
            iou = common / (found | (truth > 0)).sum()
            dice = 2 * common / (found.sum() + (truth > 0).sum())
            if threshold == 0.5:
                assert (scores.values["iou"], scores.values["dice"]) == pytest.approx((iou, dice))
            else:
                at = at_threshold(scores, 64 / 255)
                assert (at["iou_best"], at["dice_best"]) == pytest.approx((iou, dice))


def test_maximal_f_is_given_both_ways(pairs: list[tuple[Bytes, Bytes]]) -> None:
    photos = [score(*pair) for pair in pairs[:3]]
    precision, recall = (np.mean([each.curves[name] for each in photos], axis=0) for name in "pr")
    of_means = (1.3 * precision * recall / (0.3 * precision + recall + 1e-300)).max()
    of_curves = np.mean([each.curves["fm"] for each in photos], axis=0).max()
    means = summarise(photos).means
    assert means["max_fm_of_means"] == pytest.approx(of_means)
    assert means["max_fm"] == pytest.approx(of_curves)
    assert of_means != pytest.approx(of_curves)


def test_the_best_threshold_is_the_methods(pairs: list[tuple[Bytes, Bytes]]) -> None:
    photos = [score(*pair) for pair in pairs[:3]]
    summary = summarise(photos)
    own = [at_threshold(photo, summary.best_threshold)["iou_best"] for photo in photos]
    assert summary.means["iou_best"] == pytest.approx(np.mean(own))
    assert summary.means["iou_best"] >= summary.means["iou"]


def eroded(mask: NDArray[np.bool_], times: int) -> NDArray[np.bool_]:
    """Erode by 3×3, so often; what lies outside of the picture is no object."""
    for _ in range(times):
        padded = np.pad(mask, 1)
        windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3))
        mask = np.asarray(windows.all(axis=(2, 3)))
    return mask


def test_boundary_iou_is_that_of_repeated_erosions() -> None:
    one, other = disc(100, 30) > 128, disc(100, 28, 4) > 128
    times = round(0.02 * 100 * 2**0.5)
    bands = [mask & ~eroded(mask, times) for mask in (one, other)]
    expected = (bands[0] & bands[1]).sum() / (bands[0] | bands[1]).sum()
    assert boundary_iou(one, other) == pytest.approx(expected)
    assert boundary_iou(one, one) == 1
    assert boundary_iou(one & False, other & False) == 0


def test_a_truth_on_one_slanted_line_has_no_context_measure() -> None:
    truth = np.zeros((32, 32), np.uint8)
    np.fill_diagonal(truth[:8, :8], 255)
    assert "cm" not in score(disc(32, 8), truth).values
    assert "cm" not in summarise([score(disc(32, 8), truth)]).means


def test_two_empty_masks_agree_where_methods_are_compared() -> None:
    empty, full = np.zeros((2, 2), bool), np.ones((2, 2), bool)
    assert (intersection_over_union(empty, empty), intersection_over_union(empty, full)) == (1, 0)


def test_the_collector_gives_the_means(pairs: list[tuple[Bytes, Bytes]]) -> None:
    collector = TruthScores()
    assert collector.results() == {}
    for pair in pairs:
        collector.step(*pair)
    assert collector.results() == summarise([score(*pair) for pair in pairs]).means


def matlab(shared: Path) -> Iterator[tuple[Path, Path, float, float]]:
    """Yield map, truth, MAE and S-measure of each line of the other group's table."""
    folder = shared / "data/labelled/sod"
    with (folder / "matlab.csv").open() as file:
        for row in csv.DictReader(file):
            name = f"{row['photo']}.png"
            paths = folder / "maps" / row["method"] / name, folder / "masks" / name
            yield *paths, float(row["mae"]), float(row["s_measure"])


@pytest.mark.shared
def test_scores_equal_another_groups_matlab_code(shared: Path) -> None:
    for path, truth, mae, sm in matlab(shared):
        found: PhotoScores = score(load_map(path)[0], load_annotation(truth))
        assert (found.values["mae"], found.values["sm"]) == pytest.approx((mae, sm), abs=1e-9)
