"""What archive.db says of the nights before this one, and of what this one found. Every question is a bounded one."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from archive.clock import VIETNAM
from crawler.reporting.night import READ, Certificate, Day, Found

NIGHTS = 30  # days that a report looks back, its own counted
NEWEST = 20  # articles
LOOKED_AT = 50  # of each portal, its latest by date: what a night finds stands among them

FIRST = "select min(started) from runs where command = 'nightly'"
RUNS = "select id, started, finished from runs where command = 'nightly' and started >= ? order by id"
PORTALS = """
    select r.portal, u.started, r.requests, r."new", r.outcomes from run_portals r
    join runs u on u.id = r.run where u.command = 'nightly' and u.started >= ?
"""
CERTIFICATES = """
    select portal, host, verdict, noticed, coalesce(expires, '') from certificates
    where verdict != 'good' order by portal, host
"""
FOUND = """
    select portal, title, url, coalesce(published, '') from (
        select id, portal, title, url, published, first_seen, topic from articles
        where portal = ? order by published desc limit ?)
    where first_seen >= ? and topic is not 'other' and id not in (select article from withheld where until is null)
"""


@dataclass(slots=True)
class Past:
    """Days by portal, oldest first; days without a run; beginnings of runs that never ended."""

    days: dict[str, list[Day]] = field(default_factory=dict)
    days_without: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)


@contextmanager
def reading(data_dir: Path) -> Iterator[sqlite3.Connection]:
    """archive.db, for reading. Raises sqlite3.Error where there is none, or it does not open."""
    path = (data_dir / "archive.db").resolve()
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=10)) as db:
        yield db


def look_back(db: sqlite3.Connection, portals: Iterable[str], today: date, run: int | None) -> Past:
    """The last NIGHTS days up to `today`, in Vietnam's time. `run`: the present one, which has not ended yet."""
    days = [(today - timedelta(days=back)).isoformat() for back in reversed(range(NIGHTS))]
    began = [days[0]]
    runs = db.execute(RUNS, began).fetchall()
    ran = {_day(started) for _, started, _ in runs}
    (first,) = db.execute(FIRST).fetchone()
    since = max(days[0], _day(first)) if first else days[-1]
    by_portal: defaultdict[str, dict[str, Day]] = defaultdict(dict)
    for portal, started, requests, new, outcomes in db.execute(PORTALS, began):
        before = by_portal[portal].get(_day(started), Day(_day(started)))
        by_portal[portal][before.day] = _added(before, requests or 0, new or 0, outcomes or "{}")
    return Past(
        {key: [by_portal[key].get(day, Day(day)) for day in days] for key in portals},
        [day for day in days if since <= day < days[-1] and day not in ran],
        [started for number, started, finished in runs if finished is None and number != run],
    )


def _added(day: Day, requests: int, new: int, outcomes: str) -> Day:
    was_read = day.was_read or any(json.loads(outcomes).get(name) for name in READ)
    return Day(day.day, day.runs + 1, day.requests + requests, day.new + new, was_read)


def _day(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(VIETNAM).date().isoformat()


def found_since(db: sqlite3.Connection, portals: Iterable[str], since: str) -> Sequence[Found]:
    """The latest articles by date that were first seen since a moment (ISO 8601), of those that are published."""
    found = [Found(*row) for key in portals for row in db.execute(FOUND, [key, LOOKED_AT, since])]
    return sorted(found, key=lambda one: one.published, reverse=True)[:NEWEST]


def certificates(db: sqlite3.Connection, portals: Iterable[str]) -> Sequence[Certificate]:
    """The certificates of these portals that are not as they should be."""
    if not db.execute("select 1 from sqlite_master where name = 'certificates'").fetchone():
        return ()
    wanted = set(portals)
    rows = db.execute(CERTIFICATES).fetchall()
    return tuple(
        Certificate(portal, host, tuple(verdict.split()), noticed, expires)
        for portal, host, verdict, noticed, expires in rows
        if portal in wanted
    )
