"""All settings of the training: its phases, its data and its optimisers."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Phase:
    """A part of the training in which only the learning rates change."""

    name: str
    share: float
    """Duration, relative to the durations of the other phases."""
    side: int
    """Pixels.  The networks get a square of this side: the whole resized photo, or a random crop
    of it if ``side`` is less than ``Settings.size``."""
    window: int
    """Pixels.  The last stage is trained on a random square of this side from its input."""
    batch: int
    """Photos of one step."""
    rate: float
    """Greatest learning rate of Muon, which trains the convolutions of the stages.  The rate rises
    for ``Settings.warm_up`` steps, then falls along half a cosine to ``Settings.last_rate`` times
    this value."""
    adam_rate: float
    """Greatest learning rate of Adam, which trains all other weights; it rises and falls in the
    same way.  The inputs of the side convolutions are large and correlated: at a rate above about
    4e-4 the maps get worse."""
    composed: bool
    """True: the input of a block is the output of the student's own blocks before it, so the block
    also learns to correct their errors.  False: it is the input of the teacher's block, so errors
    do not accumulate from block to block."""
    joint: bool = False
    """Only if ``composed``.  True: the gradient passes through all stages, so a stage also learns
    for the stages after it.  False: a stage learns only from the losses of its own features and
    its own side map.  The gradients of the first stages are noisy if true, which needs a low
    learning rate."""
    map_weight: float = 0.3
    """Weight of the loss of each map, relative to the loss of a stage's features."""
    replays: int = 0
    """Replays of one step: in each, the deep stages learn from ``Settings.replayed`` earlier
    photos.  Their feature maps are small, so a replay costs about a fifth of a step."""


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
    """How the drawn photos are augmented.  Every picture is also mirrored with probability 0.5."""

    collages: float = 0.2
    """Probability that the picture is a 2×2 grid of four photos."""
    windows: float = 0.3
    """Probability that it is a random rectangle of a photo, resized to the square."""
    smallest_window: float = 0.5
    """Least width and height of that rectangle, as fractions of the photo's."""
    sharpened: float = 0.5
    """Probability that the picture is sharpened (unsharp masking)."""
    most_sharpening: float = 1.5
    """Greatest amount of sharpening: the factor of the difference from a blurred copy, which is
    added to the picture."""


@dataclass(frozen=True)
class Settings:
    """The settings that all phases share, and the phases.

    A training that starts from a trained student omits the phases that are not ``composed``.
    """

    phases: tuple[Phase, ...] = (CROPS, PHOTOS, CHAIN, END_TO_END)
    seed: int = 0
    """Of the random weights, the drawing of photos and their augmentation."""
    size: int = 320
    """Pixels.  Each photo is resized to a square of this side."""
    hold_out: int = 40
    """One of this many photos of each folder is held out from training: see
    ``photos.held_out``."""
    warm_up: int = 50
    """Steps at the start of a phase in which the learning rates rise linearly."""
    last_rate: float = 0.03
    """Learning rates at the end of a phase, as a fraction of the greatest."""
    variety: Variety = Variety()
    replayed: int = 8
    """Photos of one replay."""
    remembered: int = 800
    """Photos whose deep features are kept in memory for replays, 1.3 MB each."""
    clip: float = 2.0
    """Greatest norm of a block's gradient; longer gradients are scaled down.  The limit applies to
    each block separately, because a limit for all blocks together would slow down every block when
    one has a large error."""
    average: float = 0.995
    """Decay of the moving average of the weights for each step.  It is lower in a phase's first
    steps."""
    betas: tuple[float, float] = (0.9, 0.99)
    """Adam's decay rates: of the average gradient, and of the average squared gradient."""
    momentum: float = 0.95
    """Of Muon."""
    measured: int = 32
    """Number of batches from which two statistics are measured: the variances of the teacher's
    features, and the student's batch normalisation before it is folded."""
    save_every: float = 180.0
    """Seconds between two saved states."""
    report_every: float = 60.0
    """Seconds between two printed lines."""

    def at(self, progress: float) -> tuple[int, float]:
        """Return the current phase's index, and the fraction of that phase in [0, 1] that is over.

        ``progress`` is the fraction of the whole training's time that is over; above 1, the result
        is the end of the last phase.
        """
        begin, last = 0.0, len(self.phases) - 1
        total = sum(phase.share for phase in self.phases)
        for index, phase in enumerate(self.phases[:last]):
            share = phase.share / total
            if progress < begin + share:
                return index, (progress - begin) / share
            begin += share
        return last, min(1.0, (progress - begin) / (1 - begin))

    def decline(self, within: float, step: int) -> float:
        """Return the learning rates as a fraction in [0, 1] of the phase's greatest.

        ``within`` is the fraction of the phase's time in [0, 1] that is over; ``step`` counts the
        phase's steps, from 0.
        """
        fall = self.last_rate + (1 - self.last_rate) * (1 + math.cos(math.pi * within)) / 2
        return fall * min(1.0, (step + 1) / self.warm_up)
