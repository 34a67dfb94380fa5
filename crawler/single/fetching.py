"""Pages from their portal: asked through Scrapy's engine, one after another, as politely as every night."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from scrapy.settings import Settings

from archive import clock
from crawler.asking import NoAnswer, ask
from crawler.cms import load
from crawler.fetching import REDIRECTS
from crawler.outcomes import Outcome
from crawler.page import Page, decode
from crawler.portals import Portal
from crawler.single.opening import NoPage, page_bytes
from crawler.spider import NO_REQUESTS
from crawler.urls import netloc
from crawler.verdicts import redirect_target

TELLING = ("Content-Type", "Retry-After")
Work = Callable[["Asker"], Awaitable[None]]


class Asker(Spider):
    """Asks a portal for what `work` wants, nothing else. `failure` is what the work raised, if anything.

    `headers`: those of the last answer that say something of its page.
    """

    custom_settings: dict[str, Any] = {}  # noqa: RUF012 - Scrapy's own name for it

    def __init__(self, portal: Portal, work: Work) -> None:
        super().__init__(name=portal.key)
        self.portal = portal
        self.hosts = portal.all_hosts
        self.work = work
        self.failure: Exception | None = None
        self.done = False
        self.headers: dict[str, str] = {}

    async def start(self) -> AsyncIterator[Any]:
        """The work itself: Scrapy wants a generator; the requests are made one by one."""
        try:
            await self.work(self)
        except Exception as error:  # handed on to who asked; in here Scrapy would log it and go on
            self.failure = error
        self.done = True
        for request in NO_REQUESTS:
            yield request

    async def page(self, url: str) -> Page:
        """The page at an address, redirects within the portal followed. Raises NoPage."""
        response = await self._follow(url)
        said = {name: (response.headers.get(name) or b"").decode("latin-1") for name in TELLING}
        self.headers = {name: value for name, value in said.items() if value}
        kind = said["Content-Type"]
        body = response.body if response.status != 200 else page_bytes(response.body, kind, response.url)
        return Page(response.url, decode(body, kind), clock.now(), response.status)

    async def _follow(self, url: str) -> Response:
        for _ in range(REDIRECTS):
            response = await self._ask(url)
            target = redirect_target(response)
            if target is None:
                return response
            if netloc(target) not in self.hosts:
                raise NoPage(Outcome.EXTERNAL_REDIRECT, f"{url} leads to another site, {target or 'nowhere'}")
            url = target
        raise NoPage(Outcome.HTTP_ERROR, f"{url} leads in circles")

    async def _ask(self, url: str) -> Response:
        try:
            return await ask(self.crawler, url)
        except NoAnswer as error:
            raise NoPage(error.outcome, error.why) from error


def run(work: Work, portal: Portal, agent: str, settings: Settings) -> None:
    """Do a piece of work at a portal's own pace. Raises what the work raises, and KeyboardInterrupt after Ctrl-C."""
    settings = settings.copy()
    delay = portal.delay if portal.delay is not None else 0.0 if portal.is_loopback else load(portal).DELAY
    for name in ("DOWNLOAD_DELAY", "AUTOTHROTTLE_START_DELAY"):
        settings.set(name, delay, "cmdline")
    settings.set("USER_AGENT", agent, "cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = Crawler(Asker, settings)
    process.crawl(crawler, portal=portal, work=work)
    process.start()
    spider = crawler.spider
    if not isinstance(spider, Asker) or not spider.done:
        raise KeyboardInterrupt
    if spider.failure is not None:
        raise spider.failure
