"""A folder's name gives a title and an address, whatever it is and whoever has that address."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_world import Run, draw, gallery

pytestmark = pytest.mark.usefixtures("cheap")


def titles(site: Path) -> dict[str, str]:
    return {dataset["url"]: dataset["title"] for dataset in gallery(site)["datasets"]}


def test_folders_of_one_slug_live_side_by_side(
    run: Run, site: Path, weights: Path, tmp_path: Path
) -> None:
    names = ["München 2023", "Munchen 2023", "MUNCHEN_2023", "munchen-2023"]
    for name in names:
        draw(tmp_path / name / "a.jpg", (30, 30), 1)
        assert run("--photos", tmp_path / name, "--model", weights).code == 0
    found = titles(site)
    assert sorted(found.values()) == sorted(names)
    assert len({url.lower() for url in found}) == 4
    assert found["/gallery/Munchen-2023/"] == "München 2023"
    again = [run("--photos", tmp_path / name, "--json").summary for name in names]
    assert [(each["built"], len(each["fresh"])) for each in again] == [([], 1)] * 4
    assert titles(site) == found


def test_a_folder_of_the_site_makes_others_of_its_slug_step_aside(
    run: Run, site: Path, weights: Path, tmp_path: Path
) -> None:
    draw(site / "assets/images/raw/trip/test/own.jpg", (30, 30), 1)
    draw(tmp_path / "Trip!/a.jpg", (30, 30), 2)
    assert run("--photos", tmp_path / "Trip!", "--model", weights).code == 0
    assert run("--model", weights).code == 0
    found = titles(site)
    assert found["/gallery/trip/"] == "trip"
    assert sorted(found.values()) == ["Trip!", "trip"]


def test_a_gallery_keeps_the_address_that_it_has(
    run: Run, site: Path, weights: Path, tmp_path: Path
) -> None:
    """Older versions folded the name in another way."""
    draw(tmp_path / "München/a.jpg", (30, 30), 1)
    run("--photos", tmp_path / "München", "--name", "M-nchen", "--model", weights)
    assert run("--photos", tmp_path / "München", "--json").summary["built"] == []
    assert titles(site) == {"/gallery/M-nchen/": "München"}


def test_datasets_of_the_site_have_any_name(run: Run, site: Path, weights: Path) -> None:
    name = "50% <b> 日本"
    draw(site / f"assets/images/raw/{name}/test/a b.jpg", (30, 30), 1)
    outcome = run("--dataset", name, "--model", weights, "--json")
    assert outcome.summary["built"] == [f"{name}/a b.jpg"]
    assert (site / f"assets/images/raw/{name}/tiny/a b.jpg.png").is_file()
    assert titles(site) == {"/gallery/50-b/": name}
    assert run("check").code == 0
    assert run("forget", name).code == 0
    assert not (site / "assets/gallery" / name).exists()
