"""Article pages that were there and could not be read, in snapshots.db: kept as they came until the reader is mended.

They are no observations of an article yet, and nothing is rebuilt from them. When a mended reader can read one, take()
makes it a snapshot like any other, at the time of its capture.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import dataclass

from archive.snapshots import LEVEL, Capture, SnapshotError, Snapshots

try:
    from compression import zstd  # type: ignore[import-not-found,unused-ignore]
except ImportError:  # before Python 3.14
    from backports import zstd

SCHEMA = """
create table if not exists snap.unread_pages (
    id integer primary key, portal text not null, key text not null, url text not null, fetched text not null,
    status integer not null, why text not null, headers text not null, sha256 text not null, body blob not null,
    unique (portal, key)
)
"""


@dataclass(frozen=True, slots=True)
class Unread:
    """One page that waits: of which article, and why it could not be read."""

    id: int
    key: str
    url: str
    fetched: str
    why: str


def prepare(connection: sqlite3.Connection) -> None:
    """Make the table where there is none. Raises sqlite3.Error."""
    connection.execute(SCHEMA)


class UnreadPages:
    """The pages that wait, through a connection that has snapshots.db attached as `snap`; writes in transactions."""

    def __init__(self, connection: sqlite3.Connection, snapshots: Snapshots) -> None:
        self.db = connection
        self.snapshots = snapshots

    def keep(self, portal: str, key: str, capture: Capture, why: str) -> bool:
        """Keep a page, unless one of its article waits already; whether it was kept.

        One is enough: it is asked for again each night, and what it says in the end is read when it can be read.
        """
        cursor = self.db.execute(
            "insert or ignore into snap.unread_pages (portal, key, url, fetched, status, why, headers, sha256, body) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [portal, key, capture.url, capture.fetched, capture.status, why,
             json.dumps([list(pair) for pair in capture.headers], ensure_ascii=False),
             hashlib.sha256(capture.body).hexdigest(), zstd.compress(capture.body, LEVEL)],
        )  # fmt: skip
        return cursor.rowcount > 0

    def of(self, portal: str) -> list[Unread]:
        """The pages of a portal that wait, oldest first."""
        sql = "select id, key, url, fetched, why from snap.unread_pages where portal = ? order by fetched, id"
        return [Unread(*row) for row in self.db.execute(sql, [portal])]

    def count(self, portal: str) -> int:
        """How many pages of a portal wait."""
        sql = "select count(*) from snap.unread_pages where portal = ?"
        return int(self.db.execute(sql, [portal]).fetchone()[0])

    def read(self, number: int) -> Capture:
        """A page as it came. Raises SnapshotError where it is not there, or not what was kept."""
        row = self.db.execute(
            "select url, fetched, status, headers, body, sha256 from snap.unread_pages where id = ?", [number]
        ).fetchone()
        if row is None:
            raise SnapshotError(f"there is no unread page under number {number}")
        try:
            body = zstd.decompress(row["body"])
        except zstd.ZstdError as error:
            raise SnapshotError(f"the unread page {row['url']} cannot be unpacked: {error}") from error
        if hashlib.sha256(body).hexdigest() != row["sha256"]:
            raise SnapshotError(f"the unread page {row['url']} is not what was kept: its SHA-256 differs")
        headers = tuple((name, value) for name, value in json.loads(row["headers"]))
        return Capture(row["url"], row["fetched"], row["status"], headers, body)

    def take(self, portal: str, one: Unread) -> int:
        """It can be read now: a snapshot of its article from here on; returns its number."""
        number = self.snapshots.keep(portal, one.key, self.read(one.id))
        self.drop(portal, one.key)
        return number

    def drop(self, portal: str, key: str) -> None:
        """An article's page waits no more: it was read in another way."""
        self.db.execute("delete from snap.unread_pages where portal = ? and key = ?", [portal, key])
