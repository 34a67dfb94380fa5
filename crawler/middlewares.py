"""What stands between spider and network: the portal's own hosts only, and cookies that ask nobody else."""

from __future__ import annotations

import logging

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares import cookies
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request
from tldextract import TLDExtract

from crawler.urls import netloc

# Scrapy's cookies ask for the list of public suffixes over the network at the first cookie of a run. The list
# that comes with tldextract is enough: it only keeps a portal from setting a cookie for all of ".gov.vn".
cookies._split_domain = TLDExtract(include_psl_private_domains=True, suffix_list_urls=(), cache_dir=None)


class _WithoutTraceback(logging.Filter):
    """A robots.txt that cannot be fetched is one line, not forty: the portal is down, nothing of ours is broken."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        return True


logging.getLogger("scrapy.downloadermiddlewares.robotstxt").addFilter(_WithoutTraceback())


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


class OfflineCookies(cookies.CookiesMiddleware):
    """Scrapy's cookies; its name here makes sure that this module, and so the offline list, is loaded."""
