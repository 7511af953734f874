"""Bootstrap intervals and paired differences."""

from __future__ import annotations

import numpy as np
import pytest

from sod_gallery.scores.intervals import difference, intervals
from sod_gallery.scores.measures import MEASURES
from sod_gallery.scores.truth import PhotoScores, score, summarise


@pytest.fixture(scope="module")
def photos() -> list[PhotoScores]:
    random = np.random.default_rng(3)
    truth = np.zeros((40, 40), np.uint8)
    truth[10:30, 10:30] = 255
    masks = [
        (truth * random.uniform(0.2, 1) + random.integers(0, 50, truth.shape)).clip(0, 255)
        for _ in range(30)
    ]
    return [score(mask.astype(np.uint8), truth) for mask in masks]


def test_every_mean_lies_in_its_interval(photos: list[PhotoScores]) -> None:
    means = summarise(photos).means
    found = intervals(photos)
    assert set(found) == set(means) == {measure.name for measure in MEASURES}
    assert all(found[name][0] <= means[name] + 1e-9 for name in means)
    assert all(means[name] <= found[name][1] + 0.01 for name in means)
    assert found["mae"][1] > found["mae"][0]


def test_the_interval_of_a_mean_is_about_twice_its_standard_error(
    photos: list[PhotoScores],
) -> None:
    values = np.array([photo.values["mae"] for photo in photos])
    error = values.std() / np.sqrt(len(values))
    low, high = intervals(photos)["mae"]
    assert high - low == pytest.approx(2 * 1.96 * error, rel=0.1)


def test_the_same_photos_have_the_same_intervals(photos: list[PhotoScores]) -> None:
    assert intervals(photos) == intervals(photos)


def test_one_photo_has_no_width() -> None:
    truth = np.zeros((20, 20), np.uint8)
    truth[5:15, 5:15] = 255
    photo = score(truth, truth)
    low, high = intervals([photo])["sm"]
    assert low == high == pytest.approx(photo.values["sm"])


def test_methods_are_compared_on_the_same_photos() -> None:
    one, other = [0.9, 0.8, 0.7, 0.6], [0.5, 0.8, 0.6, 0.9]
    found = difference(one, other, is_error=False)
    assert found.mean == pytest.approx(0.05)
    assert found.won == 0.625  # two won, one draw
    assert found.interval[0] < 0 < found.interval[1]
    assert difference(one, other, is_error=True).won == 0.375
    clear = difference([0.9] * 9 + [0.8], [0.5] * 10, is_error=False)
    assert clear.interval[0] > 0
