"""The CMS families: one file each, saying only what differs. A family is a module with

READER   its name and version, stored with each article that it read
DELAY    seconds between two requests where the registry says nothing else
SITEMAP  the path of its sitemap
kind(page) -> Outcome | None     what a page says of itself where it is no article
read(page, portal_key, select) -> Article, or Unreadable
links(page) -> Links
address  its addresses: parse(url), at(origin, address)
"""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.outcomes import Outcome

FAMILIES = ("nukeviet",)  # the names that a registry row may give


class Unreadable(Exception):
    """A page without an article to store; `outcome` is the name under which it is counted."""

    def __init__(self, outcome: Outcome, why: str) -> None:
        super().__init__(f"{outcome}: {why}")
        self.outcome = outcome
        self.why = why


@dataclass(slots=True)
class Links:
    """Where a page leads, as absolute addresses; `next_page` is "" on a listing's last page."""

    articles: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    menu: list[str] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    next_page: str = ""
