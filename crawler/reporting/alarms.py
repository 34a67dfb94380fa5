"""What needs a person, and what people have been told of it: DATA_DIR/alarms.db.

A file of its own, as alerts.db is: that the archive cannot be written is one of the alarms. What is to be told is
written down before it is sent and struck out after, so that a kill between the two repeats one message and none is
lost.

`alarms(subject, kind, since, told)`: what is on, and when it was last told of · `events(id, what, noted, alarm,
before)` still to be told to somebody, `alarm` as JSON · `told(event, target)`: who has been told of those; target is a
hash, for addresses hold passwords.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

NAME = "alarms.db"
REMINDER = timedelta(days=7)
THE_RUN = ""  # the subject of an alarm that is about no single portal

SCHEMA = """
    create table if not exists alarms (
        subject text primary key, kind text not null, name text not null, since text not null, told text not null
    ) without rowid;
    create table if not exists events (
        id integer primary key, what text not null, noted text not null, alarm text not null, before text not null
    );
    create table if not exists told (
        event integer not null, target text not null, primary key (event, target)
    ) without rowid;
"""


class What(StrEnum):
    """What there is to tell of an alarm."""

    BEGUN = "begun"
    TURNED = "turned"  # into one of another kind
    REMINDER = "reminder"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that needs a person. `subject`: a portal's key, or THE_RUN; `kind`: a verdict, or what became of a run.

    since: ISO 8601 · nights: bad ones in a row · cause: one English sentence, or "" · example: a page's address, or ""
    cause_parts: the cause to be said in any language (crawler/health/causes.py), {} where the sentence is all there is
    """

    subject: str
    kind: str
    name: str
    since: str
    nights: int = 0
    cause: str = ""
    example: str = ""
    cause_parts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """An alarm that is on, as it was last told of at `told` (ISO 8601)."""

    kind: str
    name: str
    since: str
    told: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something to tell; `before` is the kind that a turned alarm had. `id` 0: not written down."""

    what: What
    noted: str
    alarm: Alarm
    before: str = ""
    id: int = 0


def news(known: Mapping[str, Known], on: Sequence[Alarm], well: Collection[str], now: str) -> list[Event]:
    """What there is to tell after a run. `on`: what needs a person; `well`: subjects that were found in order.

    An alarm is told once when it begins, when it turns into another, weekly while it lasts, and once when it is over.
    """
    events = []
    for alarm in on:
        before = known.get(alarm.subject)
        if before is None:
            events.append(Event(What.BEGUN, now, alarm))
            continue
        if before.kind != alarm.kind:
            events.append(Event(What.TURNED, now, alarm, before.kind))
        elif datetime.fromisoformat(now) - datetime.fromisoformat(before.told) >= REMINDER:
            # A run knows of itself alone, not since when it has been so.
            lasting = replace(alarm, since=before.since) if alarm.subject == THE_RUN else alarm
            events.append(Event(What.REMINDER, now, lasting))
    for subject in sorted(set(well) & set(known)):
        old = known[subject]
        events.append(Event(What.OVER, now, Alarm(subject, old.kind, old.name, old.since)))
    return events


class Alarms:
    """alarms.db, opened by one process at a time. Every method is one transaction; raises sqlite3.Error."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=10)
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def known(self) -> dict[str, Known]:
        """What is on, by subject."""
        rows = self._db.execute("select subject, kind, name, since, told from alarms")
        return {subject: Known(*rest) for subject, *rest in rows}

    def note(self, events: Iterable[Event]) -> None:
        """Write down what is to be told, and with it what is on from now."""
        with self._transaction():
            for event in events:
                alarm = event.alarm
                text = json.dumps(asdict(alarm), ensure_ascii=False)
                self._db.execute(
                    "insert into events (what, noted, alarm, before) values (?, ?, ?, ?)",
                    [event.what, event.noted, text, event.before],
                )
                self._db.execute("delete from alarms where subject = ?", [alarm.subject])
                if event.what is not What.OVER:
                    values = [alarm.subject, alarm.kind, alarm.name, alarm.since, event.noted]
                    self._db.execute("insert into alarms values (?, ?, ?, ?, ?)", values)

    def keep_only(self, subjects: Iterable[str]) -> None:
        """Forget the alarms of portals that nobody crawls any more."""
        with self._transaction():
            for subject in set(self.known()) - {THE_RUN, *subjects}:
                self._db.execute("delete from alarms where subject = ?", [subject])

    def waiting(self, target: str) -> list[Event]:
        """What is still to be told to one target, the oldest first."""
        rows = self._db.execute(
            "select id, what, noted, alarm, before from events e where not exists "
            "(select 1 from told t where t.event = e.id and t.target = ?) order by id",
            [_hashed(target)],
        )
        return [
            Event(What(what), noted, Alarm(**json.loads(alarm)), before, number)
            for number, what, noted, alarm, before in rows
        ]

    def tell(self, target: str, events: Iterable[Event]) -> None:
        """They have been told to one target."""
        with self._transaction():
            rows = ((event.id, _hashed(target)) for event in events)
            self._db.executemany("insert or ignore into told values (?, ?)", rows)

    def strike_out(self, targets: Sequence[str]) -> None:
        """Forget what all of these targets have been told."""
        waiting = {event.id for target in targets for event in self.waiting(target)}
        with self._transaction():
            rows = self._db.execute("select id from events").fetchall()
            done = [(number,) for (number,) in rows if number not in waiting]
            self._db.executemany("delete from events where id = ?", done)
            self._db.executemany("delete from told where event = ?", done)


def _hashed(target: str) -> str:
    return hashlib.sha256(target.encode()).hexdigest()
