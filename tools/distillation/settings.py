"""Every number of the recipe, in one place."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Phase:
    """A stretch of the training in which nothing changes but the learning rate."""

    name: str
    share: float
    """Of the time, relative to the other phases."""
    side: int
    """Pixels of the square that the networks see, cut out of the photo where it is smaller."""
    window: int
    """Pixels: a block fed with a larger map learns on a random part of it this wide and high."""
    batch: int
    rate: float
    """Of learning, at its highest; it rises for ``Settings.warm_up`` steps, then falls to
    ``Settings.last_rate`` of it along half a cosine."""
    side_rate: float
    """Learning rate of the side convolutions relative to the stages': their inputs are large and
    correlated, and at more than about 4e-4 their maps get worse."""
    composed: bool
    """True: every block is fed by the student's own blocks, and learns for those behind it too.
    False: it is fed what the teacher's block gets, and errors do not multiply."""


CROPS = Phase("crops", 0.40, side=96, window=96, batch=4, rate=4e-3, side_rate=0.1, composed=False)
PHOTOS = Phase(
    "whole photos", 0.25, side=320, window=96, batch=2, rate=2e-3, side_rate=0.1, composed=False
)
END_TO_END = Phase(
    "end to end", 0.35, side=320, window=160, batch=1, rate=2e-4, side_rate=0.5, composed=True
)


@dataclass(frozen=True)
class Settings:
    """The recipe.  A student that was trained before starts with the last phase."""

    phases: tuple[Phase, ...] = (CROPS, PHOTOS, END_TO_END)
    seed: int = 0
    size: int = 320
    """Pixels of the square that a photo is squashed to."""
    hold_out: int = 40
    """Every so manieth photo is never trained on."""
    warm_up: int = 50
    last_rate: float = 0.03
    map_weight: float = 0.3
    """Weight of a map's loss relative to that of a block's features."""
    clip: float = 2.0
    """Longest gradient of a block; one limit for all would let the worst block starve the rest."""
    average: float = 0.995
    """Share of the averaged weights that a step leaves as it is, once there were enough."""
    betas: tuple[float, float] = (0.9, 0.99)
    """Memory of the optimiser, Adam, for gradients and their squares."""
    recalibration: int = 64
    """Batches that the final statistics of batch normalisation are measured on."""
    save_every: float = 180.0
    """Seconds."""
    report_every: float = 60.0
    """Seconds."""

    def at(self, progress: float) -> tuple[int, float]:
        """Return the phase for a share of the whole time, and the share of the phase behind us."""
        begin, last = 0.0, len(self.phases) - 1
        total = sum(phase.share for phase in self.phases)
        for index, phase in enumerate(self.phases[:last]):
            share = phase.share / total
            if progress < begin + share:
                return index, (progress - begin) / share
            begin += share
        return last, min(1.0, (progress - begin) / (1 - begin))

    def rate(self, phase: Phase, within: float, step: int) -> float:
        """Return the learning rate of the ``step``-th step of a phase, counted from 0."""
        fall = self.last_rate + (1 - self.last_rate) * (1 + math.cos(math.pi * within)) / 2
        return phase.rate * fall * min(1.0, (step + 1) / self.warm_up)
