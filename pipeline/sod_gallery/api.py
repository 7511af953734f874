"""The public functions of the package, in the words of its users: see docs/api.md."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from .build.run import build
from .build.selection import Request
from .build.summary import Summary
from .engines.predictor import SaliencyMap, shared_predictor
from .engines.runtime import REFERENCE, Runtime, choose
from .errors import ConfigError, PipelineError
from .networks.checkpoints import resolve
from .networks.registry import Checkpoint
from .photos import decoding
from .pictures import imaging
from .progress import SilentReporter

__all__ = [
    "Checkpoint",
    "PipelineError",
    "Runtime",
    "SaliencyMap",
    "Summary",
    "build_gallery",
    "cut_out",
    "load_checkpoint",
    "load_photo",
    "make_mask",
    "predict_map",
]


def load_checkpoint(
    name_or_path: str | Path, *, weights_dir: str | Path | None = None, offline: bool = False
) -> Checkpoint:
    """Find a checkpoint by its name or the path of its file, downloading it where needed.

    Names are ``u2netp-distilled``, ``u2netp``, ``u2net`` and ``u2net_human_seg``.  ``weights_dir``
    is looked in before ``$U2NET_HOME``.  The file's sha256 is checked.  Raises PipelineError.
    """
    folder = None if weights_dir is None else Path(weights_dir)
    return resolve(str(name_or_path), weights_dir=folder, offline=offline)


def load_photo(path: str | Path) -> Image.Image:
    """Decode a photo to an upright 8-bit RGB image in sRGB; raises PipelineError."""
    return decoding.load_photo(Path(path))


def predict_map(
    photo: Image.Image, checkpoint: Checkpoint, runtime: Runtime = REFERENCE
) -> SaliencyMap:
    """Return the saliency map of an upright RGB photo: float32, S×S, in [0, 1].

    S is the checkpoint's input size, 320 for the published weights.  The network stays loaded for
    the next photo.  By default it runs in torch on the CPU in float32, which gives the same map on
    every machine.  Raises PipelineError where the weights cannot be used.
    """
    return shared_predictor(checkpoint, runtime).predict_one(photo.convert("RGB"))


def make_mask(saliency: SaliencyMap, size: tuple[int, int]) -> Image.Image:
    """Return a map as an 8-bit L image of ``size`` (width, height), resized bilinearly."""
    return imaging.make_mask(saliency, size)


def cut_out(photo: Image.Image, mask: Image.Image) -> Image.Image:
    """Return an RGBA image of the photo's colours with the mask, of equal size, as its alpha."""
    return imaging.cutout(photo, mask)


def build_gallery(
    root: str | Path,
    *,
    photos: str | Path | None = None,
    name: str | None = None,
    datasets: Sequence[str] = (),
    models: Sequence[str] = (),
    weights_dir: str | Path | None = None,
    offline: bool = False,
    force: bool = False,
    limit: int | None = None,
    maps: Sequence[str] = (),
    gt: str | Path | None = None,
    toolkit: tuple[str | Path, str | Path] | None = None,
    thorough: bool = False,
) -> Summary:
    """Bring the gallery of the site at ``root`` up to date, as the command ``build`` does.

    The arguments are the command's options.  The fastest engine that is installed runs the
    networks.  A photo that fails is in the summary; raises PipelineError where nothing sensible can
    be done.
    """
    empty = [word for word in (root, photos, name, weights_dir, *datasets, *models) if word == ""]
    if empty:
        raise ConfigError("an argument is empty: pass None, or leave it out.")
    folder = Path(root).resolve()
    request = Request(
        root=folder,
        settings=folder / "_config.yml",
        datasets=tuple(datasets),
        photos=None if photos is None else Path(photos),
        name=name,
        models=tuple(models),
        weights_dir=None if weights_dir is None else Path(weights_dir),
        offline=offline,
        runtime=choose(),
        force=force,
        limit=limit,
        maps=tuple(maps),
        truth=None if gt is None else Path(gt),
        toolkit=None if toolkit is None else (Path(toolkit[0]), Path(toolkit[1])),
        thorough=thorough,
    )
    summary, _ = build(request, SilentReporter())
    return summary
