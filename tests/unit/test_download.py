"""A download arrives whole and right, or leaves nothing at its target and says what to do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from webserver import WebServer, serving

from sod_gallery.download import DownloadError, Remote, fetch

CONTENT = bytes(range(256)) * 1000


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as server:
        server.files["/weights.bin"] = CONTENT
        yield server


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "new" / "weights.bin"


def part_of(target: Path) -> Path:
    return target.with_name("weights.bin.part")


def remote(server: WebServer, content: bytes = CONTENT) -> Remote:
    return Remote(
        url=f"{server.url}/weights.bin",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )


def quickly(remote: Remote, target: Path) -> None:
    fetch(remote, target, pauses=(0, 0))


def test_a_file_arrives_and_progress_is_told(server: WebServer, target: Path) -> None:
    told: list[tuple[str, int, int | None]] = []

    def progress(name: str, done: int, total: int | None) -> None:
        told.append((name, done, total))

    fetch(remote(server), target, progress=progress)
    assert target.read_bytes() == CONTENT
    assert [path.name for path in target.parent.iterdir()] == ["weights.bin"]
    assert told[-1] == ("weights.bin", len(CONTENT), len(CONTENT))


def test_a_connection_cut_half_way_is_resumed(server: WebServer, target: Path) -> None:
    server.cuts = [100_000, 50_000]
    quickly(remote(server), target)
    assert target.read_bytes() == CONTENT
    assert [wanted for _, wanted in server.asked] == [None, "bytes=100000-", "bytes=150000-"]


def test_a_connection_cut_for_good_keeps_what_came(server: WebServer, target: Path) -> None:
    server.cuts = [1000, 1000, 1000]
    with pytest.raises(DownloadError, match=r"was cut off: .* 3,000 bytes are kept, run again"):
        quickly(remote(server), target)
    assert not target.exists()
    assert part_of(target).read_bytes() == CONTENT[:3000]


@pytest.mark.parametrize("ranges", [True, False])
def test_a_partial_file_from_earlier_is_completed(
    server: WebServer, target: Path, ranges: bool
) -> None:
    server.ranges = ranges
    target.parent.mkdir()
    part_of(target).write_bytes(CONTENT[:70_000])
    quickly(remote(server), target)
    assert target.read_bytes() == CONTENT
    assert server.asked == [("/weights.bin", "bytes=70000-")]


def test_a_complete_partial_file_needs_no_request(server: WebServer, target: Path) -> None:
    target.parent.mkdir()
    part_of(target).write_bytes(CONTENT)
    quickly(remote(server), target)
    assert target.read_bytes() == CONTENT
    assert server.asked == []


def test_a_partial_file_that_is_too_long_is_dropped(server: WebServer, target: Path) -> None:
    target.parent.mkdir()
    part_of(target).write_bytes(CONTENT + b"surplus")
    quickly(remote(server), target)
    assert target.read_bytes() == CONTENT


def test_a_partial_file_of_other_content_is_found_out(server: WebServer, target: Path) -> None:
    target.parent.mkdir()
    part_of(target).write_bytes(b"x" * 70_000)
    with pytest.raises(DownloadError, match="sent wrong bytes"):
        quickly(remote(server), target)
    quickly(remote(server), target)
    assert target.read_bytes() == CONTENT


def test_wrong_bytes_are_deleted_and_named(server: WebServer, target: Path) -> None:
    expected = remote(server)
    server.files["/weights.bin"] = CONTENT[::-1]
    found = hashlib.sha256(CONTENT[::-1]).hexdigest()
    with pytest.raises(DownloadError, match=f"{found[:12]}…, expected") as caught:
        quickly(expected, target)
    assert f"save it as {target}" in str(caught.value)
    assert list(target.parent.iterdir()) == []


def test_a_file_that_is_longer_than_promised_is_refused(server: WebServer, target: Path) -> None:
    expected = remote(server)
    server.files["/weights.bin"] = CONTENT + b"more"
    with pytest.raises(DownloadError, match="sent wrong bytes"):
        quickly(expected, target)
    assert list(target.parent.iterdir()) == []


def test_wrong_bytes_do_not_replace_an_older_file(server: WebServer, target: Path) -> None:
    target.parent.mkdir()
    target.write_bytes(b"older")
    expected = remote(server, b"something else")
    with pytest.raises(DownloadError):
        quickly(expected, target)
    assert target.read_bytes() == b"older"


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "application/octet-stream"])
@pytest.mark.parametrize("hashed", [True, False])
def test_a_web_page_instead_of_the_file_is_refused(
    server: WebServer, target: Path, content_type: str, hashed: bool
) -> None:
    page = b"\n<!DOCTYPE html><title>Sign in</title>" + b" " * 1000
    expected = remote(server) if hashed else Remote(url=f"{server.url}/weights.bin")
    if hashed:  # otherwise its length alone would give it away
        expected = Remote(url=expected.url, sha256=expected.sha256, size=len(page))
    server.files["/weights.bin"], server.content_type = page, content_type
    with pytest.raises(DownloadError, match=r"sent a web page instead of weights\.bin"):
        quickly(expected, target)
    assert list(target.parent.iterdir()) == []


def test_a_file_that_is_not_there_is_asked_for_once(server: WebServer, target: Path) -> None:
    wanted = remote(server)
    server.files.clear()
    with pytest.raises(DownloadError, match="answered 404 Not Found; get the file from elsewhere"):
        quickly(wanted, target)
    assert len(server.asked) == 1


def test_a_busy_server_is_asked_again(server: WebServer, target: Path) -> None:
    server.statuses = [503, 429]
    quickly(remote(server), target)
    assert target.read_bytes() == CONTENT


def test_without_a_hash_nothing_is_resumed(server: WebServer, target: Path) -> None:
    target.parent.mkdir()
    part_of(target).write_bytes(b"who knows")
    server.cuts = [100_000]
    quickly(Remote(url=f"{server.url}/weights.bin"), target)
    assert target.read_bytes() == CONTENT
    assert [wanted for _, wanted in server.asked] == [None, None]


def test_no_server(target: Path) -> None:
    with serving() as gone:
        wanted = remote(gone)
    with pytest.raises(DownloadError, match=r"cannot be reached: .*; run again when the network"):
        quickly(wanted, target)


def test_an_address_that_is_none_is_not_tried_again(target: Path) -> None:
    with pytest.raises(DownloadError, match="check the address"):
        fetch(Remote(url="mirror/weights.bin"), target, pauses=(60,))


def test_offline_asks_nobody(server: WebServer, target: Path) -> None:
    with pytest.raises(DownloadError, match=rf"{target} is missing and --offline .* save http"):
        fetch(remote(server), target, offline=True)
    assert server.asked == []
    assert not target.parent.exists()


def test_a_target_that_cannot_be_written(server: WebServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DownloadError, match="cannot be written: "):
        quickly(remote(server), tmp_path / "file" / "weights.bin")
