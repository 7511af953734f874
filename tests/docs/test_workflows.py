"""The workflows ask for little, run nothing that can change under them, and hold no secrets."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from sod_gallery.networks.registry import KNOWN

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".github" / "workflows"
NAMES = sorted(path.name for path in FOLDER.glob("*.yml"))
WRITERS = {
    ("pages.yml", "deploy"): {"pages": "write", "id-token": "write"},
    ("release.yml", "attest"): {"attestations": "write", "id-token": "write"},
    ("release.yml", "publish"): {"id-token": "write"},
}
PUBLISHER = "pypa/gh-action-pypi-publish"
"""The one action that is not GitHub's own: it is PyPI's, and runs where a release is published."""


def text_of(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def load(name: str) -> dict[str, Any]:
    workflow = yaml.safe_load(text_of(name))
    assert isinstance(workflow, dict)
    return workflow


def commands(job: dict[str, Any]) -> str:
    return "\n".join(step.get("run", "") for step in job["steps"])


def test_no_other_workflow_is_there() -> None:
    assert NAMES == ["ci.yml", "pages.yml", "release.yml"]


@pytest.mark.parametrize("name", NAMES)
def test_jobs_get_only_the_permissions_they_need(name: str) -> None:
    workflow = load(name)
    assert workflow["permissions"] == {}
    for job, content in workflow["jobs"].items():
        granted = content["permissions"]
        if (name, job) in WRITERS:
            assert granted == WRITERS[name, job]
        else:
            assert set(granted.values()) == {"read"}


@pytest.mark.parametrize("name", NAMES)
def test_actions_are_pinned_by_commit_and_come_from_github(name: str) -> None:
    uses = re.findall(r"uses: (.*)", text_of(name))
    assert uses
    for action in uses:
        repository, pin = action.split("@", 1)
        assert re.fullmatch(r"[0-9a-f]{40} # v\d+\.\d+\.\d+", pin)
        assert re.fullmatch(r"actions/[\w/-]+", repository) or (
            (name, repository) == ("release.yml", PUBLISHER)
        )


def test_one_commit_is_one_version_in_all_workflows() -> None:
    uses = {line for name in NAMES for line in re.findall(r"uses: (.*)", text_of(name))}
    repositories = [line.split("@")[0] for line in uses]
    assert len(repositories) == len(set(repositories))


@pytest.mark.parametrize("name", NAMES)
def test_no_secrets_and_no_expressions_in_commands(name: str) -> None:
    assert "secrets." not in text_of(name)
    for job in load(name)["jobs"].values():
        assert "${{" not in commands(job)


@pytest.mark.parametrize("name", NAMES)
def test_jobs_end_by_themselves_and_do_not_pile_up(name: str) -> None:
    workflow = load(name)
    assert workflow["concurrency"]["group"]
    assert all(job["timeout-minutes"] <= 45 for job in workflow["jobs"].values())


def test_pages_builds_with_the_full_model_and_the_right_address() -> None:
    build = load("pages.yml")["jobs"]["build"]
    assert "--model u2net " in commands(build)
    assert ".pages.yml" in commands(build)
    assert load("pages.yml")["jobs"]["deploy"]["needs"] == "build"


def test_weights_are_cached_under_the_hash_they_are_checked_against() -> None:
    steps = load("pages.yml")["jobs"]["build"]["steps"]
    key = next(step["with"]["key"] for step in steps if "actions/cache@" in step.get("uses", ""))
    assert key.removeprefix("u2net-") in {file.sha256 for file in KNOWN["u2net"].files}


def test_ci_runs_what_everybody_runs() -> None:
    assert ".ci/run" in commands(load("ci.yml")["jobs"]["test"])
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_only_a_tag_of_the_packages_version_is_released() -> None:
    triggers = yaml.safe_load(text_of("release.yml"))[True]  # YAML 1.1 reads the key `on` as true
    assert triggers == {"push": {"tags": ["v*"]}}
    build = load("release.yml")["jobs"]["build"]
    assert '[ "$GITHUB_REF_NAME" != "v$version" ]' in commands(build)


def test_what_is_released_was_checked_and_attested() -> None:
    jobs = load("release.yml")["jobs"]
    built = commands(jobs["build"])
    for command in ("python -m build", "twine check --strict", "wheel/bin/sod-gallery --version"):
        assert command in built
    assert jobs["attest"]["needs"] == "build"
    assert jobs["publish"]["needs"] == ["build", "attest"]
    assert jobs["publish"]["environment"]["name"] == "pypi"
    names = [job for job, content in jobs.items() if PUBLISHER in str(content["steps"])]
    assert names == ["publish"]


def test_the_released_files_are_those_that_were_checked() -> None:
    jobs = load("release.yml")["jobs"]
    for job in ("attest", "publish"):
        assert commands(jobs[job]).strip() == ""
        assert jobs[job]["steps"][0]["uses"].startswith("actions/download-artifact@")


def test_zizmor_finds_nothing() -> None:
    zizmor = Path(sys.executable).parent / "zizmor"
    options = ["--offline", "--pedantic", "--strict-collection", "--no-progress"]
    result = subprocess.run(
        [zizmor, *options, FOLDER.parent], capture_output=True, text=True, check=False, timeout=120
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("status", "sentence", "expected"),
    [(0, "", 0), (1, "", 2), (1, "::warning::some", 0), (3, "::warning::some", 2)],
)
def test_failed_photos_stop_no_deployment(
    tmp_path: Path, status: int, sentence: str, expected: int
) -> None:
    """make's own exit status is 2 where a command of it fails."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name, lines in {"bin/python": f"exit {status}", "tools/jekyll": "touch built"}.items():
        script = tmp_path / name
        script.parent.mkdir()
        script.write_text(f"#!/bin/sh\n{lines}\n")
        script.chmod(0o755)
    (tmp_path / "assets/vendor").mkdir(parents=True)
    up_to_date = [".venv/.site", "assets/vendor/.stamp", "ruby"]
    options = [word for name in up_to_date for word in ("-o", name)]
    command = ["make", "site", "BIN=bin", f"FAILED_PHOTOS={sentence}", *options]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == expected, run.stdout + run.stderr
    assert (tmp_path / "built").exists() == (status <= 1)
    assert ("::warning::some" in run.stdout) == bool(sentence and status == 1)
    assert 'FAILED_PHOTOS="::warning' in commands(load("pages.yml")["jobs"]["build"])


@pytest.mark.parametrize(
    ("workflow", "job", "file", "use"),
    [("pages.yml", "build", "site", "make site"), ("ci.yml", "test", "test", ".ci/run")],
)
def test_python_packages_are_installed_by_their_hashes(
    workflow: str, job: str, file: str, use: str
) -> None:
    steps = commands(load(workflow)["jobs"][job])
    install = f"--require-hashes --requirement .github/requirements-{file}.txt"
    assert steps.index(install) < steps.index(use)


def test_known_vulnerabilities_are_asked_for() -> None:
    steps = commands(load("ci.yml")["jobs"]["test"])
    assert "pip_audit" in steps
    assert "npm audit" in steps
