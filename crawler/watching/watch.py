"""The watcher: a thread of its own that looks at the run time and again, and shows or logs what it sees.

It reads counters alone. How many addresses a portal has still to ask is a query of its frontier, made in the crawl's
own thread between two answers, of one portal every two seconds: at 70 portals of 20,000 addresses each that costs
nothing to speak of. Between two such counts the figure follows from what was found and dealt with since.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.live import Live

from crawler.portals import Portal
from crawler.runs import Run
from crawler.watching.lines import EVERY, Lines
from crawler.watching.state import Reader
from crawler.watching.table import LiveTable

# Seconds from one look to the next: a table of forty lines takes 25 ms of the core that the crawl runs on.
LOOKS, LOOKS_AT_MANY, MANY = 0.25, 1.0, 10
COUNTS = 2.0  # seconds from one portal's frontier to the next's
logger = logging.getLogger(__name__)


class Watch:
    """Shows the run for the time of a `with` block. `kept`: the log goes to a file or to a program, not to a person."""

    def __init__(self, run: Run, rows: Sequence[Portal], kept: bool = False) -> None:
        self.reader = Reader(run, rows)
        self.run = run
        console = Console(stderr=True)
        self.live: Live | None = None
        if console.is_terminal and not console.is_dumb_terminal:
            self.live = Live(console=console, auto_refresh=False, transient=True, redirect_stdout=False)
        self.lines = Lines(0 if kept else EVERY) if self.live is None or kept else None
        self.looks = LOOKS if self.live is not None and len(rows) <= MANY else LOOKS_AT_MANY
        self.to_do = _ToDo(self.reader)
        self.began = time.monotonic()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._watch, name="watch", daemon=True)

    def __enter__(self) -> Watch:
        self.began = time.monotonic()
        if self.live is not None:
            self.live.start()
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self.thread.join()
        self._look()  # the portals that ended since the last look
        if self.live is not None:
            self.live.stop()

    def _watch(self) -> None:
        while not self.over.wait(self.looks):
            self._look()

    def _look(self) -> None:
        try:
            self._show(time.monotonic() - self.began)
        except Exception:
            # A fault of the display must not cost the run its end; the log says what it was.
            self.over.set()
            logger.exception("the progress is shown no more; the crawl goes on")

    def _show(self, seconds: float) -> None:
        self.to_do.follow(seconds)
        states = self.reader.states()
        if self.live is not None:
            self.live.update(LiveTable(states, _elapsed(seconds)), refresh=True)
        if self.lines is not None:
            self.lines.say(states, seconds)


class _ToDo:
    """How many addresses each portal has still to ask, into Reader.to_do."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.counted: dict[str, tuple[int, int, int]] = {}  # to do, known and dealt with when it was counted
        self.asked: dict[str, float] = {}  # when a portal's frontier was last asked
        self.next = 0.0

    def follow(self, seconds: float) -> None:
        """Bring Reader.to_do up to date, and have one frontier counted where it is time."""
        run = self.reader.run
        spiders = {key: spider for key, spider in run.spiders().items() if key not in run.finished}
        for key, spider in spiders.items():
            if key in self.counted:
                to_do, known, dealt_with = self.counted[key]
                now_known, now_dealt_with = _so_far(spider)
                self.reader.to_do[key] = max(0, to_do + now_known - known - now_dealt_with + dealt_with)
        ready = [key for key, spider in spiders.items() if spider.at_work is not None and not spider.at_work.done()]
        unseen = [key for key in ready if key not in self.asked]
        for key in unseen or (sorted(ready, key=lambda key: self.asked[key])[:1] if seconds >= self.next else []):
            self.asked[key] = seconds
            self.next = seconds + COUNTS
            spiders[key].at_work.get_loop().call_soon_threadsafe(self._count, key, spiders[key])  # type: ignore[union-attr]

    def _count(self, key: str, spider: Any) -> None:
        """In the crawl's own thread, whose connection the frontier reads with."""
        if spider.store_error is None:
            self.counted[key] = (spider.frontier.waiting(), *_so_far(spider))


def _so_far(spider: Any) -> tuple[int, int]:
    """How many addresses are known, and how many were dealt with."""
    return len(spider.frontier.known), sum(dict(spider.outcomes).values())


def _elapsed(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
