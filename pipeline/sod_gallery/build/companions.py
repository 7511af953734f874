"""Files that people put beside a photo: published results and ground truth to compare with.

A file that fits is published as it is.  Another one is brought into shape, as evaluators do, and a
note says so; one that cannot be read costs its photo nothing but the comparison.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec
from PIL import Image

from sod_gallery import places
from sod_gallery.errors import PhotoError
from sod_gallery.files import FileHashes
from sod_gallery.manifest import Output, PhotoRecord
from sod_gallery.photos.decoding import load_cutout, load_truth
from sod_gallery.pictures.encoding import encode_png

from .recipe import StepRunner, step_key
from .steps import EncodedImage, Job, Product

Size = tuple[int, int]
Load = Callable[[Path], tuple[Image.Image, list[str], bool]]
"""Returns a picture, notes on what is odd about its file, and whether the file may be published as
it is."""


@dataclass(frozen=True)
class Kind:
    """One kind of companion."""

    step: str
    noun: str
    place: Callable[[str, str], str]
    """Path of the file, from the dataset and the photo's name."""
    load: Load


REFERENCE = Kind("reference", "reference", places.reference, load_cutout)
TRUTH = Kind("truth", "ground truth", places.ground_truth, load_truth)
VERSION = 1
"""Of both steps; see steps.Step."""


def companion_paths(job: Job) -> tuple[str, str]:
    """Return where the published result and the ground truth of a photo lie, if there are such."""
    return places.reference(job.dataset, job.name), places.ground_truth(job.dataset, job.name)


def attach_companions(
    job: Job, record: PhotoRecord, runner: StepRunner, hashes: FileHashes
) -> PhotoRecord:
    """Return the record with ``reference/<name>.png`` and ``gt/<stem>.png`` where they are."""
    steps, notes = dict(record.steps), list(record.notes)
    found: dict[str, Output | None] = {}
    for kind in (REFERENCE, TRUTH):
        path = kind.place(job.dataset, job.name)
        file = runner.root / path
        found[kind.step] = None
        if not file.is_file():
            continue
        sha256 = hashes.hash(file)
        key = step_key(kind.step, VERSION, [sha256], {"size": record.size, "folder": job.folder})
        target = f"{job.folder}/{kind.step}.png"
        try:
            step = runner.ensure(kind.step, key, partial(_make, kind, file, target, record.size))
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


def _make(kind: Kind, file: Path, target: str, size: Size) -> Product:
    """Make a file of a companion, unless its own one serves; raises PhotoError."""
    image, notes, is_usable = kind.load(file)
    sentences = [f"The {kind.noun} {note}." for note in notes]
    if image.size == size and is_usable:
        return Product([], notes=sentences)
    if image.size != size:
        resized = f"is {image.width}×{image.height} pixels and was resized (nearest)"
        sentences.append(f"The {kind.noun} {resized}.")
        image = image.resize(size, Image.Resampling.NEAREST)
    return Product([EncodedImage(target, encode_png(image), *size)], notes=sentences)
