"""Serves the built site and hears what goes wrong in its pages, in a browser that cannot tell."""

from __future__ import annotations

from contextlib import AbstractContextManager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from webserver import running

# WebKitWebDriver has no way to read the console, so each page reports by itself.
REPORTER = b"""<head><script>{
  const tell = (text) => fetch("/problems",
    {method: "POST", body: `${location.pathname}: ${text}`, keepalive: true});
  addEventListener("error", ({target, message}) =>
    tell(message ?? `${target.src ?? target.href} did not load`), true);
  addEventListener("securitypolicyviolation", ({violatedDirective, blockedURI}) =>
    tell(`${violatedDirective} forbids ${blockedURI}`));
  addEventListener("unhandledrejection", ({reason}) => tell(reason));
  console.error = (...words) => tell(words.join(" "));
}</script>"""


class WatchedServer(ThreadingHTTPServer):
    """Serves a folder and writes down what failed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.problems: list[str] = []

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(SimpleHTTPRequestHandler):
    server: WatchedServer

    def translate_path(self, path: str) -> str:
        self.directory = str(self.server.folder)
        return super().translate_path(path)

    def do_GET(self) -> None:
        page = Path(self.translate_path(self.path))
        page = page / "index.html" if page.is_dir() else page
        if page.suffix != ".html" or not page.is_file():
            super().do_GET()
            return
        content = page.read_bytes().replace(b"<head>", REPORTER, 1)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.problems.append(content.decode())
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output free of requests."""

    def log_error(self, format: str, *args: object) -> None:
        # Browsers ask for this by themselves, and pages name another icon.
        if self.path != "/favicon.ico":
            self.server.problems.append(f"{self.path}: {format % args}")


def watched(folder: Path) -> AbstractContextManager[WatchedServer]:
    """Run a server for the length of a ``with`` block."""
    return running(WatchedServer(folder))
