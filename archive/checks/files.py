"""The files themselves, and the references from one table to another."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from archive.build import NAMES_AN_ARTICLE
from archive.checks import EXAMPLES, Level, Report
from archive.moment import FILES

# Tables whose rows may outlive an article, by intention (withholding.py).
OUTLIVES = frozenset({"withheld"})


def opens(path: Path, report: Report) -> bool:
    """Whether a file is a database, if it is there at all."""
    try:
        if path.exists():
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as db:
                db.execute("select count(*) from sqlite_master").fetchone()
    except sqlite3.Error as error:
        report.add(Level.DAMAGE, path.name, f"SQLite says: {error}")
        return False
    return True


def check(db: sqlite3.Connection, name: str, report: Report, full: bool) -> bool:
    """The pages of a database, with `full` its indexes too; whether it is sound enough to be asked further."""
    try:
        pragma = "integrity_check" if full else "quick_check"
        said = [str(row[0]) for row in db.execute(f"pragma {name}.{pragma}({EXAMPLES})")]
    except sqlite3.Error as error:
        said = [f"SQLite says: {error}"]
    if said != ["ok"]:
        report.add(Level.DAMAGE, FILES[name], "the file is damaged", None, *said)
        return False
    report.add(Level.NOTE, FILES[name], "sound" + (", every index too" if full else ""))
    return True


def check_references(db: sqlite3.Connection, report: Report) -> None:
    """Rows that name what is not there: where SQLite knows of the reference, and where only we do."""
    broken: Counter[tuple[str, str]] = Counter()
    for table, _, parent, _ in db.execute("pragma main.foreign_key_check"):
        broken[table, parent] += 1
    for (table, parent), count in sorted(broken.items()):
        report.add(Level.DAMAGE, FILES["main"], f"rows of {table} that name what is not in {parent}", count)
    for table, column in _unguarded(db):
        sql = f"from main.[{table}] where [{column}] is not null and [{column}] not in (select id from main.articles)"
        (count,) = db.execute(f"select count(*) {sql}").fetchone()
        if count:
            examples = [row[0] for row in db.execute(f"select [{column}] {sql} limit {EXAMPLES}")]
            what = f"rows of {table} that name in {column} an article that is not there"
            report.add(Level.DAMAGE, FILES["main"], what, count, *examples)


def check_attached(db: sqlite3.Connection, report: Report) -> None:
    """Hashes of attached files under which nothing is kept."""
    has_files = db.execute("select 1 from snap.sqlite_master where name = 'files'").fetchone()
    kept = "(select sha256 from snap.files)" if has_files else "('')"
    sql = f"select sha256 from main.article_files where sha256 is not null and sha256 not in {kept}"
    if lost := [row[0] for row in db.execute(sql)]:
        what = "attached files that an article names and that are not there"
        report.add(Level.DAMAGE, FILES["snap"], what, len(lost), *lost[:EXAMPLES])


def _unguarded(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Columns that name an article by convention only: no foreign key sees to it."""
    found = []
    tables = db.execute("select name from main.sqlite_master where type = 'table'").fetchall()
    for (table,) in tables:
        guarded = {row[3] for row in db.execute(f"pragma main.foreign_key_list([{table}])")}
        columns = {row[1] for row in db.execute(f"pragma main.table_info([{table}])")}
        if table not in OUTLIVES:
            found += [(table, name) for name in NAMES_AN_ARTICLE if name in columns - guarded]
    return found
