"""Photos are admitted by the memory that they take."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import Run

from sod_gallery.build import budget
from sod_gallery.build.budget import MemoryBudget


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(1, 150), min_size=1, max_size=30), st.integers(1, 6))
def test_what_is_held_never_exceeds_the_budget(wanted: list[int], threads: int) -> None:
    """One that wants more than there is runs alone."""
    shared, held, lock, seen = MemoryBudget(100), [], threading.Lock(), []

    def work(size: int) -> None:
        with shared.share(size):
            with lock:
                held.append(size)
                seen.append(list(held))
            time.sleep(0)
            with lock:
                held.remove(size)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, wanted))
    assert len(seen) == len(wanted)
    assert all(sum(together) <= 100 or len(together) == 1 for together in seen)


def test_a_large_one_is_not_overtaken_for_ever() -> None:
    shared, order = MemoryBudget(100), []
    first = threading.Event()

    def small_and_first() -> None:
        with shared.share(60):
            first.wait()

    def later(size: int) -> None:
        with shared.share(size):
            order.append(size)

    threads = [threading.Thread(target=small_and_first)]
    threads[0].start()
    for size in (100, 30, 30):
        threads.append(threading.Thread(target=later, args=(size,)))
        threads[-1].start()
        time.sleep(0.05)
    assert order == []
    first.set()
    for thread in threads:
        thread.join(10)
    assert order == [100, 30, 30]


def test_a_budget_that_an_error_leaves_is_free_again() -> None:
    shared = MemoryBudget(10)
    for _ in range(3):
        with pytest.raises(ValueError, match="odd"), shared.share(8):
            raise ValueError("odd")
    with shared.share(10):
        pass


@pytest.mark.usefixtures("cheap")
def test_a_build_holds_no_more_photos_than_fit(
    run: Run, photos: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Photos that are fresh ask for nothing."""
    small = WatchedBudget(1)
    monkeypatch.setattr("sod_gallery.build.photo.shared_budget", lambda _: small)
    assert run("--photos", photos, "--model", weights).code == 0
    assert small.asked == 4
    assert small.most_at_once == 1
    asked = small.asked
    assert run("--photos", photos, "--model", weights).code == 0
    assert small.asked == asked


class WatchedBudget(MemoryBudget):
    def __init__(self, total: int) -> None:
        super().__init__(total)
        self.asked, self.now, self.most_at_once = 0, 0, 0

    @contextmanager
    def share(self, wanted: int) -> Iterator[None]:
        self.asked += 1
        with super().share(wanted):
            self.now += 1
            self.most_at_once = max(self.most_at_once, self.now)
            yield
            self.now -= 1


def test_a_photo_that_gets_a_lossless_file_needs_more() -> None:
    assert budget.need((5000, 5000)) == 25_000_000 * (13 + 28)
    assert budget.need((10_000, 10_000)) == 100_000_000 * 13


def test_the_budget_follows_the_memory_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "memory", lambda: 1000)
    budget.shared_budget.cache_clear()
    assert budget.shared_budget(0.5).total == 500
    budget.shared_budget.cache_clear()
