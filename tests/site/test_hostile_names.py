"""A site whose photos, folders and datasets have hostile names, seen whole in Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hostile_names import ADDRESSES, HTML, LANGUAGES, NAMES, SCRIPTS, SYSTEMS
from jekyll_site import BASEURL, OpenPage, Site, build_site, copy_sources
from PIL import Image
from playwright.sync_api import Dialog, Page
from small_world import CheapPredictor, gallery, random_weights
from webserver import serving_folder

from sod_gallery.cli import main
from sod_gallery.engines.predictor import unload_predictors

pytestmark = pytest.mark.site

OWN = "holiday <b>%41 {{ x }}"
DATASETS = (*HTML[:4], *ADDRESSES[:9], *LANGUAGES[:8], *SYSTEMS, *SCRIPTS[:5])
FOLDERS = ("München 2023", "Munchen 2023", "日本 <img src=x onerror=alert(9)>")
"""Names of folders that are given with --photos."""
PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./"
LINKS = """() => [...document.querySelectorAll("[href], [src], [srcset], [data-full]")]
  .flatMap((e) => [e.href, e.src, e.dataset.full,
    ...(e.srcset ?? "").split(", ").map((file) => file.split(" ")[0])])
  .filter((address) => typeof address === "string" && address)
  .map((address) => new URL(address, location.href).href)"""


def photo(path: Path, shade: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.linear_gradient("L").resize((24, 16)).point(lambda v: v ^ shade).save(path)


def draw_all(raw: Path, elsewhere: Path) -> int:
    """Draw photos of all names, as files, as folders and as datasets; return their number."""
    extensions = (".jpg", ".PNG")
    photos = [raw / OWN / "test" / f"{name}{extensions[i % 2]}" for i, name in enumerate(NAMES)]
    photos += [raw / name / "test" / "a b.jpg" for name in DATASETS]
    photos += [elsewhere / FOLDERS[0] / name / f"{name}.jpg" for name in NAMES]
    photos += [elsewhere / folder / "a%20b.jpg" for folder in FOLDERS[1:]]
    for index, path in enumerate(photos):
        photo(path, index % 256)
    return len(photos)


@pytest.fixture(scope="module")
def source(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build all photos with a network that costs nothing, and return the folder of the site."""
    folder = tmp_path_factory.mktemp("hostile")
    copy_sources(root, folder / "source")
    raw = folder / "source/assets/images/raw"
    count = draw_all(raw, folder / "photos")
    (raw / OWN / "reference").mkdir()
    photo(raw / OWN / "reference" / "a b.jpg.png", 1)
    os.mkfifo(raw / OWN / "test/pipe.jpg")
    (raw / OWN / "test/dangling.jpg").symlink_to("nowhere")
    (raw / os.fsdecode(b"caf\xe9") / "test").mkdir(parents=True)
    photo(raw / OWN / "test" / os.fsdecode(b"caf\xe9.jpg"), 1)
    settings = folder / "source/_config.yml"
    publish = "originals:\n      chimay-SOD2: true\n"
    text = settings.read_text("utf-8")
    assert publish in text
    settings.write_text(text.replace(publish, f"{publish}      '{OWN}': true\n"), "utf-8")
    model = ["--model", str(random_weights(folder / "tiny.safetensors", 1)), "--offline"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sod_gallery.engines.predictor.Predictor", CheapPredictor)
        unload_predictors()
        for name in FOLDERS:
            arguments = ["--photos", str(folder / "photos" / name), *model]
            assert main(arguments, root=folder / "source") == 0
        assert main(model, root=folder / "source") == 1  # one name is no text
    unload_predictors()
    built = gallery(folder / "source")["datasets"]
    assert sum(len(dataset["photos"]) for dataset in built) == count >= 200
    return folder / "source"


@pytest.fixture(scope="module")
def site(root: Path, source: Path) -> Iterator[Site]:
    """Build the site of the hostile names and serve it."""
    out = source.parent / "out"
    build_site(root, source, out / BASEURL.strip("/"))
    with serving_folder(out) as server:
        yield Site(out / BASEURL.strip("/"), f"http://127.0.0.1:{server.server_port}")


def test_titles_keep_their_letters_and_slugs_live_side_by_side(source: Path) -> None:
    datasets = gallery(source)["datasets"]
    titles = {dataset["title"]: dataset["url"] for dataset in datasets}
    assert titles["München 2023"] == "/gallery/Munchen-2023/"
    assert titles["Munchen 2023"].startswith("/gallery/Munchen-2023-")
    assert "日本" in titles
    addresses = [dataset["url"].lower() for dataset in datasets]
    assert len(set(addresses)) == len(addresses) - 2  # Case, case and CASE are plain names


def test_what_is_published_has_plain_names(site: Site) -> None:
    published = {p.relative_to(site.folder).as_posix() for p in site.folder.rglob("*")}
    assert {path for path in published if path.strip(PLAIN)} == set()


def test_every_page_in_chromium(site: Site, source: Path, open_page: OpenPage) -> None:
    """No dialog, no error, no 404, no request off the host; and every photo is reached."""
    page = open_page()
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    seen = crawl(page, site, site.url("/"))
    assert dialogs == []
    for dataset in gallery(source)["datasets"]:
        for each in dataset["photos"]:
            assert site.url(each["url"]) in seen, each["name"]


def crawl(page: Page, site: Site, start: str) -> set[str]:
    """Open every page that links lead to; return their addresses.  All files must be there."""
    waiting, seen = [start], {start}
    while waiting:
        page.goto(waiting.pop(), wait_until="domcontentloaded")
        assert page.locator("[onerror], [onload], [onmouseover]").count() == 0, page.url
        for link in set(page.evaluate(LINKS)):
            address = link.partition("#")[0]
            if address in seen or not address.startswith(site.url("/")):
                continue
            seen.add(address)
            path = site.folder / unquote(urlsplit(address).path).removeprefix(f"{BASEURL}/")
            assert path.is_file() or (path / "index.html").is_file(), (page.url, address)
            if address.endswith("/"):
                waiting.append(address)
    return seen
