"""What an engine's library raises becomes a sentence; a batch that is too large is halved."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from sod_gallery.config import DEFAULT_MODEL
from sod_gallery.engines import predictor
from sod_gallery.engines.guarded import GuardedEngine
from sod_gallery.engines.predictor import Predictor
from sod_gallery.engines.runtime import Runtime
from sod_gallery.errors import CheckpointError, ConfigError, EngineError, PhotoError
from sod_gallery.networks.checkpoints import resolve

Array = NDArray[np.float32]
CUDA = Runtime(device="cuda", precision="fp16", batch=16)


class OutOfMemoryError(RuntimeError):
    """Stands in for torch's class of this name."""


class Stub:
    """An engine whose memory holds ``room`` photos; maps are the photos' first channel."""

    def __init__(self, room: int, error: Exception | None = None, value: float = 0.0) -> None:
        self.batch, self.room, self.error, self.value = 16, room, error, value
        self.sizes: list[int] = []

    def predict_batch(self, photos: Array) -> Array:
        self.sizes.append(len(photos))
        if self.error is not None:
            raise self.error
        if self.batch > self.room:  # as on a GPU, where batches are always full
            raise OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB\nmore lines")
        return photos[:, 0] + self.value


def photos(number: int) -> Array:
    return np.arange(number * 3 * 4, dtype=np.float32).reshape(number, 3, 2, 2)


@pytest.mark.parametrize(("room", "batch"), [(16, 16), (5, 4), (1, 1)])
def test_a_batch_that_does_not_fit_is_halved_until_it_does(room: int, batch: int) -> None:
    stub = Stub(room)
    engine = GuardedEngine(lambda: stub, "m", CUDA)
    given = photos(16)
    assert np.array_equal(engine.predict_batch(given), given[:, 0])
    assert engine.batch == batch
    assert stub.sizes[-1] == batch
    assert np.array_equal(engine.predict_batch(given[:3]), given[:3, 0])


def test_memory_for_not_even_one_photo_is_said() -> None:
    engine = GuardedEngine(lambda: Stub(0), "m", CUDA)
    with pytest.raises(EngineError, match="needs more memory for one photo") as caught:
        engine.predict_batch(photos(4))
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    "error",
    [RuntimeError("[ONNXRuntimeError] : 6 : fault\nlong"), ValueError(), SystemError("CUDA error")],
)
def test_any_error_of_a_library_is_a_sentence(error: Exception) -> None:
    engine = GuardedEngine(lambda: Stub(16, error), "mine", CUDA)
    with pytest.raises(EngineError, match=r"torch on cuda, fp16: failed with the model mine"):
        engine.predict_batch(photos(1))

    def start() -> Stub:
        raise error

    with pytest.raises(EngineError, match="cannot be started"):
        GuardedEngine(start, "mine", CUDA)


def test_errors_for_the_user_pass_unchanged() -> None:
    def start() -> Stub:
        raise CheckpointError("no weights")

    with pytest.raises(CheckpointError, match="no weights"):
        GuardedEngine(start, "mine", CUDA)
    with pytest.raises(ConfigError, match="--backend torch"):
        GuardedEngine(lambda: Stub(16), "mine", CUDA).predict_sides(photos(1))


def test_memory_is_asked_for_by_words_where_there_is_no_class() -> None:
    stub = Stub(16, MemoryError())
    with pytest.raises(EngineError, match="needs more memory"):
        GuardedEngine(lambda: stub, "m", CUDA).predict_batch(photos(16))
    assert stub.batch == 1


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_map_that_is_not_finite_fails_the_photo(
    monkeypatch: pytest.MonkeyPatch, value: float
) -> None:
    monkeypatch.setattr(predictor, "start_engine", lambda *_: Stub(16, value=value))
    ready = Predictor(resolve(DEFAULT_MODEL))
    with pytest.raises(PhotoError, match="not finite"):
        ready.predict_one(Image.new("RGB", (8, 8), "red"))
    with pytest.raises(PhotoError, match="not finite"):
        ready.predict([Image.new("RGB", (8, 8), "red")])


def test_a_prediction_states_the_batch_that_made_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predictor, "start_engine", lambda *_: Stub(3))
    prediction = Predictor(resolve(DEFAULT_MODEL)).predict_with_peak(
        Image.new("RGB", (8, 8), "red")
    )
    assert prediction.batch == 2
