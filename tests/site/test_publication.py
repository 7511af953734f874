"""Of the folders of photos, the site holds what gallery.json names and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from cheap_network import CheapPredictor
from jekyll_site import build_site, copy_sources
from small_world import draw, gallery, random_weights
from traps import SECRET, jpeg, png, secrets_in

from sod_gallery.cli import main
from sod_gallery.engines.predictor import unload_predictors

pytestmark = pytest.mark.site

PAGE = "---\nlayout: default\n---\n{{ site.title }}<script>alert(1)</script>\n"
RAW = "assets/images/raw/pets"


def set_traps(source: Path, elsewhere: Path) -> None:
    """Put beside two photos what must not become public."""
    (elsewhere / "private").mkdir(parents=True)
    (elsewhere / "private/photo.jpg").write_bytes(jpeg())
    test = source / RAW / "test"
    test.mkdir(parents=True)
    draw(test / "_1.jpg", (120, 80), 1)
    (test / "2.jpg").write_bytes(jpeg())
    (test / "link.jpg").symlink_to(elsewhere / "private/photo.jpg")
    (test / "hostname.jpg").symlink_to("/etc/hostname")
    (test / "folder").symlink_to(elsewhere / "private")
    (test / "broken.jpg").write_bytes(jpeg()[:400])
    for name in ("evil.jpg", "evil.html", "../evil.md", "../_posts/2020-01-01-evil.md"):
        (test / name).parent.mkdir(exist_ok=True)
        (test / name).write_text(PAGE)
    for name in ("notes.txt", "raw.CR2", "2.jpg.replaced", "2.jpg.part", ".hidden.jpg"):
        (test / name).write_bytes(SECRET)
    (source / RAW / "reference").mkdir()
    (source / RAW / "reference/2.jpg.png").write_bytes(png())
    (source / RAW / "reference/unused.png").write_bytes(png())
    stray = source / "assets/gallery/pets/stray"
    stray.mkdir(parents=True)
    (stray / "photo-480.webp").write_bytes(SECRET)
    (source / "linked").symlink_to(source / RAW)
    with (source / "_config.yml").open("a") as settings:
        settings.write("include: [assets, evil.html]\n")


def publish(source: Path, originals: str) -> None:
    path = source / "_config.yml"
    text = path.read_text().replace("      sample: true\n", f"      pets: {originals}\n")
    path.write_text(text)


def files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }


def named(source: Path) -> set[str]:
    """Return the files and the pages that the site's data names."""

    def walk(node: object) -> Iterator[str]:
        if isinstance(node, list):
            for child in node:
                yield from walk(child)
        elif isinstance(node, dict):
            yield from (node[key] for key in ("src", "original", "full") if node.get(key))
            yield from (f"{url}index.html" for url in [node.get("url")] if url)
            yield from walk(list(node.values()))

    results = [json.loads(path.read_text("utf-8")) for path in source.glob("_data/results/*.json")]
    pages = {f"{result['url']}index.html" for result in results}
    return {unquote(src).lstrip("/") for src in {*walk(gallery(source)), *pages}}


@pytest.fixture(scope="module")
def bare(root: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the files of a site without photos: what its sources name."""
    folder = tmp_path_factory.mktemp("bare")
    copy_sources(root, folder / "source")
    build_site(root, folder / "source", folder / "site")
    return files(folder / "site")


@pytest.mark.parametrize("originals", ["false", "stripped", "true"])
def test_the_files_of_a_site_are_those_that_its_data_and_its_sources_name(
    root: Path,
    tmp_path: Path,
    bare: set[str],
    originals: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unload_predictors()
    monkeypatch.setattr("sod_gallery.engines.predictor.Predictor", CheapPredictor)
    source, site = tmp_path / "source", tmp_path / "site"
    copy_sources(root, source)
    set_traps(source, tmp_path / "elsewhere")
    publish(source, originals)
    weights = random_weights(tmp_path / "tiny.safetensors", 1)
    assert main(["build", "--model", str(weights), "--offline"], root=source) == 1
    build_site(root, source, site)
    assert files(site) == bare | named(source)
    assert not any(path.is_symlink() for path in site.rglob("*"))
    secretive = {
        path.relative_to(site).as_posix(): found
        for path in site.rglob("*")
        if path.is_file() and (found := secrets_in(path))
    }
    published = {f"{RAW}/test/2.jpg", f"{RAW}/reference/2.jpg.png"}
    assert set(secretive) == (published if originals == "true" else set())
    page = (site / "compare/pets/2/index.html").read_text("utf-8")
    said = {"false": "a copy without", "stripped": "metadata removed", "true": "with its metadata"}
    assert [words in page for words in said.values()] == [key == originals for key in said]
    assert main(["forget", "pets"], root=source) == 0
    build_site(root, source, site)
    assert files(site) == bare


def test_names_that_lead_elsewhere_are_not_published(root: Path, tmp_path: Path) -> None:
    """Data that a hand has changed, and files that became links after the build."""
    source, site = tmp_path / "source", tmp_path / "site"
    copy_sources(root, source)
    (tmp_path / "secret.png").write_bytes(SECRET)
    folder = source / "assets/gallery/pets"
    folder.mkdir(parents=True)
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "folder").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.png")
    sources = ["link.png", "folder/secret.png", "pipe.png", "../../../../secret.png"]
    entries = [{"src": f"/assets/gallery/pets/{src}"} for src in sources]
    entries += [{"src": "/_config.yml"}, {"full": "/../secret.png"}]
    hand = '{"methods": [], "datasets": [], "failed": [], "skipped": [], "generator": "x", '
    hand += f'"build": "x", "more": {str(entries).replace(chr(39), chr(34))}}}'
    (source / "_data").mkdir(exist_ok=True)
    (source / "_data/gallery.json").write_text(hand)
    (source / "_data/sliders.yml").write_text(f"- images: [{{src: /{RAW}/test/mine.jpg}}]")
    command = [str(root / "tools/jekyll"), "build", f"--destination={site}"]
    run = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert "6 of its images are links or not there" in run.stdout + run.stderr
    assert f"/{RAW}/test/mine.jpg is not published" in run.stdout + run.stderr
    assert not any(SECRET in path.read_bytes() for path in site.rglob("*") if path.is_file())
    assert not (site / "_config.yml").exists()
