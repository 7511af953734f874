"""The build record: what was built from which inputs, so that an interrupted build can continue.

``manifest.json`` is the state after the last finished build.  During a build, two lines for each
photo are appended to ``journal.jsonl``: first the files that may be written, then the finished
record.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from .errors import PipelineError
from .files import temporary, unwritable, write_atomically
from .records import Figures, Method, Patch, Provenance, Record

VERSION = 2


class Output(Record, frozen=True):
    """One picture file that a step wrote."""

    path: str
    """Relative to the site's root, with forward slashes."""
    sha256: str
    """64 hexadecimal digits."""
    bytes: int
    """Size of the file."""
    width: int
    """Width of the picture in pixels."""
    height: int
    """Height of the picture in pixels."""


class Findings(Record, frozen=True):
    """Measurements of a mask; records.Result describes the fields."""

    coverage: float
    peak: float
    touches: list[str]
    empty: bool
    edges: list[Patch]


class StepRecord(Record, frozen=True, omit_defaults=True):
    """One finished step of a photo."""

    key: str
    """Hash of all that determines the outputs, 64 hexadecimal digits."""
    outputs: list[Output]
    findings: Findings | None = None
    """Of the step that makes a mask, else None."""
    provenance: Provenance | None = None
    """What computed a mask; none for other steps."""
    notes: list[str] = []
    """Sentences on what was odd about the step's input and what was made of it."""
    figures: Figures | None = None
    """Of the steps of ``build.measuring``, else None."""


class PhotoRecord(Record, frozen=True):
    """One photo and its finished steps."""

    sha256: str
    """Hash of the photo's file, 64 hexadecimal digits."""
    slug: str
    """The photo's name in addresses."""
    steps: dict[str, StepRecord]
    """By name: ``web``, ``social-preview``, ``u2netp/mask`` …"""
    notes: list[str] = []
    """Sentences on what was odd about the photo and the files beside it."""
    reference: Output | None = None
    """A published result, with which ours is compared.  It is an input, so it is never removed."""
    ground_truth: Output | None = None
    """A binary annotation, also an input."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of the upright photo; those of its masks are the same.

        Raises StopIteration if the photo has no mask.
        """
        mask = next(s.outputs[0] for name, s in self.steps.items() if name.endswith("/mask"))
        return mask.width, mask.height

    def has(self, methods: Iterable[str]) -> bool:
        """Tell whether there is a result of each of these methods."""
        return all(f"{method}/composite" in self.steps for method in methods)

    def outputs(self) -> Iterable[Output]:
        """Yield every file that the steps wrote for the photo."""
        for step in self.steps.values():
            yield from step.outputs


class FolderRecord(Record, frozen=True):
    """A folder of published maps, or of ground truth, that a build was given."""

    folder: str
    names: str = ""
    """Pattern of the names: ``{stem}_sal``.  Empty: it is found."""
    photos: str = ""
    """Pattern of the photos' names.  Empty: it is found."""


class DatasetRecord(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The state of a dataset after its last build."""

    source: str | None = None
    """Folder of the photos if it is outside the site, else None."""
    chosen: list[str] = []
    """Models given with ``--model``, also used by later builds without the option.  Empty: the
    models of the settings are used."""
    maps: dict[str, FolderRecord] = {}
    """Published maps given with ``--maps`` or ``--toolkit``, by the method's name, also used by
    later builds without these options."""
    truth: FolderRecord | None = None
    """Ground truth given with ``--gt`` or ``--toolkit``."""
    methods: list[str] = []
    """Names of the methods that were applied."""
    thorough: bool = False
    """Built with ``--thorough``; later builds are so too."""
    published: list[str] = []
    """Those of them whose maps others published: some photos may have none."""
    photos: dict[str, PhotoRecord] = {}
    """By the photo's name."""
    failed: dict[str, str] = {}
    """Reasons by the name of the photo."""
    skipped: dict[str, str] = {}
    """Files that are not photos, by name or by kind (``*.txt``), with the reason."""

    def finished(self) -> list[str]:
        """Return the names of the photos that have the results of all networks.

        After an interrupted build, some photos may lack results.
        """
        networks = [method for method in self.methods if method not in self.published]
        return [name for name, photo in self.photos.items() if networks and photo.has(networks)]


class Manifest(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The state that the pipeline keeps between two builds; the site does not read it."""

    version: int = VERSION
    methods: dict[str, Method] = {}
    """By the model's name."""
    datasets: dict[str, DatasetRecord] = {}
    """By the dataset's name."""
    orphans: list[str] = []
    """Paths below the site's root of files that may exist but that no record contains: an
    interrupted build wrote or replaced them."""


class JournalEntry(Record, frozen=True):
    """One line of the journal: the start of a photo (without ``record``) or its end."""

    dataset: str
    photo: str
    """Name of the photo."""
    writing: list[str] = []
    """Paths that may be written.  A path with a slash at its end is the folder of the photo's web
    images."""
    record: PhotoRecord | None = None
    """The finished photo; None at the start."""


class ManifestStore:
    """Reads and writes ``manifest.json`` and ``journal.jsonl`` in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._manifest = folder / "manifest.json"
        self._journal = folder / "journal.jsonl"

    def load(self) -> Manifest:
        """Return the manifest, after the journal of an interrupted build is applied to it.

        Raises PipelineError if the manifest is damaged.  The first line of the journal that cannot
        be read ends the journal.
        """
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
        """Append a line to the journal; raises PipelineError if it cannot be written."""
        line = msgspec.json.encode(entry) + b"\n"
        try:
            if not self._journal.parent.is_dir():
                self._journal.parent.mkdir(parents=True)
            self._write_line(line)
        except OSError as error:
            raise unwritable(self._journal, error) from error

    def _write_line(self, line: bytes) -> None:
        # a fifth of the time that a file object takes: a build with nothing to do writes a
        # line for each photo
        file = os.open(self._journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            while line:
                line = line[os.write(file, line) :]
        finally:
            os.close(file)

    def save(self, manifest: Manifest) -> None:
        """Write the manifest, which contains the journal's records, then delete the journal.

        Raises PipelineError if the manifest cannot be written.
        """
        content = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        write_atomically(self._manifest, content + b"\n")
        self._journal.unlink(missing_ok=True)


def _decoded(content: bytes) -> Manifest:
    """Decode a manifest.

    Version 1 is converted to the current version; other versions give an empty manifest.  Raises
    msgspec.DecodeError for a damaged file.
    """
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
    """Delete files, given by their paths relative to ``root``, and folders that become empty.

    Temporary files of these paths are deleted too.
    """
    for path in {root / path for path in paths}:
        path.unlink(missing_ok=True)
        temporary(path).unlink(missing_ok=True)
        for folder in path.parents:
            if folder == root or not folder.is_dir() or any(folder.iterdir()):
                break
            folder.rmdir()
