"""Looks at every saved search on the published copy, and tells what is new."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from datasette.app import Datasette
from datasette.database import QueryInterrupted

from archive import lock
from archive.alerting.memory import NAME, Memory, Search
from archive.alerting.messages import write
from archive.alerting.wanted import Alert, AlertsError, Arguments, read
from archive.formats import reading
from archive.i18n import DEFAULT
from archive.notify import NotifyError, notify
from archive.site import find
from archive.site.serve import site
from archive.site.state import State

TIME_LIMIT = 60_000  # milliseconds of one query: nobody waits for a page
LOCK = ".alerts.lock"
Say = Callable[[str], None]


class AlertError(RuntimeError):
    """What was found could not be written down; nothing more was sent. The message is one clear sentence."""


@dataclass(slots=True)
class Outcome:
    """What a run did."""

    new: int = 0
    messages: int = 0
    failed: int = 0  # messages that were not taken and searches that took too long; the next run tries again


@dataclass(frozen=True, slots=True)
class Look:
    """What one search finds in the copy of this moment."""

    alert: Alert
    search: str  # see _address()
    reading: str
    hits: Sequence[int]


def run(data_dir: Path, file: Path, say: Say, *, dry_run: bool = False) -> Outcome:
    """Tell what is new since the last run. `say` gets lines for the operator.

    Raises AlertsError, AlertError, ServeError where there is no copy, Busy where another run is at work.
    """
    alerts = read(file)
    states = [State.of(Arguments(alert)) for alert in alerts]
    searches = [_address(state, alert) for state, alert in zip(states, alerts, strict=True)]
    for search, alert in zip(searches, alerts, strict=True):
        if searches.count(search) > 1:
            raise AlertsError(
                f"{file}: the search of {alert.name} stands there twice: put all who want it into one `to`"
            )
    datasette = site(data_dir, sql_time_limit_ms=TIME_LIMIT)
    copy = Path(str(find.copy(datasette).path))
    outcome = Outcome()
    try:
        with lock.held(data_dir / LOCK), closing(Memory(data_dir / NAME, dry=dry_run)) as memory:
            with closing(reading.connect(copy)) as db:
                teller = _Teller(db, memory, say, outcome, dry_run)
                for alert, state, search in zip(alerts, states, searches, strict=True):
                    if look := asyncio.run(_look(datasette, db, alert, state, search, teller)):
                        teller.take(look)
            memory.keep_only(searches)
    except sqlite3.Error as error:
        raise AlertError(f"{data_dir / NAME} or {copy} cannot be used: {error}") from error
    return outcome


def _address(state: State, alert: Alert) -> str:
    """The arguments of a search in one form, whatever was typed into the file: what it is remembered by."""
    return urlencode([*state.pairs(), *([("lang", alert.language)] if alert.language != DEFAULT else [])])


async def _look(
    datasette: Datasette, db: sqlite3.Connection, alert: Alert, state: State, search: str, teller: _Teller
) -> Look | None:
    await datasette.invoke_startup()
    try:
        selection = await find.selection(datasette, state)
    except QueryInterrupted:
        teller.failed(f"{alert.name}: the search takes too long")
        return None
    if selection is None:
        return Look(alert, search, "", [])
    hits = db.execute(f"select a.id from articles a where {selection.where}", selection.values)
    return Look(alert, search, _manner(selection), [article for (article,) in hits])


def _manner(selection: find.Selection) -> str:
    """How the words were read: as a phrase or apart, with accents or without. Another manner finds other articles."""
    chosen = selection.reading
    return f"apart={chosen.apart} accents={chosen.accents}" if chosen else ""


class _Teller:
    """Writes down what a search found, and tells it."""

    def __init__(self, db: sqlite3.Connection, memory: Memory, say: Say, outcome: Outcome, dry_run: bool) -> None:
        self._db, self._memory, self._say, self._outcome, self._dry_run = db, memory, say, outcome, dry_run
        (self._built,) = db.execute("select built from build").fetchone()

    def failed(self, line: str) -> None:
        """Something that the next run tries again."""
        self._outcome.failed += 1
        self._say(line)

    def take(self, look: Look) -> None:
        """Write down, then send, then strike out."""
        known = self._memory.known(look.search)
        if known is None:
            n = self._memory.begin(look.search, look.reading, self._built, look.hits)
            self._say(f"{look.alert.name}: new here; the {n} articles that it finds now count as known")
            return
        new = self._memory.new(known, look.hits)
        # Words that are suddenly read otherwise find articles that are old: only those that came since are news.
        to_tell = new if look.reading == known.reading else self._since(new, known.checked)
        self._memory.note(known, look.reading, self._built, new, to_tell)
        self._outcome.new += len(to_tell)
        self._say(f"{look.alert.name}: {len(to_tell)} new")
        for position, target in enumerate(look.alert.to):
            self._send(look.alert, known, look.search, position, target)
        self._memory.strike_out(known, look.alert.to)

    def _since(self, articles: Sequence[int], moment: str) -> list[int]:
        rows = self._db.execute(
            "select id from articles where id in (select value from json_each(?)) "
            "and max(first_seen, coalesce(changed, '')) > ?",
            [json.dumps(articles), moment],
        )
        return [article for (article,) in rows]

    def _send(self, alert: Alert, search: Search, query: str, position: int, target: str) -> None:
        waiting = self._memory.waiting(search, target)
        articles = self._articles(waiting)
        # What is in the copy no longer (withheld, say) is not told any more.
        self._memory.tell(search, target, set(waiting) - {article["id"] for article in articles})
        for message in write(alert, f"{alert.site}/search?{query}", articles):
            if self._dry_run:
                self._say(f"to recipient {position + 1}: {message.title}\n{message.text}\n")
                self._outcome.messages += 1
                continue
            try:
                notify([target], message.title, message.text)
            except NotifyError:
                self.failed(f"{alert.name}: recipient {position + 1} could not be reached; the next run tries again")
                return
            self._memory.tell(search, target, message.articles)
            self._outcome.messages += 1

    def _articles(self, ids: Sequence[int]) -> list[Mapping[str, Any]]:
        """Those of the articles that the copy holds, newest first."""
        names = ("id", "title", "published", "portal_name")
        rows = self._db.execute(
            "select id, title, published, coalesce(portal_name, portal) from articles "
            "where id in (select value from json_each(?)) order by seq desc",
            [json.dumps(ids)],
        )
        return [dict(zip(names, row, strict=True)) for row in rows]
