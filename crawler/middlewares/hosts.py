"""The portal's own hosts only."""

from __future__ import annotations

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request

from crawler.urls import netloc


class ForeignHost(IgnoreRequest):
    """A request to a host that the registry does not name for this portal; never sent."""


class RegisteredHosts:
    """Refuses every request to a host that the portal's row does not name, loopback and private ones included."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RegisteredHosts:
        """Called by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises ForeignHost."""
        hosts: frozenset[str] = getattr(self.crawler.spider, "hosts", frozenset())
        if netloc(request.url) not in hosts or not request.url.startswith(("http://", "https://")):
            raise ForeignHost(f"{request.url} is at no registered host of {getattr(self.crawler.spider, 'name', '?')}")
