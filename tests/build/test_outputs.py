"""What a build writes for each photo, and where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from small_world import Run, draw, file_of, gallery, photos_of

pytestmark = pytest.mark.usefixtures("cheap")


def test_every_photo_gets_its_files(build: Run, site: Path, photos: Path) -> None:
    outcome = build()
    assert outcome.code == 0
    assert sorted(outcome.summary["built"]) == [
        "pets/10.jpg",
        "pets/10.png",
        "pets/2.jpg",
        "pets/sub/10.jpg",
    ]
    assert list(photos_of(site)) == ["2.jpg", "10.jpg", "10.png", "sub/10.jpg"]
    for photo in photos_of(site).values():
        (result,) = photo["results"]
        listed = [*photo["sizes"], photo["social_preview"], result["mask"], result["cutout"]]
        listed += [*result["cutout_sizes"], result["composite"]]
        for file in listed:
            path = file_of(site, file)
            assert path.stat().st_size == file["bytes"]
            with Image.open(path) as image:
                assert image.size == (file["width"], file["height"])
        size = photo["width"], photo["height"]
        with Image.open(photos / photo["name"]) as original:
            assert size == original.size
        assert (result["mask"]["width"], result["mask"]["height"]) == size
        assert (photo["social_preview"]["width"], photo["social_preview"]["height"]) == (1200, 630)


def test_a_cutout_is_the_photo_with_the_mask_as_alpha(build: Run, site: Path, photos: Path) -> None:
    build()
    with Image.open(site / "assets/images/raw/pets/tiny/sub/10.jpg.png") as cutout:
        assert cutout.mode == "RGBA"
        red, green, blue, alpha = cutout.split()
    with Image.open(photos / "sub/10.jpg") as photo:
        assert Image.merge("RGB", (red, green, blue)).tobytes() == photo.tobytes()
    with Image.open(site / "assets/gallery/pets/sub-10/tiny/mask.png") as mask:
        assert mask.mode == "L"
        assert alpha.tobytes() == mask.tobytes()
        assert np.asarray(mask).max() > np.asarray(mask).min()


def test_photos_that_share_a_stem_do_not_overwrite_each_other(build: Run, site: Path) -> None:
    build()
    entries = photos_of(site).values()
    slugs = [photo["slug"] for photo in entries]
    assert len({slug.lower() for slug in slugs}) == len(slugs) == 4
    cutouts = {photo["results"][0]["cutout"]["src"] for photo in entries}
    assert len(cutouts) == 4


def test_a_photo_without_an_object_gets_an_empty_mask(build: Run, site: Path, photos: Path) -> None:
    for path in photos.rglob("*.*"):
        path.unlink()
    Image.new("RGB", (64, 64), "black").save(photos / "black.png")
    assert build().code == 0
    (result,) = photos_of(site)["black.png"]["results"]
    assert (result["empty"], result["coverage"], result["touches"]) == (True, 0.0, [])
    with Image.open(file_of(site, result["mask"])) as mask:
        assert not np.asarray(mask).any()


def test_a_photo_that_cannot_be_read_takes_nothing_down(
    build: Run, site: Path, photos: Path
) -> None:
    (photos / "broken.jpg").write_bytes((photos / "2.jpg").read_bytes()[:300])
    (photos / "empty.png").write_bytes(b"")
    outcome = build()
    assert outcome.code == 1
    assert len(outcome.summary["built"]) == 4
    failed = {failure["photo"]: failure["reason"] for failure in outcome.summary["failed"]}
    assert sorted(failed) == ["pets/broken.jpg", "pets/empty.png"]
    assert "broken.jpg" in failed["pets/broken.jpg"]
    assert [failure["photo"] for failure in gallery(site)["failed"]] == sorted(failed)
    assert "broken.jpg" not in photos_of(site)


def test_two_models_are_kept_side_by_side(build: Run, site: Path, other_weights: Path) -> None:
    build("--model", other_weights)
    assert [model["name"] for model in gallery(site)["methods"]] == ["other", "tiny"]
    for photo in photos_of(site).values():
        assert [result["method"] for result in photo["results"]] == ["tiny", "other"]
        first, second = (file_of(site, result["mask"]) for result in photo["results"])
        assert first.read_bytes() != second.read_bytes()


def test_companions_beside_the_sites_own_photos_are_listed(
    run: Run, site: Path, weights: Path
) -> None:
    own = site / "assets/images/raw/own"
    draw(own / "test/a b#.jpg", (60, 40), 5)
    draw(own / "reference/a b#.jpg.png", (60, 40), 6)
    draw(own / "gt/a b#.png", (60, 40), 7)
    assert run("--model", weights).code == 0
    (entry,) = photos_of(site, "own").values()
    assert entry["original"] == "/assets/images/raw/own/test/a%20b%23.jpg"
    assert entry["reference"]["src"] == "/assets/images/raw/own/reference/a%20b%23.jpg.png"
    assert entry["ground_truth"]["src"] == "/assets/images/raw/own/gt/a%20b%23.png"


def test_a_companion_of_another_size_fails_its_photo(run: Run, site: Path, weights: Path) -> None:
    own = site / "assets/images/raw/own"
    draw(own / "test/a.jpg", (60, 40), 5)
    draw(own / "gt/a.png", (40, 60), 7)
    outcome = run("--model", weights, "--json")
    assert outcome.code == 1
    assert "gt/a.png: is 40×60 pixels, its photo 60×40" in outcome.summary["failed"][0]["reason"]
