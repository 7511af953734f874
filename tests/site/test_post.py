"""The post "U2Net": its categories as given, and its references by their own titles."""

from __future__ import annotations

import re

import pytest
from jekyll_site import Site
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.site

CATEGORIES = ["Pytorch", "Pre-trained Model", "Image Segmentation", "Supervised Learning"]


def test_categories_are_shown_and_fed_as_given(page: Page, site: Site) -> None:
    page.goto(site.url("/posts/u2net/"))
    assert page.locator(".categories li").all_inner_texts() == CATEGORIES
    feed = (site.folder / "feed.xml").read_text(encoding="utf-8")
    entry = next(part for part in feed.split("<entry>") if "/posts/u2net/" in part)
    assert re.findall(r'<category term="([^"]*)"', entry) == CATEGORIES


@pytest.mark.parametrize(
    ("address", "title", "language"),
    [
        (
            "https://blog.csdn.net/studyeboy/article/details/102383922",
            "顯著性檢測數據集—學習筆記",
            "zh-Hant",
        ),
        (
            "https://www.ctolib.com/topics-139156.html",
            "那些一鍵摳圖的軟件是怎麼做到的？這些語義分割方法了解一下",
            "zh-Hant",
        ),
        (
            "https://ithelp.ithome.com.tw/articles/10206869",
            "[魔法陣系列] AutoEncoder 之術式解析",
            "zh-Hant",
        ),
        (
            "https://medium.com/ai-academy-taiwan/what-are-autoencoders-175b474d74d1",
            "What are Autoencoders?",
            "en",
        ),
    ],
)
def test_references_carry_their_titles_in_their_language(
    page: Page, site: Site, address: str, title: str, language: str
) -> None:
    page.goto(site.url("/posts/u2net/"))
    link = page.locator(f'article a[href="{address}"]')
    expect(link).to_have_text(title)
    assert link.evaluate("link => link.closest('[lang]').lang") == language
