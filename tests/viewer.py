"""What the viewer's tests share: the page with all that it can show, and ways to look at it."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page

CUP = "/compare/others/cup-png/"
GROUND = (222, 186, 210)
OBJECT = (61, 163, 41)
Pixels = NDArray[np.int16]
Point = tuple[float, float]

READY = """() => document.fonts.ready && [...document.querySelectorAll("photo-compare .stage")]
    .every((stage) => stage.ariaBusy === "false")"""


def ready(page: Page) -> Page:
    """Wait until every viewer of the page shows what it should, painted."""
    page.wait_for_function(READY)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    return page


def view(page: Page) -> dict[str, Any]:
    """Return the state of the page's first viewer."""
    state: dict[str, Any] = page.evaluate("document.querySelector('photo-compare').state")
    return state


def box(page: Page, selector: str = ".stage") -> dict[str, float]:
    """Return the place of an element of the viewer, in CSS pixels of the window."""
    found = page.locator(f"photo-compare {selector}").first.bounding_box()
    assert found
    return {"x": found["x"], "y": found["y"], "width": found["width"], "height": found["height"]}


def point(page: Page, across: float, down: float) -> Point:
    """Return the place in the window of a point of the stage, in fractions of its size."""
    stage = box(page)
    return stage["x"] + stage["width"] * across, stage["y"] + stage["height"] * down


def seen(page: Page) -> Pixels:
    """Return the stage as it is painted: height, width, 3; labels and handle left out.

    Its rim is cut off: it shares pixels with the page where the stage lies between pixels.
    """
    ready(page)
    style = "figcaption, .handle { visibility: hidden !important }"
    shot = page.locator("photo-compare .stage").first.screenshot(style=style)
    pixels = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), dtype=np.int16)
    return pixels[2:-2, 2:-2]


def at(pixels: Pixels, across: float, down: float) -> tuple[int, ...]:
    """Return the colour at a point, in fractions of the size."""
    height, width, _ = pixels.shape
    return tuple(int(value) for value in pixels[int(height * down), int(width * across)])


def is_near(one: tuple[int, ...], other: tuple[int, ...], within: int = 4) -> bool:
    """Tell whether two colours are as good as the same after compression."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= within


def opened(page: Page, **fields: object) -> Page:
    """Change the view of the page's first viewer, as its controls do."""
    change = "(changes) => document.querySelector('photo-compare').change(changes)"
    ready(page).evaluate(change, fields)
    return ready(page)
