"""Keeps the build record on disk: the manifest, a journal, and a record beside each gallery.

``manifest.json`` is the state after the last finished build.  During a build, two lines for each
photo are appended to ``journal.jsonl``: first the files that may be written, then the finished
record.  As long as the journal is there, a build is running or was interrupted.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from sod_gallery import places
from sod_gallery.errors import PipelineError
from sod_gallery.files import unwritable, write_atomically
from sod_gallery.manifest import VERSION, DatasetRecord, JournalEntry, Manifest

from .recovery import recover

BEGINNING = b'{"dataset":'
"""Of each line of the journal."""


class ManifestStore:
    """Reads and writes the build record of the site at ``root``."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._manifest = root / places.STATE / "manifest.json"
        self._journal = root / places.STATE / "journal.jsonl"
        self._file: int | None = None

    @property
    def is_interrupted(self) -> bool:
        """Tell whether a build was interrupted, or is running."""
        return self._journal.exists()

    def load(self) -> Manifest:
        """Return the manifest, with the galleries that it lacks and the journal applied to it.

        Lines of the journal that cannot be read are left out.  Raises PipelineError if the
        manifest is damaged or of a version that is not known here.
        """
        manifest = recover(self._root, self._read_manifest())
        started: dict[tuple[str, str], list[str]] = {}
        for entry in self._read_journal():
            if entry.record is None:
                started.setdefault((entry.dataset, entry.photo), []).extend(entry.writing)
                continue
            started.pop((entry.dataset, entry.photo), None)
            dataset = manifest.datasets.setdefault(entry.dataset, DatasetRecord())
            dataset.chosen = entry.chosen or dataset.chosen
            previous = dataset.photos.get(entry.photo)
            manifest.orphans += [output.path for output in previous.outputs()] if previous else []
            dataset.photos[entry.photo] = entry.record
        manifest.orphans += [path for paths in started.values() for path in paths]
        return manifest

    def _read_manifest(self) -> Manifest:
        content = _read(self._manifest)
        if content is None:
            return Manifest()
        try:
            return _decoded(content)
        except _UnknownVersionError as error:
            raise PipelineError(
                f"{self._manifest}: is of version {error}, and this program reads versions up to "
                f"{VERSION}. Update the program (pip install -U sod-gallery)."
            ) from None
        except (ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
            raise PipelineError(
                f"{self._manifest}: is damaged ({error}). Move it elsewhere, and keep it: the next "
                f"build reads what was built from the records in {places.WEB}."
            ) from error

    def _read_journal(self) -> Iterable[JournalEntry]:
        for line in (_read(self._journal) or b"").split(b"\n"):
            # an earlier version may have appended to a line that an interruption had cut off
            start = max(0, line.rfind(BEGINNING))
            try:
                yield msgspec.json.decode(line[start:], type=JournalEntry)
            except (ValueError, RecursionError):
                continue

    def begin(self) -> None:
        """Open the journal: from here on, a build counts as interrupted until ``end``.

        A line that was cut off is removed.  Raises PipelineError if it cannot be written.
        """
        try:
            self._journal.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self._journal, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
            content = self._journal.read_bytes()
            os.ftruncate(self._file, content.rfind(b"\n") + 1)
        except OSError as error:
            raise unwritable(self._journal, error) from error

    def append(self, entry: JournalEntry) -> None:
        """Append a line to the journal, whole or not at all.

        Raises PipelineError if it cannot be written.
        """
        if self._file is None:
            self.begin()
        assert self._file is not None
        size = os.fstat(self._file).st_size
        line = msgspec.json.encode(entry) + b"\n"
        try:
            while line:
                line = line[os.write(self._file, line) :]
        except OSError as error:
            os.ftruncate(self._file, size)
            raise unwritable(self._journal, error) from error

    def save(self, manifest: Manifest) -> None:
        """Write the manifest, which contains the journal's records, then empty the journal.

        Raises PipelineError if the manifest cannot be written.
        """
        content = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        write_atomically(self._manifest, content + b"\n")
        if self._file is not None:
            os.ftruncate(self._file, 0)

    def close(self) -> None:
        """Close the journal; without ``end``, the build counts as interrupted."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def end(self) -> None:
        """Delete the journal: the build is done."""
        self.close()
        self._journal.unlink(missing_ok=True)


def _read(path: Path) -> bytes | None:
    """Return a file's content, or none where there is no such file; raises PipelineError."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise PipelineError(
            f"{path}: cannot be read: {error.strerror or error}. Permit reading it."
        ) from error


class _UnknownVersionError(Exception):
    pass


class _Versioned(msgspec.Struct):
    version: int = VERSION


def _decoded(content: bytes) -> Manifest:
    """Decode a manifest, and convert one of version 1.

    Raises _UnknownVersionError for other versions, and several errors for a damaged file.
    """
    version = msgspec.json.decode(content, type=_Versioned).version
    if version == VERSION:
        return msgspec.json.decode(content, type=Manifest)
    if version == 1:
        return msgspec.convert(_from_version_1(msgspec.json.decode(content)), Manifest)
    raise _UnknownVersionError(version)


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
