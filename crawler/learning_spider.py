"""The spider of portals that the general reader reads: pages are told apart by what the portal's pages share."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive import clock
from archive.article import Article
from archive.clock import stamp
from archive.store import Archive
from crawler.cms import Links, Unreadable
from crawler.cms.general import General
from crawler.discovery import Listed
from crawler.exploring import Explorer
from crawler.frontier import Entry, Kind, next_look
from crawler.layouts import Layouts, Sample, State
from crawler.outcomes import Outcome
from crawler.page import Page
from crawler.portals import Portal
from crawler.spider import EMPTY_LISTING_REST, SWEEP, PortalSpider
from crawler.template import fallback
from crawler.template.candidates import declared, headline_lines, looks_like_article
from crawler.template.parts import heads
from crawler.template.read import Fit, Reading, to_article
from crawler.template.shared import shared_lines
from crawler.twins import find_twin

logger = logging.getLogger(__name__)

FEW_WORDS = 25  # of text: a picture with its name
MANY_LINKS = 40  # of a page, beyond which it is surely none for the printer
MOST_COMPARED = 40  # pages that are compared for the lines that they share
FEW_HEADLINES = 3  # below it a page without an article's form is no listing either


class LearningSpider(PortalSpider):
    """Crawls one portal with a reader that learns its layout on the way."""

    cms: General

    def __init__(self, portal: Portal, archive: Archive, recheck: str = "due", full: bool = False) -> None:
        super().__init__(portal, archive, recheck, full)
        self.layouts = Layouts(archive.connection, portal.key, self.cms.known)
        self.explorer = Explorer(self.frontier, portal, self.cms)
        self.sitemaps: list[str] = []  # as robots.txt names them
        self.has_sitemaps = False
        self.knew_layout = bool(self.layouts.templates)
        self.fitted = 0  # articles of this run that fitted a layout
        self.home_heads: list[str] = []  # what the head of the home page says; some portals say it on every page

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> LearningSpider:
        """Called by Scrapy."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        assert isinstance(spider, LearningSpider)
        crawler.signals.connect(spider.heed_robots, signal=signals.robots_parsed)
        return spider

    def heed_robots(self, robotparser: Any) -> None:
        """Called by Scrapy when it has read robots.txt, before the first request: the sitemaps that it names."""
        self.sitemaps = list(robotparser.rp.sitemaps)

    def seed(self) -> None:
        """The portal's doors into the frontier."""
        self.explorer.seed()

    async def fetch(self, entry: Entry) -> Response:
        """As of any portal; behind the first answer robots.txt is known, and with it the sitemaps."""
        response = await super().fetch(entry)
        if not self.has_sitemaps:
            self.has_sitemaps = True
            with self.archive.transaction():
                self.explorer.add_sitemaps(self.sitemaps)
        return response

    def is_api(self, entry: Entry) -> bool:
        """Whether an address is of the family's list for machines."""
        return bool(self.cms.API) and urlsplit(self.cms.API).path in entry.url

    def is_for_machines(self, entry: Entry) -> bool:
        """Whether an address gives a list of addresses instead of a page."""
        return super().is_for_machines(entry) or self.is_api(entry)

    def take_xml(self, entry: Entry, response: Response) -> None:
        """A sitemap, a feed, or the family's list of articles for machines. Raises Unreadable."""
        if not self.is_api(entry) or response.status != 200:
            super().take_xml(entry, response)
            return
        found, further = self.cms.read_api(response.url, response.body)
        with self.archive.transaction():
            useful = self.explorer.add_listed(Kind.FEED, found)
            due = self.frontier.now if entry.kind is Kind.FEED else stamp(clock.now() + SWEEP)
            self.frontier.done(entry, Outcome.FEED, response.status, due)
            if further and useful:
                self.frontier.add(Kind.PAGE, further, further)
        self.count(Outcome.FEED)

    def add_listed(self, entry: Entry, found: list[Listed]) -> tuple[int, int]:
        """The addresses of a sitemap or feed into the frontier."""
        return self.explorer.add_listed(entry.kind, found), 0

    def take_page(self, entry: Entry, response: Response) -> None:
        """A page: read, held or followed, as it turns out to be. Raises Unreadable where it is nothing of these."""
        page = self.page(response)
        kind = self.cms.kind(page)
        self.refuse(page, kind)
        if kind is not None:
            raise Unreadable(kind, "says so itself")
        links = self.cms.links(page)
        has_session = self.explorer.watch(links)
        page = replace(page, url=self.explorer.sessions.strip(page.url))
        with self.archive.transaction():
            moved = self.moved(entry, page)
            if moved is None:
                return
            outcome = self.take(moved, page, links)
            if has_session:
                self.explorer.clear_of_sessions()
        self.count(outcome)
        if self.layouts.due:
            self.learn()

    def count(self, outcome: Outcome) -> None:
        """As of any portal; how many pages are held is a state, and not an event."""
        super().count(outcome)
        self.outcomes[Outcome.HELD] = self.layouts.kept_as(State.UNDECIDED)

    def moved(self, entry: Entry, page: Page) -> Entry | None:
        """The frontier's row of the page that a redirect led to; None where that one was asked already."""
        named = self.explorer.named(self.explorer.ours(page.url))
        if named is None or named.key == self.explorer.key(entry.url):
            return entry
        self.frontier.done(entry, Outcome.REDIRECT, page.status, stamp(clock.now() + EMPTY_LISTING_REST))
        if any(self.frontier.knows(kind, named.key) for kind in (Kind.ARTICLE, Kind.SECTION, Kind.PAGE)):
            self.outcomes[Outcome.REDIRECT] += 1
            return None
        self.frontier.add(entry.kind, named.key, self.cms.address.at(self.portal.url, named))
        return replace(entry, key=named.key, url=page.url)

    def take(self, entry: Entry, page: Page, links: Links) -> Outcome:
        """What a page turned out to be; within the transaction."""
        says = declared(page)
        expected = says is not False and (bool(says) or entry.key in self.explorer.in_feeds or self.is_known(entry))
        reading = self.layouts.look(page)
        if entry.key == "/":
            self.home_heads = heads(page)
        if reading is not None and reading.fit.fits and says is not False and not self.is_attachment(entry, reading):
            self.layouts.saw(reading.fit)
            self.explorer.add_links(links, False)
            return self.store(entry, page, reading)
        if (excuse := self.cms.excuse(page)) is not None and not looks_like_article(page):
            raise Unreadable(excuse, "says so itself")
        if expected and self.layouts.templates:
            assert reading is not None
            self.layouts.saw(reading.fit)
            self.explorer.add_links(links, False)
            return self.store(entry, page, reading)
        if self.may_be_article(entry, page, says, expected):
            self.explorer.add_links(links, False)
            self.layouts.keep(page, entry.kind, entry.key, State.UNDECIDED)
            self.frontier.done(entry, Outcome.HELD, page.status, next_look(clock.now(), ""))
            return Outcome.HELD
        return self.follow(entry, page, links)

    def is_attachment(self, entry: Entry, reading: Reading) -> bool:
        """Whether a page of hardly any text hangs below an article: WordPress gives each picture one of its own."""
        words = sum(line.words for line in reading.trimmed.kept) if reading.trimmed is not None else 0
        above = entry.key.rstrip("/").rpartition("/")[0]
        return words < FEW_WORDS and above.count("/") > 0 and self.frontier.knows(Kind.ARTICLE, above)

    def may_be_article(self, entry: Entry, page: Page, says: bool | None, expected: bool) -> bool:
        """Whether a page is worth keeping until a layout tells what it is."""
        if says is False or entry.key == "/":
            return False
        if expected or looks_like_article(page):
            return True
        says_nothing = bool(self.home_heads) and heads(page) == self.home_heads
        return says_nothing and looks_like_article(page, by_head=False)

    def is_known(self, entry: Entry) -> bool:
        """Whether an address was an article's before."""
        row = self.archive.connection.execute(
            "select article from frontier where portal = ? and kind = ? and key = ?",
            [self.portal.key, entry.kind, entry.key],
        ).fetchone()
        return row is not None and row[0] is not None

    def follow(self, entry: Entry, page: Page, links: Links) -> Outcome:
        """A page that is no article: its links, and when it is worth asking again."""
        is_listing = len(headline_lines(page)) >= FEW_HEADLINES or bool(
            entry.kind is not Kind.ARTICLE and links.articles
        )
        home = entry.key == "/"
        if self.explorer.visited(page.url, links, 0) or home:
            new = self.explorer.add_links(links, home)
            if new and (named := self.explorer.named(page.url)) is not None:
                self.explorer.barren[named.shape] -= 1
                self.explorer.fruitful[named.shape] += 1
        outcome = Outcome.LISTING if is_listing else Outcome.NOT_ARTICLE
        rest = SWEEP if is_listing else EMPTY_LISTING_REST
        self.frontier.done(entry, outcome, page.status, stamp(clock.now() + rest))
        return outcome

    def store(self, entry: Entry, page: Page, reading: Reading | None) -> Outcome:
        """An article: by its layout, or marked and by the fallback where it does not fit or the alarm is raised."""
        article, state = self.read(page, reading)
        self.layouts.keep(page, entry.kind, entry.key, state)
        is_new = not self.is_known(entry)
        if state is State.READ:
            self.fitted += 1
            return self.save(entry, page, article, is_new)
        self.outcomes[Outcome.MISFIT] += 1
        before = self.stored(article)
        if before is None:
            return self.save(entry, page, article, is_new)
        # It was read well before. Another reader's words would look like an edit of the portal's: the page is kept
        # until its layout is learned.
        self.frontier.done(entry, Outcome.UNCHANGED, page.status, next_look(clock.now(), before[0] or ""), article.id)
        return Outcome.UNCHANGED

    def stored(self, article: Article) -> tuple[str | None, str] | None:
        """Date and reader of what the archive holds of an article; None where it holds nothing."""
        row = self.archive.connection.execute(
            "select published, reader from articles where id = ?", [article.id]
        ).fetchone()
        return (row[0], row[1]) if row is not None else None

    def read(self, page: Page, reading: Reading | None) -> tuple[Article, State]:
        """The article of a page. Raises Unreadable where it has none."""
        key, name = self.cms.key(page), self.cms.READER
        if reading is not None and reading.fit.fits and not self.layouts.alarmed:
            return to_article(reading, self.portal.key, key, name), State.READ
        if reading is not None and not {"container", "title"} & set(reading.fit.missing) and not self.layouts.alarmed:
            # An unclosed tag has moved the date line; the text is where it always is.
            article = to_article(reading, self.portal.key, key, f"{name} doubtful")
            return fallback.with_date(article, page), State.MARKED
        article = fallback.read(page, self.portal.key, key, f"{name} fallback", self.cms.known, self.furniture)
        return article, State.MARKED

    @cached_property
    def furniture(self) -> frozenset[str]:
        """The lines that the pages kept have in common: what the fallback, which sees one page, cannot know."""
        return shared_lines([sample.page for sample in self.layouts.kept(*State)[-MOST_COMPARED:]])

    def save(self, entry: Entry, page: Page, article: Article, is_new: bool) -> Outcome:
        """Store an article with the frontier's "done". The same article under another address is one article."""
        twin = find_twin(self.archive.connection, article)
        if is_new:
            self.explorer.read_article(entry.url, twin is not None)
        if twin is not None:
            self.archive.add_addresses(twin.id, [entry.url, page.url])
            self.frontier.done(entry, Outcome.COPY, page.status, stamp(clock.now() + EMPTY_LISTING_REST))
            return Outcome.COPY
        saved = Outcome(self.archive.save(self.judged(article), [entry.url, page.url]))
        self.frontier.done(entry, saved, page.status, next_look(clock.now(), article.published), article.id)
        return saved

    def learn(self) -> None:
        """Learn the layout from the pages kept, then read them all by it; print versions, which lead nowhere, last."""
        with self.archive.transaction():
            if self.layouts.learn(clock.now()):
                samples = self.layouts.kept(State.READ, State.UNDECIDED, State.MARKED)
                for sample in sorted(samples, key=self.is_undecided_print):
                    self.read_again(sample)
                self.layouts.rest()

    def is_undecided_print(self, sample: Sample) -> int:
        """For sorting: how few links an undecided page has; below nought, so that the most come first."""
        if sample.state is not State.UNDECIDED:
            return -MANY_LINKS
        links = self.cms.links(sample.page)
        return -min(len(links.articles) + len(links.pages), MANY_LINKS)

    def read_again(self, sample: Sample) -> None:
        """A kept page by the layout as it is known now."""
        reading = self.layouts.look(sample.page)
        if reading is None or not reading.fit.fits:
            return
        entry = Entry(Kind(sample.kind), sample.key, sample.page.url)
        article = to_article(reading, self.portal.key, self.cms.key(sample.page), self.cms.READER)
        self.layouts.keep(sample.page, sample.kind, sample.key, State.READ)
        self.fitted += sample.state is not State.READ
        if sample.state is State.UNDECIDED:
            self.count(self.save(entry, sample.page, article, True))
            return
        if find_twin(self.archive.connection, article) is not None:
            return
        article, before = self.judged(article), self.stored(article)
        # What a layout read before was good: a difference now is the portal's own edit.
        if sample.state is State.MARKED and before is not None and before[1] == self.cms.READER:
            self.archive.save(article)
        else:
            self.archive.correct(article)

    def conclude(self) -> None:
        """The frontier is empty: what is still held is decided. If the run was stopped, it stays held."""
        if self.stopping:
            return
        if self.layouts.kept_as(State.UNDECIDED):
            self.learn()  # of a small portal, or of a second layout among the pages that fitted none
        with self.archive.transaction():
            self.__dict__.pop("furniture", None)
            held = sorted(self.layouts.kept(State.UNDECIDED), key=self.is_undecided_print)
            strangers = [sample for sample in held if looks_like_article(sample.page)]
            is_redesigned = self.knew_layout and len(strangers) > self.fitted
            for sample in held:
                self.settle_held(sample, is_redesigned and sample in strangers)
            self.layouts.remember()
        self.outcomes[Outcome.HELD] = 0
        if self.explorer.postbacks:
            logger.info("%s: %d links work by script alone", self.portal.key, self.explorer.postbacks)

    def settle_held(self, sample: Sample, is_redesigned: bool) -> None:
        """A page that fits no layout: an article only if it says so, or a feed does, or the portal has a new layout."""
        entry = Entry(Kind(sample.kind), sample.key, sample.page.url)
        sure = declared(sample.page) or sample.key in self.explorer.in_feeds or not self.layouts.templates
        try:
            if not (sure or is_redesigned):
                raise Unreadable(Outcome.NOT_ARTICLE, "fits no layout of the portal")
            article, _ = self.read(sample.page, None if is_redesigned else self.layouts.look(sample.page))
            if not article.title or (not article.published and not declared(sample.page)):
                raise Unreadable(Outcome.NOT_ARTICLE, "neither a layout nor a date")
        except Unreadable as refusal:
            self.layouts.forget([sample.page.url])
            self.frontier.done(entry, refusal.outcome, 200, stamp(clock.now() + EMPTY_LISTING_REST))
            self.count(refusal.outcome)
            return
        self.layouts.keep(sample.page, sample.kind, sample.key, State.MARKED)
        if is_redesigned:
            self.layouts.saw(Fit(["layout"]))
        self.count(self.save(entry, sample.page, article, True))
        self.outcomes[Outcome.MISFIT] += 1


def spider_for(portal: Portal) -> Any:
    """The class of spider that a portal's family asks for."""
    return PortalSpider if portal.cms == "nukeviet" else LearningSpider
