"""Which doors of a portal are asked tonight, and whether they can be believed.

A night without news costs robots.txt, the home page, and of sitemaps and feeds one of each: where these tell of all
that is new, the sections rest until the weekly sweep. Whether they do is measured, not assumed: a sitemap may be a
stale file of 2019, a feed may hold one section of nine. An article that a listing shows and they do not, although it is
newer than the oldest that they list, makes them untruthful, and the sections are asked every night again.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from archive.clock import stamp
from crawler.frontier import EVERY_RUN, Entry, Frontier, Kind
from crawler.outcomes import PASSING
from crawler.revisiting import NEXT_NIGHT, Reason, moment_of

MISTRUST = timedelta(days=28)  # without a further omission, until sitemaps and feeds are believed again
MIDNIGHT = "T00:00:00"  # of a date without a time of day
ARTICLES, PARTS, DATED_PARTS = "articles", "parts", "dated parts"  # what a sitemap or feed lists

logger = logging.getLogger(__name__)


class Doors:
    """The doors of one portal in one run; all writes happen in the caller's transactions."""

    def __init__(self, frontier: Frontier, home: str, now: datetime, is_full: bool = False) -> None:
        """`home`: the frontier's key of the home page. `is_full`: every door is asked."""
        self.frontier = frontier
        self.db = frontier.db
        self.portal = frontier.portal
        self.now = now
        self.is_full = is_full
        self.listed: dict[tuple[str, str], set[str]] = {}  # articles, by the sitemap or feed that lists them
        self.noted = frontier.notes.of("doors")  # how many articles they list, how many were known; is it decided?
        self.has_sources = False
        row = self.db.execute("select untruthful, home from ways where portal = ?", [self.portal]).fetchone()
        self.untruthful: str | None = row[0] if row is not None else None  # when they last left something out
        self.home: str = (row[1] if row is not None else None) or home

    def begin(self) -> None:
        """The doors of tonight into the frontier. A portal whose backfill is not done yet is asked at all doors."""
        self.db.execute("insert or ignore into ways (portal) values (?)", [self.portal])
        if self.is_full:
            self.frontier.open((*EVERY_RUN, Kind.PAGE))
        elif self.frontier.caught_up:
            self._open("section", self.home)
            for kind, key in self._sources():
                self.has_sources = True
                self._open(kind, key)
        else:  # a backfill that was killed an hour ago goes on where it was
            self.frontier.open(EVERY_RUN, before=stamp(self.now - NEXT_NIGHT))

    def _open(self, kind: str, key: str, reason: Reason = Reason.NEWS) -> None:
        self.frontier.look_anew()
        self.db.execute(
            "update frontier set due = ?, reason = ? where portal = ? and kind = ? and key = ? "
            "and (round is null or round < ?)",
            [self.frontier.now, reason, self.portal, kind, key, self.frontier.round],
        )

    def _sources(self) -> list[tuple[str, str]]:
        """One feed, and one sitemap: an index that says which of its parts have changed, else the part of the newest.

        An index that does not say so is asked in the sweep.
        """
        rows = self.db.execute(
            "select kind, key, lists from frontier where portal = ? and kind in ('feed', 'sitemap') "
            f"and (outcome in ('feed', 'sitemap') or outcome in ({', '.join('?' * len(PASSING))})) "
            "order by newest is null, newest desc, rowid",
            [self.portal, *PASSING],
        ).fetchall()
        wanted = (("feed", (ARTICLES,)), ("sitemap", (DATED_PARTS,)), ("sitemap", (ARTICLES,)))
        found = [
            next(((kind, key) for kind, key, lists in rows if kind == wish and lists in what), None)
            for wish, what in wanted
        ]
        return [source for source in (found[0], found[1] or found[2]) if source is not None]

    def heard(self, entry: Entry) -> None:
        """A sitemap or feed was read: what it lists, and which of its parts are worth asking."""
        keys, parts = self.frontier.listed_now, self.frontier.parts_now
        if keys:
            self.listed[entry.kind, entry.key] = set(keys)
            self.noted["articles"] += len(keys)
            self.noted["known"] += len(keys - self.frontier.added)
            self.frontier.notes.write()
            self.db.executemany(
                "update frontier set lists = ? where portal = ? and kind = 'article' and key = ? and lists is null",
                [(entry.key, self.portal, key) for key in keys],
            )
        lists = ARTICLES if keys else DATED_PARTS if parts and all(parts.values()) else PARTS
        self.db.execute(
            "update frontier set lists = ? where portal = ? and kind = ? and key = ?",
            [lists, self.portal, entry.kind, entry.key],
        )
        if lists == DATED_PARTS and self.frontier.caught_up:
            # Where all claim to have changed, as of a clock that is always now, only one is believed at once.
            changed = sorted(((moment_of(said), url) for url, said in parts.items()), reverse=True)
            urls = [url for moment, url in changed if self._is_stale(url, moment)]
            for i, url in enumerate(urls):
                self._open("sitemap", url, Reason.SWEEP if i else Reason.NEWS)

    def _is_stale(self, key: str, moment: str) -> bool:
        """Whether a part of a sitemap was read before it is said to have changed; never of a change to come."""
        row = self.db.execute(
            "select fetched from frontier where portal = ? and kind = 'sitemap' and key = ? and outcome = 'sitemap'",
            [self.portal, key],
        ).fetchone()
        return row is not None and row[0] < moment <= stamp(self.now + timedelta(days=1))

    def leads_to(self, entry: Entry, key: str) -> None:
        """The home page turned out to stand at another address."""
        if entry.key == self.home:
            self.db.execute("update ways set home = ? where portal = ?", [key, self.portal])
            self.home = key

    @property
    def is_decided(self) -> bool:
        """Whether decide() was called in this run, or in the one that it goes on with."""
        return bool(self.noted["decided"])

    def decide(self) -> None:
        """The doors are asked: the sections rest, unless there may be news that only they show."""
        self.noted["decided"] = 1
        self.frontier.notes.write()
        if self.frontier.caught_up and not self._tell_all():
            self.frontier.open([Kind.SECTION])

    def _tell_all(self) -> bool:
        """Whether sitemaps, feeds and the home page have told of all that is new."""
        left = self.db.execute(
            "select count(*) from frontier where portal = ? and reason = 'news' "
            "and (kind in ('sitemap', 'feed') or key = ?) and (round is null or round < ?)",
            [self.portal, self.home, self.frontier.round],
        ).fetchone()[0]
        is_gap = self.noted["articles"] and not self.noted["known"]  # more may have come and gone since the last run
        on_home_alone = self.db.execute(
            "select 1 from frontier where portal = ? and kind = 'article' and found = ? and lists is null limit 1",
            [self.portal, self.frontier.now],
        ).fetchone()
        return self.has_sources and self.is_trusted and not left and not is_gap and not on_home_alone

    @property
    def is_trusted(self) -> bool:
        """Whether nothing was found lately that sitemaps and feeds had left out."""
        if not self.untruthful:
            return True
        return self.now - datetime.fromisoformat(self.untruthful) >= MISTRUST

    def end(self) -> None:
        """The run came to its end by itself: what it showed of the doors is remembered."""
        self._date_sources()
        self._measure()
        self.db.execute(
            "update ways set caught_up = coalesce(caught_up, ?) where portal = ?", [stamp(self.now), self.portal]
        )

    def _date_sources(self) -> None:
        """The oldest and the newest article of each sitemap and feed: as read in this run, else as far as noted."""
        rows = self.db.execute(
            "select f.key, f.lists, a.published from frontier f join articles a on a.id = f.article "
            "where f.portal = ? and f.kind = 'article' and a.published > ''",
            [self.portal],
        ).fetchall()
        dates = {row[0]: row[2] for row in rows}
        found = {key: sorted(dates[one] for one in listed if one in dates) for (_, key), listed in self.listed.items()}
        noted: dict[str, list[str]] = {}
        for _, source, published in rows:
            if source is not None and source not in found:
                noted.setdefault(source, []).append(published)
        for key, dated in (*found.items(), *noted.items()):
            condition = "" if key in found else "and newest is null"
            self.db.execute(
                "update frontier set oldest = ?, newest = ? where portal = ? and key = ? "
                f"and kind in ('sitemap', 'feed') {condition}",
                [min(dated, default=None), max(dated, default=None), self.portal, key],
            )

    def _measure(self) -> None:
        """Whether a new article should have stood in a sitemap or feed, and did not; of a backfill every article."""
        if not self._sources():
            return
        which = "and f.round = :round and f.outcome = 'new'" if self.frontier.caught_up else ""
        rows = self.db.execute(
            "select a.published, a.url from frontier f join articles a on a.id = f.article "
            f"where f.portal = :portal and f.kind = 'article' and f.lists is null {which}",
            {"portal": self.portal, "round": self.frontier.round},
        ).fetchall()
        horizon = self.db.execute("select min(oldest) from frontier where portal = ?", [self.portal]).fetchone()[0]
        self.db.execute("update ways set horizon = ? where portal = ?", [horizon, self.portal])
        url = next((url for published, url in rows if self._was_out(published, horizon)), None)
        if url is not None:
            logger.info("%s: neither sitemap nor feed has %s: the sections are asked every night", self.portal, url)
            self.db.execute(
                "update ways set untruthful = ?, evidence = ? where portal = ?", [stamp(self.now), url, self.portal]
            )

    def _was_out(self, published: str | None, horizon: str | None) -> bool:
        """Whether an article was published before this run asked, and after the oldest that is listed anywhere."""
        if horizon is None:
            return True
        if not published or published <= horizon:
            return False
        day_long = MIDNIGHT in published
        moment = datetime.fromisoformat(published) + timedelta(days=day_long)
        return stamp(moment) <= self.frontier.now
