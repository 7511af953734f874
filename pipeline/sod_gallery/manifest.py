"""The build record: what was built from which inputs, so that an interrupted build can continue.

``build.store`` keeps it on disk.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

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
    bytes: int = 0
    """Size of the photo's file; 0 where an older version built it."""

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
    """Models given with ``--model`` that made a photo, also used by later builds without the
    option: known names and full paths.  Empty: the models of the settings are used."""
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
    chosen: list[str] = []
    """DatasetRecord.chosen from here on, in the line of a finished photo; empty: as it was."""


class GalleryRecord(Record, frozen=True):
    """What is kept beside a dataset's web images, in case the manifest is lost."""

    version: int
    """Manifest.version."""
    methods: dict[str, Method]
    """Those of the dataset."""
    dataset: DatasetRecord
