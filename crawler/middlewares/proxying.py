"""Through the proxy that a portal's row names: some portals answer only from inside the country."""

from __future__ import annotations

from scrapy.crawler import Crawler
from scrapy.http import Request


class PortalProxy:
    """Says to Scrapy's own proxy middleware, which comes after it and takes user and password out, where to go.

    Without a row's `proxy` the environment's (http_proxy, no_proxy) holds, but never for a portal on this machine.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PortalProxy:
        """Called by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Called by Scrapy, for robots.txt as well."""
        portal = getattr(self.crawler.spider, "portal", None)
        if portal is not None and (portal.proxy or portal.is_loopback):
            request.meta["proxy"] = portal.proxy or None
