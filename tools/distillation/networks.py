"""Runs teacher and student block by block, and computes the losses between their outputs.

A block is a stage (residual U-block), a side convolution or the fusing convolution of U²-Net (Qin
et al., arXiv 2005.09007, figure 5).  The student learns only from the outputs of the teacher's
blocks.  No function copies the teacher's weights into the student or computes a loss from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sod_gallery.networks.u2net import DECODER, ENCODER, U2Net, resize_like

from .photos import Corner, cut

SOURCES = (*reversed(DECODER), ENCODER[-1])
"""The stages whose features are the inputs of the side convolutions ``side1`` … ``side6``."""
SIDES = tuple(f"side{index}" for index in range(1, len(SOURCES) + 1))
"""The side convolutions, from the finest map to the coarsest."""
FUSED = "outconv"
"""The convolution that fuses the six side maps into d0."""
BLOCKS = (*ENCODER, *DECODER, *SIDES, FUSED)
"""All 18 blocks, in the order of the forward pass."""


@dataclass(frozen=True)
class Trace:
    """The input and the output of blocks of a network, by the block's name, for N photos.

    All tensors are N×C×h×w, in float32, or in bfloat16 where automatic casting was on.  The
    outputs of stages are features.  The outputs of the side convolutions and of the fusing
    convolution are logits (maps before the sigmoid, C = 1).
    """

    inputs: dict[str, Tensor]
    """C, h and w are those that the block takes; a decoder stage takes the coarser stage's
    features, resized, concatenated with the skip connection's."""
    outputs: dict[str, Tensor]
    """With an input of S×S pixels: h = w = S for stage1, ⌈S/2⌉ for stage2 and stage2d, halved
    again from stage to stage down to stage6.  ``side1`` … ``side6`` are as large as the features
    of their stage.  ``stage1d``, ``side1`` and ``outconv`` are cropped to the window of
    ``trace``."""


def trace(network: U2Net, x: Tensor, window: int, where: Corner, joint: bool = False) -> Trace:
    """Run a network on photos; return the inputs and outputs of all its BLOCKS.

    ``x`` is a float tensor N×3×S×S, normalised as the checkpoint asks for.  The last stage,
    ``stage1d``, takes half of the multiplications, so it runs only on a window: a square of
    ``window`` pixels (S if that is less) of its input, at the position ``where`` (see ``cut``).
    The outputs of ``stage1d``, ``side1`` and ``outconv`` cover the window only; other outputs
    cover the whole photo.  If ``joint`` is false, every stage's input is detached: its loss gives
    no gradient to the stages before it.
    """
    inputs: dict[str, Tensor] = {}
    outputs: dict[str, Tensor] = {}
    for name in ENCODER:
        x = F.max_pool2d(x, 2, stride=2, ceil_mode=True) if inputs else x
        inputs[name] = x if joint else x.detach()
        x = outputs[name] = network.get_submodule(name)(inputs[name])
    for name in DECODER:
        skip = outputs[name.removesuffix("d")]
        features = torch.cat((resize_like(x, skip), skip), dim=1)
        inputs[name] = features if joint else features.detach()
        if name == DECODER[-1]:
            inputs[name] = cut(inputs[name], window, where)
        x = outputs[name] = network.get_submodule(name)(inputs[name])
    for side, source in zip(SIDES, SOURCES, strict=True):
        inputs[side] = outputs[source]
        outputs[side] = network.get_submodule(side)(inputs[side])
    inputs[FUSED] = _stack(outputs, window, where)
    outputs[FUSED] = network.get_submodule(FUSED)(inputs[FUSED])
    return Trace(inputs, outputs)


def _stack(outputs: dict[str, Tensor], window: int, where: Corner) -> Tensor:
    """Return the six side maps on the window, N×6×window×window: the input of ``outconv``."""
    first = outputs[SIDES[0]]
    whole = outputs[ENCODER[0]]
    coarse = (cut(resize_like(outputs[side], whole), window, where) for side in SIDES[1:])
    return torch.cat((first, *coarse), dim=1)


Variances = Mapping[str, float]
"""The variance of each stage's features, by the stage's name."""


def measure_variances(traces: Sequence[Trace]) -> dict[str, float]:
    """Return the variance of every stage's features: its mean over non-empty ``traces``.

    The losses of features are divided by this mean.  Division by the variance of the current photo
    would give a window of plain sky a hundred times the weight of a window with an object.
    """
    return {
        name: sum(t.outputs[name].float().var().item() for t in traces) / len(traces)
        for name in ENCODER + DECODER
    }


def compare_blocks(student: U2Net, teacher_trace: Trace, variances: Variances) -> dict[str, Tensor]:
    """Run each block of the student on the trace's input for it; return the losses by name.

    The blocks of the student do not feed each other.  Each loss is a scalar in float32: see
    ``compare``.  Only the blocks in the trace are run.
    """
    return {
        name: _loss(name, student.get_submodule(name)(block_input), teacher_trace, variances)
        for name, block_input in teacher_trace.inputs.items()
    }


def compare(student_trace: Trace, teacher_trace: Trace, variances: Variances) -> dict[str, Tensor]:
    """Return the loss of every block by its name, from traces of the same photos and window.

    Each loss is a scalar in float32, 0 where both outputs are equal.  A stage's loss is the mean
    squared error of its features, divided by the stage's variance.  A map's loss is computed for
    each pixel and averaged: the Kullback–Leibler divergence between the teacher's value and the
    student's, plus twice their absolute difference, divided by the peak of the teacher's map.
    """
    return {
        name: _loss(name, output, teacher_trace, variances)
        for name, output in student_trace.outputs.items()
    }


def _loss(name: str, output: Tensor, teacher_trace: Trace, variances: Variances) -> Tensor:
    output, target = output.float(), teacher_trace.outputs[name].float()
    if name in variances:
        return F.mse_loss(output, target) / variances[name]
    target_map = target.sigmoid()
    entropy = partial(F.binary_cross_entropy_with_logits, target=target_map, reduction="none")
    difference = (output.sigmoid() - target_map).abs()
    losses = entropy(output) - entropy(target) + 2 * difference
    return (losses / _peak(teacher_trace)).mean()


def _peak(teacher_trace: Trace, least: float = 0.1) -> Tensor:
    """Return the greatest value of each photo's map by the teacher, at least ``least``: N×1×1×1.

    It is read from ``side2``, the finest map that covers the whole photo.  The gallery publishes
    maps after min–max normalisation.  Normalisation enlarges small differences where the teacher's
    map is nearly flat, so the loss is divided by the map's peak.
    """
    peak = teacher_trace.outputs[SIDES[1]].float().sigmoid().amax((1, 2, 3), keepdim=True)
    return peak.clamp_min(least)


def recalibrate(network: U2Net, batches: Iterable[Tensor]) -> None:
    """Replace the running statistics of batch normalisation by averages over ``batches``.

    ``batches`` are float tensors N×3×S×S, normalised.  The network is changed in place and left in
    eval mode.  When blocks learn from the teacher's features, their running statistics describe
    those features.  In the whole student each block gets the features of the student's own blocks,
    so the statistics of every block after the first are wrong.
    """
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.momentum = None  # an average of all batches, with equal weights
    network.train()
    with torch.no_grad():
        for batch in batches:
            network.features(batch)
    network.eval()


def keep_exact(teacher: U2Net, x: Tensor, tolerated: float = 0.01) -> list[str]:
    """Make the stages that bfloat16 distorts always run in float32; return their names.

    ``x`` is a float32 tensor N×3×S×S, normalised.  A stage is distorted if the squared error of its
    output in bfloat16 exceeds ``tolerated`` times the output's variance.  The network is changed
    in place: these stages are wrapped in modules that switch automatic casting off.

    A convolution may add large terms that nearly cancel.  The authors' U²-NetP has one such
    convolution, in stage 2d: with bfloat16's 8 significant bits, a quarter of the variance of
    that stage's output is rounding noise.
    """
    with torch.no_grad():
        float32_trace = trace(teacher, x, x.shape[2], (0.0, 0.0))
        with torch.autocast(x.device.type, torch.bfloat16):
            variances = measure_variances([float32_trace])
            losses = compare_blocks(teacher, float32_trace, variances)
    distorted = [name for name in ENCODER + DECODER if losses[name] > tolerated]
    for name in distorted:
        setattr(teacher, name, _Exact(teacher.get_submodule(name)))
    return distorted


class _Exact(nn.Module):
    """Runs a block in float32, without automatic casting."""

    def __init__(self, block: nn.Module) -> None:
        super().__init__()
        self.block = block

    def forward(self, x: Tensor) -> Tensor:
        with torch.autocast(x.device.type, enabled=False):
            output: Tensor = self.block(x.float())
        return output
