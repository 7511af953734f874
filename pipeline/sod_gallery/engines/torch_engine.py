"""Runs a network in torch: the engine that every installation has, and the only one for GPUs."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from sod_gallery.errors import ConfigError
from sod_gallery.networks.registry import Checkpoint
from sod_gallery.networks.u2net import U2Net
from sod_gallery.networks.weights import fold, load_network

from .conversion import Conversion
from .hardware import keep_freed_memory, processor
from .runtime import REFERENCE, Exact, Runtime

DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}


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
        if runtime.precision != REFERENCE.precision:
            lower(network, DTYPES[runtime.precision], Conversion(checkpoint).exact())
        self._device = torch.device(runtime.device)
        self._network = network.to(  # type: ignore[call-overload]
            self._device, memory_format=torch.channels_last
        )
        self.batch = runtime.batch
        if runtime.device == "cuda":
            torch.backends.cudnn.allow_tf32 = False  # 10 bits of mantissa are not float32
        else:
            torch.set_num_threads(processor().cores)
            keep_freed_memory()

    def predict_batch(self, photos: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return fused maps; see engine.Engine."""
        batch = self._to_device(photos)
        with torch.inference_mode():
            saliency = torch.sigmoid(self._network.logits(batch)[0].float())
        return saliency[: len(photos), 0].cpu().numpy()

    def predict_sides(self, photos: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the fused map and all side outputs; see engine.WithSides."""
        with torch.inference_mode():
            maps = torch.cat(self._network(self._to_device(photos)), dim=1).float()
        return maps[: len(photos)].cpu().numpy()

    def _to_device(self, photos: NDArray[np.float32]) -> Tensor:
        """Move photos to the device; on a GPU in full batches, as results depend on it."""
        batch = torch.from_numpy(photos)
        if self._device.type == "cuda":
            size = max(self.batch, len(batch))
            padded = torch.zeros(size, *batch.shape[1:], pin_memory=True)
            padded[: len(batch)] = batch
            batch = padded.to(self._device, non_blocking=True)
        return batch.contiguous(memory_format=torch.channels_last)


def lower(network: U2Net, dtype: torch.dtype, exact: Exact) -> None:
    """Convert a network's convolutions to ``dtype`` in place, except those that have to be exact.

    The result of an exact layer is converted to ``dtype``, unless another exact layer takes it.
    """
    layers = {name: m for name, m in network.named_modules() if isinstance(m, nn.Conv2d)}
    for name, layer in layers.items():
        if name not in exact.layers:
            layer.to(dtype)
        elif name not in exact.producers:
            block, _, _ = name.rpartition(".")
            network.get_submodule(block).register_forward_hook(
                lambda _, __, output: output.to(dtype)
            )
        layer.register_forward_pre_hook(_input_to_dtype_of_weights)


def _input_to_dtype_of_weights(layer: nn.Module, inputs: tuple[Tensor, ...]) -> Tensor:
    return inputs[0].to(next(layer.parameters()).dtype)
