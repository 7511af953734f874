"""Admits photos by the memory that they take: it follows the machine's, not its cores."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sod_gallery.machine import memory

from .steps import LOSSLESS

BYTES_PER_PIXEL = 13
"""What a photo takes at its highest, its decoder included (docs/decisions/0029-any-photo.md)."""
LOSSLESS_BYTES_PER_PIXEL = 28
"""What lossless WebP takes besides, for photos that get one."""


class MemoryBudget:
    """Bytes that threads share.  They are served in the order in which they ask."""

    def __init__(self, total: int) -> None:
        self.total, self._taken = total, 0
        self._queue: deque[object] = deque()
        self._changed = threading.Condition()

    @contextmanager
    def share(self, wanted: int) -> Iterator[None]:
        """Wait for so many bytes, and hold them; more than there are waits to be alone."""
        ticket = object()
        wanted = min(wanted, self.total)
        with self._changed:
            self._queue.append(ticket)
            try:
                self._changed.wait_for(
                    lambda: self._queue[0] is ticket and self._taken + wanted <= self.total
                )
                self._taken += wanted
            finally:
                self._queue.remove(ticket)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._taken -= wanted
                self._changed.notify_all()


@cache
def shared_budget(share: float) -> MemoryBudget:
    """Return the budget of this process: a share, in (0, 1], of the memory that it may use."""
    return MemoryBudget(int(memory() * share))


def need(size: tuple[int, int]) -> int:
    """Return the bytes that a photo of this width and height takes while it is made."""
    pixels = size[0] * size[1]
    is_lossless = pixels <= LOSSLESS
    return pixels * (BYTES_PER_PIXEL + is_lossless * LOSSLESS_BYTES_PER_PIXEL)
