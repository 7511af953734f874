"""What is compared between teacher and student.

No function of this module lets a weight of the teacher near the student: it learns from
features at the ends of the blocks and from maps alone.
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
"""The stages behind the six side convolutions."""
SIDES = tuple(f"side{index}" for index in range(1, len(SOURCES) + 1))
FUSED = "outconv"
BLOCKS = (*ENCODER, *DECODER, *SIDES, FUSED)


@dataclass(frozen=True)
class Trace:
    """What goes into every block of a network, and what comes out of it.

    The outputs of stages are features, those of the side convolutions and the fusing one logits.
    """

    inputs: dict[str, Tensor]
    outputs: dict[str, Tensor]


def trace(network: U2Net, x: Tensor, window: int, where: Corner, joint: bool = False) -> Trace:
    """Run a network; its last stage, which takes half of all the work, on a window only.

    That stage's features and side map, and the fused map, are ``window`` pixels wide and high.
    Gradients go from a stage to those before it only if ``joint``.
    """
    inputs: dict[str, Tensor] = {}
    outputs: dict[str, Tensor] = {}
    for name in ENCODER:
        x = F.max_pool2d(x, 2, stride=2, ceil_mode=True) if inputs else x
        inputs[name] = x if joint else x.detach()
        x = outputs[name] = network.get_submodule(name)(inputs[name])
    for name in DECODER:
        skip = outputs[name.removesuffix("d")]
        both = torch.cat((resize_like(x, skip), skip), dim=1)
        inputs[name] = both if joint else both.detach()
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
    first = outputs[SIDES[0]]
    whole = outputs[ENCODER[0]]
    coarse = (cut(resize_like(outputs[side], whole), window, where) for side in SIDES[1:])
    return torch.cat((first, *coarse), dim=1)


Variances = Mapping[str, float]


def measure_variances(traces: Sequence[Trace]) -> dict[str, float]:
    """Return the mean variance of every stage's features over some photos.

    Errors are divided by it, and not by that of the photo at hand: a window of plain sky would
    weigh a hundred times as much as one with an object.
    """
    return {
        name: sum(t.outputs[name].float().var().item() for t in traces) / len(traces)
        for name in ENCODER + DECODER
    }


def compare_blocks(student: U2Net, taught: Trace, variances: Variances) -> dict[str, Tensor]:
    """Feed blocks of the student one by one what the trace says; return the losses by name."""
    return {
        name: _loss(name, student.get_submodule(name)(given), taught, variances)
        for name, given in taught.inputs.items()
    }


def compare(learnt: Trace, taught: Trace, variances: Variances) -> dict[str, Tensor]:
    """Return the loss of every block by its name, of two networks that ran on the same input."""
    return {name: _loss(name, output, taught, variances) for name, output in learnt.outputs.items()}


def _loss(name: str, output: Tensor, taught: Trace, variances: Variances) -> Tensor:
    learnt, target = output.float(), taught.outputs[name].float()
    if name in variances:
        return F.mse_loss(learnt, target) / variances[name]
    wanted = target.sigmoid()
    entropy = partial(F.binary_cross_entropy_with_logits, target=wanted, reduction="none")
    difference = (learnt.sigmoid() - wanted).abs()
    losses = entropy(learnt) - entropy(target) + 2 * difference
    return (losses / _peak(taught)).mean()


def _peak(taught: Trace, least: float = 0.1) -> Tensor:
    """Return N×1×1×1 highest values of the teacher's maps, read from the finest whole one.

    A map is published stretched to its full range: where the teacher hardly sees an object, small
    differences become large ones.
    """
    peak = taught.outputs[SIDES[1]].float().sigmoid().amax((1, 2, 3), keepdim=True)
    return peak.clamp_min(least)


def recalibrate(network: U2Net, batches: Iterable[Tensor]) -> None:
    """Measure the statistics of batch normalisation anew, on the network's own features.

    While blocks learn one by one, statistics follow the teacher's features: in the composed
    student they are wrong from the second block on.
    """
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.momentum = None  # the plain average of all batches
    network.train()
    with torch.no_grad():
        for batch in batches:
            network.features(batch)
    network.eval()


def keep_exact(teacher: U2Net, x: Tensor, tolerated: float = 0.01) -> list[str]:
    """Let blocks whose output bfloat16 falsifies run in float32 always; return their names.

    A convolution may add large terms that leave little: of the authors' U²-NetP it is one, in
    stage 2d, and with a mantissa of 8 bits a quarter of that stage's variance is rounding.
    """
    with torch.no_grad():
        truth = trace(teacher, x, x.shape[2], (0.0, 0.0))
        with torch.autocast(x.device.type, torch.bfloat16):
            losses = compare_blocks(teacher, truth, measure_variances([truth]))
    wrong = [name for name in ENCODER + DECODER if losses[name] > tolerated]
    for name in wrong:
        setattr(teacher, name, _Exact(teacher.get_submodule(name)))
    return wrong


class _Exact(nn.Module):
    """A block that takes no part in automatic casting."""

    def __init__(self, block: nn.Module) -> None:
        super().__init__()
        self.block = block

    def forward(self, x: Tensor) -> Tensor:
        with torch.autocast(x.device.type, enabled=False):
            output: Tensor = self.block(x.float())
        return output
