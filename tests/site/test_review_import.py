"""The browser and ``sod-gallery review`` accept the same files: one table of cases through both."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jekyll_site import Site
from playwright.sync_api import Page, expect
from reviewing import BUILD, a_verdict, an_old_verdict, export_of, give, kept

from sod_gallery.errors import ConfigError
from sod_gallery.site.verdicts import LARGEST_EXPORT, Reading, read_export

pytestmark = pytest.mark.site

Make = Callable[[dict[str, Any]], object]


@dataclass(frozen=True)
class Case:
    """A file made from a good verdict, and the number of usable verdicts (None: no export)."""

    name: str
    make: Make
    usable: int | None = 1


def with_(**changes: object) -> Make:
    return lambda good: export_of(good | changes)


def when(text: str, usable: int = 1) -> Case:
    return Case(f"when {text}", with_(when=text), usable)


def without(field: str) -> Make:
    return lambda good: export_of({key: value for key, value in good.items() if key != field})


def envelope(**changes: object) -> Make:
    return lambda good: export_of(good, **changes)


def first(*changes: dict[str, object], **file: object) -> Make:
    """Return a file of version 1."""
    return lambda good: (
        {
            "version": 1,
            "build": BUILD,
            "reviewer": "Bob",
            "verdicts": [an_old_verdict(good, **each) for each in changes],
        }
        | file
    )


def raw(old: str, new: str) -> Make:
    """Change the file's text."""
    return lambda good: json.dumps(export_of(good | {"note": "NOTE"})).replace(old, new)


CASES = [
    Case("plain", with_()),
    Case("one of two", lambda good: export_of(good, good | {"verdict": "awful"})),
    Case("longest note", with_(note="é" * 2000)),
    Case("longest note of astral characters", with_(note="😀" * 2000)),
    Case("note too long", with_(note="a" * 2001), 0),
    Case("longest link", with_(link="https://" + "a" * 1992)),
    Case("link too long", with_(link="https://" + "a" * 1993), 0),
    Case("script as link", with_(link="javascript:alert(1)"), 0),
    Case("link after a line break", with_(link="x\nhttps://a"), 0),
    Case("nameless", with_(reviewer=" "), 0),
    Case("longest name", with_(reviewer="n" * 80)),
    Case("name too long", with_(reviewer="n" * 81), 0),
    Case("sha256 with a line break", with_(photo_sha256="a" * 64 + "\n"), 0),
    Case("sha256 in capitals", with_(result_sha256="A" * 64), 0),
    Case("photo without dataset", with_(photo="14.jpg"), 0),
    Case("empty method", with_(method=""), 0),
    Case("unknown reason", with_(reasons=["ugly"]), 0),
    Case("reasons as text", with_(reasons="halo"), 0),
    Case("six reasons", with_(reasons=["halo"] * 6), 0),
    Case("verdict as list", with_(verdict=["good"]), 0),
    Case("note as number", with_(note=1), 0),
    Case("note as null", with_(note=None), 0),
    Case("extra field", with_(stars=5), 0),
    Case("field of objects", with_(__proto__="x"), 0),
    Case("missing field", without("when"), 0),
    Case("verdict is a list", lambda _: export_of([]), 0),
    Case("verdict is null", lambda _: export_of(None), 0),
    Case("lone surrogate", raw("NOTE", "\\ud800"), 0),
    Case("lone surrogate in capitals", raw("NOTE", "\\uDFFF"), 0),
    Case("lone surrogate at the end", raw("NOTE", "\\ude00\\ud83d"), 0),
    Case("lone surrogate as bytes", raw("NOTE", "\ud800"), 0),
    Case("lone surrogate in one of two", lambda good: export_of(good, good | {"note": "\udc00"})),
    Case("lone surrogate in a field's name", raw('"note"', '"note\\ud800"'), 0),
    Case("lone surrogate beside the verdicts", envelope(more="\udc00")),
    Case("lone surrogate in the reviewer of version 1", first({}, reviewer="\ud800"), None),
    Case("no surrogate", raw("NOTE", "\\\\ud800")),
    Case("pair of surrogates", raw("NOTE", "\\ud83d\\ude00")),
    Case("pair after a backslash", raw("NOTE", "\\\\\\ud83d\\ude00")),
    Case("replacement character", with_(note="\ufffd")),
    when("2026-01-01T00:00:00+01:00"),
    when("2026-01-01 00:00:00z"),
    when("2024-02-29T23:59:59.123456789+0530"),
    when("0001-01-01T00:00:00Z"),
    when("2026-01-01T00:00:00", 0),
    when("2026-01-01", 0),
    when("2026-02-29T00:00:00Z", 0),
    when("2026-13-01T00:00:00Z", 0),
    when("2026-01-01T24:00:00Z", 0),
    when("2026-01-01T00:00:60Z", 0),
    when("2026-01-01T00:00Z", 0),
    when("2026-01-01T00:00:00+24:00", 0),
    when("0000-01-01T00:00:00Z", 0),
    when("1 January 2026", 0),
    Case("version 1", first({}, {"verdict": "bad", "reasons": ["halo", "halo"]}), 2),
    Case("version 1, one of two", first({}, {"when": "2026-02-29T00:00:00Z"})),
    Case("version 1 with a field of version 2", first({"method": "u2net"}), 0),
    Case("version 1 without a reviewer's name", first({}, reviewer=""), None),
    Case("version 3", envelope(version=3), None),
    Case("version as text", envelope(version="2"), None),
    Case("version with a fraction of nothing", envelope(version=2.0)),
    Case("version with an exponent", raw('"version": 2', '"version": 20e-1')),
    Case("version with a fraction", envelope(version=2.5), None),
    Case("version as truth value", lambda good: first({}, version=True)(good), None),
    Case("other build", envelope(build="ffffffffffff")),
    Case("no build", envelope(build=None), None),
    Case("more in the file", envelope(more=1)),
    Case("no verdicts", lambda _: {"version": 2, "build": BUILD}, None),
    Case("verdicts is an object", lambda _: export_of() | {"verdicts": {}}, None),
    Case("array", lambda good: [good], None),
    Case("cut off", lambda good: json.dumps(export_of(good))[:-3], None),
    Case("empty", lambda _: "", None),
    Case("mark at the beginning", lambda good: "\ufeff" + json.dumps(export_of(good)), None),
    Case("no number", raw('"NOTE"', "NaN"), None),
    Case("as large as may be", lambda good: sized(good, LARGEST_EXPORT)),
    Case("too large", lambda good: sized(good, LARGEST_EXPORT + 1), None),
]


def sized(good: dict[str, Any], size: int) -> str:
    text = json.dumps(export_of(good))
    return text + " " * (size - len(text))


def content_of(case: Case, site: Site) -> bytes:
    made = case.make(a_verdict(site, "14.jpg", "good", reviewer="Bob"))
    return (made if isinstance(made, str) else json.dumps(made)).encode("utf-8", "surrogatepass")


def read_by_python(content: bytes, path: Path) -> int | None:
    path.write_bytes(content)
    reading = Reading()
    try:
        read_export(path, reading)
    except ConfigError:
        return None
    return len(reading.verdicts)


@pytest.fixture
def gallery(page: Page, site: Site) -> Page:
    page.goto(site.url("/gallery/sample/"))
    page.locator(".review-tools summary").click()
    return page


def read_by_browser(page: Page, content: bytes, path: Path) -> int | None:
    status_line = page.locator(".tools .status-line")
    status_line.evaluate("(line) => { line.textContent = ''; }")
    path.write_bytes(content)
    page.get_by_label("Import").set_input_files(path)
    expect(status_line).to_contain_text("imported")
    text = status_line.inner_text()
    return None if "could not be imported" in text else int(text.split()[0])


def test_both_accept_the_same(gallery: Page, site: Site, tmp_path: Path) -> None:
    path = tmp_path / "bob.json"
    found: dict[str, tuple[int | None, int | None]] = {}
    for case in CASES:
        content = content_of(case, site)
        found[case.name] = read_by_python(content, path), read_by_browser(gallery, content, path)
    assert found == {case.name: (case.usable, case.usable) for case in CASES}


def test_what_is_left_out_is_named_and_the_rest_is_imported(gallery: Page, site: Site) -> None:
    good = a_verdict(site, "14.jpg", "good", reviewer="Bob")
    bad = good | {"photo": "sample/other.jpg", "when": "2026-02-29T00:00:00Z"}
    give(gallery, "bob.json", export_of(good, bad, good | {"stars": 5}, 7))
    line = gallery.locator(".tools .status-line")
    expect(line).to_have_text("1 verdict imported. 3 left out.")
    expect(gallery.locator(".left-out li")).to_have_text(
        [
            "verdict 2 (sample/other.jpg) is left out: “when” is not usable.",
            "verdict 3 (sample/14.jpg) is left out: “stars” is not among its fields.",
            "verdict 4 is left out: it is not usable.",
        ]
    )
    assert len(kept(gallery)) == 1


def test_half_a_character_costs_its_verdict_alone_and_both_name_it(
    gallery: Page, site: Site, tmp_path: Path
) -> None:
    good = a_verdict(site, "14.jpg", "good", reviewer="Bob")
    file = export_of(good, good | {"photo": "sample/other.jpg", "note": "\ud83d"})
    give(gallery, "bob.json", file)
    expect(gallery.locator(".tools .status-line")).to_have_text("1 verdict imported. 1 left out.")
    expect(gallery.locator(".left-out li")).to_have_text(
        ["verdict 2 (sample/other.jpg) is left out: “note” is not usable."]
    )
    (tmp_path / "bob.json").write_text(json.dumps(file), encoding="utf-8")
    reading = Reading()
    read_export(tmp_path / "bob.json", reading)
    [sentence] = reading.left_out
    assert sentence.endswith("verdict 2 (sample/other.jpg) is left out: it holds half a character.")


def test_a_file_that_is_no_export_changes_nothing_and_says_why(gallery: Page, site: Site) -> None:
    good = a_verdict(site, "14.jpg", "good", reviewer="Bob")
    line = gallery.locator(".tools .status-line")
    for content, reason in [
        ("{", "it is not JSON"),
        ([], "it is no export of verdicts: it is not usable"),
        (export_of(good, version=3), "it is no export of verdicts: “version” is not usable"),
        (sized(good, LARGEST_EXPORT + 1), "it has more than 20 MB"),
    ]:
        give(gallery, "odd.json", content)
        expect(line).to_have_text(f"odd.json could not be imported: {reason}. Nothing was changed.")
    assert kept(gallery) == []


def test_version_1_is_read_as_its_reviewers(gallery: Page, site: Site) -> None:
    good = a_verdict(site, "14.jpg", "good")
    give(gallery, "bob.json", first({"reasons": ["halo", "halo"]})(good))
    expect(gallery.locator(".tools .status-line")).to_have_text("1 verdict imported.")
    assert kept(gallery) == [good | {"reviewer": "Bob", "reasons": ["halo"]}]
