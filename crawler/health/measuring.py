"""What a run measures of one portal: counters that its spider feeds on the way, kept as JSON in run_portals.measured.

What stands in the frontier and in the tally of outcomes already is not counted a second time: record() asks for it
once, when the portal is done.
"""

from __future__ import annotations

import sqlite3
import statistics
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from archive.article import Article
from archive.clock import stamp
from crawler.health.limits import WEEK
from crawler.outcomes import ARTICLES, PASSING, Outcome

if TYPE_CHECKING:
    from crawler.template.read import Reading

FIELDS = ("title", "lead", "body", "published", "author", "source", "section", "image")
FALLBACK = "fallback"  # in the name of a reader that read a page without knowing its layout
MOST_EXAMPLES = 12  # names of outcomes with an address each
UNREMARKABLE = ARTICLES | {Outcome.LISTING, Outcome.SITEMAP, Outcome.FEED, Outcome.FILE}
LONGEST_WHY = 200  # letters of a sentence about an answer that never came


class Measure:
    """The measures of one portal in one run. Cheap: some additions an article, no queries before record().

    read        articles read as they should be and stored; filled: how many of them have each field
    fits        article pages that fitted what is known of the layout; misfits those that did not
    had_layout  whether anything was known of the layout before the run; without, a misfit says nothing
    healed      misfits that the run itself has read again well; relearned: by a layout learned since the alarm
    kept        pages kept unread until the reader is mended; mended: read tonight of those kept earlier
    """

    def __init__(self) -> None:
        self.read = 0
        self.filled: Counter[str] = Counter()
        self.lengths: list[int] = []
        self.dropped: list[float] = []
        self.newest = ""
        self.fits = 0
        self.misfits = 0
        self.had_layout = False
        self.healed = 0
        self.relearned = False
        self.kept = 0
        self.mended = 0
        self.no_answers: Counter[str] = Counter()
        self.examples: dict[str, str] = {}

    def article(self, article: Article, saved: str, url: str) -> None:
        """An article was read and stored: "new", "changed" or "unchanged". What the fallback read is measured apart."""
        if FALLBACK in article.reader:
            return
        self.read += 1
        self.example(saved, url)
        for name in FIELDS:
            self.filled[name] += bool(article.sections if name == "section" else getattr(article, name))
        self.lengths.append(len(article.body))
        if article.published > self.newest:
            self.newest = article.published

    def misfit(self, url: str) -> None:
        """An article page did not fit what is known of the portal's layout."""
        self.misfits += 1
        self.example(Outcome.MISFIT, url)

    def fit(self, reading: Reading | None) -> None:
        """An article page fitted the layout that was learned of the portal."""
        self.fits += 1
        trimmed = reading.trimmed if reading is not None else None
        if trimmed is not None and (lines := len(trimmed.kept) + len(trimmed.dropped)):
            self.dropped.append(len(trimmed.dropped) / lines)

    def heal(self, was_undecided: bool, was_marked: bool, url: str) -> None:
        """A page that did not fit, or was held for that, is read well by a layout learned anew."""
        if was_undecided and self.had_layout:
            self.misfit(url)
        self.healed += was_marked or (was_undecided and self.had_layout)

    def no_answer(self, outcome: Outcome, why: str) -> None:
        """A request came to no answer; `why` is the sentence about it."""
        if outcome in PASSING:
            self.no_answers[why[:LONGEST_WHY]] += 1

    def example(self, name: str, url: str) -> None:
        """Remember one address that shows what came of it."""
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.setdefault(name, url)

    def record(self, db: sqlite3.Connection, portal: str, begun: str, stopped: bool) -> dict[str, Any]:
        """All of it as JSON holds it, without what is nought. `begun`: the frontier's time of the run."""
        self._ask_frontier(db, portal, begun)
        why = self.no_answers.most_common(1)
        values: dict[str, Any] = {
            "read": self.read,
            "filled": {name: self.filled[name] for name in FIELDS} if self.read else {},
            "length": round(statistics.median(self.lengths)) if self.lengths else 0,
            "dropped": round(statistics.fmean(self.dropped), 3) if self.dropped else 0,
            "newest": self.newest,
            "fits": self.fits,
            "misfits": self.misfits,
            "had_layout": self.had_layout,
            "healed": self.healed,
            "relearned": self.relearned,
            "kept": self.kept,
            "mended": self.mended,
            "no_answer": why[0][0] if why else "",
            "known": self.known,
            "statuses": self.statuses,
            "examples": self.examples,
            "stopped": stopped,
        }
        return {name: value for name, value in values.items() if value}

    def _ask_frontier(self, db: sqlite3.Connection, portal: str, begun: str) -> None:
        """What became of the known articles asked for, which statuses were answered, and an address of each kind."""
        tonight = "f.portal = ? and (f.fetched = ? or f.tries > 0)"
        lately = stamp(datetime.fromisoformat(begun) - WEEK)  # what was withdrawn before that is no news any more
        self.known: dict[str, int] = dict(
            db.execute(
                f"select f.outcome, count(*) from frontier f join articles a on a.id = f.article where {tonight} "
                "and f.kind != 'file' and (a.gone is null or a.gone > ?) group by f.outcome",
                [portal, begun, lately],
            ).fetchall()
        )
        self.statuses: dict[str, int] = {
            str(status): number
            for status, number in db.execute(
                f"select f.status, count(*) from frontier f where {tonight} and f.status not in (0, 200) group by 1",
                [portal, begun],
            )
        }
        for outcome, url in db.execute(
            f"select f.outcome, min(f.url) from frontier f where {tonight} and f.outcome is not null group by 1",
            [portal, begun],
        ):
            if outcome not in UNREMARKABLE:
                self.example(outcome, url)
