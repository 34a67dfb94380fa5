"""Fills a new copy from one moment of archive.db: which articles, in which order, which counts. The search index is
made by indexing.py."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from archive import filtering, indexing, placing, provinces, search
from archive.files import publishing as files

EPOCH = date(1970, 1, 1)
SEQ_PER_DAY = 4096  # room for back-dated articles between the days
PRIVATE_TABLES = frozenset(
    ("frontier", "layouts", "samples", "missing", "withheld", "reprint_texts", "reprint_bands", "reprint_state")
)

# What a reader may see: what is about mass mobilization, and all of a portal that is about nothing else; and of that
# what we do not withhold.
TO_PUBLISH = """
    select a.id from source.articles a left join source.portals p on p.key = a.portal
    where (a.topic = 'dan-van' or (a.topic is null and coalesce(p.keep, 'all') = 'all'))
        and a.id not in (select article from source.withheld where until is null)
"""

# The columns that the copy adds to articles.
ADDED_COLUMNS = {
    "seq": "integer",
    "year": "integer",
    "portal_name": "text",
    "province": "text",
    "image_sha256": "text",  # see files/publishing.py
}

# Columns that name an article: a row that names an unpublished one stays behind with it.
NAMES_AN_ARTICLE = ("article", "original")


def build(source: Path, target: Path, built: str) -> tuple[int, int]:
    """Fill a new file; returns how many articles of how many portals it holds. Raises sqlite3.Error."""
    connection = sqlite3.connect(f"{target.resolve().as_uri()}", uri=True, isolation_level=None)
    with closing(connection) as db:
        search.register(db)
        # Nobody sees the file before it is whole, so neither journal nor sync: it is synced once at the end.
        for pragma in ("journal_mode = off", "synchronous = off", "cache_size = -65536"):
            db.execute(f"pragma main.{pragma}")
        db.execute("attach ? as source", [f"{source.resolve().as_uri()}?mode=ro"])
        files.attach(db, source.parent)
        db.execute("begin")  # one transaction, hence one moment of the source
        db.execute("create temp table chosen (id integer primary key, seq integer, year integer)")
        _choose(db)
        _copy_tables(db)
        provinces.fill(db)
        placing.place_all(db)
        files.copy(db)
        _index(db)
        numbers = _count(db, built)
        db.execute("commit")
        db.execute("detach source")
        db.execute("detach snap")
    return numbers


def _choose(db: sqlite3.Connection) -> None:
    """Number the articles to be published, chronologically to the day."""
    rows = db.execute(f"select id, published, first_seen from source.articles where id in ({TO_PUBLISH})").fetchall()
    dated = sorted(
        (_day(published) or _day(first_seen) or EPOCH, published or "", first_seen, id)
        for id, published, first_seen in rows
    )
    chosen, seq = [], None
    for day, published, _, id in dated:
        first = (day - EPOCH).days * SEQ_PER_DAY
        seq = first if seq is None else max(first, seq + 1)  # a fuller day than there is room for runs over
        chosen.append((id, seq, day.year if _day(published) else None))
    db.executemany("insert into chosen values (?, ?, ?)", chosen)


def _day(moment: str | None) -> date | None:
    try:
        return date.fromisoformat((moment or "")[:10])
    except ValueError:
        return None


def _copy_tables(db: sqlite3.Connection) -> None:
    schema = db.execute(
        "select type, name, tbl_name, sql from source.sqlite_master where sql is not null order by rowid"
    ).fetchall()
    wanted = [entry for entry in schema if entry[2] not in PRIVATE_TABLES and not entry[2].startswith(("_", "sqlite_"))]
    tables = [(name, sql) for kind, name, _, sql in wanted if kind == "table"]
    # Documents last: which ones are copied depends on the citations that were.
    tables.sort(key=lambda table: table[0] == "documents")
    for name, sql in tables:
        db.execute(sql)
        if name == "articles":
            for column, kind in ADDED_COLUMNS.items():
                db.execute(f"alter table main.articles add column {column} {kind}")
        _copy_rows(db, name)
    for kind in ("index", "view"):
        for sql in (sql for found, _, _, sql in wanted if found == kind):
            db.execute(sql)


def _copy_rows(db: sqlite3.Connection, table: str) -> None:
    columns = [row[1] for row in db.execute(f"pragma source.table_info([{table}])")]
    names = ", ".join(f"[{column}]" for column in columns)
    if table == "articles":
        values = ", ".join(f"a.[{column}]" for column in columns)
        db.execute(
            f"insert into main.articles ({names}, seq, year, portal_name, province) "
            f"select {values}, c.seq, c.year, p.name, p.province from source.articles a "
            "join chosen c using (id) left join source.portals p on p.key = a.portal order by a.id"
        )
        return
    conditions = [f"[{name}] in (select id from chosen)" for name in NAMES_AN_ARTICLE if name in columns]
    if table == "documents":  # a document that only unpublished articles cite is theirs
        conditions.append("id in (select document from main.citations)")
    where = f" where {' and '.join(conditions)}" if conditions else ""
    db.execute(f"insert into main.[{table}] ({names}) select {names} from source.[{table}]{where}")


def _index(db: sqlite3.Connection) -> None:
    """The columns for filters, and the search index."""
    # All that filters ask of a hit, in one index: in the row it lies behind the long texts, far away.
    # That seq is unique is seen to by the search index, which takes no row id twice.
    db.execute("create index articles_by_seq on articles (seq, portal, province, section, year)")
    for columns in ("year", "province", "portal, seq", "section, seq"):
        name = columns.split(",")[0]
        db.execute(f"create index articles_by_{name} on articles ({columns})")
    indexing.prepare(db)
    indexing.index_rows(db, [seq for (seq,) in db.execute("select seq from articles order by seq")])
    for index in ("articles_fts", "titles_fts"):
        db.execute(f"insert into {index}({index}) values ('optimize')")
    indexing.count_words(db)
    indexing.index_addresses(db)


def _count(db: sqlite3.Connection, built: str) -> tuple[int, int]:
    """The numbers that every page shows, counted once; and the row that says what this copy is."""
    filtering.count(db)
    filtering.place_reprints(db)
    db.execute("create table counts (name text primary key, n integer not null) without rowid")
    for name in ("portal", "province", "section", "year"):
        db.execute(
            f"insert into counts select '{name}/' || {name}, count(*) from articles "
            f"where {name} is not null group by {name}"
        )
        db.execute(f"insert into counts select '{name}s', count(*) from counts where name like '{name}/%'")
    db.execute("insert into counts select 'articles', count(*) from articles")
    db.execute(
        "create table build (built text, crawled text, articles integer, portals integer, normaliser_version integer)"
    )
    db.execute(
        "insert into build select ?, coalesce((select max(finished) from runs), "
        "(select max(last_seen) from articles)), "
        "(select n from counts where name = 'articles'), (select n from counts where name = 'portals'), ?",
        [built, search.NORMALISER_VERSION],
    )
    _count_tables(db)
    articles, portals = db.execute("select articles, portals from build").fetchone()
    return articles, portals


def _count_tables(db: sqlite3.Connection) -> None:
    """The rows of each table, for the site need not count them; `counts` last, with its own row."""
    tables = db.execute(
        "select name from main.sqlite_master where type = 'table' and name not glob '*_fts*' "
        "and name not glob 'sqlite_*' order by name = 'counts'"
    ).fetchall()
    for (table,) in tables:
        itself = int(table == "counts")
        sql = f"insert into counts select ?, count(*) + {itself} from [{table}]"
        db.execute(sql, [f"table/{table}"])
