"""Scripts are published as they were written, without comments, indentation and empty lines."""

from __future__ import annotations

import gzip
import re
import subprocess
from pathlib import Path

import pytest
from jekyll_site import Site

from sod_gallery.vocabulary import VOCABULARY

pytestmark = pytest.mark.site

SOURCE = """\
// Gone.
/** @import { A } from "./a.js" */
import { a } from "./a.js";

/**
 * Gone, `too`.
 * @param {string} text // not code
 */
export function f(text) {
  const box = /** @type {A} */ (a); // stays
  /** @type {A} */ (a).b = "/** stays */"; /* stays */
  //gone
  const g = (/** @type {A} */ one, /** @type {Record<string, A>} */ two) => one / two / 2;
  /** Gone. */
  return `${text} // stays`;
}
"""
PUBLISHED = """\
import { a } from "./a.js";
export function f(text) {
const box = (a); // stays
(a).b = "/** stays */"; /* stays */
const g = (one, two) => one / two / 2;
return `${text} // stays`;
}
"""
PUBLISH = """
module Jekyll; module Hooks; def self.register(*); end; end; end
load ARGV[0]
print Gallery::Scripts.publish($stdin.read)
"""


def scripts(folder: Path) -> dict[str, str]:
    """Return the text of each script of ours by its path."""
    found = sorted((folder / "assets/js").rglob("*.js"))
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in found}


def without_comments(source: str) -> list[str]:
    """Return the lines of code, found in another way than the plugin's."""
    kept: list[str] = []
    is_block = False
    for line in source.splitlines():
        text = line.strip()
        is_block = is_block or (text.startswith("/**") and "*/" not in text[:-2])
        if not (is_block or text.startswith("//") or re.fullmatch(r"/\*\*.*\*/", text)):
            kept.append(re.sub(r"/\*\* @type [^*]+\*/ ", "", line).lstrip(" "))
        is_block = is_block and not text.endswith("*/")
    return [line for line in kept if line]


def test_comments_go_and_all_else_stays(root: Path) -> None:
    run = subprocess.run(
        ["ruby", "-e", PUBLISH, str(root / "_plugins/scripts.rb")],
        input=SOURCE,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == PUBLISHED


def test_published_scripts_lose_comments_and_nothing_else(root: Path, site: Site) -> None:
    sources, published = scripts(root), scripts(site.folder)
    assert len(sources) > 30
    assert published.keys() == sources.keys()
    for name, source in sources.items():
        assert published[name].splitlines() == without_comments(source), name
        assert "/**" not in published[name], name


def test_no_text_of_several_lines_could_be_taken_for_a_comment(root: Path) -> None:
    for name, source in scripts(root).items():
        for line in without_comments(source.replace("['\"`]", "")):
            assert line.count("`") % 2 == 0, f"{name}: {line}"


def test_types_are_not_published(site: Site) -> None:
    assert not list(site.folder.rglob("*.ts"))


def test_scripts_read_the_published_words(root: Path) -> None:
    text = "\n".join(scripts(root).values())
    assert VOCABULARY.photo_pages not in text
    for reason in VOCABULARY.reasons:
        assert f'"{reason}"' not in text


REVIEW_BUDGET = 13_000


def loaded_at_once(folder: Path, entry: str) -> set[Path]:
    """Return the review's modules that a page with the module ``entry`` loads unasked."""
    found: set[Path] = set()
    waiting = {folder / entry}
    while waiting:
        path = waiting.pop()
        found.add(path)
        names = re.findall(r'from "\./([\w-]+\.js)"', path.read_text("utf-8"))
        waiting |= {folder / name for name in names} - found
    return found


@pytest.mark.parametrize("entry", ["bar.js", "gallery.js", "sheet-page.js", "blind.js"])
def test_review_code_is_small(site: Site, entry: str) -> None:
    modules = loaded_at_once(site.folder / "assets/js/review", entry)
    sizes = [len(gzip.compress(path.read_bytes(), mtime=0)) for path in modules]
    assert len(sizes) > 10
    assert sum(sizes) <= REVIEW_BUDGET
