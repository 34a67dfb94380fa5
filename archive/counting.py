"""The numbers of the whole archive that pages show, counted once at publishing: the one place for them.

The table `counts` holds `name` and `n`: for each line of COUNTED the articles of every value as `line/value` and how
many values there are as `lines` (`province/Hà Nam` 812, `provinces` 34); `articles`; and the rows of each table as
`table/NAME`, so that the site need not count them. `build` says in one row what this copy is.
"""

from __future__ import annotations

import sqlite3

from archive import search, tallying

# name: value and number of articles, for every value that there is.
COUNTED = {
    "portal": "select portal, count(*) from articles group by portal",
    "province": "select province, count(*) from articles where province is not null group by province",
    "section": "select section, count(*) from articles where section is not null group by section",
    "year": "select year, count(*) from articles where year is not null group by year",
    "month": "select substr(published, 1, 7), count(*) from articles where year is not null group by 1",
}
TABLES = (
    "create table counts (name text primary key, n integer not null) without rowid",
    "create table build (built text, crawled text, articles integer, portals integer, normaliser_version integer)",
)


def prepare(db: sqlite3.Connection) -> None:
    """Make the tables, empty."""
    for statement in TABLES:
        db.execute(statement)


def count(db: sqlite3.Connection, built: str) -> tuple[int, int]:
    """Count everything anew, in the caller's transaction; returns the articles, and the portals that have some."""
    db.execute("delete from main.counts")
    db.execute("delete from main.build")
    for name, sql in COUNTED.items():
        rows = [(f"{name}/{value}", n) for value, n in db.execute(sql)]
        db.executemany("insert into counts values (?, ?)", [*rows, (f"{name}s", len(rows))])
    db.execute("insert into counts select 'articles', count(*) from articles")
    db.execute(
        "insert into build select ?, coalesce((select max(finished) from runs), "
        "(select max(last_seen) from articles)), "
        "(select n from counts where name = 'articles'), (select n from counts where name = 'portals'), ?",
        [built, search.NORMALISER_VERSION],
    )
    tallying.tally(db)
    _count_tables(db)
    articles, portals = db.execute("select articles, portals from build").fetchone()
    return articles, portals


def _count_tables(db: sqlite3.Connection) -> None:
    """The rows of each table; `counts` last, with its own row."""
    tables = db.execute(
        "select name from main.sqlite_master where type = 'table' and name not glob '*_fts*' "
        "and name not glob 'sqlite_*' order by name = 'counts'"
    ).fetchall()
    for (table,) in tables:
        itself = int(table == "counts")
        sql = f"insert into counts select ?, count(*) + {itself} from main.[{table}]"
        db.execute(sql, [f"table/{table}"])
