"""Whatever a server does, a download ends soon, takes no more than the file has, and leaves nothing
half-written."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_server import CONTENT, HostileServer, hostile

from sod_gallery.download import LARGEST, DownloadError, Patience, Remote, fetch

PATIENCE = Patience(stall=1.0, slowest=20_000, answer=0.4)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HostileServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    with hostile() as server:
        yield server


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "file.bin"


def known(server: HostileServer, path: str) -> Remote:
    return Remote(url=f"{server.url}{path}", sha256=SHA256, size=len(CONTENT))


def unknown(server: HostileServer, path: str) -> Remote:
    return Remote(url=f"{server.url}{path}")


def failure(remote: Remote, target: Path, pauses: tuple[float, ...] = (0, 0)) -> str:
    """Return what a download that fails says; nothing may be at its target."""
    started = time.monotonic()
    with pytest.raises(DownloadError) as caught:
        fetch(remote, target, pauses=pauses, patience=PATIENCE)
    assert time.monotonic() - started < 4 * PATIENCE.stall
    assert not target.exists()
    if remote.sha256 is None:
        assert list(target.parent.iterdir()) == []
    return str(caught.value)


@pytest.mark.parametrize("path", ["/silent", "/stall", "/trickle"])
@pytest.mark.parametrize("make", [known, unknown])
def test_a_server_that_is_too_slow_is_left_in_time(
    server: HostileServer, target: Path, path: str, make: type
) -> None:
    started = time.monotonic()
    failure(make(server, path), target, pauses=(0,) * 20)
    assert time.monotonic() - started < PATIENCE.stall + 2 * PATIENCE.answer


def test_without_a_setting_a_server_has_half_a_minute() -> None:
    assert Patience().stall <= 30
    assert Patience().answer < Patience().stall


def test_no_more_is_taken_than_the_file_has(server: HostileServer, target: Path) -> None:
    assert "more than its 512,000" in failure(known(server, "/endless"), target)
    assert server.sent < len(CONTENT) + 8_000_000  # what fits into buffers on the way
    assert list(target.parent.iterdir()) == []
    assert server.asked == ["/endless"]


def test_a_length_that_is_too_great_is_refused_before_it_comes(
    server: HostileServer, target: Path
) -> None:
    for path in ("/endless/1572000000", "/length/1"):
        assert "more than its 512,000" in failure(known(server, path), target)
    assert "more than at most" in failure(unknown(server, "/endless/1572000000"), target)


def test_a_file_of_unknown_size_has_a_bound(
    server: HostileServer, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert LARGEST < 100_000_000
    monkeypatch.setattr("sod_gallery.download.LARGEST", 1_000_000)
    assert "more than at most 1,000,000" in failure(unknown(server, "/endless"), target)
    assert server.sent < 9_000_000


@pytest.mark.parametrize("share", range(10, 100, 10))
def test_a_connection_that_is_cut_again_and_again_is_resumed(
    server: HostileServer, target: Path, share: int
) -> None:
    fetch(known(server, f"/cut/{share}"), target, pauses=(0,), patience=PATIENCE)
    assert target.read_bytes() == CONTENT
    assert len(server.asked) == -(-100 // share)
    assert [path.name for path in target.parent.iterdir()] == ["file.bin"]


@pytest.mark.parametrize("share", range(10, 100, 10))
def test_a_cut_without_a_hash_leaves_nothing(
    server: HostileServer, target: Path, share: int
) -> None:
    assert "cannot be reached" in failure(unknown(server, f"/cut/{share}"), target)


def test_a_file_that_is_shorter_than_its_length_is_not_taken(
    server: HostileServer, target: Path
) -> None:
    failure(known(server, "/length/-1"), target)
    failure(unknown(server, "/length/1"), target)


@pytest.mark.parametrize("path", ["/html/", "/html/text/html"])
@pytest.mark.parametrize("make", [known, unknown])
def test_a_web_page_is_not_taken(
    server: HostileServer, target: Path, path: str, make: type
) -> None:
    failure(make(server, path), target)
    assert not target.exists()


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:1/right",
        "http://127.0.0.1:1/right",
        "https://127.0.0.2/right",
        "https://evil.example/127.0.0.1",
        "//evil.example/right",
        "file:///etc/hostname",
        "ftp://127.0.0.1/right",
    ],
)
def test_redirects_stay_with_the_hosts_that_are_known(
    server: HostileServer, target: Path, address: str
) -> None:
    said = failure(known(server, f"/to/{address}"), target)
    assert "redirects to" in said
    assert "not allowed" in said
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("start", "to", "is_allowed"),
    [
        ("https://github.com/a", "https://release-assets.githubusercontent.com/b", True),
        ("https://huggingface.co/a", "https://cas-bridge.xethub.hf.co/b", True),
        ("https://huggingface.co/a", "https://huggingface.co/b", True),
        ("https://a.github.io/x", "https://a.github.io/y", True),
        ("http://mirror.example/x", "https://mirror.example/x", True),
        ("https://github.com/a", "http://github.com/a", False),
        ("https://github.com/a", "https://evil-githubusercontent.com/a", False),
        ("https://github.com/a", "https://github.com.evil.example/a", False),
        ("https://huggingface.co/a", "https://github.com/a", False),
        ("https://github.com/a", "file:///etc/passwd", False),
    ],
)
def test_where_a_host_may_redirect_to(start: str, to: str, is_allowed: bool) -> None:
    import httpx2

    from sod_gallery.download import _is_allowed

    assert _is_allowed(httpx2.URL(start), httpx2.URL(to)) is is_allowed


def test_a_redirect_within_the_host_is_followed(server: HostileServer, target: Path) -> None:
    fetch(known(server, "/to/http://HERE/right"), target, patience=PATIENCE)
    assert target.read_bytes() == CONTENT


def test_redirects_in_a_circle_end(server: HostileServer, target: Path) -> None:
    circle = "/to/" * 20 + "/right"
    assert "redirects without end" in failure(known(server, circle), target)
    assert len(server.asked) == 6


def test_several_at_once_do_not_disturb_each_other(server: HostileServer, target: Path) -> None:
    errors: list[Exception] = []

    def download() -> None:
        try:
            fetch(known(server, "/cut/10"), target, pauses=(0,), patience=PATIENCE)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=download) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert target.read_bytes() == CONTENT
    assert [path.name for path in target.parent.iterdir()] == ["file.bin"]


def test_what_a_killed_process_left_goes_with_the_next_download(
    server: HostileServer, target: Path
) -> None:
    target.parent.mkdir()
    for name in ("file.bin.part", "file.bin.01234567.part", "other.bin.part"):
        (target.parent / name).write_bytes(CONTENT[:1000])
    fetch(known(server, "/right"), target, patience=PATIENCE)
    names = {path.name for path in target.parent.iterdir()}
    assert names == {"file.bin", "other.bin.part"}
