"""What of photos' own files becomes public: nothing, unless a setting says so."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from PIL import Image
from small_world import Run, gallery, photos_of
from traps import SECRET, jpeg, noise, png, secrets_in

pytestmark = pytest.mark.usefixtures("cheap")

OWN = "assets/images/raw/own/test"


def publish(site: Path, originals: str) -> None:
    (site / "_config.yml").write_text(f"gallery: {{publish: {{originals: {originals}}}}}")


def named(site: Path) -> list[Path]:
    """Return the files that the site's data names, each once."""

    def sources(node: object) -> set[str]:
        if isinstance(node, list):
            return set().union(*(sources(child) for child in node))
        if not isinstance(node, dict):
            return set()
        here = {node[key] for key in ("src", "original", "full") if node.get(key)}
        return here | sources(list(node.values()))

    return [site / unquote(src).lstrip("/") for src in sorted(sources(gallery(site)))]


def secrets(site: Path) -> dict[str, list[str]]:
    return {path.name: found for path in named(site) if (found := secrets_in(path))}


@pytest.fixture
def own(site: Path) -> Path:
    """Return a folder of the site with two photos and a companion that hold secrets."""
    folder = site / OWN
    (folder.parent / "reference").mkdir(parents=True)
    folder.mkdir()
    (folder / "a.jpg").write_bytes(jpeg(6))
    (folder / "b.png").write_bytes(png())
    (folder.parent / "reference/b.png.png").write_bytes(png())
    noise().save(folder / "c.gif", comment=SECRET)
    return folder


def test_by_default_nothing_public_holds_metadata(
    run: Run, site: Path, own: Path, weights: Path
) -> None:
    assert run("--model", weights).code == 0
    assert secrets(site) == {}
    assert gallery(site)["datasets"][0]["originals"] == "no"
    for name, photo in photos_of(site, "own").items():
        assert photo["original"] is None, name
        assert OWN not in photo["full"]
    reference = photos_of(site, "own")["b.png"]["reference"]
    with Image.open(site / reference["src"].lstrip("/")) as bare, Image.open(own / "b.png") as own_:
        assert bare.tobytes() == own_.tobytes()


def test_photos_from_elsewhere_are_published_without_metadata_too(
    build: Run, site: Path, photos: Path
) -> None:
    (photos / "a.jpg").write_bytes(jpeg())
    assert build().code == 0
    assert secrets(site) == {}


def test_stripped_originals_hold_their_pixels_and_no_metadata(
    run: Run, site: Path, own: Path, weights: Path
) -> None:
    publish(site, "{own: stripped}")
    assert run("--model", weights).code == 0
    assert secrets(site) == {}
    assert gallery(site)["datasets"][0]["originals"] == "without metadata"
    entries = photos_of(site, "own")
    for name in ("a.jpg", "b.png"):
        original = site / entries[name]["original"].lstrip("/")
        assert entries[name]["full"] == entries[name]["original"]
        assert original.suffix == Path(name).suffix
        with Image.open(original) as one, Image.open(own / name) as other:
            assert one.tobytes() == other.tobytes()
    assert entries["c.gif"]["original"] is None  # of a form that is not taken apart
    assert len(run("--json").summary["fresh"]) == 3


@pytest.mark.usefixtures("own")
def test_originals_are_published_as_they_are_where_the_settings_say_so(
    run: Run, site: Path, weights: Path
) -> None:
    publish(site, "true")
    assert run("--model", weights).code == 0
    for name, photo in photos_of(site, "own").items():
        assert photo["original"] == photo["full"] == f"/{OWN}/{name}"
    assert gallery(site)["datasets"][0]["originals"] == "as they are"
    assert "a.jpg" in secrets(site)


def test_a_photo_from_elsewhere_is_copied_where_originals_are_published(
    build: Run, site: Path, photos: Path
) -> None:
    publish(site, "{pets: true}")
    (photos / "2.jpg").write_bytes(jpeg())
    assert build().code == 0
    copy = site / photos_of(site)["2.jpg"]["original"].lstrip("/")
    assert copy.read_bytes() == (photos / "2.jpg").read_bytes()


def test_a_setting_for_a_known_dataset_is_not_for_a_namesake_elsewhere(
    run: Run, site: Path, photos: Path, weights: Path
) -> None:
    publish(site, "{sample: true}")
    (photos / "a.jpg").write_bytes(jpeg())
    assert run("--photos", photos, "--name", "sample", "--model", weights).code == 0
    assert photos_of(site, "sample")["a.jpg"]["original"] is None
    assert secrets(site) == {}


@pytest.mark.parametrize("originals", ["true", "stripped"])
def test_nothing_behind_a_link_is_published(
    run: Run, site: Path, own: Path, weights: Path, tmp_path: Path, originals: str
) -> None:
    publish(site, originals)
    (tmp_path / "private.jpg").write_bytes(jpeg())
    (tmp_path / "private.png").write_bytes(png())
    (own / "link.jpg").symlink_to(tmp_path / "private.jpg")
    reference = own.parent / "reference/link.jpg.png"
    reference.symlink_to(tmp_path / "private.png")
    assert run("--model", weights).code == 0
    photo = photos_of(site, "own")["link.jpg"]
    assert photo["original"] is None
    assert photo["full"].startswith("/assets/gallery/")
    assert photo["reference"]["src"].startswith("/assets/gallery/")
    assert not any(path.is_symlink() for path in named(site))
    assert secrets_in(site / photo["reference"]["src"].lstrip("/")) == []


def test_a_folder_of_photos_that_is_a_link_is_copied_from(
    run: Run, site: Path, photos: Path, weights: Path
) -> None:
    publish(site, "true")
    (site / OWN).parent.mkdir(parents=True)
    (site / OWN).symlink_to(photos)
    assert run("--model", weights).code == 0
    original = photos_of(site, "own")["2.jpg"]["original"]
    assert original == "/assets/gallery/own/2/original.jpg"


@pytest.mark.usefixtures("own")
def test_a_changed_setting_takes_back_what_was_published(
    run: Run, site: Path, weights: Path
) -> None:
    publish(site, "stripped")
    run("--model", weights)
    copies = list((site / "assets/gallery").rglob("original.*"))
    assert len(copies) == 2
    publish(site, "false")
    assert run().code == 0
    assert not any(path.exists() for path in copies)
    assert photos_of(site, "own")["a.jpg"]["original"] is None
    assert run("check").code == 0


def test_forget_says_that_the_next_build_finds_the_photos_again(
    run: Run, site: Path, own: Path, weights: Path
) -> None:
    publish(site, "stripped")
    run("--model", weights)
    outcome = run("forget", "own")
    assert str(own) in outcome.out
    assert not list((site / "assets/gallery").rglob("*"))
    assert gallery(site)["datasets"] == []
