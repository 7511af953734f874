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
    """Pixels: the last stage learns on a random part of its maps this wide and high."""
    batch: int
    rate: float
    """Of Muon, which trains the stages' convolutions, at its highest; it rises for
    ``Settings.warm_up`` steps, then falls to ``Settings.last_rate`` of it along half a cosine."""
    adam_rate: float
    """Of Adam, which trains all else, rising and falling alike.  The inputs of the side
    convolutions are large and correlated: at more than about 4e-4 their maps get worse."""
    composed: bool
    """True: every block is fed by the student's own blocks, and learns to make up for their errors.
    False: it is fed what the teacher's block gets, and errors do not multiply."""
    joint: bool = False
    """A composed student's stages learn for those behind them too, not for their own features and
    map alone.  The gradients of the first stages are loud then, and want a low rate."""
    map_weight: float = 0.3
    """Weight of a map's loss relative to that of a block's features."""
    replays: int = 0
    """How often a step lets the deep stages learn from photos seen before, ``Settings.replayed``
    at a time: their maps are small, and a replay costs about a fifth of a step."""


CROPS = Phase("crops", 0.15, side=96, window=96, batch=4, rate=6e-3, adam_rate=4e-4, composed=False)
PHOTOS = Phase(
    "whole photos",
    0.3,
    side=320,
    window=160,
    batch=1,
    rate=1.2e-3,
    adam_rate=2e-4,
    composed=False,
    replays=3,
)
CHAIN = Phase(
    "chain",
    0.3,
    side=320,
    window=160,
    batch=1,
    rate=6e-4,
    adam_rate=1.5e-4,
    composed=True,
    replays=1,
)
END_TO_END = Phase(
    "end to end",
    0.25,
    side=320,
    window=160,
    batch=1,
    rate=1e-4,
    adam_rate=1e-4,
    composed=True,
    joint=True,
    map_weight=1.0,
)


@dataclass(frozen=True)
class Variety:
    """How photos are varied; shares of all that are drawn."""

    collages: float = 0.2
    """Four photos on one."""
    windows: float = 0.3
    """A part of a photo, stretched."""
    smallest_window: float = 0.5
    """Of a photo's width, and of its height."""
    sharpened: float = 0.5
    most_sharpening: float = 1.5
    """How much of the difference to a blurred copy is added."""


@dataclass(frozen=True)
class Settings:
    """The recipe.  A student that was trained before starts as a chain."""

    phases: tuple[Phase, ...] = (CROPS, PHOTOS, CHAIN, END_TO_END)
    seed: int = 0
    size: int = 320
    """Pixels of the square that a photo is squashed to."""
    hold_out: int = 40
    """Every so manieth photo is never trained on."""
    warm_up: int = 50
    last_rate: float = 0.03
    variety: Variety = Variety()
    replayed: int = 8
    """Photos of a replay."""
    remembered: int = 800
    """Photos whose deep features are kept for replays, 1.3 MB each."""
    clip: float = 2.0
    """Longest gradient of a block; one limit for all would let the worst block starve the rest."""
    average: float = 0.995
    """Share of the averaged weights that a step leaves as it is, once there were enough."""
    betas: tuple[float, float] = (0.9, 0.99)
    """Memory of Adam, for gradients and their squares."""
    momentum: float = 0.95
    """Memory of Muon."""
    measured: int = 32
    """Batches that the variances of the teacher's features are measured on, and the statistics of
    the student's batch normalisation before they are folded."""
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

    def decline(self, within: float, step: int) -> float:
        """Return the share of its highest that a learning rate has in the ``step``-th step of a
        phase, counted from 0, of which the share ``within`` is behind us."""
        fall = self.last_rate + (1 - self.last_rate) * (1 + math.cos(math.pi * within)) / 2
        return fall * min(1.0, (step + 1) / self.warm_up)
