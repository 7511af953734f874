"""What the tests of the three engines do in a window, whichever browser it belongs to."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Place = tuple[float, float]
PATIENCE = 10.0
PAUSE = 0.05


class Driver(Protocol):
    """The little that a browser has to do; everything else is JavaScript, the same for all."""

    def open(self, url: str) -> None:
        """Go to an address, and return when the page has loaded."""

    def reload(self) -> None:
        """Load the page again, as its button does, and return when it has loaded."""

    def back(self) -> None:
        """Go back in the history; the page may still be loading afterwards."""

    def evaluate(self, expression: str) -> str | None:
        """Return the string that an expression gives; None if another page came meanwhile."""

    def press(self, key: str) -> None:
        """Press and release a key: a character, or a name of Playwright's such as "Enter"."""

    def drag(self, places: Sequence[Place]) -> None:
        """Press the mouse at the first place, move over the others, and release; one is a click."""

    def screenshot(self) -> bytes:
        """Return what the window shows as a PNG, one pixel for each CSS pixel."""


class Window:
    """The one window of a browser."""

    def __init__(self, driver: Driver, origin: str) -> None:
        self.driver = driver
        self.origin = origin

    def open(self, path: str) -> None:
        """Open a page of the site, by its path or by its whole address."""
        self.driver.open(path if path.startswith("http") else self.origin + path)

    def read(self, expression: str) -> Any:
        """Return the value of a JavaScript expression; what JSON cannot hold is None."""
        text = self.driver.evaluate(f"JSON.stringify({expression})")
        return json.loads(text) if text else None

    def wait(self, expression: str) -> Any:
        """Wait until a JavaScript expression is true, and return its value."""
        until = time.monotonic() + PATIENCE
        while not (value := self.read(expression)):
            assert time.monotonic() < until, f"still {value!r} after {PATIENCE} s: {expression}"
            time.sleep(PAUSE)
        return value

    def sees(self, selector: str, text: str) -> None:
        """Wait until the first element of a selector is visible and its text holds ``text``."""
        self.wait(
            "(({innerText} = {}) => innerText?.includes(" + json.dumps(text) + "))"
            f"(document.querySelector({json.dumps(selector)}) ?? undefined)"
        )

    def box(self, selector: str) -> tuple[float, float, float, float]:
        """Bring an element into view; return its left, top, width and height in the window.

        The page is scrolled by whole pixels, to the same place each time, so that pictures agree.
        """
        found = self.wait(
            f"""(() => {{
              const element = document.querySelector({json.dumps(selector)});
              if (!element?.getBoundingClientRect().width) return null;
              const {{top, height}} = element.getBoundingClientRect();
              const middle = Math.floor(scrollY + top + height / 2 - innerHeight / 2 + 0.25);
              scrollTo({{top: middle, behavior: "instant"}});
              const box = element.getBoundingClientRect();
              return [box.x, box.y, box.width, box.height];
            }})()"""
        )
        left, top, width, height = found
        return left, top, width, height

    def within(self, selector: str, across: float, down: float) -> Place:
        """Return the place in the window of a point of an element, in fractions of its size."""
        left, top, width, height = self.box(selector)
        return left + width * across, top + height * down

    def click(self, selector: str) -> None:
        """Click the middle of an element."""
        self.driver.drag([self.within(selector, 0.5, 0.5)])

    def focus(self, selector: str) -> None:
        """Give an element the focus, as Tab would."""
        self.read(f"document.querySelector({json.dumps(selector)}).focus()")

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.driver.press(key)

    def picture(self, selector: str) -> NDArray[np.int16]:
        """Return an element as the window shows it: height, width, 3; its rim is cut off."""
        left, top, width, height = self.box(selector)
        box = (round(left) + 2, round(top) + 2, round(left + width) - 2, round(top + height) - 2)
        shot = Image.open(io.BytesIO(self.driver.screenshot())).convert("RGB")
        return np.asarray(shot.crop(box), dtype=np.int16)
