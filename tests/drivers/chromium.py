"""Chromium, driven by Playwright as in the site's other tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from drivers.window import Driver, Place
from playwright.sync_api import Browser, Error, Page


class Chromium:
    """One page of a browser that is already running."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self, url: str) -> None:
        self._page.goto(url)

    def reload(self) -> None:
        self._page.reload()

    def back(self) -> None:
        self._page.go_back()

    def evaluate(self, expression: str) -> str | None:
        try:
            text: str | None = self._page.evaluate(expression)
        except Error as error:
            if "context was destroyed" in error.message:
                return None
            raise
        return text

    def press(self, key: str) -> None:
        self._page.keyboard.press(key)

    def drag(self, places: Sequence[Place]) -> None:
        first, *others = places
        self._page.mouse.move(*first)
        self._page.mouse.down()
        for place in others:
            self._page.mouse.move(*place)
        self._page.mouse.up()

    def screenshot(self) -> bytes:
        return self._page.screenshot()


@contextmanager
def chromium(browser: Browser, size: tuple[int, int], downloads: Path) -> Iterator[Driver]:
    """Open a page; what it downloads is saved into a folder under the suggested name."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    page.on("download", lambda file: file.save_as(downloads / file.suggested_filename))
    yield Chromium(page)
    context.close()
