"""The results page: tables, charts and files of several methods, from one command."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe import violations
from cheap_network import CheapPredictor
from jekyll_site import build_site, copy_sources
from node_tools import node_command
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page
from small_world import draw, random_weights

from sod_gallery.cli import main
from sod_gallery.engines.predictor import unload_predictors

pytestmark = pytest.mark.site

NAMES = [f"{number:02}" for number in range(1, 9)]
BASE = "/results-site"
Open = Callable[..., Page]


def save(path: Path, levels: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(levels.clip(0, 255).astype(np.uint8)).save(path)


def draw_all(folder: Path) -> None:
    """Draw photos, ground truth, and the maps of three methods, the first of which is the best."""
    rows, columns = np.mgrid[:80, :120]
    for seed, name in enumerate(NAMES):
        random = np.random.default_rng(seed)
        draw(folder / f"images/{name}.jpg", (120, 80), seed)
        distance = np.hypot(rows - 40, columns - 60)
        save(folder / f"masks/{name}.png", np.where(distance < 26, 255, 0))
        for method, radius in (("Alpha", 27), ("Beta", 20), ("Gamma_3", 12)):
            noise = random.integers(0, 60, (80, 120))
            save(folder / f"maps/{method}/{name}.png", (radius - distance) * 25 + 128 + noise)
    (folder / "maps/Gamma_3/08.png").unlink()


@pytest.fixture(scope="module")
def results_site(
    root: Path, served: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Build a gallery of three methods' maps and two networks, and its site; return its folder."""
    work = tmp_path_factory.mktemp("results")
    source = work / "source"
    copy_sources(root, source)
    draw_all(work)
    settings = source / "_config.yml"
    said = "    Set: {author: Ann Example, licence: CC BY 4.0, source: https://example.org/set}\n"
    settings.write_text(
        settings.read_text("utf-8").replace("  datasets:\n", f"  datasets:\n{said}")
    )
    networks = [random_weights(work / f"{name}.safetensors", 1) for name in ("one", "two")]
    arguments = ["--photos", work / "images", "--name", "Set", "--gt", work / "masks", "--offline"]
    for name in ("Alpha", "Beta", "Gamma_3"):
        arguments += ["--maps", work / "maps" / name]
    for path in networks:
        arguments += ["--model", path]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sod_gallery.engines.predictor.Predictor", CheapPredictor)
        unload_predictors()
        assert main([*map(str, arguments)], root=source) == 0
    unload_predictors()
    destination = served[0] / BASE.strip("/")
    build_site(root, source, destination, BASE)
    return destination


@pytest.fixture
def open_results(browser: Browser, results_site: Path, served: tuple[Path, str]) -> Iterator[Open]:
    """Return a function that opens the results page; the test fails on any error of a script."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(path: str = "/results/Set/", **options: Any) -> Page:
        contexts.append(browser.new_context(**{"bypass_csp": True, **options}))
        page = contexts[-1].new_page()
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{served[1]}{BASE}{path}")
        return page

    assert results_site.is_dir()
    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


def column(page: Page, number: int) -> list[str]:
    cells = page.locator(f"table.scores tbody tr > :nth-child({number})")
    return [text.split("\n")[0].split(" ")[0] for text in cells.all_inner_texts()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 800, 1440])
def test_axe_finds_nothing_and_the_page_fits(
    open_results: Open, root: Path, width: int, scheme: str
) -> None:
    page = open_results(color_scheme=scheme, viewport={"width": width, "height": 900})
    for numbers in page.locator("details.numbers").all():
        numbers.evaluate("element => (element.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page, root) == []


def test_html_is_valid_and_brings_no_inline_styles(root: Path, results_site: Path) -> None:
    pages = [results_site / "results/Set/index.html", results_site / "credits/index.html"]
    pages.append(next((results_site / "compare/Set").rglob("index.html")))
    command = [
        *node_command(root, "html-validate/bin/html-validate.mjs"),
        f"--config={root / 'tests/site/htmlvalidate.json'}",
        "--formatter=text",
        *map(str, pages),
    ]
    run = subprocess.run(command, cwd=results_site, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    text = pages[0].read_text("utf-8")
    assert "style=" not in text
    assert text.count("<script") == text.count('<script type="module" src=')


def test_columns_sort_by_press_and_by_key(open_results: Open) -> None:
    page = open_results()
    assert column(page, 1) == ["one", "two", "Alpha", "Beta", "Gamma_3"]
    head = page.get_by_role("columnheader", name="MAE")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    values = [float(text) for text in column(page, 3)]
    assert values == sorted(values)
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert [float(text) for text in column(page, 3)] == sorted(values, reverse=True)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    other = page.get_by_role("columnheader", name="S", exact=True)
    assert other.get_attribute("aria-sort") == "descending"
    assert head.get_attribute("aria-sort") is None


def test_the_policy_of_the_page_allows_all_that_it_does(open_results: Open) -> None:
    page = open_results(bypass_csp=False)
    head = page.get_by_role("columnheader", name="MAE")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"


def test_the_best_three_are_marked_for_eyes_and_ears(open_results: Open) -> None:
    page = open_results()
    row = page.locator("table.scores tbody tr").nth(2)
    assert row.locator("td").nth(1).locator(".rank-1").count() == 1
    assert "(best)" in row.locator("td").nth(1).inner_text()


def test_tables_scroll_by_keyboard(open_results: Open) -> None:
    page = open_results(viewport={"width": 390, "height": 900})
    scroller = page.locator(".scroller").first
    scroller.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "() => document.querySelector('.scroller').scrollLeft > 0", timeout=3_000
    )


def test_charts_have_names_and_text_that_can_be_selected(open_results: Open) -> None:
    page = open_results()
    assert page.get_by_role("img", name="Precision against recall").is_visible()
    lines = page.locator("#precision-recall polyline")
    colours = {
        line.evaluate("e => getComputedStyle(e).stroke + getComputedStyle(e).strokeDasharray")
        for line in lines.all()
    }
    assert len(colours) == 5
    tick = page.locator("#precision-recall text").first
    assert tick.evaluate("e => getComputedStyle(e).userSelect") in ("auto", "text")
    page.locator("#precision-recall summary").click()
    assert page.locator("#precision-recall tbody tr").count() == 11


def test_a_point_opens_its_photo(open_results: Open) -> None:
    page = open_results()
    page.locator(".chart a").last.click()
    page.wait_for_url("**/compare/Set/*/")
    assert "Scores" in page.locator("#result-1").inner_text()


def test_everything_that_is_linked_is_there(open_results: Open, results_site: Path) -> None:
    page = open_results()
    links = page.locator("main a[href]").evaluate_all(
        "all => all.map((a) => a.getAttribute('href'))"
    )
    for link in {link for link in links if link.startswith("/")}:
        assert link.startswith(f"{BASE}/"), link
        target = results_site / link.removeprefix(f"{BASE}/").split("#")[0]
        assert target.is_file() or (target / "index.html").is_file(), link
    assert page.get_by_role("link", name="Table, LaTeX").get_attribute("download") is not None


def test_without_scripts_everything_is_there_to_read(open_results: Open) -> None:
    page = open_results(java_script_enabled=False)
    assert page.locator("table.scores tbody tr").count() == 5
    assert page.locator("table.scores button").count() == 0


def test_the_gallery_leads_to_the_results_and_photos_without_a_map_have_a_page(
    open_results: Open,
) -> None:
    page = open_results("/gallery/Set/")
    page.get_by_role("link", name="Results in numbers").click()
    page.wait_for_url("**/results/Set/")
    page = open_results("/compare/Set/08/")
    assert page.locator("section.result").count() == 4
    page = open_results("/compare/Set/01/")
    assert page.locator("section.result").count() == 5
    text = page.locator("#result-3").inner_text()
    assert "a map that was published" in text


def test_a_datasets_author_is_credited(results_site: Path) -> None:
    credits = (results_site / "credits/index.html").read_text("utf-8")
    assert '<a href="https://example.org/set">Ann Example</a>; licence: CC BY 4.0' in credits
    assert "No author is recorded" not in credits
    photo = (results_site / "compare/Set/01/index.html").read_text("utf-8")
    assert '<a href="https://example.org/set">Ann Example</a>, CC BY 4.0' in photo


def test_print_has_every_column(open_results: Open) -> None:
    page = open_results()
    page.emulate_media(media="print")
    assert (
        page.locator(".scroller").first.evaluate("e => getComputedStyle(e).overflowX") == "visible"
    )
