"""Exported verdicts of several reviewers become one file, or a sentence that says what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from fixture_site import drawn_sample, write_gallery

from sod_gallery.cli import main
from sod_gallery.errors import ConfigError
from sod_gallery.records import Gallery
from sod_gallery.site.reviews import (
    Export,
    Reviews,
    describe,
    merge,
    read_export,
    review,
    reviews_json,
)

ELSEWHERE = "f" * 64


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    box = (0.2, 0.2, 0.8, 0.8)
    samples = [drawn_sample(f"{name}.jpg", (32, 24), box, 0) for name in ("a", "b", "c")]
    return write_gallery(tmp_path_factory.mktemp("site"), {"pets": samples})


class Reviewer:
    """Writes the file that one reviewer would have exported."""

    def __init__(self, name: str, gallery: Gallery) -> None:
        self._name, self._gallery = name, gallery
        self._verdicts: list[dict[str, Any]] = []

    def says(self, photo: str, verdict: str, **changes: object) -> Reviewer:
        entry = next(entry for entry in self._gallery.datasets[0].photos if entry.name == photo)
        self._verdicts.append(
            {
                "photo": f"pets/{photo}",
                "photo_sha256": entry.sha256,
                "model": "u2net",
                "checkpoint": self._gallery.models[0].checkpoint_sha256,
                "verdict": verdict,
                "reasons": [],
                "note": "",
                "link": "https://example.org/compare/pets/a/",
                "when": "2026-01-01T12:00:00.000Z",
            }
            | changes
        )
        return self

    def data(self) -> dict[str, Any]:
        return {
            "version": 1,
            "build": self._gallery.build,
            "reviewer": self._name,
            "verdicts": self._verdicts,
        }

    def export(self) -> Export:
        return msgspec.convert(self.data(), Export, strict=False)


def merged(gallery: Gallery, *reviewers: Reviewer) -> Reviews:
    return merge([reviewer.export() for reviewer in reviewers], gallery)


def test_verdicts_are_counted_for_each_photo_and_model(gallery: Gallery) -> None:
    ann = Reviewer("Ann", gallery).says("a.jpg", "bad", reasons=["halo", "hole"], note=" a rim ")
    bob = Reviewer("Bob", gallery).says("a.jpg", "bad", reasons=["hole"]).says("b.jpg", "good")
    cyd = Reviewer("Cyd", gallery).says("a.jpg", "good")
    reviews = merged(gallery, ann, bob, cyd)
    about = reviews.photos["pets/a.jpg"]["u2net"]
    assert (about.total, about.good, about.bad, about.unsure) == (3, 1, 2, 0)
    assert about.verdict == "bad"
    assert list(about.reasons.items()) == [("hole", 2), ("halo", 1)]
    assert [(note.reviewer, note.text) for note in about.notes] == [("Ann", "a rim")]
    assert reviews.photos["pets/b.jpg"]["u2net"].verdict == "good"
    assert "pets/c.jpg" not in reviews.photos
    assert reviews.reviewers == ["Ann", "Bob", "Cyd"]


def test_as_many_for_as_against_is_split(gallery: Gallery) -> None:
    ann, bob = Reviewer("Ann", gallery), Reviewer("Bob", gallery)
    reviews = merged(gallery, ann.says("a.jpg", "good"), bob.says("a.jpg", "bad"))
    assert reviews.photos["pets/a.jpg"]["u2net"].verdict == "split"


def test_models_are_counted_apart(gallery: Gallery) -> None:
    second = gallery.models[1]
    ann = Reviewer("Ann", gallery).says("a.jpg", "good")
    ann.says("a.jpg", "bad", model=second.name, checkpoint=second.checkpoint_sha256)
    photo = merged(gallery, ann).photos["pets/a.jpg"]
    assert {model: about.verdict for model, about in photo.items()} == {
        "u2net": "good",
        "u2netp": "bad",
    }


def test_the_newest_word_of_a_reviewer_counts_in_whatever_order(gallery: Gallery) -> None:
    old = Reviewer("Ann", gallery).says("a.jpg", "bad", when="2026-01-01T00:00:00Z")
    new = Reviewer(" Ann ", gallery).says("a.jpg", "good", when="2026-01-01T01:30:00+01:00")
    for reviewers in ([old, new], [new, old], [new, new, old]):
        about = merged(gallery, *reviewers).photos["pets/a.jpg"]["u2net"]
        assert (about.total, about.good) == (1, 1)


@pytest.mark.parametrize("changed", ["checkpoint", "photo_sha256"])
def test_verdicts_on_what_is_gone_are_kept_but_do_not_count(gallery: Gallery, changed: str) -> None:
    ann = Reviewer("Ann", gallery).says("a.jpg", "bad", **{changed: ELSEWHERE})
    bob = Reviewer("Bob", gallery).says("a.jpg", "good")
    reviews = merged(gallery, ann, bob)
    assert reviews.photos["pets/a.jpg"]["u2net"].total == 1
    assert [(one.reviewer, one.verdict.verdict) for one in reviews.outdated] == [("Ann", "bad")]


def test_verdicts_of_another_build_count_where_photo_and_model_are_the_same(
    gallery: Gallery,
) -> None:
    export = Reviewer("Ann", gallery).says("a.jpg", "good").export()
    earlier = msgspec.structs.replace(export, build="ba9876543210")
    assert merge([earlier], gallery).photos["pets/a.jpg"]["u2net"].good == 1


def test_the_order_of_files_changes_no_byte(gallery: Gallery) -> None:
    same_time = {"when": "2026-01-01T00:00:00Z"}
    ann = Reviewer("Ann", gallery).says("b.jpg", "good", **same_time).says("a.jpg", "bad")
    again = Reviewer("Ann", gallery).says("b.jpg", "unsure", **same_time)
    bob = Reviewer("Bob", gallery).says("a.jpg", "good", note="fine")
    there = reviews_json(merged(gallery, ann, again, bob))
    assert there == reviews_json(merged(gallery, bob, again, ann))
    assert list(json.loads(there)["photos"]) == ["pets/a.jpg", "pets/b.jpg"]


def test_both_files_keep_to_their_schemas(gallery: Gallery) -> None:
    ann = Reviewer("Ann", gallery).says("a.jpg", "bad", reasons=["missed part"], note="half")
    ann.says("b.jpg", "unsure", checkpoint=ELSEWHERE)
    jsonschema.validate(ann.data(), msgspec.json.schema(Export))
    content = json.loads(reviews_json(merged(gallery, ann)))
    jsonschema.validate(content, msgspec.json.schema(Reviews))
    assert content["outdated"][0]["build"] == gallery.build


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": 2}, "version"),
        ({"verdict": "awful"}, "verdict"),
        ({"reasons": ["ugly"]}, "reasons"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"checkpoint": "e7567cde"}, "checkpoint"),
        ({"when": "yesterday"}, "when"),
        ({"mood": "cheerful"}, "mood"),
    ],
)
def test_a_bad_file_is_named_with_the_place_and_the_remedy(
    gallery: Gallery, tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    data = Reviewer("Ann", gallery).says("a.jpg", "good").data()
    if "version" in change:
        data |= change
    else:
        data["verdicts"][0] |= change
    path = tmp_path / "ann.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_export(path)
    assert str(path) in str(caught.value)
    assert told in str(caught.value)
    assert "export it once more" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"[]", b"{\xff}", b"<html>"])
def test_what_is_no_export_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ann.json"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"ann\.json: is no export of verdicts"):
        read_export(path)


def test_one_bad_file_writes_nothing(gallery: Gallery, tmp_path: Path) -> None:
    good = tmp_path / "ann.json"
    good.write_text(json.dumps(Reviewer("Ann", gallery).data()), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"missing\.json: cannot be read"):
        review(tmp_path, [good, tmp_path / "missing.json"])
    assert not (tmp_path / "_data").exists()


def test_a_site_without_a_gallery_keeps_every_verdict_as_outdated(
    gallery: Gallery, tmp_path: Path
) -> None:
    path = tmp_path / "ann.json"
    data = Reviewer("Ann", gallery).says("a.jpg", "good").data()
    path.write_text(json.dumps(data), encoding="utf-8")
    reviews = review(tmp_path, [path])
    assert (tmp_path / "_data/reviews.json").read_bytes() == reviews_json(reviews)
    assert len(reviews.outdated) == 1
    assert describe(reviews).startswith(
        "verdicts: 0, photos: 0, reviewers: 1, outdated verdicts: 1;"
    )


def test_the_command_merges_and_says_so(
    gallery: Gallery, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "ann.json"
    path.write_text(json.dumps(Reviewer("Ann", gallery).data()), encoding="utf-8")
    assert main(["review", str(path), "--out", str(tmp_path)]) == 0
    assert "reviewers: 0" in capsys.readouterr().out
    assert main(["review", str(path), str(tmp_path / "none.json"), "--out", str(tmp_path)]) == 2
    assert "none.json: cannot be read" in capsys.readouterr().err
