"""A small HTTP server whose manners a test can spoil."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote

Server = TypeVar("Server", bound=ThreadingHTTPServer)


class WebServer(ThreadingHTTPServer):
    """Serves ``files`` by path, and writes down what it was asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str | None]] = []
        """Path and Range header of every request."""
        self.ranges = True
        self.cuts: list[int] = []
        """Of the next responses only so many bytes are sent before the connection closes."""
        self.statuses: list[int] = []
        """Answers of the next requests instead of the files."""
        self.content_type = "application/octet-stream"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: WebServer

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.server.asked.append((self.path, wanted))
        content = self.server.files.get(unquote(self.path))
        if self.server.statuses:
            self.send_error(self.server.statuses.pop(0))
        elif content is None:
            self.send_error(404)
        else:
            self._send(content, wanted if self.server.ranges else None)

    def _send(self, content: bytes, wanted: str | None) -> None:
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        if start >= len(content) > 0:
            self.send_error(416)
            return
        self.send_response(206 if wanted else 200)
        if wanted:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Type", self.server.content_type)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        until = start + self.server.cuts.pop(0) if self.server.cuts else len(content)
        self.wfile.write(content[start:until])

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet."""


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output free of requests."""


def serving_folder(folder: Path) -> AbstractContextManager[ThreadingHTTPServer]:
    """Serve a folder's files for the length of a ``with`` block."""
    handler = partial(_QuietHandler, directory=str(folder))
    return running(ThreadingHTTPServer(("127.0.0.1", 0), handler))


def serving() -> AbstractContextManager[WebServer]:
    """Run a WebServer for the length of a ``with`` block."""
    return running(WebServer())


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Run any server for the length of a ``with`` block."""
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
