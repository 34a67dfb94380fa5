"""What the crawls of one run share: what it may spend, whether the network is there, and why it is over."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from scrapy.settings import BaseSettings

if TYPE_CHECKING:
    from crawler.spider import PortalSpider

NETWORK_PATIENCE = 3.0  # times RETURN_AFTER: how long a network that is gone is waited for


class LimitError(ValueError):
    """A limit is set to something that is no number above nought; the message names it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may spend: the whole of it in hours, each portal in hours, requests and failed requests."""

    night_hours: float = 20.0
    portal_hours: float = 8.0
    portal_pages: float = 12_000
    portal_errors: float = 500
    return_after: float = 300.0  # seconds

    @classmethod
    def of(cls, settings: BaseSettings) -> Limits:
        """The limits as set, each by its name in capitals. Raises LimitError."""
        return cls(
            **{field.name: _number(field.name.upper(), settings.get(field.name.upper())) for field in fields(cls)}
        )

    def of_portal(self, budget: Mapping[str, float]) -> Limits:
        """The same, but for what the portal's own row says of hours, pages and errors."""
        return replace(self, **{f"portal_{name}": float(value) for name, value in budget.items()})


def _number(name: str, text: object) -> float:
    try:
        number = float(str(text))
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise LimitError(f"{name} is {text!r}: it must be a number above 0")
    return number


class Network:
    """Whether anybody answers. A portal that fails while another answers is sick; if all fail the network is gone."""

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self.answered = time.monotonic()
        self.unanswered: dict[str, float] = {}  # portal -> since when it gives no answer

    def heard(self, portal: str) -> None:
        """A portal has answered, whatever it said."""
        self.answered = time.monotonic()
        self.unanswered.pop(portal, None)

    def unheard(self, portal: str) -> None:
        """No answer came from a portal."""
        self.unanswered.setdefault(portal, time.monotonic())

    def is_gone(self, portal: str) -> bool:
        """Whether neither this portal nor any other answers, for less time than one waits for the network."""
        silent = [key for key, since in self.unanswered.items() if since >= self.answered]
        return portal in silent and len(silent) > 1 and time.monotonic() - self.answered < self.patience


class Common:
    """What the crawls of one run share: its limits, the network, and why it is over, if it is."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.network = Network(NETWORK_PATIENCE * self.limits.return_after)
        self.is_over = False
        self.is_out_of_time = False
        self.is_interrupted = False
        self.spiders: list[PortalSpider] = []

    def end(self) -> None:
        """No crawl asks for anything more; what is in flight is finished."""
        self.is_over = True
        for spider in self.spiders:
            spider.stopping = True

    def run_out(self) -> None:
        """The time of the whole run is up."""
        self.is_out_of_time = True
        self.end()

    def interrupt(self) -> None:
        """Somebody wants it to end: Ctrl-C, or systemd."""
        self.is_interrupted = True
        self.end()

    @property
    def reason(self) -> str:
        """Why the run ended before its work was done; "" where it did not."""
        return "interrupted" if self.is_interrupted else "out of time" if self.is_out_of_time else ""
