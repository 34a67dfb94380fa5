"""Makes the night of a run that ended, or of one that could not begin."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from archive import clock
from archive.clock import stamp
from archive.exits import INTERRUPTED
from crawler.portals import Portal
from crawler.reporting import past
from crawler.reporting.night import Ending, Night, PortalNight, Turn
from crawler.runs import Run


def of_run(run: Run, rows: Sequence[Portal], code: int, error: str = "", reason: str = "") -> Night:
    """A run with what its spiders counted; nothing is asked of the archive, which may be what failed.

    `error`: of the archive, where it is not the run's own; `reason`: why the run ended before its work was done.
    """
    portals = [_portal(run, row) for row in rows]
    error = error or str(run.store_error or "")
    done = sum(one.turn is Turn.DONE for one in portals)
    if error:
        ending, reason = Ending.STORE_ERROR, error
    elif reason == Ending.OUT_OF_TIME:
        ending, reason = Ending.OUT_OF_TIME, f"the time was up when {done} of {len(portals)} portals had had their turn"
    elif code == INTERRUPTED or done < len(portals):
        ending, reason = Ending.INTERRUPTED, f"the run was stopped when {done} of {len(portals)} portals were done"
    else:
        ending = Ending.COMPLETE
    return Night(ending, code, run.started, stamp(clock.now()), run.id, reason, portals)


def not_started(code: int, reason: str) -> Night:
    """A run that could not begin. Where the clock itself is wrong (ARCHIVE_NOW), the real one counts."""
    try:
        moment = clock.now()
    except clock.ClockError:
        moment = datetime.now(clock.VIETNAM)
    return Night(Ending.NOT_STARTED, code, stamp(moment), stamp(moment), reason=reason)


def with_past(night: Night, data_dir: Path) -> Night:
    """The same with what archive.db knows beside it; as it was, where that cannot be read."""
    today = datetime.fromisoformat(night.started).date()
    keys = [one.portal for one in night.portals]
    try:
        with past.reading(data_dir) as db:
            before = past.look_back(db, keys, today, night.run)
            newest = past.found_since(db, keys, night.started)
            certificates = past.certificates(db, keys)
    except sqlite3.Error:  # no archive yet, or the very file that the report is about
        return night
    portals = [replace(one, past=tuple(before.days[one.portal])) for one in night.portals]
    return replace(
        night,
        portals=portals,
        newest=tuple(newest),
        certificates=certificates,
        days_without=tuple(before.days_without),
        unfinished=tuple(before.unfinished),
    )


def _portal(run: Run, row: Portal) -> PortalNight:
    spider = run.spiders().get(row.key)
    if spider is None:
        # A crawler that ended without a spider broke while it was made: that is a failure, not a turn to come.
        turn = Turn.DONE if row.key in run.finished and not run.stopped(row.key) else Turn.WAITING
        return PortalNight(row.key, row.name, row.url, turn, failed=True)
    done = row.key in run.finished and not run.stopped(row.key)
    return PortalNight(
        row.key,
        row.name,
        row.url,
        Turn.DONE if done else Turn.STOPPED,
        run.failed(row.key),
        spider.requests,
        {str(name): n for name, n in getattr(spider, "purposes", {}).items() if n},
        {str(name): n for name, n in sorted(spider.outcomes.items()) if n},
        run.health.get(row.key) if done else None,
    )
