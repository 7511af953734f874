"""The files that a results page offers: tables for papers and programs, and citations."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sod_gallery import places
from sod_gallery.records import DatasetEntry, Method
from sod_gallery.scores.measures import EVALUATOR, NORMALISATION
from sod_gallery.scores.tables import photos_csv, to_csv, to_latex, to_markdown

from .method_scores import MethodScores, table_rows

EVALUATOR_BIBTEX = """@software{pysodmetrics,
  author = {Pang, Lart},
  title  = {PySODMetrics: A simple and efficient implementation of SOD metrics},
  url    = {https://github.com/lartpang/PySODMetrics}
}"""


def files_of(
    dataset: DatasetEntry, scored: Sequence[MethodScores], cited: str
) -> dict[str, tuple[str, bytes]]:
    """Return label and content of each file by its path below the root."""
    folder = places.results_files(dataset.slug)
    files = {}
    if scored:
        rows = table_rows(scored)
        caption = f"Results on {dataset.title} ({len(scored[0].photos)} photos)."
        photos = {
            photo.name: {
                e.method.name: e.all_scores[photo.name] for e in scored if photo.name in e.photos
            }
            for photo in dataset.photos
        }
        files = {
            "methods.csv": ("Methods, CSV", to_csv(rows)),
            "photos.csv": ("Photos, CSV", photos_csv(photos)),
            "results.json": ("Everything, JSON", _json(dataset, scored)),
            "table.tex": ("Table, LaTeX", to_latex(rows, caption)),
            "table.md": ("Table, Markdown", to_markdown(rows)),
        }
    if cited:
        files["citations.bib"] = ("Citations, BibTeX", f"{cited}\n")
    return {f"{folder}/{name}": (label, text.encode()) for name, (label, text) in files.items()}


def _json(dataset: DatasetEntry, scored: Sequence[MethodScores]) -> str:
    """Return means, thresholds, curves and every photo's scores, in the form of ``score``."""
    methods = {
        each.method.name: {
            "photos": each.all_scores,
            **each.summary.means,
            "best_threshold": each.summary.best_threshold,
            "curves": {
                name: [round(float(value), 7) for value in curve]
                for name, curve in each.summary.curves.items()
            },
        }
        for each in scored
    }
    content = {
        "dataset": dataset.name,
        "methods": methods,
        "evaluator": EVALUATOR,
        "normalisation": NORMALISATION,
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=1).decode() + "\n"


def citations(dataset: DatasetEntry, methods: Sequence[Method], *, is_scored: bool) -> str:
    """Return the BibTeX of everything that the page shows, each entry once."""
    entries = [*(method.bibtex for method in methods), dataset.citation]
    if is_scored:
        entries.append(EVALUATOR_BIBTEX)
    return "\n\n".join(dict.fromkeys(entry for entry in entries if entry))
