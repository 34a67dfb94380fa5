"""Fills a new copy from one moment of archive.db: which articles, in which order, which counts. The search index is
made by indexing.py."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

from archive import counting, filtering, grams, indexing, origin, placing, provinces, search
from archive.files import publishing as files

EPOCH = date(1970, 1, 1)
SEQ_PER_DAY = 4096  # room for back-dated articles between the days
PRIVATE_TABLES = frozenset(
    (
        *("frontier", "layouts", "samples", "missing", "withheld", "reprint_texts", "reprint_bands", "reprint_state"),
        *("changes", "publishings", "ways", "sweeps", "conditional_hosts", "portal_signs", "certificates"),
        "notes",
    )
)

# Columns that stay behind: what the crawl measures and suspects of a portal is for whoever runs it. That a portal does
# not answer, and since when, is for everybody.
PRIVATE_COLUMNS = {"run_portals": frozenset(("measured", "health"))}

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


@contextmanager
def filling(source: Path, target: Path) -> Iterator[sqlite3.Connection]:
    """A copy open for filling, with archive.db attached as `source` and snapshots.db as `snap`: one moment of them.

    Nobody sees the file before it is whole, so neither journal nor sync: publish.py syncs it once at the end. What is
    left of it after an error is to be thrown away.
    """
    with closing(sqlite3.connect(target.resolve().as_uri(), uri=True, isolation_level=None)) as db:
        search.register(db)
        for pragma in ("journal_mode = off", "synchronous = off", "cache_size = -65536"):
            db.execute(f"pragma main.{pragma}")
        db.execute("attach ? as source", [f"{source.resolve().as_uri()}?mode=ro"])
        files.attach(db, source.parent)
        db.execute("begin")
        yield db
        db.execute("commit")


def build(source: Path, target: Path, built: str, token: str) -> tuple[int, int]:
    """Fill a new file; returns how many articles of how many portals it holds. Raises sqlite3.Error.

    `token`: as origin.note() gave it, "" for none.
    """
    with filling(source, target) as db:
        db.execute("create temp table chosen (id integer primary key, seq integer, year integer)")
        _choose(db)
        _copy_tables(db)
        provinces.fill(db)
        placing.place_all(db)
        files.copy(db)
        _index(db)
        counting.prepare(db)
        db.execute(origin.TABLE)
        return finish(db, built, token)


def finish(db: sqlite3.Connection, built: str, token: str) -> tuple[int, int]:
    """What is made anew for every copy: counts, and what it is made of."""
    filtering.count(db)
    filtering.place_reprints(db)
    origin.write(db, token)
    return counting.count(db, built)


def _choose(db: sqlite3.Connection) -> None:
    """Number the articles to be published, chronologically to the day."""
    rows = db.execute(f"select id, published, first_seen from source.articles where id in ({TO_PUBLISH})").fetchall()
    dated = sorted(
        (shelf(published, first_seen), published or "", first_seen, id) for id, published, first_seen in rows
    )
    chosen, seq = [], None
    for first, published, _, id in dated:
        seq = first if seq is None else max(first, seq + 1)  # a fuller day than there is room for runs over
        day = day_of(published)
        chosen.append((id, seq, day.year if day else None))
    db.executemany("insert into chosen values (?, ?, ?)", chosen)


def shelf(published: str | None, first_seen: str | None) -> int:
    """The first seq of the day of an article; one without a date stands at the day when it was first seen."""
    return ((day_of(published) or day_of(first_seen) or EPOCH) - EPOCH).days * SEQ_PER_DAY


def day_of(moment: str | None) -> date | None:
    """The day of an ISO 8601 time; None where there is none."""
    try:
        return date.fromisoformat((moment or "")[:10])
    except ValueError:
        return None


def schema_of(db: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """Type, name and SQL of all that a copy takes over of the schema of `source`."""
    rows = db.execute(
        "select type, name, tbl_name, sql from source.sqlite_master where sql is not null and type != 'trigger' "
        "order by rowid"
    ).fetchall()
    return [
        (kind, name, sql)
        for kind, name, table, sql in rows
        if table not in PRIVATE_TABLES and not table.startswith(("_", "sqlite_"))
    ]


def _copy_tables(db: sqlite3.Connection) -> None:
    wanted = schema_of(db)
    tables = [(name, sql) for kind, name, sql in wanted if kind == "table"]
    # Documents last: which ones are copied depends on the citations that were.
    tables.sort(key=lambda table: table[0] == "documents")
    for name, sql in tables:
        db.execute(sql)
        if name == "articles":
            for column, kind in ADDED_COLUMNS.items():
                db.execute(f"alter table main.articles add column {column} {kind}")
        for column in PRIVATE_COLUMNS.get(name, ()):
            db.execute(f"alter table main.[{name}] drop column [{column}]")
        _copy_rows(db, name)
    for kind in ("index", "view"):
        for sql in (sql for found, _, sql in wanted if found == kind):
            db.execute(sql)


def columns_of(db: sqlite3.Connection, table: str) -> list[str]:
    """The columns of a table of `source` that a copy takes over."""
    private = PRIVATE_COLUMNS.get(table, frozenset())
    return [row[1] for row in db.execute(f"pragma source.table_info([{table}])") if row[1] not in private]


def copy_articles(db: sqlite3.Connection) -> None:
    """The articles of the temporary table `chosen` (id, seq, year)."""
    columns = columns_of(db, "articles")
    names, values = (", ".join(f"{prefix}[{column}]" for column in columns) for prefix in ("", "a."))
    db.execute(
        f"insert into main.articles ({names}, seq, year, portal_name, province) "
        f"select {values}, c.seq, c.year, p.name, p.province from chosen c cross join source.articles a using (id) "
        "left join source.portals p on p.key = a.portal order by a.id"
    )


def copy_documents(db: sqlite3.Connection) -> None:
    """Those that the copy's articles cite: a document that only unpublished articles cite is theirs."""
    names = ", ".join(f"[{column}]" for column in columns_of(db, "documents"))
    db.execute(
        f"insert into main.documents ({names}) select {names} from source.documents "
        "where id in (select document from main.citations)"
    )


def _copy_rows(db: sqlite3.Connection, table: str) -> None:
    if table == "articles":
        copy_articles(db)
    elif table == "documents":
        copy_documents(db)
    else:
        columns = columns_of(db, table)
        names = ", ".join(f"[{column}]" for column in columns)
        conditions = [f"[{name}] in (select id from chosen)" for name in NAMES_AN_ARTICLE if name in columns]
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
    grams.find(db)
    indexing.index_rows(db, [seq for (seq,) in db.execute("select seq from articles order by seq")])
    for index in ("articles_fts", "titles_fts"):
        db.execute(f"insert into {index}({index}) values ('optimize')")
    indexing.count_words(db)
    indexing.index_addresses(db)
