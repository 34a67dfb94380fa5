"""The spider of portals that the general reader reads: pages are told apart by what the portal's pages share."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive import clock
from archive.clock import stamp
from archive.store import Archive
from crawler.cms import Links, Unreadable
from crawler.discovery import Listed
from crawler.frontier import Entry, Kind
from crawler.health.guard import LOST
from crawler.layout_spider import LayoutSpider
from crawler.layouts import STAGES, State
from crawler.outcomes import Outcome
from crawler.page import Page
from crawler.portals import Portal
from crawler.revisiting import BY_TURN, long_rest, next_try
from crawler.spider import PortalSpider
from crawler.sweeping import SWEEP
from crawler.template.candidates import declared, headline_lines, looks_like_article
from crawler.template.parts import heads
from crawler.template.read import Reading

logger = logging.getLogger(__name__)

FEW_WORDS = 25  # of text: a picture with its name
SURE = STAGES[2]  # articles that a layout is learned from, from which on it tells listings from articles
FEW_HEADLINES = 3  # below it a page without an article's form is no listing either


class LearningSpider(LayoutSpider):
    """Crawls one portal with a reader that learns its layout on the way."""

    def __init__(self, portal: Portal, archive: Archive, recheck: str = "due", full: bool = False) -> None:
        super().__init__(portal, archive, recheck, full)
        self.sitemaps: list[str] = []  # as robots.txt names them
        self.has_sitemaps = False
        self.home_heads = self.notes.of("home heads")  # what its head says, as JSON; some portals say it on every page

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
        self.recall()

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
            self.remember()
            self.frontier.done(entry, Outcome.FEED, response.status, BY_TURN)
            self.night.heard(entry)
            if further and useful:
                self.frontier.add(Kind.PAGE, further, further)
        self.count(Outcome.FEED)

    def add_listed(self, entry: Entry, found: list[Listed]) -> tuple[int, int]:
        """The addresses of a sitemap or feed into the frontier."""
        useful = self.explorer.add_listed(entry.kind, found)
        self.remember()
        return useful, 0

    def take_page(self, entry: Entry, response: Response) -> None:
        """A page: read, held or followed, as it turns out to be. Raises Unreadable where it is nothing of these."""
        page = self.page(response)
        kind = self.cms.kind(page)
        self.refuse(page, kind)
        if kind is not None:
            raise Unreadable(kind, "says so itself")
        links = self.cms.links(page)
        has_session = self.explorer.watch(links)
        if (bare := self.explorer.sessions.strip(page.url)) != page.url:
            page = replace(page, url=bare)
        with self.archive.transaction():
            moved = self.moved(entry, page)
            if moved is None:
                return
            outcome = self.take_or_refuse(moved, page, links)
            if has_session:
                self.explorer.clear_of_sessions()
            self.remember()
        self.count(outcome)
        if self.layouts.due:
            self.learn()

    def take_or_refuse(self, entry: Entry, page: Page, links: Links) -> Outcome:
        """As take(); what is refused by name is put aside, and the links found on it stay."""
        try:
            return self.take(entry, page, links)
        except Unreadable as refusal:
            if refusal.outcome in LOST:
                self.could_not_read(entry, page)
            self.put_aside(entry, refusal.outcome, page.status)
            return refusal.outcome

    def moved(self, entry: Entry, page: Page) -> Entry | None:
        """The frontier's row of the page that a redirect led to; None where that one was asked already."""
        named = self.explorer.named(self.explorer.ours(page.url))
        if named is None or named.key == self.explorer.key(entry.url):
            return entry
        is_elsewhere = named.is_article and not self.frontier.knows(Kind.SECTION, named.key)
        if entry.article is not None and not is_elsewhere:
            self.put_aside(entry, Outcome.MOVED, page.status)
            self.outcomes[Outcome.MOVED] += 1
            return None
        self.frontier.done(entry, Outcome.REDIRECT, page.status, long_rest(clock.now(), entry.key))
        self.night.doors.leads_to(entry, named.key)
        if any(self.frontier.knows(kind, named.key) for kind in (Kind.ARTICLE, Kind.SECTION, Kind.PAGE)):
            self.outcomes[Outcome.REDIRECT] += 1
            return None
        self.frontier.add(entry.kind, named.key, self.cms.address.at(self.portal.url, named))
        return replace(entry, key=named.key, url=page.url)

    def take(self, entry: Entry, page: Page, links: Links) -> Outcome:
        """What a page turned out to be; within the transaction. Raises Unreadable."""
        if entry.key == "/" and (told := said(page)):
            self.home_heads[told] = 1
        says = declared(page)
        if self.cms.address.is_listing(page.url):
            return self.follow(entry, page, links)
        expected = says is not False and (bool(says) or entry.key in self.explorer.in_feeds or self.is_known(entry))
        reading = self.layouts.look(page)
        fits = reading is not None and reading.fit.fits and says is not False and not self.is_attachment(entry, reading)
        if not fits and (excuse := self.cms.excuse(page)) is not None and not looks_like_article(page):
            raise Unreadable(excuse, "says so itself")
        if fits or (expected and self.layouts.templates):
            self.explorer.add_links(links, False)
            outcome = self.store(entry, page, reading)
            return outcome if outcome is not None else self.follow(entry, page, links)
        if self.may_be_article(entry, page, says, expected):
            self.explorer.add_links(links, False)
            self.layouts.keep(page, entry.kind, entry.key, State.UNDECIDED)
            self.frontier.done(entry, Outcome.HELD, page.status, next_try(clock.now(), ""))
            return Outcome.HELD
        # While little is known of the layout a page may be taken for a listing for the lists that stand in its text.
        if says is not False and entry.kind is not Kind.SECTION and self.layouts.learned_from < SURE:
            self.layouts.keep(page, entry.kind, entry.key, State.PASSED)
        return self.follow(entry, page, links)

    def is_attachment(self, entry: Entry, reading: Reading) -> bool:
        """Whether a page of hardly any text hangs below an article: WordPress gives each picture one of its own."""
        words = sum(line.words for line in reading.trimmed.kept) if reading.trimmed is not None else 0
        above = entry.key.rstrip("/").rpartition("/")[0].removesuffix("/attachment")
        return words < FEW_WORDS and above.count("/") > 0 and self.frontier.knows(Kind.ARTICLE, above)

    def may_be_article(self, entry: Entry, page: Page, says: bool | None, expected: bool) -> bool:
        """Whether a page is worth keeping until a layout tells what it is."""
        if says is False or entry.key == "/":
            return False
        if expected or looks_like_article(page):
            return True
        return said(page) in self.home_heads and looks_like_article(page, by_head=False)

    def follow(self, entry: Entry, page: Page, links: Links) -> Outcome:
        """A page that is no article: its links, and when it is worth asking again."""
        if entry.kind is Kind.SECTION:
            self.guard.listing(page)
        if entry.article is not None:
            self.could_not_read(entry, page)
        is_listing = len(headline_lines(page)) >= FEW_HEADLINES or bool(
            entry.kind is not Kind.ARTICLE and links.articles
        )
        home = entry.key == "/"
        if self.explorer.visited(page.url, links, 0) or home:
            number = named.page if (named := self.explorer.named(page.url)) is not None else 1
            new = self.explorer.add_links(links, home, self.night.listing(entry, page.url), number)
            if new and (named := self.explorer.named(page.url)) is not None:
                self.explorer.barren[named.shape] -= 1
                self.explorer.fruitful[named.shape] += 1
        outcome = Outcome.LISTING if is_listing else Outcome.NOT_ARTICLE
        due = BY_TURN if is_listing else long_rest(clock.now(), entry.key)
        if is_listing and entry.kind is Kind.ARTICLE:  # a list under an article's address is in no sweep
            due = stamp(clock.now() + SWEEP)
        self.frontier.done(entry, outcome, page.status, due)
        return outcome

    def conclude(self) -> None:
        """The frontier is empty: as of any learned portal; and what could not be followed is said."""
        super().conclude()
        if self.explorer.postbacks:
            logger.info("%s: %d links work by script alone", self.portal.key, self.explorer.postbacks)


def said(page: Page) -> str:
    """What the head of a page says; "" where it says nothing."""
    return json.dumps(found, ensure_ascii=False) if (found := heads(page)) else ""


def spider_for(portal: Portal) -> Any:
    """The class of spider that a portal's family asks for."""
    return PortalSpider if portal.cms == "nukeviet" else LearningSpider
