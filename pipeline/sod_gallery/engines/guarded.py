"""Runs an engine so that whatever its library raises is a sentence for the user."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from sod_gallery.errors import ConfigError, EngineError, PipelineError

from .engine import Engine, WithSides
from .runtime import Runtime

Array = NDArray[np.float32]
OUT_OF_MEMORY = ("out of memory", "bad_alloc", "bad allocation", "failed to allocate")
"""What libraries say whose error has no class of its own; in lower case."""
LONGEST = 200
"""Characters of a library's message that are passed on."""


class GuardedEngine:
    """An engine that raises PipelineError alone, and halves its batch where memory runs out.

    One call at a time.
    """

    def __init__(self, start: Callable[[], Engine], model: str, runtime: Runtime) -> None:
        """Start the engine.  ``model`` and ``runtime`` are named in messages.

        Raises what load_network raises, and EngineError where the engine's library fails.
        """
        self._model, self._runtime = model, runtime
        try:
            self._engine = start()
        except PipelineError:
            raise
        except Exception as error:
            self._fail("cannot be started", error)

    @property
    def batch(self) -> int:
        """The number of photos that it takes at once, at best."""
        return self._engine.batch

    def predict_batch(self, photos: Array) -> Array:
        """Return fused maps, see engine.Engine; raises EngineError."""
        maps: list[Array] = []
        while len(maps) < len(photos):
            part = photos[len(maps) : len(maps) + self._engine.batch]
            found = self._within_memory(partial(self._engine.predict_batch, part))
            if found is None:
                self._engine.batch //= 2
            else:
                maps += list(found)
        return np.stack(maps)

    def predict_sides(self, photos: Array) -> Array:
        """Return all maps, see engine.WithSides; raises ConfigError where there are none."""
        engine = self._engine
        if not isinstance(engine, WithSides):
            raise ConfigError("side outputs need the engine torch: build with --backend torch.")
        found = self._within_memory(lambda: engine.predict_sides(photos), may_halve=False)
        assert found is not None
        return found

    def _within_memory(self, run: Callable[[], Array], *, may_halve: bool = True) -> Array | None:
        """Return what ``run`` returns, or none where memory ran out and a batch can be halved."""
        try:
            return run()
        except PipelineError:
            raise
        # the error holds the tensors of the network that failed, so it must not outlive this block
        except Exception as error:
            if not is_out_of_memory(error):
                self._fail("failed", error)
            if not may_halve or self._engine.batch <= 1:
                self._fail("needs more memory for one photo than there is", error)
        return None

    def _fail(self, what: str, error: Exception) -> NoReturn:
        lines = str(error).strip().splitlines() or [""]
        detail = f"{type(error).__name__}: {lines[0][:LONGEST]}".rstrip(": .")
        raise EngineError(
            f"{self._runtime}: {what} with the model {self._model} ({detail}). Close other "
            "programs, or choose another engine with --backend, or another --device."
        ) from error


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an engine's library ran out of memory, without importing the library."""
    names = {kind.__name__ for kind in type(error).__mro__}
    said = str(error).lower()
    return bool(names & {"OutOfMemoryError", "MemoryError"}) or any(
        words in said for words in OUT_OF_MEMORY
    )
