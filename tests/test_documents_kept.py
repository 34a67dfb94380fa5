"""Documents and their citations in the archive: one row a document, undated citations with the document they mean."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.article import Article
from archive.documents import Documents, document_id
from archive.store import Archive
from tests.invented import PORTALS, invented

OLD, NEW = "Nghị quyết 10-NQ/TW ngày 18/1/2002", "Nghị quyết số 10-NQ/TW ngày 3/6/2017 của Bộ Chính trị"
BARE = "Nghị quyết 10 – NQ/TW"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path) as opened:
        opened.register_portals(PORTALS)
        yield opened


def keep(archive: Archive, name: str, text: str, day: str = "2020-05-04", province: str = "Sông Lam") -> Article:
    """Save an article with this text and cite its documents, as one transaction."""
    article = invented(name, f"Bài {name}", f"Bà con đọc {text} bên bờ suối.", day=day)
    with archive.transaction() as db:
        archive.save(article)
        Documents(db).cite(article.id, province, article.title, article.lead, article.body, article.published)
    return article


def meant(archive: Archive, article: Article) -> list[tuple[str, str]]:
    """Code and date of the documents that an article cites."""
    rows = archive.connection.execute(
        "select d.code, d.date from citations c join documents d on d.id = c.document where c.article = ? "
        "order by d.code, d.date",
        [article.id],
    )
    return [tuple(row) for row in rows]


def everything(archive: Archive) -> list[list[tuple[Any, ...]]]:
    with archive.transaction() as db:
        Documents(db).settle()
        Documents(db).prune()
    return [
        [tuple(row) for row in archive.connection.execute(f"select * from {table} order by 1, 2")]
        for table in ("documents", "citations")
    ]


def settle(archive: Archive) -> int:
    with archive.transaction() as db:
        return Documents(db).settle()


def test_a_document_is_one_row_however_many_cite_it(archive: Archive) -> None:
    keep(archive, "a", NEW)
    keep(archive, "b", "Nghị quyết số 10 -NQ/TW, ngày 03/06/2017")
    (row,) = archive.connection.execute("select * from documents").fetchall()
    assert tuple(row) == (
        document_id("10-NQ/TW", "Trung ương", "2017-06-03"),
        "Nghị quyết", "10", "10-NQ/TW", "Bộ Chính trị", "2017-06-03",
    )  # fmt: skip
    quotes = archive.connection.execute("select quote from citations order by quote").fetchall()
    assert [quote[0] for quote in quotes] == [
        f"Bà con đọc {text} bên bờ suối" for text in ("Nghị quyết số 10 -NQ/TW, ngày 03/06/2017", NEW)
    ]


def test_an_id_is_the_same_on_every_machine() -> None:
    assert document_id("25-NQ/TW", "Ban Chấp hành Trung ương", "2013-06-03") == 4592849882587986
    assert 0 < document_id("25-NQ/TW", "", "") < 2**53
    assert document_id("5-CT/TU", "Tỉnh ủy Sông Lam", "") == document_id("05-CT/TU", "Tỉnh ủy Sông Lam", "")
    assert document_id("5-CT/TU", "Tỉnh ủy Sông Lam", "") != document_id("5-CT/TU", "Tỉnh ủy Núi Thơ", "")


def test_an_undated_citation_means_the_latest_document_before_the_article(archive: Archive) -> None:
    keep(archive, "old", OLD, "2003-01-01")
    keep(archive, "new", NEW, "2018-01-01")
    assert meant(archive, keep(archive, "a", BARE, "2010-01-01")) == [("10-NQ/TW", "2002-01-18")]
    assert meant(archive, keep(archive, "b", BARE, "2019-01-01")) == [("10-NQ/TW", "2017-06-03")]
    assert meant(archive, keep(archive, "c", BARE, "1999-01-01")) == [("10-NQ/TW", "")]


def test_a_document_dated_later_takes_to_itself_who_meant_it(archive: Archive) -> None:
    early, late = keep(archive, "early", BARE, "2016-01-01"), keep(archive, "late", BARE, "2019-01-01")
    assert meant(archive, late) == [("10-NQ/TW", "")]
    keep(archive, "new", NEW, "2020-01-01")
    assert meant(archive, early) == [("10-NQ/TW", "")]
    assert meant(archive, late) == [("10-NQ/TW", "2017-06-03")]
    assert settle(archive) == 0


def test_half_a_date_is_completed_and_a_code_with_its_year_is_one_document(archive: Archive) -> None:
    year = keep(archive, "year", "Chỉ thị 8-CT/TU năm 2011")
    keep(archive, "day", "Chỉ thị 08-CT/TU ngày 5/3/2011")
    assert meant(archive, year) == [("08-CT/TU", "2011-03-05")]
    undated = keep(archive, "undated", "Nghị định 15/2017/NĐ-CP")
    assert meant(archive, undated) == [("15/2017/NĐ-CP", "2017")]
    keep(archive, "dated", "Nghị định 15/2017/NĐ-CP ngày 9/2/2017")
    assert meant(archive, undated) == [("15/2017/NĐ-CP", "2017-02-09")]


def test_the_same_code_of_two_provinces_is_two_documents(archive: Archive) -> None:
    keep(archive, "a", "Chỉ thị 12-CT/TU ngày 5/3/2011", province="Sông Lam")
    other = keep(archive, "b", "Chỉ thị 12-CT/TU", province="Núi Thơ")
    assert meant(archive, other) == [("12-CT/TU", "")]
    assert archive.connection.execute("select count(*) from documents").fetchone()[0] == 2


def test_a_document_is_of_the_kind_that_most_say(archive: Archive) -> None:
    for name, text in enumerate(["Quyết định 63-QĐ/TW", "Quy định 63-QĐ/TW", "Quy định số 63-QĐ/TW của Ban Bí thư"]):
        keep(archive, str(name), f"{text} ngày 2/3/2021" if name else f"{text} (02/3/2021)")
    settle(archive)
    assert [tuple(row) for row in archive.connection.execute("select kind, issuer from documents")] == [
        ("Quy định", "Ban Bí thư")
    ]


def test_what_an_article_no_longer_says_is_no_longer_cited(archive: Archive) -> None:
    article = keep(archive, "a", f"{OLD} và Chỉ thị 12-CT/TU")
    changed = replace(article, body=f"Chỉ còn {OLD}.")
    with archive.transaction() as db:
        archive.save(changed)
        assert Documents(db).cite(changed.id, "Sông Lam", changed.title, "", changed.body, changed.published) == 1
        assert Documents(db).prune() == 1
        assert Documents(db).prune() == 0
    assert meant(archive, article) == [("10-NQ/TW", "2002-01-18")]


def test_what_is_cited_as_before_is_not_written_anew(archive: Archive) -> None:
    texts = (BARE, OLD, NEW, f"{OLD}, sau là {BARE} ngày 3/6/2017", "Chỉ thị 8-CT/TU", "Chỉ thị 08-CT/TU ngày 5/3/2011",
             "Nghị định 15/2017/NĐ-CP", "Nghị định 15/2017/NĐ-CP ngày 9/2/2017", "sách")  # fmt: skip
    articles = [keep(archive, str(number), text) for number, text in enumerate(texts)]
    settle(archive)
    before = archive.connection.total_changes
    with archive.transaction() as db:
        for one in articles:
            Documents(db).cite(one.id, "Sông Lam", one.title, one.lead, one.body, one.published)
    assert archive.connection.total_changes == before


def test_the_order_of_arrival_leaves_no_trace(tmp_path: Path) -> None:
    texts = [
        (BARE, "2001-01-01"), (OLD, "2003-01-01"), (BARE, "2010-01-01"), (NEW, "2018-01-01"), (BARE, "2021-01-01"),
        (f"{BARE} năm 2017", "2022-01-01"), (f"{OLD}, sau là {BARE} ngày 3/6/2017", "2023-01-01"),
        ("Chỉ thị 8-CT/TU", "2012-01-01"), ("Chỉ thị 08-CT/TU ngày 5/3/2011", "2012-02-01"),
        ("Quyết định 63-QĐ/TW", "2022-01-01"), ("Quy định 63-QĐ/TW (2/3/2021)", "2022-01-02"),
        ("Nghị định 15/2017/NĐ-CP", "2019-01-01"), ("Nghị định 15/2017/NĐ-CP ngày 9/2/2017", "2019-01-02"),
        ("Nghị định 15/2017/NĐ-CP ngày 2/9/2017", "2019-01-03"),
    ]  # fmt: skip
    kept = []
    for turn in range(4):
        order = list(enumerate(texts))
        random.Random(turn).shuffle(order)
        with Archive(tmp_path / str(turn)) as archive:
            archive.register_portals(PORTALS)
            for name, (text, day) in order:
                keep(archive, str(name), text, day)
            kept.append(everything(archive))
            assert settle(archive) == 0
    assert kept[0] == kept[1] == kept[2] == kept[3]
    assert len(kept[0][0]) == 6
