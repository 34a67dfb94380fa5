"""Asking a portal: one request at a time, at its pace, within a budget; what goes wrong is said in a sentence."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive import clock
from crawler.asking import NoAnswer, ask
from crawler.fetching import REDIRECTS
from crawler.outcomes import Outcome
from crawler.page import Page, decode, file_kind
from crawler.portals import Portal
from crawler.probing.findings import NoPortal, Robots
from crawler.spider import NO_REQUESTS
from crawler.urls import at_origin, netloc
from crawler.user_agent import ContactMissing
from crawler.verdicts import redirect_target

MOST_REQUESTS = 15
PATIENCE = 300  # seconds that a probe may last: where robots.txt wants long pauses there are fewer requests
FEWEST = 6
KINDS = {"application/pdf": "a PDF document", "image/": "a picture", "video/": "a video", "audio/": "a recording"}


class Spent(Exception):
    """The budget of requests is used up."""


class ProbeSpider(Spider):
    """Asks for what `work` wants, nothing else. `portal`: the row as far as it is known; `say` tells what is asked."""

    custom_settings: dict[str, Any] = {}  # noqa: RUF012 - Scrapy's own name for it

    def __init__(
        self,
        portal: Portal,
        work: Callable[[ProbeSpider], Awaitable[None]],
        say: Callable[[str], None],
        pace: float,
        has_contact: bool,
    ) -> None:
        super().__init__(name="probe")
        self.portal = portal
        self.hosts = portal.all_hosts
        self.work = work
        self.say = say
        self.pace = pace
        self.has_contact = has_contact
        self.robots = Robots()
        self.requests = 0
        self.moved = ""  # the host that the home page has led to
        self._last = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> ProbeSpider:
        """Called by Scrapy."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.heed_robots, signal=signals.robots_parsed)
        crawler.signals.connect(spider.see_robots, signal=signals.response_received)
        return spider

    def heed_robots(self, robotparser: Any) -> None:
        """Called by Scrapy when it has read a host's robots.txt; the last one read is of the portal's own host."""
        self.robots.sitemaps = tuple(robotparser.rp.sitemaps)
        self.robots.delay = robotparser.crawl_delay(self.settings["ROBOTSTXT_USER_AGENT"])
        self.pace = max(self.pace, self.robots.delay or 0.0)

    def see_robots(self, response: Response) -> None:
        """Called by Scrapy with every answer, robots.txt's among them."""
        if urlsplit(response.url).path == "/robots.txt":
            self.robots.status = response.status

    @property
    def left(self) -> int:
        """How many more requests the budget allows."""
        by_time = int(PATIENCE / self.pace) if self.pace else MOST_REQUESTS
        return max(0, min(MOST_REQUESTS, max(FEWEST, by_time)) - self.requests)

    async def start(self) -> AsyncIterator[Any]:
        """The probe itself: Scrapy wants a generator, the requests are made one by one."""
        await self.work(self)
        for request in NO_REQUESTS:
            yield request

    async def fetch(self, url: str, home: bool = False) -> Response:
        """The answer to an address, redirects within the portal followed; those of its home page to another host once.

        Raises NoAnswer, Spent, and for the home page NoPortal or ContactMissing.
        """
        for _ in range(REDIRECTS):
            response = await self._ask(url)
            target = redirect_target(response)
            if target is None:
                return response
            if netloc(target) not in self.hosts:
                if not home:
                    raise NoAnswer(Outcome.EXTERNAL_REDIRECT, f"it leads to another site, {target or 'nowhere'}")
                self._follow_home(url, target)
            url = target
        raise NoAnswer(Outcome.HTTP_ERROR, "it leads in circles")

    def _follow_home(self, url: str, target: str) -> None:
        """The home page leads to another host: allowed once, never from the world to this machine or its network."""
        host = netloc(target)
        if not target.startswith(("http://", "https://")):
            raise NoPortal(f"{url} leads to {target or 'nowhere'}, which is no page")
        if self.moved:
            raise NoPortal(f"{url} leads on to {target}: a second host is not followed; probe that address")
        if _is_private(urlsplit(target).hostname or "") and not self.portal.is_loopback:
            raise NoPortal(f"{url} leads to {target}, an address of a private network: not followed")
        there = Portal(key=host, name=host, url=at_origin("http://x/", target))
        if not there.is_loopback and not self.has_contact:
            raise ContactMissing(
                f"CONTACT is not set: {url} leads to {target}, which is asked only by somebody who leaves an address "
                "or e-mail, for example CONTACT=archive@example.org"
            )
        self.moved = host
        self.hosts |= there.all_hosts
        self.robots = Robots()

    async def _ask(self, url: str) -> Response:
        """One request. Raises NoAnswer by name, and Spent."""
        if not self.left:
            raise Spent
        # Scrapy keeps the delay that was set; this keeps the longer one that robots.txt may have named since.
        await asyncio.sleep(max(0.0, self._last + self.pace - time.monotonic()) if self.requests else 0)
        self.requests += 1
        self.say(f"{self.requests} of at most {self.requests + self.left}: {url}")
        try:
            return await ask(self.crawler, url)
        except NoAnswer as error:
            if error.outcome is Outcome.FORBIDDEN:
                self.requests -= 1  # nothing was sent
                self.robots.forbidden.append(urlsplit(url).path or "/")
            raise
        finally:
            self._last = time.monotonic()

    def page(self, response: Response) -> Page:
        """The answer as a page. Raises NoAnswer where it is a file of another kind."""
        if kind := _other_kind(response):
            raise NoAnswer(Outcome.NOT_ARTICLE, f"it is {kind}, not a page")
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
        return Page(response.url, decode(response.body, kind), clock.now(), response.status)


def _other_kind(response: Response) -> str:
    """What an answer is where it is no page, in words; "" for a page."""
    said = (response.headers.get("Content-Type") or b"").decode("latin-1").lower()
    if kind := file_kind(response.body):
        return kind
    if kind := next((name for start, name in KINDS.items() if said.startswith(start)), ""):
        return kind
    head = response.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<?xml", b"<rss", b"<feed", b"<urlset")) and b"html" not in head:
        return "XML, such as a feed or a sitemap"
    if head.startswith((b"{", b"[")) and "json" in said:
        return "data in JSON"
    if b"\x00" in head or (said and not said.startswith(("text/", "application/xhtml"))):
        return f"a file of type {said.partition(';')[0] or 'unknown'}"
    return ""


def _is_private(host: str) -> bool:
    if host == "localhost" or host.endswith((".localhost", ".local")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False
