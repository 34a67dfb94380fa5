"""The clock of a run: the real one, or ARCHIVE_NOW for rehearsing several nights in one hour."""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))


class ClockError(ValueError):
    """ARCHIVE_NOW is set, but is no ISO 8601 time with an offset."""


def now() -> datetime:
    """The present moment, to the second, at +07:00.

    Raises ClockError if the environment variable ARCHIVE_NOW holds something else than a time with offset.
    """
    rehearsed = os.environ.get("ARCHIVE_NOW", "").strip()
    if not rehearsed:
        return datetime.now(VIETNAM).replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(rehearsed)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ClockError(
            f"ARCHIVE_NOW is {rehearsed!r}: it must be an ISO 8601 time with an offset, "
            "such as 2026-03-01T02:00:00+07:00"
        )
    return moment.astimezone(VIETNAM).replace(microsecond=0)


def stamp(moment: datetime) -> str:
    """A moment as the archive writes it: 2022-03-13T08:50:00+07:00."""
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds")
