"""A folder of damaged files, bombs and odd forms: each file is built, failed or skipped by name."""

from __future__ import annotations

import re
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path

import pytest
from hostile_files import SPECIAL, write_files
from small_world import Run, photos_of

pytestmark = pytest.mark.usefixtures("cheap")

ROOT = Path(__file__).resolve().parents[2]
LEAST = {"truncated": 200, "bits turned over": 300, "bombs": 50, SPECIAL: 6}
REMEDY = re.compile(r"save|copy|scale|export|give|is a pipe|is a link|is of a kind", re.IGNORECASE)
DEATH = re.compile(r"crashed|takes more than|ended its decoder")


def test_every_file_is_built_failed_or_named(
    run: Run, site: Path, tmp_path: Path, weights: Path
) -> None:
    names = write_files(tmp_path / "strange")
    outcome = run("--photos", tmp_path / "strange", "--model", weights, "--json")
    assert outcome.code == 1
    outcomes = {
        word: {_name(entry): entry for entry in outcome.summary[word]}
        for word in ("built", "failed", "skipped")
    }
    kinds = [name for name in outcomes["skipped"] if name.startswith("*")]
    found = {
        title: Counter(_outcome(name, outcomes, kinds) for name in inside)
        for title, inside in names.items()
    }
    assert not [title for title in found if found[title]["lost"]]
    assert all(len(names[title]) >= least for title, least in LEAST.items())
    refused = [*outcomes["failed"].values(), *outcomes["skipped"].values()]
    reasons = [entry["reason"] for entry in refused]
    assert not [reason for reason in reasons if not REMEDY.search(reason)]
    assert not [reason for reason in reasons if DEATH.search(reason)]
    assert set(photos_of(site, "strange")) == set(outcomes["built"])
    assert _documented() == {title: _row(found[title]) for title in found}


def _name(entry: object) -> str:
    photo = entry["photo"] if isinstance(entry, dict) else entry
    return str(photo).removeprefix("strange/")


def _outcome(name: str, outcomes: dict[str, dict[str, object]], kinds: list[str]) -> str:
    """Return what became of a file; files that are no pictures are counted by their kind."""
    for word, entries in outcomes.items():
        if name in entries:
            return word
    return "skipped" if any(fnmatch(name, kind) for kind in kinds) else "lost"


def _row(counts: Counter[str]) -> tuple[int, ...]:
    return (counts.total(), counts["built"], counts["failed"], counts["skipped"])


def _documented() -> dict[str, tuple[int, ...]]:
    page = (ROOT / "docs/photos.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([\w, ]+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", page, re.MULTILINE)
    return {title: tuple(map(int, numbers)) for title, *numbers in rows}
