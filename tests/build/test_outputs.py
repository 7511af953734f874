"""What a build writes for each photo, and where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from small_world import Run, draw, file_of, gallery, photos_of

from sod_gallery.files import hash_file
from sod_gallery.photos import workers
from sod_gallery.photos.decode_worker import Kind
from sod_gallery.photos.decoding import Decoded

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
    (own / "gt").mkdir()
    Image.new("L", (60, 40), 255).save(own / "gt/a b#.png")
    assert run("--model", weights).code == 0
    (entry,) = photos_of(site, "own").values()
    assert entry["reference"]["src"] == "/assets/gallery/own/a-b/reference.png"
    assert entry["ground_truth"]["src"] == "/assets/gallery/own/a-b/truth.png"
    assert entry["notes"] == []


def truth_of(site: Path) -> tuple[Image.Image, list[str]]:
    """Return the ground truth of the one photo of ``own`` as published, and the photo's notes."""
    (entry,) = photos_of(site, "own").values()
    with Image.open(file_of(site, entry["ground_truth"])) as image:
        image.load()
    return image, entry["notes"]


def test_a_companion_of_another_size_is_resized_with_a_note(
    run: Run, site: Path, weights: Path
) -> None:
    own = site / "assets/images/raw/own"
    draw(own / "test/a.jpg", (60, 40), 5)
    (own / "gt").mkdir()
    Image.fromarray(np.array([[0, 255]], np.uint8)).save(own / "gt/a.png")
    outcome = run("--model", weights, "--json")
    assert (outcome.code, outcome.summary["failed"]) == (0, [])
    truth, notes = truth_of(site)
    assert (truth.size, truth.getpixel((29, 0)), truth.getpixel((30, 0))) == ((60, 40), 0, 255)
    assert notes == ["The ground truth is 2×1 pixels and was resized (nearest)."]
    assert "note: own/a.jpg: The ground truth is 2×1 pixels" in outcome.err
    assert run("--json").summary["fresh"] == ["own/a.jpg"]
    assert run("check").code == 0
    (own / "gt/a.png").unlink()
    run()
    assert not list(site.rglob("truth.png"))


@pytest.mark.parametrize(
    ("values", "mode", "note"),
    [
        ([0, 255], "L", None),
        ([0, 0], "L", None),
        ([0, 1], "L", "has the values 0 and 1, which were scaled"),
        ([0, 128], "L", "has the values 0 and 128, which were scaled"),
        ([0, 1], "P", None),
        ([0, 255], "RGB", None),
        ([0, 65535], "I;16", "has the values 0 and 65535, which were scaled"),
    ],
)
def test_ground_truth_is_black_and_white_whatever_its_values(
    run: Run, site: Path, weights: Path, values: list[int], mode: str, note: str | None
) -> None:
    own = site / "assets/images/raw/own"
    draw(own / "test/a.jpg", (60, 40), 5)
    (own / "gt").mkdir()
    dtype = np.uint16 if mode == "I;16" else np.uint8
    image = Image.fromarray(np.repeat(np.repeat([values], 30, 1), 40, 0).astype(dtype))
    if mode == "P":
        image.putpalette([0, 0, 0, 255, 255, 255])
    image = image.convert("RGB") if mode == "RGB" else image
    image.save(own / "gt/a.png")
    assert run("--model", weights).code == 0
    truth, notes = truth_of(site)
    right = 255 if values[1] else 0
    levels = np.asarray(truth.convert("L"))
    assert (levels[:, :30] == 0).all()
    assert (levels[:, 30:] == right).all()
    assert [note in sentence for sentence in notes] == [True] if note else notes == []


def test_ground_truth_of_many_values_is_noted(run: Run, site: Path, weights: Path) -> None:
    own = site / "assets/images/raw/own"
    draw(own / "test/a.jpg", (60, 40), 5)
    draw(own / "gt/a.png", (60, 40), 6)
    assert run("--model", weights).code == 0
    _, (note,) = truth_of(site)
    assert "neither binary nor black and white" in note


def test_a_companion_that_cannot_be_read_costs_itself_alone(
    run: Run, site: Path, weights: Path
) -> None:
    own = site / "assets/images/raw/own"
    draw(own / "test/a.jpg", (60, 40), 5)
    for name in ("gt/a.png", "reference/a.jpg.png"):
        (own / name).parent.mkdir()
        (own / name).write_bytes(b"no picture")
    outcome = run("--model", weights, "--json")
    assert outcome.summary["built"] == ["own/a.jpg"]
    (entry,) = photos_of(site, "own").values()
    assert (entry["reference"], entry["ground_truth"]) == (None, None)
    assert [note.split(":")[0] for note in entry["notes"]] == [
        "assets/images/raw/own/reference/a.jpg.png",
        "assets/images/raw/own/gt/a.png",
    ]


def test_results_state_what_computed_them_and_a_mixed_dataset_says_so(
    run: Run, site: Path, photos: Path, weights: Path, other_weights: Path, tmp_path: Path
) -> None:
    """Other weights of the same name, over a part of the photos."""
    namesake = tmp_path / "other/tiny.safetensors"
    namesake.parent.mkdir()
    namesake.write_bytes(other_weights.read_bytes())
    run("--photos", photos, "--model", weights)
    run("--photos", photos, "--model", namesake, "--limit", "1", "--precision", "fp32")
    by_photo = {name: photo["results"][0] for name, photo in photos_of(site).items()}
    hashes = {name: result["checkpoint_sha256"] for name, result in by_photo.items()}
    assert hashes["2.jpg"] == hash_file(namesake)
    assert {hashes[name] for name in hashes if name != "2.jpg"} == {hash_file(weights)}
    (dataset,) = gallery(site)["datasets"]
    assert dataset["mixed"] == ["tiny"]
    run("--photos", photos, "--model", namesake, "--precision", "fp32")
    (dataset,) = gallery(site)["datasets"]
    assert dataset["mixed"] == []


def test_failures_are_published_without_the_paths_of_this_machine(
    build: Run, site: Path, photos: Path
) -> None:
    (photos / "broken.jpg").write_bytes(b"no picture")
    theirs = site / "assets/images/raw/pets/tiny/2.jpg.png"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"published by its author")
    reasons = {failure["photo"]: failure["reason"] for failure in build().summary["failed"]}
    assert str(photos) in reasons["pets/broken.jpg"]
    failed = {failure["photo"]: failure["reason"] for failure in gallery(site)["failed"]}
    assert failed["pets/broken.jpg"].startswith("is not an image that can be read")
    assert failed["pets/2.jpg"].startswith("assets/images/raw/pets/tiny/2.jpg.png: is there")
    assert str(site.parent) not in (site / "_data/gallery.json").read_text("utf-8")


def test_a_large_cutout_has_a_smaller_file_for_those_who_zoom_in(
    run: Run, site: Path, photos: Path, weights: Path
) -> None:
    random = np.random.default_rng(0)
    noise = Image.fromarray(random.integers(0, 255, (700, 900, 3), np.uint8))
    noise.save(photos / "large.png")
    run("--photos", photos, "--model", weights)
    entries = photos_of(site)
    assert entries["2.jpg"]["results"][0]["cutout_full"] is None
    result = entries["large.png"]["results"][0]
    assert result["cutout_full"]["bytes"] < result["cutout"]["bytes"]
    with Image.open(file_of(site, result["cutout_full"])) as small:
        assert (small.format, small.size) == ("WEBP", (900, 700))
        smaller = np.asarray(small)
    with Image.open(file_of(site, result["cutout"])) as cutout:
        pixels = np.asarray(cutout)
    visible = pixels[..., 3] > 0
    assert (smaller[..., 3] == pixels[..., 3]).all()
    assert (smaller[visible] == pixels[visible]).all()


def test_what_is_no_photo_is_in_the_summary_and_in_the_data(
    build: Run, site: Path, photos: Path
) -> None:
    (photos / "notes.txt").write_text("mine")
    (photos / "raw.NEF").write_bytes(b"raw")
    summary = build().summary
    assert summary["skipped"] == gallery(site)["skipped"]
    reasons = {skipped["photo"]: skipped["reason"] for skipped in summary["skipped"]}
    assert list(reasons) == ["pets/raw.NEF", "pets/*.txt"]
    assert "camera raw" in reasons["pets/raw.NEF"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MemoryError(), "needs more memory than there is"),
        (ValueError("encoding error 6"), "cannot be made (ValueError: encoding error 6)"),
        (RecursionError(), "cannot be made (RecursionError)"),
    ],
)
def test_whatever_goes_wrong_with_a_photo_fails_that_photo(
    build: Run, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:

    decode = workers.decode

    def failing(kind: Kind, path: Path, size: tuple[int, int]) -> Decoded:
        if path.name == "2.jpg":
            raise error
        return decode(kind, path, size)

    monkeypatch.setattr(workers, "decode", failing)
    outcome = build()
    assert outcome.code == 1
    (failure,) = outcome.summary["failed"]
    assert failure["photo"] == "pets/2.jpg"
    assert reason in failure["reason"]
    assert len(outcome.summary["built"]) == 3


def test_a_full_size_that_webp_cannot_hold_is_a_jpeg(
    run: Run, site: Path, photos: Path, weights: Path
) -> None:
    Image.new("RGB", (17_000, 20), "red").save(photos / "panorama.png")
    assert run("--photos", photos, "--model", weights).code == 0
    assert photos_of(site)["panorama.png"]["full"].endswith("/panorama/photo-full.jpg")


def test_where_browsers_would_not_turn_a_photo_a_full_size_of_ours_is_shown(
    run: Run, site: Path, weights: Path
) -> None:
    (site / "_config.yml").write_text("gallery: {publish: {originals: true}}")
    own = site / "assets/images/raw/own/test"
    own.mkdir(parents=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = Image.effect_noise((60, 40), 50).convert("RGB")
    photo.save(own / "turned.webp", exif=exif)
    photo.save(own / "plain.webp")
    photo.save(own / "turned.jpg", exif=exif)
    assert run("--model", weights).code == 0
    shown = {name: entry["full"] for name, entry in photos_of(site, "own").items()}
    for entry in photos_of(site, "own").values():
        assert entry["full_bytes"] == (site / entry["full"].lstrip("/")).stat().st_size
    assert shown["plain.webp"] == "/assets/images/raw/own/test/plain.webp"
    assert shown["turned.jpg"] == "/assets/images/raw/own/test/turned.jpg"
    with Image.open(site / shown["turned.webp"].lstrip("/")) as image:
        assert image.size == (40, 60)


@pytest.mark.parametrize("length", [240, 243, 248, 251, 252, 255])
def test_names_that_take_all_that_a_file_system_allows(
    run: Run, site: Path, photos: Path, weights: Path, length: int
) -> None:
    name = "n" * (length - 4) + ".jpg"
    (photos / "2.jpg").rename(photos / name)
    assert run("--photos", photos, "--model", weights).code == 0
    result = photos_of(site)[name]["results"][0]
    assert file_of(site, result["cutout"]).is_file()
    assert len(run("--json").summary["fresh"]) == 4


def test_a_photo_beside_a_folder_that_is_called_like_its_cutout(
    run: Run, photos: Path, weights: Path
) -> None:
    draw(photos / "2.jpg.png/inside.jpg", (30, 30), 1)
    outcome = run("--photos", photos, "--model", weights, "--json")
    assert outcome.summary["failed"] == []
    assert len(outcome.summary["built"]) == 5
