"""U²-Net and U²-NetP as torch modules, each built from a table of its stages.

Source: Qin et al., "U²-Net: Going Deeper with Nested U-Structure for Salient Object Detection",
Pattern Recognition 106 (2020) 107404, arXiv 2005.09007, figure 5 and table 1.  The modules have the
names of the authors' code, so the authors' ``state_dict`` files load without renaming.

All feature maps and maps are float tensors N×C×H×W.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

ENCODER = ("stage1", "stage2", "stage3", "stage4", "stage5", "stage6")
DECODER = ("stage5d", "stage4d", "stage3d", "stage2d", "stage1d")
"""Names of the stages, in the order of the forward pass."""


@dataclass(frozen=True)
class Stage:
    """The configuration of one residual U-block (RSU): a cell of table 1 of the paper."""

    height: int
    """L of the paper: the number of levels of the block's encoder."""
    in_channels: int
    """I of the paper: channels of the block's input."""
    mid_channels: int
    """M of the paper: channels of the inner layers."""
    out_channels: int
    """O of the paper: channels of the block's output."""
    dilated: bool = False
    """True for RSU-4F, which uses dilated convolutions instead of pooling."""


@dataclass(frozen=True)
class Architecture:
    """The configuration of a network: its eleven stages, in the order of the forward pass."""

    name: str
    """``u2net`` or ``u2netp``."""
    stages: dict[str, Stage]


def _stages(*rows: tuple[int, int, int, int, bool]) -> dict[str, Stage]:
    return {name: Stage(*row) for name, row in zip(ENCODER + DECODER, rows, strict=True)}


U2NET = Architecture(
    "u2net",
    _stages(
        (7, 3, 32, 64, False),
        (6, 64, 32, 128, False),
        (5, 128, 64, 256, False),
        (4, 256, 128, 512, False),
        (4, 512, 256, 512, True),
        (4, 512, 256, 512, True),
        (4, 1024, 256, 512, True),
        (4, 1024, 128, 256, False),
        (5, 512, 64, 128, False),
        (6, 256, 32, 64, False),
        (7, 128, 16, 64, False),
    ),
)

U2NETP = Architecture(
    "u2netp",
    _stages(
        (7, 3, 16, 64, False),
        (6, 64, 16, 64, False),
        (5, 64, 16, 64, False),
        (4, 64, 16, 64, False),
        (4, 64, 16, 64, True),
        (4, 64, 16, 64, True),
        (4, 128, 16, 64, True),
        (4, 128, 16, 64, False),
        (5, 128, 16, 64, False),
        (6, 128, 16, 64, False),
        (7, 128, 16, 64, False),
    ),
)

ARCHITECTURES = {architecture.name: architecture for architecture in (U2NET, U2NETP)}


def resize_like(features: Tensor, target: Tensor) -> Tensor:
    """Resize ``features``, N×C×h×w, to the height and width of ``target``, N×C'×H×W.

    The interpolation is bilinear, with ``align_corners=False``.  Returns N×C×H×W with the dtype of
    ``features``; the same tensor if no resizing is needed.
    """
    size = target.shape[2:]
    if features.shape[2:] == size:
        return features
    return F.interpolate(features, size=size, mode="bilinear", align_corners=False)


class ConvBlock(nn.Module):
    """A 3×3 convolution, batch normalisation and ReLU: the paper's "Conv+BN+ReLU" (figure 2)."""

    def __init__(self, in_channels: int, out_channels: int, dilation: int = 1) -> None:
        super().__init__()
        self.conv_s1 = nn.Conv2d(in_channels, out_channels, 3, padding=dilation, dilation=dilation)
        self.bn_s1: nn.Module = nn.BatchNorm2d(out_channels)
        self.relu_s1 = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """Return N×C'×H×W features for N×C×H×W features: C in channels, C' out channels."""
        output: Tensor = self.relu_s1(self.bn_s1(self.conv_s1(x)))
        return output


class ResidualUBlock(nn.Module):
    """A residual U-block: RSU-L of the paper (figure 2e), or RSU-4F if ``stage.dilated``.

    RSU-4F has no pooling; its dilation doubles from level to level.
    """

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.height, self.dilated = stage.height, stage.dilated
        mid = stage.mid_channels
        self.rebnconvin = ConvBlock(stage.in_channels, stage.out_channels)
        for level in range(1, stage.height + 1):
            channels = stage.out_channels if level == 1 else mid
            dilation = self._down_dilation(level)
            self.add_module(f"rebnconv{level}", ConvBlock(channels, mid, dilation))
        for level in range(stage.height - 1, 0, -1):
            channels = stage.out_channels if level == 1 else mid
            dilation = 2 ** (level - 1) if stage.dilated else 1
            self.add_module(f"rebnconv{level}d", ConvBlock(2 * mid, channels, dilation))

    def _down_dilation(self, level: int) -> int:
        """Return the dilation of the block's encoder at a level, counted from 1."""
        if self.dilated:
            return int(2 ** (level - 1))
        return 2 if level == self.height else 1

    def forward(self, x: Tensor) -> Tensor:
        """Return N×C'×H×W features for N×C×H×W features.

        They are the sum of the first convolution's output and of a small U-Net applied to it.
        """
        residual: Tensor = self.rebnconvin(x)
        h, skips = residual, []
        for level in range(1, self.height + 1):
            if 1 < level < self.height and not self.dilated:
                h = F.max_pool2d(h, 2, stride=2, ceil_mode=True)
            h = self.get_submodule(f"rebnconv{level}")(h)
            skips.append(h)
        skips.pop()
        for level in range(self.height - 1, 0, -1):
            skip = skips.pop()
            h = self.get_submodule(f"rebnconv{level}d")(
                torch.cat((resize_like(h, skip), skip), dim=1)
            )
        return h + residual


class U2Net(nn.Module):
    """U²-Net or U²-NetP: six encoder and five decoder stages, six side outputs, one fusion.

    The input of all methods is a float tensor N×3×H×W, as ``preprocessing.prepare`` makes it.  The
    published weights were trained for 320×320 pixels; other sizes are possible.
    """

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.architecture = architecture
        for name, stage in architecture.stages.items():
            self.add_module(name, ResidualUBlock(stage))
        sources = (*reversed(DECODER), ENCODER[-1])
        for index, source in enumerate(sources, start=1):
            channels = architecture.stages[source].out_channels
            self.add_module(f"side{index}", nn.Conv2d(channels, 1, 3, padding=1))
        self.outconv = nn.Conv2d(len(sources), 1, 1)

    def features(self, x: Tensor) -> dict[str, Tensor]:
        """Return the output of every stage by its name: N×C×h×w.

        C is the stage's ``out_channels``.  For stage1, h = H and w = W; each later encoder stage
        has half the height and width, rounded up.  A decoder stage has the size of the encoder
        stage with the same number.
        """
        outputs: dict[str, Tensor] = {}
        for name in ENCODER:
            if outputs:
                x = F.max_pool2d(x, 2, stride=2, ceil_mode=True)
            x = outputs[name] = self.get_submodule(name)(x)
        for name in DECODER:
            skip = outputs[name.removesuffix("d")]
            x = torch.cat((resize_like(x, skip), skip), dim=1)
            x = outputs[name] = self.get_submodule(name)(x)
        return outputs

    def logits(self, x: Tensor) -> tuple[Tensor, ...]:
        """Return the seven N×1×H×W maps before the sigmoid: fused d0, then side outputs d1 … d6."""
        outputs = self.features(x)
        sources = (*reversed(DECODER), ENCODER[-1])
        sides: list[Tensor] = []
        for index, source in enumerate(sources, start=1):
            side = self.get_submodule(f"side{index}")(outputs[source])
            sides.append(resize_like(side, sides[0]) if sides else side)
        return (self.outconv(torch.cat(sides, dim=1)), *sides)

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Return seven N×1×H×W maps in [0, 1]: the fused d0 first, then d1 … d6."""
        return tuple(torch.sigmoid(logit) for logit in self.logits(x))
