"""robots.txt as RFC 9309 asks for it, from servers that send anything.

A file: heeded, its first 500 KB. HTML (a CMS's home page under 200), 4xx, a redirect to another site: everything is
allowed. 5xx, silence, the flood blocker's page: nothing is known, so nothing is asked, and the request that wanted to
know fails; each later one asks for the file again. How long to wait between them is the crawl's own (endurance.py).
"""

from __future__ import annotations

import re

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.misc import build_from_crawler

from crawler.urls import netloc
from crawler.verdicts import is_flood, redirect_target

LARGEST = 500 * 1024  # bytes that are heeded, as the RFC has it
REDIRECTS = 5  # as the RFC has it
HTML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<")  # no rule begins so


class RobotsUnreachable(IgnoreRequest):
    """What robots.txt says could not be learned, so that nothing may be asked now; the message is a sentence.

    `refusal`: the answer that came instead. Where none came at all, it is raised from what Scrapy said.
    """

    def __init__(self, why: str, refusal: Response | None = None) -> None:
        super().__init__(why)
        self.refusal = refusal
        self.is_flood = refusal is not None and (refusal.status == 429 or is_flood(refusal))


class HeedRobots(RobotsTxtMiddleware):
    """Scrapy's middleware with another way of getting the file; what is done with it is Scrapy's."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.known: dict[str, RobotParser] = {}
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
        rules = build_from_crawler(self._parserimpl, self.crawler, await self._ask(request))
        self.known[host] = rules
        await self.crawler.signals.send_catch_log_async(
            signal=signals.robots_parsed, robotparser=rules, request=request
        )

    async def _ask(self, request: Request) -> bytes:
        """What to parse; nothing where everything is allowed. Raises RobotsUnreachable."""
        scheme, _, rest = request.url.partition("://")
        host = re.split(r"[/?#]", rest, maxsplit=1)[0]
        url = f"{scheme}://{host}/robots.txt"
        for _ in range(REDIRECTS + 1):
            try:
                response = await self._fetch(url)
            except IgnoreRequest:
                return b""  # it leads to another site: as if there were none
            except Exception as error:  # whatever the network comes up with
                raise RobotsUnreachable(f"robots.txt of {host} did not come") from error
            target = redirect_target(response)
            if target is None:
                return self._judged(response, host)
            url = target
        return b""

    async def _fetch(self, url: str) -> Response:
        assert self.crawler.engine is not None
        meta = {"dont_obey_robotstxt": True, "dont_redirect": True, "keep_first": LARGEST, "download_maxsize": 2**40}
        asked = Request(url, meta=meta, dont_filter=True, priority=self.DOWNLOAD_PRIORITY, callback=NO_CALLBACK)
        return await self.crawler.engine.download_async(asked)

    def _judged(self, response: Response, host: str) -> bytes:
        self._stats.inc_value(f"robotstxt/response_status_count/{response.status}")
        if response.status == 429 or response.status >= 500 or is_flood(response):
            raise RobotsUnreachable(f"robots.txt of {host} is refused (status {response.status})", response)
        if response.status != 200 or HTML.match(response.body):
            return b""
        return response.body[:LARGEST]
