"""Whatever a list of sliders holds, its links are links, and its text is text."""

from __future__ import annotations

import json
import os
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.site

RENDER = """
require "jekyll"
settings = { "source" => ARGV[0], "baseurl" => "/b", "quiet" => true }
site = Jekyll::Site.new(Jekyll.configuration(settings))
include = File.read(File.join(ARGV[0], "_includes/ideal-image-slider/slider.html"))
template = Liquid::Template.parse(include, error_mode: :strict)
print template.render!({
  "site" => { "data" => { "sliders" => JSON.parse($stdin.read) } },
  "include" => { "selector" => "s" },
}, registers: { site: site, page: {} })
"""
PICTURE = "slider-picture"
GOOD = ("/a/", "b/c.html", "../d", "#e", "?f:g", "https://h.example/", "HTTP://i", "mailto:j@k.l")
BAD = (
    *(
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "\tjavascript:alert(1)",
    ),
    *("java\nscript:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)"),
    *("data:text/html,<script>alert(1)</script>", "vbscript:x", "file:///etc/passwd", "blob:x"),
    *("javascript&#58;alert(1)", "javascript&colon;alert(1)", "java&Tab;script:alert(1)"),
    *("&#106;avascript:alert(1)", "&#x6a;avascript&#x3a;alert(1)", ":", "x:", "ms-settings:x"),
)


class Elements(HTMLParser):
    """Lists the elements of a text with their attributes, entities decoded as browsers do."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def rendered(root: Path, sliders: object) -> list[tuple[str, dict[str, str]]]:
    own = root / "vendor/bundle"  # as tools/jekyll does
    gemfile = root / ("Gemfile" if own.is_dir() else "gemfiles/debian.gemfile")
    gems = {"BUNDLE_GEMFILE": str(gemfile)} | ({"BUNDLE_PATH": str(own)} if own.is_dir() else {})
    run = subprocess.run(
        ["bundle", "exec", "ruby", "-e", RENDER, str(root)],
        input=json.dumps(sliders),
        cwd=root,
        env=os.environ | gems,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    return Elements(run.stdout).found


def links(root: Path, hrefs: list[str]) -> list[str | None]:
    images = [{"src": "/x.png", "href": href} for href in hrefs]
    found = rendered(root, [{"selector": "s", "images": images}])
    pictures = [attributes for _, attributes in found if attributes.get("class") == PICTURE]
    assert len(pictures) == len(hrefs)
    return [attributes.get("href") for attributes in pictures]


def test_links_lead_to_paths_and_to_the_web(root: Path) -> None:
    found = links(root, [*GOOD, *BAD])
    assert found == ["/b/a/", *GOOD[1:], *(None for _ in BAD)]


PIECES = st.sampled_from(
    (
        *("javascript", "data", "http", "https", "mailto", ":", "/", "#", "?", "&", "&#58;"),
        *("&colon;", "&amp;", ";", " ", "\t", "\n", "\x01", '"', "'", "<", ">", "alert(1)"),
        *("{{ x }}", "\u2028"),
    )
)
VALUES = st.one_of(
    st.lists(PIECES, max_size=6).map("".join),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
)
IMAGE = st.dictionaries(
    st.sampled_from(["src", "data-src", "data-src-2x", "href", "alt", "title", "caption", "width"]),
    VALUES,
)


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.generate],  # to shrink an example takes minutes, as each starts a process
    suppress_health_check=list(HealthCheck),
)
@given(images=st.lists(IMAGE, min_size=20, max_size=60), captions=VALUES, bullets=VALUES)
def test_no_list_of_sliders_brings_a_script(
    root: Path, images: list[dict[str, object]], captions: object, bullets: object
) -> None:
    slider = {"selector": "s", "images": images, "captions": captions, "bullets": bullets}
    for tag, attributes in rendered(root, [slider]):
        assert tag in ("div", "figure", "a", "img", "figcaption", "span")
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        # browsers drop tabs and line breaks from addresses, and control characters before them
        address = re.sub(r"[\x00-\x20]", "", attributes.get("href", ""))
        scheme = re.match(r"[a-z][a-z0-9+.-]*(?=:)", address, re.IGNORECASE)
        assert not scheme or scheme[0].lower() in ("http", "https", "mailto")
