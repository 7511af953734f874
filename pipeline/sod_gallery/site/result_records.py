"""What a results page shows, as ``_data/results/<name>.json`` has it."""

from __future__ import annotations

from sod_gallery.records import Record


class Cell(Record, frozen=True):
    """One figure of a method."""

    value: float | None
    text: str
    """As it is printed."""
    interval: str = ""
    """``0.071–0.101``, or empty."""
    rank: int = 0
    """1, 2 or 3 for the best three of a column, else 0."""


class Column(Record, frozen=True):
    """One measure."""

    name: str
    title: str
    text: str
    is_error: bool


class MethodRow(Record, frozen=True):
    """One method of the dataset."""

    name: str
    title: str
    year: int | None
    paper: str
    photos: int
    """Photos that were scored, or that have a result where there is no ground truth."""
    best_threshold: float | None
    cells: list[Cell]
    """One for each column."""
    maps: str = ""
    """Address of a zip of its masks, or empty."""


class DataTable(Record, frozen=True):
    """The numbers of a chart."""

    head: list[str]
    rows: list[list[str]]


class Chart(Record, frozen=True):
    """A picture of numbers, and the numbers."""

    name: str
    title: str
    text: str
    """What it shows, in a sentence."""
    svg: str
    table: DataTable
    legend: bool
    """Its lines are the methods, in their order."""


class Duel(Record, frozen=True):
    """How the method of a row differs from that of a column."""

    text: str
    """The mean difference, with its sign; empty for a method and itself."""
    interval: str = ""
    won: str = ""
    """Share of the photos on which the row's method is better: ``64 %``."""
    is_clear: bool = False
    """The interval does not contain 0."""


class Scatter(Record, frozen=True):
    """Two methods, photo by photo."""

    title: str
    svg: str
    left_out: int
    """Photos that are not drawn, because there are too many."""


class RankedPhoto(Record, frozen=True):
    """A photo in a list of the worst."""

    title: str
    url: str
    text: str
    """The figure by which it is ranked."""


class WorstList(Record, frozen=True):
    """The photos that a method is worst at, worst first."""

    method: str
    by: str
    """By what: ``S-measure`` or ``doubt``."""
    photos: list[RankedPhoto]


class Download(Record, frozen=True):
    """A file of the results page."""

    label: str
    src: str
    bytes: int


class Results(Record, frozen=True):
    """The results page of one dataset."""

    key: str
    """Hash of everything below that is not computed; the first field of the file."""
    dataset: str
    url: str
    """``/results/<dataset>/``."""
    photos: int
    scored: int
    """Photos with ground truth."""
    evaluators: list[str]
    """Names and versions of what computed the scores."""
    normalisation: str
    columns: list[Column]
    methods: list[MethodRow]
    charts: list[Chart]
    compared_by: str
    """Title of the measure of ``matrix`` and ``scatters``."""
    matrix: list[list[Duel]]
    """A row and a column for each method, in their order."""
    scatters: list[Scatter]
    worst: list[WorstList]
    citations: str
    """BibTeX of everything shown."""
    downloads: list[Download]
