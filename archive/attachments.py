"""Attached files as they came, in snapshots.db: each body once, by its SHA-256, with the text that it holds.

Beside the bodies stands what was seen where and when: an address that gives another body later is a second row, and the
first body stays. So the hashes of article_files can be told again when archive.db is lost. All through the connection
that has snapshots.db attached as `snap`; writes happen in the caller's transactions.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from archive.files.text import Extracted

SCHEMA = """
create table if not exists {snap}.files (
    sha256 text primary key, type text not null, size integer not null, fetched text not null, url text not null,
    body blob not null, text text not null default '', problem text not null default ''
);
create table if not exists {snap}.file_addresses (
    url text not null, fetched text not null, sha256 text not null references files(sha256),
    primary key (url, fetched)
) without rowid
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was kept. `fetched` and `url`: when and where it was met first; `size` in bytes.

    `text` is NFC, a paragraph a line; where it is "" or not whole, `problem` names why.
    """

    sha256: str
    type: str
    size: int
    fetched: str
    url: str
    text: str
    problem: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What an address gave at a time, where an article of a portal lists it."""

    portal: str
    url: str
    fetched: str
    sha256: str


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables in the attached snapshots.db where they are missing. Raises sqlite3.Error."""
    for statement in SCHEMA.format(snap="snap").split(";"):
        connection.execute(statement)


def sha256_of(body: bytes) -> str:
    """The name of a body: SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(body).hexdigest()


class Attachments:
    """The files of snapshots.db through a connection that has it attached as `snap`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.db = connection

    def keep(self, url: str, fetched: str, type: str, body: bytes, read: Extracted) -> str:
        """Keep what an address gave at a time, with what was read of it; returns its SHA-256.

        Every article that lists the address points from now on to what it gave last. Runs inside transaction().
        """
        digest = sha256_of(body)
        self.db.execute(
            "insert into snap.files (sha256, type, size, fetched, url, body, text, problem) "
            "values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (sha256) do nothing",
            [digest, type, len(body), fetched, url, body, read.text, read.problem],
        )
        if self._before(url, fetched) != digest:
            self.db.execute(
                "insert or replace into snap.file_addresses (url, fetched, sha256) values (?, ?, ?)",
                [url, fetched, digest],
            )
        self.db.execute("update article_files set sha256 = ? where url = ?", [self.newest(url), url])
        return digest

    def _before(self, url: str, moment: str) -> str | None:
        """What an address gave at a time or last before it."""
        row = self.db.execute(
            "select sha256 from snap.file_addresses where url = ? and fetched <= ? order by fetched desc limit 1",
            [url, moment],
        ).fetchone()
        return str(row[0]) if row is not None else None

    def newest(self, url: str) -> str | None:
        """The SHA-256 of what an address gave last; None where it was never fetched, or never gave a file."""
        row = self.db.execute(
            "select sha256 from snap.file_addresses where url = ? order by fetched desc limit 1", [url]
        ).fetchone()
        return str(row[0]) if row is not None else None

    def of(self, sha256: str) -> Kept | None:
        """A file by its hash, without its body; None where none is kept under it."""
        row = self.db.execute(
            "select sha256, type, size, fetched, url, text, problem from snap.files where sha256 = ?", [sha256]
        ).fetchone()
        return Kept(*row) if row is not None else None

    def text(self, sha256: str) -> str:
        """The text of a file; "" where it has none, or is not known."""
        kept = self.of(sha256)
        return kept.text if kept is not None else ""

    def body(self, sha256: str) -> bytes | None:
        """A file's body; None where none is kept under this hash."""
        row = self.db.execute("select body from snap.files where sha256 = ?", [sha256]).fetchone()
        return bytes(row[0]) if row is not None else None


LISTED = """
    select min(a.portal), g.url, g.fetched, g.sha256
    from (select article as id, url from main.article_files union select id, image from main.articles) l
    join snap.file_addresses g on g.url = l.url join main.articles a on a.id = l.id
    where a.id not in (select value from json_each(?)) and (? = '[]' or a.portal in (select value from json_each(?)))
    group by g.url, g.fetched order by g.fetched, g.url
"""


def listed(db: sqlite3.Connection, portals: Sequence[str], hidden: Collection[int]) -> list[Listed]:
    """All that is kept of the files of some portals, of all where none is named, but those of hidden articles alone.

    Nothing where archive.db is lost: it says which article lists a file. Raises sqlite3.Error.
    """
    for name, table in (("main", "article_files"), ("snap", "file_addresses")):
        if not db.execute(f"select 1 from {name}.sqlite_master where name = ?", [table]).fetchone():
            return []
    keys = json.dumps(list(portals))
    return [Listed(*row) for row in db.execute(LISTED, [json.dumps(list(hidden)), keys, keys])]
