"""Makes an earlier copy into the next one: only what was changed in archive.db since is taken out and put in anew.

Which articles those are is told by the log of changes (schema.change_log); with them go the articles that cite a
document of which another kind, date or form is known now, and the reprints of what is changed. All rows of the changed
articles are replaced. Out of the index goes, and in again, only what it says something else of: a night notes of
thousands of articles that they are still there. Small tables, counts and files are brought up as a whole.

An article keeps its seq as long as it keeps its day; a new one gets the next that is free in its day. So the order
within a day is that of arrival, and nothing else differs from a copy that is built in full.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archive import build, grams, indexing, origin, placing, search
from archive.files import publishing as files

# What the index knows nothing of. Whatever is not named here counts as part of it.
NOT_INDEXED = frozenset(
    (
        *("last_seen", "views", "comments", "snapshot", "body_html", "image", "reader"),
        *("relevance", "relevance_why", "relevance_rules"),
    )
)
TABLES_NOT_INDEXED = frozenset(
    ("articles", "view_counts", "article_images", "article_tags", "urls", "revisions", "withdrawals")
)
PLACES = "article_provinces"  # follows from the texts (placing.py)
FILLED_OTHERWISE = frozenset(("articles", "documents", "provinces", PLACES))

CITING_OTHERWISE = """
    select article from main.citations where document in
        (select id from (select {columns} from main.documents except select {columns} from source.documents))
"""
REPRINTS_OF_TOUCHED = """
    select article from main.reprints where original in (select id from touched)
    union select article from source.reprints where original in (select id from touched)
"""

REPRINTS_OF_UNWANTED = """
    select article from main.reprints where original in (select id from touched where id not in (select id from wanted))
"""
MOST = 0.2  # of all articles: more to be put in or out is quicker built in full
LOOKED_AT = 300  # of the articles taken out, whether the index forgot their words


class NotToBeChanged(Exception):
    """The last copy cannot be made into the next one; the message says why. It is to be built in full."""


@dataclass(frozen=True, slots=True)
class Changed:
    """How many articles the copy holds, of how many portals, and the seqs that were put in."""

    articles: int
    portals: int
    put_in: tuple[int, ...]
    taken_out: int


@dataclass(frozen=True, slots=True)
class _Old:
    """What stood in the index of an article before: its words, in both forms."""

    seq: int
    words: frozenset[str]


def change(source: Path, target: Path, last: Path, built: str, token: str) -> Changed:
    """Make a file that is an earlier copy, or a copy of one, into the next; the seqs of the copy `last` stand.

    After NotToBeChanged or sqlite3.Error the file is to be thrown away.
    """
    with build.filling(source, target) as db:
        mark, why = origin.mark(db)
        if why:
            raise NotToBeChanged(why)
        _find_touched(db, mark)
        _see_to_no_flood(db)
        out = _seqs(db, "select seq from articles where id in (select id from stale)")
        old = _words_of(db, out[:: len(out) // LOOKED_AT + 1])
        indexing.change_words(db, out, by=-1)
        indexing.remove_rows(db, out)
        _replace_articles(db, last)
        _replace_rest(db)
        files.renew(db)
        put_in = _seqs(db, "select seq from articles where id in (select id from fresh)")
        indexing.index_rows(db, put_in)
        indexing.change_words(db, put_in, by=1)
        indexing.renew_addresses(db, "touched")
        _see_to_no_leftovers(db, old)
        articles, portals = build.finish(db, built, token)
    return Changed(articles, portals, tuple(put_in), len(out))


def _find_touched(db: sqlite3.Connection, mark: int) -> None:
    """Temporary tables of ids: `touched`; of those `wanted` in the next copy; `stale` in the index, `fresh` for it."""
    for name in ("touched", "wanted", "differing", "stale", "fresh"):
        db.execute(f"create temp table {name} (id integer primary key)")
    db.execute("insert into touched select article from source.changes where number > ?", [mark])
    columns = ", ".join(f"[{column}]" for column in build.columns_of(db, "documents"))
    for sql in (CITING_OTHERWISE.format(columns=columns), REPRINTS_OF_TOUCHED):
        db.execute(f"insert or ignore into touched {sql}")
    db.execute(f"insert into wanted {build.TO_PUBLISH} and a.id in (select id from touched)")
    db.execute(f"insert or ignore into differing {_differing_articles(db)}")
    for table in _tables_of_articles(db):
        if table not in TABLES_NOT_INDEXED and table != PLACES:
            db.execute(f"insert or ignore into differing {_differing_rows(db, table)}")
    for sql in (CITING_OTHERWISE.format(columns=columns), REPRINTS_OF_UNWANTED):
        db.execute(f"insert or ignore into differing {sql}")
    of_unindexed = "id not in (select id from wanted) or id in (select id from differing)"
    db.execute(f"insert into stale select id from articles where id in (select id from touched) and ({of_unindexed})")
    db.execute(
        "insert into fresh select id from wanted where id not in (select id from articles) "
        "or id in (select id from differing)"
    )


def _see_to_no_flood(db: sqlite3.Connection) -> None:
    """Raises NotToBeChanged."""
    stale, fresh, articles = (
        db.execute(f"select count(*) from {table}").fetchone()[0] for table in ("stale", "fresh", "articles")
    )
    if stale + fresh > MOST * articles + 2_000:
        raise NotToBeChanged("much of the archive has changed")
    if grams.outgrown(db, articles + fresh - stale):
        raise NotToBeChanged("the archive is twice as large as when its common words were chosen")


def _differing_articles(db: sqlite3.Connection) -> str:
    columns = [column for column in build.columns_of(db, "articles") if column not in NOT_INDEXED]
    differs = " or ".join(f"m.[{column}] is not s.[{column}]" for column in columns)
    return (
        "select s.id from touched t cross join main.articles m using (id) join source.articles s using (id) "
        f"where {differs}"
    )


def _differing_rows(db: sqlite3.Connection, table: str) -> str:
    """Of a table with rows of articles: whose are others than before."""
    columns = ", ".join(f"[{column}]" for column in build.columns_of(db, table))
    old, new = (f"select {columns} from {base}.[{table}] where article in touched" for base in ("main", "source"))
    return (
        f"select article from (select * from ({old}) except select * from ({new})) "
        f"union select article from (select * from ({new}) except select * from ({old}))"
    )


def _tables_of_articles(db: sqlite3.Connection) -> list[str]:
    """The tables of the schema whose rows name articles."""
    names = [name for kind, name, _ in build.schema_of(db) if kind == "table"]
    return [name for name in names if "article" in build.columns_of(db, name)]


def _replace_articles(db: sqlite3.Connection, last: Path) -> None:
    """The rows of `articles`: out with all that are touched, in with those that are wanted, each with its seq."""
    db.execute("delete from main.articles where id in (select id from touched)")
    rows = db.execute(
        "select s.id, s.published, s.first_seen from wanted w join source.articles s using (id)"
    ).fetchall()
    held = _seqs_of([id for id, *_ in rows], last)
    db.execute("create temp table chosen (id integer primary key, seq integer, year integer)")
    moved = []
    for id, published, first_seen in rows:
        day, shelf = build.day_of(published), build.shelf(published, first_seen)
        seq, its_shelf = held.get(id, (None, None))
        if its_shelf == shelf:
            db.execute("insert into chosen values (?, ?, ?)", [id, seq, day.year if day else None])
        else:
            moved.append((shelf, published or "", first_seen, id, day))
    build.copy_articles(db)
    for shelf, _, _, id, day in sorted(moved, key=lambda one: one[:4]):
        db.execute("delete from chosen")
        db.execute("insert into chosen values (?, ?, ?)", [id, _free_seq(db, shelf), day.year if day else None])
        build.copy_articles(db)


def _seqs_of(articles: list[int], last: Path) -> dict[int, tuple[int, int]]:
    """The seq of articles in the last copy, and the first one of the day that they have there."""
    with closing(sqlite3.connect(f"{last.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        sql = "select id, seq, published, first_seen from articles where id in (select value from json_each(?))"
        rows = db.execute(sql, [json.dumps(articles)]).fetchall()
    return {id: (seq, build.shelf(published, first_seen)) for id, seq, published, first_seen in rows}


def _free_seq(db: sqlite3.Connection, first: int) -> int:
    """The next number of a day whose first is given; of a full day, the first free one behind it."""
    (last,) = db.execute(
        "select max(seq) from articles where seq >= ? and seq < ?", [first, first + build.SEQ_PER_DAY]
    ).fetchone()
    seq = int(first if last is None else last + 1)
    while db.execute("select 1 from articles where seq = ?", [seq]).fetchone():
        seq += 1
    return seq


def _replace_rest(db: sqlite3.Connection) -> None:
    """What hangs on the touched articles; documents; and as a whole the tables that name no article."""
    hanging = _tables_of_articles(db)
    for name in (name for kind, name, _ in build.schema_of(db) if kind == "table"):
        if name in FILLED_OTHERWISE:
            continue
        columns = build.columns_of(db, name)
        listed = ", ".join(f"[{column}]" for column in columns)
        if name not in hanging:
            db.execute(f"delete from main.[{name}]")
            db.execute(f"insert into main.[{name}] ({listed}) select {listed} from source.[{name}]")
            continue
        naming = [column for column in build.NAMES_AN_ARTICLE if column in columns]
        of_touched = " or ".join(f"[{column}] in (select id from touched)" for column in naming)
        # The plus keeps SQLite from going through all articles, one by one, to find those few rows.
        published = " and ".join(f"+[{column}] in (select id from main.articles)" for column in naming)
        db.execute(f"delete from main.[{name}] where {of_touched}")
        db.execute(
            f"insert or replace into main.[{name}] ({listed}) select {listed} from source.[{name}] "
            f"where ({of_touched}) and {published}"
        )
    db.execute("delete from main.documents")
    build.copy_documents(db)
    db.execute(f"delete from main.{PLACES} where article in (select id from touched)")
    for row in db.execute(
        "select a.id, coalesce(p.province, ''), a.title, coalesce(a.lead, ''), a.published from main.articles a "
        "left join main.portals p on p.key = a.portal where a.id in (select id from wanted)"
    ).fetchall():
        placing.place(db, *row)


def _seqs(db: sqlite3.Connection, sql: str) -> list[int]:
    return [seq for (seq,) in db.execute(f"{sql} order by seq")]


def _words_of(db: sqlite3.Connection, seqs: list[int]) -> list[_Old]:
    marks = ", ".join(map(str, seqs))
    rows = db.execute(f"select seq, title, lead, body, files from articles_search where seq in ({marks})")
    return [_Old(seq, _words(texts)) for seq, *texts in rows]


def _words(texts: list[str | None]) -> frozenset[str]:
    text = "\n".join(text for text in texts if text)
    exact = {word.lower() for word in search.words(search.normalise(text))}
    return frozenset(exact | {search.folded_words(word) for word in search.words(search.fold(text))})


def _see_to_no_leftovers(db: sqlite3.Connection, old: list[_Old]) -> None:
    """FTS5 notices nothing when it is told to forget other words than it had learned: so it is asked for the old ones.

    Raises NotToBeChanged.
    """
    now = {one.seq: one.words for one in _words_of(db, [one.seq for one in old])}
    for one in old:
        gone = sorted(one.words - now.get(one.seq, frozenset()), key=len)[-3:]
        for word in gone:
            found = "select 1 from articles_fts where articles_fts match ? and rowid = ?"
            if db.execute(found, [f'"{word}"', one.seq]).fetchone():
                raise NotToBeChanged(f"the index still finds seq {one.seq} by a word that it has no more")
