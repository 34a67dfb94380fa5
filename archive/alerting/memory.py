"""What saved searches have found, and what of it is still to be told: DATA_DIR/alerts.db.

A file of its own: the crawl holds archive.db for hours, and whoever loses this one gets a quiet beginning (all that is
found then counts as known) instead of old news. What is new is written down before it is sent and struck out after: a
run that is killed between sending and striking out tells it twice, none loses it.

`searches(id, search, reading, checked)`: reading as find.selection() chose it, checked: the copy last looked at ·
`hits(search, article)` ever found · `outbox(search, article)` not yet told to everybody · `told(search, article,
target)` of those, who has been told; target is a hash, for addresses hold passwords.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NAME = "alerts.db"
SCHEMA = """
    create table if not exists searches (
        id integer primary key, search text not null unique, reading text not null, checked text not null
    );
    create table if not exists hits (
        search integer not null, article integer not null, primary key (search, article)
    ) without rowid;
    create table if not exists outbox (
        search integer not null, article integer not null, primary key (search, article)
    ) without rowid;
    create table if not exists told (
        search integer not null, article integer not null, target text not null,
        primary key (search, article, target)
    ) without rowid;
"""


@dataclass(frozen=True, slots=True)
class Search:
    """A search that has been looked at before."""

    id: int
    reading: str
    checked: str


class Memory:
    """alerts.db, opened by one process at a time. Every method is one transaction; raises sqlite3.Error."""

    def __init__(self, path: Path, *, dry: bool = False) -> None:
        """`dry`: what is written is forgotten at the end, and no file is made."""
        self._dry = dry
        self._db = sqlite3.connect(":memory:" if dry and not path.exists() else path, isolation_level=None)
        if dry:
            self._db.execute("begin")
            for statement in SCHEMA.split(";"):
                self._db.execute(statement)
        else:
            self._db.executescript(SCHEMA)
        self._db.execute("create temp table found (article integer primary key)")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        if self._dry:
            yield
            return
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def known(self, search: str) -> Search | None:
        """A search by its address; None where it has never been looked at."""
        row = self._db.execute("select id, reading, checked from searches where search = ?", [search]).fetchone()
        return Search(*row) if row else None

    def begin(self, search: str, reading: str, checked: str, hits: Iterable[int]) -> int:
        """A search looked at for the first time: what it finds is known. Returns how much that is."""
        with self._transaction():
            cursor = self._db.execute(
                "insert into searches (search, reading, checked) values (?, ?, ?)", [search, reading, checked]
            )
            number = cursor.lastrowid
            self._db.executemany("insert into hits values (?, ?)", ((number, article) for article in hits))
            return int(self._db.execute("select count(*) from hits where search = ?", [number]).fetchone()[0])

    def new(self, search: Search, hits: Iterable[int]) -> list[int]:
        """What of these was never found before."""
        with self._transaction():
            self._db.execute("delete from found")
            self._db.executemany("insert or ignore into found values (?)", ((article,) for article in hits))
        rows = self._db.execute(
            "select article from found where article not in (select article from hits where search = ?)", [search.id]
        )
        return [article for (article,) in rows]

    def note(self, search: Search, reading: str, checked: str, new: Sequence[int], to_tell: Sequence[int]) -> None:
        """Write down what is new, and what of it is to be told."""
        with self._transaction():
            for table, articles in (("hits", new), ("outbox", to_tell)):
                rows = ((search.id, article) for article in articles)
                self._db.executemany(f"insert or ignore into {table} values (?, ?)", rows)
            self._db.execute("update searches set reading = ?, checked = ? where id = ?", [reading, checked, search.id])

    def waiting(self, search: Search, target: str) -> list[int]:
        """What is still to be told to one target."""
        rows = self._db.execute(
            "select article from outbox o where search = ? and not exists "
            "(select 1 from told t where t.search = o.search and t.article = o.article and t.target = ?)",
            [search.id, _hashed(target)],
        )
        return [article for (article,) in rows]

    def tell(self, search: Search, target: str, articles: Iterable[int]) -> None:
        """They have been told to one target."""
        with self._transaction():
            rows = ((search.id, article, _hashed(target)) for article in articles)
            self._db.executemany("insert or ignore into told values (?, ?, ?)", rows)

    def strike_out(self, search: Search, targets: Sequence[str]) -> None:
        """Forget what all of its targets have been told."""
        waiting = {article for target in targets for article in self.waiting(search, target)}
        with self._transaction():
            rows = self._db.execute("select article from outbox where search = ?", [search.id]).fetchall()
            done = [(search.id, article) for (article,) in rows if article not in waiting]
            self._db.executemany("delete from outbox where search = ? and article = ?", done)
            self._db.executemany("delete from told where search = ? and article = ?", done)

    def keep_only(self, searches: Sequence[str]) -> None:
        """Forget searches that nobody wants any more: they begin anew when they are wanted again."""
        with self._transaction():
            known = self._db.execute("select id, search from searches").fetchall()
            gone = [(number,) for number, search in known if search not in searches]
            for table, column in (("searches", "id"), ("hits", "search"), ("outbox", "search"), ("told", "search")):
                self._db.executemany(f"delete from {table} where {column} = ?", gone)


def _hashed(target: str) -> str:
    return hashlib.sha256(target.encode()).hexdigest()
