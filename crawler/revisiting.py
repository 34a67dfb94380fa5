"""When an address is looked at again.

Articles at 1, 2, 4 ... 64 days of age, which is when they are edited and taken down; older ones in rotation, the
longest unseen first, so many a night. Listings have no date of their own: they are asked when their turn comes
(doors.py, sweeping.py).
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from archive.clock import VIETNAM, stamp

AGES = (1, 2, 4, 8, 16, 32, 64)  # days
ROTATION = 20  # articles older than that, read again in one night
ROTATION_REST = timedelta(days=7)  # until an old article may be read again: a small portal is not read whole each night
NEXT_NIGHT = timedelta(hours=12)  # until an article that is not there is due again
EARLY = timedelta(hours=6)  # what is due so soon is asked now: a night begins an hour earlier or later than the last
BY_TURN = "9999-12-30T00:00:00+07:00"  # due when its turn comes, and not at a time of its own


class RotationError(ValueError):
    """The setting ROTATION is no number of articles."""


def rotation(said: object) -> int:
    """How many old articles of a portal are read again in one night, as the setting says. Raises RotationError."""
    if not str(said).strip().isdecimal():
        raise RotationError(f"ROTATION is {said!r}: it must be a number of articles a night, such as {ROTATION}")
    return int(str(said))


class Reason(StrEnum):
    """Why a row of the frontier is due, where it is not by its own date."""

    NEWS = "news"  # a door, or a further page where there may be news
    TURN = "turn"  # an old article whose turn it is
    MISSING = "missing"  # an article that no longer stands in its listing
    SWEEP = "sweep"  # a list walked through without a reason: tonight ...
    WALK = "walk"  # ... or on one of the next nights


def next_look(now: datetime, since: str) -> str:
    """When an article is to be read again: at 1, 2, 4 ... 64 days of age, then in rotation (BY_TURN).

    Age counts from publication, so that a backfill of old articles is not due the next day; `since` is ISO 8601, first
    seen where there is no date, "" for an article of tonight. A moment in the future counts as tonight.
    """
    born = min(datetime.fromisoformat(since), now) if since else now
    age = next((timedelta(days=days) for days in AGES if timedelta(days=days) > now - born), None)
    return BY_TURN if age is None else stamp(max(born + age, now + timedelta(days=1)))


def next_try(now: datetime, since: str, is_expected: bool = True) -> str:
    """When an address that brought nothing is worth another try: ever more rarely, counted from when it was found.

    `is_expected`: whether an article may stand there tomorrow, as where a listing runs ahead of it; else in a week.
    """
    least = timedelta(days=1 if is_expected else 7)
    age = now - datetime.fromisoformat(since) if since else timedelta(0)
    return stamp(now + min(max(least, age), timedelta(days=AGES[-1])))


def long_rest(now: datetime, key: str) -> str:
    """When an address without articles is looked at again: in 30 to 57 days, so that they do not all come at once."""
    return stamp(now + timedelta(days=30 + share_of(key, 28)))


def moment_of(said: str) -> str:
    """A sitemap's lastmod as the archive writes times, "" where it is none; of a day alone its end, which may change.

    Without an offset it is local time.
    """
    try:
        moment = datetime.fromisoformat(said)
        if len(said) <= len("2026-03-01"):
            moment += timedelta(days=1)
        return stamp(moment if moment.tzinfo is not None else moment.replace(tzinfo=VIETNAM))
    except (ValueError, OverflowError):  # 9999-12-31 has no next day
        return ""


def share_of(key: str, parts: int) -> int:
    """A number below `parts` that is the same for a key in every run: what is due together is spread by it."""
    return int.from_bytes(sha256(key.encode()).digest()[:6]) % parts


def take_turns(db: sqlite3.Connection, portal: str, now: datetime, most: int) -> int:
    """The old articles whose turn it is tonight, the longest unseen first; in a transaction. Returns how many.

    `most` a night, however often it is begun: what a killed run left is counted, and what was read some hours ago.
    """
    left, read = db.execute(
        "select coalesce(sum(reason = 'turn'), 0), coalesce(sum(due = ? and fetched > ?), 0) from frontier "
        "where portal = ? and article is not null",
        [BY_TURN, stamp(now - NEXT_NIGHT), portal],
    ).fetchone()
    return db.execute(
        "update frontier set due = ?, reason = 'turn' where rowid in (select rowid from frontier where portal = ? "
        "and article is not null and due = ? and fetched <= ? order by fetched, rowid limit ?)",
        [stamp(now), portal, BY_TURN, stamp(now - ROTATION_REST + EARLY), max(0, most - left - read)],
    ).rowcount
