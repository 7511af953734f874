"""Data and files of results pages: made when what they show has changed, and never else."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from PIL import Image
from small_world import Run, photos_of, tree

from sod_gallery.scores.measures import MEASURES
from sod_gallery.site.results import schema

pytestmark = pytest.mark.usefixtures("cheap")

SIZES = {"2": (120, 80), "10": (80, 120), "sub/10": (90, 60)}


def save(path: Path, size: tuple[int, int], radius: float, white: int) -> None:
    rows, columns = np.mgrid[: size[1], : size[0]]
    distance = np.hypot(rows - size[1] / 2, columns - size[0] / 2)
    levels = np.clip((radius - distance) * 40 + 128, 0, white)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(levels.astype(np.uint8)).save(path)


@pytest.fixture
def given(tmp_path: Path) -> list[str | Path]:
    """Draw ground truth and two methods' maps, of which one lacks a photo; return the options."""
    for stem, size in SIZES.items():
        save(tmp_path / f"masks/{stem}.png", size, min(size) / 3, 255)
        save(tmp_path / f"maps/Good/{stem}.png", size, min(size) / 3.2, 240)
        save(tmp_path / f"maps/Bad/{stem}.png", size, min(size) / 6, 250)
    (tmp_path / "maps/Bad/sub/10.png").unlink()
    maps = [word for name in ("Good", "Bad") for word in ("--maps", tmp_path / "maps" / name)]
    return ["--gt", tmp_path / "masks", *maps]


def data(site: Path) -> dict[str, Any]:
    text = (site / "_data/results/pets.json").read_bytes()
    jsonschema.validate(json.loads(text), json.loads(schema()))
    content: dict[str, Any] = json.loads(text)
    return content


def cells(results: dict[str, Any], method: str) -> dict[str, dict[str, Any]]:
    row = next(each for each in results["methods"] if each["name"] == method)
    names = [column["name"] for column in results["columns"]]
    return dict(zip(names, row["cells"], strict=True))


def test_the_published_schema_is_the_records(root: Path) -> None:
    """To renew it: ``python -c 'import sod_gallery.site.results as r, sys; sys.stdout.buffer.write(
    r.schema())' > docs/results.schema.json``."""
    assert (root / "docs/results.schema.json").read_bytes() == schema()


def test_means_are_those_of_the_photos(build: Run, site: Path, given: list[str | Path]) -> None:
    build(*given)
    results = data(site)
    assert (results["photos"], results["scored"]) == (4, 4)
    assert [each["photos"] for each in results["methods"]] == [4, 4, 3]
    assert [column["name"] for column in results["columns"]] == [m.name for m in MEASURES]
    scores = [
        result["scores"]
        for photo in photos_of(site).values()
        for result in photo["results"]
        if result["method"] == "Good" and result["scores"]
    ]
    for name in ("mae", "sm", "wfm", "adp_em", "iou", "biou"):
        mean = np.mean([each[name] for each in scores])
        assert cells(results, "Good")[name]["value"] == pytest.approx(mean, abs=1e-6)
    assert cells(results, "Good")["sm"]["rank"] == 1
    assert "–" in cells(results, "Good")["sm"]["interval"]
    assert results["evaluators"][0].startswith("PySODMetrics ")


def test_a_page_has_charts_comparisons_and_lists(
    build: Run, site: Path, given: list[str | Path]
) -> None:
    build(*given)
    results = data(site)
    assert [chart["name"] for chart in results["charts"]] == [
        "precision-recall",
        "fm-threshold",
        "em-threshold",
        "sm-photos",
        "mae-photos",
    ]
    assert all(chart["svg"].count("<polyline") == 3 for chart in results["charts"])
    good, bad = results["matrix"][1][2], results["matrix"][2][1]
    assert good["text"][1:] == bad["text"][1:]
    assert (good["text"][0], bad["text"][0]) == ("+", "−")
    assert (good["won"], bad["won"]) == ("100\u00a0%", "0\u00a0%")
    assert len(results["scatters"]) == 2
    assert 'href="/compare/pets/2/"' in results["scatters"][0]["svg"]
    worst = [float(photo["text"]) for photo in results["worst"][2]["photos"]]
    assert worst == sorted(worst)


def test_files_for_papers_and_programs(build: Run, site: Path, given: list[str | Path]) -> None:
    build(*given)
    folder = site / "assets/results/pets"
    names = ["citations.bib", "methods.csv", "photos.csv", "results.json", "table.md", "table.tex"]
    assert sorted(path.name for path in folder.iterdir()) == names
    for download in data(site)["downloads"]:
        assert (site / download["src"].lstrip("/")).stat().st_size == download["bytes"]
    with (folder / "photos.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 11
    everything = json.loads((folder / "results.json").read_text())
    assert list(everything["methods"]) == ["tiny", "Good", "Bad"]
    assert len(everything["methods"]["Good"]["curves"]["p"]) == 256
    assert r"\toprule" in (folder / "table.tex").read_text()
    assert "@software{pysodmetrics" in (folder / "citations.bib").read_text()


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="LaTeX is not installed")
def test_latex_compiles(build: Run, site: Path, given: list[str | Path], tmp_path: Path) -> None:
    build(*given)
    table = site / "assets/results/pets/table.tex"
    (tmp_path / "paper.tex").write_text(
        rf"\documentclass{{article}}\usepackage{{booktabs}}\begin{{document}}\input{{{table}}}"
        r"\end{document}"
    )
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "paper.pdf").is_file()


def test_nothing_is_made_again_until_something_changes(
    build: Run, run: Run, site: Path, given: list[str | Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    build(*given)
    before = tree(site, ".sod-gallery")
    with monkeypatch.context() as patch:
        patch.setattr("sod_gallery.site.results.make_results", None)
        assert run("build").code == 0
    assert tree(site, ".sod-gallery") == before
    assert run("check").code == 0
    (site / "assets/results/pets/table.tex").unlink()
    assert "assets/results/pets/table.tex: is missing" in run("check").out
    run("build")
    assert tree(site, ".sod-gallery") == before
    (site / "_config.yml").write_text(
        "gallery: {datasets: {pets: {methods: {Good: {title: Better}}}}}\n"
    )
    assert run("build").code == 0
    assert [each["title"] for each in data(site)["methods"]] == ["tiny", "Better", "Bad"]


def test_maps_are_offered_where_the_settings_ask_for_it(
    build: Run, run: Run, site: Path, given: list[str | Path]
) -> None:
    (site / "_config.yml").write_text("gallery: {maps_zip: true}\n")
    build(*given)
    paths = {each["name"]: each["maps"] for each in data(site)["methods"]}
    with zipfile.ZipFile(site / paths["Bad"]) as archive:
        assert archive.namelist() == ["Bad/2.png", "Bad/10.jpg.png", "Bad/10.png.png"]
        mask = site / "assets/gallery/pets/2/Bad/mask.png"
        assert archive.read("Bad/2.png") == mask.read_bytes()
    content = (site / paths["Good"]).read_bytes()
    build("--force")
    assert (site / paths["Good"]).read_bytes() == content
    (site / "_config.yml").write_text("gallery: {maps_zip: false}\n")
    run("build")
    assert list((site / "assets/results").rglob("*.zip")) == []


def test_without_ground_truth_methods_are_compared_with_each_other(
    build: Run, site: Path, given: list[str | Path]
) -> None:
    build(*given[2:])
    results = data(site)
    assert (results["scored"], results["charts"], results["scatters"]) == (0, [], [])
    assert [column["name"] for column in results["columns"]] == [
        "doubt", "peak", "ambiguous", "border", "parts", "agreement",
    ]  # fmt: skip
    assert results["matrix"][0][0]["text"] == ""
    assert results["matrix"][0][1] == results["matrix"][1][0]
    doubts = [float(photo["text"]) for photo in results["worst"][0]["photos"]]
    assert doubts == sorted(doubts, reverse=True)


def test_one_method_without_ground_truth_lists_the_worst_first(build: Run, site: Path) -> None:
    build()
    results = data(site)
    assert [len(results[part]) for part in ("methods", "charts", "scatters", "downloads")] == [
        1, 0, 0, 0,
    ]  # fmt: skip
    doubts = {p["url"]: p["results"][0]["doubt"] for p in photos_of(site).values()}
    (worst,) = results["worst"]
    assert worst["by"] == "doubt"
    assert [photo["url"] for photo in worst["photos"]] == sorted(
        doubts, key=lambda url: -doubts[url]
    )


def test_results_go_with_their_dataset_and_nothing_else_does(
    build: Run, run: Run, site: Path, given: list[str | Path]
) -> None:
    build(*given)
    mine = site / "assets/results/pets/notes.txt"
    mine.write_text("mine")
    (site / "_data/results/own.json").write_text("{}")
    run("forget", "pets")
    assert [path.name for path in (site / "assets/results/pets").iterdir()] == ["notes.txt"]
    assert [path.name for path in (site / "_data/results").iterdir()] == ["own.json"]
