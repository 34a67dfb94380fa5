"""The guard of a portal that is read by selectors: an article is read only where its text always stood.

Selectors that match nothing are no harm; what a guess finds in their place may be. So a page whose text stands where
none of this portal's ever stood is held back until the run is over. Were there hardly any, they were odd pages and are
read after all. Were they most, the portal was redesigned: nothing of them is stored as an article, and the pages are
kept unread (archive/unread.py), to be read when the reader is mended (mending.py).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from archive import clock
from archive.article import Article
from crawler import discovery
from crawler.cms import Unreadable
from crawler.cms.general import General
from crawler.frontier import Entry, Kind, next_look
from crawler.health import limits
from crawler.health.signs import Signs, names
from crawler.layouts import Layouts, Sample, State
from crawler.outcomes import Outcome
from crawler.page import Page
from crawler.purposes import Purpose
from crawler.template.hints import NOTHING

if TYPE_CHECKING:
    from crawler.spider import PortalSpider

# What a page of an article's address may turn out to be when nothing of its layout is where it was.
LOST = (Outcome.NOT_ARTICLE, Outcome.UNREADABLE)


class LayoutGuard:
    """Guards one portal in one run."""

    def __init__(self, spider: PortalSpider) -> None:
        self.spider = spider
        self.measure = spider.measure
        self.portal = spider.portal
        self.archive = spider.archive
        db, key = spider.archive.connection, spider.portal.key
        self.signs = Signs(db, key)
        # A learned portal has its own way with pages that do not fit: see layout_spider.py.
        self.held = None if isinstance(spider.cms, General) else Layouts(db, key, NOTHING)
        self.places: Counter[str] = Counter()
        self.common: frozenset[str] | None = None  # names on all listings of this run
        self.seen: frozenset[str] = frozenset()  # ... on any of them
        self.listings = 0
        if self.held is not None:
            self.measure.had_layout = self.signs.are_settled
            # A run that was killed has left pages held back: they speak in this one.
            self.measure.misfits = self.held.kept_as(State.MARKED)
        self.witnesses = 0
        self.waits = spider.archive.unread.count(key) > 0  # pages of a broken layout: is it mended tonight?

    def listing(self, page: Page) -> None:
        """A listing was asked for: remember the names in it."""
        self.listings += 1
        found = names(page.text)
        self.common = found if self.common is None else self.common & found
        self.seen |= found

    @property
    def is_suspicious(self) -> bool:
        """Whether something of the layout has changed, for all that is known."""
        lost = self.common is not None and bool(self.signs.on_listings - self.seen)
        return self.measure.had_layout and (lost or self.waits or self.measure.misfits > 0)

    @property
    def is_broken(self) -> bool:
        """Whether most article pages of this run did not fit."""
        bad, fits = self.measure.misfits, self.measure.fits
        many = bad >= limits.PAGES and bad >= limits.MISFITS * (bad + fits)
        return self.measure.had_layout and (many or (bad > 0 and not fits))

    def read(self, entry: Entry, page: Page) -> Article:
        """The article of a page. Raises Unreadable, by MISFIT where the page is held back."""
        family, select = self.spider.cms, self.portal.select
        place = family.place(page, select)
        if self.measure.had_layout and not self.signs.knows(place):
            self._hold(entry, page)
            raise Unreadable(Outcome.MISFIT, f"its text would stand in {place}, where none of the portal's ever stood")
        try:
            article = family.read(page, self.portal.key, select)
        except Unreadable as refusal:
            if not self.measure.had_layout or refusal.outcome not in LOST:
                raise
            self._hold(entry, page)
            raise Unreadable(Outcome.MISFIT, refusal.why) from refusal
        self.places[place] += 1
        self.measure.fits += 1
        return article

    def _hold(self, entry: Entry, page: Page) -> None:
        """Keep a page until the run is over; its links are as good as any."""
        self.measure.misfit(page.url)
        with self.archive.transaction():
            discovery.add_links(self.spider.frontier, self.portal, self.spider.cms, self.spider.cms.links(page))
            is_witness = self.witnesses > 0  # its text is here, and tomorrow it is another's turn
            if self.held is not None and (
                entry.article is None or (not is_witness and self.measure.misfits <= limits.KEPT)
            ):
                self.held.keep(page, entry.kind, entry.key, State.MARKED)

    def settle(self) -> None:
        """The run is over: what was held back is read, or kept unread where the layout is broken."""
        broken = self.is_broken
        with self.archive.transaction():
            if self.held is not None and self.held.kept_as(State.MARKED):
                for sample in self.held.kept(State.MARKED):
                    (self._keep if broken else self._read_after_all)(sample)
                    self.held.forget([sample.page.url])
            if not broken:
                self.signs.learn(self.places, self.spider.frontier.now)
                # On most nights the home page is the only one, and its own blocks come and go.
                if self.common and self.listings >= limits.LISTINGS and not self.spider.stopping:
                    self.signs.learn_listings(self.common, self.spider.frontier.now)
            self.measure.kept = self.archive.unread.count(self.portal.key)

    def _keep(self, sample: Sample) -> None:
        self.keep_unread(sample.page, Outcome.MISFIT)

    def keep_unread(self, page: Page, outcome: Outcome) -> None:
        """Keep an article page that cannot be read until the reader is mended; within the transaction."""
        try:
            key = self.spider.cms.key(page)
        except Unreadable:  # its address names no article
            return
        self.archive.unread.keep(self.portal.key, key, page.capture, outcome)

    def _read_after_all(self, sample: Sample) -> None:
        """An odd page: read as any other."""
        spider, page = self.spider, sample.page
        entry = Entry(Kind(sample.kind), sample.key, page.url)
        try:
            article = spider.judged(spider.cms.read(page, self.portal.key, self.portal.select))
        except Unreadable as refusal:
            outcome, due, number = refusal.outcome, next_look(clock.now(), ""), None
        else:
            outcome = Outcome(spider.keep(article, [page.url], page))
            due, number = next_look(clock.now(), article.published or clock.stamp(page.fetched)), article.id
            self.places[spider.cms.place(page, self.portal.select)] += 1
        spider.frontier.done(entry, outcome, 200, due, number)
        spider.outcomes[Outcome.MISFIT] -= 1
        spider.count(outcome)

    def witness(self) -> Entry | None:
        """A known article to be asked for, where something is suspicious and too few pages were read to tell."""
        told = self.measure.fits + self.measure.misfits
        if told >= limits.PAGES or self.witnesses >= 2 * limits.PAGES or not self.is_suspicious:
            return None
        self.witnesses += 1
        row = self.archive.connection.execute(
            "select f.kind, f.key, f.url, f.found, f.article from frontier f join articles a on a.id = f.article "
            "where f.portal = ? and f.kind != 'file' and (f.round is null or f.round < ?) and f.tries = 0 "
            "and a.gone is null order by f.fetched desc, f.rowid limit 1",
            [self.portal.key, self.spider.frontier.round],
        ).fetchone()
        return Entry(Kind(row[0]), row[1], row[2], 0, row[3], row[4], Purpose.RECHECK) if row is not None else None
