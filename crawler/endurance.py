"""How a crawl bears a sick portal and a lost network, and when it has had enough: pauses, returns, budgets.

A failure may be the page's, the portal's or everybody's. A page is asked for thrice and then tomorrow. Of a portal that
fails again and again the home page is asked: where that answers, the pages are broken and not the portal. Else the
portal is left alone for a while, in which the other portals are crawled, and asked again, a few times a run. Where no
portal answers at all the network is gone: then nothing is counted against anybody, and all wait for it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.http import Response

from crawler import pace
from crawler.cms import Unreadable
from crawler.common import Common
from crawler.outcomes import PASSING, Outcome
from crawler.purposes import Purpose
from crawler.verdicts import flood_wait
from crawler.waiting import Why

if TYPE_CHECKING:
    from crawler.spider import PortalSpider

FAILURES_IN_A_ROW = 8  # passing failures after which it is asked whether the portal is sick
FLOODS_IN_A_ROW = 6  # refusals by the flood blocker without a good answer between them: the same
AGAIN = 2  # failures or refusals in a row, once it was left alone and asked again
LONGEST_PAUSE = 60.0  # seconds between two requests to a portal that fails
RETURNS = (1, 3, 9)  # times RETURN_AFTER: the pauses after which a sick portal is asked again
NETWORK_PAUSE = 0.1  # times RETURN_AFTER: between two looks whether the network is back
STEP = 0.5  # seconds between two looks whether the run was stopped

logger = logging.getLogger(__name__)


class Endurance:
    """Of one portal in one run: what failed in a row, what is spent, and whether to go on."""

    def __init__(self, spider: PortalSpider, common: Common) -> None:
        self.spider = spider
        self.common = common
        self.portal = spider.portal.key
        self.limits = common.limits.of_portal(spider.portal.budget)
        self.began = time.monotonic()
        self.failures = 0  # in a row
        self.floods = 0  # in a row
        self.errors = 0
        self.answers = 0  # good ones since the portal was last left alone
        self.returns = 0
        self.is_left = False
        self.away = asyncio.Event()  # set while the portal is left alone
        common.spiders.append(spider)

    # ------------------------------------------------------------ what happened

    def count(self, outcome: Outcome) -> None:
        """What one address came to."""
        if outcome is Outcome.FLOOD:
            return
        if outcome in PASSING:
            self.errors += 1
            self.failures += 1
            return
        self.answers += 1
        self.failures = self.floods = 0

    def is_excused(self, outcome: Outcome) -> bool:
        """Whether a failure says nothing of the page: it was refused with all others, or the network is gone."""
        refused = outcome is Outcome.FLOOD and self.floods <= 1
        return refused or (outcome is Outcome.NETWORK_ERROR and self.common.network.is_gone(self.portal))

    def heed(self, outcome: Outcome, response: Response) -> None:
        """Where an answer says for how long it refuses us, nobody asks its host until then.

        That is the flood blocker, of whom the pace is learned as well, and a server that is being mended. One that asks
        for more than an hour is not asked any more in this run.
        """
        if outcome is Outcome.FLOOD:
            self.floods += 1
        elif outcome is not Outcome.HTTP_ERROR or not response.headers.get("Retry-After"):
            return
        seconds = flood_wait(response)
        self.spider.waiting.say(Why.FLOOD if outcome is Outcome.FLOOD else Why.BACK_OFF, seconds)
        settings = self.spider.settings
        turn = pace.rest(settings.get("PACE_GROUP") or "", response.url, Path(settings["DATA_DIR"]), seconds)
        if seconds > pace.LONGEST_REST:
            self.leave(Outcome.LEFT)
        elif outcome is Outcome.FLOOD:
            turn.learn(seconds)

    @property
    def has_asked(self) -> bool:
        """Whether any page was asked for in this run, whatever came of it."""
        return bool(self.answers or self.errors or self.floods or self.returns)

    # ------------------------------------------------------------ whether to go on

    @property
    def is_sick(self) -> bool:
        """Whether the portal fails again and again, or refuses us again and again."""
        if self.returns and not self.answers:
            return max(self.failures, self.floods) >= AGAIN
        return self.failures >= FAILURES_IN_A_ROW or self.floods >= FLOODS_IN_A_ROW

    @property
    def spent(self) -> Outcome | None:
        """Which of its budgets the portal has used up; None while there is something left of each."""
        if time.monotonic() - self.began >= self.limits.portal_hours * 3600:
            return Outcome.OUT_OF_TIME
        if self.spider.requests >= self.limits.portal_pages:
            return Outcome.OUT_OF_PAGES
        return Outcome.TOO_MANY_ERRORS if self.errors >= self.limits.portal_errors else None

    @property
    def may_ask(self) -> bool:
        """Whether anything more may be asked of the portal in this run, without waiting."""
        return not (self.spider.stopping or self.is_left or self.spent or self.is_sick)

    async def may_go_on(self) -> bool:
        """Whether to ask for the next page, after the pauses that are due. Raises StoreError."""
        if self.common.network.is_gone(self.portal) and self.failures > 1:
            self.failures = 2
            await self.pause(Why.NETWORK, NETWORK_PAUSE * self.limits.return_after)
        elif self.is_sick and not await self.is_page_to_blame():
            return await self.come_back()
        elif self.failures > 1:
            await self.pause(Why.BACK_OFF, self.back_off)
        if self.spent is not None and self.spider.frontier.waiting():
            self.leave(self.spent)
        return self.may_ask

    @property
    def back_off(self) -> float:
        """Seconds to wait after failures in a row, over and above the pace."""
        delay = self.spider.crawler.settings.getfloat("DOWNLOAD_DELAY")
        return float(min(LONGEST_PAUSE, delay * 2 ** (self.failures - 1)))

    async def is_page_to_blame(self) -> bool:
        """Whether the home page answers, so that the pages that failed are broken, and not the portal."""
        if self.floods or self.spent is not None or not await self.is_at_home():
            return False
        self.failures = 0
        return True

    async def is_at_home(self) -> bool:
        """Whether the portal's home page answers."""
        self.spider.purposes[Purpose.NEWS] += 1
        try:
            response = await self.spider.fetching.ask(self.spider.portal.url)
        except Unreadable:
            return False
        return response.status < 500 and response.status != 429

    async def come_back(self) -> bool:
        """Leave a sick portal alone and ask again later in this run; False where that is done with, until the next."""
        if self.returns >= len(RETURNS) or self.spent is not None:
            self.leave(self.spent or Outcome.LEFT)
            return False
        pause = RETURNS[self.returns] * self.limits.return_after
        logger.warning("%s: answers badly, and is asked again in %d s", self.portal, pause)
        self.returns += 1
        self.answers = 0
        self.away.set()
        await self.pause(Why.BACK_OFF, min(pause, max(0.0, self.time_left)))
        self.away.clear()
        if self.spider.stopping:
            return False
        self.failures = self.floods = 0
        with self.spider.archive.transaction():
            self.spider.frontier.forgive()  # what failed before is asked again as well
        return True

    async def has_second_wind(self) -> bool:
        """Nothing is left to ask: whether that is because the portal gave no good answer at all, and may yet do so."""
        if self.answers or not self.failures or self.spider.stopping:
            return False
        return await self.come_back()

    @property
    def time_left(self) -> float:
        """Seconds of the portal's budget."""
        return self.began + self.limits.portal_hours * 3600 - time.monotonic()

    def leave(self, why: Outcome) -> None:
        """The portal is not asked any more in this run: what waits is counted under the reason's name."""
        self.is_left = True
        self.spider.outcomes[why] += max(1, self.spider.frontier.waiting())
        logger.warning("%s: %s", self.portal, SAID[why])

    def conclude(self) -> None:
        """The crawl has ended; where the whole run was out of time, that is said."""
        if self.common.is_out_of_time and not self.is_left and self.spider.frontier.waiting():
            self.leave(Outcome.OUT_OF_TIME)

    async def pause(self, why: Why, seconds: float) -> None:
        """Wait some seconds, or until the run is stopped."""
        end = time.monotonic() + seconds
        with self.spider.waiting.on(why, seconds, is_said=self.away.is_set()):
            while not self.spider.stopping and (left := end - time.monotonic()) > 0:
                await asyncio.sleep(min(left, STEP))


SAID = {
    Outcome.LEFT: "left alone after repeated failures or as it asks for, until the next run",
    Outcome.OUT_OF_TIME: "its time is up, and the next run goes on",
    Outcome.OUT_OF_PAGES: "its budget of pages is spent, and the next run goes on",
    Outcome.TOO_MANY_ERRORS: "left alone after too many failures, until the next run",
}
