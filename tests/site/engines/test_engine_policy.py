"""The Content-Security-Policy of the pages: nothing of ours offends it, nothing injected runs."""

from __future__ import annotations

import html
import re
import time
from pathlib import Path

import pytest
from drivers.watched import WatchedServer
from drivers.window import PATIENCE, Window
from jekyll_site import Site
from viewer import CUP

pytestmark = pytest.mark.site

PAGES = (
    *("/", "/gallery/sample/", CUP, "/posts/u2net/", "/posts/compared/", "/review/", "/docs/"),
    *("/docs/includes/", "/credits/", "/404.html", "/examples/viewer/", "/slider/original/"),
)
INJECTED = """(() => {
  window.ran = [];
  const script = {src: "data:text/javascript,ran.push('data')"};
  document.body.append(Object.assign(document.createElement("script"),
    {textContent: "ran.push('inline')"}));
  const box = document.createElement("div");
  box.innerHTML = `<img src="data:," onerror="ran.push('handler')">
    <a id="injected" href="javascript:ran.push('link')">link</a>`;
  document.body.append(box,
    Object.assign(document.createElement("script"), script));
  document.querySelector("#injected").click();
  try { setTimeout("ran.push('timer')"); } catch {}
})()"""


@pytest.mark.parametrize("path", PAGES)
def test_nothing_of_a_page_offends_its_policy(window: Window, path: str) -> None:
    """The window fails the test on any violation."""
    window.open(path)
    policy = window.read("document.querySelector('meta[http-equiv]').content")
    assert "script-src 'self';" in policy
    assert "'unsafe-inline'" not in policy
    window.wait("document.readyState === 'complete'")
    window.read("scrollTo(0, document.body.scrollHeight)")
    time.sleep(0.2)


def test_what_is_injected_does_not_run(window: Window, watched_site: WatchedServer) -> None:
    window.open("/404.html")
    window.read(INJECTED)
    until = time.monotonic() + PATIENCE
    while sum("script-src" in problem for problem in watched_site.problems) < 3:
        assert time.monotonic() < until, watched_site.problems
        time.sleep(0.05)
    assert window.read("ran") == []
    watched_site.problems.clear()


def test_the_viewers_size_counts_before_its_script_runs(window: Window) -> None:
    """It is a style within the page, which the policy allows by its hash."""
    window.open(CUP)
    shape = "getComputedStyle(document.querySelector('.stage')).getPropertyValue('--width')"
    assert window.read(shape).strip() == "800"


def policy_of(path: Path) -> str:
    found = re.search(r'Content-Security-Policy" content="([^"]+)"', path.read_text("utf-8"))
    assert found, path
    return html.unescape(found[1])


def test_every_page_has_a_policy(site: Site) -> None:
    pages = [
        path
        for path in site.folder.rglob("*.html")
        if b"<head>" in path.read_bytes() and path.name != "by-hand.html"
    ]
    assert len(pages) > 50
    for path in pages:
        policy = dict(part.split(" ", 1) for part in policy_of(path).split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["connect-src"] == "'self'"
        assert re.fullmatch(r"'self'( 'unsafe-hashes')?( 'sha256-[\w+/=]+')*", policy["style-src"])
        # the test's sliders show pictures by an absolute address
        assert policy["img-src"] == f"'self' data: {site.origin}"
