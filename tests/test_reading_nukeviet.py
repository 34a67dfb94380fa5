"""What is read from a NukeViet page of any edition: every field, and what is no article by its name."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from archive.article import Article
from crawler.cms import Unreadable, nukeviet
from crawler.outcomes import Outcome
from crawler.page import Page
from tests.family_pages import refuse_unread

FIXTURES = Path(__file__).parent / "fixtures" / "nukeviet"
CASES = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())
FIELDS = [
    "key", "title", "published", "published_text", "lead", "paragraphs", "author", "source", "sections", "tags",
    "views", "comments", "image", "images", "files", "embeds",
]  # fmt: skip
EDITIONS = ("egov", "default45", "v40", "v3", "custom", "mobile")
GONE = (404, 410)


@cache
def meta(case: str) -> dict[str, Any]:
    return json.loads((FIXTURES / case / "meta.json").read_text(encoding="utf-8"))


@cache
def expected(case: str) -> dict[str, Any]:
    return json.loads((FIXTURES / case / "expected.json").read_text(encoding="utf-8"))


@cache
def page(case: str) -> Page:
    text = gzip.decompress((FIXTURES / case / "page.html.gz").read_bytes()).decode("utf-8-sig")
    return Page(meta(case)["url"], text, datetime.fromisoformat(meta(case)["fetched"]), meta(case)["status"])


@cache
def article(case: str) -> Article:
    return nukeviet.read(page(case), "portal")


def outcome(case: str) -> str:
    """What a page comes to: its status first, then what it says of itself, then what the reader finds."""
    if meta(case)["status"] in GONE:
        return Outcome.NOT_FOUND
    if (kind := nukeviet.kind(page(case))) is not None:
        return kind
    try:
        nukeviet.read(page(case), "portal")
    except Unreadable as verdict:
        return verdict.outcome
    return "article"


def as_expected(field: str, found: Article) -> Any:
    """A field of an Article in the shape of expected.json."""
    if field == "paragraphs":
        return found.body.split("\n\n") if found.body else []
    if field == "images":
        return [{"url": image.url, "caption": image.caption} for image in found.images]
    if field == "files":
        return [{"url": file.url, "name": file.name} for file in found.files]
    value = getattr(found, field)
    return list(value) if isinstance(value, tuple) else value


def tree(found: Article) -> html.HtmlElement:
    return html.fragment_fromstring(found.body_html, create_parent="div")


def letters(text: str) -> str:
    """The words without the blanks between them: where a line ends, HTML has none and the body has one."""
    return "".join(re.findall(r"\w+", text))


def texts(found: Article) -> Iterator[str]:
    yield from (found.key, found.title, found.lead, found.body, found.body_html, found.published_text)
    yield from (found.author, found.source, *found.sections, *found.tags)
    yield from (image.caption for image in found.images)
    yield from (file.name for file in found.files)


ARTICLES = [case for case in CASES if expected(case)["outcome"] == "article"]
OTHERS = [case for case in CASES if case not in ARTICLES]


def test_there_are_pages_to_read() -> None:
    assert len(ARTICLES) >= 20 and len(OTHERS) >= 8


@pytest.mark.parametrize("case", CASES)
def test_a_person_has_read_what_is_expected(case: str) -> None:
    refuse_unread(FIXTURES / case)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_edition_is_represented(edition: str) -> None:
    assert any(edition in case.split("-") for case in ARTICLES)


@pytest.mark.parametrize("case", ARTICLES)
def test_an_expectation_states_every_field(case: str) -> None:
    assert set(expected(case)) == {"outcome", *FIELDS}


@pytest.mark.parametrize("case", CASES)
def test_a_page_comes_to_what_it_is(case: str) -> None:
    assert outcome(case) == expected(case)["outcome"]


@pytest.mark.parametrize("case", OTHERS)
def test_what_is_no_article_expects_nothing_else(case: str) -> None:
    assert set(expected(case)) == {"outcome"}


@pytest.mark.parametrize("field", [field for field in FIELDS if field != "embeds"])
@pytest.mark.parametrize("case", ARTICLES)
def test_a_field_is_read_as_the_page_has_it(case: str, field: str) -> None:
    assert as_expected(field, article(case)) == expected(case)[field]


@pytest.mark.parametrize("case", ARTICLES)
def test_videos_and_documents_embedded_are_links_in_the_body(case: str) -> None:
    links = [link.get("href") for link in tree(article(case)).iter("a")]
    shown = [link for link in links if link in expected(case)["embeds"]]
    assert shown == expected(case)["embeds"]


@pytest.mark.parametrize("case", ARTICLES)
def test_every_text_is_composed_unicode_without_strange_blanks(case: str) -> None:
    for text in texts(article(case)):
        assert unicodedata.is_normalized("NFC", text)
        assert "\xa0" not in text and "  " not in text and text == text.strip()


@pytest.mark.parametrize("case", ARTICLES)
def test_the_body_as_html_holds_nothing_that_could_run(case: str) -> None:
    for node in tree(article(case)).iter():
        assert node.tag not in ("script", "style", "iframe", "object", "embed", "form", "input")
        for name, value in node.attrib.items():
            assert not name.lower().startswith("on") and name != "style"
            assert not re.match(r"\s*(?:javascript|vbscript|data):", value, re.I)


@pytest.mark.parametrize("case", ARTICLES)
def test_the_body_as_html_says_what_the_body_says(case: str) -> None:
    body = tree(article(case))
    for link in list(body.iter("a")):
        if link.get("href") in expected(case)["embeds"] and link.text == link.get("href"):
            link.text = " "
    assert letters("".join(body.itertext())) == letters(article(case).body)


@pytest.mark.parametrize("case", ARTICLES)
def test_reading_leaves_the_page_as_it_was(case: str) -> None:
    assert nukeviet.read(page(case), "portal") == article(case)


@pytest.mark.parametrize("case", ARTICLES)
def test_a_page_from_tomorrow_is_never_an_article_of_today(case: str) -> None:
    """An article dated later than its own fetch is future-dated, whatever else it is."""
    early = datetime.fromisoformat("2001-01-01T00:00:00+07:00")
    with pytest.raises(Unreadable) as refused:
        nukeviet.read(Page(page(case).url, page(case).text, early), "portal")
    assert refused.value.outcome is Outcome.FUTURE_DATED
