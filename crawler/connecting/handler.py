"""Scrapy's handler of http and https with our TLS, and answers whose headers have an end.

It leans on names that Scrapy keeps for itself (the pool's factory, the parser's class), because headers are read before
any middleware sees an answer; Scrapy is pinned, and tests/test_endless.py fails where it moves them.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.web._newclient import Request as TxRequest
from twisted.web.iweb import IResponse

from crawler.connecting import resolver
from crawler.connecting.tls import AcceptAndNotice, Certificate

LONGEST_HEAD = 256 * 1024  # bytes of status line and headers; Apache and nginx send 8 KB at most


class EndlessHeaders(Exception):
    """An answer that has more headers than any server sends."""


class Handler(HTTP11DownloadHandler):
    """http and https for one portal; its row says by `tls` and `proxy` how."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        portal = getattr(crawler.spider, "portal", None)
        policy: Any = AcceptAndNotice(getattr(portal, "tls", "") == "legacy", self._notice)
        self._contextFactory = policy
        self._pool._factory = _BoundedFactory

    async def download_request(self, request: Request) -> Response:
        """Called by Scrapy. Raises what it raises, and EndlessHeaders inside of DownloadFailedError."""
        if proxy := request.meta.get("proxy"):
            resolver.trusted.add((urlsplit(proxy).hostname or "").lower())
        return await super().download_request(request)

    def _notice(self, certificate: Certificate) -> None:
        notice = getattr(self._crawler.spider, "notice_certificate", None)
        if notice is not None:
            notice(certificate)


class _BoundedParser(_LenientHTTPClientParser):
    read = 0

    def lineReceived(self, line: bytes) -> None:
        """One line of the head; also those of "100 Continue", of which there may be any number."""
        self.read += len(line) + 1
        if self.read > LONGEST_HEAD:
            raise EndlessHeaders(f"more than {LONGEST_HEAD // 1024} KB of headers")
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:
        """Called by Twisted, which would hang up without a word."""
        raise EndlessHeaders(f"a header longer than {self.MAX_LENGTH // 1024} KB")


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    def request(self, request: TxRequest) -> Deferred[IResponse]:
        """Called by Twisted."""
        answer = super().request(request)
        assert self._parser is not None
        self._parser.__class__ = _BoundedParser
        return answer


class _BoundedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> _BoundedProtocol:
        """Called by Twisted."""
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
