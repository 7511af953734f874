"""Firefox, driven by its own WebDriver BiDi server: Debian has no geckodriver.

Selenium brings the connection.  Its class for Firefox insists on geckodriver, so the commands are
sent by their names here.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from drivers.keys import webdriver_key
from drivers.window import Driver, Place
from selenium.webdriver.common.bidi.common import command_builder
from selenium.webdriver.remote.websocket_connection import WebSocketConnection

PATIENCE = 30.0
PREFERENCES = {
    "app.update.disabledForTesting": True,
    "browser.aboutConfig.showWarning": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "remote.active-protocols": 1,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}


class Firefox:
    """The one tab of a Firefox, by its BiDi connection."""

    def __init__(self, connection: WebSocketConnection) -> None:
        self._connection = connection
        self._send("session.new", {"capabilities": {}})
        # The tab that Firefox starts with never gets the focus: no "change" follows what is typed.
        self._tab = self._send("browsingContext.create", {"type": "tab"})["context"]

    def _send(self, method: str, parameters: dict[str, Any]) -> Any:
        return self._connection.execute(command_builder(method, parameters))

    def _in_tab(self, method: str, **parameters: Any) -> Any:
        return self._send(method, {"context": self._tab, **parameters})

    def save_into(self, downloads: Path) -> None:
        """Save whatever is downloaded into a folder, without asking."""
        behavior = {"type": "allowed", "destinationFolder": str(downloads)}
        self._send("browser.setDownloadBehavior", {"downloadBehavior": behavior})

    def resize(self, width: int, height: int) -> None:
        """Give the page a size, at one pixel for each CSS pixel."""
        size = {"width": width, "height": height}
        self._in_tab("browsingContext.setViewport", viewport=size, devicePixelRatio=1)

    def open(self, url: str) -> None:
        self._in_tab("browsingContext.navigate", url=url, wait="complete")

    def reload(self) -> None:
        self._in_tab("browsingContext.reload", wait="complete")

    def back(self) -> None:
        self._in_tab("browsingContext.traverseHistory", delta=-1)

    def evaluate(self, expression: str) -> str | None:
        answer = self._send(
            "script.evaluate",
            {"expression": expression, "target": {"context": self._tab}, "awaitPromise": False},
        )
        if answer["type"] == "exception":
            raise AssertionError(f"{answer['exceptionDetails']['text']} in {expression}")
        text: str | None = answer["result"].get("value")
        return text

    def press(self, key: str) -> None:
        value = webdriver_key(key)
        actions = [{"type": kind, "value": value} for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keyboard", "actions": actions})

    def drag(self, places: Sequence[Place]) -> None:
        moves = [
            {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0} for x, y in places
        ]
        down = {"type": "pointerDown", "button": 0}
        up = {"type": "pointerUp", "button": 0}
        actions = [moves[0], down, *moves[1:], up]
        self._act({"type": "pointer", "id": "mouse", "actions": actions})

    def _act(self, source: dict[str, Any]) -> None:
        self._in_tab("input.performActions", actions=[source])

    def screenshot(self) -> bytes:
        return base64.b64decode(self._in_tab("browsingContext.captureScreenshot")["data"])


@contextmanager
def firefox(
    program: str, size: tuple[int, int], profile: Path, downloads: Path
) -> Iterator[Driver]:
    """Start Firefox without a display, and end it afterwards."""
    lines = [
        f"user_pref({json.dumps(key)}, {json.dumps(value)});" for key, value in PREFERENCES.items()
    ]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    process = subprocess.Popen(
        [program, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0"],
        env=os.environ | {"HOME": str(profile)},  # as root it takes no other user's home
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        connection = WebSocketConnection(_address(profile, process), PATIENCE, 0.005)
        driver = Firefox(connection)
        driver.resize(*size)
        driver.save_into(downloads)
        yield driver
    finally:  # the connection ends by itself with Firefox; to close it can take ten seconds
        process.terminate()
        process.wait(PATIENCE)


def _address(profile: Path, process: subprocess.Popen[bytes]) -> str:
    """Wait until Firefox has written where its BiDi server listens."""
    file = profile / "WebDriverBiDiServer.json"
    until = time.monotonic() + PATIENCE
    while not (file.is_file() and file.stat().st_size):
        assert process.poll() is None, f"Firefox ended at once, with status {process.returncode}"
        assert time.monotonic() < until, f"Firefox did not answer within {PATIENCE} s"
        time.sleep(0.05)
    server = json.loads(file.read_text("utf-8"))
    return f"ws://{server['ws_host']}:{server['ws_port']}/session"
