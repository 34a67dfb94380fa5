"""Asking for an address: redirects followed within the portal, each request counted, each silence told by its name."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.http import Request, Response

from crawler.asking import NoAnswer, ask
from crawler.attached import LIMITS
from crawler.cms import Unreadable
from crawler.frontier import Entry, Kind
from crawler.outcomes import UNSENT, Outcome
from crawler.purposes import Purpose
from crawler.urls import netloc
from crawler.verdicts import redirect_target
from crawler.waiting import Why

if TYPE_CHECKING:
    from crawler.spider import PortalSpider

REDIRECTS = 5  # more in a row are a loop

logger = logging.getLogger(__name__)


class Fetching:
    """The requests of one portal in one run."""

    def __init__(self, spider: PortalSpider) -> None:
        self.spider = spider

    def count_robots(self, request: Request) -> None:
        """Called by Scrapy for each request that is sent: robots.txt is asked for by Scrapy itself."""
        if urlsplit(request.url).path == "/robots.txt":
            self.spider.requests += 1
            self.spider.purposes[Purpose.NEWS] += 1

    async def fetch(self, entry: Entry) -> Response:
        """The answer to an address, redirects within the portal followed. Raises Unreadable by name."""
        url, headers = entry.url, self.spider.night.headers(entry)
        for _ in range(REDIRECTS):
            self.spider.purposes[entry.purpose] += 1
            try:
                response = await self.ask(url, LIMITS if entry.kind is Kind.FILE else None, headers)
            except Unreadable as refusal:
                if refusal.outcome in UNSENT:
                    self.spider.requests -= 1
                    self.spider.purposes[entry.purpose] -= 1
                raise
            headers = {}
            target = redirect_target(response)
            if target is None:
                return response
            if netloc(target) not in self.spider.hosts:
                raise Unreadable(Outcome.EXTERNAL_REDIRECT, f"{url} leads to {target}")
            url = target
        raise Unreadable(Outcome.REDIRECT_LOOP, f"{entry.url} leads in circles")

    async def ask(
        self, url: str, meta: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """One request. Raises Unreadable where none may be sent or no answer came; arguments as of asking.ask()."""
        spider = self.spider
        spider.requests += 1
        try:
            with spider.waiting.on(Why.ANSWER):
                response = await ask(spider.crawler, url, meta, headers)
            spider.endurance.common.network.heard(spider.portal.key)
        except NoAnswer as error:
            self._heed(url, error)
            raise Unreadable(Outcome.NETWORK_ERROR if spider.stopping else error.outcome, error.why) from error
        spider.certificates.remember()
        return response

    def _heed(self, url: str, error: NoAnswer) -> None:
        """What silence says of the network, the portal and its flood blocker."""
        spider = self.spider
        if error.outcome is Outcome.NETWORK_ERROR:
            spider.endurance.common.network.unheard(spider.portal.key)
        spider.measure.no_answer(error.outcome, error.why)
        if spider.stopping:  # the engine was closed under it, which looks like anything
            return
        if error.outcome not in (Outcome.FORBIDDEN, Outcome.FOREIGN_HOST):
            logger.warning("%s: no answer from %s: %s", spider.portal.key, url, error.why)
        if error.refusal is not None:
            spider.endurance.heed(error.heeded_as, error.refusal)
