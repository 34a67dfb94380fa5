"""Raw pages as they came, in snapshots.db: proof of what stood where and when, and what reparse reads again.

A row is an observation of one article: a page (kept when the article was first seen and when its text changed), or the
fact that it was missing, or there again. By their times they are enough to rebuild the article with its first_seen,
revisions and withdrawals. snapshots.db is attached to the archive's connection as `snap`, so that a page is kept in the
very transaction that stores what was read of it.

Pages are compressed by zstd with a dictionary trained on the portal's own pages: 4 KB a page instead of 16. No
dictionary is ever deleted, since without it its pages are lost.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

try:
    from compression import zstd  # type: ignore[import-not-found,unused-ignore]
except ImportError:  # before Python 3.14
    from backports import zstd

NAME = "snapshots.db"
LEVEL = 3
DICTIONARY_SIZE = 110 * 1024
STAGES = (30, 200)  # pages of a portal at which its dictionary is trained, and trained again
RETURNED = "returned"  # `how` of an article that is there again, as it was

SCHEMA = """
create table if not exists {snap}.snapshots (
    id integer primary key, portal text not null, key text not null, url text not null, fetched text not null,
    status integer not null, how text not null default '', headers text, sha256 text, size integer,
    dictionary integer references dictionaries(id), body blob
);
create index if not exists {snap}.snapshots_of_an_article on snapshots (portal, key, id);
create table if not exists {snap}.dictionaries (
    id integer primary key, portal text not null, trained text not null, pages integer not null,
    dictionary blob not null
);
create index if not exists {snap}.dictionaries_of_a_portal on dictionaries (portal, id);
create table if not exists {snap}.layouts (
    portal text not null, number integer not null, learned text not null, pages integer, template text not null,
    primary key (portal, number)
)
"""

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Capture:
    """One answer of a portal as it came. `body` is what the server sent, decompressed but not decoded."""

    url: str
    fetched: str  # ISO 8601 with offset
    status: int
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Observation:
    """One row: a page where `how` is empty (then `sha256` is its body's), else what was seen instead of one."""

    id: int
    portal: str
    key: str
    url: str
    fetched: str
    status: int
    how: str
    sha256: str | None


class SnapshotError(RuntimeError):
    """A snapshot cannot be read back: its dictionary is gone, or its bytes are not those that were kept."""


def attach(connection: sqlite3.Connection, data_dir: Path) -> None:
    """Attach DATA_DIR/snapshots.db, made where there is none, as `snap`. Raises sqlite3.Error."""
    connection.execute("attach ? as snap", [str(data_dir / NAME)])
    connection.execute("pragma snap.journal_mode = wal")
    connection.execute("pragma snap.synchronous = normal")
    for statement in SCHEMA.format(snap="snap").split(";"):
        connection.execute(statement)


class Snapshots:
    """snapshots.db through a connection that has it attached as `snap`. Writes happen in the caller's transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.db = connection
        self._dictionaries: dict[int, Any] = {}
        self._newest: dict[str, int | None] = {}
        self._stored: dict[str, int] = {}

    def forget(self) -> None:
        """A transaction was rolled back: what was remembered of the file may not be in it."""
        self._dictionaries.clear()
        self._newest.clear()
        self._stored.clear()

    def keep(self, portal: str, key: str, capture: Capture) -> int:
        """Keep a page; returns the number of its snapshot."""
        dictionary = self._dictionary_of(portal)
        packed = self._pack(capture.body, dictionary)
        cursor = self.db.execute(
            "insert into snap.snapshots (portal, key, url, fetched, status, headers, sha256, size, dictionary, body) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [portal, key, capture.url, capture.fetched, capture.status,
             json.dumps([list(pair) for pair in capture.headers], ensure_ascii=False),
             hashlib.sha256(capture.body).hexdigest(), len(capture.body), dictionary, packed],
        )  # fmt: skip
        self._stored[portal] = self._count(portal) + 1
        if self._stored[portal] in STAGES:
            self._train(portal, capture.fetched)
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def note(self, portal: str, key: str, url: str, fetched: str, status: int, how: str) -> None:
        """Keep what was seen instead of a page: the name of how it is missing, or RETURNED."""
        self.db.execute(
            "insert into snap.snapshots (portal, key, url, fetched, status, how) values (?, ?, ?, ?, ?, ?)",
            [portal, key, url, fetched, status, how],
        )

    def read(self, number: int) -> Capture:
        """A page as it came. Raises SnapshotError where there is none, or it cannot be unpacked whole."""
        row = self.db.execute(
            "select url, fetched, status, headers, body, dictionary, sha256 from snap.snapshots where id = ?", [number]
        ).fetchone()
        if row is None or row["body"] is None:
            raise SnapshotError(f"there is no page kept under number {number}")
        try:
            body = zstd.decompress(row["body"], zstd_dict=self._dictionary(row["dictionary"]))
        except zstd.ZstdError as error:
            raise SnapshotError(f"snapshot {number} of {row['url']} cannot be unpacked: {error}") from error
        if hashlib.sha256(body).hexdigest() != row["sha256"]:
            raise SnapshotError(f"snapshot {number} of {row['url']} is not what was kept: its SHA-256 differs")
        headers = tuple((name, value) for name, value in json.loads(row["headers"]))
        return Capture(row["url"], row["fetched"], row["status"], headers, body)

    def keys(self, portal: str) -> list[str]:
        """The articles of a portal that were ever observed, in the order of their first observation."""
        sql = "select key from snap.snapshots where portal = ? group by key order by min(id)"
        return [row[0] for row in self.db.execute(sql, [portal])]

    def of(self, portal: str, key: str) -> Iterator[Observation]:
        """What was observed of an article, by time: a page may come in years after later ones (scrapy import)."""
        rows = self.db.execute(
            "select id, portal, key, url, fetched, status, how, sha256 from snap.snapshots "
            "where portal = ? and key = ? order by fetched, id",
            [portal, key],
        )
        return (Observation(*row) for row in rows.fetchall())

    def _count(self, portal: str) -> int:
        if portal not in self._stored:
            sql = "select count(*) from snap.snapshots where portal = ? and body is not null"
            self._stored[portal] = self.db.execute(sql, [portal]).fetchone()[0]
        return self._stored[portal]

    def _dictionary_of(self, portal: str) -> int | None:
        """The newest dictionary of a portal; None before its first is trained."""
        if portal not in self._newest:
            sql = "select max(id) from snap.dictionaries where portal = ?"
            self._newest[portal] = self.db.execute(sql, [portal]).fetchone()[0]
        return self._newest[portal]

    def _dictionary(self, number: int | None) -> Any:
        if number is None:
            return None
        if number not in self._dictionaries:
            row = self.db.execute("select dictionary from snap.dictionaries where id = ?", [number]).fetchone()
            if row is None:
                raise SnapshotError(f"dictionary {number} is gone, and with it the pages packed by it")
            self._dictionaries[number] = zstd.ZstdDict(row[0])
        return self._dictionaries[number]

    def _pack(self, body: bytes, dictionary: int | None) -> bytes:
        known = self._dictionary(dictionary)
        packed: bytes = zstd.compress(body, LEVEL, zstd_dict=known.as_digested_dict if known is not None else None)
        return packed

    def _train(self, portal: str, now: str) -> None:
        """Train a dictionary on the portal's pages, and pack those anew that were packed without one."""
        sql = "select id from snap.snapshots where portal = ? and body is not null order by id desc limit ?"
        numbers = [row[0] for row in self.db.execute(sql, [portal, STAGES[-1]])]
        bodies = {number: self.read(number).body for number in numbers}
        try:
            trained = zstd.train_dict(list(bodies.values()), DICTIONARY_SIZE)
        except (zstd.ZstdError, ValueError):  # pages too small or too much alike: they do without
            return
        cursor = self.db.execute(
            "insert into snap.dictionaries (portal, trained, pages, dictionary) values (?, ?, ?, ?)",
            [portal, now, len(bodies), trained.dict_content],
        )
        assert cursor.lastrowid is not None
        self._newest[portal] = cursor.lastrowid
        for number, body in bodies.items():
            self.db.execute(
                "update snap.snapshots set body = ?, dictionary = ? where id = ?",
                [self._pack(body, cursor.lastrowid), cursor.lastrowid, number],
            )


def address_for_reading(path: Path) -> str:
    """The URI by which a process that may write nothing opens snapshots.db.

    SQLite makes files beside a database in WAL mode even for reading it. Where it may not, and no crawl has made them,
    nobody writes either: then the file is as good as one that never changes, for a connection of a moment.
    """
    at_rest = not path.with_name(f"{path.name}-wal").exists() and not os.access(path.parent, os.W_OK)
    return f"{path.resolve().as_uri()}?mode=ro{'&immutable=1' if at_rest else ''}"
