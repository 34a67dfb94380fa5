"""The CMS families: one file each, saying only what differs from the general reader (general.py).

A family is loaded for a portal by load(); what the spider asks of it is the protocol Family. NukeViet, the largest,
has a reader of its own; the others are Traits of the general one. generic is the general one itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from crawler.outcomes import Outcome

if TYPE_CHECKING:
    from archive.article import Article
    from crawler.page import Page
    from crawler.portals import Portal

FAMILIES = (  # the names that a registry row may give
    "nukeviet",
    "wordpress",
    "joomla",
    "drupal",
    "sharepoint",
    "liferay",
    "dotnetnuke",
    "hung_yen_c",
    "vnpt",
    "nghe_an",
    "aspnet_mvc",
    "mat_tran",
    "generic",
)


class Unreadable(Exception):
    """A page without an article to store; `outcome` is the name under which it is counted.

    `status`: of the answer, where there was one before it came to a page.
    """

    def __init__(self, outcome: Outcome, why: str, status: int = 0) -> None:
        super().__init__(f"{outcome}: {why}")
        self.outcome = outcome
        self.why = why
        self.status = status


@dataclass(slots=True)
class Links:
    """Where a page leads, as absolute addresses; `next_page` is "" on a listing's last page.

    `pages`: further listings and pages of listings, of which the general reader knows no more than the address.
    `postbacks`: how many links of the page work by script alone, and so cannot be followed.
    """

    articles: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    menu: list[str] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    next_page: str = ""
    postbacks: int = 0


class Addresses(Protocol):
    """The addresses of a family: what one names (None: nothing to crawl), and how it is written at a portal."""

    def parse(self, url: str) -> Any:
        """An object with key, path, is_article and page, or None."""

    def at(self, origin: str, address: Any) -> str:
        """The address at a portal's own scheme and host."""


class Family(Protocol):
    """What the spider asks of a family."""

    READER: str  # its name and version, stored with each article that it read
    DELAY: float  # seconds between two requests where the registry says nothing else
    SITEMAP: str  # the path of its sitemap

    @property
    def address(self) -> Addresses:
        """The addresses of the family."""

    def kind(self, page: Page) -> Outcome | None:
        """What a page says of itself where it is no article; None where it may be one."""

    def key(self, page: Page) -> str:
        """What identifies the article of a page within its portal. Raises Unreadable where the address tells none."""

    def read(self, page: Page, portal: str, select: Mapping[str, str] | None = None) -> Article:
        """The article of a page. Raises Unreadable."""

    def links(self, page: Page) -> Links:
        """Where a page leads."""

    def place(self, page: Page, select: Mapping[str, str]) -> str:
        """Where the text stands on an article page, where that had to be guessed; "" where it is known."""


def load(portal: Portal) -> Family:
    """The family that a portal's row names."""
    module: Any = import_module(f"crawler.cms.{portal.cms}")
    family: Family = module.family(portal) if hasattr(module, "family") else module
    return family
