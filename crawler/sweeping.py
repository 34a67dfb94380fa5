"""The weekly sweep: every listing from its first page to its last, and what no longer stands in any of them.

Each listing has its day of the week, by a hash that is the same in every run, and the pages of a large one are spread
over several nights: no night walks through all. The backfill was the first sweep, so the next one begins a week later.
Pages are asked in their order: what news push to the next page meanwhile is met there.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from archive.clock import stamp
from crawler.addresses import PAGE_PARAMETERS, PAGE_SEGMENT
from crawler.frontier import Frontier
from crawler.revisiting import share_of

SWEEP = timedelta(days=7)  # from one walk through a listing to the next
GIVEN_UP = timedelta(days=6)  # after which a walk that meets failing pages is ended without its end
LEAST = 10  # pages that a night may sweep however few there are
FEW_MISSING = 10  # articles; of more than these and half a listing at once the listing is not believed
LISTS = "kind in ('section', 'page', 'sitemap', 'feed') and article is null"
READ = "outcome in ('listing', 'sitemap', 'feed')"

logger = logging.getLogger(__name__)


def listing_of(url: str) -> str:
    """The listing that an address is a page of: the address of its first page, in one form."""
    parts = urlsplit(url)
    match = PAGE_SEGMENT.match(parts.path)
    path = match["stem"] if match is not None else parts.path
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name.lower() not in PAGE_PARAMETERS])
    path = re.sub(r"/index\.(?:php|html?|aspx)$", "", path.casefold()).rstrip("/") or "/"
    return f"{path}?{query}" if query else path


class Sweep:
    """The sweep of one portal in one run; all writes happen in the caller's transactions."""

    def __init__(self, frontier: Frontier, now: datetime) -> None:
        self.frontier = frontier
        self.db = frontier.db
        self.portal = frontier.portal
        self.now = now

    def begin(self, home: str) -> None:
        """The pages of tonight into the frontier; `home`: the key of the home page, which is asked anyway."""
        if not self.frontier.caught_up:
            return
        self._name_listings()
        self._put_down(home)
        rows = self.db.execute(
            "select listing from sweeps where portal = ? and round is null and due <= ?",
            [self.portal, self.frontier.soon],
        ).fetchall()
        for (listing,) in rows:
            self.db.execute(
                "update sweeps set round = ? where portal = ? and listing = ?",
                [self.frontier.round, self.portal, listing],
            )
            self.db.execute(
                f"update frontier set reason = 'walk' where portal = ? and listing = ? and key != ? "
                f"and coalesce(reason, '') != 'news' and {LISTS} and {READ}",
                [self.portal, listing, home],
            )
        self._take_tonight()

    def _name_listings(self) -> None:
        rows = self.db.execute(
            f"select rowid, url from frontier where portal = ? and listing is null and {LISTS}", [self.portal]
        ).fetchall()
        named = [(listing_of(url), rowid) for rowid, url in rows]
        self.db.executemany("update frontier set listing = ? where rowid = ?", named)

    def _put_down(self, home: str) -> None:
        """Each listing has its day of the week."""
        rows = self.db.execute(
            f"select distinct listing from frontier where portal = ? and key != ? and {LISTS} and {READ} "
            "and listing not in (select listing from sweeps where portal = ?)",
            [self.portal, home, self.portal],
        ).fetchall()
        for (listing,) in rows:
            due = self.now + timedelta(days=6 + share_of(f"{self.portal} {listing}", 7))
            self.db.execute(
                "insert into sweeps (portal, listing, due) values (?, ?, ?)", [self.portal, listing, stamp(due)]
            )

    def _take_tonight(self) -> None:
        pages, left = self.db.execute(
            "select count(*), coalesce(sum(reason is 'sweep'), 0) from frontier "
            f"where portal = ? and {LISTS} and {READ}",
            [self.portal],
        ).fetchone()
        most = max(LEAST, -(-pages // 7)) - left
        self.db.execute(
            "update frontier set reason = 'sweep', due = ? where rowid in (select rowid from frontier "
            "where portal = ? and reason = 'walk' order by listing, kind != 'section', rowid limit ?)",
            [self.frontier.now, self.portal, max(0, most)],
        )

    def end(self) -> int:
        """The run came to its end: walks that did too are over. Returns how many articles they did not meet again."""
        self._name_listings()
        return sum(self._end_walk(listing, begun, is_whole) for listing, begun, is_whole in self._walked())

    def _walked(self) -> Iterator[tuple[str, int, bool]]:
        """Each listing whose walk is over, the round in which it began, and whether all its pages were read."""
        rows = self.db.execute(
            "select listing, round, due from sweeps where portal = ? and round is not null", [self.portal]
        ).fetchall()
        for listing, begun, due in rows:
            left, failed = self.db.execute(
                "select coalesce(sum(coalesce(reason, '') in ('walk', 'sweep') or fetched is null), 0), "
                f"coalesce(sum(round >= ? and not ({READ})), 0) from frontier "
                f"where portal = ? and listing = ? and {LISTS}",
                [begun, self.portal, listing],
            ).fetchone()
            if not left or stamp(self.now - GIVEN_UP) > due:
                yield listing, begun, not left and not failed

    def _end_walk(self, listing: str, begun: int, is_whole: bool) -> int:
        self.db.execute(
            "update sweeps set round = null, due = ? where portal = ? and listing = ?",
            [stamp(self.now + SWEEP), self.portal, listing],
        )
        if not is_whole:
            self.db.execute(
                "update frontier set reason = null where portal = ? and listing = ? and reason in ('walk', 'sweep')",
                [self.portal, listing],
            )
            return 0
        return self._call_for_missing(listing, begun)

    def _call_for_missing(self, listing: str, begun: int) -> int:
        """What stood in a listing before and was not met in this walk is read again in the next run."""
        missing = "portal = ? and kind = 'article' and listing = ? and listed < ? and article is not null"
        values = [self.portal, listing, begun]
        lost, met = (
            self.db.execute(f"select count(*) from frontier where {condition}", values).fetchone()[0]
            for condition in (missing, missing.replace("listed <", "listed >="))
        )
        if lost > FEW_MISSING and lost > met:
            logger.warning(
                "%s: %d articles no longer stand in %s, and %d do: the listing is not believed",
                *(self.portal, lost, listing, met),
            )
            return 0
        return self.db.execute(
            "update frontier set due = ?, reason = 'missing', listing = null, listed = null "
            f"where {missing} and article in (select id from articles where gone is null)",
            [self.frontier.now, *values],
        ).rowcount
