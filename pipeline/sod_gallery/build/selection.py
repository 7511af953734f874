"""Finds the datasets, photos and models that a command is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from sod_gallery import places
from sod_gallery.config import Config, Originals
from sod_gallery.download import Progress
from sod_gallery.engines.runtime import REFERENCE, Runtime
from sod_gallery.errors import ConfigError
from sod_gallery.files import HashCache
from sod_gallery.manifest import DatasetRecord, FolderRecord, Manifest
from sod_gallery.photos.datasets import discover, fetch_dataset, in_order, originals_of
from sod_gallery.photos.decoding import FORMATS
from sod_gallery.photos.finding import find_photos
from sod_gallery.photos.names import PLAIN, folder_slug, printable, shown_by_browsers

from .job import Job
from .methods import method_name
from .toolkit import ToolkitDataset, read_toolkit

DEFAULT_DATASET = "sample"


@dataclass(frozen=True)
class Request:
    """What a command asks for: which photos and networks, and how they are run."""

    root: Path
    """Folder of the site: `assets/`, `_data/`."""
    settings: Path
    """The `_config.yml`."""
    datasets: tuple[str, ...] = ()
    photos: Path | None = None
    name: str | None = None
    models: tuple[str, ...] = ()
    weights_dir: Path | None = None
    offline: bool = False
    runtime: Runtime = REFERENCE
    force: bool = False
    limit: int | None = None
    maps: tuple[str, ...] = ()
    """Folders of published maps, as ``NAME=DIR`` or ``DIR``."""
    truth: Path | None = None
    """Folder of ground truth."""
    thorough: bool = False
    toolkit: tuple[Path, Path] | None = None
    """Files of PySODEvalToolkit: datasets, and methods."""
    allow_empty: bool = False
    """Results of folders that are empty or missing now may be removed."""

    @property
    def is_named(self) -> bool:
        """It names the datasets that are meant; else all are."""
        return bool(self.datasets) or self.photos is not None or self.toolkit is not None


@dataclass(frozen=True)
class Selected:
    """One dataset of a build."""

    name: str
    folder: Path
    external: bool
    """Its photos lie outside the site's own folders."""
    maps: Mapping[str, FolderRecord] = field(default_factory=dict)
    """Published maps that this build was given, by method.  Empty: those given before count."""
    truth: FolderRecord | None = None
    """Ground truth that this build was given."""
    originals: Originals = False
    """Whether its photos' own files are published."""

    def job(self, name: str, slug: str) -> Job:
        """Return the job of one of its photos."""
        path = self.folder / name
        # what a link leads to was never put into the folder
        originals = False if path.is_symlink() else self.originals
        in_place = originals is True and not self.external and not self.folder.is_symlink()
        in_site = not self.external and shown_by_browsers(name)
        return Job(self.name, name, slug, path, in_site, originals, in_place)


def raw_folder(root: Path, dataset: str) -> Path:
    """Return where the site keeps a dataset's photos."""
    return root / places.photos(dataset)


def select(
    request: Request, manifest: Manifest, config: Config, hashes: HashCache, progress: Progress
) -> tuple[list[Selected], list[str]]:
    """Return the datasets to build, and notes about those that were fetched for it.

    Raises ConfigError for arguments that cannot be met, DatasetError where a fetch fails.
    """
    elsewhere = _elsewhere(request, manifest)
    there = [] if request.datasets or elsewhere else remembered(request.root, manifest, config)
    fetched = request.datasets or ([] if there or elsewhere else [DEFAULT_DATASET])
    fetched = list(dict.fromkeys(fetched))
    own = discover(request.root) if request.datasets else []
    notes = _unnamed(request.root)
    for name in fetched:
        if name not in own:
            _check_name(name)
        notes += fetch_dataset(
            name,
            request.root,
            offline=request.offline,
            progress=progress,
            hash_file=hashes.hash,
        )
    named = [Selected(name, raw_folder(request.root, name), False) for name in fetched]
    selected = _with_maps([*named, *elsewhere, *there], request)
    return _with_originals(selected, config), notes


def _unnamed(root: Path) -> list[str]:
    """Return a note on each dataset of the site that no address can be made for."""
    return [
        f"{printable(name)}: is left out, as its name is no UTF-8 text. Rename the folder."
        for name in discover(root, is_text=False)
    ]


def _with_originals(datasets: list[Selected], config: Config) -> list[Selected]:
    """Give each dataset what the settings say of its photos' own files."""
    return [
        replace(each, originals=originals_of(each.name, each.external, config)) for each in datasets
    ]


def _elsewhere(request: Request, manifest: Manifest) -> list[Selected]:
    """Return the datasets of a request whose photos lie anywhere."""
    found = []
    if request.photos is not None:
        found.append(_folder(request.photos, request.name, request, manifest))
    if request.toolkit is not None:
        for each in read_toolkit(*request.toolkit):
            dataset = _folder(each.photos, method_name(each.name), request, manifest)
            found.append(replace(dataset, maps=_named_maps(each), truth=each.truth))
    return found


def _named_maps(dataset: ToolkitDataset) -> dict[str, FolderRecord]:
    """Return the maps of a dataset by names that methods can have."""
    return {method_name(name): folder for name, folder in dataset.maps.items()}


def _with_maps(datasets: list[Selected], request: Request) -> list[Selected]:
    """Give the maps and the ground truth of the command line to the dataset that they belong to."""
    if not request.maps and request.truth is None:
        return datasets
    if len(datasets) != 1:
        raise ConfigError(
            "--maps and --gt belong to one dataset. Say which, with --photos or one --dataset."
        )
    maps = dict(datasets[0].maps)
    for text in request.maps:
        name, folder = named_folder(text)
        if method_name(name) in maps:
            raise ConfigError(
                f"{folder}: two folders of --maps are called {method_name(name)}. "
                f"Name one of them: --maps OTHER={folder}"
            )
        maps[method_name(name)] = _given(folder)
    truth = request.truth and _given(request.truth.expanduser())
    return [replace(datasets[0], maps=maps, truth=truth or datasets[0].truth)]


def _given(folder: Path) -> FolderRecord:
    """Return what is remembered of a folder; raises ConfigError where its path is no text."""
    path = str(folder.resolve())
    if printable(path) != path:
        raise ConfigError(f"{printable(path)}: its path is no UTF-8 text. Rename the folder.")
    return FolderRecord(folder=path)


def named_folder(text: str) -> tuple[str, Path]:
    """Read ``NAME=DIR``, or ``DIR``, whose name is then the folder's."""
    name, equals, rest = text.partition("=")
    if equals and name and not Path(text).is_dir():
        return name, Path(rest).expanduser()
    folder = Path(text).expanduser()
    return printable(folder.resolve().name), folder


def select_without_fetching(request: Request, manifest: Manifest, config: Config) -> list[Selected]:
    """Return the datasets of a request that are there, for commands that only look.

    Raises ConfigError where one that is named is not there.
    """
    there = remembered(request.root, manifest, config)
    elsewhere = _elsewhere(request, manifest)
    if not request.datasets and not elsewhere:
        return _with_originals(there, config)
    known = {dataset.name: dataset for dataset in there}
    for name in request.datasets:
        if name not in known:
            raise ConfigError(f"{name}: no such dataset is there. Build it first.")
    named = (known[name] for name in dict.fromkeys(request.datasets))
    return _with_originals([*named, *elsewhere], config)


def remembered(root: Path, manifest: Manifest, config: Config) -> list[Selected]:
    """Return every dataset that is there: the site's own folders and those built from elsewhere."""
    own = [Selected(name, raw_folder(root, name), False) for name in discover(root)]
    elsewhere = [
        Selected(name, Path(dataset.source), True)
        for name, dataset in manifest.datasets.items()
        if dataset.source and Path(dataset.source).is_dir()
    ]
    found = {dataset.name: dataset for dataset in own + elsewhere}
    return [found[name] for name in in_order(found, config.datasets)]


def _folder(folder: Path, given: str | None, request: Request, manifest: Manifest) -> Selected:
    folder = folder.expanduser().resolve()
    if not folder.is_dir():
        raise ConfigError(f"{folder}: is not a folder. Give --photos a folder of photos.")
    own = folder.parent.name
    is_own = given is None and folder == raw_folder(request.root.resolve(), own)
    name = own if is_own else given or _name_of(folder, request.root, manifest)
    known = manifest.datasets.get(name)
    if not known and not find_photos(folder):
        forms = ", ".join(dict.fromkeys(FORMATS.values()))
        raise ConfigError(f"{folder}: holds no photos ({forms}).")
    if is_own:
        return Selected(name, folder, False)
    _check_name(name)
    taken_by = known.source or raw_folder(request.root, name) if known else None
    if taken_by and Path(taken_by) != folder:
        raise ConfigError(
            f"{folder}: a dataset named {name} was already built from {taken_by}. "
            "Give this one another name with --name, or drop the old one with "
            f"sod-gallery forget {name}."
        )
    return Selected(name, folder, True)


def _name_of(folder: Path, root: Path, manifest: Manifest) -> str:
    """Return the name of the dataset of a folder: the one that it has, else its slug."""
    known = (name for name, each in manifest.datasets.items() if each.source == str(folder))
    if name := next(known, None):
        return name
    name = folder_slug(folder.name)
    taken = {each.lower(): each for each in (*discover(root), *manifest.datasets)}
    by = taken.get(name.lower())
    source = manifest.datasets[by].source if by in manifest.datasets else None
    is_namesake = source is not None and Path(source).name == folder.name
    return folder_slug(folder.name, apart=by is not None and not is_namesake)


def _check_name(name: str) -> None:
    if not PLAIN.fullmatch(name):
        raise ConfigError(
            f"{name!r}: cannot name a dataset; use letters, digits, '-' and '_', "
            "a letter or digit first."
        )


def chosen_models(
    request: Request, known: DatasetRecord | None, dataset: str, config: Config
) -> list[str]:
    """Return a dataset's models: those named now, else named before, else those of the settings."""
    earlier = known.chosen if known else ()
    names = request.models or earlier or config.dataset(dataset).models or config.models
    return list(dict.fromkeys(names))
