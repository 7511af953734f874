"""A server that does to a download whatever servers do: each path is one misdeed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from webserver import running

CONTENT = bytes(range(256)) * 2000
ENDLESS = b"x" * 65_536


class HostileServer(ThreadingHTTPServer):
    """Serves ``CONTENT`` at ``/right``, and misdeeds at all other paths."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        self.sent = 0
        """Bytes of bodies that were sent, those lost in buffers included."""
        self.leave = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up: that is what the tests are about."""

    def server_close(self) -> None:
        self.leave.set()
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    server: HostileServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        name, _, argument = self.path.strip("/").partition("/")
        misdeeds: dict[str, Callable[[str], None]] = {
            "right": self._right,
            "silent": lambda _: self._wait(),
            "stall": self._stall,
            "trickle": self._trickle,
            "endless": self._endless,
            "cut": self._cut,
            "length": self._length,
            "html": self._html,
            "to": self._redirect,
        }
        self.close_connection = True
        misdeeds[name](argument)

    def _begin(self, length: int | None, start: int = 0, kind: str = "binary/data") -> None:
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}")
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def _start(self) -> int:
        wanted = self.headers.get("Range", "bytes=0-")
        return int(wanted.removeprefix("bytes=").removesuffix("-"))

    def _send(self, content: bytes) -> None:
        self.wfile.write(content)
        self.server.sent += len(content)

    def _wait(self) -> None:
        self.server.leave.wait(60)

    def _right(self, _: str) -> None:
        start = self._start()
        self._begin(len(CONTENT) - start, start)
        self._send(CONTENT[start:])

    def _stall(self, _: str) -> None:
        start = self._start()
        self._begin(len(CONTENT) - start, start)
        self._send(CONTENT[start : start + 1000])
        self._wait()

    def _trickle(self, _: str) -> None:
        start = self._start()
        self._begin(len(CONTENT) - start, start)
        while not self.server.leave.wait(0.05):
            self._send(CONTENT[start : start + 1])
            start += 1

    def _endless(self, length: str) -> None:
        self._begin(int(length) if length else None)
        until = time.monotonic() + 20
        while time.monotonic() < until and not self.server.leave.is_set():
            self._send(ENDLESS)

    def _cut(self, share: str) -> None:
        """Close after so many per cent of the file, each time."""
        start = self._start()
        self._begin(len(CONTENT) - start, start)
        self._send(CONTENT[start : start + len(CONTENT) * int(share) // 100])

    def _length(self, more: str) -> None:
        """State a wrong length."""
        self._begin(len(CONTENT) + int(more))
        self._send(CONTENT)

    def _html(self, kind: str) -> None:
        page = b"<!DOCTYPE html><title>Sign in</title>"
        self._begin(len(page), kind=kind or "application/octet-stream")
        self._send(page)

    def _redirect(self, address: str) -> None:
        self.send_response(302)
        here = self.server.url.removeprefix("http://")
        self.send_header("Location", address.replace("HERE", here))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet."""


def hostile() -> AbstractContextManager[HostileServer]:
    """Run a HostileServer for the length of a ``with`` block."""
    return running(HostileServer())
