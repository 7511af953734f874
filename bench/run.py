"""Measures this project against the authors' test script and against rembg; see docs/speed.md.

    bench/run.py [--checkpoint FILE] [--photos DIR] [--rembg PYTHON] [--rounds N] [--write]

All candidates run in turn, round after round, because a machine's speed changes with time.  So the
ratios are more reliable than the times.  --write puts the tables into docs/speed.md and draws the
chart.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from pathlib import Path

import jinja2
from gallery import link_samples, measure_gallery, measure_many
from networks import Row, measure_networks
from rich.console import Console
from rich.markdown import Markdown
from stages import NETWORK, measure_stages

from sod_gallery.engines.hardware import processor
from sod_gallery.files import write_atomically
from sod_gallery.networks.checkpoints import resolve

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "speed.md"
CHART = ROOT / "docs" / "images" / "speed.svg"
TEMPLATES = Path(__file__).parent / "templates"


def parse() -> argparse.Namespace:
    """Read the command line."""
    shared = Path(os.environ.get("U2NET_SHARED", ROOT.parent / "shared"))
    photos, weights = shared / "data/chimay-SOD2/test", shared / "weights/u2netp.pth"
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add = parser.add_argument
    add("--checkpoint", default=str(weights) if weights.is_file() else "u2netp-distilled")
    add("--photos", type=Path, default=photos if photos.is_dir() else None, metavar="DIR",
        help="folder of photos for the galleries (default: the sample photos)")  # fmt: skip
    add("--rembg", default=None, metavar="PYTHON", help="a Python that has rembg installed")
    add("--rounds", type=int, default=7, help="passes of each network; galleries take a third")
    add("--only", choices=["networks", "gallery", "stages", "many"], help="measure one part")
    add("--write", action="store_true", help="write docs/speed.md and its chart")
    return parser.parse_args()


def main() -> int:
    """Measure, print the tables, and with --write update docs/speed.md; return the exit status."""
    options = parse()
    console = Console()
    tables: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="sod-bench-") as folder:
        work = Path(folder)
        if options.only in (None, "networks"):
            rows = measure_networks(options.checkpoint, options.rembg, options.rounds, work)
            tables["networks"] = render("networks.md.j2", rows=rows, processor=processor())
            if options.write:
                write_atomically(CHART, chart(rows).encode())
        if options.only in (None, "gallery"):
            runs = measure_gallery(options, work)
            tables["gallery"] = render("gallery.md.j2", runs=runs, processor=processor())
        if options.only in (None, "stages"):
            photos = options.photos or link_samples(work / "samples")
            stages = measure_stages(resolve(options.checkpoint), photos, work)
            total = sum(seconds for _, seconds in stages)
            values = {"stages": stages, "total": total, "network": dict(stages)[NETWORK]}
            tables["stages"] = render("stages.md.j2", processor=processor(), **values)
        if options.only in (None, "many"):
            tables["many"] = render("many.md.j2", many=measure_many(work), processor=processor())
    for text in tables.values():
        console.print(Markdown(text))
    if options.write:
        write_atomically(PAGE, with_tables(PAGE.read_text(encoding="utf-8"), tables).encode())
    return 0


def render(template: str, **values: object) -> str:
    """Render a template of bench/templates, without space at both ends."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=template.endswith(".svg.j2"),
    )
    return environment.get_template(template).render(**values).strip()


def chart(rows: list[Row]) -> str:
    """Return an SVG bar chart of each engine's speed, as a multiple of the reference's."""
    bars = [(f"{row.network}, {row.engine}", row.ratio) for row in rows]
    return render("speed.svg.j2", bars=bars, most=max(row.ratio for row in rows)) + "\n"


def with_tables(page: str, tables: dict[str, str]) -> str:
    """Replace the tables in a page: each is between ``<!-- bench: NAME -->`` and ``<!-- end -->``.

    Raises ValueError if the page has no such pair of comments.
    """
    for name, table in tables.items():
        place = rf"<!-- bench: {name} -->\n.*?\n<!-- end -->"
        before, after = re.split(place, page, maxsplit=1, flags=re.DOTALL)
        page = f"{before}<!-- bench: {name} -->\n{table}\n<!-- end -->{after}"
    return page


if __name__ == "__main__":
    sys.exit(main())
