"""The built site, a server for it, and Chromium to look at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsers import BROWSER_FLAGS, find_browser
from fixture_site import difficult_samples, drawn_sample, write_gallery
from jekyll_site import BASEURL, OpenPage, Site, build_site, copy_sources
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    sync_playwright,
)
from slider_pages import write_slider_pages
from viewer_pages import write_viewer_pages
from webserver import serving_folder


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Serve an empty folder on a free port; return the folder and its address."""
    folder = tmp_path_factory.mktemp("site") / "_out"
    with serving_folder(folder) as server:
        yield folder, f"http://127.0.0.1:{server.server_port}"


@pytest.fixture(scope="session")
def site_source(root: Path, served: tuple[Path, str]) -> Path:
    """Return a copy of the site's sources with a drawn gallery and the sliders' test pages."""
    if not (root / "assets/vendor/ideal-image-slider").is_dir():
        pytest.fail("assets/vendor is missing: run `npm ci && npm run vendor`", pytrace=False)
    folder, origin = served
    source = folder.parent / "source"
    copy_sources(root, source)
    others = [drawn_sample("cup.png", (800, 600), (0.25, 0.25, 0.75, 0.75), 320)]
    gallery = write_gallery(source, {"sample": difficult_samples(), "others": others})
    write_viewer_pages(source, gallery)
    write_slider_pages(source, f"{origin}{BASEURL}")
    return source


@pytest.fixture(scope="session")
def site(root: Path, site_source: Path, served: tuple[Path, str]) -> Site:
    """Build the site for the baseurl ``/U-2-Net`` and serve it."""
    folder, origin = served
    destination = folder / BASEURL.strip("/")
    build_site(root, site_source, destination)
    return Site(destination, origin)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the machine's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def problems() -> list[str]:
    """Collect what went wrong in the test's pages; a test that expects it clears the list."""
    return []


@pytest.fixture
def open_page(browser: Browser, site: Site, problems: list[str]) -> Iterator[OpenPage]:
    """Return a function that opens a page in a new context with the options of ``new_context``.

    For example ``open_page("/about/", color_scheme="dark", reduced_motion="reduce")``,
    ``has_touch=True`` or ``java_script_enabled=False``.  At the end the test fails on any error of
    a script or of the console, on any request that failed, and on any to another host.

    Playwright waits by ``eval``, which the site's Content-Security-Policy forbids: here it is off,
    and the tests of the three engines hold it.
    """
    contexts: list[BrowserContext] = []

    def open_page(path: str = "", **options: Any) -> Page:
        contexts.append(browser.new_context(**{"bypass_csp": True, **options}))
        page = contexts[-1].new_page()
        page.set_default_timeout(5_000)
        _watch(page, site.origin, problems)
        if path:
            page.goto(site.url(path))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not problems, "\n".join(problems)


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """Return an empty page of a desktop browser that is watched for errors."""
    return open_page()


def _watch(page: Page, origin: str, problems: list[str]) -> None:
    def check_response(response: Response) -> None:
        if response.status >= 400:
            problems.append(f"{response.status} {response.url}")

    def check_host(url: str) -> None:
        if not url.startswith((f"{origin}/", "data:", "blob:")):
            problems.append(f"request to another host: {url}")

    def check_failure(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page was left before it had arrived
            problems.append(f"{request.failure} {request.url}")

    def check_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.append(f"console: {message.text}")

    page.on("console", check_console)
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on("requestfailed", check_failure)
    page.on("request", lambda request: check_host(request.url))
    page.on("response", check_response)
