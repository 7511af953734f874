"""Two reviewers, and a photo that is added between: every verdict counts once, by its name."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fixture_site import Sample, drawn_sample, write_gallery
from jekyll_site import OpenPage, build_site, copy_sources
from playwright.sync_api import Page, expect
from reviewing import read_download
from viewer import ready

pytestmark = pytest.mark.site

CUP, JUG, NEW = (
    drawn_sample(f"{name}.jpg", (90, 60), (0.2, 0.2, 0.8, 0.8), hue)
    for name, hue in (("cup", 0), ("jug", 90), ("new", 180))
)


class Publisher:
    """Writes the gallery of some photos, and builds its site anew."""

    def __init__(self, root: Path, folder: Path, source: Path) -> None:
        self.root, self.folder, self.source = root, folder, source
        copy_sources(root, source)

    def publish(self, *samples: Sample) -> None:
        write_gallery(self.source, {"pets": samples})
        data = self.source / "_data/gallery.json"
        gallery = json.loads(data.read_text("utf-8"))
        gallery["build"] = f"{len(samples):012x}"
        data.write_text(json.dumps(gallery), encoding="utf-8")
        build_site(self.root, self.source, self.folder, baseurl="/two")

    def review(self, *files: Path) -> str:
        command = [sys.executable, "-m", "sod_gallery", "review", *map(str, files)]
        run = subprocess.run(command, cwd=self.source, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        return run.stdout + run.stderr


def judge(page: Page, address: str, name: str, *keys: str) -> None:
    page.goto(f"{address}/compare/pets/{name}-jpg/")
    for key in keys:
        ready(page).keyboard.press(key)
        expect(page.locator(".bar .status-line")).to_contain_text("Saved")


def export(page: Page, address: str, reviewer: str, path: Path, button: str) -> Path:
    page.goto(f"{address}/gallery/pets/")
    page.locator(".review-tools summary").click()
    page.get_by_label("Your name").fill(reviewer)
    page.get_by_label("Your name").press("Tab")
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    download.value.save_as(path)
    return path


def test_every_verdict_counts_once_under_its_own_name(
    root: Path, served: tuple[Path, str], open_page: OpenPage, tmp_path: Path
) -> None:
    folder, origin = served
    address = f"{origin}/two"
    publisher = Publisher(root, folder / "two", tmp_path / "source")
    publisher.publish(CUP, JUG)
    ann, bob = open_page(), open_page()
    judge(ann, address, "cup", "b", "h")
    judge(ann, address, "jug", "g")
    publisher.publish(CUP, JUG, NEW)
    judge(ann, address, "new", "u")
    ann.goto(f"{address}/compare/pets/cup-jpg/")
    expect(ann.locator(".verdicts [aria-pressed=true]")).to_have_text("Bad B")
    anns = export(ann, address, "Ann", tmp_path / "ann.json", "Export verdicts")
    bob.goto(f"{address}/gallery/pets/")
    bob.locator(".review-tools summary").click()
    bob.get_by_label("Import").set_input_files(anns)
    expect(bob.locator(".tools .status-line")).to_have_text("3 verdicts imported.")
    judge(bob, address, "cup", "g")
    expect(bob.locator(".imported:visible li")).to_contain_text("Ann: bad, halo")
    bobs = export(bob, address, "Bob", tmp_path / "bob.json", "Export verdicts")
    both = export(bob, address, "Bob", tmp_path / "both.json", "Download all, with names")
    assert [one["reviewer"] for one in read_download(bobs)["verdicts"]] == ["Bob"]
    said = publisher.review(anns, bobs, both)
    assert "verdicts: 4, photos: 3, reviewers: 2, outdated verdicts: 0" in said
    reviews = json.loads((publisher.source / "_data/reviews.json").read_text("utf-8"))
    assert reviews["reviewers"] == ["Ann", "Bob"]
    photos = {name: made["u2net"] for name, made in reviews["photos"].items()}
    assert {name: one["total"] for name, one in photos.items()} == {
        "pets/cup.jpg": 2,
        "pets/jug.jpg": 1,
        "pets/new.jpg": 1,
    }
    assert (photos["pets/cup.jpg"]["good"], photos["pets/cup.jpg"]["bad"]) == (1, 1)
    assert photos["pets/cup.jpg"]["reasons"] == {"halo": 1}
