"""The nights of a portal as the archive remembers them, newest first."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crawler.health.limits import REMEMBERED
from crawler.health.model import Verdict
from crawler.outcomes import Outcome

DOORS = (Outcome.LISTING, Outcome.SITEMAP, Outcome.FEED)


@dataclass(frozen=True, slots=True)
class Night:
    """One portal in one run: the row of run_portals. `measured` as Measure.record() wrote it, {} of older versions."""

    run: int
    portal: str
    started: str
    finished: str
    requests: int
    articles: int
    new: int
    verdict: str = ""
    outcomes: Mapping[str, int] = field(default_factory=dict)
    measured: Mapping[str, Any] = field(default_factory=dict)
    health: Mapping[str, Any] = field(default_factory=dict)

    @property
    def end(self) -> datetime:
        """When it was over: the moment as of which it is judged."""
        return datetime.fromisoformat(self.finished or self.started)

    @property
    def doors(self) -> int:
        """Listings, sitemaps and feeds that were read."""
        return self.of(DOORS)

    @property
    def is_good(self) -> bool:
        """Whether it says what is usual. Nights of older versions have no verdict: good where something was read."""
        if not self.verdict:
            return bool(self.articles or self.doors)
        return self.verdict in (Verdict.OK, Verdict.QUIET)

    def of(self, names: Iterable[str]) -> int:
        """How many addresses came to one of these outcomes."""
        return sum(self.outcomes.get(str(name), 0) for name in names)

    def figure(self, name: str) -> float:
        """A number that was measured; 0 where there is none."""
        return float(self.measured.get(name, 0))

    def table(self, name: str) -> Mapping[str, int]:
        """Numbers by name that were measured."""
        found: Mapping[str, int] = self.measured.get(name, {})
        return found

    def example(self, *names: str) -> str:
        """The address of a page that came to the first of these outcomes; "" where none did."""
        examples: Mapping[str, str] = self.measured.get("examples", {})
        return next((examples[name] for name in names if name in examples), "")


def nights(db: sqlite3.Connection, portal: str, run: int) -> list[Night]:
    """The night of a run and those before it, newest first; none where the portal is not in that run."""
    rows = db.execute(
        "select run, started, finished, requests, new, changed, unchanged, verdict, outcomes, measured, health "
        "from run_portals where portal = ? and run <= ? order by run desc limit ?",
        [portal, run, REMEMBERED + 1],
    ).fetchall()
    found = [_night(portal, row) for row in rows]
    return found if found and found[0].run == run else []


def _night(portal: str, row: sqlite3.Row | tuple[Any, ...]) -> Night:
    run, started, finished, requests, new, changed, unchanged, verdict, *tables = tuple(row)
    outcomes, measured, health = (json.loads(table) if table else {} for table in tables)
    articles = (new or 0) + (changed or 0) + (unchanged or 0)
    return Night(run, portal, started or "", finished or "", requests or 0, articles, new or 0, verdict or "",
                 outcomes, measured, health)  # fmt: skip
