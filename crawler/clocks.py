"""A clock that went wrong: times in the frontier that lie in the future, brought back so that nothing is put off.

The machine's clock may be set back by an hour, a year, or from a year 2036 that it was never meant to be in. What the
frontier holds of the time that has not come yet is written as of now: every wait keeps its length, and counts from now.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from archive.clock import stamp
from crawler.outcomes import Outcome
from crawler.revisiting import BY_TURN, next_look

LONGEST = timedelta(days=64)  # that anything waits which is due by a date
SWEEP_REST = timedelta(days=14)  # that a list waits for its sweep at most


def mend(db: sqlite3.Connection, portal: str, now: datetime) -> bool:
    """Bring a portal's times that lie in the future back; in a transaction. Whether there were any."""
    at = stamp(now)
    # Left behind by a run of the future that asked only for some of what it had called in.
    db.execute(
        "update frontier set due = ? where portal = ? and due > ? and due < ?",
        [at, portal, stamp(now + LONGEST + timedelta(days=1)), BY_TURN],
    )
    latest = db.execute(
        "select max(max(coalesce(fetched, found, ''), coalesce(found, ''))) from frontier where portal = ?", [portal]
    ).fetchone()[0]
    if latest is None or latest <= at:
        return False
    _mend_fetched(db, portal, now)
    db.execute(
        "update frontier set due = ? where portal = ? and found > ? and fetched is null and due > ? "
        "and coalesce(outcome, '') != ?",
        [at, portal, at, at, Outcome.FUTURE_DATED],
    )
    for column in ("found", "whole"):
        db.execute(f"update frontier set {column} = ? where portal = ? and {column} > ?", [at, portal, at])
    db.execute("update ways set untruthful = ? where portal = ? and untruthful > ?", [at, portal, at])
    db.execute(
        "update sweeps set due = ? where portal = ? and due > ?",
        [stamp(now + SWEEP_REST / 2), portal, stamp(now + SWEEP_REST)],
    )
    db.execute(
        "update missing set noticed = ? where noticed > ? and article in (select id from articles where portal = ?)",
        [at, at, portal],
    )
    return True


def _mend_fetched(db: sqlite3.Connection, portal: str, now: datetime) -> None:
    """What was fetched in the future was fetched now; its article's age tells when it is due, else the wait it had."""
    at = stamp(now)
    rows = db.execute(
        "select f.rowid, f.fetched, f.due, f.found, f.article, a.published from frontier f "
        "left join articles a on a.id = f.article where f.portal = ? and f.fetched > ?",
        [portal, at],
    ).fetchall()
    for rowid, fetched, due, found, article, published in rows:
        if article is not None:
            due = next_look(now, published or found or "")
        elif due < BY_TURN:
            wait = datetime.fromisoformat(due) - datetime.fromisoformat(fetched)
            due = stamp(now + min(max(wait, timedelta(0)), LONGEST))
        db.execute("update frontier set due = ? where rowid = ?", [due, rowid])
    db.execute("update frontier set fetched = ? where portal = ? and fetched > ?", [at, portal, at])
