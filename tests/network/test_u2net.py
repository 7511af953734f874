"""The networks are the published ones: sizes, names, outputs, and the official weights fit."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from sod_gallery.networks.u2net import ARCHITECTURES, U2NET, U2NETP, U2Net

pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def small() -> U2Net:
    torch.manual_seed(0)
    return U2Net(U2NETP).eval()


@pytest.mark.parametrize(("name", "parameters"), [("u2net", 44_009_869), ("u2netp", 1_131_181)])
def test_the_published_number_of_parameters(name: str, parameters: int) -> None:
    with torch.device("meta"):
        network = U2Net(ARCHITECTURES[name])
    assert sum(parameter.numel() for parameter in network.parameters()) == parameters


def test_the_published_names_and_shapes() -> None:
    with torch.device("meta"):
        shapes = {name: tuple(t.shape) for name, t in U2Net(U2NET).state_dict().items()}
    assert len(shapes) == 112 * 7 + 7 * 2
    expected = {
        "stage1.rebnconvin.conv_s1.weight": (64, 3, 3, 3),
        "stage1.rebnconv7.conv_s1.weight": (32, 32, 3, 3),
        "stage2.rebnconv5d.bn_s1.running_var": (32,),
        "stage4.rebnconv1d.conv_s1.bias": (512,),
        "stage6.rebnconv4.bn_s1.num_batches_tracked": (),
        "stage5d.rebnconvin.conv_s1.weight": (512, 1024, 3, 3),
        "stage1d.rebnconv6d.conv_s1.weight": (16, 32, 3, 3),
        "side3.weight": (1, 128, 3, 3),
        "side6.weight": (1, 512, 3, 3),
        "outconv.weight": (1, 6, 1, 1),
    }
    assert {name: shapes[name] for name in expected} == expected
    assert "stage5.rebnconv5.conv_s1.weight" not in shapes


def test_dilations() -> None:
    with torch.device("meta"):
        network = U2Net(U2NETP)
    dilated = {
        name.removesuffix(".conv_s1"): module.dilation[0]
        for name, module in network.named_modules()
        if isinstance(module, nn.Conv2d) and module.dilation != (1, 1)
    }
    bottoms = {f"stage{n}.rebnconv{8 - n}": 2 for n in (1, 2, 3, 4)}
    bottoms |= {f"stage{n}d.rebnconv{8 - n}": 2 for n in (1, 2, 3, 4)}
    inner = {"rebnconv2": 2, "rebnconv3": 4, "rebnconv4": 8, "rebnconv3d": 4, "rebnconv2d": 2}
    flat = {
        f"{stage}.{n}": d for stage in ("stage5", "stage6", "stage5d") for n, d in inner.items()
    }
    assert dilated == bottoms | flat


@pytest.mark.parametrize("size", [(64, 64), (50, 77), (33, 32)])
def test_seven_maps_of_the_input_size(small: U2Net, size: tuple[int, int]) -> None:
    with torch.inference_mode():
        maps = small(torch.rand(2, 3, *size))
    assert [tuple(saliency.shape) for saliency in maps] == [(2, 1, *size)] * 7
    assert all(saliency.min() >= 0 and saliency.max() <= 1 for saliency in maps)


def test_the_first_map_is_the_fusion_of_the_others(small: U2Net) -> None:
    with torch.inference_mode():
        fused, *sides = small.logits(torch.rand(1, 3, 64, 48))
        expected = nn.functional.conv2d(
            torch.cat(sides, 1), small.outconv.weight, small.outconv.bias
        )
    torch.testing.assert_close(fused, expected)


@pytest.mark.shared
def test_the_official_weights_fit(shared: Path, small: U2Net) -> None:
    tensors = torch.load(shared / "weights/u2netp.pth", weights_only=True)
    U2Net(U2NETP).load_state_dict(tensors, strict=True)
    assert list(tensors) == list(small.state_dict())
