"""What a model's name or path means: which file is found, checked, downloaded or refused."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from webserver import WebServer, serving

from sod_gallery.config import DEFAULT_MODEL
from sod_gallery.errors import CheckpointError, ConfigError
from sod_gallery.networks import checkpoints
from sod_gallery.networks.checkpoints import resolve, u2net_homes
from sod_gallery.networks.headers import FIRST_TENSOR
from sod_gallery.networks.registry import KNOWN, WeightsFile

PUBLISHED = dict(KNOWN)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("U2NET_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("U2NET_MIRROR", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let u2netp be two small files, of which the second can be downloaded."""
    files = (
        WeightsFile(name="u2netp.pth", sha256=digest(b"official"), bytes=8),
        WeightsFile(name="u2netp.pth", sha256=digest(b"folded"), bytes=6),
        WeightsFile(
            name="u2netp.onnx", sha256=digest(b"exported"), bytes=8, urls=("http://127.0.0.1:9/",)
        ),
    )
    tiny = msgspec.structs.replace(KNOWN["u2netp"], title="Tiny", files=files)
    monkeypatch.setitem(KNOWN, "u2netp", tiny)


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    with serving() as server:
        monkeypatch.setenv("U2NET_MIRROR", f"{server.url}/models/")
        yield server


def put(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name


def weights_of(channels: int) -> bytes:
    """Return the header of a safetensors file that holds the tensor which tells architectures."""
    tensor = {"dtype": "F16", "shape": [channels, 64, 3, 3], "data_offsets": [0, 0]}
    header = json.dumps({FIRST_TENSOR: tensor}).encode()
    return len(header).to_bytes(8, "little") + header


def test_the_weights_folder_goes_before_the_home(home: Path, tmp_path: Path) -> None:
    at_home = put(home, "u2netp.onnx", b"exported")
    given = put(tmp_path / "given", "u2netp.pth", b"folded")
    assert resolve("u2netp").path == at_home
    found = resolve("u2netp", weights_dir=given.parent)
    assert (found.path, found.sha256) == (given, digest(b"folded"))
    assert (found.name, found.licence, found.input_size) == ("u2netp", "Apache-2.0", 320)


def test_an_empty_weights_folder_leaves_the_home(home: Path, tmp_path: Path) -> None:
    at_home = put(home, "u2netp.pth", b"official")
    assert resolve("u2netp", weights_dir=tmp_path).path == at_home


def test_a_weights_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"--weights-dir .*nowhere is not a folder"):
        resolve("u2netp", weights_dir=tmp_path / "nowhere")


def test_a_known_name_with_other_content_is_refused(home: Path) -> None:
    path = put(home, "u2netp.pth", b"tampered with")
    found, *expected = (
        digest(content)[:12] for content in (b"tampered with", b"official", b"folded")
    )
    with pytest.raises(
        CheckpointError, match=f"{found}, expected {' or '.join(expected)}"
    ) as caught:
        resolve("u2netp")
    assert str(path) in str(caught.value)
    assert path.read_bytes() == b"tampered with"
    assert caught.value.exit_code == 3


def test_missing_weights_are_downloaded_once(home: Path, mirror: WebServer) -> None:
    mirror.files["/models/u2netp.onnx"] = b"exported"
    assert resolve("u2netp").path == home / "u2netp.onnx"
    assert resolve("u2netp").sha256 == digest(b"exported")
    assert mirror.asked == [("/models/u2netp.onnx", None)]


def test_wrong_bytes_from_the_mirror(home: Path, mirror: WebServer) -> None:
    mirror.files["/models/u2netp.onnx"] = b"poisoned"
    with pytest.raises(CheckpointError, match="sent wrong bytes"):
        resolve("u2netp")
    assert list(home.iterdir()) == []


def test_offline(mirror: WebServer) -> None:
    with pytest.raises(CheckpointError, match=r"u2netp\.onnx is missing and --offline forbids"):
        resolve("u2netp", offline=True)
    assert mirror.asked == []


def test_hashing_may_be_remembered(home: Path) -> None:
    put(home, "u2netp.pth", b"changed behind its back")
    assert resolve("u2netp", hash_file=lambda _: digest(b"official")).sha256 == digest(b"official")


def test_an_own_file(tmp_path: Path) -> None:
    weights = weights_of(16)
    own = resolve(str(put(tmp_path, "My cats (2).safetensors", weights)))
    assert (own.name, own.title, own.architecture) == ("My-cats-2", "My cats (2)", "u2netp")
    assert own.sha256 == digest(weights)


def test_the_architecture_of_an_own_file_is_read_from_it_whatever_its_size(tmp_path: Path) -> None:
    assert resolve(str(put(tmp_path, "own.SAFETENSORS", weights_of(32)))).architecture == "u2net"
    large = put(tmp_path, "large.safetensors", weights_of(16))
    with large.open("ab") as file:
        file.truncate(88_000_000)
    assert resolve(str(large)).architecture == "u2netp"


@pytest.mark.parametrize("stem", ["test", "GT", "reference", "u2netp", "u2netp-distilled", "..."])
def test_an_own_file_takes_no_folder_of_others(tmp_path: Path, stem: str) -> None:
    name = resolve(str(put(tmp_path, f"{stem}.safetensors", weights_of(16)))).name
    assert name == ("custom" if stem == "..." else f"custom-{stem}")


def test_a_published_file_is_recognised_under_any_name(tmp_path: Path) -> None:
    path = put(tmp_path, "weights.pth", b"folded")
    found = resolve(str(path))
    assert (found.name, found.path) == ("u2netp", path)


def test_an_own_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"absent\.pth cannot be read: No such file"):
        resolve(str(tmp_path / "absent.pth"))


def test_an_unknown_name() -> None:
    with pytest.raises(
        ConfigError, match=r"--model u3net: no such model\. Known are u2net, u2netp"
    ):
        resolve("u3net")


def test_our_own_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        checkpoints, "__file__", str(tmp_path / "sod_gallery/networks/checkpoints.py")
    )
    with pytest.raises(CheckpointError, match="restore it with git, or choose another --model"):
        resolve("u2netp-distilled")
    path = put(tmp_path / "checkpoints", "u2netp-distilled.safetensors", b"ours")
    found = resolve("u2netp-distilled")
    assert (found.path, found.sha256, found.architecture) == (path, digest(b"ours"), "u2netp")


def test_every_model_can_be_had() -> None:
    for name, known in PUBLISHED.items():
        urls = [url for file in known.files for url in file.urls]
        assert name == DEFAULT_MODEL or len(urls) == 1, name
        assert all(len(file.sha256) == 64 and file.bytes > 1e6 for file in known.files)


def test_resolving_imports_neither_torch_nor_the_network(tmp_path: Path) -> None:
    path = put(tmp_path, "own.safetensors", weights_of(16))
    code = (
        "import sys; from sod_gallery.networks.checkpoints import resolve; "
        "import sod_gallery.photos.datasets; "
        f"resolve({str(path)!r}); "
        "print({'torch', 'httpx2', 'onnx', 'skimage'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_the_folders_of_rembg_are_looked_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    for name in ("U2NET_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert u2net_homes() == [tmp_path / "me/.u2net"]
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert u2net_homes() == [tmp_path / "data/.u2net", tmp_path / "me/.u2net"]
    monkeypatch.setenv("U2NET_HOME", str(tmp_path / "own"))
    assert u2net_homes() == [tmp_path / "own"]


def test_what_would_be_read_for_ever_is_no_weights_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pth")
    (tmp_path / "zero.pth").symlink_to("/dev/zero")
    (tmp_path / "folder.pth").mkdir()
    for path in tmp_path.iterdir():
        with pytest.raises(CheckpointError, match=r"a folder, a pipe or a device") as caught:
            resolve(str(path))
        assert str(path) in str(caught.value)


def test_a_file_of_an_impossible_size_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "empty.pth").touch()
    with (tmp_path / "huge.pth").open("wb") as file:
        file.truncate(3_000_000_000)
    for path in tmp_path.iterdir():
        with pytest.raises(CheckpointError, match="cannot hold the weights"):
            resolve(str(path), hash_file=lambda _: "read")
