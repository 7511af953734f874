"""The known checkpoints: one record each, with files, preprocessing, authors and licence.

Nothing here needs torch.  The facts are from the authors' repository (xuebinqin/U-2-Net), the
releases of rembg, and the addresses that stand beside them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from sod_gallery.config import DEFAULT_MODEL
from sod_gallery.records import Record

Channels = tuple[float, float, float]

IMAGENET_MEAN: Channels = (0.485, 0.456, 0.406)
IMAGENET_STD: Channels = (0.229, 0.224, 0.225)
REMBG = "https://github.com/danielgatis/rembg/releases/download/v0.0.0"
CARVE = "https://huggingface.co/Carve/u2net-universal/resolve"
UPSTREAM = "https://github.com/xuebinqin/U-2-Net"
PAPER = "https://arxiv.org/abs/2005.09007"
AUTHORS = (
    "Xuebin Qin, Zichen Zhang, Chenyang Huang, Masood Dehghan, Osmar R. Zaiane, Martin Jagersand"
)


YEAR = 2020
BIBTEX = """@article{qin2020u2net,
  title   = {{U$^2$-Net}: Going Deeper with Nested {U}-Structure for Salient Object Detection},
  author  = {Qin, Xuebin and Zhang, Zichen and Huang, Chenyang and Dehghan, Masood and
             Zaiane, Osmar R. and Jagersand, Martin},
  journal = {Pattern Recognition},
  volume  = {106},
  pages   = {107404},
  year    = {2020},
  doi     = {10.1016/j.patcog.2020.107404}
}"""


class WeightsFile(Record, frozen=True):
    """One published form of a checkpoint."""

    name: str
    sha256: str
    bytes: int
    urls: tuple[str, ...] = ()
    """Where to download it, tried in this order; without one, the file is only used where it
    lies."""


class CheckpointInfo(Record, frozen=True, kw_only=True):
    """What is known of a checkpoint, wherever its file lies."""

    name: str
    """Unique among the known; safe as a folder's name."""
    title: str
    architecture: str
    """``u2net`` or ``u2netp``."""
    files: tuple[WeightsFile, ...] = ()
    """The forms in which it is published; all of them are accepted."""
    input_size: int = 320
    """The photo is squashed to a square of so many pixels."""
    interpolation: Literal["bilinear"] = "bilinear"
    """How it is squashed; without anti-aliasing."""
    mean: Channels = IMAGENET_MEAN
    """Subtracted from the channels R, G, B in [0, 1]."""
    std: Channels = IMAGENET_STD
    """Divides the channels afterwards."""
    licence: str = "not stated"
    authors: str = ""
    """Empty where they are not known."""
    paper: str = ""
    """Address of the paper that describes the network."""
    source: str = ""
    """Address of the weights' own page."""
    year: int | None = None
    bibtex: str = ""
    """Entry of a BibTeX file."""

    def at(self, path: Path, sha256: str) -> Checkpoint:
        """Return this checkpoint with the file that holds it."""
        return Checkpoint(**msgspec.structs.asdict(self), path=path, sha256=sha256)


class Checkpoint(CheckpointInfo, frozen=True, kw_only=True):
    """A checkpoint whose file is there."""

    path: Path
    sha256: str
    """Hash of the file, 64 hexadecimal digits."""


def _by_the_authors(
    name: str, title: str, architecture: str, files: tuple[WeightsFile, ...]
) -> CheckpointInfo:
    return CheckpointInfo(
        name=name,
        title=title,
        architecture=architecture,
        files=files,
        licence="Apache-2.0",
        authors=AUTHORS,
        paper=PAPER,
        source=UPSTREAM,
        year=YEAR,
        bibtex=BIBTEX,
    )


U2NET = _by_the_authors(
    "u2net",
    "U²-Net",
    "u2net",
    (
        WeightsFile(
            name="u2net.pth",
            sha256="10025a17f49cd3208afc342b589890e402ee63123d6f2d289a4a0903695cce58",
            bytes=176_290_937,
            urls=(f"{CARVE}/10305d785481cf4b2eee1d447c39cd6e5f43d74b/full_weights.pth",),
        ),
        WeightsFile(
            name="u2net.onnx",
            sha256="8d10d2f3bb75ae3b6d527c77944fc5e7dcd94b29809d47a739a7a728a912b491",
            bytes=175_997_641,
        ),
    ),
)
U2NETP = _by_the_authors(
    "u2netp",
    "U²-Net small",
    "u2netp",
    (
        WeightsFile(
            name="u2netp.pth",
            sha256="e7567cde013fb64813973ce6e1ecc25a80c05c3ca7adbc5a54f3c3d90991b854",
            bytes=4_683_258,
        ),
        WeightsFile(  # the same with batch normalisation folded into the convolutions
            name="u2netp.pth",
            sha256="2b02eaff87a14f116b63f67e41b5be375993fef5e2eec3d147ed6a72deef3350",
            bytes=4_807_903,
        ),
        WeightsFile(
            name="u2netp.onnx",
            sha256="309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8",
            bytes=4_574_861,
            urls=(f"{REMBG}/u2netp.onnx",),
        ),
    ),
)
U2NET_HUMAN_SEG = _by_the_authors(
    "u2net_human_seg",
    "U²-Net for people",
    "u2net",
    (
        WeightsFile(
            name="u2net_human_seg.onnx",
            sha256="01eb6a29a5c4d8edb30b56adad9bb3a2a0535338e480724a213e0acfd2d1c73c",
            bytes=175_997_641,
            urls=(f"{REMBG}/u2net_human_seg.onnx",),
        ),
    ),
)
EMBEDDED = _by_the_authors(DEFAULT_MODEL, "U²-Net small, distilled", "u2netp", ())
"""The checkpoint that comes with this project; its file has no other address."""

KNOWN = {info.name: info for info in (U2NET, U2NETP, U2NET_HUMAN_SEG, EMBEDDED)}
