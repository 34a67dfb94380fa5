"""What a night of a portal should have been: by its own last good nights, and by its row of the registry."""

from __future__ import annotations

import sqlite3
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from archive.clock import stamp
from crawler.health.history import Night
from crawler.health.limits import GOOD_NIGHTS, SETTLED, WEEK, WEEKS
from crawler.health.measuring import FIELDS

GAPS = 60  # newest articles, whose gaps tell how often the portal writes


@dataclass(frozen=True, slots=True)
class Usual:
    """What the last good nights came to.

    read      articles that they read; below SETTLED nothing is usual yet, and rates and lengths are empty
    rates     share of them that had each field
    length    median of the nights' median body lengths, letters
    dropped   share of lines dropped, misfits: share of the article pages that did not fit
    """

    nights: int = 0
    read: int = 0
    rates: Mapping[str, float] = field(default_factory=dict)
    length: float = 0
    dropped: float = 0
    misfits: float = 0


def usual(past: Sequence[Night]) -> Usual:
    """What is usual, by the nights before the one to be judged, newest first."""
    good = [night for night in past if night.is_good and night.measured][:GOOD_NIGHTS]
    reading = [night for night in good if night.figure("read")]
    read = int(sum(night.figure("read") for night in reading))
    if read < SETTLED:
        return Usual(len(good), read)
    filled: Counter[str] = Counter()
    for night in reading:
        filled.update(night.table("filled"))
    pages = sum(night.figure("fits") + night.figure("misfits") for night in good)
    return Usual(
        nights=len(good),
        read=read,
        rates={name: filled[name] / read for name in FIELDS},
        length=statistics.median(night.figure("length") for night in reading),
        dropped=statistics.fmean(night.figure("dropped") for night in reading),
        misfits=sum(night.figure("misfits") for night in good) / pages if pages else 0,
    )


@dataclass(frozen=True, slots=True)
class News:
    """What a portal publishes, by the dates of its articles.

    week      articles of the last seven days; usual: the median of the WEEKS before
    newest    date of the newest, "" where there is none; gap: the usual time between two of the newest
    is_fresh  whether an article came in that was written after the portal was first crawled: it was alive then
    """

    week: int = 0
    usual: float = 0
    newest: str = ""
    gap: timedelta = timedelta(0)
    is_fresh: bool = False


def news(db: sqlite3.Connection, portal: str, now: datetime) -> News:
    """What a portal publishes, as the archive knew it at a moment."""
    known = "from articles where portal = ? and published is not null and first_seen <= ? and published <= ?"
    until = [portal, stamp(now), stamp(now)]
    newest = [
        datetime.fromisoformat(row[0])
        for row in db.execute(f"select published {known} order by published desc limit ?", [*until, GAPS + 1])
    ]
    if not newest:
        return News()
    since = now - (WEEKS + 1) * WEEK
    counts = Counter(
        (now - datetime.fromisoformat(row[0])) // WEEK
        for row in db.execute(f"select published {known} and published > ?", [*until, stamp(since)])
    )
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(newest)]
    begun = db.execute("select min(started) from run_portals where portal = ?", [portal]).fetchone()[0] or stamp(now)
    return News(
        week=counts[0],
        usual=statistics.median(counts[week] for week in range(1, WEEKS + 1)),
        newest=stamp(newest[0]),
        gap=timedelta(seconds=statistics.median(gaps) if gaps else 0),
        is_fresh=stamp(newest[0]) > begun,
    )
