"""What a portal's crawl waits for at this moment: said where it waits, shown by the live table, logged where long."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

logger = logging.getLogger(__name__)

WORTH_A_LINE = 1  # seconds of waiting from which on the log says so; the pace between two requests is no news


class Why(StrEnum):
    """What is waited for; the value is how a person reads it."""

    PACE = "pace"  # the portal's delay between two requests
    FLOOD = "flood pause"  # the flood blocker said how long it refuses us
    BACK_OFF = "back-off"  # the portal is sick, and is left alone for a while
    HOST = "its host's turn"  # another row of the same host asks, and they share one pace
    NETWORK = "the network"  # nobody answers: it is waited for
    FILES = "attached files"  # no waiting: all pages are done, and the files come
    ANSWER = "answer"  # asked, and not answered yet


@dataclass(frozen=True, slots=True)
class Wait:
    """One wait. `until`: its end by time.monotonic(), None where nobody knows it."""

    why: Why
    until: float | None = None

    @property
    def left(self) -> float | None:
        """Seconds that are left; None where nobody knows."""
        return None if self.until is None else max(0.0, self.until - time.monotonic())


class Waiting:
    """Of one portal: `now` is what it waits for, the innermost where one wait stands in another; None at work."""

    def __init__(self, portal: str) -> None:
        self.portal = portal
        self.now: Wait | None = None

    def say(self, why: Why, seconds: float) -> None:
        """A line of the log: the portal waits for so many seconds."""
        fields = {"event": "waiting", "why": str(why), "seconds": round(seconds)}
        logger.warning("%s: waits %d s: %s", self.portal, round(seconds), why, extra=fields)

    @contextmanager
    def on(self, why: Why, seconds: float | None = None, is_said: bool = False) -> Iterator[None]:
        """For the length of the block the portal waits, for so many seconds where that is known.

        `is_said`: whether a line of the log says so already. Used as:

        with spider.waiting.on(Why.FLOOD, seconds): await asyncio.sleep(seconds)
        """
        outer, self.now = self.now, Wait(why, None if seconds is None else time.monotonic() + seconds)
        if seconds is not None and seconds >= WORTH_A_LINE and why is not Why.PACE and not is_said:
            self.say(why, seconds)
        try:
            yield
        finally:
            self.now = outer
