"""Known articles that were not where they are: counted when a run is over, unless hardly anything was there."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.frontier import Entry
from crawler.outcomes import Outcome

if TYPE_CHECKING:
    from crawler.spider import PortalSpider

OUTAGE = 50  # missing articles in one run from which on, if they are three times those that are there, none is believed

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Absence:
    """A known article that was not where it is: `how` names what was found instead."""

    article: int
    how: str
    status: int
    url: str


class Absences:
    """Those of one portal in one run."""

    def __init__(self, spider: PortalSpider) -> None:
        self.spider = spider
        self.found: list[Absence] = []

    def note(self, entry: Entry, outcome: Outcome, status: int) -> None:
        """An article that was read before is not there now."""
        assert entry.article is not None
        self.found.append(Absence(entry.article, outcome, status, entry.url))

    def forget(self) -> None:
        """What was noted says nothing of today."""
        self.found.clear()

    def conclude(self) -> None:
        """The run is over: articles missing for the second time are withdrawn. Raises StoreError."""
        spider = self.spider
        if len(self.found) >= OUTAGE and len(self.found) > 3 * spider.read_known:
            logger.warning("%s: %d articles are not there: taken for an outage", spider.portal.key, len(self.found))
            return
        with spider.archive.transaction():
            for absence in self.found:
                if spider.guard.is_broken and absence.how != Outcome.NOT_FOUND:
                    continue  # a page of the new theme that looks like an excuse to the old reader
                if spider.archive.presence.missed(absence.article, absence.how, absence.status, absence.url):
                    spider.outcomes[Outcome.WITHDRAWN] += 1
