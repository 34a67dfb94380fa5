"""Conditional requests: "only if it is another than the one you sent", where a host honours them.

NukeViet does not: its Last-Modified is always now minus a day, and it answers 200 whatever it is asked. Such a host is
not asked in this way for a month. One that answers 304 may lie: each page is asked whole once a month all the same.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scrapy.http import Response

from archive.clock import stamp
from crawler.outcomes import Outcome
from crawler.purposes import Purpose
from crawler.urls import netloc

if TYPE_CHECKING:
    from crawler.frontier import Entry

IGNORED = 3  # times in a row that a host answered with the same page whole, after which it is not asked so
MONTH = timedelta(days=30)
NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Validators:
    """By what a host knows the page again that it sent for a row of the frontier; "" where it gave none."""

    kind: str
    key: str
    etag: str
    modified: str


class Conditional:
    """Which requests of one run are conditional; all writes happen in the caller's transactions."""

    def __init__(self, db: sqlite3.Connection, portal: str, now: datetime, is_wanted: bool = True) -> None:
        """`is_wanted`: False where everything is to be read again."""
        self.db = db
        self.portal = portal
        self.now = now
        self.is_wanted = is_wanted
        self.before: Validators | None = None  # what is remembered of the address in hand

    def headers(self, entry: Entry) -> dict[str, str]:
        """What to send with the request for an address; nothing where it is to be answered whole."""
        row = self.db.execute(
            "select etag, modified, whole, outcome from frontier where portal = ? and kind = ? and key = ?",
            [self.portal, entry.kind, entry.key],
        ).fetchone() or (None, None, None, None)
        self.before = Validators(entry.kind, entry.key, row[0] or "", row[1] or "")
        may_rest = entry.purpose in (Purpose.NEWS, Purpose.RECHECK)  # a sweep has to see what stands in a listing
        if not self.is_wanted or not may_rest or self.is_ignored_by(netloc(entry.url)):
            return {}
        if row[2] is None or not self._is_recent(row[2]) or row[3] not in KNOWN:
            return {}
        return {name: value for name, value in (("If-None-Match", row[0]), ("If-Modified-Since", row[1])) if value}

    @property
    def has_marks(self) -> bool:
        """Whether the host gave the address in hand a mark before."""
        return self.before is not None and bool(self.before.etag or self.before.modified)

    def is_ignored_by(self, host: str) -> bool:
        """Whether a host is known to answer whole whatever it is asked."""
        row = self.db.execute("select since from conditional_hosts where host = ?", [host]).fetchone()
        return row is not None and row[0] is not None and self._is_recent(row[0])

    def _is_recent(self, moment: str) -> bool:
        """Within the last month; what lies in the future was written by a wrong clock."""
        return timedelta(0) <= self.now - datetime.fromisoformat(moment) < MONTH

    def validators(self, entry: Entry, response: Response) -> Validators | None:
        """What to remember of an answer; None of one that says that nothing has changed.

        An answer that came by way of a redirect says nothing of the address that was asked.
        """
        if response.status == NOT_MODIFIED:
            return None
        is_direct = response.url == entry.url and response.status == 200
        etag, modified = (
            (response.headers.get(name) or b"").decode("latin-1") if is_direct else ""
            for name in ("ETag", "Last-Modified")
        )
        return Validators(entry.kind, entry.key, etag, modified)

    def saw(self, entry: Entry, sent: dict[str, str], answer: Validators | None) -> None:
        """What a host made of a request, once its answer is dealt with; in a transaction. `sent`: see headers()."""
        host = netloc(entry.url)
        if answer is None:
            self.db.execute("delete from conditional_hosts where host = ?", [host])
            return
        row = self.db.execute(
            "select outcome from frontier where portal = ? and kind = ? and key = ?",
            [self.portal, entry.kind, entry.key],
        ).fetchone()
        outcome = row[0] if row is not None else ""
        says_the_same = self.before == answer and bool(answer.etag or answer.modified)
        if outcome == Outcome.CHANGED and says_the_same:
            self._strike(host, IGNORED)  # its mark stayed the same and the text did not: a 304 of it is worth nothing
        elif sent and (outcome == Outcome.UNCHANGED or says_the_same):
            self._strike(host, 1)

    def _strike(self, host: str, weight: int) -> None:
        self.db.execute(
            "insert into conditional_hosts (host, ignored) values (?, ?) "
            "on conflict (host) do update set ignored = coalesce(ignored, 0) + excluded.ignored",
            [host, weight],
        )
        self.db.execute(
            "update conditional_hosts set since = ?, ignored = 0 where host = ? and ignored >= ?",
            [stamp(self.now), host, IGNORED],
        )


# What a row came to before, so that a 304 has something to be unchanged from.
KNOWN = frozenset({Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.LISTING, Outcome.SITEMAP, Outcome.FEED})
