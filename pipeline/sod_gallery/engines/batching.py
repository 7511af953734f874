"""Lets threads that each want one result share an engine that runs batches."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


class _Call:
    """One thread's input, and its result once that is there."""

    def __init__(self, item: Array) -> None:
        self.item = item
        self.result: Array | None = None
        self.error: BaseException | None = None

    @property
    def is_done(self) -> bool:
        return self.result is not None or self.error is not None


class Batcher:
    """Turns a function of batches into a function of one item that many threads may call.

    The function takes N items as one float32 array N×… and returns N results in the same order;
    ``most`` is the greatest N.  It is called by one thread at a time: the first thread that finds
    it free runs it for all threads that wait, itself included.  So there is no thread to start or
    to end, and nobody waits for a batch to fill.
    """

    def __init__(self, run: Callable[[Array], Array], most: int) -> None:
        self._run, self._most = run, most
        self._waiting: deque[_Call] = deque()
        self._running = threading.Lock()

    def __call__(self, item: Array) -> Array:
        """Return the function's result for one item.

        Raises what the function raised; all items of its batch get the same error.
        """
        call = _Call(item)
        self._waiting.append(call)
        while not call.is_done:
            with self._running:
                if not call.is_done:
                    self._run_batch()
        if call.error is not None:
            raise call.error
        assert call.result is not None
        return call.result

    def _run_batch(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
        try:
            results = self._run(np.stack([call.item for call in batch]))
        except BaseException as error:
            for call in batch:
                call.error = error
            return
        for call, result in zip(batch, results, strict=True):
            call.result = result
