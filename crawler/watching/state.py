"""Where each portal of a run stands at this moment, told from counters alone: nothing here asks or writes anything."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any

from crawler.outcomes import PASSING, Outcome
from crawler.pace import turn_at
from crawler.portals import Portal
from crawler.runs import Run
from crawler.waiting import Wait, Why

ERRORS = PASSING | {Outcome.READER_ERROR, Outcome.UNREADABLE}
# What is no answer of the portal to anything that was asked.
NOTHING = PASSING | {Outcome.FORBIDDEN, Outcome.FOREIGN_HOST, Outcome.EXTERNAL_REDIRECT, Outcome.LEFT}
LONG = 5  # seconds of waiting from which on a portal stands before those at work


class Stage(IntEnum):
    """How far a portal is; the order is that of the table."""

    WAITING = 0  # begun, and asked for nothing for a while: flood pause, back-off
    AT_WORK = 1
    ENDED_BADLY = 2
    TO_COME = 3  # another row of its host is at work
    ENDED = 4


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted of a portal, or of many together. `known` and `to_do` are addresses."""

    known: int = 0
    to_do: int = 0
    new: int = 0
    changed: int = 0
    errors: int = 0
    requests: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))


@dataclass(frozen=True, slots=True)
class State:
    """One portal. `doing`: what it waits for, or why it ended, in a few words."""

    key: str
    stage: Stage
    figures: Figures
    doing: str


def total(states: Iterable[State]) -> Figures:
    """The figures of several portals together."""
    return sum((state.figures for state in states), Figures())


class Reader:
    """Reads the states of a run; `to_do` holds what the frontiers were last asked (see Watch)."""

    def __init__(self, run: Run, rows: Sequence[Portal]) -> None:
        self.run = run
        self.rows = rows
        self.to_do: dict[str, int] = {}

    def states(self) -> list[State]:
        """Every portal of the run, in the registry's order; called from the display's own thread."""
        spiders = self.run.spiders()
        return [self._state(row, spiders.get(row.key)) for row in self.rows]

    def _state(self, row: Portal, spider: Any) -> State:
        figures = self._figures(row.key, spider) if spider is not None else Figures()
        if row.key in self.run.finished:
            bad, why = ending(self.run, row.key, spider)
            return State(row.key, Stage.ENDED_BADLY if bad else Stage.ENDED, figures, why)
        if row.key not in self.run.begun:
            return State(row.key, Stage.TO_COME, figures, self._before(row))
        if spider is None:
            return State(row.key, Stage.AT_WORK, figures, "begins")
        wait = waits_for(spider)
        is_long = wait is not None and wait.why in (Why.FLOOD, Why.BACK_OFF) and (wait.left is None or wait.left > LONG)
        return State(row.key, Stage.WAITING if is_long else Stage.AT_WORK, figures, _doing(spider, wait))

    def _figures(self, key: str, spider: Any) -> Figures:
        tally = dict(spider.outcomes)
        return Figures(
            known=len(spider.frontier.known),
            to_do=0 if key in self.run.finished else self.to_do.get(key, 0),
            new=tally.get(Outcome.NEW, 0),
            changed=tally.get(Outcome.CHANGED, 0),
            errors=sum(tally.get(outcome, 0) for outcome in ERRORS),
            requests=spider.requests,
        )

    def _before(self, row: Portal) -> str:
        """Which row of the same host is asked now."""
        group = (one.key for one in self.rows if one.pace_group == row.pace_group)
        now = next((key for key in group if key in self.run.begun and key not in self.run.finished), None)
        return f"after {now}" if now else "never begun"


def waits_for(spider: Any) -> Wait | None:
    """What a portal waits for: what it says itself; while it waits for an answer, perhaps its turn at the host."""
    wait: Wait | None = spider.waiting.now
    if wait is None or wait.why is not Why.ANSWER:
        return wait
    turn = turn_at(spider.settings.get("PACE_GROUP") or "", spider.portal.url)
    if turn.rests_until > time.monotonic():
        return Wait(Why.FLOOD, turn.rests_until)
    return Wait(Why.PACE, turn.free_at) if turn.free_at > time.monotonic() else wait


def _doing(spider: Any, wait: Wait | None) -> str:
    if spider.stopping:
        return "stops"
    if wait is None:
        return "reads"
    if wait.left is None:
        return str(wait.why)
    seconds = f"{wait.left:.1f}" if wait.why is Why.PACE else f"{wait.left:.0f}"
    return f"{wait.why}, {seconds} s"


def ending(run: Run, key: str, spider: Any) -> tuple[bool, str]:
    """Whether a portal's crawl ended badly, and why it ended, in a few words.

    Only what is plain at once: what was expected of the portal is judged when all are done (crawler/health/).
    """
    if spider is None:
        return True, "could not begin"
    if spider.store_error is not None:
        return True, "archive not writable"
    if spider.stopping and run.stopped(key):
        return False, "stopped"
    if spider.outcomes[Outcome.LEFT]:
        return True, f"left: {_commonest_error(spider)}"
    found = {outcome for outcome, n in dict(spider.outcomes).items() if n}
    if Outcome.READER_ERROR in found or found <= NOTHING:
        return True, f"failed: {_commonest_error(spider)}"
    return False, "done"


def _commonest_error(spider: Any) -> str:
    tally = dict(spider.outcomes)
    named = {name: n for name, n in tally.items() if n and (name in ERRORS or name is Outcome.FORBIDDEN)}
    return str(max(named, key=lambda name: named[name])) if named else "nothing read"
