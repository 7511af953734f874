"""What the review's tests share: verdicts as files hold them, and the browser's storage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fixture_site import CHECKPOINTS, METHODS
from jekyll_site import BASEURL, Site
from playwright.sync_api import Page

BUILD = "0123456789ab"
KEY = f"review:{BASEURL}/:verdicts"
OLD, NEW = "2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z"


def photo_sha256(site: Site, photo: str) -> str:
    """Return the sha256 of ``<dataset>/<name>``, as the photo's page states it."""
    index = json.loads((site.folder / "review/photos.json").read_text("utf-8"))
    [page] = [page for page, entry in index["photos"].items() if entry["photo"] == photo]
    file = site.folder / page.removeprefix(BASEURL).strip("/") / "index.html"
    text = file.read_text("utf-8")
    sha256: str = text.split('data-sha256="')[1][:64]
    return sha256


def a_verdict(site: Site, name: str, verdict: str, **changes: object) -> dict[str, Any]:
    """Return a nameless verdict on what the first method made of a photo of the samples."""
    return {
        "reviewer": "",
        "photo": f"sample/{name}",
        "photo_sha256": photo_sha256(site, f"sample/{name}"),
        "method": METHODS[0].name,
        "result_sha256": CHECKPOINTS[METHODS[0].name],
        "verdict": verdict,
        "reasons": [],
        "note": "",
        "link": site.url("/compare/sample/14-jpg/"),
        "when": OLD,
    } | changes


def an_old_verdict(good: dict[str, Any], **changes: object) -> dict[str, Any]:
    """Return what version 1 had of a verdict."""
    kept = {key: value for key, value in good.items() if key != "reviewer"}
    old = {"method": "model", "result_sha256": "checkpoint"}
    return {old.get(key, key): value for key, value in kept.items()} | changes


def export_of(*verdicts: object, **changes: object) -> dict[str, Any]:
    """Return the content of an exported file."""
    return {"version": 2, "build": BUILD, "verdicts": list(verdicts), "preferences": []} | changes


def store(page: Page, site: Site, entries: dict[str, object]) -> None:
    """Put entries into the browser's storage, as JSON; text as it is."""
    page.goto(site.url("/404.html"))
    for key, value in entries.items():
        text = value if isinstance(value, str) else json.dumps(value)
        page.evaluate("([key, text]) => localStorage.setItem(key, text)", [key, text])


def kept(page: Page, key: str = KEY) -> list[dict[str, Any]]:
    """Return what the browser keeps for the site."""
    return list(json.loads(page.evaluate("(key) => localStorage.getItem(key)", key) or "[]"))


def give(page: Page, name: str, content: object) -> None:
    """Choose a file in the field to import from."""
    if isinstance(content, bytes):
        data = content
    else:
        data = (content if isinstance(content, str) else json.dumps(content)).encode()
    field = page.get_by_label("Import")
    field.set_input_files(
        {"name": name, "mimeType": "application/json", "buffer": data}, timeout=30_000
    )


def read_download(path: Path) -> dict[str, Any]:
    """Return the content of an exported file."""
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content
