"""The viewer in each engine: all modes, the divider, keys, and a link that shows the same again."""

from __future__ import annotations

import re
import time
from urllib.parse import urlsplit

import numpy as np
import pytest
from drivers.window import PATIENCE, Window
from viewer import CUP, GROUND, OBJECT, READY, Pixels, Point, at, is_near

pytestmark = pytest.mark.site

STAGE = "photo-compare .stage"
DIVIDER = "photo-compare .divider"
CHOSEN = "document.querySelector('photo-compare [name=mode]:checked').value"
WHITE = (255, 255, 255)
DIFFERENT = tuple(255 - value for value in OBJECT)
MIXED = tuple(round((value + 255) / 2) for value in OBJECT)
DIMMED = tuple(round(value * 0.15) for value in GROUND)

Colours = dict[Point, tuple[int, ...]]
TRUTH = "a=photo&b=truth"
# Places in fractions of the stage: they are on the photo whether or not it is as wide as the stage.
MIDDLE, BESIDE = (0.5, 0.5), (0.2, 0.5)
MODES: dict[str, tuple[str, str, Colours]] = {
    "swipe": ("w", TRUTH, {(0.45, 0.5): OBJECT, BESIDE: GROUND, (0.55, 0.5): WHITE}),
    "side": ("s", TRUTH, {(0.25, 0.5): OBJECT, (0.75, 0.5): WHITE}),
    "toggle": ("t", TRUTH, {MIDDLE: OBJECT, BESIDE: GROUND}),
    "onion": ("o", TRUTH, {MIDDLE: MIXED}),
    "difference": ("d", TRUTH, {MIDDLE: DIFFERENT}),
    "threshold": ("l", "a=photo&b=cutout", {MIDDLE: OBJECT, BESIDE: DIMMED}),
}


def opened(window: Window, fragment: str = "") -> Window:
    """Open the page of a photo that has everything, and wait until its pictures are there."""
    window.open(f"{CUP}#{fragment}" if fragment else CUP)
    return ready(window)


def ready(window: Window) -> Window:
    window.wait(f"({READY})()")
    return window


def paints(window: Window, colours: Colours) -> None:
    """Wait until the stage has these colours at these places."""
    until = time.monotonic() + PATIENCE
    while True:
        pixels = ready(window).picture(STAGE)
        painted = {place: at(pixels, *place) for place in colours}
        if all(is_near(painted[place], colours[place], within=8) for place in colours):
            return
        assert time.monotonic() < until, f"{painted} instead of {colours}"


@pytest.mark.parametrize("mode", MODES)
def test_a_mode_paints_what_it_says(window: Window, mode: str) -> None:
    key, fragment, colours = MODES[mode]
    opened(window, f"{fragment}&mode={'onion' if mode == 'swipe' else 'swipe'}").press(key)
    assert window.wait(CHOSEN) == mode
    paints(window, colours)


def test_a_click_chooses_a_mode_too(window: Window) -> None:
    opened(window).click("photo-compare [name=mode][value=side] + span")
    assert window.wait(CHOSEN) == "side"


def test_the_divider_follows_the_mouse(window: Window) -> None:
    opened(window, TRUTH)
    paints(window, {(0.42, 0.5): OBJECT})
    window.driver.drag([window.within(STAGE, share, 0.5) for share in (0.5, 0.45, 0.37)])
    paints(window, {(0.32, 0.5): OBJECT, (0.42, 0.5): WHITE})


def test_the_divider_has_the_keys_of_a_slider(window: Window) -> None:
    opened(window).focus(DIVIDER)
    value = f"document.querySelector('{DIVIDER}').getAttribute('aria-valuetext')"
    for key, share in [("ArrowLeft", 49), ("Home", 0), ("End", 100)]:
        window.press(key)
        window.wait(f"{value}.startsWith('{share}\\u00a0%')")


def test_keys_choose_the_pictures_and_open_the_list_of_keys(window: Window) -> None:
    opened(window).press("3")
    window.wait("document.querySelector('photo-compare [name=b]').value === 'mask.u2net'")
    window.press("x")
    window.wait("document.querySelector('photo-compare [name=a]').value === 'mask.u2net'")
    window.press("?")
    window.wait("document.querySelector('dialog[open]') !== null")
    window.press("Escape")
    window.wait("document.querySelector('dialog[open]') === null")


def still(window: Window) -> Pixels:
    """Return the stage once it is the same in two pictures that follow each other."""
    before = ready(window).picture(STAGE)
    while not np.array_equal(before, after := window.picture(STAGE)):
        before = after
    return before


def settled_address(window: Window, before: str) -> str:
    """Return the address a pause after its fragment has become another than before."""
    window.wait(f"location.hash !== '{before}'")
    time.sleep(0.5)
    return str(window.read("location.href"))


def test_a_link_shows_the_same_again(window: Window) -> None:
    opened(window, view := f"{TRUTH}&backdrop=white").press("+", "+")
    window.driver.drag([window.within(STAGE, 0.5, 0.5), window.within(STAGE, 0.35, 0.45)])
    link = settled_address(window, f"#{view}")
    sent = still(window)
    window.open("/404.html")
    window.open(link)
    received = still(window)
    assert sent.shape == received.shape
    assert (np.abs(sent - received).max(axis=2) == 0).mean() >= 0.999
    assert urlsplit(window.read("location.href")).fragment == urlsplit(link).fragment


def test_the_history_goes_back_from_view_to_view(window: Window) -> None:
    opened(window).press("d")
    difference = settled_address(window, "")
    window.press("o")
    settled_address(window, f"#{urlsplit(difference).fragment}")
    window.driver.back()
    window.wait(f"{CHOSEN} === 'difference'")
    window.driver.reload()
    ready(window)
    assert window.read(CHOSEN) == "difference"


def test_a_level_is_scored_against_the_truth(window: Window) -> None:
    opened(window, "a=mask.u2net&b=photo&mode=threshold&level=128")
    window.wait("document.querySelector('photo-compare .scores').innerText.length")
    text = window.read("document.querySelector('photo-compare .scores').innerText")
    assert re.search(r"IoU 0\.\d{3}", text)
