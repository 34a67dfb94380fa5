"""One article under two addresses is one article; two articles of one title are two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.article import Article
from archive.store import Archive
from crawler.twins import find_twin, identity

HOST = "https://portal.example"
TEXT = "\n\n".join(f"Đoạn thứ {number} kể chuyện bà con góp công đắp đường." for number in range(1, 7))
FIRST = Article(
    portal="portal",
    key="/tin-tuc/dap-duong-877.html",
    url=f"{HOST}/tin-tuc/dap-duong-877.html",
    title="Bà con góp công đắp đường",
    lead="Sau ba buổi họp xóm, đường đã xong.",
    body=TEXT,
    published="2024-05-12T08:15:00+07:00",
)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path) as opened:
        opened.register_portals([{"key": "portal", "name": "Portal", "url": f"{HOST}/", "cms": "generic"}])
        with opened.transaction():
            opened.save(FIRST)
        yield opened


def at(path: str, **fields: str) -> Article:
    return replace(FIRST, key=path, url=HOST + path, **fields)


def is_twin(archive: Archive, article: Article) -> bool:
    twin = find_twin(archive.connection, article)
    assert twin is None or twin.id == FIRST.id
    return twin is not None


def test_the_same_words_under_another_section_are_the_same_article(archive: Archive) -> None:
    assert is_twin(archive, at("/doi-song/dap-duong-877.html"))


def test_the_print_version_with_the_lead_in_its_text_is_the_same_article(archive: Archive) -> None:
    assert is_twin(archive, at("/in/877", lead="", body=f"{FIRST.lead}\n\n{TEXT}\n\nLan Thảo"))


def test_an_article_is_not_its_own_twin(archive: Archive) -> None:
    assert not is_twin(archive, FIRST)


@pytest.mark.parametrize(
    "other",
    [
        at("/doi-song/dap-duong-877.html", title="Bà con góp công đắp đê"),
        at("/doi-song/dap-duong-877.html", published="2024-05-13T08:15:00+07:00"),
        at("/doi-song/dap-duong-877.html", lead="", body="Một chuyện khác hẳn, cùng ngày, cùng đề."),
        at("/tin-tuc/thong-bao-914.html"),
    ],
    ids=["title", "date", "words", "address"],
)
def test_what_differs_in_one_of_these_is_another_article(archive: Archive, other: Article) -> None:
    assert not is_twin(archive, other)


def test_an_address_has_its_last_part_and_its_numbers_for_its_own() -> None:
    assert identity(f"{HOST}/tin-tuc/dap-duong-877.html") == {"dap-duong-877", "877"}
    assert identity(f"{HOST}/chi-tiet.aspx?newsid=877&muc=12") == {"chi-tiet", "877"}
