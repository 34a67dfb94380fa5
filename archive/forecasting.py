"""What comes: how many articles and bytes in a year, when the disk is full, and when the backfills are done.

What the portals publish day by day is told from the dates of the articles, not from when they were saved: the first
nights of a portal read years of its past, and nobody publishes at that rate. What is left of that past is counted from
the frontier, and added once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive import clock
from archive.moment import databases

WINDOWS = (30, 90)  # days that are looked back on; the first is what the forecast goes by
LITTLE = 14  # nights of history below which a forecast is a guess
PACE = 2.2  # seconds a request, where no run tells it
YEAR = 365
NEXT_COPY = 1.15  # of the last one: what publishing asks for (publish.py)

ARTICLES = """
    select portal, sum(first_seen > :start), sum(published > :start and published <= :now)
    from main.articles group by portal
"""
REVISIONS = """
    select a.portal, count(*) from main.revisions r join main.articles a on a.id = r.article
    where r.number > 1 and r.seen > :start group by a.portal
"""
PAGES = """
    select portal, sum(length(body)) from snap.snapshots where body is not null and fetched > :start group by portal
"""
FILES = """
    select portal, sum(size) from (
        select distinct a.portal, f.sha256, f.size from snap.files f
        join main.article_files l on l.url = f.url join main.articles a on a.id = l.article where f.fetched > :start
    ) group by portal
"""
WAITING = """
    select portal, sum(kind = 'article'), count(*) from main.frontier
    where fetched is null and kind in ('article', 'section', 'page') and state = 'waiting' group by portal
"""
RUNS = """
    select portal, sum(requests), sum((julianday(finished) - julianday(started)) * 86400) from main.run_portals
    where requests > 0 and finished > :start group by portal
"""


@dataclass(frozen=True, slots=True)
class Window:
    """What came in the last days, of one portal or of all. `published`: articles that bear a date in them."""

    days: int
    articles: int = 0
    published: int = 0
    revisions: int = 0
    pages: int = 0  # bytes of raw pages
    files: int = 0  # bytes of attached files


@dataclass(frozen=True, slots=True)
class Backfill:
    """What a portal's frontier has never asked yet; `hours` of crawling at the pace of its runs before."""

    portal: str
    articles: int
    addresses: int
    hours: float


@dataclass(frozen=True, slots=True)
class Measured:
    """`nights`: days since the first article was saved. `by_portal`: per key, and in all under "", a Window each."""

    nights: float
    by_portal: Mapping[str, tuple[Window, ...]]
    backfills: tuple[Backfill, ...]

    @property
    def total(self) -> tuple[Window, ...]:
        """All portals together."""
        return self.by_portal.get("", tuple(Window(days) for days in WINDOWS))


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes: of archive.db, of all that lies in the data folder, of the copies, of the newest one, and free ones."""

    archive: int
    everything: int
    published: int
    newest_copy: int
    free: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """`days_left`: until publishing finds no room; None where it always does. `is_guess`: there is little history."""

    articles_a_day: float
    bytes_a_day: float
    backfill_bytes: float
    articles_in_a_year: float
    bytes_in_a_year: float
    days_left: float | None
    is_guess: bool


def measure(db: sqlite3.Connection) -> Measured:
    """Count what came, through a connection of one_moment(). Raises sqlite3.Error."""
    now = clock.now()
    (first,) = db.execute("select min(first_seen) from main.articles").fetchone()
    nights = (now - datetime.fromisoformat(first)) / timedelta(days=1) if first else 0.0
    windows = [_window(db, now, days) for days in WINDOWS]
    keys = sorted({key for window in windows for key in window})
    by_portal = {key: tuple(window.get(key, Window(days)) for window, days in _paired(windows)) for key in keys}
    return Measured(nights, by_portal, _backfills(db, now))


def _paired(windows: list[dict[str, Window]]) -> list[tuple[dict[str, Window], int]]:
    return list(zip(windows, WINDOWS, strict=True))


def _window(db: sqlite3.Connection, now: datetime, days: int) -> dict[str, Window]:
    at = {"start": clock.stamp(now - timedelta(days=days)), "now": clock.stamp(now)}
    articles = {row[0]: (int(row[1] or 0), int(row[2] or 0)) for row in db.execute(ARTICLES, at)}
    revisions, pages, files = _by_portal(db, REVISIONS, at), {}, {}
    if "snap" in databases(db):
        pages = _by_portal(db, PAGES, at)
        if db.execute("select 1 from snap.sqlite_master where name = 'files'").fetchone():
            files = _by_portal(db, FILES, at)
    found = {
        key: Window(days, *articles.get(key, (0, 0)), revisions.get(key, 0), pages.get(key, 0), files.get(key, 0))
        for key in {*articles, *pages}
    }
    columns = ("articles", "published", "revisions", "pages", "files")
    sums = [sum(getattr(window, column) for window in found.values()) for column in columns]
    return {"": Window(days, *sums), **found}


def _by_portal(db: sqlite3.Connection, sql: str, at: dict[str, str]) -> dict[str, int]:
    return {row[0]: int(row[1] or 0) for row in db.execute(sql, {"start": at["start"]})}


def _backfills(db: sqlite3.Connection, now: datetime) -> tuple[Backfill, ...]:
    """The longest first."""
    start = {"start": clock.stamp(now - timedelta(days=WINDOWS[-1]))}
    pace = {portal: seconds / requests for portal, requests, seconds in db.execute(RUNS, start)}
    found = [
        Backfill(portal, int(articles), int(addresses), addresses * max(pace.get(portal, PACE), 0.0) / 3600)
        for portal, articles, addresses in db.execute(WAITING)
    ]
    return tuple(sorted(found, key=lambda one: -one.hours))


def forecast(measured: Measured, articles: int, disk: Disk) -> Forecast:
    """What comes of what was measured; `articles` are those there are."""
    window = measured.total[0]
    text = disk.archive / max(1, articles)
    copies = disk.published / max(1, disk.archive)
    an_article = text * (1 + copies) + (window.pages + window.files) / max(1, window.articles)
    a_day = window.published / window.days
    edits = window.revisions / max(1.0, min(window.days, measured.nights))
    bytes_a_day = a_day * an_article + edits * text
    waiting = sum(one.articles for one in measured.backfills)
    return Forecast(
        articles_a_day=a_day,
        bytes_a_day=bytes_a_day,
        backfill_bytes=waiting * an_article,
        articles_in_a_year=articles + waiting + YEAR * a_day,
        bytes_in_a_year=disk.everything + waiting * an_article + YEAR * bytes_a_day,
        days_left=_days_left(disk.free - disk.newest_copy * NEXT_COPY - waiting * an_article, bytes_a_day),
        is_guess=measured.nights < LITTLE,
    )


def _days_left(room: float, bytes_a_day: float) -> float | None:
    if room <= 0:
        return 0.0
    return room / bytes_a_day if bytes_a_day else None
