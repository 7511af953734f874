"""Runs a network in torch: always there, and the only engine for GPUs."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .checkpoints import Checkpoint
from .errors import ConfigError
from .hardware import keep_freed_memory, processor
from .runtime import Runtime
from .weights import fold, load_network

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}
MOST_ON_A_GPU = 16
BYTES_PER_PHOTO = 600_000_000
"""What U²-Net's features take on a GPU for one photo, in half precision and with room to spare."""


class TorchEngine:
    """A network with batch normalisation folded, in one precision, on one device."""

    def __init__(self, checkpoint: Checkpoint, runtime: Runtime) -> None:
        """Load the network; raises ConfigError where torch cannot use the device."""
        if runtime.device == "cuda" and not torch.cuda.is_available():
            raise ConfigError(
                "--device cuda: the torch that is installed was built without it. Install one that "
                "was: https://pytorch.org/get-started/locally."
            )
        network = load_network(checkpoint)
        fold(network)
        self._device, self._dtype = torch.device(runtime.device), DTYPES[runtime.precision]
        self._network = network.to(  # type: ignore[call-overload]
            self._device, self._dtype, memory_format=torch.channels_last
        )
        self.batch = _photos_that_fit() if runtime.device == "cuda" else 1
        if runtime.device == "cpu":
            torch.set_num_threads(processor().cores)
            keep_freed_memory()

    def fused(self, photos: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the fused map in [0, 1] of each of N×3×S×S photos, as N×S×S."""
        batch = self._to_device(photos)
        with torch.inference_mode():
            saliency = torch.sigmoid(self._network.logits(batch)[0].float())
        return saliency[: len(photos), 0].cpu().numpy()

    def _to_device(self, photos: NDArray[np.float32]) -> Tensor:
        """Move photos to the device; on a GPU in full batches, as results depend on it."""
        batch = torch.from_numpy(photos).to(self._dtype, memory_format=torch.channels_last)
        if self._device.type == "cpu":
            return batch
        padded = torch.zeros(self.batch, *batch.shape[1:], dtype=self._dtype)
        padded[: len(batch)] = batch
        pinned = padded.contiguous(memory_format=torch.channels_last).pin_memory()
        return pinned.to(self._device, non_blocking=True)


def _photos_that_fit() -> int:
    free, _ = torch.cuda.mem_get_info()
    return max(1, min(MOST_ON_A_GPU, free // BYTES_PER_PHOTO))
