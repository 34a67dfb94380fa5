"""Which captures there are of which address, in time order, over any number of files: kept on disk, not in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from crawler.portals import Portal
from crawler.urls import netloc
from crawler.warc_files import Recorded

SCHEMA = """
create table captures (
    id integer primary key, portal text not null, address text not null, url text not null, fetched text not null,
    file integer not null, offset integer not null, named text not null, how text not null, status integer not null,
    wave integer, article text, outcome text
);
create index captures_by_address on captures (portal, address, fetched);
create index captures_by_article on captures (portal, article);
create table files (
    portal text not null, address text not null, fetched text not null, file integer not null, offset integer not null
);
create index files_by_address on files (portal, address, fetched);
"""
WAVES = """
update captures set wave = numbered.wave from (
    select id, row_number() over (partition by portal, address order by fetched, id) as wave
    from captures where how = ''
) as numbered where numbered.id = captures.id
"""


class AmbiguousHost(ValueError):
    """An address may be of two rows of the registry; the message names them."""


@dataclass(frozen=True, slots=True)
class Captured:
    """One capture of a portal. `url` is the one in the file; `named`: the article's key where the file says it."""

    id: int
    address: str
    url: str
    fetched: str
    file: int
    offset: int
    named: str
    how: str
    status: int


COLUMNS = "id, address, url, fetched, file, offset, named, how, status"


class Owners:
    """Whose an address is: by host, with and without www, and where portals share one, by their paths."""

    def __init__(self, portals: Iterable[Portal]) -> None:
        self.by_host: dict[str, list[Portal]] = {}
        for portal in portals:
            for host in portal.all_hosts:
                self.by_host.setdefault(host, []).append(portal)

    def of(self, url: str, named: str = "") -> Portal | None:
        """The portal of an address; None where it is of none. `named`: what the file says. Raises AmbiguousHost."""
        rows = self.by_host.get(netloc(url))
        if not rows:
            return None
        path = urlsplit(url).path or "/"
        rows = [row for row in rows if path.startswith(urlsplit(row.url).path or "/")]
        if said := [row for row in rows if row.key == named]:
            return said[0]
        longest = max((len(urlsplit(row.url).path) for row in rows), default=0)
        rows = [row for row in rows if len(urlsplit(row.url).path) == longest]
        if len(rows) > 1:
            keys = " and ".join(row.key for row in rows)
            raise AmbiguousHost(f"{netloc(url)} is the host of {keys}: say by --portal which of them the files show")
        return rows[0] if rows else None


class CaptureIndex:
    """The captures of an import, in a file of its own that is thrown away afterwards."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.execute("pragma synchronous = off")  # it does not outlive its process
        self.db.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    def add(self, portal: str, address: str, file: int, found: Recorded) -> None:
        """One capture of an address."""
        self.db.execute(
            "insert into captures (portal, address, url, fetched, file, offset, named, how, status) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [portal, address, found.url, found.fetched, file, found.offset, found.key, found.how, found.status],
        )

    def add_file(self, portal: str, address: str, file: int, found: Recorded) -> None:
        """One capture of what may be an attached file."""
        values = [portal, address, found.fetched, file, found.offset]
        self.db.execute("insert into files (portal, address, fetched, file, offset) values (?, ?, ?, ?, ?)", values)

    def files(self, portal: str, address: str) -> list[tuple[str, int, int]]:
        """Times and places of what was captured under an address, by time."""
        sql = "select fetched, file, offset from files where portal = ? and address = ? order by fetched, rowid"
        return self.db.execute(sql, [portal, address]).fetchall()

    def number(self) -> None:
        """All is added: number the captures of each address by time."""
        self.db.execute(WAVES)

    def times(self, portal: str) -> tuple[str, str] | None:
        """When the first and the last page of a portal were captured; None without any."""
        row = self.db.execute("select min(fetched), max(fetched) from captures where portal = ?", [portal]).fetchone()
        return (row[0], row[1]) if row[0] is not None else None

    def waves(self, portal: str) -> int:
        """How often the address with most captures was captured."""
        sql = "select coalesce(max(wave), 0) from captures where portal = ?"
        return int(self.db.execute(sql, [portal]).fetchone()[0])

    def wave(self, portal: str, number: int, done: str) -> Iterator[Captured]:
        """The captures of that number of each address, by time; without the addresses that came to `done` before."""
        sql = (
            f"select {COLUMNS} from captures as c where portal = ? and wave = ? and not exists (select 1 from captures "
            "as before where before.portal = c.portal and before.address = c.address and before.outcome = ?) "
            "order by fetched, id"
        )
        return (Captured(*row) for row in self.db.execute(sql, [portal, number, done]).fetchall())

    def came_to(self, portal: str, address: str, outcome: str, article: str | None) -> None:
        """What an address turned out to be, and the key of its article."""
        self.db.execute(
            "update captures set outcome = ?, article = ? where portal = ? and address = ? and how = ''",
            [outcome, article, portal, address],
        )

    def addresses(self, portal: str) -> list[tuple[str, str]]:
        """Every address of a portal, with one of the forms in which it was captured."""
        sql = "select address, min(url) from captures where portal = ? and how = '' group by address"
        return self.db.execute(sql, [portal]).fetchall()

    def no_articles(self, portal: str) -> list[tuple[str, int]]:
        """What the other captures came to, and how many each."""
        sql = (
            "select coalesce(outcome, 'not_article'), count(*) from captures where portal = ? and how = '' and "
            "article is null and named = '' group by 1"
        )
        return self.db.execute(sql, [portal]).fetchall()

    def by_article(self, portal: str) -> Iterator[tuple[str, list[Captured]]]:
        """The captures of each article by time, the articles by their first capture; a file's own key goes first."""
        whose = "coalesce(nullif(named, ''), article)"
        known = f"portal = ? and {whose} is not null"
        keys = self.db.execute(
            f"select {whose} from captures where {known} group by 1 order by min(fetched), min(id)", [portal]
        ).fetchall()
        for (key,) in keys:
            sql = f"select {COLUMNS} from captures where {known} and {whose} = ? order by fetched, id"
            yield key, [Captured(*row) for row in self.db.execute(sql, [portal, key])]
