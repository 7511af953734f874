"""What a result says about itself, without ground truth."""

from __future__ import annotations

import numpy as np
import pytest

from sod_gallery.records import Trust
from sod_gallery.scores.curves import pack, unpack
from sod_gallery.scores.trust import agreement, doubt, is_faint, trust_of
from sod_gallery.scores.truth import score


def test_a_peak_below_one_half_is_faint() -> None:
    assert (is_faint(0.49), is_faint(0.5)) == (True, False)


def test_ambiguous_pixels_the_border_and_parts_are_counted() -> None:
    mask = np.zeros((100, 200), np.uint8)
    mask[:10, :50] = 255  # touches the left and top edges
    mask[50:60, 100:140] = 200
    mask[80, 20] = 255  # a speck
    mask[70:, 150:] = 100  # ambiguous, no object
    found = trust_of(mask)
    assert found.ambiguous == pytest.approx((400 + 1500) / 20_000)
    assert found.border == pytest.approx((50 + 9) / 596, abs=1e-4)
    assert found.parts == 2


def test_parts_that_meet_at_a_corner_are_one() -> None:
    mask = np.zeros((40, 40), np.uint8)
    mask[:20, :20] = mask[20:, 20:] = 255
    assert trust_of(mask).parts == 1
    assert trust_of(np.zeros((40, 40), np.uint8)).parts == 0


def test_agreement_equals_numpy() -> None:
    random = np.random.default_rng(1)
    one, other = (random.integers(0, 256, (30, 40), dtype=np.uint8) for _ in "ab")
    found = agreement(("a", "b"), one, other)
    iou = ((one > 127) & (other > 127)).sum() / ((one > 127) | (other > 127)).sum()
    mae = np.abs(one.astype(float) - other).mean() / 255
    assert (found.iou, found.mae) == pytest.approx((iou, mae), abs=1e-6)
    empty = np.zeros((3, 3), np.uint8)
    assert agreement(("a", "b"), empty, empty).iou == 1


def test_doubt_grows_with_all_that_there_is_to_doubt() -> None:
    sure = Trust(ambiguous=0.0, border=0.0, parts=1)
    unsure = Trust(ambiguous=0.3, border=0.0, parts=1)
    assert doubt(1.0, 0.3, sure, [1.0]) == 0
    assert doubt(0.8, 0.3, sure, [1.0]) > 0
    assert doubt(1.0, 0.3, unsure, [1.0]) == pytest.approx(0.5 / 3, abs=1e-4)
    assert doubt(1.0, 0.3, sure, [0.4, 0.6]) == pytest.approx(0.5 / 3, abs=1e-4)
    assert doubt(1.0, 0.3, sure, []) == 0
    assert doubt(0.2, 0.0, Trust(ambiguous=0.0, border=0.0, parts=0), []) == 0.9


def test_curves_are_kept_to_a_ten_millionth() -> None:
    random = np.random.default_rng(1)
    truth = np.zeros((50, 60), np.uint8)
    truth[10:40, 20:50] = 255
    mask = (truth * 0.5 + random.integers(0, 120, truth.shape)).astype(np.uint8)
    for one, other in ((mask, truth), (mask, truth * 0), (truth * 0, truth)):
        curves = score(one, other).curves
        kept = unpack(pack(curves))
        assert kept.keys() == curves.keys()
        for name, curve in curves.items():
            assert kept[name] == pytest.approx(curve, abs=2e-7)
