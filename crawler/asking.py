"""One request through Scrapy's engine, and why there is no answer: the same for the night, a probe and a lone page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from scrapy import exceptions
from scrapy.crawler import Crawler
from scrapy.http import Request, Response

from crawler.middlewares import ForeignHost
from crawler.outcomes import Outcome
from crawler.urls import netloc


class NoAnswer(Exception):
    """Nothing was answered, or nothing was asked; `outcome` is the name of it, the message a sentence."""

    def __init__(self, outcome: Outcome, why: str) -> None:
        super().__init__(why)
        self.outcome = outcome
        self.why = why


async def ask(
    crawler: Crawler, url: str, meta: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer to one request, whatever its status; redirects are the caller's. Raises NoAnswer by name.

    `meta`: Scrapy's words for this request alone, such as download_maxsize. `headers`: beside those of all requests.
    """
    engine = crawler.engine
    assert engine is not None
    request = Request(url, headers=headers, meta={"dont_redirect": True, **(meta or {})}, dont_filter=True)
    try:
        return await engine.download_async(request)
    except ForeignHost as error:
        raise NoAnswer(Outcome.FOREIGN_HOST, "it is at no host of its portal") from error
    except exceptions.IgnoreRequest as error:
        if error.__cause__ is not None:  # what the decompressor gives up at
            raise NoAnswer(Outcome.TOO_LARGE, _too_large(request, crawler)) from error
        raise NoAnswer(Outcome.FORBIDDEN, f"robots.txt of {netloc(url)} forbids to ask for it") from error
    except exceptions.DownloadCancelledError as error:
        raise NoAnswer(Outcome.TOO_LARGE, _too_large(request, crawler)) from error
    except Exception as error:
        # Whatever Twisted, TLS or DNS come up with, it is the same to us: no answer.
        raise NoAnswer(Outcome.NETWORK_ERROR, in_words(error, request, crawler)) from error


def _too_large(request: Request, crawler: Crawler) -> str:
    largest = request.meta.get("download_maxsize") or crawler.settings.getint("DOWNLOAD_MAXSIZE")
    return f"the answer of {netloc(request.url)} is larger than {largest // 2**20} MB"


def in_words(error: Exception, request: Request, crawler: Crawler) -> str:
    """An error of the network as a sentence."""
    host = netloc(request.url)
    text = f"{error!r} {error.__cause__!r}"
    if isinstance(error, exceptions.CannotResolveHostError):
        return f"the name {urlsplit(request.url).hostname} is not known (DNS)"
    if isinstance(error, exceptions.DownloadConnectionRefusedError):
        return f"nothing listens at {host}: the connection was refused"
    if isinstance(error, exceptions.DownloadTimeoutError):
        seconds = request.meta.get("download_timeout") or crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        return f"{host} gave no answer within {seconds:g} seconds"
    if "SSL" in text or "TLS" in text:
        return f"the encrypted connection to {host} failed (TLS); perhaps it answers at http://"
    if isinstance(error, exceptions.ResponseDataLossError | exceptions.DownloadFailedError):
        return f"{host} broke off the connection in the middle of its answer"
    return f"no connection to {host}: {' '.join(str(error).split()) or type(error).__name__}"
