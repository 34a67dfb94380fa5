"""One request through Scrapy's engine, and why there is no answer: the same for the night, a probe and a lone page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from OpenSSL import SSL
from scrapy import exceptions
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.crawler import Crawler
from scrapy.http import Request, Response

from crawler.connecting import resolver
from crawler.connecting.handler import EndlessHeaders
from crawler.middlewares.hosts import ForeignHost
from crawler.middlewares.robots import RobotsUnreachable
from crawler.middlewares.unpacking import TooLarge
from crawler.outcomes import Outcome
from crawler.urls import netloc


class NoAnswer(Exception):
    """Nothing was answered, or nothing was asked; `outcome` is the name of it, the message a sentence.

    `refusal`: what came instead of robots.txt, and may say for how long the host refuses us.
    """

    def __init__(self, outcome: Outcome, why: str, refusal: Response | None = None) -> None:
        super().__init__(why)
        self.outcome = outcome
        self.why = why
        self.refusal = refusal

    @property
    def heeded_as(self) -> Outcome:
        """What the refusal is to whoever waits: the flood blocker's, or an error's."""
        return Outcome.FLOOD if self.outcome is Outcome.FLOOD else Outcome.HTTP_ERROR


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
        response = await engine.download_async(request)
    except ForeignHost as error:
        raise NoAnswer(Outcome.FOREIGN_HOST, "it is at no host of its portal") from error
    except RobotsUnreachable as error:
        if isinstance(error.__cause__, Exception):  # nothing answers there, whatever is asked for
            raise NoAnswer(*named(error.__cause__, request, crawler)) from error
        outcome = Outcome.FLOOD if error.is_flood else Outcome.ROBOTS_UNREACHABLE
        raise NoAnswer(outcome, str(error), error.refusal) from error
    except TooLarge as error:
        raise NoAnswer(Outcome.TOO_LARGE, _too_large(request, crawler)) from error
    except exceptions.IgnoreRequest as error:
        raise NoAnswer(Outcome.FORBIDDEN, f"robots.txt of {netloc(url)} forbids to ask for it") from error
    except exceptions.DownloadCancelledError as error:
        raise NoAnswer(Outcome.TOO_LARGE, _too_large(request, crawler)) from error
    except Exception as error:
        # Whatever Twisted, TLS or DNS come up with, it is the same to us: no answer.
        raise NoAnswer(*named(error, request, crawler)) from error
    if response.status == 407 and request.meta.get("proxy"):
        raise NoAnswer(Outcome.PROXY_ERROR, f"the proxy {_proxy(request)} wants another user or password")
    return response


def _proxy(request: Request) -> str:
    """Host and port of the proxy that a request goes through; user and password were taken out by Scrapy."""
    return netloc(str(request.meta.get("proxy") or "")).rpartition("@")[2]


def _too_large(request: Request, crawler: Crawler) -> str:
    largest = request.meta.get("download_maxsize") or crawler.settings.getint("DOWNLOAD_MAXSIZE")
    return f"the answer of {netloc(request.url)} is larger than {largest / 2**20:g} MB"


def named(error: Exception, request: Request, crawler: Crawler) -> tuple[Outcome, str]:
    """An error of the network by its name, and as a sentence."""
    host, name = netloc(request.url), (urlsplit(request.url).hostname or "").lower()
    reasons = causes(error)
    if (proxy := _proxy(request)) and isinstance(error, TunnelError | exceptions.DownloadConnectionRefusedError):
        return Outcome.PROXY_ERROR, f"the proxy {proxy} does not lead to {host}: {_short(error)}"
    if isinstance(error, exceptions.CannotResolveHostError):
        if name in resolver.refused:
            why = f"the name {name} leads to {resolver.refused[name]}, an address of this machine or its network"
            return Outcome.PRIVATE_ADDRESS, why
        return Outcome.NETWORK_ERROR, f"the name {name} is not known (DNS)"
    if isinstance(error, exceptions.DownloadConnectionRefusedError):
        return Outcome.NETWORK_ERROR, f"nothing listens at {host}: the connection was refused"
    if isinstance(error, exceptions.DownloadTimeoutError):
        seconds = request.meta.get("download_timeout") or crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        return Outcome.NETWORK_ERROR, f"{host} gave no answer within {seconds:g} seconds"
    if endless := next((reason for reason in reasons if isinstance(reason, EndlessHeaders)), None):
        return Outcome.TOO_LARGE, f"the answer of {host} has {endless}"
    if tls := next((reason for reason in reasons if isinstance(reason, SSL.Error)), None):
        return Outcome.TLS_ERROR, _tls(tls, host)
    if isinstance(error, exceptions.ResponseDataLossError | exceptions.DownloadFailedError):
        return Outcome.NETWORK_ERROR, f"{host} broke off the connection in the middle of its answer"
    return Outcome.NETWORK_ERROR, f"no connection to {host}: {_short(error)}"


def causes(error: BaseException | None) -> list[BaseException]:
    """An error and all that it comes from; Twisted keeps those in lists of its own."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if one is not None and one not in found:
            found.append(one)
            inner = [failure.value for failure in getattr(one, "reasons", None) or ()]
            waiting += [one.__cause__, *inner]
    return found


def _tls(error: BaseException, host: str) -> str:
    said = "; ".join(reason for *_, reason in (error.args[0] if error.args else ()) if reason) or "it broke off"
    return f'the encrypted connection to {host} failed (TLS: {said}); perhaps tls = "legacy" or http:// will do'


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
