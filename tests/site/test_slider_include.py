"""What slider.html, slider_styles.html and slider_scripts.html write, before any script runs."""

from __future__ import annotations

import pytest
from jekyll_site import OpenPage, Site
from playwright.sync_api import Page, expect
from slider_pages import INJECTION

pytestmark = pytest.mark.site


@pytest.fixture
def plain(open_page: OpenPage) -> Page:
    """Return a page of a browser without JavaScript."""
    return open_page(java_script_enabled=False)


def html(site: Site, name: str) -> str:
    return (site.folder / "slider" / name / "index.html").read_text(encoding="utf-8")


def test_where_the_script_does_nothing_the_row_can_be_scrolled(page: Page, site: Site) -> None:
    page.route(
        "**/slider/main.js", lambda route: route.fulfill(body="", content_type="text/javascript")
    )
    page.goto(site.url("/slider/original/"))
    expect(page.locator("#original .slider-slides")).to_have_css(
        "overflow-x", "auto", timeout=15_000
    )


def test_a_hand_written_file_shows_all_its_slides_without_scripts(plain: Page, site: Site) -> None:
    plain.goto(site.url("/slider/original/"))
    slides = plain.locator("#original .slider-slide")
    expect(slides).to_have_count(4)
    for slide in slides.all():
        slide.scroll_into_view_if_needed()
        expect(slide.get_by_role("img").or_(slide.locator("img[alt='']"))).to_be_visible()
    expect(plain.get_by_text("A red picture")).to_be_visible()
    expect(plain.get_by_role("link", name="Green & absolute")).to_have_attribute(
        "href", "https://example.org/?a=1&b=2"
    )
    expect(plain.get_by_role("link", name="On demand")).to_have_attribute(
        "href", "/U-2-Net/slider/single/"
    )
    plain.wait_for_function(
        "[...document.querySelectorAll('.slider img')].every((image) => image.naturalWidth > 0)"
    )


def test_pictures_have_addresses_and_no_empty_attributes(site: Site) -> None:
    text = html(site, "original")
    assert 'src=""' not in text
    assert "Forgotten" not in text
    assert "data-src" not in text
    assert 'src="/U-2-Net/slider-pictures/3.png"' in text
    assert 'srcset="/U-2-Net/slider-pictures/4.png 2x"' in text
    assert f'src="{site.url("/slider-pictures/2.png")}"' in text


def test_titles_and_texts_are_escaped(plain: Page, site: Site) -> None:
    assert "<img src=x" not in html(site, "awkward")
    plain.goto(site.url("/slider/awkward/"))
    expect(plain.get_by_role("img", name=INJECTION)).to_have_count(6)
    expect(plain.get_by_text(INJECTION)).to_have_count(12)


def test_settings_that_are_false_reach_the_page(site: Site) -> None:
    assert "keyboardNav&quot;:false" in html(site, "settings")


def test_an_unknown_selector_leaves_a_comment_and_nothing_else(page: Page, site: Site) -> None:
    assert "has no images for the slider" in html(site, "unknown")
    page.goto(site.url("/slider/unknown/"))
    expect(page).not_to_have_title("run")
    expect(page.locator(".slider, [id='']")).to_have_count(0)


def test_the_same_slider_twice_has_two_ids_and_both_work(page: Page, site: Site) -> None:
    page.goto(site.url("/slider/twice/"))
    for name in ("again", "again-2"):
        slider = page.locator(f"#{name}")
        slider.get_by_role("button", name="Next slide").click()
        expect(slider.locator(".slider-counter")).to_have_text("2 / 4")


def test_a_selector_becomes_an_id_without_spaces(site: Site) -> None:
    assert 'id="my-awkward-slider"' in html(site, "awkward")


def test_load_all_starts_each_slider_once(page: Page, site: Site) -> None:
    page.goto(site.url("/slider/all/"))
    for name in ("again", "left"):
        expect(page.locator(f"#{name} .slider-controls")).to_have_count(1)
        expect(page.locator(f"#{name} .iis-slide")).to_have_count(4)


def test_a_page_without_sliders_loads_nothing_of_them(site: Site) -> None:
    assert "slider" in html(site, "original").split("</head>")[0]
    head_and_scripts = html(site, "none").replace("/slider/none/", "")
    assert "slider.css" not in head_and_scripts
    assert "<script" not in head_and_scripts
