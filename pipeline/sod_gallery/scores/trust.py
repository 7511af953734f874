"""What a result says about itself, without ground truth."""

from __future__ import annotations

FAINT = 0.5
"""A map whose peak is lower holds possibly no object.

Each value of a map is the network's estimate of the probability that a pixel belongs to an object:
below one half everywhere, the network takes no pixel for it.  Decision 27 states how often that is
right."""


def is_faint(peak: float) -> bool:
    """Tell whether a map whose greatest value before normalisation is ``peak`` is faint."""
    return peak < FAINT
