"""What a run asks of one portal, and what it need not: doors, turns, sweep and conditional requests put together."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy.http import Response

from archive import clock
from crawler import clocks
from crawler.conditional import NOT_MODIFIED, Conditional
from crawler.discovery import home_key
from crawler.doors import Doors
from crawler.frontier import Entry, Kind
from crawler.outcomes import Outcome
from crawler.purposes import Purpose
from crawler.revisiting import BY_TURN, ROTATION, next_look, take_turns
from crawler.sweeping import Sweep, listing_of

if TYPE_CHECKING:
    from crawler.spider import PortalSpider

SAME = {Kind.SITEMAP: Outcome.SITEMAP, Kind.FEED: Outcome.FEED}

logger = logging.getLogger(__name__)


class Night:
    """One run over one portal."""

    def __init__(self, spider: PortalSpider) -> None:
        self.spider = spider
        self.frontier = frontier = spider.frontier
        self.archive = spider.archive
        self.rotation = ROTATION
        now = clock.now()
        self.doors = Doors(frontier, home_key(spider.cms, spider.portal), now, spider.full)
        self.sweep = Sweep(frontier, now)
        self.conditional = Conditional(frontier.db, frontier.portal, now, frontier.recheck != "all")
        self.sent: dict[str, str] = {}  # with the request in hand, so that its answer may be "not modified"

    def begin(self) -> None:
        """What is asked tonight; in a transaction."""
        if clocks.mend(self.frontier.db, self.frontier.portal, clock.now()):
            self.spider.outcomes[Outcome.CLOCK_SET_BACK] += 1
            logger.warning(
                "%s: the clock was set back: the archive has seen a later time than %s; what was due by that time is "
                "due by this one",
                *(self.frontier.portal, self.frontier.now),
            )
        self.frontier.begin()
        self.spider.seed()
        self.doors.begin()
        self.sweep.begin(self.doors.home)
        if self.frontier.recheck == "due":
            take_turns(self.frontier.db, self.frontier.portal, clock.now(), self.rotation)

    def next(self) -> Entry | None:
        """The next address to ask; once the doors are asked it is decided whether the sections rest."""
        entry = self.frontier.next()
        if self.doors.is_decided or (entry is not None and self._is_door(entry)):
            return entry
        with self.archive.transaction():
            self.doors.decide()
        return self.frontier.next()

    def _is_door(self, entry: Entry) -> bool:
        is_list = entry.kind in (Kind.SITEMAP, Kind.FEED) or entry.key == self.doors.home
        return is_list and not entry.tries and entry.purpose is not Purpose.SWEEP

    def end(self) -> None:
        """The run came to its end; in a transaction. From one that left something unasked nothing is concluded."""
        if self.frontier.next() is not None:
            return
        self.doors.end()
        if missing := self.sweep.end():
            logger.info("%s: %d articles no longer stand in a listing", self.frontier.portal, missing)

    def listing(self, entry: Entry, url: str) -> str:
        """The listing that a page belongs to; "" for a home page, whose blocks change as they please."""
        return "" if entry.key == self.doors.home else listing_of(url)

    def heard(self, entry: Entry) -> None:
        """A sitemap or feed was read: what it shows of the doors; in the transaction in which it is done."""
        if self.frontier.listed_now or self.frontier.parts_now:
            self.doors.heard(entry)

    # ------------------------------------------------------------ conditional requests

    def headers(self, entry: Entry) -> dict[str, str]:
        """What to send with the first request for an address."""
        self.sent = self.conditional.headers(entry)
        return self.sent

    def answered(self, entry: Entry, response: Response) -> bool:
        """Before an answer is dealt with. Whether there is more to do: not where it says that nothing has changed."""
        self.frontier.listed_now, self.frontier.parts_now = set(), {}
        self.frontier.validators = self.conditional.validators(entry, response)
        if response.status != NOT_MODIFIED or not self.sent:
            return True
        with self.archive.transaction():
            self._is_as_before(entry)
            self.conditional.saw(entry, self.sent, None)
        return False

    def _is_as_before(self, entry: Entry) -> None:
        if entry.article is None:
            outcome = SAME.get(entry.kind, Outcome.LISTING)
            self.frontier.done(entry, outcome, NOT_MODIFIED, BY_TURN)
        else:
            outcome = Outcome.UNCHANGED
            published = self.archive.met_again(entry.article, entry.url)
            due = next_look(clock.now(), published or entry.found)
            self.frontier.done(entry, outcome, NOT_MODIFIED, due, entry.article)
            self.spider.read_known += 1
        self.spider.count(outcome)

    def dealt_with(self, entry: Entry) -> None:
        """Behind an answer that was read: what it shows of the host."""
        validators, self.frontier.validators = self.frontier.validators, None
        if validators is not None and self.conditional.has_marks:
            with self.archive.transaction():
                self.conditional.saw(entry, self.sent, validators)
