"""Whatever files, settings and reviewers are called, the terminal shows it and does not obey."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from PIL import Image
from small_world import Run, draw

from sod_gallery.terminal import is_unseen

pytestmark = pytest.mark.usefixtures("cheap")

HOSTILE = "x\x1b]0;owned\x07\x9b31m\u202e\u200b\nb [red]"


def is_clean(text: str) -> bool:
    return not any(is_unseen(char) for char in text if char != "\n")


def test_names_of_photos_folders_and_datasets(
    run: Run, site: Path, weights: Path, tmp_path: Path
) -> None:
    folder = tmp_path / f"holiday {HOSTILE}"
    for place in (folder, site / f"assets/images/raw/{HOSTILE}/test"):
        draw(place / f"{HOSTILE}.jpg", (30, 30), 1)
        draw(place / HOSTILE / "in.jpg", (30, 30), 2)
        (place / f"bad {HOSTILE}.jpg").write_bytes(b"x")
        (place / f"raw {HOSTILE}.psd").write_bytes(b"x")
    for arguments in (["--photos", folder], [], ["--force"], ["explain", f"{HOSTILE}.jpg"]):
        outcome = run(*arguments, *(() if "explain" in arguments else ("--model", weights)))
        assert "\\x1b]0;owned\\x07" in outcome.out, outcome
        assert is_clean(outcome.out + outcome.err)
    outcome = run("--json")
    assert is_clean(outcome.out)
    assert any(f"/{HOSTILE}.jpg" in photo for photo in outcome.summary["fresh"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["--limit", HOSTILE],
        [f"--{HOSTILE}"],
        ["--photos", HOSTILE],
        ["--photos", ".", "--name", HOSTILE],
        ["--dataset", HOSTILE],
        ["--model", HOSTILE],
        ["explain", HOSTILE],
        ["forget", HOSTILE],
        ["review", HOSTILE],
        ["score", "--pred", HOSTILE, "--gt", HOSTILE],
        ["--backend", HOSTILE],
    ],
)
def test_arguments_that_are_cited(
    run: Run, arguments: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    try:
        said = run(*arguments).err
    except SystemExit:  # argparse's own errors
        said = capfd.readouterr().err
    assert "owned" in said
    assert is_clean(said)


def test_settings_that_are_cited(run: Run, site: Path) -> None:
    (site / "_config.yml").write_text('gallery: {"x\\e[31m\\u202E": 1}')
    said = run().err
    assert "x\\x1b[31m\\u202e" in said
    assert is_clean(said)


def test_reviewers_and_notes(run: Run, build: Run, tmp_path: Path) -> None:
    build()
    said = {"photo": HOSTILE, "photo_sha256": HOSTILE, "method": HOSTILE, "reviewer": HOSTILE}
    verdicts = [{**said, "result_sha256": "0" * 64, "verdict": HOSTILE, "note": HOSTILE}]
    export = tmp_path / f"{HOSTILE}.json"
    export.write_text(json.dumps({"format": HOSTILE, "version": "2.0", "verdicts": verdicts}))
    for options in ([], ["--strict"]):
        outcome = run("review", export, *options)
        assert "owned" in outcome.out + outcome.err
        assert is_clean(outcome.out + outcome.err)


def test_lines_of_libtiff_are_not_printed(run: Run, weights: Path, tmp_path: Path) -> None:
    photo = tmp_path / "scans/page.tif"
    photo.parent.mkdir()
    pixels = Image.effect_noise((64, 64), 90)
    pixels.save(photo, compression="tiff_adobe_deflate")
    content = bytearray(photo.read_bytes())
    shuffle = random.Random(1)
    for _ in range(40):
        content[shuffle.randrange(200, 2000)] = shuffle.randrange(256)
    photo.write_bytes(content)
    outcome = run("--photos", photo.parent, "--model", weights)
    assert outcome.code == 1
    assert "scans/page.tif" in outcome.out
    assert "ZIPDecode" not in outcome.out + outcome.err
