"""Threads that share batches."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

from sod_gallery.engines.batching import Batcher

Array = NDArray[np.float32]


def item(value: int) -> Array:
    return np.full((2, 2), value, np.float32)


class Doubling:
    """Doubles batches, slowly enough for others to gather, and notes their sizes."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.running = 0
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, batch: Array) -> Array:
        self.running += 1
        assert self.running == 1, "two batches at once"
        self.sizes.append(len(batch))
        self.begun.set()
        self.go_on.wait(10)
        self.running -= 1
        return 2 * batch


@pytest.mark.parametrize(("most", "sizes"), [(1, [1] * 7), (4, [1, 4, 2]), (16, [1, 6])])
def test_what_waits_shares_a_batch(most: int, sizes: list[int]) -> None:
    run = Doubling()
    batcher = Batcher(run, most)
    with ThreadPoolExecutor(7) as pool:
        first = pool.submit(batcher, item(0))
        assert run.begun.wait(10)
        others = [pool.submit(batcher, item(value)) for value in range(1, 7)]
        while len(batcher._waiting) < 6:
            pass
        run.go_on.set()
        results = [future.result(10) for future in (first, *others)]
    assert run.sizes == sizes
    for value, result in enumerate(results):
        np.testing.assert_array_equal(result, item(2 * value))


def test_an_error_reaches_everyone_in_the_batch_and_nobody_else() -> None:
    def refuse(batch: Array) -> Array:
        if (batch == 3).any():
            raise ValueError("three")
        return batch

    batcher = Batcher(refuse, 8)
    with pytest.raises(ValueError, match="three"):
        batcher(item(3))
    np.testing.assert_array_equal(batcher(item(4)), item(4))
