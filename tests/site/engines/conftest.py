"""One window of Chromium, of Firefox and of WebKit, to run each test of this folder in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest
from drivers.chromium import chromium
from drivers.firefox import firefox
from drivers.watched import WatchedServer, watched
from drivers.webkit import webkit
from drivers.window import Driver, Window
from jekyll_site import BASEURL, Site

SIZE = (1000, 1000)
MINI_BROWSERS = "lib*/*/webkit*gtk-*/MiniBrowser"
"""Where Debian's packages have it, below /usr: it is not in the PATH."""


@dataclass(frozen=True)
class Engine:
    """A running browser and the folder where its downloads appear."""

    name: str
    driver: Driver
    downloads: Path


def absent(what: str, part: str) -> NoReturn:
    """Skip where a browser cannot be had; in continuous integration that is a failure."""
    sentence = f"{what} is not installed: run `make {part}` as root"
    if os.environ.get("CI"):
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def start_firefox(folder: Path, downloads: Path) -> AbstractContextManager[Driver]:
    program = shutil.which("firefox-esr") or shutil.which("firefox") or absent("Firefox", "firefox")
    return firefox(program, SIZE, folder, downloads)


def start_webkit(folder: Path, downloads: Path) -> AbstractContextManager[Driver]:
    driver = shutil.which("WebKitWebDriver")
    program = next(Path("/usr").glob(MINI_BROWSERS), None)
    if not (driver and program and shutil.which("Xvfb")):
        absent("WebKit with its driver, or Xvfb,", "webkit")
    return webkit(driver, str(program), SIZE, folder, downloads)


@pytest.fixture(scope="session", params=["chromium", "firefox", "webkit"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """Start each browser once: pytest runs all tests of one before the next."""
    name: str = request.param
    running: AbstractContextManager[Driver]
    folder, downloads = tmp_path_factory.mktemp(name), tmp_path_factory.mktemp("downloads")
    if name == "chromium":
        running = chromium(request.getfixturevalue("browser"), SIZE, downloads)
    elif name == "firefox":
        running = start_firefox(folder, downloads)
    else:
        running = start_webkit(folder, downloads)
    with running as driver:
        yield Engine(name, driver, downloads)


@pytest.fixture
def downloads(engine: Engine) -> Path:
    """Return the folder where the engine's downloads appear, without earlier ones."""
    for file in engine.downloads.iterdir():
        file.unlink()
    return engine.downloads


@pytest.fixture(scope="session")
def watched_site(site: Site) -> Iterator[WatchedServer]:
    """Serve the site once more, with pages that report what goes wrong in them."""
    with watched(site.folder.parent) as server:
        yield server


@pytest.fixture
def window(engine: Engine, watched_site: WatchedServer) -> Iterator[Window]:
    """Return the engine's window, which remembers nothing; what a page reports fails the test."""
    window = Window(engine.driver, watched_site.origin + BASEURL)
    watched_site.problems.clear()
    yield window
    window.open("/404.html")  # a page that stores nothing; leaving another may store a note
    window.read("[localStorage.clear(), sessionStorage.clear()]")
    assert not watched_site.problems, "\n".join(watched_site.problems)
