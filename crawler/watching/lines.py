"""Where no terminal shows the table: one line a minute in all, and one at once for a portal that ended."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from crawler.logs import PROGRESS
from crawler.watching.state import Stage, State, total

EVERY = 60  # seconds between two lines
logger = logging.getLogger(PROGRESS)


class Lines:
    """What was said already, so that nothing is said twice.

    `quiet_for`: seconds in which a portal that ends well is no line, for whoever waits for so short a run reads the
    table at its end.
    """

    def __init__(self, quiet_for: float = 0) -> None:
        self.quiet_for = quiet_for
        self.ended: set[str] = set()
        self.next = float(EVERY)

    def say(self, states: Sequence[State], seconds: float) -> None:
        """Log what is worth a line at this moment, `seconds` after the run began."""
        for state in states:
            if state.stage in (Stage.ENDED, Stage.ENDED_BADLY) and state.key not in self.ended:
                self.ended.add(state.key)
                if state.stage is Stage.ENDED_BADLY or seconds >= self.quiet_for:
                    _say_ended(state)
        if seconds >= self.next:
            self.next = seconds - seconds % EVERY + EVERY
            _say_progress(states)


def _say_ended(state: State) -> None:
    figures = state.figures
    logger.log(
        logging.WARNING if state.stage is Stage.ENDED_BADLY else logging.INFO,
        "%s: %s, %d requests, %d new, %d changed, %d errors",
        state.key, state.doing, figures.requests, figures.new, figures.changed, figures.errors,
        extra={"event": "ended", "portal": state.key, "why": state.doing, **asdict(figures)},
    )  # fmt: skip


def _say_progress(states: Sequence[State]) -> None:
    figures = total(states)
    stages = Counter(state.stage for state in states)
    ended = stages[Stage.ENDED] + stages[Stage.ENDED_BADLY]
    counted = {
        "portals": len(states),
        "at_work": stages[Stage.AT_WORK],
        "waiting": stages[Stage.WAITING],
        "to_come": stages[Stage.TO_COME],
        "ended": ended,
    }
    logger.info(
        "%d portals: %d at work, %d wait, %d to come, %d ended; %d requests, %d new, %d changed, %d errors, "
        "%d addresses to do",
        *counted.values(), figures.requests, figures.new, figures.changed, figures.errors, figures.to_do,
        extra={"event": "progress", **counted, **asdict(figures)},
    )  # fmt: skip
