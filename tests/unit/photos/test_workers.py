"""Files are decoded in processes: what crashes, hangs or eats memory there costs one file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import misbehaving
import numpy as np
import pytest
from PIL import Image

from sod_gallery.errors import PhotoError
from sod_gallery.photos import decode_worker, workers
from sod_gallery.photos.decode_worker import Kind
from sod_gallery.photos.decoding import load_photo


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    """Workers know the functions of the module that they were started with."""
    yield
    workers.stop()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "noise.png"
    Image.effect_noise((301, 203), 80).convert("RGB").save(path)
    return path


def read(path: Path, kind: Kind = "photo") -> Image.Image:
    return workers.decode(kind, path, workers.measure(path, kind)).picture


@pytest.mark.parametrize(("kind", "mode"), [("photo", "RGB"), ("cutout", "RGBA"), ("truth", "L")])
def test_pixels_arrive_as_they_were_decoded(photo: Path, kind: Kind, mode: str) -> None:
    picture = read(photo, kind)
    direct = decode_worker.DECODERS[kind](photo).picture
    assert picture.mode == mode
    assert np.array_equal(np.asarray(picture), np.asarray(direct))


def test_a_picture_larger_than_a_strip_arrives_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    Image.linear_gradient("L").resize((3000, 2500)).convert("RGB").save(path, compress_level=1)
    assert np.array_equal(np.asarray(read(path)), np.asarray(load_photo(path)))


def test_many_threads_share_the_workers(photo: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        pictures = list(pool.map(read, [photo] * 24))
    assert len({picture.tobytes() for picture in pictures}) == 1


def test_what_is_wrong_with_a_file_is_said_as_without_workers(tmp_path: Path) -> None:
    path = tmp_path / "empty.jpg"
    path.touch()
    with pytest.raises(PhotoError, match=r"empty.jpg: is empty; save it as one of"):
        workers.measure(path)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (misbehaving.crash, r"its decoder crashed \(exit code -11\)"),
        (misbehaving.leave, r"its decoder crashed \(exit code 7\)"),
        (misbehaving.die_of_memory, "memory is short"),
        (misbehaving.hang, "takes more than 1 s to decode"),
        (misbehaving.eat_memory, "needs more memory than there is"),
    ],
)
def test_a_decoder_that_misbehaves_costs_one_file(
    photo: Path, monkeypatch: pytest.MonkeyPatch, behaviour: object, reason: str
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(workers, "SECONDS", 1.0)
        patched.setattr(decode_worker, "measure", behaviour)
        with pytest.raises(PhotoError, match=reason) as raised:
            workers.measure(photo)
    assert str(photo) in str(raised.value)
    assert read(photo).size == (301, 203)


def test_workers_that_were_killed_while_they_had_nothing_to_do_are_replaced(photo: Path) -> None:
    read(photo)
    for _ in range(3):
        for process in children_of_forkserver():
            os.kill(process, signal.SIGKILL)
        time.sleep(0.3)
        assert read(photo).size == (301, 203)


def test_nothing_is_left_of_workers_when_their_parent_is_killed(photo: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from sod_gallery.photos import workers\n"
        "workers.measure(Path(sys.argv[1])); print('ready', flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(photo)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    assert parent.stdout.readline() == "ready\n"
    descendants = list(below(parent.pid))
    assert len(descendants) >= 2
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 20
    while any(is_alive(process) for process in descendants):
        assert time.monotonic() < deadline, "processes outlive their parent"
        time.sleep(0.05)


def test_memory_is_limited_for_a_while_only() -> None:
    """In a process of its own: one that has run a network keeps memory that it has freed."""
    code = (
        "from sod_gallery.photos.decode_worker import limited_memory\n"
        "try:\n"
        "    with limited_memory(1 << 26): bytes(1 << 28)\n"
        "except MemoryError:\n"
        "    print(len(bytes(1 << 28)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{1 << 28}\n"


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def below(process: int) -> Iterator[int]:
    """Yield the children of a process, and theirs."""
    for listing in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, listing.read_text().split()):
            yield child
            yield from below(child)


def children_of_forkserver() -> list[int]:
    servers = [
        process
        for process in below(os.getpid())
        if b"forkserver" in Path(f"/proc/{process}/cmdline").read_bytes()
    ]
    return [process for server in servers[:1] for process in below(server)]
