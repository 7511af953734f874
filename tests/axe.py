"""Asks axe-core what is wrong with a page for people who use assistive technology."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page


def violations(page: Page, root: Path) -> list[str]:
    """Return each rule that an element of the page breaks, with the element."""
    page.add_script_tag(path=root / "node_modules/axe-core/axe.min.js")
    found: list[str] = page.evaluate(
        "axe.run(document).then(({ violations }) => violations.flatMap("
        "({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)))"
    )
    return found
