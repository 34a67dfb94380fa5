"""A page of which nothing is known but itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import etree

from archive.article import Article
from crawler import boilerplate
from crawler.cms import Unreadable
from crawler.outcomes import Outcome
from crawler.page import Page
from crawler.template import fallback
from crawler.template.hints import NOTHING, Known
from tests.site_of_pages import FETCHED, HOST, NAME, Part, Site, date_line, links, nothing, story, text

PHRASES = Known.of({}, {}, boilerplate.load().for_portal("generic", "portal"))
NUMBERS = (0, 4, 7, 23)


def alone(page: Page, known: Known = NOTHING) -> Article:
    return fallback.read(page, "portal", "bai", "generic fallback", known)


@pytest.mark.parametrize("number", NUMBERS)
def test_title_text_author_and_date_are_read_of_a_lone_page(number: int) -> None:
    told, article = story(number), alone(Site().page(number))
    assert (article.title, article.author, article.published) == (told.title, told.author, told.published.isoformat())
    assert article.published_text == date_line(told)
    assert article.body.endswith(told.body)
    assert (article.portal, article.key, article.url) == ("portal", "bai", told.url)
    assert article.reader == "generic fallback"


@pytest.mark.parametrize("number", NUMBERS)
def test_title_and_date_are_read_without_a_class_to_go_by(number: int) -> None:
    told, article = story(number), alone(Site(bare=True).page(number))
    assert (article.title, article.published) == (told.title, told.published.isoformat())
    assert all(paragraph in article.body for paragraph in told.paragraphs)


def test_furniture_is_not_in_the_text() -> None:
    body = alone(Site().page(4)).body
    assert not any(words in body for words in (NAME, "Trang chủ", "Trụ sở", "Đang truy cập", "Tin mới", "Tác giả"))


def test_the_title_is_no_paragraph_of_the_text() -> None:
    page = Site(within=lambda told: f"<p>{told.title}</p>{text(told)}").page(4)
    assert story(4).title not in alone(page).body.split("\n\n")


def without_heading(page: Page) -> Page:
    return replace(page, text=page.text.replace(f'<h1 class="title">{story(4).title}</h1>', ""))


@pytest.mark.parametrize("separator", [" - ", " | ", " – ", " » "])
def test_a_page_without_a_heading_has_the_title_of_its_head(separator: str) -> None:
    page = without_heading(Site().page(4))
    source = page.text.replace(f"<b>{NAME}</b>", "").replace(f" - {NAME}<", f"{separator}{NAME}<")
    assert alone(replace(page, text=source)).title == story(4).title


def test_the_portals_name_is_not_the_title() -> None:
    assert alone(without_heading(Site().page(4))).title == story(4).title


def test_a_title_that_is_a_link_to_its_own_page_is_the_title() -> None:
    told, page = story(4), Site().page(4)
    source = page.text.replace(f">{told.title}<", f'><a href="{told.url}">{told.title}</a><')
    assert alone(replace(page, text=source)).title == told.title


def test_known_words_end_the_text_and_known_furniture_leaves_it() -> None:
    def within(_: object) -> str:
        others = "".join(f"<p>{one}</p>" for one in story(50).paragraphs[:2])
        return f"{text(story(4))}<p>Lượt xem: 17</p><p>Tin liên quan</p>{others}"

    page = Site(within=within).page(4)
    assert alone(page, PHRASES).body.endswith(story(4).body)


# ---- the date

CLOCKED = Site(top=lambda _: f"<div>{FETCHED:%d/%m/%Y %H:%M}</div>")


@pytest.mark.parametrize("number", NUMBERS)
def test_the_clock_of_the_header_is_not_the_date(number: int) -> None:
    assert alone(CLOCKED.page(number)).published == story(number).published.isoformat()


MENU = "".join(f'<p><a href="/muc-{number}">Mục {number}</a></p>' for number in range(4))


@pytest.mark.parametrize("menu", [MENU, ""], ids=["far above", "just above"])
def test_a_page_without_a_date_does_not_have_the_clocks(menu: str) -> None:
    site = replace(CLOCKED, date=nothing, top=lambda told: CLOCKED.top(told) + menu)
    assert alone(site.page(4)).published == ""


@pytest.mark.parametrize("bare", [False, True], ids=["classes", "bare"])
def test_the_date_of_a_related_article_is_not_the_date(bare: bool) -> None:
    def dated(told: object) -> str:
        return f'<ul><li><a href="/khac.html">{story(90).title}</a> {date_line(story(90))}</li></ul>'

    assert alone(Site(bare=bare, date=nothing, behind=dated).page(4)).published == ""


def test_a_date_after_the_fetch_is_refused() -> None:
    page = Site().page(4)
    assert alone(replace(page, fetched=story(4).published - timedelta(days=1))).published == ""


HEADS: dict[str, Part] = {
    "meta": lambda told: f'<meta property="article:published_time" content="{told.published.isoformat()}">',
    "linked data": lambda told: (
        '<script type="application/ld+json">{"@type": "NewsArticle", "dateModified": "2024-01-01T00:00:00+07:00", '
        f'"datePublished": "{told.published.isoformat()}"}}</script>'
    ),
    "linked data nested without end, and meta": lambda told: (
        f'<script type="application/ld+json">{"[" * 30_000}</script>' + HEADS["meta"](told)
    ),
    "linked data cut short, and meta": lambda told: (
        '<script type="application/ld+json">{"datePublished": "2024-</script>' + HEADS["meta"](told)
    ),
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_a_page_without_a_date_line_has_the_date_of_its_head(head: Part) -> None:
    page = Site(date=nothing, head=head).page(4)
    assert alone(page).published == story(4).published.isoformat()


def test_the_head_says_when_it_was_modified_and_that_is_not_the_date() -> None:
    head = '<meta property="article:modified_time" content="2024-01-01T00:00:00+07:00">'
    assert alone(Site(date=nothing, head=lambda _: head).page(4)).published == ""


def test_an_article_that_its_layout_gave_no_date_gets_the_one_beside_its_title() -> None:
    page, told = Site().page(4), story(4)
    bare = replace(alone(page), published="", published_text="")
    assert fallback.with_date(bare, page).published == told.published.isoformat()
    dated = replace(bare, published="2020-02-03T04:05:00+07:00")
    assert fallback.with_date(dated, page) is dated


# ---- what is no article

NO_TEXT = {
    "empty": "",
    "blank": " \n\t ",
    "no body": "<html></html>",
    "a doctype": "<!DOCTYPE html>",
    "a title alone": f"<title>{NAME}</title>",
    "a script alone": "<script>location = '/';</script>",
    "a long script": f"<script>var lời = '{'việc làng ' * 400}';</script>",
    "a note that scripts are off": "<body><noscript>Hãy bật JavaScript</noscript><script>mo();</script></body>",
    "a comment": "<html><body><!-- chưa có gì --></body></html>",
    "frames": "<html><frameset cols='20%,80%'><frame src='a'><frame src='b'></frameset></html>",
    "a form": "<body><form><input type=password><button>Gửi</button></form></body>",
    "bytes of another kind": "%PDF-1.4 \x00\x01\x02 \ufffd obj",
    "control characters": "<p>\x0b\x0c\x00</p>",
    "half a surrogate": "<html><body>\ud800</body></html>",
    "data": '{"error": 404}',
    "a feed": "<?xml version='1.0' encoding='utf-16'?><rss><channel><item><title>Tin</title></item></channel></rss>",
    "the server's own code": "<?php require 'index.php'; ?>",
    "tags never closed": "<html><body><p><table><tr",
    "tags in tags": "<div>" * 3000,
    "entities": "&nbsp;&#0;&#xD800;&khong;",
}


@pytest.mark.parametrize("source", NO_TEXT.values(), ids=NO_TEXT)
def test_a_page_without_text_says_so_and_nothing_else_goes_wrong(source: str) -> None:
    with pytest.raises(Unreadable) as refused:
        alone(Page(f"{HOST}/la", source, FETCHED), PHRASES)
    assert refused.value.outcome is Outcome.NOT_ARTICLE and refused.value.why


def test_a_page_of_links_alone_is_no_article() -> None:
    with pytest.raises(Unreadable):
        alone(Page(f"{HOST}/lien-ket", f"<body><ul>{links(story(4), 3)}</ul></body>", FETCHED))


def test_reading_leaves_the_page_as_it_was() -> None:
    page = CLOCKED.page(4)
    before = etree.tostring(page.root)
    alone(page, PHRASES)
    assert etree.tostring(page.root) == before
