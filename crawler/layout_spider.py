"""What the spider of a learned portal does with an article: read by its layout, stored, held back, put right later."""

from __future__ import annotations

from archive import clock
from archive.article import Article
from archive.clock import stamp
from archive.store import Archive
from crawler.cms import Unreadable
from crawler.cms.general import General
from crawler.exploring import Explorer
from crawler.frontier import Entry, Kind, next_look
from crawler.health.limits import PAGES
from crawler.layouts import Layouts, Sample, State
from crawler.outcomes import Outcome
from crawler.page import Page
from crawler.portals import Portal
from crawler.reading import read_by_layout
from crawler.revisiting import BY_TURN, long_rest
from crawler.spider import PortalSpider
from crawler.template import fallback
from crawler.template.candidates import declared, looks_like_article
from crawler.template.read import Fit, Reading, to_article
from crawler.template.shared import shared_lines
from crawler.twins import find_twin

MOST_CONFIRMING = 10  # known articles by which a new layout is tried
MOST_UNSTORED = 20  # pages held in memory until it is known whether the layout is broken: a megabyte or two
MANY_LINKS = 40  # of a page, beyond which it is surely none for the printer
MOST_COMPARED = 40  # pages that are compared for the lines that they share


class Unconfirmed(Exception):
    """A layout that was learned does not read what is known as it was read before."""


class LayoutSpider(PortalSpider):
    """Stores the articles of one portal by the layouts that it learns from them."""

    cms: General

    def __init__(self, portal: Portal, archive: Archive, recheck: str = "due", full: bool = False) -> None:
        super().__init__(portal, archive, recheck, full)
        self.layouts = Layouts(archive.connection, portal.key, self.cms.known)
        self.explorer = Explorer(self.frontier, portal, self.cms)
        self._furniture: frozenset[str] | None = None  # of the pages kept when the fallback asked first
        self.notes = self.frontier.notes
        self.counts = self.notes.of("counts")  # `fitted`: articles of this run that fitted a layout; see remember()
        self.read_earlier: set[int] = set()  # as first_read, of the run that this one goes on with
        self.measure.had_layout = bool(self.layouts.templates)
        self.unstored: list[Page] = []  # that call themselves articles, and of which nothing could be read

    def count(self, outcome: Outcome) -> None:
        """As of any portal; how many pages are held is a state, and not an event."""
        super().count(outcome)
        self.outcomes[Outcome.HELD] = self.layouts.kept_as(State.UNDECIDED)

    def remember(self) -> None:
        """What was noted on the way is kept with the page that it was noted of; within its transaction."""
        self.layouts.remember()
        for name, thing in self._counted():
            self.counts[name] = int(getattr(thing, name))
        self.notes.write()

    def recall(self) -> None:
        """Know as much as the run that this one goes on with; nothing where it goes on with none."""
        for name, thing in self._counted():
            if name in self.counts:
                setattr(thing, name, type(getattr(thing, name))(self.counts[name]))
        self.explorer.sessions.recall()
        if self.frontier.goes_on:
            sql = "select article from frontier where portal = ? and round = ? and outcome = 'new'"
            values = [self.portal.key, self.frontier.round]
            self.read_earlier = {row[0] for row in self.archive.connection.execute(sql, values)}

    def _counted(self) -> tuple[tuple[str, object], ...]:
        names = ("had_layout", "fits", "misfits")
        return (*((name, self.measure) for name in names), ("in_vain", self.layouts))

    def is_known(self, entry: Entry) -> bool:
        """Whether an address was an article's before."""
        row = self.archive.connection.execute(
            "select article from frontier where portal = ? and kind = ? and key = ?",
            [self.portal.key, entry.kind, entry.key],
        ).fetchone()
        return row is not None and row[0] is not None

    def store(self, entry: Entry, page: Page, reading: Reading | None) -> Outcome | None:
        """An article: by its layout, or marked and by the fallback where it does not fit or the alarm is raised.

        None for a page that calls itself an article and has no date where the others have one: Joomla says so of the
        pages of an organisation's history as well.
        """
        article, state = self.read(page, reading)
        is_sure = entry.key in self.explorer.in_feeds or self.is_known(entry) or not self.layouts.templates[0].dates
        if state is State.MARKED and not article.published and not is_sure:
            self.unstored = [*self.unstored, page][:MOST_UNSTORED]
            return None
        if reading is not None:
            self.layouts.saw(reading.fit)
        self.layouts.keep(page, entry.kind, entry.key, state)
        is_new = not self.is_known(entry)
        if state is State.READ:
            self.counts["fitted"] += 1
            self.measure.fit(reading)
            return self.save(entry, page, article, is_new)
        self.outcomes[Outcome.MISFIT] += 1
        self.measure.misfit(page.url)
        before = self.stored(article)
        if before is None:
            return self.save(entry, page, article, is_new)
        self.archive.presence.seen(article.id, page.url, stamp(page.fetched))
        # It was read well before. Another reader's words would look like an edit of the portal's: the page is kept
        # until its layout is learned.
        self.frontier.done(
            entry, Outcome.UNCHANGED, page.status, next_look(clock.now(), before[0] or entry.found), article.id
        )
        return Outcome.UNCHANGED

    def stored(self, article: Article) -> tuple[str | None, str] | None:
        """Date and reader of what the archive holds of an article; None where it holds nothing."""
        row = self.archive.connection.execute(
            "select published, reader from articles where id = ?", [article.id]
        ).fetchone()
        return (row[0], row[1]) if row is not None else None

    def read(self, page: Page, reading: Reading | None) -> tuple[Article, State]:
        """The article of a page. Raises Unreadable where it has none."""
        return read_by_layout(page, reading, self.cms, self.layouts.alarmed, self.furniture)

    def furniture(self) -> frozenset[str]:
        """The lines that the pages kept have in common: what the fallback, which sees one page, cannot know."""
        if self._furniture is None:
            self._furniture = shared_lines([sample.page for sample in self.layouts.kept(*State)[-MOST_COMPARED:]])
        return self._furniture

    def save(self, entry: Entry, page: Page, article: Article, is_new: bool) -> Outcome:
        """Store an article with the frontier's "done". The same article under another address is one article."""
        twin = find_twin(self.archive.connection, article)
        if is_new:
            self.explorer.read_article(entry.url, twin is not None)
        if twin is not None:
            self.archive.add_addresses(twin.id, [entry.url, page.url])
            self.frontier.done(entry, Outcome.COPY, page.status, BY_TURN)
            return Outcome.COPY
        saved = Outcome(self.keep(self.judged(article), [entry.url, page.url], page))
        self.frontier.done(
            entry, saved, page.status, next_look(clock.now(), article.published or entry.found), article.id
        )
        self.read_known += entry.article is not None
        return saved

    def learn(self) -> None:
        """Learn the layout from the pages kept, then read them all by it; print versions, which lead nowhere, last."""
        before = self.layouts.templates, self.layouts.learned_from, list(self.layouts.recent)
        alarmed = self.layouts.alarmed
        try:
            with self.archive.transaction():
                if self.layouts.learn(clock.now()):
                    if before[0] and not self.is_confirmed():
                        raise Unconfirmed
                    self.measure.relearned = self.measure.relearned or (bool(before[0]) and alarmed)
                    samples = sorted(self.layouts.kept(*State), key=self.is_undecided_print, reverse=True)
                    while samples:  # one by one: each has its tree as soon as it is read
                        self.read_again(samples.pop())
                    self.layouts.rest()
                self.remember()
        except Unconfirmed:
            self.layouts.templates, self.layouts.learned_from = before[:2]
            self.layouts.recent.extend(before[2])
            self.layouts.in_vain = self.layouts.kept_as(State.MARKED)

    def is_confirmed(self) -> bool:
        """Whether a new layout reads known articles, of whose pages the old one lost track, as they were read before.

        Where most come out otherwise, it is not the portal that has edited them all.
        """
        same = other = 0
        for sample in self.layouts.kept(State.MARKED)[-MOST_CONFIRMING:]:
            reading = self.layouts.look(sample.page)
            if reading is None or not reading.fit.fits:
                continue
            article = to_article(reading, self.portal.key, self.cms.key(sample.page), self.cms.READER)
            held = self.archive.connection.execute(
                "select reader, text_sha256 from articles where id = ?", [article.id]
            ).fetchone()
            if held is not None and held[0] == self.cms.READER:
                same, other = same + (held[1] == article.text_sha256), other + (held[1] != article.text_sha256)
        return same >= other

    def is_undecided_print(self, sample: Sample) -> int:
        """For sorting: how few links an undecided page has; below nought, so that the most come first."""
        if sample.state is not State.UNDECIDED:
            return -MANY_LINKS
        links = self.cms.links(sample.page)
        return -min(len(links.articles) + len(links.pages), MANY_LINKS)

    def read_again(self, sample: Sample) -> None:
        """A kept page by the layout as it is known now."""
        reading = self.layouts.look(sample.page)
        if reading is None or not reading.fit.fits or declared(sample.page) is False:
            if sample.state is State.READ:
                self.doubt(sample)
            return
        entry = Entry(Kind(sample.kind), sample.key, sample.page.url)
        article = to_article(reading, self.portal.key, self.cms.key(sample.page), self.cms.READER)
        self.layouts.keep(sample.page, sample.kind, sample.key, State.READ)
        self.counts["fitted"] += sample.state is not State.READ
        self.measure.heal(sample.state is State.UNDECIDED, sample.state is State.MARKED, sample.page.url)
        if sample.state in (State.UNDECIDED, State.PASSED):
            self.count(self.save(entry, sample.page, article, True))
            return
        twin = find_twin(self.archive.connection, article)
        if twin is not None:
            # Only now that it is read well it shows that the portal has it under two addresses.
            if self.is_of_this_run(article):
                self.archive.undo(article.id, into=twin.id)
                self.take_back(entry, article, Outcome.COPY)
            return
        article, before = self.judged(article), self.stored(article)
        # What a layout read before was good: a difference now is the portal's own edit.
        if sample.state is State.MARKED and before is not None and before[1] == self.cms.READER:
            self.keep(article, [], sample.page)
        else:
            self.archive.correct(article)
            self.files.want(article)

    def doubt(self, sample: Sample) -> None:
        """A page that an early layout took for an article, and a later one does not: a static page, a listing."""
        article = Article(self.portal.key, self.cms.key(sample.page), sample.page.url, "")
        is_sure = declared(sample.page) or sample.key in self.explorer.in_feeds or not self.layouts.templates[0].dates
        is_article = is_sure or (looks_like_article(sample.page) and fallback.has_date(sample.page))
        if is_article or not self.is_of_this_run(article):
            self.layouts.keep(sample.page, sample.kind, sample.key, State.MARKED)
            return
        self.archive.undo(article.id)
        self.layouts.forget([sample.page.url])
        self.take_back(Entry(Kind(sample.kind), sample.key, sample.page.url), article, Outcome.NOT_ARTICLE)

    def is_of_this_run(self, article: Article) -> bool:
        """Whether an article was stored in this very run, so that nobody has seen it."""
        # Not by first_seen: the clock may have been set back.
        return article.id in self.first_read or article.id in self.read_earlier

    def take_back(self, entry: Entry, article: Article, outcome: Outcome) -> None:
        """What was counted as a new article is something else."""
        self.frontier.done(entry, outcome, 200, long_rest(clock.now(), entry.key))
        self.outcomes[Outcome.NEW] -= article.id in self.first_read
        self.count(outcome)

    def conclude(self) -> None:
        """The frontier is empty: what is still held is decided. If the run was stopped, it stays held."""
        super().conclude()
        if self.stopping:
            return
        if self.layouts.kept_as(State.UNDECIDED):
            self.learn()  # of a small portal, or of a second layout among the pages that fitted none
        with self.archive.transaction():
            self._furniture = None  # many more pages are kept by now than when the fallback asked first
            held = sorted(self.layouts.kept(State.UNDECIDED), key=self.is_undecided_print)
            strangers = self.strangers(held)
            for sample in held:
                self.settle_held(sample, id(sample) in strangers)
            self.remember()
            self.keep_unstored()
        self.outcomes[Outcome.HELD] = 0

    def could_not_read(self, entry: Entry, page: Page) -> None:
        """Nothing could be read of a page that should be an article: if the layout is broken, it is kept for later."""
        if self.measure.had_layout and (self.is_known(entry) or declared(page) or entry.key in self.explorer.in_feeds):
            self.measure.misfit(page.url)
            self.unstored = [*self.unstored, page][:MOST_UNSTORED]

    def keep_unstored(self) -> None:
        """Where most pages did not fit, those of which nothing was read are kept unread; within the transaction."""
        if self.guard.is_broken:
            for page in self.unstored:
                self.guard.keep_unread(page, Outcome.UNREADABLE)
            self.measure.kept = self.archive.unread.count(self.portal.key)

    def mend(self) -> None:
        """As of any portal; and pages that are marked are read again where a line of `select` makes them fit.

        A run that was killed before it had learned anew from its last page has left that to this one.
        """
        super().mend()
        if self.frontier.goes_on and self.layouts.due:
            self.learn()
        if not (self.portal.select and self.layouts.lacks_parts and self.layouts.kept_as(State.MARKED)):
            return
        marked = self.layouts.kept(State.MARKED)
        readings = [self.layouts.look(sample.page) for sample in marked[-PAGES:]]
        if not all(reading is not None and reading.fit.fits for reading in readings):
            return
        with self.archive.transaction():
            self.layouts.recent.clear()
            for sample in marked:
                self.read_again(sample)
                self.measure.mended += 1

    def strangers(self, held: list[Sample]) -> set[int]:
        """The ids of the pages that fit no layout and are articles all the same: where more do not fit than do.

        Then the portal has a new layout, or the one learned is not worth much; what fits none on other portals are
        static pages, and print versions, which are copies.
        """
        found = [sample for sample in held if looks_like_article(sample.page)]
        if not self.layouts.templates or len(found) <= self.counts["fitted"]:
            return set()
        found = [sample for sample in found if not self.is_copy(sample)]
        return {id(sample) for sample in found} if len(found) > self.counts["fitted"] else set()

    def is_copy(self, sample: Sample) -> bool:
        """Whether a page is another address of an article that is known."""
        try:
            article, _ = self.read(sample.page, None)
        except Unreadable:
            return False
        return find_twin(self.archive.connection, article) is not None

    def settle_held(self, sample: Sample, is_redesigned: bool) -> None:
        """A page that fits no layout: an article only if it says so, or a feed does, or the portal has a new layout."""
        entry = Entry(Kind(sample.kind), sample.key, sample.page.url)
        sure = declared(sample.page) or sample.key in self.explorer.in_feeds or not self.layouts.templates
        try:
            if not (sure or is_redesigned):
                raise Unreadable(Outcome.NOT_ARTICLE, "fits no layout of the portal")
            article, _ = self.read(sample.page, None if is_redesigned else self.layouts.look(sample.page))
            listed = sample.key in self.explorer.in_feeds
            dated = bool(self.layouts.templates) and bool(self.layouts.templates[0].dates)
            if not article.title or (not article.published and (dated or not declared(sample.page)) and not listed):
                raise Unreadable(Outcome.NOT_ARTICLE, "neither a layout nor a date")
        except Unreadable as refusal:
            self.layouts.forget([sample.page.url])
            self.frontier.done(entry, refusal.outcome, 200, long_rest(clock.now(), entry.key))
            self.count(refusal.outcome)
            return
        self.layouts.keep(sample.page, sample.kind, sample.key, State.MARKED)
        if is_redesigned:
            self.layouts.saw(Fit(["layout"]))
            self.measure.misfit(sample.page.url)
        self.count(self.save(entry, sample.page, article, True))
        self.outcomes[Outcome.MISFIT] += 1
