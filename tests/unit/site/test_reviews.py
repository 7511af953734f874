"""Exported verdicts of several reviewers become one file, or a sentence that says what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from fixture_site import CHECKPOINTS, drawn_sample, write_gallery

from sod_gallery.cli import main
from sod_gallery.errors import ConfigError
from sod_gallery.records import Gallery
from sod_gallery.site.reviews import Reviews, describe, merge, review, reviews_json
from sod_gallery.site.verdicts import Export, Reading, read_export, schema

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
        self.verdicts: list[dict[str, Any]] = []
        self._preferences: list[dict[str, Any]] = []

    def says(self, photo: str, verdict: str, **changes: object) -> Reviewer:
        entry = next(entry for entry in self._gallery.datasets[0].photos if entry.name == photo)
        self.verdicts.append(
            {
                "reviewer": self._name,
                "photo": f"pets/{photo}",
                "photo_sha256": entry.sha256,
                "method": "u2net",
                "result_sha256": CHECKPOINTS["u2net"],
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
            "version": 2,
            "build": self._gallery.build,
            "verdicts": self.verdicts,
            "preferences": self._preferences,
        }

    def prefers(self, photo: str, choice: str, *, swapped: bool = False) -> Reviewer:
        """Add a vote between u2net (a) and u2netp (b), or the other way round."""
        entry = next(entry for entry in self._gallery.datasets[0].photos if entry.name == photo)
        sides = [
            {"method": name, "result_sha256": CHECKPOINTS[name]} for name in ("u2net", "u2netp")
        ]
        a, b = reversed(sides) if swapped else sides
        self._preferences.append(
            {
                "reviewer": self._name,
                "photo": f"pets/{photo}",
                "photo_sha256": entry.sha256,
                "a": a,
                "b": b,
                "choice": choice,
                "when": "2026-01-01T12:00:00.000Z",
            }
        )
        return self


def merged(gallery: Gallery, *reviewers: Reviewer) -> Reviews:
    exports = [msgspec.convert(each.data(), Export, strict=False) for each in reviewers]
    reading = Reading(
        verdicts=[verdict for export in exports for verdict in export.verdicts],
        preferences=[vote for export in exports for vote in export.preferences],
    )
    return merge(reading, gallery)


def read(*paths: Path) -> Reading:
    reading = Reading()
    for path in paths:
        read_export(path, reading)
    return reading


def test_verdicts_are_counted_for_each_photo_and_method(gallery: Gallery) -> None:
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


def test_methods_are_counted_apart(gallery: Gallery) -> None:
    ann = Reviewer("Ann", gallery).says("a.jpg", "good")
    ann.says("a.jpg", "bad", method="u2netp", result_sha256=CHECKPOINTS["u2netp"])
    photo = merged(gallery, ann).photos["pets/a.jpg"]
    assert {method: about.verdict for method, about in photo.items()} == {
        "u2net": "good",
        "u2netp": "bad",
    }


def test_the_newest_word_of_a_reviewer_counts_in_whatever_order(gallery: Gallery) -> None:
    old = Reviewer("Ann", gallery).says("a.jpg", "bad", when="2026-01-01T00:00:00Z")
    new = Reviewer(" Ann ", gallery).says("a.jpg", "good", when="2026-01-01T01:30:00+01:00")
    for reviewers in ([old, new], [new, old], [new, new, old]):
        about = merged(gallery, *reviewers).photos["pets/a.jpg"]["u2net"]
        assert (about.total, about.good) == (1, 1)


@pytest.mark.parametrize("changed", ["result_sha256", "photo_sha256"])
def test_verdicts_on_what_is_gone_are_kept_but_do_not_count(gallery: Gallery, changed: str) -> None:
    ann = Reviewer("Ann", gallery).says("a.jpg", "bad", **{changed: ELSEWHERE})
    bob = Reviewer("Bob", gallery).says("a.jpg", "good")
    reviews = merged(gallery, ann, bob)
    assert reviews.photos["pets/a.jpg"]["u2net"].total == 1
    assert [(each.reviewer, each.verdict) for each in reviews.outdated] == [("Ann", "bad")]


def test_verdicts_count_whatever_the_photo_is_called_now(gallery: Gallery) -> None:
    ann = Reviewer("Ann", gallery).says("a.jpg", "good")
    ann.verdicts[0]["photo"] = "holiday/renamed.jpg"
    assert merged(gallery, ann).photos["pets/a.jpg"]["u2net"].good == 1


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
    ann.says("b.jpg", "unsure", result_sha256=ELSEWHERE)
    jsonschema.validate(ann.data(), msgspec.json.schema(Export))
    content = json.loads(reviews_json(merged(gallery, ann)))
    jsonschema.validate(content, msgspec.json.schema(Reviews))
    assert content["outdated"][0]["result_sha256"] == ELSEWHERE


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"verdict": "awful"}, "verdict"),
        ({"reasons": ["ugly"]}, "reasons"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"result_sha256": "e7567cde"}, "result_sha256"),
        ({"when": "yesterday"}, "when"),
        ({"mood": "cheerful"}, "mood"),
    ],
)
def test_a_bad_verdict_is_left_out_by_name_and_refused_by_strict(
    gallery: Gallery, tmp_path: Path, change: dict[str, Any], named: str
) -> None:
    data = Reviewer("Ann", gallery).says("a.jpg", "good").says("b.jpg", "bad").data()
    data["verdicts"][0] |= change
    path = tmp_path / "ann.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    reading = read(path)
    assert [verdict.photo for verdict in reading.verdicts] == ["pets/b.jpg"]
    (sentence,) = reading.left_out
    assert f"{path}: verdict 1 (pets/a.jpg) is left out" in sentence
    assert named in sentence
    with pytest.raises(ConfigError, match="Nothing was merged"):
        review(tmp_path, [path], strict=True, warn=print)
    assert not (tmp_path / "_data").exists()


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{\xff}", b"<html>", b'{"version": 3, "verdicts": []}']
)
def test_what_is_no_export_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ann.json"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"ann\.json: is no export of verdicts.*once more"):
        read(path)


def test_a_file_of_version_1_is_read_as_its_reviewers(gallery: Gallery, tmp_path: Path) -> None:
    old = Reviewer("-", gallery).says("a.jpg", "good").data()
    for verdict in old["verdicts"]:
        verdict["model"] = verdict.pop("method")
        verdict["checkpoint"] = verdict.pop("result_sha256")
        del verdict["reviewer"]
    del old["preferences"]
    path = tmp_path / "ann.json"
    path.write_text(json.dumps(old | {"version": 1, "reviewer": "Ann"}), encoding="utf-8")
    reviews = merge(read(path), gallery)
    assert (reviews.reviewers, reviews.photos["pets/a.jpg"]["u2net"].good) == (["Ann"], 1)


def test_a_forwarded_file_counts_once_and_under_its_own_name(
    gallery: Gallery, tmp_path: Path
) -> None:
    """Bob imported Ann's file and exported all verdicts with their names."""
    ann = Reviewer("Ann", gallery).says("a.jpg", "bad")
    bob = Reviewer("Bob", gallery).says("a.jpg", "good")
    both = bob.data() | {"verdicts": [*ann.data()["verdicts"], *bob.data()["verdicts"]]}
    for name, content in (("ann.json", ann.data()), ("bob.json", both)):
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
    reviews = merge(read(tmp_path / "ann.json", tmp_path / "bob.json"), gallery)
    about = reviews.photos["pets/a.jpg"]["u2net"]
    assert (about.total, about.good, about.bad, about.disagree) == (2, 1, 1, True)
    assert reviews.reviewers == ["Ann", "Bob"]


def test_agreement_is_stated_with_the_number_of_reviewers(gallery: Gallery) -> None:
    ann = Reviewer("Ann", gallery).says("a.jpg", "good").says("b.jpg", "bad").says("c.jpg", "bad")
    bob = Reviewer("Bob", gallery).says("a.jpg", "good").says("b.jpg", "bad")
    alpha = merged(gallery, ann, bob).alpha
    assert alpha
    assert (alpha.value, alpha.reviewers, alpha.results) == (1.0, 2, 2)
    cyd = Reviewer("Cyd", gallery).says("a.jpg", "bad").says("b.jpg", "good")
    alpha = merged(gallery, ann, cyd).alpha
    assert alpha
    assert alpha.value == -0.5  # two coders, two units, always different: 1 − 1 / (2/3)
    assert merged(gallery, ann).alpha is None
    same = Reviewer("Cyd", gallery).says("b.jpg", "bad").says("c.jpg", "bad")
    alpha = merged(gallery, Reviewer("Ann", gallery).says("b.jpg", "bad"), same).alpha
    assert alpha
    assert alpha.value == 1.0
    spaced = Reviewer(" Ann ", gallery).says("b.jpg", "bad")
    alpha = merged(gallery, Reviewer("Ann", gallery).says("a.jpg", "good"), spaced, bob).alpha
    assert alpha
    assert alpha.reviewers == 2


def test_blind_votes_become_a_table_with_intervals(gallery: Gallery) -> None:
    ann = Reviewer("Ann", gallery).prefers("a.jpg", "a").prefers("b.jpg", "b", swapped=True)
    bob = Reviewer("Bob", gallery).prefers("a.jpg", "a").prefers("b.jpg", "same")
    cyd = Reviewer("Cyd", gallery).prefers("a.jpg", "b").prefers("c.jpg", "a")
    (duel,) = merged(gallery, ann, bob, cyd).duels
    assert (duel.a, duel.b) == ("u2net", "u2netp")
    assert (duel.a_better, duel.b_better, duel.same) == (4, 1, 1)
    assert duel.share == 0.8
    assert (duel.low, duel.high) == (0.3755, 0.9638)  # Wilson's interval of 4 in 5
    clear = merged(gallery, Reviewer("Ann", gallery).prefers("a.jpg", "a"))
    assert json.loads(reviews_json(clear))["duels"][0]["high"] == 1
    (undecided,) = merged(gallery, Reviewer("Ann", gallery).prefers("a.jpg", "same")).duels
    assert (undecided.same, undecided.share) == (1, None)


def test_one_bad_file_writes_nothing(gallery: Gallery, tmp_path: Path) -> None:
    good = tmp_path / "ann.json"
    good.write_text(json.dumps(Reviewer("Ann", gallery).data()), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"missing\.json: cannot be read"):
        review(tmp_path, [good, tmp_path / "missing.json"], warn=print)
    assert not (tmp_path / "_data").exists()


def test_a_site_without_a_gallery_keeps_every_verdict_as_outdated(
    gallery: Gallery, tmp_path: Path
) -> None:
    path = tmp_path / "ann.json"
    data = Reviewer("Ann", gallery).says("a.jpg", "good").data()
    path.write_text(json.dumps(data), encoding="utf-8")
    reviews = review(tmp_path, [path], warn=print)
    assert (tmp_path / "_data/reviews.json").read_bytes() == reviews_json(reviews)
    assert len(reviews.outdated) == 1
    assert describe(reviews)[0].startswith(
        "verdicts: 0, photos: 0, reviewers: 1, outdated verdicts: 1;"
    )


def test_the_command_merges_and_warns(
    gallery: Gallery, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "ann.json"
    data = Reviewer("Ann", gallery).says("a.jpg", "good").data()
    data["verdicts"][0]["verdict"] = "awful"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert main(["review", str(path), "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr()
    assert "reviewers: 0" in printed.out
    assert "verdict 1 (pets/a.jpg) is left out" in printed.err
    assert main(["review", str(path), "--strict", "--out", str(tmp_path)]) == 2
    assert main(["review", str(path), str(tmp_path / "none.json"), "--out", str(tmp_path)]) == 2
    assert "none.json: cannot be read" in capsys.readouterr().err


def test_the_published_schema_is_the_records(root: Path) -> None:
    """To renew it: ``python -c 'from sod_gallery.site.verdicts import schema; import sys;
    sys.stdout.buffer.write(schema())' > docs/verdicts.schema.json``."""
    assert (root / "docs/verdicts.schema.json").read_bytes() == schema()
