"""The benchmarks run, and their page is what they write. Nothing here looks at a time."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

import networks
import reference
import run as bench
from PIL import Image

from sod_gallery.config import DEFAULT_MODEL
from sod_gallery.networks.checkpoints import resolve
from sod_gallery.networks.weights import load_network

BENCH = Path(bench.__file__).parent
PARTS = ("networks", "gallery", "stages", "many")


def rows() -> list[networks.Row]:
    return [
        networks.Row("U²-Net", engine, 100 / ratio, ratio, 0.5, 300)
        for engine, ratio in (("reference", 1.0), ("torch/fp32", 2.5))
    ]


def test_the_page_has_a_place_for_every_table() -> None:
    page = bench.PAGE.read_text(encoding="utf-8")
    assert re.findall(r"<!-- bench: (\w+) -->", page) == list(PARTS)
    written = bench.with_tables(page, {"gallery": "NEW"})
    assert "<!-- bench: gallery -->\nNEW\n<!-- end -->" in written
    assert written.count("<!-- end -->") == len(PARTS)
    assert (
        written.partition("<!-- bench: gallery -->")[0]
        == page.partition("<!-- bench: gallery -->")[0]
    )


def test_the_tables_of_the_page_are_filled() -> None:
    page = bench.PAGE.read_text(encoding="utf-8")
    for part in PARTS:
        assert re.search(rf"<!-- bench: {part} -->\n.+\n\n\|", page), part


def test_a_table_gives_ratios() -> None:
    table = bench.render("networks.md.j2", rows=rows(), processor="a processor")
    assert "| U²-Net | torch/fp32 | 40 | 25.0 | 2.50 | 50 % | 300 |" in table


def test_the_chart_is_well_formed_and_kept() -> None:
    drawn = ElementTree.fromstring(bench.chart(rows()))
    assert len([e for e in drawn.iter() if e.tag.endswith("text")]) == 4
    assert ElementTree.parse(bench.CHART).getroot().tag.endswith("svg")


@pytest.mark.network
@pytest.mark.parametrize("engine", ["reference", "torch/fp32", "gemm/fp32"])
def test_a_worker_answers(engine: str) -> None:
    done = subprocess.run(
        [sys.executable, str(BENCH / "worker.py"), engine, DEFAULT_MODEL],
        input="\n\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    ready, first, second, memory = done.stdout.split()
    assert ready == "ready"
    assert min(float(first), float(second)) > 0
    assert int(memory) > 50


@pytest.mark.network
def test_the_reference_writes_what_our_build_writes(tmp_path: Path) -> None:
    network = load_network(resolve(DEFAULT_MODEL))
    photo = Image.effect_mandelbrot((640, 480), (-2, -1, 1, 1), 50).convert("RGB")
    mask = reference.mask_of(network, photo)
    assert (mask.mode, mask.size) == ("L", photo.size)
    reference.write_all(photo, mask, tmp_path, "a")
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {
        "a.png",
        "a-mask.png",
        *(f"a-{kind}-{width}.webp" for kind in ("photo", "cutout") for width in (480, 640)),
        "a-composite.webp",
        "a-card.jpg",
    }
