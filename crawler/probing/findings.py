"""What a probe found out: the shapes that its parts pass on to the display."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from archive.article import Article
from crawler.explaining import Explained
from crawler.page import Page


class NoPortal(Exception):
    """There is nothing to crawl at the address; the message is one sentence that says why."""


class NeedsBrowser(NoPortal):
    """The page is made by scripts in the browser; `sign` says by what that was seen."""

    def __init__(self, where: str, sign: str) -> None:
        super().__init__(f"{where} needs a browser, and this crawler is none: {sign}")
        self.sign = sign


@dataclass(frozen=True, slots=True)
class Recognised:
    """The family that made a portal. `signs`: by what; `rivals`: other families with the signs that spoke for them."""

    family: str
    edition: str
    signs: tuple[str, ...] = ()
    rivals: tuple[tuple[str, tuple[str, ...]], ...] = ()
    by_generator: bool = False

    @property
    def confidence(self) -> str:
        """In a word: "sure" where the page names its maker or shows three signs, "likely" with two, else a guess."""
        if self.family == "generic":
            return "none of their signs is shown"
        if self.by_generator or len(self.signs) > 2:
            return "sure"
        return "likely" if len(self.signs) == 2 else "a guess, by one sign alone"


@dataclass(slots=True)
class Robots:
    """robots.txt: `status` 0 where there was no answer; `delay` its Crawl-delay in seconds; `forbidden`: paths."""

    status: int = 0
    sitemaps: tuple[str, ...] = ()
    delay: float | None = None
    forbidden: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Sitemap:
    """The sitemap: `parts` it has (0: it is no index), the part that was asked, its addresses, its newest day."""

    path: str
    why_not: str = ""
    parts: int = 0
    part: str = ""
    addresses: int = 0
    articles: list[str] = field(default_factory=list)
    newest: str = ""


@dataclass(slots=True)
class Feed:
    """A list of articles for machines: a feed, or the family's API (`total`: as many as it says that there are)."""

    path: str
    why_not: str = ""
    articles: list[str] = field(default_factory=list)
    newest: str = ""
    total: int | None = None


@dataclass(slots=True)
class Listing:
    """The first page of a section. `paging` is the form of further pages' addresses, "" where none was seen."""

    path: str
    why_not: str = ""
    articles: list[str] = field(default_factory=list)
    paging: str = ""
    by_script: bool = False  # its pager works by script alone


@dataclass(slots=True)
class Sample:
    """An article page that was asked for. `article` is None where it is none to read: then `outcome` says why."""

    url: str
    page: Page | None = None
    article: Article | None = None
    outcome: str = ""
    by: str = ""
    fields: list[Explained] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Row:
    """A row of the registry: its key, its text in TOML, and why some of it is as it is."""

    key: str
    text: str
    reasons: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Findings:
    """All that a probe found. `url`: the portal's address, as the row has it; `said`: what to know before the rest.

    `stopped`: why the probe asked for less than it wanted to, "" where it did not.
    `failure`: why there is no portal, "" where there is one; `crash`: the traceback of a fault of our own.
    """

    asked_for: str
    url: str
    requests: int = 0
    pace: float = 0.0
    said: list[str] = field(default_factory=list)
    stopped: str = ""
    robots: Robots = field(default_factory=Robots)
    recognised: Recognised | None = None
    name: str = ""
    sitemap: Sitemap | None = None
    feeds: int = 0
    feed: Feed | None = None
    api: Feed | None = None
    menu: int = 0
    listings: list[Listing] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    layouts: int = 0
    doubts: list[str] = field(default_factory=list)
    row: Row | None = None
    registered_as: str = ""
    failure: str = ""
    crash: str = ""

    @property
    def outcomes(self) -> Counter[str]:
        """What the article pages came to."""
        return Counter(sample.outcome for sample in self.samples)
