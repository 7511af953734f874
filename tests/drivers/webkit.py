"""WebKit: WebKitGTK's MiniBrowser on a display of its own, driven by Selenium."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from drivers.keys import webdriver_key
from drivers.window import Driver, Place
from selenium.webdriver import ActionChains, Remote
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

SCREEN = "1600x1400x24"


class WebKit:
    """The window of a MiniBrowser."""

    def __init__(self, browser: Remote) -> None:
        self._browser = browser

    def resize(self, width: int, height: int) -> None:
        """Give the page a size; the window is larger, by its own bar."""
        self._browser.set_window_size(width, height)
        shown = int(self._browser.execute_script("return innerHeight"))
        self._browser.set_window_size(width, height + height - shown)

    def open(self, url: str) -> None:
        self._browser.get(url)

    def reload(self) -> None:
        self._browser.refresh()

    def back(self) -> None:
        self._browser.back()

    def evaluate(self, expression: str) -> str | None:
        text: str | None = self._browser.execute_script(f"return {expression}")
        return text

    def press(self, key: str) -> None:
        ActionChains(self._browser, duration=0).send_keys(webdriver_key(key)).perform()

    def drag(self, places: Sequence[Place]) -> None:
        first, *others = [(round(x), round(y)) for x, y in places]
        actions = ActionBuilder(self._browser, duration=0)
        mouse = actions.pointer_action
        mouse.move_to_location(*first)
        mouse.pointer_down()
        for place in others:
            mouse.move_to_location(*place)
        mouse.pointer_up()
        actions.perform()

    def screenshot(self) -> bytes:
        return self._browser.get_screenshot_as_png()


@contextmanager
def webkit(
    driver: str, program: str, size: tuple[int, int], home: Path, downloads: Path
) -> Iterator[Driver]:
    """Start MiniBrowser on a display that nobody sees, and end both afterwards."""
    with _display() as display:
        service = Service(driver, env=_environment(home, downloads, display))
        options = Options()
        options.binary_location = program
        options.add_argument("--automation")
        service.start()
        try:
            connection = RemoteConnection(client_config=ClientConfig(service.service_url))
            browser = Remote(connection, options=options)
            window = WebKit(browser)
            window.resize(*size)
            yield window
            browser.quit()
        finally:
            service.stop()


def _environment(home: Path, downloads: Path, display: str) -> dict[str, str]:
    """Return what the browser finds around it: a home of its own, and no sandbox.

    The sandbox does not start as root and in containers; the pages shown are our own.
    """
    (home / "user-dirs.dirs").write_text(f'XDG_DOWNLOAD_DIR="{downloads}"\n', encoding="utf-8")
    return os.environ | {
        "DISPLAY": display,
        "GDK_BACKEND": "x11",
        "HOME": str(home),
        "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
        "XDG_CONFIG_HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
    }


@contextmanager
def _display() -> Iterator[str]:
    """Start an X server without a screen; it chooses a free number and tells it."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as numbers:
            yield f":{numbers.readline().strip()}"
    finally:
        server.terminate()
        server.wait()
