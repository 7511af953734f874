"""The deep features of photos seen before, to learn from again."""

from __future__ import annotations

from collections import deque

import torch
from torch import Tensor

from .networks import Trace

DEEP = ("stage4", "stage5", "stage6", "stage5d", "stage4d")
"""Stages whose maps are at most an eighth of the photo wide."""


class Memory:
    """What deep stages got and should have returned for the last photos, in half the bytes."""

    def __init__(self, capacity: int) -> None:
        self._photos: deque[dict[str, tuple[Tensor, Tensor]]] = deque(maxlen=capacity)

    def add(self, taught: Trace) -> None:
        """Keep a batch; the oldest photos make room for it."""
        kept = {name: (taught.inputs[name], taught.outputs[name]) for name in DEEP}
        for index in range(len(taught.inputs[DEEP[0]])):
            self._photos.append(
                {
                    name: (_copy(given, index), _copy(wanted, index))
                    for name, (given, wanted) in kept.items()
                }
            )

    def draw(self, count: int, generator: torch.Generator) -> Trace:
        """Return a batch of the deep stages' inputs and outputs, drawn at random."""
        chosen = torch.randint(len(self._photos), (count,), generator=generator).tolist()
        photos = [self._photos[index] for index in chosen]
        inputs, outputs = (
            {name: torch.cat([photo[name][side] for photo in photos]).float() for name in DEEP}
            for side in (0, 1)
        )
        return Trace(inputs, outputs)


def _copy(maps: Tensor, index: int) -> Tensor:
    return maps[index : index + 1].detach().to(torch.bfloat16, copy=True)
