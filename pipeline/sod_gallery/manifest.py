"""The build record: what was built from what, so that a killed build goes on where it stopped.

``manifest.json`` is the state after the last finished build.  While a build runs, each photo puts
two lines into ``journal.jsonl``: the files that are about to be written, then the finished record.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from .errors import PipelineError
from .files import temporary, write_atomically
from .records import Method, Patch, Provenance, Record

VERSION = 2


class Output(Record, frozen=True):
    """One file that a step wrote, by its path below the site's root, with forward slashes."""

    path: str
    sha256: str
    bytes: int
    width: int
    """In pixels."""
    height: int


class Findings(Record, frozen=True):
    """What was measured on a mask: see records.Result for the fields."""

    coverage: float
    peak: float
    touches: list[str]
    empty: bool
    edges: list[Patch]


class StepRecord(Record, frozen=True):
    """One step that was done: its key and what it wrote."""

    key: str
    outputs: list[Output]
    findings: Findings | None = None
    provenance: Provenance | None = None
    """What computed a mask; none for other steps."""


class PhotoRecord(Record, frozen=True):
    """One photo and its steps by name: ``web``, ``social-preview``, ``u2netp/mask`` …"""

    sha256: str
    slug: str
    steps: dict[str, StepRecord]
    reference: Output | None = None
    """A published result to compare with: not ours, hence never removed."""
    ground_truth: Output | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the upright photo, which every mask has too."""
        mask = next(s.outputs[0] for name, s in self.steps.items() if name.endswith("/mask"))
        return mask.width, mask.height

    def has(self, methods: Iterable[str]) -> bool:
        """Tell whether there is a result of each of these methods."""
        return all(f"{method}/composite" in self.steps for method in methods)

    def outputs(self) -> Iterable[Output]:
        """Yield every file that was written for the photo."""
        for step in self.steps.values():
            yield from step.outputs


class DatasetRecord(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A dataset as it was last built."""

    source: str | None = None
    """Folder of the photos where it lies outside the site, else none."""
    chosen: list[str] = []
    """Models named with ``--model``, kept until others are named; empty: those of the settings."""
    methods: list[str] = []
    photos: dict[str, PhotoRecord] = {}
    failed: dict[str, str] = {}

    def finished(self) -> list[str]:
        """Return the photos that have all results; an interrupted build leaves others too."""
        return [
            name for name, photo in self.photos.items() if self.methods and photo.has(self.methods)
        ]


class Manifest(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """All that Python remembers between two builds; the site never reads it."""

    version: int = VERSION
    methods: dict[str, Method] = {}
    datasets: dict[str, DatasetRecord] = {}
    orphans: list[str] = []
    """Files that an interrupted build may have written for photos that it did not finish."""


class JournalEntry(Record, frozen=True):
    """One line of the journal: a photo about to be written (no record) or finished."""

    dataset: str
    photo: str
    writing: list[str] = []
    """Files that may be written.  One that ends in a slash is a photo's folder of web images."""
    record: PhotoRecord | None = None


class ManifestStore:
    """The manifest on disk and the journal of the build in progress."""

    def __init__(self, folder: Path) -> None:
        self._manifest = folder / "manifest.json"
        self._journal = folder / "journal.jsonl"

    def load(self) -> Manifest:
        """Return the last state, with the journal of an interrupted build applied to it."""
        manifest = self._read_manifest()
        started: dict[tuple[str, str], list[str]] = {}
        for entry in self._read_journal():
            if entry.record is None:
                started.setdefault((entry.dataset, entry.photo), []).extend(entry.writing)
                continue
            started.pop((entry.dataset, entry.photo), None)
            dataset = manifest.datasets.setdefault(entry.dataset, DatasetRecord())
            previous = dataset.photos.get(entry.photo)
            manifest.orphans += [output.path for output in previous.outputs()] if previous else []
            dataset.photos[entry.photo] = entry.record
        manifest.orphans += [path for paths in started.values() for path in paths]
        return manifest

    def _read_manifest(self) -> Manifest:
        try:
            content = self._manifest.read_bytes()
        except FileNotFoundError:
            return Manifest()
        try:
            return _decoded(content)
        except msgspec.DecodeError as error:
            raise PipelineError(
                f"{self._manifest}: is damaged ({error}). Delete it: the next build makes it anew."
            ) from error

    def _read_journal(self) -> Iterable[JournalEntry]:
        try:
            lines = self._journal.read_bytes().splitlines()
        except FileNotFoundError:
            return
        for line in lines:
            try:
                yield msgspec.json.decode(line, type=JournalEntry)
            except msgspec.DecodeError:
                return  # the line that the interruption cut off; nothing follows it

    def append(self, entry: JournalEntry) -> None:
        """Note a photo that is begun or finished."""
        line = msgspec.json.encode(entry) + b"\n"
        try:
            self._write_line(line)
        except FileNotFoundError:
            self._journal.parent.mkdir(parents=True)
            self._write_line(line)

    def _write_line(self, line: bytes) -> None:
        # a fifth of the time that a file object takes: a build with nothing to do writes a
        # line for each photo
        file = os.open(self._journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            os.write(file, line)
        finally:
            os.close(file)

    def save(self, manifest: Manifest) -> None:
        """Write the manifest, then drop the journal that it now contains."""
        content = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        write_atomically(self._manifest, content + b"\n")
        self._journal.unlink(missing_ok=True)


def _decoded(content: bytes) -> Manifest:
    """Return the manifest; one of version 1 is brought to this version, another is left alone."""
    version = msgspec.json.decode(content, type=_Versioned).version
    if version == VERSION:
        return msgspec.json.decode(content, type=Manifest)
    if version == 1:
        return msgspec.convert(_from_version_1(msgspec.json.decode(content)), Manifest)
    return Manifest()


class _Versioned(msgspec.Struct):
    version: int = VERSION


def _from_version_1(old: dict[str, Any]) -> dict[str, Any]:
    """Keep what is built from where.  All photos are made again: their records lack provenance.

    Their files become orphans, so that the next build overwrites or removes them.
    """
    orphans = set(old.get("orphans", []))
    datasets = {}
    for name, dataset in old.get("datasets", {}).items():
        for photo in dataset.get("photos", {}).values():
            steps = photo["steps"].values()
            orphans |= {output["path"] for step in steps for output in step["outputs"]}
        datasets[name] = {key: dataset[key] for key in ("source", "chosen") if key in dataset}
    return {"version": VERSION, "datasets": datasets, "orphans": sorted(orphans)}


def remove_outputs(root: Path, paths: Iterable[str]) -> None:
    """Delete files below ``root`` that a build wrote, and the folders that this leaves empty."""
    for path in {root / path for path in paths}:
        path.unlink(missing_ok=True)
        temporary(path).unlink(missing_ok=True)
        for folder in path.parents:
            if folder == root or not folder.is_dir() or any(folder.iterdir()):
                break
            folder.rmdir()
