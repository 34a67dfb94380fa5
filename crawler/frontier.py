"""The frontier: what to fetch next and when again, kept in archive.db so that it survives a kill.

A row is an address reduced to its key. It is done in the very transaction that stores what its page brought
and inserts the links found on it; whatever was not committed is fetched again by the next run.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from archive.clock import stamp
from crawler.outcomes import Outcome
from crawler.purposes import Purpose

TRIES = 3  # a run asks for one address at most so often


class Kind(StrEnum):
    """What an address is asked for. The order is the order of a run: what is new first, the backfill's pages last."""

    SITEMAP = "sitemap"
    FEED = "feed"
    SECTION = "section"  # the first page of a listing: asked every run
    ARTICLE = "article"
    PAGE = "page"  # a further page: asked once for the backfill, again where there may be news on it
    FILE = "file"  # an attached file: asked once, when all pages are done


EVERY_RUN = (Kind.SITEMAP, Kind.FEED, Kind.SECTION)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row to fetch. `tries` counts the failed attempts of this run; `article` is the one that it led to before."""

    kind: Kind
    key: str
    url: str
    tries: int = 0
    found: str = ""
    article: int | None = None
    purpose: Purpose = Purpose.NEWS


class Frontier:
    """The frontier of one portal in one run. All writes happen inside the archive's transactions."""

    def __init__(self, connection: sqlite3.Connection, portal: str, now: datetime, recheck: str = "due") -> None:
        """`recheck`: which known articles are read again in this run: "due", "all" or "none"."""
        self.db = connection
        self.portal = portal
        self.now = stamp(now)
        self.recheck = recheck
        rows = self.db.execute("select kind, key, outcome from frontier where portal = ?", [portal]).fetchall()
        self.known = {(row[0], row[1]) for row in rows}
        self.postponed = {row[1] for row in rows if row[2] == Outcome.FUTURE_DATED}
        self.lost = {row[1] for row in rows if row[0] == Kind.ARTICLE and row[2] == Outcome.MOVED}
        self.elsewhere: dict[str, set[str]] = {}
        self.dead_ends: set[str] = set()

    def begin(self) -> None:
        """What is asked every run is due; tries of an earlier run are forgotten."""
        self.db.execute("update frontier set tries = 0 where portal = ? and tries > 0", [self.portal])
        marks = ", ".join("?" * len(EVERY_RUN))
        self.db.execute(
            f"update frontier set due = ? where portal = ? and kind in ({marks}) "
            "and coalesce(outcome, 'listing') in ('listing', 'sitemap', 'feed')",
            [self.now, self.portal, *EVERY_RUN],
        )

    def knows(self, kind: Kind, key: str) -> bool:
        """Whether the address is in the frontier, fetched or not."""
        return (kind, key) in self.known

    def add(self, kind: Kind, key: str, url: str, due: str = "", outcome: str = "") -> bool:
        """A newly found address; False where it is known. `due` later than now: not to be asked before."""
        if self.knows(kind, key):
            if kind is Kind.ARTICLE:
                self.elsewhere.setdefault(key, set()).add(url)
                if key in self.lost and url not in self.dead_ends:
                    self._readdress(key, url)
            return False
        self.known.add((kind, key))
        self.db.execute(
            "insert or ignore into frontier (portal, kind, key, url, state, due, tries, found, outcome) "
            "values (?, ?, ?, ?, 'waiting', ?, 0, ?, ?)",
            [self.portal, kind, key, url, due or self.now, self.now, outcome or None],
        )
        return True

    def readdress(self, form: Callable[[str], tuple[str, str]]) -> None:
        """Bring the addresses that were never fetched to another form: `form` gives key and address of an address."""
        rows = self.db.execute(
            "select rowid, kind, key, url from frontier where portal = ? and fetched is null "
            "and kind not in ('sitemap', 'file')",
            [self.portal],
        ).fetchall()
        for rowid, kind, key, url in rows:
            new_key, new_url = form(url)
            if new_key == key:
                continue
            self.known.discard((kind, key))
            if self.knows(Kind(kind), new_key):
                self.db.execute("delete from frontier where rowid = ?", [rowid])
            else:
                self.known.add((kind, new_key))
                self.db.execute("update frontier set key = ?, url = ? where rowid = ?", [new_key, new_url, rowid])

    def again(self, kind: Kind, key: str) -> None:
        """Ask a known address once more in this run."""
        self.db.execute(
            "update frontier set due = ?, state = 'waiting' where portal = ? and kind = ? and key = ? "
            "and (fetched is null or fetched < ?)",
            [self.now, self.portal, kind, key, self.now],
        )

    def changed_since(self, kind: Kind, key: str, modified: str) -> None:
        """Ask for a known address once more where it was changed after it was fetched; `modified` is ISO 8601."""
        try:
            moment = datetime.fromisoformat(modified)
        except ValueError:
            return
        if moment.tzinfo is not None:
            self.db.execute(
                "update frontier set due = ?, state = 'waiting' where portal = ? and kind = ? and key = ? "
                "and fetched < ? and fetched < ?",
                [self.now, self.portal, kind, key, self.now, stamp(moment)],
            )

    def next(self) -> Entry | None:
        """The next page to fetch in this run, None when there is none left. Each is fetched once a run."""
        wanted = {"due": "due <= :now", "all": "1", "none": "state = 'waiting' and due <= :now"}[self.recheck]
        is_article = "(kind = 'article' or article is not null)"  # some portals have one in their menu
        order = " ".join(f"when '{kind}' then {i}" for i, kind in enumerate(Kind))
        row = self.db.execute(
            f"select kind, key, url, tries, found, article from frontier where portal = :portal and tries < {TRIES} "
            "and kind != 'file' "
            f"and (fetched is null or fetched < :now) and (due <= :now or {is_article} and fetched is not null) "
            f"and (not {is_article} or {wanted}) order by tries, case kind {order} end, rowid limit 1",
            {"portal": self.portal, "now": self.now},
        ).fetchone()
        return Entry(Kind(row[0]), *row[1:], _purpose(Kind(row[0]), row[5])) if row else None

    def next_file(self) -> Entry | None:
        """The next attached file to fetch in this run, None when there is none left."""
        row = self.db.execute(
            f"select kind, key, url, tries, found from frontier where portal = ? and kind = 'file' and tries < {TRIES} "
            "and due <= ? and (fetched is null or fetched < ?) order by tries, rowid limit 1",
            [self.portal, self.now, self.now],
        ).fetchone()
        return Entry(Kind(row[0]), *row[1:], None, Purpose.FILES) if row else None

    def done(self, entry: Entry, outcome: Outcome, status: int, due: str, article: int | None = None) -> None:
        """What an address came to. It is fetched; `due` says when it is worth asking again."""
        if outcome is Outcome.MOVED:
            self.lost.add(entry.key)
        self.db.execute(
            "update frontier set state = 'done', outcome = ?, status = ?, fetched = ?, due = ?, "
            "article = coalesce(?, article), tries = 0 where portal = ? and kind = ? and key = ?",
            [outcome, status, self.now, due, article, self.portal, entry.kind, entry.key],
        )

    def failed(self, entry: Entry, outcome: Outcome, status: int) -> None:
        """A passing failure: the address goes to the end of the run's queue, and to the next run after TRIES."""
        self.db.execute(
            "update frontier set outcome = ?, status = ?, tries = tries + 1 where portal = ? and kind = ? and key = ?",
            [outcome, status, self.portal, entry.kind, entry.key],
        )

    def another_address(self, entry: Entry) -> bool:
        """Try an article at another address seen for it in this run; False where there is none left.

        An article in two sections stands in each section's listing under that section's address, and a portal
        may know only one of them.
        """
        self.dead_ends.add(entry.url)
        others = self.elsewhere.get(entry.key, set()) - self.dead_ends
        if entry.kind is not Kind.ARTICLE or not others:
            return False
        self._readdress(entry.key, min(others))
        return True

    def _readdress(self, key: str, url: str) -> None:
        """Ask for an article at this address instead, in this run."""
        self.lost.discard(key)
        self.db.execute(
            "update frontier set url = ?, state = 'waiting', due = ?, fetched = null "
            "where portal = ? and kind = 'article' and key = ?",
            [url, self.now, self.portal, key],
        )

    def waiting(self) -> int:
        """How many pages this run has still to ask."""
        row = self.db.execute(
            f"select count(*) from frontier where portal = ? and kind != 'file' and due <= ? and tries < {TRIES} "
            "and (fetched is null or fetched < ?)",
            [self.portal, self.now, self.now],
        ).fetchone()
        return int(row[0])

    def fetched_before(self, key: str) -> bool:
        """Whether an article's address was fetched in any run."""
        row = self.db.execute(
            "select 1 from frontier where portal = ? and kind = 'article' and key = ? and fetched is not null",
            [self.portal, key],
        ).fetchone()
        return row is not None


def _purpose(kind: Kind, article: int | None) -> Purpose:
    if article is not None:
        return Purpose.RECHECK
    return Purpose.BACKFILL if kind is Kind.PAGE else Purpose.NEWS


def next_look(now: datetime, published: str) -> str:
    """When an article is to be read again: at 1, 2, 4, 8 ... days of age.

    Age counts from publication, so that a backfill of old articles is not due the next day.
    """
    age = now - datetime.fromisoformat(published) if published else timedelta(0)
    return stamp(now + max(timedelta(days=1), age))
