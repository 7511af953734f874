"""What is written for those who contribute, cite or report is true of the tree."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from sod_gallery import __version__

ROOT = Path(__file__).resolve().parents[2]
GITHUB = ROOT / ".github"
TEMPLATES = GITHUB / "ISSUE_TEMPLATE"
FORMS = sorted({*TEMPLATES.glob("*.yml")} - {TEMPLATES / "config.yml"})
PAGES = [ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", GITHUB / "pull_request_template.md"]
PATH = re.compile(r"[\w.-]+(/[\w.-]+)+/?|[\w.-]+/|[\w-]+\.(md|txt|json|yml)")
WRITTEN_LATER = re.compile(r"_data/|assets/images/raw/|\.venv")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def load(path: Path) -> Any:
    return yaml.safe_load(read(path))


def named_paths(page: Path) -> list[str]:
    """Return what a page sets as code and what looks like a path of the repository."""
    spans = re.findall(r"`([^`]+)`", read(page))
    return [span for span in spans if PATH.fullmatch(span) and not WRITTEN_LATER.match(span)]


@pytest.mark.parametrize(
    ("page", "path"),
    [(page.name, path) for page in PAGES for path in dict.fromkeys(named_paths(page))],
)
def test_paths_that_the_pages_name_exist(page: str, path: str) -> None:
    assert (ROOT / path).exists(), f"{page} names {path}"


def test_the_map_answers_the_five_questions_of_a_newcomer() -> None:
    rows = dict(re.findall(r"^\| (.+?) \| (.+?) \|$", read(PAGES[0]), re.MULTILINE))
    questions = ("EXIF orientation", "slug", "cut-out", "verdict", "bf16")
    for question in questions:
        assert any(question in what and "pipeline/" in where for what, where in rows.items())


def test_functions_that_contributing_names_are_where_it_says() -> None:
    package = ROOT / "pipeline" / "sod_gallery"
    for name, module in (
        ("def cutout", "pictures/imaging.py"),
        ("def start_engine", "engines/predictor.py"),
        ("class Engine", "engines/engine.py"),
        ("PRECISIONS", "engines/runtime.py"),
    ):
        assert name.removeprefix("def ").removeprefix("class ") in read(PAGES[0])
        assert name in read(package / module)


def test_the_citation_is_of_this_version_and_names_the_paper() -> None:
    citation = load(ROOT / "CITATION.cff")
    assert str(citation["version"]) == __version__
    assert citation["cff-version"] == "1.2.0"
    assert citation["message"]
    assert citation["authors"][0]["name"] in read(ROOT / "LICENSE")
    paper = citation["references"][0]
    assert paper["doi"] == "10.1016/j.patcog.2020.107404"
    authors = [author["family-names"] for author in paper["authors"]]
    assert authors == ["Qin", "Zhang", "Huang", "Dehghan", "Zaiane", "Jagersand"]


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_issue_forms_are_what_github_reads(path: Path) -> None:
    form = load(path)
    assert form["name"]
    assert form["description"]
    ids = [field["id"] for field in form["body"]]
    labels = [field["attributes"]["label"] for field in form["body"]]
    assert len({*ids}) == len(ids)
    assert len({*labels}) == len(labels)
    assert {field["type"] for field in form["body"]} <= {"textarea", "input", "dropdown"}
    assert any(field.get("validations", {}).get("required") for field in form["body"])


def test_the_sites_own_issues_need_blank_ones() -> None:
    assert FORMS
    assert load(TEMPLATES / "config.yml")["blank_issues_enabled"] is True


def test_every_kind_of_dependency_is_kept_up_to_date() -> None:
    updates = load(GITHUB / "dependabot.yml")["updates"]
    ecosystems = {update["package-ecosystem"] for update in updates}
    assert ecosystems == {"pip", "npm", "github-actions"}
    assert all(update["cooldown"]["default-days"] >= 7 for update in updates)


def test_the_site_publishes_none_of_these_files() -> None:
    excluded = set(load(ROOT / "_config.yml")["exclude"])
    assert {path.name for path in ROOT.glob("*.md")} | {"CITATION.cff"} <= excluded
