"""Pages with sliders, written in the ways that people write them, for the tests of the include."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from PIL import Image, ImageDraw

PICTURES = "slider-pictures"
SIZES = {"1.png": (400, 200), "2.png": (300, 300), "3.png": (200, 400), "4.png": (400, 200)}
AWKWARD = (
    "with space.png",
    "paren(1) [x].png",
    'it\'s "quoted".png',
    "<b>bold & 100%.png",
    "相片一.png",
    "a#b?.png",
)
INJECTION = "<img src=x onerror=\"document.title='run'\">"

# As in the documentation of the original include, absolute addresses and empty keys included.
ORIGINAL = """
- selector: original
  bullets: true
  captions: true
  images:
    - src: /slider-pictures/1.png
      title: Red
      alt: A red picture
    - src: SITE/slider-pictures/2.png
      alt: Green &amp; absolute
      href: https://example.org/?a=1&b=2
    - data-src: /slider-pictures/3.png
      data-src-2x: /slider-pictures/4.png
      alt: On demand
      href: /slider/single/
    - src: /slider-pictures/4.png
    - src: ""
      alt: Forgotten
  settings:
    height: "'auto'"
    initialHeight:
    maxHeight:
    interval:
    transitionDuration:
    effect: "'fade'"
    disableNav: false
    keyboardNav:
    previousNavSelector:
    nextNavSelector:
"""

CALLBACKS = """
window.calls = [];
window.sliderCallbacks = {
  onReady() { calls.push("onInit"); },
  leave() { calls.push("beforeChange"); },
  arrive() { calls.push("afterChange"); },
  fail() { throw new Error("on purpose"); },
};
"""


@dataclass(frozen=True)
class SliderPage:
    """A page ``/slider/<name>/`` that shows some sliders, with more HTML around them."""

    sliders: Sequence[Mapping[str, Any]] = ()
    includes: Sequence[str] = ()
    body: str = ""
    front_matter: str = ""
    file: str = "index.html"


def _images(count: int = 4, **extra: str) -> list[dict[str, str]]:
    return [
        {"src": f"/{PICTURES}/{1 + index % 4}.png", "alt": f"Picture {index + 1}", **extra}
        for index in range(count)
    ]


def _slider(selector: str, images: list[dict[str, str]], **rest: Any) -> dict[str, Any]:
    return {"selector": selector, "bullets": True, "captions": True, "images": images, **rest}


STILL = {"interval": 0, "transitionDuration": 0}
QUICK = {"interval": 200, "transitionDuration": 0}

PAGES: dict[str, SliderPage] = {
    "original": SliderPage(includes=["original"], file="index.md"),
    "awkward": SliderPage(
        sliders=[
            _slider(
                "my-awkward slider",
                [
                    {"src": f"/{PICTURES}/{quote(name)}", "alt": INJECTION, "title": INJECTION}
                    for name in AWKWARD
                ],
                settings=STILL,
            ),
            _slider(
                "unencoded",
                [
                    {"src": f"/{PICTURES}/{name}", "data-src-2x": f"/{PICTURES}/{name}"}
                    for name in AWKWARD[:3]
                ],
                settings=STILL,
            ),
        ],
        file="index.md",
    ),
    "still": SliderPage(
        sliders=[
            _slider("left", _images(), settings=STILL),
            _slider("right", _images(24, href="/slider/single/"), settings=STILL),
        ],
        body="<p><label>A field <input id='field' value='text'></label></p>",
    ),
    "moving": SliderPage(
        sliders=[
            _slider("first", _images(), settings=QUICK),
            _slider("second", _images(), settings=QUICK),
        ],
        body="<p><a href='#content' id='elsewhere'>Elsewhere</a></p>",
    ),
    "animated": SliderPage(sliders=[_slider("slow", _images(), settings={"interval": 0})]),
    "single": SliderPage(
        sliders=[
            _slider("only-one", _images(1), settings={"height": 100}),
            _slider("after", _images(), settings=STILL),
        ]
    ),
    "broken": SliderPage(
        sliders=[
            _slider(
                "broken",
                [{"src": f"/{PICTURES}/missing.png", "alt": "Missing"}, *_images(2)],
                settings=STILL | {"initialHeight": 300, "onInit": "onReady"},
            )
        ],
        body="<script src='../callbacks.js'></script>",
    ),
    "settings": SliderPage(
        sliders=[
            _slider("fixed", _images(), settings=STILL | {"height": 150}),
            _slider("ratio", _images(), settings=STILL | {"height": "'16:9'"}),
            _slider("limited", _images(), settings=STILL | {"height": "auto", "maxHeight": "120"}),
            _slider("no-keys", _images(), settings=STILL | {"keyboardNav": False}),
            _slider("no-nav", _images(), settings=STILL | {"disableNav": "true"}),
            _slider("plain", _images(), bullets=False, captions=False),
            _slider(
                "wrong",
                _images(),
                settings=STILL | {"effect": "a b", "hieght": 3, "onInit": "alert"},
            ),
        ]
    ),
    "own-nav": SliderPage(
        sliders=[
            _slider(
                "own",
                _images(),
                settings=STILL
                | {
                    "previousNavSelector": "'#back'",
                    "nextNavSelector": "'no such] selector'",
                    "beforeChange": "leave",
                    "afterChange": "arrive",
                },
            )
        ],
        body="<p><button id='back'>Back</button></p><script src='../callbacks.js'></script>",
    ),
    "throwing": SliderPage(
        sliders=[
            _slider("thrower", _images(), settings=STILL | {"interval": 4000, "onStart": "fail"}),
            _slider("bystander", _images(), settings=STILL),
        ],
        body="<script src='../callbacks.js'></script>",
    ),
    "unknown": SliderPage(includes=["nobody --><script>document.title = 'run'</script>"]),
    "twice": SliderPage(
        sliders=[_slider("again", _images(), settings=STILL)], includes=["again", "again"]
    ),
    "all": SliderPage(includes=["again", "left"], front_matter="image_sliders_load_all: true"),
    "none": SliderPage(body="<p>No sliders here.</p>"),
}


def write_slider_pages(source: Path, address: str) -> None:
    """Write pages, pictures and sliders below ``source``, which will be served at ``address``."""
    _draw_pictures(source / PICTURES)
    sliders = [slider for page in PAGES.values() for slider in page.sliders]
    text = yaml.safe_dump(sliders, allow_unicode=True) + ORIGINAL
    with (source / "_data/sliders.yml").open("a", encoding="utf-8") as file:
        file.write(text.replace("SITE", address))
    (source / "slider").mkdir()
    (source / "slider/callbacks.js").write_text(CALLBACKS, encoding="utf-8")
    for name, page in PAGES.items():
        folder = source / "slider" / name
        folder.mkdir(parents=True)
        (folder / page.file).write_text(_page_text(name, page), encoding="utf-8")


def _page_text(name: str, page: SliderPage) -> str:
    selectors = page.includes or [slider["selector"] for slider in page.sliders]
    front_matter = page.front_matter or f"image_sliders: {list(dict.fromkeys(selectors))}"
    includes = [
        f"{{% assign selector = {_liquid(selector)} %}}"
        "{% include ideal-image-slider/slider.html selector=selector label=selector %}"
        for selector in selectors
    ]
    lines = ["---", "layout: default", f"title: Sliders, {name}", front_matter, "---"]
    return "\n".join([*lines, f"<h1>Sliders: {name}</h1>", page.body, *includes])


def _liquid(text: str) -> str:
    return f'"{text}"'


def _draw_pictures(folder: Path) -> None:
    folder.mkdir()
    for index, (name, size) in enumerate({**SIZES, **dict.fromkeys(AWKWARD, (300, 200))}.items()):
        picture = Image.new("RGB", size, f"hsl({index * 47}, 45%, 60%)")
        ImageDraw.Draw(picture).ellipse((10, 10, *(side - 10 for side in size)), fill="white")
        picture.save(folder / name)
