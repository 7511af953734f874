"""Files that people put beside a photo: published results and ground truth to compare with.

A file that fits is published as it is, but for its metadata where that may not be published.
Another one is brought into shape, as evaluators do, and a note says so; one that cannot be read
costs its photo nothing but the comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec
from PIL import Image

from sod_gallery import places
from sod_gallery.errors import PhotoError
from sod_gallery.files import FileHashes, is_behind_link
from sod_gallery.manifest import Output, PhotoRecord
from sod_gallery.photos import workers
from sod_gallery.photos.decode_worker import Kind as FileKind
from sod_gallery.photos.metadata import stripped
from sod_gallery.pictures.encoding import encode_png

from .job import Job
from .recipe import StepRunner, step_key
from .steps import EncodedImage, Parameter, Product

Size = tuple[int, int]


@dataclass(frozen=True)
class Kind:
    """One kind of companion."""

    step: str
    noun: str
    place: Callable[[str, str], str]
    """Path of the file, from the dataset and the photo's name."""
    read_as: FileKind


@dataclass(frozen=True)
class Source:
    """A file that people put beside a photo."""

    file: Path
    in_place: bool
    """It lies below the site's root, and not behind a link."""
    with_metadata: bool
    """It may be published with its metadata."""


REFERENCE = Kind("reference", "reference", places.reference, "cutout")
TRUTH = Kind("truth", "ground truth", places.ground_truth, "truth")
VERSION = 1
"""Of both steps; see steps.Step."""


def companion_files(
    job: Job, root: Path, truth: Path | None, *, is_external: bool
) -> dict[str, Path]:
    """Return where the published result and the ground truth of a photo lie, if there are such.

    Those of the site's own datasets lie at places of their own; ``truth`` is ground truth of any
    dataset that lies elsewhere.  Keys are the names of steps.
    """
    own = (
        {}
        if is_external
        else {kind.step: root / kind.place(job.dataset, job.name) for kind in (REFERENCE, TRUTH)}
    )
    return own | ({TRUTH.step: truth} if truth else {})


def attach_companions(
    job: Job,
    record: PhotoRecord,
    runner: StepRunner,
    hashes: FileHashes,
    files: Mapping[str, Path],
) -> PhotoRecord:
    """Return the record with a published result and ground truth, where their files are there."""
    steps, notes = dict(record.steps), list(record.notes)
    found: dict[str, Output | None] = {}
    for kind in (REFERENCE, TRUTH):
        file = files.get(kind.step)
        found[kind.step] = None
        if file is None or not file.is_file():
            continue
        own = kind.place(job.dataset, job.name)
        is_own = file == runner.root / own
        path = own if is_own else file.name
        sha256 = hashes.hash(file)
        parameters: dict[str, Parameter] = {"size": record.size, "folder": job.folder}
        base = runner.root / places.RAW / job.dataset
        source = Source(file, is_own and not is_behind_link(file, base), job.published)
        if not source.in_place:
            parameters["elsewhere"] = True
        elif not source.with_metadata:
            parameters["metadata"] = False
        key = step_key(kind.step, VERSION, [sha256], parameters)
        target = f"{job.folder}/{kind.step}.png"
        try:
            step = runner.ensure(kind.step, key, partial(_make, kind, source, target, record.size))
        except PhotoError as error:
            reason = str(error).removeprefix(f"{file}: ")
            notes.append(f"{path}: {reason} The {kind.noun} is left out.")
            continue
        steps[kind.step] = step
        notes += step.notes
        found[kind.step] = next(iter(step.outputs), _own(file, path, sha256, record.size))
    return msgspec.structs.replace(
        record,
        steps=steps,
        notes=notes,
        reference=found[REFERENCE.step],
        ground_truth=found[TRUTH.step],
    )


def _own(file: Path, path: str, sha256: str, size: Size) -> Output:
    """Return a companion's own file, which serves as it is."""
    bytes_ = file.stat().st_size
    return Output(path=path, sha256=sha256, bytes=bytes_, width=size[0], height=size[1])


def _make(kind: Kind, source: Source, target: str, size: Size) -> Product:
    """Make a file of a companion, unless its own one, below the root, serves; raises PhotoError."""
    decoded = workers.decode(kind.read_as, source.file, workers.measure(source.file))
    image = decoded.picture
    sentences = [f"The {kind.noun} {note}." for note in decoded.notes]
    if image.size == size and decoded.is_shown and source.in_place:
        content = source.file.read_bytes()
        bare = (content, "") if source.with_metadata else stripped(content)
        if bare and bare[0] == content:
            return Product([], notes=sentences)
        if bare:
            return Product([EncodedImage(target, bare[0], *size)], notes=sentences)
    if image.size != size:
        resized = f"is {image.width}×{image.height} pixels and was resized (nearest)"
        sentences.append(f"The {kind.noun} {resized}.")
        image = image.resize(size, Image.Resampling.NEAREST)
    return Product([EncodedImage(target, encode_png(image), *size)], notes=sentences)
