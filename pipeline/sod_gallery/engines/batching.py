"""Lets threads that each want one result share an engine that runs batches."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


class _Wanted:
    """What one thread waits for."""

    def __init__(self, given: Array) -> None:
        self.given = given
        self.result: Array | None = None
        self.error: BaseException | None = None

    @property
    def is_done(self) -> bool:
        return self.result is not None or self.error is not None


class Batcher:
    """Calls a function of batches, one call at a time, with as much as is waiting.

    Whichever thread finds the function free runs it for all that wait, itself included: there is
    no thread to be started or ended, and nobody waits for a batch to fill.
    """

    def __init__(self, run: Callable[[Array], Array], most: int) -> None:
        self._run, self._most = run, most
        self._waiting: deque[_Wanted] = deque()
        self._running = threading.Lock()

    def __call__(self, given: Array) -> Array:
        """Return the function's result for one item; raises what the function raised."""
        wanted = _Wanted(given)
        self._waiting.append(wanted)
        while not wanted.is_done:
            with self._running:
                if not wanted.is_done:
                    self._run_some()
        if wanted.error is not None:
            raise wanted.error
        assert wanted.result is not None
        return wanted.result

    def _run_some(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
        try:
            results = self._run(np.stack([one.given for one in batch]))
        except BaseException as error:
            for one in batch:
                one.error = error
            return
        for one, result in zip(batch, results, strict=True):
            one.result = result
