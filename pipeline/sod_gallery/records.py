"""The vocabulary of the gallery, as the site reads it: frozen records that make ``gallery.json``.

Paths called ``src`` start at the site's root (``/assets/...``) without the baseurl, and are
percent-encoded.  Sizes are in pixels, shares of an area are fractions in [0, 1].
"""

from __future__ import annotations

from typing import Literal

import msgspec

Judgement = Literal["good", "bad", "unsure"]
Published = Literal["as they are", "without metadata", "no"]
Reason = Literal["halo", "hole", "missed part", "wrong object", "no object"]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all records: immutable, and strict about what it is read from."""


class ImageFile(Record, frozen=True):
    """One image file of the site."""

    src: str
    width: int
    height: int
    bytes: int


class Patch(Record, frozen=True):
    """A rectangle of a photo, in fractions of its width and height."""

    x: float
    y: float
    width: float
    height: float


class Provenance(Record, frozen=True, kw_only=True):
    """What computed a result.  Two results of one method may differ in it."""

    method: str
    """Name of the method."""
    checkpoint_sha256: str
    """Hash of the weights file, or of the published map's file, 64 hexadecimal digits."""
    backend: str
    """The engine: ``torch``, ``openvino`` or ``onnxruntime``; ``maps`` where the authors of the
    method published the map."""
    device: str
    """``cpu`` or ``cuda``; empty for a published map."""
    precision: str
    """``fp32``, ``bf16``, ``fp16`` or ``int8``; empty for a published map."""
    batch: int = 1
    """Photos in a batch of the network; on a GPU, maps depend on it."""


class Trust(Record, frozen=True):
    """What a mask says about itself, without ground truth; docs/scores.md describes it."""

    ambiguous: float
    """Share of the pixels from 0.1 to 0.9: neither object nor ground."""
    border: float
    """Share of the picture's border that the object covers."""
    parts: int
    """Separate parts of the object that cover at least ``scores.trust.SPECK`` of the picture."""
    flip: float | None = None
    """IoU with the map of the mirrored photo; only after a thorough build, and of a network."""
    sides: float | None = None
    """Mean IoU of the network's six side outputs with the fused one; in the same way."""


class Agreement(Record, frozen=True):
    """How much the masks of two methods are alike, on one photo."""

    methods: tuple[str, str]
    iou: float
    """At threshold 0.5; that of two empty masks is 1."""
    mae: float
    """Mean absolute difference, in [0, 1]."""


class Figures(Record, frozen=True, omit_defaults=True):
    """What steps that write no file found out."""

    scores: dict[str, float] = {}
    """Against ground truth, by name."""
    curves: str = ""
    """``scores.curves`` packs them."""
    evaluator: str = ""
    """Name and version of what computed the scores."""
    trust: Trust | None = None
    agreements: list[Agreement] = []


class Result(Provenance, frozen=True, kw_only=True):
    """What one method made of one photo: pictures, and what was measured on its map and mask."""

    mask: ImageFile
    """Greyscale PNG at the photo's own size."""
    cutout: ImageFile
    """RGBA PNG at the photo's own size, straight alpha = mask."""
    cutout_full: ImageFile | None
    """The same as lossless WebP, but for colours that cannot be seen; only where it is smaller."""
    cutout_sizes: list[ImageFile]
    """WebP with alpha, narrowest first."""
    composite: ImageFile
    """WebP, photo beside cut-out on a checkerboard."""
    coverage: float
    """Share of the photo's pixels where the mask is above one half: what the object covers."""
    peak: float
    """Greatest value of the map before it was normalised, in [0, 1]."""
    faint: bool
    """The peak is so low (below ``scores.trust.FAINT``) that the photo may hold no object."""
    touches: list[str]
    """Which of left, top, right, bottom the object touches."""
    empty: bool
    """The map was flat: the method found no object."""
    edges: list[Patch]
    """Parts of the mask that are neither black nor white, the most uncertain first."""
    trust: Trust | None = None
    """None in a gallery that was last built by an older version."""
    doubt: float = 0.0
    """In [0, 1]: orders results, worst first, with ground truth or without; see docs/scores.md."""
    scores: dict[str, float] = {}
    """Against ground truth, by name (docs/scores.md); empty without it."""


class Credit(Record, frozen=True):
    """The author of a photo, and its licence."""

    author: str
    licence: str
    source: str = ""


class PhotoEntry(Record, frozen=True):
    """One photo, its web sizes and what every method made of it."""

    name: str
    """Path below the dataset's folder, with forward slashes: ``14.jpg``."""
    slug: str
    """Unique in its dataset even where case is ignored; safe in URLs and file names."""
    url: str
    """Page of the photo: ``/compare/<dataset>/<slug>/``."""
    title: str
    width: int
    height: int
    sha256: str
    original: str | None
    """Address of the photo's own file or of its copy without metadata, or none where neither is
    published."""
    sizes: list[ImageFile]
    """WebP, narrowest first, never wider than the photo."""
    full: str
    """The photo at its own size, in a form that browsers show."""
    social_preview: ImageFile
    """JPEG, 1200×630: what chats and social sites show of a link to the photo."""
    results: list[Result]
    """One for each of the dataset's methods that has a map of the photo, in their order."""
    agreements: list[Agreement] = []
    """Of each two of the results."""
    maybe_empty: bool = False
    """Possibly no salient object: the map of every network is faint or empty."""
    reference: ImageFile | None = None
    """A published result to compare with: RGBA, same size as the photo."""
    ground_truth: ImageFile | None = None
    """Human annotation: black and white, same size as the photo."""
    credit: Credit | None = None
    notes: list[str] = []
    """Sentences on what was odd about the files beside the photo, and what was made of them."""
    full_bytes: int | None = None
    """Size of the file ``full``; none where the build that made the photo did not state it."""


class Failure(Record, frozen=True):
    """A photo that could not be built, or a file that is none, and why."""

    photo: str
    """``<dataset>/<name>``."""
    reason: str
    """A sentence without paths of the machine that built the site."""


class Method(Record, frozen=True):
    """What makes saliency maps, as the site states it: a network with a checkpoint that we run, or
    maps that others published."""

    name: str
    title: str
    architecture: str
    """``u2net``, ``u2netp``, or ``published maps``."""
    licence: str
    authors: str
    """Empty where they are not known."""
    paper: str
    """Address of the paper, or empty."""
    source: str
    """Address of the method's own page or code, or empty."""
    year: int | None = None
    bibtex: str = ""
    """Entry of a BibTeX file, or empty."""


class DatasetEntry(Record, frozen=True):
    """A named folder of photos."""

    name: str
    url: str
    """Gallery page: ``/gallery/<slug>/``; a plain name is its own slug."""
    title: str
    description: str
    methods: list[str]
    mixed: list[str]
    """Methods whose results in this dataset differ in checkpoint, engine, device or precision."""
    credit: Credit | None
    """Whose the dataset is, as the settings state."""
    citation: str
    """Entry of a BibTeX file, or empty."""
    originals: Published
    """Whether the photos' own files are published.  As they are, they hold what cameras and
    programs wrote into them: position, time, thumbnails."""
    photos: list[PhotoEntry]

    @property
    def slug(self) -> str:
        """The dataset's name in addresses."""
        return self.url.rstrip("/").rpartition("/")[2]


class VerdictWord(Record, frozen=True):
    """One of the verdicts that a reviewer chooses from."""

    name: Judgement
    label: str
    """What the button says."""
    key: str
    """The key that gives this verdict: one upper-case letter."""


class SourceKind(Record, frozen=True):
    """A kind of picture that the viewer can show of a photo."""

    kind: str
    """Names the picture in links, followed by ``.<method>`` where ``of_result``: ``mask.u2net``."""
    label: str
    alt: str
    """Alternative text.  ``{title}`` is the photo's title; ``{by}`` is `` (<method's title>)``
    where a photo has results of several methods, else empty."""
    of_result: bool
    """There is one for each result of the photo, else one for the photo."""
    ground: Literal["", "checker", "black"]
    """What lies behind the picture where it is transparent or outside of its object."""


class Vocabulary(Record, frozen=True):
    """The shared words, in the order in which they are shown."""

    photo_pages: str
    """The page of a photo is ``<photo_pages><dataset>/<slug>/``."""
    verdicts: tuple[VerdictWord, ...]
    reasons: tuple[Reason, ...]
    reason_keys: dict[Reason, str]
    """The keys that give the reasons: upper-case letters that no verdict and no action of the
    viewer has."""
    sources: tuple[SourceKind, ...]


class Gallery(Record, frozen=True, omit_defaults=True):
    """Everything that the site knows; serialised as ``_data/gallery.json``."""

    build: str
    """Twelve hexadecimal digits that change when anything below changes."""
    generator: str
    vocabulary: Vocabulary
    methods: list[Method]
    datasets: list[DatasetEntry]
    failed: list[Failure]
    skipped: list[Failure]
    """Files that are not photos, by name or by kind (``<dataset>/*.txt``)."""
    files: dict[str, str] = {}
    """Paths below the site's root of files whose ``src`` is another: their names are not plain."""
