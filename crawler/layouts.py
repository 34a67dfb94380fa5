"""The layouts that the general reader has learned of a portal, the pages it learns from, and the alarm.

Pages are held until the layout is known: at ten article pages it is learned for the first time, and again at 20, 40
and 200, each time with all pages kept so far; what was read before is put right without a revision. When pages stop
fitting they are read by the fallback and marked, the layout is learned anew from twenty of them, and they are read
again. Everything is kept in archive.db, so that a run goes on where the last one was killed.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from archive.clock import stamp
from archive.snapshots import Capture
from crawler.page import Page
from crawler.template.candidates import declared, looks_like_article
from crawler.template.grouping import ALIKE, WHOLE, by_layout
from crawler.template.hints import Known
from crawler.template.keys import STABLE_SHARE
from crawler.template.learn import learn
from crawler.template.model import Template
from crawler.template.read import Fit, Reading, look

STAGES = (10, 20, 40, 200)  # article pages at which the layout is learned
ENOUGH_AT_END = 4  # pages from which a layout is learned when a run ends with fewer than the first stage
RELEARN = 20  # marked pages from which a new layout is learned
MOST_LAYOUTS = 3
IMPORTED = 100  # number from which on layouts are those of imported pages: what is learned later leaves them alone
MOST_PASSED = 300  # pages that are kept although they look like no article
MOST_PAGES = 60  # that a layout is learned from: their trees are held at once, two megabytes each
WINDOW = 20  # article pages over which the alarm judges
LACKING = 3  # of them that may not fit, before it is raised
PATH_SHARE, MORE_NOISE = 0.90, 0.05
FEWER_WORDS = 0.3  # share of the words that articles had, below which something else stands in the container
OFTEN, NEVER = 0.5, 2.0  # shares of the pages that must have a class: half of them, more than all
BELIEVED = 0.5  # of the pages that look like articles that must fit
OWN_SHARE = 0.6  # of its pages that a layout must fit to be believed


class State(StrEnum):
    """What has become of a page that is kept."""

    UNDECIDED = "undecided"  # an article or not: the layout will tell
    READ = "read"  # read by the layout
    MARKED = "marked"  # read by the fallback, to be read again
    PASSED = "passed"  # followed as a listing while little was known of the layout


@dataclass(slots=True)
class Sample:
    """A page that is kept, and the row of the frontier that led to it."""

    page: Page
    kind: str
    key: str
    state: State


class Seen(NamedTuple):
    """How an article page of late fitted its layout: what the alarm goes by."""

    fits: bool
    path_share: float
    noise: float
    words: int = 0


class Layouts:
    """What one portal's reader knows. Writes happen inside the archive's transactions."""

    def __init__(self, connection: sqlite3.Connection, portal: str, known: Known) -> None:
        self.db = connection
        self.portal = portal
        self.known = known
        rows = connection.execute(
            "select pages, template, recent, number from layouts where portal = ? order by number", [portal]
        ).fetchall()
        self.templates = [Template.from_json(row[1]) for row in rows if row[3] < IMPORTED]
        self.imported = [Template.from_json(row[1]) for row in rows if row[3] >= IMPORTED]
        recent = json.loads(rows[0][2] or "[]") if rows else []
        self.recent: deque[Seen] = deque((Seen(*one) for one in recent), maxlen=WINDOW)
        self.count: dict[State, int] = {
            State(state): number
            for state, number in connection.execute(
                "select state, count(*) from samples where portal = ? group by state", [portal]
            )
        }
        self.learned_from: int = rows[0][0] if rows else 0
        self.in_vain = 0  # marked pages at the last learning that found no layout in them

    @property
    def alarmed(self) -> bool:
        """Whether the pages of late do not fit any more: too many lack a part, or look otherwise, or are noisier."""
        if self.lacks_parts:
            return True
        if len(self.recent) < WINDOW // 2 or not self.templates:
            return False
        shares = statistics.median(seen.path_share for seen in self.recent)
        noise = statistics.median(seen.noise for seen in self.recent)
        words = statistics.median(seen.words for seen in self.recent)
        usual = self.templates[0]
        return bool(shares < PATH_SHARE or noise > usual.noise + MORE_NOISE or words < FEWER_WORDS * usual.words)

    @property
    def lacks_parts(self) -> bool:
        """Whether several pages of late had no title, text or date where the layout has them."""
        return sum(not seen.fits for seen in self.recent) >= LACKING

    def look(self, page: Page) -> Reading | None:
        """The page by the layout that fits it, else by the first one; None while none is known."""
        return look_by(page, [*self.templates, *self.imported], self.known)

    def saw(self, fit: Fit) -> None:
        """An article page was seen: remember how it fitted."""
        words = fit.words if fit.words is not None else self.templates[0].words if self.templates else 0
        self.recent.append(Seen(fit.fits, round(fit.path_share, 2), round(fit.noise, 2), words))

    def remember(self) -> None:
        """Keep what the alarm goes by for the next run."""
        self.db.execute(
            "update layouts set recent = ? where portal = ? and number = 0",
            [json.dumps(list(self.recent)), self.portal],
        )

    def keep(self, page: Page, kind: str, key: str, state: State) -> None:
        """Keep a page for learning, with the frontier's row that led to it."""
        self.forget([page.url])
        if state is State.READ and self.learned_from >= STAGES[-1]:
            return
        if state is State.PASSED and self.kept_as(state) >= MOST_PASSED:
            return
        kept = page.capture
        self.db.execute(
            "insert into samples (portal, url, kind, key, fetched, state, page, headers) "
            "values (?, ?, ?, ?, ?, ?, ?, ?)",
            [self.portal, page.url, kind, key, kept.fetched, state, zlib.compress(kept.body, 6),
             json.dumps(kept.headers)],
        )  # fmt: skip
        self.count[state] = self.count.get(state, 0) + 1

    def forget(self, urls: Iterable[str]) -> None:
        """Drop kept pages: they are no articles, or were read."""
        for url in urls:
            where = [self.portal, url]
            row = self.db.execute("select state from samples where portal = ? and url = ?", where).fetchone()
            if row is not None:
                self.db.execute("delete from samples where portal = ? and url = ?", where)
                self.count[State(row[0])] -= 1

    def kept(self, *states: State) -> list[Sample]:
        """The pages kept in some states, oldest first."""
        marks = ", ".join("?" * len(states))
        rows = self.db.execute(
            "select url, kind, key, fetched, state, page, headers from samples "
            f"where portal = ? and state in ({marks}) order by rowid",
            [self.portal, *states],
        ).fetchall()
        return [Sample(_page(row), row[1], row[2], State(row[4])) for row in rows]

    def kept_as(self, state: State) -> int:
        """How many pages are kept in a state."""
        return self.count.get(state, 0)

    @property
    def due(self) -> bool:
        """Whether as many pages are kept as the next learning waits for."""
        if self.templates and self.alarmed:
            return self.kept_as(State.MARKED) >= self.in_vain + RELEARN
        pages = self.kept_as(State.READ) + (0 if self.templates else self.kept_as(State.UNDECIDED))
        return any(self.learned_from < stage <= pages for stage in STAGES)

    def learn(self, now: datetime) -> bool:
        """Learn the layout from the pages kept, anew; whether one was found. The samples are not touched."""
        if self.templates and self.alarmed:
            few = (
                self.kept_as(State.MARKED) < RELEARN
            )  # at the end of a run: what is held may be of the new layout, too
            samples = self.kept(State.MARKED, State.UNDECIDED) if few else self.kept(State.MARKED)
            # Fewer than a first learning waits for teach a layout that takes the byline for the last paragraph.
            enough = len(samples) >= STAGES[0]
            fresh = _learn_commonest([sample.page for sample in samples], self.known) if enough else None
            found = [fresh, *self.templates] if fresh is not None else []
        else:
            samples = evenly(self.kept(State.READ, State.UNDECIDED, State.MARKED), MOST_PAGES)
            found = learn_layouts([sample.page for sample in samples], self.known)
        # Even where nothing was found: the next try waits for the next stage.
        self.learned_from = max(self.learned_from, self.stage_of(sum(self.count.values()) - self.kept_as(State.PASSED)))
        if not found:
            self.in_vain = self.kept_as(State.MARKED)
            return False
        self.in_vain = 0
        self.templates = found[:MOST_LAYOUTS]
        self.recent.clear()
        self.db.execute("delete from layouts where portal = ? and number < ?", [self.portal, IMPORTED])
        for number, template in enumerate(self.templates):
            values = [self.portal, number, stamp(now), self.learned_from, template.to_json()]
            names, marks = "portal, number, learned, pages, template", "?, ?, ?, ?, ?"
            self.db.execute(f"insert into layouts ({names}, recent) values ({marks}, '[]')", values)
            # Beside the pages as well, so that they can be read without archive.db.
            self.db.execute(f"insert or replace into snap.layouts ({names}) values ({marks})", values)
        self.db.execute(
            "delete from snap.layouts where portal = ? and number >= ? and number < ?",
            [self.portal, len(self.templates), IMPORTED],
        )
        return True

    def rest(self) -> None:
        """Let go of the pages that no learning waits for any more: those read behind the last stage, and listings."""
        if self.learned_from >= STAGES[2]:
            self.db.execute("delete from samples where portal = ? and state = ?", [self.portal, State.PASSED])
            self.count[State.PASSED] = 0
        if self.learned_from >= STAGES[-1]:
            self.db.execute("delete from samples where portal = ? and state = ?", [self.portal, State.READ])
            self.count[State.READ] = 0

    def stage_of(self, pages: int) -> int:
        """The last stage that so many pages have reached; their number itself before the first."""
        return max((stage for stage in STAGES if stage <= pages), default=min(pages, STAGES[0] - 1))


def look_by(page: Page, templates: Sequence[Template], known: Known) -> Reading | None:
    """A page by the first of some layouts that fits it, else by the first; None where there are none."""
    readings: list[Reading] = []
    for template in templates:
        readings.append(look(page, template, known))
        if readings[-1].fit.fits:
            return readings[-1]
    return readings[0] if readings else None


def _page(row: sqlite3.Row) -> Page:
    headers = tuple((name, value) for name, value in json.loads(row[6] or "[]"))
    return Page.of(Capture(row[0], row[3], 200, headers, zlib.decompress(row[5])))


def evenly(samples: list[Sample], most: int) -> list[Sample]:
    """At most so many of some pages, from all their length: trees of two hundred pages are hundreds of megabytes."""
    step = max(1.0, len(samples) / most)
    return [samples[int(number * step)] for number in range(min(most, len(samples)))]


def learn_layouts(pages: list[Page], known: Known) -> list[Template]:
    """The layouts of a bag of pages, commonest first: a portal may have two side by side."""
    candidates = [page for page in pages if declared(page) is not False]
    found: list[Template] = []
    while len(candidates) >= ENOUGH_AT_END and len(found) < MOST_LAYOUTS:
        template = _learn_commonest(candidates, known)
        # Behind a layout with dates one without is of pages that are no articles: who we are, what a hamlet is.
        if template is None or (found and found[0].dates and not template.dates):
            break
        found.append(template)
        candidates = [page for page in candidates if not look(page, template, known).fit.fits]
    return found


def _learn_commonest(pages: list[Page], known: Known) -> Template | None:
    """The layout of the largest group of pages that are alike, or of the next one that has a layout."""
    tried: set[tuple[int, ...]] = set()
    for bag in _bags(pages):
        numbers = tuple(map(id, bag))
        if numbers in tried:
            continue
        tried.add(numbers)
        if (template := learn_layout(bag, known)) is not None:
            return template
    return None


def _bags(pages: list[Page]) -> Iterator[list[Page]]:
    """The bags that one layout may be learned from, the likeliest first; many come more than once."""
    for alike in ALIKE:
        groups = by_layout(pages, alike)
        whole = [pages] if groups and len(groups[0]) >= WHOLE * len(pages) else []
        yield from (group for group in (*whole, *groups) if len(group) >= ENOUGH_AT_END)
    yield pages


def learn_layout(pages: list[Page], known: Known) -> Template | None:
    """One layout; where class names are made anew for each page (sc-ab1qr), by the commoner of them or by none."""
    for stable in (STABLE_SHARE, OFTEN, NEVER):
        if (template := _learn_layout(pages, known, stable)) is not None:
            return template
    return None


def _learn_layout(pages: list[Page], known: Known, stable: float) -> Template | None:
    """One layout in two steps: of all pages, then of those that fit it. None where it does not fit its own pages."""
    sure = [page for page in pages if declared(page) or looks_like_article(page)]
    first = learn(sure if len(sure) >= ENOUGH_AT_END else pages, known, stable)
    if first is None:
        return None
    fitting = [page for page in pages if look(page, first, known).fit.fits]
    if len(fitting) < min(ENOUGH_AT_END, len(pages)) or len(fitting) < BELIEVED * len(sure):
        return None
    second = learn(fitting, known, stable)
    if second is None:
        return None
    own = sum(look(page, second, known).fit.fits for page in fitting)
    return second if own >= OWN_SHARE * len(fitting) else None
