"""All that a published copy says, in a form in which two copies can be held against each other.

Numbers that a copy gives out itself (seq, the tokens of filters) are replaced by what they stand for; of the index
every single word is listed with its article, column and place.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from archive.search import tokens_of_filters

INDEXES = ("articles_fts", "titles_fts")
NOT_COMPARED = ("origin", "common_of")  # which are about how it was made
BY_SEQ = {"reprints_by_seq": ("seq", "original"), "article_filters": ("seq",), "articles": ("seq",)}


def said(copy: Path) -> dict[str, Any]:
    """Every table as sorted rows, every index as its words; `built` left out."""
    with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as db:
        names = [row[0] for row in db.execute("select name from main.sqlite_master where type = 'table'")]
        ids = dict(db.execute("select seq, id from articles"))
        tokens = {token: f"{name}={value}" for token, name, value in _values(db)}
        tokens |= {tokens_of_filters(token): said for token, said in tokens.items()}
        found: dict[str, Any] = {name: _rows(db, name, ids, tokens) for name in names if _is_compared(name)}
        for name in (name for name in INDEXES if name in names):
            found[name] = _words(db, name, ids, tokens)
        found["days"] = _days(db)
        return found


def _is_compared(name: str) -> bool:
    return "_fts" not in name and name not in NOT_COMPARED


def _values(db: sqlite3.Connection) -> list[tuple[str, str, str]]:
    return db.execute("select token, filter, value from filter_values").fetchall()


def _rows(db: sqlite3.Connection, name: str, ids: dict[int, int], tokens: dict[str, str]) -> Counter[tuple[Any, ...]]:
    cursor = db.execute(f"select * from [{name}]")
    columns = [column[0] for column in cursor.description]
    rows: Counter[tuple[Any, ...]] = Counter()
    for row in cursor:
        values = dict(zip(columns, row, strict=True))
        values.pop("built", None)
        for column in BY_SEQ.get(name, ()):
            values[column] = ids[values[column]]
        if name == "filter_values":
            values["token"] = tokens[values["token"]]
        if name == "article_filters":
            values["tokens"] = " ".join(sorted(tokens.get(token, token) for token in values["tokens"].split()))
        rows[tuple(values.items())] += 1
    return rows


def _words(db: sqlite3.Connection, name: str, ids: dict[int, int], tokens: dict[str, str]) -> Counter[tuple[Any, ...]]:
    db.execute(f"create virtual table temp.words_of_{name} using fts5vocab(main, {name}, instance)")
    found: Counter[tuple[Any, ...]] = Counter()
    for term, seq, column, at in db.execute(f"select term, doc, col, offset from temp.words_of_{name}"):
        if column == "filters":
            found[tokens.get(term, term), ids.get(seq), column] += 1
        else:
            found[term, ids.get(seq), column, at] += 1
    return found


def _days(db: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """The articles in the order of the copy, told to the day; within one they may stand in any order."""
    sql = "select coalesce(substr(published, 1, 10), substr(first_seen, 1, 10)), id from articles order by seq"
    rows = db.execute(sql).fetchall()
    assert [day for day, _ in rows] == sorted(day for day, _ in rows)
    return sorted(rows)
