"""The same site at the root of a host and below a folder, with full addresses where needed."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fixture_site import difficult_samples, write_gallery
from jekyll_site import BASEURL, Site, build_site, copy_sources
from PIL import Image

pytestmark = pytest.mark.site

HOST = "https://example.org"
PHOTO = "/compare/sample/14-jpg/"


class _Addresses(HTMLParser):
    """Collects what a page refers to, and its link-preview tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.meta: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.found += [values[name] for name in ("href", "src") if name in values]
        self.found += [part.split()[0] for part in values.get("srcset", "").split(", ") if part]
        if tag == "meta" and "property" in values:
            self.meta[values["property"]] = values["content"]


def read(folder: Path, url: str) -> _Addresses:
    return _Addresses((folder / url.strip("/") / "index.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def root_site(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site for the root of ``HOST`` and return its folder."""
    folder = tmp_path_factory.mktemp("root")
    source = folder / "source"
    copy_sources(root, source)
    config = source / "_config.yml"
    config.write_text(config.read_text(encoding="utf-8").replace('url: ""', f'url: "{HOST}"', 1))
    write_gallery(source, {"sample": difficult_samples()})
    build_site(root, source, folder / "site", baseurl="")
    return folder / "site"


@pytest.mark.parametrize("url", ["/", "/gallery/sample/", PHOTO, "/posts/u2net/", "/credits/"])
def test_every_address_of_the_site_has_the_baseurl(site: Site, root_site: Path, url: str) -> None:
    below = [address for address in read(site.folder, url).found if address.startswith("/")]
    assert below
    assert all(address.startswith(f"{BASEURL}/") for address in below)
    at_root = [address for address in read(root_site, url).found if address.startswith("/")]
    assert not any(address.startswith(("//", BASEURL)) for address in at_root)


def test_link_previews_give_full_addresses(root_site: Path) -> None:
    meta = read(root_site, PHOTO).meta
    assert meta["og:url"] == f"{HOST}{PHOTO}"
    assert meta["og:image"] == f"{HOST}/assets/gallery/sample/14-jpg/card.jpg"
    assert (meta["og:title"], meta["og:image:alt"]) == ("14", "14: the photo beside its cut-out")
    with Image.open(root_site / meta["og:image"].removeprefix(f"{HOST}/")) as preview:
        assert (meta["og:image:width"], meta["og:image:height"]) == tuple(map(str, preview.size))


@pytest.mark.parametrize("url", ["/", "/posts/u2net/", "/credits/"])
def test_pages_without_a_preview_show_the_sites_picture(root_site: Path, url: str) -> None:
    meta = read(root_site, url).meta
    with Image.open(root_site / meta["og:image"].removeprefix(f"{HOST}/")) as picture:
        assert (meta["og:image:width"], meta["og:image:height"]) == tuple(map(str, picture.size))


def test_feed_and_sitemap_name_the_pages(root_site: Path) -> None:
    assert f"{HOST}/posts/u2net/" in (root_site / "feed.xml").read_text(encoding="utf-8")
    sitemap = (root_site / "sitemap.xml").read_text(encoding="utf-8")
    pages = re.findall(rf"<loc>{HOST}(.*)</loc>", sitemap)
    assert {"/", "/gallery/sample/", PHOTO, "/posts/u2net/", "/credits/"} <= set(pages)
    assert "/404.html" not in pages


def test_only_the_site_is_published(root_site: Path) -> None:
    published = {path.name for path in root_site.iterdir()}
    assert not published & {
        "pipeline",
        "tests",
        "tools",
        "gemfiles",
        "Gemfile",
        "README.md",
        "biome.json",
        "package.json",
        "tsconfig.json",
    }
    assert not list(root_site.rglob("*.md"))


def test_without_a_gallery_the_home_page_says_how_to_make_one(root: Path, tmp_path: Path) -> None:
    copy_sources(root, tmp_path / "source")
    build_site(root, tmp_path / "source", tmp_path / "site", baseurl="")
    home = (tmp_path / "site/index.html").read_text(encoding="utf-8")
    assert "python pipeline/build.py --photos" in home
    assert not (tmp_path / "site/gallery").exists()
    assert (tmp_path / "site/posts/u2net/index.html").is_file()


def test_full_addresses_are_given_only_where_the_sites_own_is_known(
    site: Site, root_site: Path
) -> None:
    canonical = f'<link rel="canonical" href="{HOST}/">'
    assert canonical in (root_site / "index.html").read_text(encoding="utf-8")
    assert "canonical" not in (site.folder / "index.html").read_text(encoding="utf-8")
    assert f"Sitemap: {HOST}/sitemap.xml\n" in (root_site / "robots.txt").read_text("utf-8")
    assert (site.folder / "robots.txt").read_text("utf-8") == "User-agent: *\nDisallow:\n"
