"""From photos to HTML: what the pipeline writes is what the site shows."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from cheap_network import CheapPredictor
from jekyll_site import BASEURL, build_site, copy_sources
from small_world import draw_pets, photos_of, random_weights

from sod_gallery.cli import main
from sod_gallery.engines.predictor import unload_predictors

pytestmark = pytest.mark.site
ADDRESS = re.compile(r'(?:src|href|srcset)="([^"]+)"')


@pytest.fixture(scope="module")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Run the command over the sample photos and a folder, then Jekyll; return source and site."""
    folder = tmp_path_factory.mktemp("whole")
    source, site = folder / "source", folder / "site"
    copy_sources(root, source)
    draw_pets(source / "assets/images/raw/pets/test")
    model = str(random_weights(folder / "tiny.safetensors", 1))
    arguments = ["--dataset", "sample", "--dataset", "pets", "--model", model, "--offline"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sod_gallery.engines.predictor.Predictor", CheapPredictor)
        unload_predictors()
        assert main(arguments, root=source) == 0
    unload_predictors()
    build_site(root, source, site)
    return source, site


def test_every_photo_has_its_page(built: tuple[Path, Path]) -> None:
    source, site = built
    for dataset, count in (("sample", 5), ("pets", 4)):
        photos = photos_of(source, dataset)
        assert len(photos) == count
        gallery = (site / f"gallery/{dataset}/index.html").read_text("utf-8")
        for photo in photos.values():
            assert photo["url"] in gallery
            assert (site / photo["url"].strip("/") / "index.html").is_file()


def test_every_address_of_every_page_is_there(built: tuple[Path, Path]) -> None:
    _, site = built
    pages = list(site.rglob("*.html"))
    missing = {address for page in pages for address in addresses(page) if not there(site, address)}
    assert len(pages) > 12
    assert not missing


def addresses(page: Path) -> set[str]:
    found = ADDRESS.findall(page.read_text("utf-8"))
    parts = (part.split()[0] for value in found for part in value.split(", ") if part.strip())
    return {part for part in parts if part.startswith("/")}


def there(site: Path, address: str) -> bool:
    path = unquote(re.split("[?#]", address)[0])
    if not path.startswith(f"{BASEURL}/"):
        return False
    target = site / path.removeprefix(f"{BASEURL}/")
    return target.is_file() or (target / "index.html").is_file()


def test_the_post_shows_the_featured_slider(built: tuple[Path, Path]) -> None:
    source, site = built
    post = (site / "posts/u2net/index.html").read_text("utf-8")
    for photo in photos_of(source, "sample").values():
        assert BASEURL + photo["results"][0]["composite"]["src"] in post


def test_the_sample_photos_are_credited(built: tuple[Path, Path]) -> None:
    _, site = built
    credits = (site / "credits/index.html").read_text("utf-8")
    for author in ("NASA", "Stefan van der Walt", "Rachel Michetti", "SpaceX", "Middlebury"):
        assert author in credits
