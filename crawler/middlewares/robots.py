"""robots.txt as RFC 9309 asks for it, from servers that send anything.

A file: heeded, its first 500 KB. HTML (a CMS's home page under 200), 4xx, a redirect to another site: everything is
allowed. 5xx, silence, the flood blocker's page: nothing is known, so nothing is asked; in a crawl the file is asked for
again after a minute and after five more, and where it still does not come the portal is left for the night.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.misc import build_from_crawler

from crawler.urls import netloc
from crawler.verdicts import asks_to_wait, flood_wait, is_flood, redirect_target

LARGEST = 500 * 1024  # bytes that are heeded, as the RFC has it
REDIRECTS = 5  # as the RFC has it
LATER = 5  # times as long as the last pause the next one is
AGAIN = 2  # times that it is asked for again
HTML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<")  # no rule begins so

logger = logging.getLogger(__name__)


class RobotsUnreachable(IgnoreRequest):
    """What robots.txt says could not be learned, so that nothing may be asked in this run; the message is a sentence.

    Where nothing answered at all, it is raised from what Scrapy said.
    """


@dataclass(frozen=True, slots=True)
class Answer:
    """`body`: what to parse; None where nothing can be said: `why`, and how many seconds the server wants to rest."""

    body: bytes | None
    why: str = ""
    rest: int = 0
    error: Exception | None = None


EVERYTHING_ALLOWED = Answer(b"")


class HeedRobots(RobotsTxtMiddleware):
    """Scrapy's middleware with another way of getting the file; what is done with it is Scrapy's."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.first_pause = crawler.settings.getfloat("ROBOTS_PAUSE")
        self.known: dict[str, RobotParser] = {}
        self.unreachable: dict[str, Answer] = {}
        crawler.signals.connect(self.cut, signal=signals.bytes_received)

    def cut(self, data: bytes, request: Request) -> None:
        """Called by Scrapy with each piece of any answer: of robots.txt no more is taken than is heeded."""
        if "keep_first" in request.meta:
            request.meta["taken"] = request.meta.get("taken", 0) + len(data)
            if request.meta["taken"] > request.meta["keep_first"]:
                raise StopDownload(fail=False)

    async def robot_parser(self, request: Request) -> RobotParser:
        """The rules of a request's host. Raises RobotsUnreachable."""
        host = netloc(request.url)
        if host not in self.known:
            await self._learn(host, request)
        return self.known[host]

    async def _learn(self, host: str, request: Request) -> None:
        if host in self.unreachable:
            answer = self.unreachable[host]
            raise RobotsUnreachable(answer.why) from answer.error
        answer = await self._ask(request)
        for pause in self._pauses():
            if answer.body is not None:
                break
            pause = max(pause, answer.rest)
            logger.warning("%s: %s; asked again in %d s", host, answer.why, pause)
            await self._sleep(pause)
            if not self.spider_stops:
                answer = await self._ask(request)
        if answer.body is None:
            self.unreachable[host] = answer
            raise RobotsUnreachable(answer.why) from answer.error
        rules = build_from_crawler(self._parserimpl, self.crawler, answer.body)
        self.known[host] = rules
        await self.crawler.signals.send_catch_log_async(
            signal=signals.robots_parsed, robotparser=rules, request=request
        )

    def _pauses(self) -> Iterator[float]:
        """How long to wait after each try; a person who waits for one page is told at once."""
        for n in range(AGAIN if getattr(self.crawler.spider, "is_patient", False) else 0):
            if not self.spider_stops:
                yield self.first_pause * LATER**n

    @property
    def spider_stops(self) -> bool:
        """Whether the crawl is being ended from outside."""
        return bool(getattr(self.crawler.spider, "stopping", False))

    async def _ask(self, request: Request) -> Answer:
        scheme, _, rest = request.url.partition("://")
        host = re.split(r"[/?#]", rest, maxsplit=1)[0]
        url = f"{scheme}://{host}/robots.txt"
        for _ in range(REDIRECTS + 1):
            try:
                response = await self._fetch(url)
            except IgnoreRequest:
                return EVERYTHING_ALLOWED  # it leads to another site: as if there were none
            except Exception as error:  # whatever the network comes up with
                return Answer(None, f"robots.txt of {host} did not come ({type(error).__name__})", error=error)
            target = redirect_target(response)
            if target is None:
                return self._judged(response, host)
            url = target
        return EVERYTHING_ALLOWED

    async def _fetch(self, url: str) -> Response:
        assert self.crawler.engine is not None
        meta = {"dont_obey_robotstxt": True, "dont_redirect": True, "keep_first": LARGEST, "download_maxsize": 2**40}
        asked = Request(url, meta=meta, dont_filter=True, priority=self.DOWNLOAD_PRIORITY, callback=NO_CALLBACK)
        return await self.crawler.engine.download_async(asked)

    def _judged(self, response: Response, host: str) -> Answer:
        self._stats.inc_value(f"robotstxt/response_status_count/{response.status}")
        if response.status == 429 or response.status >= 500 or is_flood(response):
            why = f"robots.txt of {host} is refused (status {response.status})"
            return Answer(None, why, flood_wait(response) if asks_to_wait(response) or is_flood(response) else 0)
        if response.status != 200 or HTML.match(response.body):
            return EVERYTHING_ALLOWED
        return Answer(response.body[:LARGEST])

    async def _sleep(self, seconds: float) -> None:
        while seconds > 0 and not self.spider_stops:
            await asyncio.sleep(min(1, seconds))
            seconds -= 1
