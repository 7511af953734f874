"""What every engine can do."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


class Engine(Protocol):
    """A network that is ready to run.  One call at a time."""

    batch: int
    """The number of photos that it takes at once, at best."""

    def predict_batch(self, photos: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the fused map of each photo, before normalisation.

        Photos are N×3×S×S, as ``preprocessing.prepare`` makes them; maps are N×S×S in [0, 1].
        """


@runtime_checkable
class WithSides(Protocol):
    """An engine that gives the side outputs too."""

    def predict_sides(self, photos: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the fused map and the six side outputs of each photo: N×7×S×S in [0, 1]."""
