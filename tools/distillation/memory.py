"""A replay memory: deep features of recent photos, from which the student learns again."""

from __future__ import annotations

from collections import deque

import torch
from torch import Tensor

from .networks import Trace

DEEP = ("stage4", "stage5", "stage6", "stage5d", "stage4d")
"""Stages whose feature maps are at most an eighth as wide and high as the network's input."""


class Memory:
    """Inputs and target outputs of the DEEP stages, for the last ``capacity`` photos.

    Each photo's tensors are 1×C×H×W, stored in bfloat16 on the device of the trace.
    """

    def __init__(self, capacity: int) -> None:
        self._photos: deque[dict[str, tuple[Tensor, Tensor]]] = deque(maxlen=capacity)

    def add(self, trace: Trace) -> None:
        """Store every photo of a trace with a batch of N photos; drop the oldest beyond capacity.

        The trace needs the DEEP stages' inputs and target outputs, N×C×H×W each, of any float
        dtype.
        """
        for index in range(len(trace.inputs[DEEP[0]])):
            self._photos.append(
                {
                    name: (_copy(trace.inputs[name], index), _copy(trace.outputs[name], index))
                    for name in DEEP
                }
            )

    def draw(self, count: int, generator: torch.Generator) -> Trace:
        """Draw ``count`` photos with replacement; return a float32 trace of the DEEP stages.

        Raises RuntimeError if the memory is empty.
        """
        chosen = torch.randint(len(self._photos), (count,), generator=generator).tolist()
        photos = [self._photos[index] for index in chosen]
        inputs, outputs = (
            {name: torch.cat([photo[name][side] for photo in photos]).float() for name in DEEP}
            for side in (0, 1)
        )
        return Trace(inputs, outputs)


def _copy(maps: Tensor, index: int) -> Tensor:
    return maps[index : index + 1].detach().to(torch.bfloat16, copy=True)
