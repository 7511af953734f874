"""What the site reads: contracts, order, and no byte that depends on the day."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import msgspec
import pytest
import yaml

from sod_gallery.config import Config, DatasetConfig, PublishConfig
from sod_gallery.manifest import DatasetRecord, Findings, Manifest, Output, PhotoRecord, StepRecord
from sod_gallery.records import Credit, Gallery, Method, Patch, Provenance
from sod_gallery.site.data import gallery, gallery_json, schema
from sod_gallery.site.sliders import sliders, sliders_yml

WEB = (40, 80)


def output(path: str, width: int = 80) -> Output:
    return Output(path=path, sha256="0" * 64, bytes=width, width=width, height=60)


def photo(dataset: str, slug: str, *methods: str) -> PhotoRecord:
    folder = f"assets/gallery/{dataset}/{slug}"
    steps = {
        "web": StepRecord(key="k", outputs=[output(f"{folder}/photo-{w}.webp", w) for w in WEB]),
        "full": StepRecord(key="k", outputs=[]),
    }
    findings = Findings(
        coverage=0.34,
        peak=0.9,
        touches=["left"],
        empty=False,
        edges=[Patch(x=0, y=0, width=0.5, height=0.5)],
    )
    for method in methods:
        for step in ("mask", "cutout", "cutout-full", "cutout-web", "composite"):
            steps[f"{method}/{step}"] = StepRecord(
                key="k",
                outputs=[output(f"{folder}/{method}/{step}.png")],
                findings=findings if step == "mask" else None,
                provenance=provenance(method) if step == "mask" else None,
            )
    steps["social-preview"] = StepRecord(key="k", outputs=[output(f"{folder}/card.jpg", 1200)])
    return PhotoRecord(sha256="1" * 64, bytes=1234, slug=slug, steps=steps)


def method(name: str) -> Method:
    return Method(
        name=name,
        title=f"The {name}",
        architecture="u2netp",
        licence="Apache-2.0",
        authors="",
        paper="",
        source="",
    )


def provenance(method: str, backend: str = "torch", precision: str = "fp32") -> Provenance:
    return Provenance(
        method=method,
        checkpoint_sha256="2" * 64,
        backend=backend,
        device="cpu",
        precision=precision,
    )


def dataset(name: str, *photos: str, methods: tuple[str, ...] = ("m",)) -> DatasetRecord:
    records = {each: photo(name, each.split(".")[0], *methods) for each in photos}
    return DatasetRecord(methods=list(methods), photos=records)


def no_credits(_dataset: str) -> dict[str, Credit]:
    return {}


@pytest.fixture
def manifest() -> Manifest:
    return Manifest(
        methods={"m": method("m"), "unused": method("unused")},
        datasets={
            "pets": dataset("pets", "10.jpg", "2.jpg", "a b#.jpg"),
            "art": dataset("art", "x.jpg"),
            "nothing": DatasetRecord(methods=["m"], failed={"broken.jpg": "is empty"}),
        },
    )


def test_the_data_obeys_its_schema_and_reads_back(manifest: Manifest) -> None:
    content = gallery_json(gallery(manifest, Config(), no_credits))
    jsonschema.validate(json.loads(content), json.loads(schema()))
    assert b"\r" not in content
    assert content.endswith(b"\n")


def test_the_published_schema_is_the_records(root: Path) -> None:
    """To renew it: ``python -c 'import sod_gallery.site.data as d, sys; sys.stdout.buffer.write(
    d.schema())' > docs/gallery.schema.json``."""
    assert (root / "docs/gallery.schema.json").read_bytes() == schema()


def test_datasets_follow_the_settings_and_photos_their_names(manifest: Manifest) -> None:
    config = Config(datasets={"pets": DatasetConfig(title="My pets")})
    content = gallery(manifest, config, no_credits)
    assert [entry.title for entry in content.datasets] == ["My pets", "art"]
    assert [entry.name for entry in content.datasets[0].photos] == ["2.jpg", "10.jpg", "a b#.jpg"]
    assert [entry.name for entry in content.methods] == ["m"]
    assert [failure.photo for failure in content.failed] == ["nothing/broken.jpg"]


def test_addresses_are_encoded(manifest: Manifest) -> None:
    config = Config(publish=PublishConfig(originals={"pets": True}))
    entry = gallery(manifest, config, no_credits, lambda *_: True).datasets[1].photos[-1]
    assert entry.original == "/assets/gallery/pets/a%20b%23/original.jpg"
    assert (entry.full, entry.full_bytes) == (entry.original, 1234)


def test_a_photo_that_an_older_version_built_does_not_state_its_bytes(manifest: Manifest) -> None:
    pets = manifest.datasets["pets"]
    pets.photos = {
        name: msgspec.structs.replace(record, bytes=0) for name, record in pets.photos.items()
    }
    config = Config(publish=PublishConfig(originals={"pets": True}))
    entry = gallery(manifest, config, no_credits, lambda *_: True).datasets[1].photos[-1]
    assert entry.full == entry.original
    assert entry.full_bytes is None


def test_a_photo_from_elsewhere_is_shown_by_its_web_sizes(manifest: Manifest) -> None:
    manifest.datasets["art"].source = "/home/me/art"
    entry = gallery(manifest, Config(), no_credits).datasets[0].photos[0]
    assert entry.original is None
    assert (entry.full, entry.full_bytes) == ("/assets/gallery/art/x/photo-80.webp", 80)
    made = output("assets/gallery/art/x/photo-full.webp")
    manifest.datasets["art"].photos["x.jpg"].steps["full"] = StepRecord(key="k", outputs=[made])
    entry = gallery(manifest, Config(), no_credits).datasets[0].photos[0]
    assert entry.full == "/assets/gallery/art/x/photo-full.webp"


def test_the_build_changes_with_the_content_alone(manifest: Manifest) -> None:
    def build() -> str:
        return gallery(manifest, Config(), no_credits).build

    first = build()
    assert build() == first
    assert len(first) == 12
    manifest.datasets["art"].photos.clear()
    assert build() != first


def test_every_result_states_what_computed_it(manifest: Manifest) -> None:
    steps = manifest.datasets["pets"].photos["2.jpg"].steps
    other = provenance("m", backend="openvino", precision="bf16")
    steps["m/mask"] = msgspec.structs.replace(steps["m/mask"], provenance=other)
    art, pets = gallery(manifest, Config(), no_credits).datasets
    assert [photo.results[0].backend for photo in pets.photos] == ["openvino", "torch", "torch"]
    assert [photo.results[0].precision for photo in pets.photos] == ["bf16", "fp32", "fp32"]
    assert (pets.mixed, art.mixed) == (["m"], [])


def test_a_low_map_is_said_to_be_faint(manifest: Manifest) -> None:
    steps = manifest.datasets["art"].photos["x.jpg"].steps
    findings = steps["m/mask"].findings
    assert findings
    for peak, faint in ((0.49, True), (0.5, False)):
        changed = msgspec.structs.replace(findings, peak=peak)
        steps["m/mask"] = msgspec.structs.replace(steps["m/mask"], findings=changed)
        (result,) = gallery(manifest, Config(), no_credits).datasets[0].photos[0].results
        assert (result.peak, result.faint) == (peak, faint)


def test_an_interrupted_dataset_shows_what_is_finished(manifest: Manifest) -> None:
    del manifest.datasets["pets"].photos["2.jpg"].steps["m/composite"]
    content = gallery(manifest, Config(), no_credits)
    assert [entry.name for entry in content.datasets[1].photos] == ["10.jpg", "a b#.jpg"]


def test_credits_reach_their_photos(manifest: Manifest) -> None:
    def credits(name: str) -> dict[str, Credit]:
        return {"x.jpg": Credit(author="A", licence="CC0")} if name == "art" else {}

    content = gallery(manifest, Config(), credits)
    assert content.datasets[0].photos[0].credit == Credit(author="A", licence="CC0")
    assert content.datasets[1].photos[0].credit is None


def made_sliders(manifest: Manifest, config: Config) -> list[dict[str, object]]:
    content: Gallery = gallery(manifest, config, no_credits)
    loaded = yaml.safe_load(sliders_yml(sliders(content, config)))
    assert isinstance(loaded, list)
    return loaded


def test_sliders_are_the_featured_photos_then_each_dataset_and_model(manifest: Manifest) -> None:
    manifest.datasets["art"] = dataset("art", "x.jpg", methods=("m", "unused"))
    config = Config(datasets={"pets": DatasetConfig(featured=("10.jpg", "gone.jpg", "2.jpg"))})
    made = made_sliders(manifest, config)
    assert [slider["selector"] for slider in made] == ["slider1", "pets_m", "art_m", "art_unused"]
    assert made[0] == {
        "selector": "slider1",
        "bullets": True,
        "captions": True,
        "images": [
            {
                "src": f"/assets/gallery/pets/{slug}/m/composite.png",
                "title": slug,
                "alt": f"{slug}: photo and cut-out by The m",
                "href": f"/compare/pets/{slug}/",
                "width": 80,
                "height": 60,
            }
            for slug in ("10", "2")
        ],
        "settings": {"height": "'auto'"},
    }


def test_without_featured_photos_the_first_24_are_taken(manifest: Manifest) -> None:
    manifest.datasets["art"] = dataset("art", *(f"{number}.jpg" for number in range(30)))
    images = made_sliders(manifest, Config())[0]["images"]
    assert isinstance(images, list)
    assert [image["title"] for image in images] == [str(number) for number in range(24)]


def test_many_slides_get_no_bullets(manifest: Manifest) -> None:
    manifest.datasets["art"] = dataset("art", *(f"{number}.jpg" for number in range(31)))
    assert [slider["bullets"] for slider in made_sliders(manifest, Config())] == [True, False, True]


def test_selectors_are_javascript_identifiers_and_unique(manifest: Manifest) -> None:
    manifest.datasets = {name: dataset(name, "x.jpg") for name in ("a-b", "a_b", "2020", "pets")}
    names = [str(slider["selector"]) for slider in made_sliders(manifest, Config())]
    assert len(set(names)) == len(names) == 5
    assert all(name.isidentifier() and name.isascii() for name in names)


def test_nothing_built_gives_empty_data() -> None:
    assert sliders_yml(sliders(gallery(Manifest(), Config(), no_credits), Config())) == b"[]\n"
