"""Weights: which are known, where they lie, and that they are what they claim to be.

Nothing here needs torch, so that a build with nothing to do never waits for it; ``weights`` turns
a checkpoint into a network.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from sod_gallery.download import DownloadError, Progress, Remote, fetch, silent
from sod_gallery.errors import CheckpointError, ConfigError
from sod_gallery.files import hash_file as hash_whole_file
from sod_gallery.records import Record

HashFile = Callable[[Path], str]
Channels = tuple[float, float, float]

IMAGENET_MEAN: Channels = (0.485, 0.456, 0.406)
IMAGENET_STD: Channels = (0.229, 0.224, 0.225)
SUFFIXES = (".pth", ".safetensors", ".onnx")
REMBG = "https://github.com/danielgatis/rembg/releases/download/v0.0.0"
CARVE = "https://huggingface.co/Carve/u2net-universal/resolve"
UPSTREAM = "https://github.com/xuebinqin/U-2-Net"
DISTILLED = "u2netp-distilled"
FOLDERS_OF_A_DATASET = ("test", "gt", "reference")
LARGEST_U2NETP = 20_000_000
"""Bytes: U²-NetP takes 2 to 9 MB, U²-Net at least 88, by the precision it is stored in."""


class Checkpoint(Record, frozen=True):
    """One file of weights with its preprocessing, origin and licence."""

    name: str
    """Unique among the known; safe as a folder's name."""
    title: str
    architecture: str
    """``u2net`` or ``u2netp``; of a user's own file it is what its size suggests."""
    path: Path
    sha256: str
    licence: str
    source: str
    """Page of the weights' authors; empty for a user's own file."""
    input_size: int = 320
    """The photo is squashed to a square of so many pixels."""
    mean: Channels = IMAGENET_MEAN
    std: Channels = IMAGENET_STD


class WeightsFile(Record, frozen=True):
    """One published form of a model's weights; without a URL it is used only where it lies."""

    name: str
    sha256: str
    bytes: int
    url: str = ""


class KnownModel(Record, frozen=True):
    """A model known by name, and every file that is accepted for it."""

    title: str
    architecture: str
    files: tuple[WeightsFile, ...] = ()
    licence: str = "Apache-2.0"
    source: str = UPSTREAM


KNOWN = {
    "u2net": KnownModel(
        title="U²-Net",
        architecture="u2net",
        files=(
            WeightsFile(
                name="u2net.pth",
                sha256="10025a17f49cd3208afc342b589890e402ee63123d6f2d289a4a0903695cce58",
                bytes=176_290_937,
                url=f"{CARVE}/10305d785481cf4b2eee1d447c39cd6e5f43d74b/full_weights.pth",
            ),
            WeightsFile(
                name="u2net.onnx",
                sha256="8d10d2f3bb75ae3b6d527c77944fc5e7dcd94b29809d47a739a7a728a912b491",
                bytes=175_997_641,
            ),
        ),
    ),
    "u2netp": KnownModel(
        title="U²-Net small",
        architecture="u2netp",
        files=(
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
                url=f"{REMBG}/u2netp.onnx",
            ),
        ),
    ),
    "u2net_human_seg": KnownModel(
        title="U²-Net for people",
        architecture="u2net",
        files=(
            WeightsFile(
                name="u2net_human_seg.onnx",
                sha256="01eb6a29a5c4d8edb30b56adad9bb3a2a0535338e480724a213e0acfd2d1c73c",
                bytes=175_997_641,
                url=f"{REMBG}/u2net_human_seg.onnx",
            ),
        ),
    ),
    DISTILLED: KnownModel(title="U²-Net small, distilled", architecture="u2netp"),
}


def resolve(
    model: str,
    *,
    weights_dir: Path | None = None,
    offline: bool = False,
    progress: Progress = silent,
    hash_file: HashFile = hash_whole_file,
) -> Checkpoint:
    """Return the checkpoint that ``model`` means, after its file's sha256 was checked.

    ``model`` is a name of KNOWN, or the path of the user's own weights.  Known files are looked for
    in ``weights_dir``, then in ``$U2NET_HOME`` (default ``~/.u2net``), else downloaded there; with
    ``$U2NET_MIRROR`` set, from that address followed by the file's name.  ``hash_file`` may
    remember what it has hashed.  Raises CheckpointError, or ConfigError for an unknown name.
    """
    if model in KNOWN:
        path = _embedded() if model == DISTILLED else _locate(KNOWN[model], weights_dir, hash_file)
        path = path or _download(KNOWN[model], offline, progress)
        return _known(model, path, _hash(path, hash_file))
    if Path(model).suffix.lower() in SUFFIXES:
        return _own(Path(model).expanduser(), hash_file)
    raise ConfigError(
        f"--model {model}: no such model. Known are {', '.join(KNOWN)}; "
        f"your own weights are given by the path of a {', '.join(SUFFIXES)} file."
    )


def u2net_home() -> Path:
    """Return the folder that is shared with rembg: ``$U2NET_HOME``, else ``~/.u2net``."""
    return Path(os.environ.get("U2NET_HOME") or "~/.u2net").expanduser()


def _locate(known: KnownModel, weights_dir: Path | None, hash_file: HashFile) -> Path | None:
    """Return the first accepted file that is there; a wrong one under its name is refused."""
    folders = [u2net_home()]
    if weights_dir is not None:
        if not weights_dir.is_dir():
            raise CheckpointError(f"--weights-dir {weights_dir} is not a folder: check the path.")
        folders.insert(0, weights_dir)
    for folder in folders:
        for name in dict.fromkeys(file.name for file in known.files):
            if (folder / name).is_file():
                accepted = [file.sha256 for file in known.files if file.name == name]
                _check(folder / name, accepted, hash_file)
                return folder / name
    return None


def _check(path: Path, accepted: Sequence[str], hash_file: HashFile) -> None:
    found = _hash(path, hash_file)
    if found not in accepted:
        expected = " or ".join(sha256[:12] for sha256 in accepted)
        raise CheckpointError(
            f"{path} is not the published file: its sha256 begins with {found[:12]}, expected "
            f"{expected}. Delete it to have it downloaded, or use it as your own: --model {path}"
        )


def _hash(path: Path, hash_file: HashFile) -> str:
    try:
        return hash_file(path)
    except OSError as error:
        raise CheckpointError(
            f"{path} cannot be read: {error.strerror or error}. Check the path and its permissions."
        ) from error


def _download(known: KnownModel, offline: bool, progress: Progress) -> Path:
    file = next(file for file in known.files if file.url)
    mirror = os.environ.get("U2NET_MIRROR", "").rstrip("/")
    url = f"{mirror}/{file.name}" if mirror else file.url
    target = u2net_home() / file.name
    remote = Remote(url=url, sha256=file.sha256, size=file.bytes)
    try:
        fetch(remote, target, offline=offline, progress=progress)
    except DownloadError as error:
        raise CheckpointError(str(error)) from error
    return target


def _embedded() -> Path:
    """Return our own checkpoint: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    file = f"{DISTILLED}.safetensors"
    places = (package / "embedded" / file, package.parent / "checkpoints" / file)
    for path in places:
        if path.is_file():
            return path
    raise CheckpointError(
        f"{places[-1]} is missing, the checkpoint that comes with this project: "
        "restore it with git, or choose another --model."
    )


def _known(name: str, path: Path, sha256: str) -> Checkpoint:
    known = KNOWN[name]
    return Checkpoint(
        name=name,
        title=known.title,
        architecture=known.architecture,
        path=path,
        sha256=sha256,
        licence=known.licence,
        source=known.source,
    )


def _own(path: Path, hash_file: HashFile) -> Checkpoint:
    """Describe a user's file; a published one is recognised wherever it lies."""
    sha256 = _hash(path, hash_file)
    for name, known in KNOWN.items():
        if sha256 in {file.sha256 for file in known.files}:
            return _known(name, path, sha256)
    large = path.stat().st_size > LARGEST_U2NETP
    return Checkpoint(
        name=_safe_name(path.stem),
        title=path.stem,
        architecture="u2net" if large else "u2netp",
        path=path,
        sha256=sha256,
        licence="not stated",
        source="",
    )


def _safe_name(stem: str) -> str:
    """Make a folder's name that no known model and no other folder of a dataset has."""
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", stem).strip(".-")
    taken = name.lower() in (*KNOWN, *FOLDERS_OF_A_DATASET)
    return f"custom-{name}".rstrip("-") if taken or not name else name
