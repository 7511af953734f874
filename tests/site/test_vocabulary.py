"""The site's plugins take kinds of sources, their words and their order from gallery.json."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from fixture_site import drawn_sample, write_gallery
from jekyll_site import build_site, copy_sources

pytestmark = pytest.mark.site

PHOTO = "compare/pets/a-jpg/index.html"


@pytest.fixture
def source(root: Path, tmp_path: Path) -> Path:
    """Return the sources of a site with one photo."""
    folder = tmp_path / "source"
    copy_sources(root, folder)
    write_gallery(folder, {"pets": [drawn_sample("a.jpg", (90, 60), (0.2, 0.2, 0.8, 0.8), 0)]})
    return folder


def read(source: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((source / "_data/gallery.json").read_text("utf-8"))
    return content


def write(source: Path, gallery: dict[str, Any]) -> None:
    (source / "_data/gallery.json").write_text(json.dumps(gallery), encoding="utf-8")


def sources_in(page: str) -> list[tuple[str, str]]:
    """Return id and label of each figure of the viewer, in their order."""
    figures = r'<figure data-source="([^"]*)".*?<figcaption>(.*?)</figcaption>'
    return re.findall(figures, page, re.DOTALL)


def test_order_labels_and_descriptions_are_the_published_ones(
    root: Path, source: Path, tmp_path: Path
) -> None:
    gallery = read(source)
    kinds = {kind["kind"]: kind for kind in gallery["vocabulary"]["sources"]}
    kinds["mask"] |= {"label": "Stencil", "alt": "{title} in white{by}", "ground": "checker"}
    gallery["vocabulary"]["sources"] = [kinds["mask"], kinds["cutout"], kinds["photo"]]
    gallery["datasets"][0]["photos"][0]["title"] = "A {by} {title}"
    write(source, gallery)
    build_site(root, source, tmp_path / "site")
    page = (tmp_path / "site" / PHOTO).read_text("utf-8")
    first, second = ("(U²-Net)", "(U²-Net†, the small one &lt;4.7 MB&gt;)")
    assert sources_in(page) == [
        ("mask.u2net", f"Stencil {first}"),
        ("cutout.u2net", f"Cut-out {first}"),
        ("mask.u2netp", f"Stencil {second}"),
        ("cutout.u2netp", f"Cut-out {second}"),
        ("photo", "Photo"),
    ]
    assert f'alt="A {{by}} {{title}} in white {first}"' in page
    assert '<span class="frame checker"><img src="/U-2-Net/assets/gallery/pets/a-jpg/u2net-' in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"vocabulary": None}, "written by an older version; run `python pipeline/build.py`"),
        (
            {"vocabulary": {"sources": [{"kind": "depth", "of_result": False}]}},
            "_plugins/compare.rb has no files for depth",
        ),
    ],
)
def test_a_gallery_that_the_plugins_cannot_show_is_refused_with_a_sentence(
    root: Path, source: Path, tmp_path: Path, change: dict[str, Any], sentence: str
) -> None:
    write(source, read(source) | change)
    command = [str(root / "tools/jekyll"), "build", f"--destination={tmp_path / 'site'}"]
    run = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert sentence in run.stdout + run.stderr
