"""The frontier: what to fetch next and when again, kept in archive.db so that it survives a kill.

A row is an address reduced to its key. It is done in the very transaction that stores what its page brought
and inserts the links found on it; whatever was not committed is fetched again by the next run.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from archive.clock import stamp
from crawler.conditional import Validators
from crawler.notes import Notes
from crawler.outcomes import Outcome
from crawler.purposes import Purpose
from crawler.revisiting import BY_TURN, EARLY, Reason, moment_of, next_look

__all__ = ["BY_TURN", "EVERY_RUN", "TRIES", "Entry", "Frontier", "Kind", "next_look"]

TRIES = 3  # a run asks for one address at most so often
AHEAD = 100  # rows that are looked up at once: their order is one that no index has, 10 ms where 20,000 are due


class Kind(StrEnum):
    """What an address is asked for. The order is the order of a run: what is new first, the backfill's pages last."""

    SITEMAP = "sitemap"
    FEED = "feed"
    SECTION = "section"  # the first page of a listing
    ARTICLE = "article"
    PAGE = "page"  # a further page: asked once for the backfill, again where there may be news on it
    FILE = "file"  # an attached file: asked once, when all pages are done


ORDER = {kind: number for number, kind in enumerate(Kind)}
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
        ways = self.db.execute("select caught_up from ways where portal = ?", [portal]).fetchone()
        self.caught_up = ways is not None and ways[0] is not None  # whether the backfill came to its end
        self.soon = stamp(now + EARLY)
        rows = self.db.execute(
            "select kind, key, outcome, fetched, due, round from frontier where portal = ?", [portal]
        ).fetchall()
        # Which run asked for an address last is told by a number: the clock may be set back.
        self.round = max((row[5] or 0 for row in rows), default=0) + 1
        self.known = {(row[0], row[1]) for row in rows}
        self.postponed = {row[1] for row in rows if row[2] == Outcome.FUTURE_DATED}
        self.lost = {row[1] for row in rows if row[0] == Kind.ARTICLE and row[2] == Outcome.MOVED}
        self.ahead: deque[sqlite3.Row] = deque()  # what comes next, as looked up last
        # What was never read before this run: a page of a listing that shows none of it holds no news.
        self.fresh = {row[1] for row in rows if row[0] == Kind.ARTICLE and row[3] is None and row[4] <= self.now}
        self.shown: set[str] = set()  # ... and that some listing has shown in this run
        self.added: set[str] = set()  # articles that this run heard of for the first time
        self.listed_now: set[str] = set()  # articles that the sitemap or feed in hand lists
        self.parts_now: dict[str, str] = {}  # the sitemaps that it lists, and when they changed
        self.validators: Validators | None = None  # of the answer that is dealt with now
        self.goes_on = False  # with a run that was cut off
        self.notes = Notes(connection, portal)
        self.elsewhere: dict[str, set[str]] = {}
        self.dead_ends: set[str] = set()

    def begin(self) -> None:
        """Tries of an earlier run are forgotten. Which lists are asked again, doors.py says.

        What a run noted on its way is known again by the one that goes on with it, and forgotten by any other.
        """
        self.forgive()
        if not self.goes_on:
            self.notes.forget()
            return
        self.notes.recall()
        sql = "select key from frontier where portal = ? and kind = 'article' and found = ?"
        self.added = {row[0] for row in self.db.execute(sql, [self.portal, self.now])}

    def open(self, kinds: Iterable[Kind], before: str = BY_TURN) -> None:
        """The lists among the addresses of some kinds are asked in this run, if they were fetched before a time."""
        self.look_anew()
        marks = ", ".join(f"'{kind}'" for kind in kinds)
        self.db.execute(
            f"update frontier set due = ?, reason = ? where portal = ? and kind in ({marks}) and fetched <= ? "
            "and (round is null or round < ?) and coalesce(outcome, 'listing') in ('listing', 'sitemap', 'feed')",
            [self.now, Reason.NEWS, self.portal, before, self.round],
        )

    def count_from(self, moment: datetime, is_resumed: bool = False) -> None:
        """What was asked since a moment is asked by this run; with `is_resumed` by one that this one goes on with.

        Of a portal that the run before had not begun yet nothing was asked.
        """
        self.now, self.soon = stamp(moment), stamp(moment + EARLY)
        if is_resumed:
            sql = "select max(round) from frontier where portal = ? and fetched >= ?"
            found = self.db.execute(sql, [self.portal, self.now]).fetchone()[0]
            self.goes_on, self.round = found is not None, found or self.round
        self.look_anew()

    def forgive(self) -> None:
        """What failed is asked for again in this run."""
        self.look_anew()
        self.db.execute("update frontier set tries = 0 where portal = ? and tries > 0", [self.portal])

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
        self.look_anew(kind)
        if kind is Kind.ARTICLE:
            self.added.add(key)
            if (due or self.now) <= self.now:
                self.fresh.add(key)
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
        self.look_anew()
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
        """Ask a known address once more in this run, since there may be news."""
        self.look_anew()
        self.db.execute(
            "update frontier set due = ?, state = 'waiting', reason = 'news' where portal = ? and kind = ? and key = ? "
            "and (round is null or round < ?)",
            [self.now, self.portal, kind, key, self.round],
        )

    def changed_since(self, kind: Kind, key: str, modified: str) -> bool:
        """Ask for a known address once more where it was changed after it was fetched; `modified` is a lastmod.

        Returns whether it is. What is said to change later than now is not believed: it would be asked every night
        until then.
        """
        moment = moment_of(modified)
        if not moment or moment > self.soon:
            return False
        self.look_anew()
        return bool(
            self.db.execute(
                "update frontier set due = ?, state = 'waiting' where portal = ? and kind = ? and key = ? "
                "and (round is null or round < ?) and fetched < ?",
                [self.now, self.portal, kind, key, self.round, moment],
            ).rowcount
        )

    def next(self) -> Entry | None:
        """The next page to fetch in this run, None when there is none left. Each is fetched once a run."""
        while True:
            while self.ahead:
                kind, key, tries = self.ahead[0][0], self.ahead[0][1], self.ahead[0][3]
                for row in self._wanted("and kind = :kind and key = :key and tries = :tries", kind, key, tries):
                    return self._entry(row)
                self.ahead.popleft()  # it is asked, or has failed and its turn comes again
            self.ahead.extend(self._wanted())
            if not self.ahead:
                return None

    def _wanted(self, which: str = "", kind: str = "", key: str = "", tries: int = 0) -> list[sqlite3.Row]:
        """The rows that this run has still to fetch, in their order: what is new before what waits from before."""
        wanted = {"due": "due <= :soon", "all": "1", "none": "state = 'waiting' and due <= :now"}[self.recheck]
        is_article = "(kind = 'article' or article is not null)"  # some portals have one in their menu
        order = " ".join(f"when '{kind}' then {i}" for i, kind in enumerate(Kind))
        return self.db.execute(
            "select kind, key, url, tries, found, article, reason, fetched from frontier "
            f"where portal = :portal and tries < {TRIES} and kind != 'file' and (round is null or round < :round) "
            f"and (due <= :now or {is_article} and fetched is not null) and (not {is_article} or {wanted}) {which} "
            f"order by tries, reason is 'sweep', case kind {order} end, fetched is null and found < :now, rowid "
            f"limit {AHEAD}",
            {"portal": self.portal, "now": self.now, "soon": self.soon, "round": self.round,
             "kind": kind, "key": key, "tries": tries},
        ).fetchall()  # fmt: skip

    def look_anew(self, kind: Kind | None = None) -> None:
        """Something became due that goes before some of what is looked up already: of a kind, if that is known."""
        if self.ahead and kind is not None:
            last, tries, reason = Kind(self.ahead[-1][0]), self.ahead[-1][3], self.ahead[-1][6]
            if not tries and reason != Reason.SWEEP and ORDER[last] <= ORDER[kind]:
                return
        self.ahead.clear()

    def _entry(self, row: sqlite3.Row) -> Entry:
        kind, article = Kind(row[0]), row[5]
        purpose = self._purpose(kind, article, row[6], row[7] is None)
        return Entry(kind, row[1], row[2], row[3], row[4], article, purpose)

    def _purpose(self, kind: Kind, article: int | None, reason: str | None, is_new: bool) -> Purpose:
        if article is not None or (kind is Kind.ARTICLE and not is_new):
            return Purpose.RECHECK
        if kind in (Kind.SITEMAP, Kind.FEED):
            return Purpose.SWEEP if reason == Reason.SWEEP else Purpose.NEWS
        if reason == Reason.NEWS or (kind is Kind.ARTICLE and self.caught_up):
            return Purpose.NEWS
        return Purpose.BACKFILL if is_new else Purpose.SWEEP

    def next_file(self) -> Entry | None:
        """The next attached file to fetch in this run, None when there is none left."""
        row = self.db.execute(
            f"select key, url, tries, found from frontier where portal = ? and kind = 'file' and tries < {TRIES} "
            "and due <= ? and (round is null or round < ?) order by tries, rowid limit 1",
            [self.portal, self.now, self.round],
        ).fetchone()
        return Entry(Kind.FILE, row[0], row[1], row[2], row[3], None, Purpose.FILES) if row else None

    def done(self, entry: Entry, outcome: Outcome, status: int, due: str, article: int | None = None) -> None:
        """What an address came to. It is fetched; `due` says when it is worth asking again."""
        if outcome is Outcome.MOVED:
            self.lost.add(entry.key)
        self.db.execute(
            "update frontier set state = 'done', outcome = ?, status = ?, fetched = ?, due = ?, round = ?, "
            "reason = null, article = coalesce(?, article), tries = 0 where portal = ? and kind = ? and key = ?",
            [outcome, status, self.now, due, self.round, article, self.portal, entry.kind, entry.key],
        )
        known = self.validators
        if known is not None and (known.kind, known.key) == (entry.kind, entry.key):
            self.db.execute(
                "update frontier set etag = ?, modified = ?, whole = ? where portal = ? and kind = ? and key = ?",
                [known.etag, known.modified, self.now, self.portal, entry.kind, entry.key],
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
        self.look_anew()
        self.db.execute(
            "update frontier set url = ?, state = 'waiting', due = ?, fetched = null, round = null "
            "where portal = ? and kind = 'article' and key = ?",
            [url, self.now, self.portal, key],
        )

    def news_on(self, keys: Iterable[str]) -> int:
        """How many articles of a listing's page were never read and stood on no page before it in this run."""
        new = (self.fresh & set(keys)) - self.shown
        self.shown |= new
        return len(new)

    def show(self, listing: str, keys: Iterable[str]) -> None:
        """Articles stand in a listing in this run; `listing` as sweeping.listing_of() names it."""
        self.db.executemany(
            "update frontier set listing = ?, listed = ? where portal = ? and kind = 'article' and key = ?",
            [(listing, self.round, self.portal, key) for key in keys],
        )

    def waiting(self) -> int:
        """How many pages this run has still to ask."""
        row = self.db.execute(
            f"select count(*) from frontier where portal = ? and kind != 'file' and due <= ? and tries < {TRIES} "
            "and (round is null or round < ?)",
            [self.portal, self.now, self.round],
        ).fetchone()
        return int(row[0])

    def fetched_before(self, key: str) -> bool:
        """Whether an article's address was fetched in any run."""
        row = self.db.execute(
            "select 1 from frontier where portal = ? and kind = 'article' and key = ? and fetched is not null",
            [self.portal, key],
        ).fetchone()
        return row is not None
