"""The documentation under /docs/: every page of docs/ is there, as it reads on GitHub."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Literal
from urllib.parse import urljoin, urlsplit

import pytest
import yaml
from axe import violations
from jekyll_site import BASEURL, OpenPage, Site, build_site, copy_sources
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.site

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted((ROOT / "docs").rglob("*.md"))
GUIDES = [path for path in DOCUMENTS if path.parent.name == "docs"]

MARKDOWN = """# A page, with `code`

It has |bars| and `a | b`. The rest is [elsewhere](../README.md#tests), in [a folder](../tools),
[on the web](https://example.org/a.md), [below](#below) or [there](sub/other.md#here).

![A picture](images/viewer.webp)

- **One**: |a| in a list.

| a | b | c | d |
|---|--:|---|---|
| `x | y` | 1 | {{ site.title }} | {% include head.html %} |
<!-- a comment -->

| | |
|---|--:|
| no header | 1 |

## Below

```html
<a href="shown.md">{{ "shown" | upcase }}</a>
```
"""


def address(path: Path) -> str:
    """Return the address of a document on the site, without baseurl."""
    return f"/{path.relative_to(ROOT).with_suffix('')}/"


def title(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ").replace("`", "")


def html(site: Site, path: str) -> str:
    return (site.folder / path.strip("/") / "index.html").read_text(encoding="utf-8")


def article(page: str) -> str:
    found = re.search(r"<article>.*</article>", page, re.DOTALL)
    assert found
    return found[0]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_document_has_its_page(site: Site, path: Path) -> None:
    page = html(site, address(path))
    assert [unescape(heading) for heading in re.findall(r"<h1>(.*?)</h1>", page)] == [title(path)]
    assert '<meta name="description" content="' in page
    assert not (site.folder / path.relative_to(ROOT)).exists()
    headings = len(re.findall(r"^## ", path.read_text("utf-8"), re.MULTILINE))
    assert page.count("<h2 ") == headings


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_links_of_a_document_lead_to_pages_and_places_that_are_there(
    site: Site, path: Path
) -> None:
    for link in re.findall(r'<a href="([^"]*)"', article(html(site, address(path)))):
        parts = urlsplit(urljoin(f"http://site{address(path)}", unescape(link)))
        if parts.netloc != "site":
            continue
        assert parts.path.startswith("/docs/"), link
        target = site.folder / parts.path.strip("/")
        assert target.is_file() or parts.path.endswith("/"), link
        page = target / "index.html" if target.is_dir() else target
        assert not parts.fragment or f'id="{parts.fragment}"' in page.read_text("utf-8"), link


def test_examples_of_includes_are_shown_and_not_run(site: Site) -> None:
    for path in DOCUMENTS:
        source = path.read_text(encoding="utf-8")
        shown = unescape(re.sub(r"<[^>]+>", "", article(html(site, address(path)))))
        examples = re.findall(r"\{%.*?%\}|\{\{.*?\}\}", source)
        assert [example for example in examples if example not in shown] == []
    assert "ideal-image-slider/slider.html selector=" in re.sub(
        r"<[^>]+>", "", html(site, "/docs/includes/")
    )


def test_the_index_leads_to_all_documents_from_the_footer(page: Page, site: Site) -> None:
    page.goto(site.url("/"))
    page.get_by_role("contentinfo").get_by_role("link", name="Documentation").click()
    expect(page).to_have_url(site.url("/docs/"))
    links = page.locator("article a").evaluate_all("all => all.map(a => a.pathname)")
    assert sorted(links) == sorted(BASEURL + address(path) for path in DOCUMENTS)
    assert all(text.strip() for text in page.locator("article dd").all_inner_texts())
    names = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["guides"]
    assert links[: len(names)] == [f"{BASEURL}/docs/{name}/" for name in names]


def test_every_page_lists_the_guides_and_marks_itself(page: Page, site: Site) -> None:
    settings = title(ROOT / "docs/settings.md")
    guides = page.get_by_role("navigation", name="Documentation")
    page.goto(site.url("/docs/"))
    guides.get_by_role("link", name=settings, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(settings)
    expect(guides.get_by_role("link")).to_have_count(len(GUIDES) + 2)
    expect(guides.locator("[aria-current]")).to_have_text(settings)
    page.goto(site.url("/docs/decisions/0001-data-flows-one-way/"))
    expect(guides.locator("[aria-current]")).to_have_text("Decisions")


def test_the_schema_is_published_and_what_only_tools_read_is_not(site: Site) -> None:
    published = {path.name for path in (site.folder / "docs").iterdir()}
    assert "gallery.schema.json" in published
    assert "mindmap.yml" not in published


@pytest.fixture(scope="module")
def written(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Build a site with a page of our own in its docs, and with a repository."""
    folder = tmp_path_factory.mktemp("docs")
    source = folder / "source"
    copy_sources(root, source)
    (source / "docs/sub").mkdir()
    (source / "docs/a-page.md").write_text(MARKDOWN, encoding="utf-8")
    (source / "docs/sub/other.md").write_text("# Other\n\n## Here\n", encoding="utf-8")
    (source / "tools").mkdir()
    settings = source / "_config.yml"
    text = settings.read_text("utf-8").replace('repository: ""', "repository: ann/photos")
    settings.write_text(text, encoding="utf-8")
    build_site(root, source, folder / "site")
    return Site(folder / "site", "")


@pytest.mark.parametrize(
    "part",
    [
        "It has |bars| and ",
        ">a | b</code>",
        '<a href="https://github.com/ann/photos/blob/HEAD/README.md#tests">elsewhere</a>',
        '<a href="https://github.com/ann/photos/tree/HEAD/tools">a folder</a>',
        '<a href="https://example.org/a.md">on the web</a>',
        '<a href="#below">below</a>',
        '<a href="../sub/other/#here">there</a>',
        '<img loading="lazy" src="../images/viewer.webp" alt="A picture"',
        "<li><strong>One</strong>: |a| in a list.</li>",
        '<div class="wide" role="group" aria-label="Table" tabindex="0"><table>',
        '<td class="right">1</td>',
        "<td>{{ site.title }}</td>",
        "<td>{% include head.html %}</td>",
        "<td>no header</td>",
        '<h2 id="below">Below</h2>',
    ],
)
def test_markdown_reads_as_on_github(written: Site, part: str) -> None:
    assert part in html(written, "/docs/a-page/")


def test_a_guide_without_a_place_in_the_settings_comes_last(written: Site) -> None:
    titles = re.findall(r"<dt><a [^>]*>(.*?)</a></dt>", html(written, "/docs/"))
    assert titles[-2:] == ["A page, with code", "Other"]
    assert html(written, "/docs/a-page/").count("<thead>") == 1
    assert '<meta name="description" content="It has |bars| and a | b.">' in html(
        written, "/docs/a-page/"
    )


def test_without_a_repository_links_out_of_the_docs_are_text(site: Site) -> None:
    for path in DOCUMENTS:
        assert "https://github.com//" not in html(site, address(path))
        assert 'href="../../README' not in html(site, address(path))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/docs/", "/docs/speed/"])
def test_axe_finds_nothing_in_the_documentation(
    open_page: OpenPage, root: Path, path: str, scheme: Literal["light", "dark"]
) -> None:
    page = open_page(path, color_scheme=scheme, viewport={"width": 390, "height": 900})
    assert violations(page, root) == []


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_no_document_scrolls_sideways(page: Page, site: Site, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in ["/docs/", *map(address, DOCUMENTS)]:
        page.goto(site.url(path))
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
