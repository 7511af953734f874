"""Maps that others published are methods beside the networks, and ground truth may lie anywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from crashing import CHANGING
from PIL import Image
from small_world import Run, draw, file_of, gallery, photos_of, tree

from sod_gallery.files import hash_file
from sod_gallery.photos.decoding import load_photo

pytestmark = pytest.mark.usefixtures("cheap")

STEMS = {"2": (120, 80), "10": (80, 120), "sub/10": (90, 60)}


def draw_maps(folder: Path, pattern: str = "{stem}.png") -> Path:
    """Write a map of each stem of the pets, a soft disc."""
    for stem, (width, height) in STEMS.items():
        rows, columns = np.mgrid[:height, :width]
        distance = np.hypot(rows - height / 2, columns - width / 2)
        levels = np.clip(220 - 6 * distance, 3, 220).astype(np.uint8)
        path = folder / pattern.replace("{stem}", stem)
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(levels).save(path)
    return folder


@pytest.fixture
def maps(tmp_path: Path) -> Path:
    return draw_maps(tmp_path / "maps/DSS")


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def results(site: Path, photo: str, dataset: str = "pets") -> dict[str, dict[str, Any]]:
    return {each["method"]: each for each in photos_of(site, dataset)[photo]["results"]}


def test_a_folder_of_maps_is_a_method_beside_the_networks(
    build: Run, site: Path, maps: Path, photos: Path
) -> None:
    outcome = build("--maps", maps)
    assert (outcome.code, len(outcome.summary["built"])) == (0, 4)
    (dataset,) = gallery(site)["datasets"]
    assert dataset["methods"] == ["tiny", "DSS"]
    assert dataset["mixed"] == []
    result = results(site, "2.jpg")["DSS"]
    assert (result["backend"], result["device"], result["precision"]) == ("maps", "", "")
    assert result["checkpoint_sha256"] == hash_file(maps / "2.png")
    levels = pixels(maps / "2.png")
    assert (pixels(file_of(site, result["mask"])) == levels).all()
    cutout = pixels(file_of(site, result["cutout"]))
    assert (cutout[:, :, 3] == levels).all()
    assert (cutout[:, :, :3] == np.asarray(load_photo(photos / "2.jpg"))).all()
    assert result["peak"] == round(220 / 255, 4)
    assert file_of(site, result["composite"]).is_file()


def test_a_photo_without_a_map_keeps_its_page_and_the_method_its_slider(
    build: Run, site: Path, maps: Path
) -> None:
    (maps / "sub/10.png").unlink()
    assert build("--maps", maps).code == 0
    assert list(results(site, "2.jpg")) == ["tiny", "DSS"]
    assert list(results(site, "sub/10.jpg")) == ["tiny"]
    sliders = (site / "_data/sliders.yml").read_text()
    assert sliders.count("/DSS/composite.webp") == 3
    assert sliders.count("/tiny/composite.webp") == 8  # the featured ones, and its own


def test_later_builds_keep_the_maps_and_compute_nothing(
    build: Run, run: Run, site: Path, maps: Path
) -> None:
    build("--maps", f"Ours={maps}")
    before = tree(site, *CHANGING)
    outcome = run("build", "--json")
    assert (outcome.summary["built"], len(outcome.summary["fresh"])) == ([], 4)
    assert "match" not in outcome.err
    assert tree(site, *CHANGING) == before
    assert run("check").code == 0
    assert gallery(site)["datasets"][0]["methods"] == ["tiny", "Ours"]


def test_another_map_is_another_result(build: Run, run: Run, site: Path, maps: Path) -> None:
    build("--maps", maps)
    before = results(site, "2.jpg")["DSS"]["checkpoint_sha256"]
    Image.new("L", STEMS["2"], 90).save(maps / "2.png")
    assert run("explain", "2.jpg", "--json").summary["photos"][0]["steps"]["DSS/mask"]
    outcome = run("build", "--json")
    assert outcome.summary["built"] == ["pets/2.jpg"]
    assert "1 of one value: 2" in outcome.err
    assert results(site, "2.jpg")["DSS"]["checkpoint_sha256"] != before


def test_other_maps_replace_those_before(build: Run, site: Path, maps: Path) -> None:
    build("--maps", maps)
    build("--maps", draw_maps(maps.parent / "Other", "x_{stem}_sal.png"))
    assert gallery(site)["datasets"][0]["methods"] == ["tiny", "Other"]
    assert not list(site.rglob("DSS"))


def test_paths_are_checked_before_any_work(build: Run, site: Path, maps: Path) -> None:
    (maps / "10.png").write_bytes(b"broken")
    Image.new("L", (40, 80), 0).save(maps / "sub/10.png")
    draw(maps / "99.png", (9, 9), 1)
    outcome = build("--maps", maps)
    assert outcome.code == 0
    report = outcome.err[: outcome.err.index("built pets")]
    assert "DSS: 3 of 4 files match, named {stem}" in report
    assert "1 without a photo or ground truth: 99" in report
    assert "1 of another aspect: turned, cropped, or of another photo: sub/10" in report
    assert "1 all black: sub/10" in report
    assert "10 cannot be read: " in report
    assert list(results(site, "10.jpg")) == ["tiny"]
    assert results(site, "sub/10.jpg")["DSS"]["empty"]


def test_a_map_of_another_size_becomes_the_photos(build: Run, site: Path, maps: Path) -> None:
    np.save(maps / "2.npy", pixels(maps / "2.png")[::2, ::2] / 255)
    (maps / "2.png").unlink()
    build("--maps", maps)
    assert pixels(file_of(site, results(site, "2.jpg")["DSS"]["mask"])).shape == (80, 120)


def test_settings_name_maps_and_describe_methods(
    run: Run, site: Path, photos: Path, weights: Path, maps: Path
) -> None:
    (site / "_config.yml").write_text(
        f"""
gallery:
  datasets:
    pets:
      author: Ann
      licence: CC0
      source: https://example.org/pets
      citation: "@misc{{pets}}"
      methods:
        DSS:
          maps: {maps}
          names: "{{stem}}"
          title: Deep & Short
          authors: Hou
          year: 2017
          paper: https://arxiv.org/abs/1611.04849
          bibtex: "@inproceedings{{hou}}"
        tiny: {{title: A small one}}
"""
    )
    assert run("--photos", photos, "--model", weights).code == 0
    content = gallery(site)
    methods = {each["name"]: each for each in content["methods"]}
    assert methods["tiny"]["title"] == "A small one"
    assert methods["DSS"] == {
        "name": "DSS",
        "title": "Deep & Short",
        "architecture": "published maps",
        "licence": "not stated",
        "authors": "Hou",
        "paper": "https://arxiv.org/abs/1611.04849",
        "source": "",
        "year": 2017,
        "bibtex": "@inproceedings{hou}",
    }
    (dataset,) = content["datasets"]
    credit = {"author": "Ann", "licence": "CC0", "source": "https://example.org/pets"}
    assert dataset["credit"] == credit
    assert dataset["citation"] == "@misc{pets}"
    assert {photo["credit"]["author"] for photo in dataset["photos"]} == {"Ann"}


def test_ground_truth_of_photos_anywhere(build: Run, run: Run, site: Path, tmp_path: Path) -> None:
    truth = draw_maps(tmp_path / "masks", "gt_{stem}.png")
    build("--gt", truth)
    photo = photos_of(site)["2.jpg"]
    assert photo["ground_truth"]["src"] == "/assets/gallery/pets/2/truth.png"
    assert pixels(file_of(site, photo["ground_truth"])).shape == (80, 120)
    assert photos_of(site)["10.jpg"]["ground_truth"] is not None
    assert run("check").code == 0
    assert run("build", "--json").summary["built"] == []


def test_the_files_of_pysodevaltoolkit_are_read(
    run: Run, site: Path, photos: Path, weights: Path, tmp_path: Path
) -> None:
    draw_maps(tmp_path / "maps/a", "pets_{stem}_fused.png")
    draw_maps(tmp_path / "masks")
    (tmp_path / "dataset.json").write_text(
        json.dumps(
            {
                "Pets": {
                    "image": {"path": str(photos), "suffix": ".jpg"},
                    "mask": {"path": "masks", "suffix": ".png"},
                },
                "Other": {"image": {"path": "none", "suffix": ".jpg"}},
            }
        )
    )
    folder = {"path": "maps/a", "prefix": "pets_", "suffix": "_fused.png"}
    (tmp_path / "method.json").write_text(json.dumps({"F³ Net": {"Pets": folder}}))
    files = tmp_path / "dataset.json", tmp_path / "method.json"
    outcome = run("build", "--toolkit", *files, "--model", weights, "--json")
    assert (outcome.code, len(outcome.summary["built"])) == (0, 4)
    (dataset,) = gallery(site)["datasets"]
    assert (dataset["name"], dataset["methods"]) == ("Pets", ["tiny", "F-Net"])
    photo = photos_of(site, "Pets")["2.jpg"]
    assert photo["ground_truth"] is not None
    assert len(photo["results"]) == 2
    assert run("build", "--json").summary["built"] == []


@pytest.mark.usefixtures("maps")
@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--maps", "{f}/none"), "none: is not a folder. Give the maps of none"),
        (("--maps", "{f}/strange"), "none of its 1 files is named like"),
        (("--maps", "{f}/maps/DSS", "--maps", "DSS={f}/strange"), "are called DSS"),
        (("--maps", "tiny={f}/maps/DSS"), "tiny: is taken"),
        (("--maps", "gt={f}/maps/DSS"), "gt: is taken"),
        (("--gt", "{f}/none"), "none: is not a folder. Give --gt"),
        (("--toolkit", "{f}/none", "{f}/none"), "none: cannot be read"),
        (("--toolkit", "{f}/list.json", "{f}/list.json"), "no file of PySODEvalToolkit"),
    ],
)
def test_wrong_usage_is_refused_and_nothing_is_remembered(
    build: Run, run: Run, tmp_path: Path, words: tuple[str, ...], reason: str
) -> None:
    draw(tmp_path / "strange/cat.png", (9, 9), 1)
    (tmp_path / "list.json").write_text("[]")
    build()
    outcome = build(*(word.replace("{f}", str(tmp_path)) for word in words))
    assert outcome.code == 2
    assert reason in outcome.err
    assert run("build").code == 0


def test_maps_belong_to_one_dataset(run: Run, site: Path, maps: Path, weights: Path) -> None:
    for name in ("one", "two"):
        draw(site / f"assets/images/raw/{name}/test/2.jpg", (30, 30), 1)
    outcome = run("--maps", maps, "--model", weights)
    assert outcome.code == 2
    assert "--maps and --gt belong to one dataset" in outcome.err
    assert run("--dataset", "two", "--maps", maps, "--model", weights).code == 0
    assert list(results(site, "2.jpg", "two")) == ["tiny", "DSS"]
