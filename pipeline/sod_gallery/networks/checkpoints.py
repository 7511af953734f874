"""Finds the weights file of a checkpoint, or downloads it, and checks its sha256.

Nothing here needs torch, so that a build with nothing to do does not wait for it.
``weights.load_network`` turns a checkpoint into a network.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

from sod_gallery.download import DownloadError, Progress, Remote, fetch, silent
from sod_gallery.errors import CheckpointError, ConfigError
from sod_gallery.files import hash_file as hash_whole_file

from .headers import architecture_of
from .registry import EMBEDDED, KNOWN, U2NETP, Checkpoint, CheckpointInfo

HashFile = Callable[[Path], str]
SUFFIXES = (".pth", ".safetensors", ".onnx")
LARGEST = 2_000_000_000
"""Bytes of a weights file, ten times as many as the largest of ours; others are not read."""
FOLDERS_OF_A_DATASET = ("test", "gt", "reference")


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
    in ``weights_dir``, then in the folders of ``u2net_homes``, else downloaded to the first; with
    ``$U2NET_MIRROR`` set, from that address followed by the file's name.  ``hash_file`` may
    remember what it has hashed.  Raises CheckpointError, or ConfigError for an unknown name.
    """
    if model in KNOWN:
        info = KNOWN[model]
        path = _embedded() if info is EMBEDDED else _locate(info, weights_dir, hash_file)
        path = path or _download(info, offline, progress)
        return info.at(path, _hash(path, hash_file))
    if Path(model).suffix.lower() in SUFFIXES:
        return _own(Path(model).expanduser(), hash_file)
    raise ConfigError(
        f"--model {model}: no such model. Known are {', '.join(KNOWN)}; "
        f"your own weights are given by the path of a {', '.join(SUFFIXES)} file."
    )


def u2net_homes() -> list[Path]:
    """Return the folders that are shared with rembg; downloads go to the first.

    ``$U2NET_HOME``; without it ``$XDG_DATA_HOME/.u2net``, which newer versions of rembg use, and
    ``~/.u2net``.
    """
    own, shared = os.environ.get("U2NET_HOME"), os.environ.get("XDG_DATA_HOME")
    homes = [own] if own else [*([f"{shared}/.u2net"] if shared else []), "~/.u2net"]
    return [Path(home).expanduser() for home in homes]


def is_at_home(checkpoint: Checkpoint) -> bool:
    """Tell whether a checkpoint is found by its name alone, without a folder being given."""
    if checkpoint.name not in KNOWN:
        return False
    return checkpoint.name == EMBEDDED.name or checkpoint.path.parent in u2net_homes()


def _locate(info: CheckpointInfo, weights_dir: Path | None, hash_file: HashFile) -> Path | None:
    """Return the first accepted file that is there; a wrong one under its name is refused."""
    folders = u2net_homes()
    if weights_dir is not None:
        if not weights_dir.is_dir():
            raise CheckpointError(f"--weights-dir {weights_dir} is not a folder: check the path.")
        folders.insert(0, weights_dir)
    for folder in folders:
        for name in dict.fromkeys(file.name for file in info.files):
            if (folder / name).is_file():
                accepted = [file.sha256 for file in info.files if file.name == name]
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
        _check_size(path)
        return hash_file(path)
    except OSError as error:
        raise CheckpointError(
            f"{path} cannot be read: {error.strerror or error}. Check the path and its permissions."
        ) from error


def _check_size(path: Path) -> None:
    """Raise CheckpointError for what reading would hang on; raises OSError too."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise CheckpointError(
            f"{path} is a folder, a pipe or a device. Give the file that holds the weights."
        )
    if not 0 < status.st_size <= LARGEST:
        size = "is empty" if not status.st_size else f"has {status.st_size:,} bytes"
        raise CheckpointError(
            f"{path} {size}, and cannot hold the weights of a U²-Net (up to {LARGEST:,} bytes). "
            "Check the path."
        )


def _download(info: CheckpointInfo, offline: bool, progress: Progress) -> Path:
    """Download the form that can be had, from its first address that answers."""
    file = next(file for file in info.files if file.urls)
    mirror = os.environ.get("U2NET_MIRROR", "").rstrip("/")
    urls = (f"{mirror}/{file.name}",) if mirror else file.urls
    target = u2net_homes()[0] / file.name
    for attempt, url in enumerate(urls, start=1):
        remote = Remote(url=url, sha256=file.sha256, size=file.bytes)
        try:
            fetch(remote, target, offline=offline, progress=progress)
            break
        except DownloadError as error:
            if attempt == len(urls):
                raise CheckpointError(str(error)) from error
    return target


def _embedded() -> Path:
    """Return our own checkpoint: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    file = f"{EMBEDDED.name}.safetensors"
    places = (package / "embedded" / file, package.parent / "checkpoints" / file)
    for path in places:
        if path.is_file():
            return path
    raise CheckpointError(
        f"{places[-1]} is missing, the checkpoint that comes with this project: "
        "restore it with git, or choose another --model."
    )


def _own(path: Path, hash_file: HashFile) -> Checkpoint:
    """Describe a user's file; a published one is recognised wherever it lies."""
    sha256 = _hash(path, hash_file)
    for info in KNOWN.values():
        if sha256 in {file.sha256 for file in info.files}:
            return info.at(path, sha256)
    # a file that holds neither network is refused, with the reason, where it is loaded
    architecture = architecture_of(path) or U2NETP.architecture
    own = CheckpointInfo(name=_safe_name(path.stem), title=path.stem, architecture=architecture)
    return own.at(path, sha256)


def _safe_name(stem: str) -> str:
    """Make a folder's name that no known model and no other folder of a dataset has."""
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", stem).strip(".-")
    taken = name.lower() in (*KNOWN, *FOLDERS_OF_A_DATASET)
    return f"custom-{name}".rstrip("-") if taken or not name else name
