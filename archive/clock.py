"""The clock of a run: the real one, or ARCHIVE_NOW for rehearsing several nights in one hour."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
_past: ContextVar[datetime | None] = ContextVar("past", default=None)


class ClockError(ValueError):
    """ARCHIVE_NOW is set, but is no ISO 8601 time with an offset."""


def now() -> datetime:
    """The present moment, to the second, at +07:00; inside at() the moment that was set.

    Raises ClockError if the environment variable ARCHIVE_NOW holds something else than a time with offset.
    """
    if (past := _past.get()) is not None:
        return past
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


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """For the length of the block now() is `moment`: a page is read as on the day when it was captured."""
    token = _past.set(moment.astimezone(VIETNAM).replace(microsecond=0))
    try:
        yield
    finally:
        _past.reset(token)


def stamp(moment: datetime) -> str:
    """A moment as the archive writes it: 2022-03-13T08:50:00+07:00."""
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds")
