"""The index can be filled for any set of articles, and rid of them, and is then as if they had never been in it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from invented import invented, keep, many, the_articles

from archive import filtering, indexing, verify
from archive.publish import publish
from archive.search import folded_words, tokens_of_filters


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("data")
    keep(folder, [*the_articles(), *many(30)])
    return publish(folder).path


@pytest.fixture
def copy(published: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the copy, which may be changed."""
    shutil.copy(published, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db", isolation_level=None)) as db:
        yield db


def seq_of(copy: sqlite3.Connection, key: str) -> int:
    (seq,) = copy.execute("select seq from articles where key = ?", [f"vi/news/{key}"]).fetchone()
    return int(seq)


def found(copy: sqlite3.Connection, match: str, table: str = "articles_fts") -> int:
    (n,) = copy.execute(f"select count(*) from {table} where {table} match ?", [match]).fetchone()
    return int(n)


def dump(copy: sqlite3.Connection) -> list[list[tuple[object, ...]]]:
    """What the index says, word by word and article by article."""
    tables = []
    for table in ("articles_fts", "titles_fts"):
        copy.execute(f"create virtual table temp.v using fts5vocab(main, {table}, instance)")
        tables.append(copy.execute("select term, doc, col, offset from temp.v").fetchall())
        copy.execute("drop table temp.v")
    tables.append(copy.execute("select * from article_filters").fetchall())
    return tables


def test_taken_out_and_put_in_again_nothing_is_otherwise(copy: sqlite3.Connection) -> None:
    before = dump(copy)
    seqs = [seq for (seq,) in copy.execute("select seq from articles where seq % 2 = 0")]
    indexing.remove_rows(copy, seqs)
    assert dump(copy) != before
    indexing.index_rows(copy, seqs)
    assert dump(copy) == before
    copy.execute("insert into articles_fts(articles_fts) values ('integrity-check')")


def test_an_article_that_was_taken_out_leaves_no_word_behind(copy: sqlite3.Connection) -> None:
    seq = seq_of(copy, "kheo")
    kheo = f'"{folded_words("dan van kheo")}"'
    assert found(copy, f"{{title_f}} : ({kheo})") == 1
    indexing.remove_rows(copy, [seq])
    copy.execute("delete from articles where seq = ?", [seq])
    assert found(copy, f"{{title_f}} : ({kheo})") == 0
    assert found(copy, kheo, "titles_fts") == 0
    assert not copy.execute("select 1 from article_filters where seq = ?", [seq]).fetchone()


def test_a_changed_article_is_found_by_its_new_words_and_filters_alone(copy: sqlite3.Connection) -> None:
    seq = seq_of(copy, "kheo")
    indexing.remove_rows(copy, [seq])
    copy.execute("update articles set title = 'Đò mới', revision_count = 2, gone = last_seen where seq = ?", [seq])
    indexing.index_rows(copy, [seq])
    filtering.count(copy)
    assert found(copy, '{title} : ("đò mới")') == 1 and found(copy, '{title} : ("dân vận khéo")') == 0
    assert found(copy, f'"{folded_words("do moi")}"', "titles_fts") == 1
    for name in ("edited", "withdrawn"):
        token, n = copy.execute("select token, n from filter_values where filter = ?", [name]).fetchone()
        assert n == 1 and found(copy, f'"{tokens_of_filters(token)}"') == 1


def test_tokens_keep_their_meaning_when_values_are_added(copy: sqlite3.Connection) -> None:
    known = set(copy.execute("select token, filter, value from filter_values"))
    seq = seq_of(copy, "apart")
    indexing.remove_rows(copy, [seq])
    copy.execute(
        "update article_sections set section = 'Chợ' where article = (select id from articles where seq = ?)", [seq]
    )
    copy.execute("update articles set section = 'Chợ' where seq = ?", [seq])
    indexing.index_rows(copy, [seq])
    added = set(copy.execute("select token, filter, value from filter_values")) - known
    assert [(name, value) for _, name, value in added] == [("section", "Chợ")]
    assert not {token for token, _, _ in added} & {token for token, _, _ in known}
    filtering.count(copy)
    assert set(copy.execute("select token, filter, value from filter_values")) == known | added


def test_every_article_is_counted_under_its_values(copy: sqlite3.Connection) -> None:
    for name, column in (("portal", "portal"), ("year", "year")):
        counted = dict(copy.execute("select value, n from filter_values where filter = ?", [name]))
        held = copy.execute(f"select {column}, count(*) from articles where {column} is not null group by 1")
        assert counted == {str(value): n for value, n in held}
    (section,) = copy.execute(
        "select n from filter_values where filter = 'section' and value = 'Chuyện làng'"
    ).fetchone()
    assert section == copy.execute("select count(*) from article_sections where section = 'Chuyện làng'").fetchone()[0]


def test_an_index_without_the_titles_is_noticed(copy: sqlite3.Connection, tmp_path: Path) -> None:
    assert verify.problems(tmp_path / "copy.db") == []
    copy.execute("insert into titles_fts(titles_fts) values ('delete-all')")
    assert any("titles_fts" in said for said in verify.problems(tmp_path / "copy.db"))


def test_words_of_a_night_are_added_to_the_vocabulary(copy: sqlite3.Connection) -> None:
    assert not copy.execute("select 1 from vocabulary where word = 'xuýt'").fetchone()
    seq = seq_of(copy, "kheo")
    copy.execute("update articles set title = 'Xuýt xoa' where seq = ?", [seq])
    indexing.change_words(copy, [seq], by=1)
    assert {"xuýt", "xuyt"} <= {word for (word,) in copy.execute("select word from vocabulary")}


def test_an_undated_article_has_no_year_and_says_so(tmp_path: Path) -> None:
    keep(tmp_path, [invented("undated", "Bài không ngày", "Chữ.", day="")])
    with closing(sqlite3.connect(publish(tmp_path).path)) as db:
        (tokens,) = db.execute("select tokens from article_filters").fetchone()
    assert any(token.startswith("u") for token in tokens.split())
    assert not any(token[0] in "ym" for token in tokens.split())
