"""The workflows ask for little, run nothing that can change under them, and hold no secrets."""

from __future__ import annotations

import re
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
WRITERS = {("pages.yml", "deploy"): {"pages": "write", "id-token": "write"}}


def text_of(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def load(name: str) -> dict[str, Any]:
    workflow = yaml.safe_load(text_of(name))
    assert isinstance(workflow, dict)
    return workflow


def commands(job: dict[str, Any]) -> str:
    return "\n".join(step.get("run", "") for step in job["steps"])


def test_both_workflows_are_there() -> None:
    assert NAMES == ["ci.yml", "pages.yml"]


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
        assert re.fullmatch(r"actions/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)


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


def test_zizmor_finds_nothing() -> None:
    zizmor = Path(sys.executable).parent / "zizmor"
    options = ["--offline", "--pedantic", "--strict-collection", "--no-progress"]
    result = subprocess.run(
        [zizmor, *options, FOLDER], capture_output=True, text=True, check=False, timeout=120
    )
    assert result.returncode == 0, result.stdout + result.stderr
