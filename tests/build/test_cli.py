"""What the command says, and how it ends."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from small_world import Run, draw, gallery, photos_of, tree

from sod_gallery import build_gallery
from sod_gallery.build.state import lock
from sod_gallery.cli import main
from sod_gallery.errors import ConfigError, PipelineError

STATE = ".sod-gallery/"
pytestmark = pytest.mark.usefixtures("cheap")


def test_the_summary_is_one_object_and_nothing_else(build: Run, photos: Path) -> None:
    (photos / "broken.jpg").write_bytes(b"no picture")
    outcome = build()
    assert outcome.out.count("\n") == 1
    assert sorted(outcome.summary) == ["built", "failed", "fresh", "removed", "seconds", "skipped"]
    assert sorted(outcome.summary["failed"][0]) == ["photo", "reason"]


@pytest.mark.parametrize(
    "words", [[], ["build"], ["check"], ["explain"], ["forget"], ["review"], ["score"]]
)
def test_help_fits_a_screen_and_has_an_example(
    capsys: pytest.CaptureFixture[str], words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as caught:
        main([*words, "--help"])
    lines = capsys.readouterr().out.splitlines()
    assert caught.value.code == 0
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert any("sod-gallery " in line and "usage" not in line for line in lines)


def test_a_word_that_is_no_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["chek"])
    assert caught.value.code == 2
    assert "'chek' (choose from" in capsys.readouterr().err


def test_a_shell_completes_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--print-completion", "bash"])
    script = capsys.readouterr().out
    assert caught.value.code == 0
    assert all(word in script for word in ("explain", "--weights-dir", "onnxruntime"))


def test_every_command_prints_one_object(
    build: Run, run: Run, site: Path, photos: Path, tmp_path: Path
) -> None:
    build()
    assert run("check", "--json").summary == {"ok": True, "problems": []}
    (photos / "2.jpg").unlink()
    checked = run("check", "--json")
    assert checked.code == 1
    reason = "the photo is gone, its results are still there"
    problem = {"subject": "pets/2.jpg", "step": "", "reason": reason}
    assert checked.summary == {"ok": False, "problems": [problem]}
    (state,) = run("explain", "sub-10", "--json").summary["photos"]
    assert (state["photo"], state["slug"], state["failed"]) == (
        "pets/sub/10.jpg",
        "sub-10",
        None,
    )
    assert state["steps"]["tiny/mask"] is None
    export = {"version": 1, "build": gallery(site)["build"], "reviewer": "Ann", "verdicts": []}
    (tmp_path / "ann.json").write_text(json.dumps(export))
    assert run("review", tmp_path / "ann.json", "--json").summary == {
        "written": "_data/reviews.json",
        "verdicts": 0,
        "photos": 0,
        "reviewers": [],
        "outdated": 0,
    }
    forgotten = run("forget", "pets", "--json").summary
    assert forgotten["dataset"] == "pets"
    assert sorted(forgotten["removed"])[0] == "pets/10.jpg"


def test_check_and_explain_take_the_selection_of_a_build(
    build: Run, run: Run, photos: Path, other_weights: Path, tmp_path: Path
) -> None:
    build()
    assert run("check", "--photos", photos, "--limit", "1").code == 0
    stale = run("check", "--model", other_weights, "--limit", "1", "--json").summary["problems"]
    assert {problem["subject"] for problem in stale} == {"pets/2.jpg"}
    assert {"other/mask", "other/cutout"} <= {problem["step"] for problem in stale}
    draw(tmp_path / "new/a.jpg", (30, 30), 1)
    out = run("explain", "a.jpg", "--photos", tmp_path / "new", "--model", other_weights).out
    assert "other/mask: not built yet" in out
    assert "no such dataset" in run("check", "--dataset", "nobody").err
    assert "is not a folder" in run("explain", "2.jpg", "--photos", tmp_path / "none").err


def test_people_get_lines_and_a_summary(run: Run, photos: Path, weights: Path) -> None:
    outcome = run("--photos", photos, "--model", weights)
    assert "[4/4] built pets/" in outcome.err
    assert "4 built in " in outcome.out
    assert "model: tiny (tiny, weights " in outcome.out
    outcome = run("--photos", photos)
    assert "4 fresh in " in outcome.out


def test_a_failure_is_told_with_its_reason(run: Run, photos: Path, weights: Path) -> None:
    (photos / "broken.jpg").write_bytes(b"no picture")
    outcome = run("--photos", photos, "--model", weights)
    assert outcome.code == 1
    assert "failed: pets/broken.jpg: " in outcome.out


def test_check_is_green_after_a_build_and_names_what_is_not(
    build: Run, run: Run, site: Path, photos: Path
) -> None:
    build()
    outcome = run("check")
    assert (outcome.code, outcome.out) == (0, "Everything is as it was built.\n")
    mask = site / "assets/gallery/pets/2/tiny/mask.png"
    stamp = mask.stat()
    mask.write_bytes(mask.read_bytes()[:-1] + b"x")
    os.utime(mask, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    (photos / "10.png").unlink()
    draw(photos / "new.jpg", (30, 30), 1)
    (site / "_data/sliders.yml").write_text("[]")
    outcome = run("check")
    assert outcome.code == 1
    assert "pets/2.jpg: tiny/mask: assets/gallery/pets/2/tiny/mask.png was altered" in outcome.out
    assert "pets/10.png: the photo is gone" in outcome.out
    assert "pets/new.jpg: web: not built yet" in outcome.out
    assert "_data/sliders.yml: is missing or differs" in outcome.out


def test_check_and_explain_change_nothing(build: Run, run: Run, site: Path, photos: Path) -> None:
    build()
    (photos / "10.png").unlink()
    before = tree(site)
    run("check")
    run("explain", "pets/2.jpg")
    assert tree(site) == before


def test_explain_tells_each_step(build: Run, run: Run, site: Path, photos: Path) -> None:
    (photos / "broken.jpg").write_bytes(b"no picture")
    build()
    assert "tiny/composite: fresh" in run("explain", "pets/2.jpg").out
    (site / "_config.yml").write_text("gallery: {composite: {gap: 0}}")
    out = run("explain", "2.jpg").out
    assert "tiny/composite: the photo, the model, a setting or the step itself changed" in out
    assert "tiny/mask: fresh" in out
    assert "failed in the last build" in run("explain", "pets/broken.jpg").out
    outcome = run("explain", "pets/nobody.jpg")
    assert outcome.code == 2
    assert "no such photo" in outcome.err


def test_forget_drops_results_and_keeps_photos(
    build: Run, run: Run, site: Path, photos: Path
) -> None:
    build()
    outcome = run("forget", "pets", "--json")
    assert len(outcome.summary["removed"]) == 4
    assert not (site / "assets").exists()
    assert gallery(site)["datasets"] == []
    assert (photos / "2.jpg").exists()
    assert run("forget", "pets").code == 2


def test_a_folder_elsewhere_is_remembered_and_may_be_away(
    build: Run, run: Run, site: Path, photos: Path, weights: Path
) -> None:
    build()
    draw(site / "assets/images/raw/own/test/a.jpg", (30, 30), 1)
    assert len(run("--model", weights, "--json").summary["fresh"]) == 4
    photos.rename(photos.with_name("away"))
    before = tree(site)
    outcome = run("--json")
    assert outcome.code == 3
    assert "its gallery pets stays as it was" in outcome.err
    assert tree(site, STATE) == {k: v for k, v in before.items() if not k.startswith(STATE)}
    outcome = run("--dataset", "own", "--json")
    assert outcome.code == 0
    assert "pets are not there; it stays as it was" in outcome.err
    assert len(photos_of(site)) == 4


def test_a_dataset_of_the_site_whose_folder_is_gone_is_removed_if_that_is_allowed(
    run: Run, site: Path, weights: Path
) -> None:
    for name in ("one", "two"):
        draw(site / f"assets/images/raw/{name}/test/a.jpg", (30, 30), 1)
    run("--model", weights)
    shutil.rmtree(site / "assets/images/raw/one/test")
    assert run("--json").code == 3
    assert (site / "assets/gallery/one/a/card.jpg").exists()
    assert run("--json", "--allow-empty").summary["removed"] == ["one/a.jpg"]
    assert not (site / "assets/gallery/one").exists()


def test_two_folders_of_one_name_do_not_mix(
    build: Run, run: Run, tmp_path: Path, weights: Path
) -> None:
    build()
    draw(tmp_path / "else/pets/a.jpg", (30, 30), 1)
    outcome = run("--photos", tmp_path / "else/pets")
    assert outcome.code == 2
    assert "already built from" in outcome.err
    assert run("--photos", tmp_path / "else/pets", "--name", "pets2", "--model", weights).code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--photos", "missing"], 2, "is not a folder"),
        (["--photos", "."], 2, "holds no photos"),
        (["--dataset", "nobody"], 3, "nobody"),
        (["--dataset", "../up"], 2, "cannot name a dataset"),
        (["--dataset", "chimay-SOD1"], 3, "assets/images/raw/chimay-SOD1/test"),
        (["--dataset", "sample", "--model", "resnet"], 2, "no such model"),
        (["--dataset", "sample", "--model", "u2net"], 3, "--offline"),
        (["--dataset", "sample", "--model", "missing.pth"], 3, "missing.pth"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    run: Run,
    site: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    monkeypatch.setenv("U2NET_HOME", str(tmp_path / "no-weights"))
    monkeypatch.chdir(site)
    outcome = run(*arguments, "--json")
    assert outcome.code == code
    assert said in " ".join(outcome.err.split())
    assert outcome.out == ""
    assert not (site / "_data").exists()


@pytest.mark.parametrize("arguments", [["--limit", "0"], ["--limit", "many"], ["--colour"]])
def test_wrong_usage_is_exit_code_2(run: Run, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(*arguments)
    assert caught.value.code == 2


@pytest.mark.parametrize(
    "words",
    [
        ["--photos", ""],
        ["--photos="],
        ["--dataset", "", "--json"],
        ["--model", " "],
        ["--out", ""],
        ["forget", ""],
        ["explain", ""],
        ["review", ""],
        [""],
    ],
)
def test_an_empty_argument_starts_nothing(run: Run, site: Path, words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(*words)
    assert caught.value.code == 2
    assert [path.name for path in site.iterdir()] == ["_config.yml"]


def test_an_empty_argument_of_a_function_starts_nothing(site: Path) -> None:
    for arguments in ({"photos": ""}, {"models": [""]}, {"datasets": [""]}, {"name": ""}):
        with pytest.raises(ConfigError, match="an argument is empty"):
            build_gallery(site, **arguments)


@pytest.mark.parametrize("out", ["/dev/null", "/dev/null/site", "/proc/nowhere", "x" * 300])
@pytest.mark.parametrize("words", [["--dataset", "sample"], ["forget", "pets"]])
def test_a_root_that_cannot_be_written_is_said(run: Run, out: str, words: list[str]) -> None:
    outcome = run(*words, "--out", out)
    assert outcome.code == 2
    assert out.rpartition("/")[2] in outcome.err.replace("\n", "")
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("words", [["check"], ["explain", "x.jpg"], ["review", "ann.json"]])
def test_what_is_no_folder_is_no_site(run: Run, words: list[str]) -> None:
    outcome = run(*words, "--out", "/dev/null")
    assert outcome.code == 2
    assert "Traceback" not in outcome.err
    assert outcome.err


def test_a_root_that_is_read_only_is_said(
    build: Run, run: Run, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    before = tree(site)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("filelock.FileLock.acquire", refuse)
    for words in (["--force"], ["forget", "pets"]):
        outcome = run(*words)
        assert outcome.code == 2
        assert f"{site}: cannot be written to (Read-only file system)" in outcome.err
    assert tree(site) == before
    assert run("check").code == 0


def test_nothing_is_forgotten_during_a_build(build: Run, run: Run, site: Path) -> None:
    build()
    with lock(site):
        outcome = run("forget", "pets", "--json")
    assert (outcome.code, outcome.out) == (2, "")
    assert "another build is running" in outcome.err
    assert len(photos_of(site)) == 4


def test_a_failure_of_the_system_is_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error", "/mnt/photos")

    monkeypatch.setattr("sod_gallery.build.run.select", fail)
    outcome = run("--dataset", "sample")
    assert (outcome.code, outcome.err) == (2, "sod-gallery: /mnt/photos: Input/output error.\n")


def test_what_the_package_logs_is_a_note(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def warn(*_: object) -> None:
        logging.getLogger("sod_gallery.engines").warning("%s is slow", "it")
        raise PipelineError("the end")

    monkeypatch.setattr("sod_gallery.build.run.select", warn)
    assert run("--dataset", "sample").err == "note: it is slow\nsod-gallery: the end\n"


def test_an_answer_that_cannot_be_written_is_an_error(build: Run, site: Path) -> None:
    build()
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "sod_gallery", "check", "--out", str(site), "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    said = "sod-gallery: the answer cannot be written: No space left on device.\n"
    assert (done.returncode, done.stderr) == (2, said)


def test_wrong_settings_stop_before_anything_is_written(build: Run, site: Path) -> None:
    (site / "_config.yml").write_text("gallery: {sizes: big}")
    outcome = build()
    assert outcome.code == 2
    assert "sizes" in outcome.err
    assert not (site / "assets").exists()


def test_an_interruption_is_no_error(
    build: Run, monkeypatch: pytest.MonkeyPatch, site: Path
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as context:
        context.setattr("sod_gallery.build.run.Build.run", interrupt)
        outcome = build()
    assert outcome.code == 130
    assert "goes on where this one stopped" in " ".join(outcome.err.split())
    assert build().code == 0
    assert json.loads((site / "_data/gallery.json").read_text())["datasets"]


def test_names_that_are_no_text_fail_alone(build: Run, photos: Path) -> None:
    odd = photos / "caf\udce9.jpg"
    try:
        shutil.copy(photos / "2.jpg", odd)
    except OSError:
        pytest.skip("this file system refuses names that are no UTF-8")
    outcome = build()
    assert outcome.code == 1
    assert "Rename the file" in outcome.summary["failed"][0]["reason"]
    assert len(outcome.summary["built"]) == 4
