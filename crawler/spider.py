"""The spider: discover, fetch, read. One class for all portals; a portal is a row of the registry.

It asks for one address at a time and deals with the answer whole, before it asks for the next: politeness and
the frontier's transactions hold by construction, not by settings.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Request, Response

from archive import clock
from archive.article import Article
from archive.clock import stamp
from archive.snapshots import SnapshotError
from archive.store import Archive, Saved, StoreError
from crawler import answers, discovery, logs
from crawler.absences import Absences
from crawler.attached import AttachedFiles
from crawler.cms import Family, Unreadable, load
from crawler.common import Common
from crawler.connecting.noticing import Noticed
from crawler.endurance import Endurance
from crawler.fetching import Fetching
from crawler.frontier import Entry, Frontier, Kind, next_look
from crawler.health.challenges import stands_in_the_way
from crawler.health.guard import LayoutGuard
from crawler.health.measuring import Measure
from crawler.health.mending import mend
from crawler.judging import judged
from crawler.night import Night
from crawler.outcomes import ABSENT, LASTING, PASSING, Outcome
from crawler.page import Page
from crawler.portals import Portal
from crawler.purposes import Purpose
from crawler.relevance import load as load_rules
from crawler.revisiting import BY_TURN, NEXT_NIGHT, ROTATION, long_rest, next_try, rotation
from crawler.verdicts import is_flood, is_whole
from crawler.waiting import Waiting

logger = logging.getLogger(__name__)

NO_REQUESTS: tuple[Request, ...] = ()


class PortalSpider(Spider):
    """Crawls one portal: `portal` its row, `archive` the open archive, `recheck` and `full` as in the command."""

    custom_settings: dict[str, Any] = {}  # noqa: RUF012 - Scrapy's own name for it

    def __init__(self, portal: Portal, archive: Archive, recheck: str = "due", full: bool = False) -> None:
        super().__init__(name=portal.key)
        self.portal = portal
        self.hosts = portal.all_hosts
        self.cms: Family = load(portal)
        self.rules = load_rules()
        self.archive = archive
        self.full = full
        self.frontier = Frontier(archive.connection, portal.key, clock.now(), recheck)
        self.outcomes: Counter[Outcome] = Counter()
        self.requests = 0  # as the portal saw them, robots.txt and redirects included
        self.purposes: Counter[Purpose] = Counter()  # the same requests by what they were made for
        # Whether this portal's pages end in </html>, so that one without is cut short.
        self.closes_html = last_page_is_whole(archive, portal.key)
        self.stopping = False
        self.is_resumed = False  # whether this run goes on with one that was cut off
        self.waiting = Waiting(portal.key)
        self.store_error: StoreError | None = None
        self.absences = Absences(self)
        self.fetching = Fetching(self)
        self.first_read: set[int] = set()  # articles stored by this run that were unknown before
        self.read_known = 0  # articles known before that were read in this run
        self.at_work: asyncio.Task[None] | None = None
        self.files = AttachedFiles(self)
        self.shown: set[frozenset[str]] = set()  # the articles that each listing of this run showed
        self.certificates = Noticed(archive, portal.key)
        self.notice_certificate = self.certificates.saw
        self.endurance = Endurance(self, Common())
        self.measure = Measure()
        self.guard = LayoutGuard(self)
        self.night = Night(self)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> PortalSpider:
        """Called by Scrapy.

        `common`: what this crawl shares with the others of its run. `moment`: since when pages count as asked in this
        run, with `is_resumed` that of one that was cut off.
        """
        common, moment = kwargs.pop("common", None), kwargs.pop("moment", None)
        is_resumed = kwargs.pop("is_resumed", False)
        spider = super().from_crawler(crawler, *args, **kwargs)
        if common is not None:
            spider.endurance = Endurance(spider, common)
        if moment is not None:
            spider.frontier.count_from(moment, is_resumed)
            spider.is_resumed = is_resumed
        crawler.signals.connect(spider.finish, signal=signals.spider_closed)
        crawler.signals.connect(spider.heed_rules, signal=signals.robots_parsed)
        spider.night.rotation = rotation(crawler.settings.get("ROTATION", ROTATION))
        crawler.signals.connect(spider.fetching.count_robots, signal=signals.request_reached_downloader)
        return spider

    def heed_rules(self, robotparser: Any) -> None:
        """Called by Scrapy when it has read robots.txt, before the first request."""
        if not robotparser.allowed(self.portal.url, self.settings["ROBOTSTXT_USER_AGENT"]):
            self.outcomes[Outcome.CLOSED] = 1

    async def start(self) -> AsyncIterator[Any]:
        """The crawl itself, in a task of its own: Ctrl-C cancels start(), and what is in flight is finished."""
        self.at_work = asyncio.ensure_future(self.crawl())
        try:
            await asyncio.shield(self.at_work)
        except asyncio.CancelledError:
            self.stopping = True  # before Scrapy waits for what is in flight, so that nothing more follows it
            raise
        for request in NO_REQUESTS:  # Scrapy wants a generator; the requests are made one by one above
            yield request

    async def finish(self) -> None:
        """Scrapy closes: ask for nothing more, and let the page in hand be stored."""
        self.stopping = True
        if self.at_work is not None:
            await self.at_work

    async def crawl(self) -> None:
        """Fetch what the frontier names until nothing is left, the portal is sick, or the run is stopped."""
        logs.of_portal(self.portal.key)
        try:
            with self.archive.transaction():
                self.night.begin()
                self.files.catch_up()
            self.mend()
            while await self.endurance.may_go_on():
                entry = self.night.next() or self.guard.witness()
                if entry is not None:
                    await self.visit(entry)
                elif not await self.endurance.has_second_wind():
                    break
            self.conclude()
            if self.endurance.may_ask:
                with self.archive.transaction():
                    self.night.end()
            await self.files.fetch_all()
            self.endurance.conclude()
        except (StoreError, sqlite3.Error) as error:
            self.store_error = error if isinstance(error, StoreError) else StoreError(f"the archive: {error}")
            self.endurance.common.end()  # nobody asks for what cannot be stored

    def seed(self) -> None:
        """The portal's doors into the frontier."""
        discovery.seed(self.frontier, self.portal, self.cms)

    def mend(self) -> None:
        """Pages that an earlier night could not read are read, if the reader was mended since."""
        new, known = mend(self.archive, self.portal, self.rules)
        self.outcomes[Outcome.NEW] += new
        self.measure.mended = new + known
        if new or known:
            logger.info("%s: %d pages that were kept unread are read now", self.portal.key, new + known)

    def conclude(self) -> None:
        """Nothing is left, or the run was stopped: what was held back is settled, what was not there is counted."""
        self.guard.settle()
        self.absences.conclude()

    async def visit(self, entry: Entry) -> None:
        """One address: fetch it, decide what it is, store it."""
        try:
            response = await self.fetch(entry)
        except Unreadable as refusal:
            if not (self.stopping and refusal.outcome is Outcome.NETWORK_ERROR):  # else it was never asked
                self.settle(entry, refusal.outcome, refusal.status)
            return
        if not self.night.answered(entry, response):
            return
        try:
            if self.is_for_machines(entry):
                self.take_xml(entry, response)
            else:
                self.take_page(entry, response)
            self.night.dealt_with(entry)
        except Unreadable as verdict:
            self.endurance.heed(verdict.outcome, response)
            self.settle(entry, verdict.outcome, response.status)
        except StoreError:
            raise
        except Exception:
            # One odd page must not cost the portal its night; the run says so and ends with exit code 1.
            logger.exception("%s: the reader failed on %s", self.portal.key, response.url)
            self.settle(entry, Outcome.READER_ERROR, response.status)

    def is_for_machines(self, entry: Entry) -> bool:
        """Whether an address gives a list of addresses instead of a page."""
        return entry.kind in (Kind.SITEMAP, Kind.FEED)

    async def fetch(self, entry: Entry) -> Response:
        """The answer to an address, redirects within the portal followed. Raises Unreadable by name."""
        return await self.fetching.fetch(entry)

    def take_xml(self, entry: Entry, response: Response) -> None:
        """A sitemap or feed: its addresses into the frontier. Raises Unreadable."""
        self.refuse_status(response.status)
        if is_flood(response) or self.cms.kind(self.page(response)) is Outcome.FLOOD:
            raise Unreadable(Outcome.FLOOD, "flood page instead of XML")
        found = discovery.read_xml(answers.xml_of(response))
        with self.archive.transaction():
            useful, later = self.add_listed(entry, found)
            outcome = Outcome.SITEMAP if entry.kind is Kind.SITEMAP else Outcome.FEED
            if not useful:  # the part of a sitemap that lists laws or contact forms
                outcome = Outcome.NOT_ARTICLE
            due = BY_TURN if useful else long_rest(clock.now(), entry.key)
            self.frontier.done(entry, outcome, response.status, due)
            self.night.heard(entry)
        self.count(outcome)
        self.outcomes[Outcome.FUTURE_DATED] += later

    def add_listed(self, entry: Entry, found: list[discovery.Listed]) -> tuple[int, int]:
        """The addresses of a sitemap or feed into the frontier; see discovery.add_listed()."""
        return discovery.add_listed(self.frontier, self.portal, self.cms, found, clock.now())

    def take_page(self, entry: Entry, response: Response) -> None:
        """A page: listing or article, as it says itself. Raises Unreadable where it is neither."""
        page = self.page(response)
        kind = self.cms.kind(page)
        self.refuse(page, kind)
        named = self.cms.address.parse(page.url)
        if kind is Outcome.LISTING or (kind is None and (named is None or not named.is_article)):
            self.take_listing(entry, page)
        elif kind is not None:
            raise Unreadable(kind, "says so itself")
        else:
            self.take_article(entry, page)

    def refuse(self, page: Page, kind: Outcome | None) -> None:
        """Raises Unreadable for a page that is none to read: the flood blocker's, an error's, one cut short."""
        if kind is Outcome.FLOOD or page.status == 429:
            raise Unreadable(Outcome.FLOOD, "flood page")
        if (stranger := stands_in_the_way(page)) is not None:
            raise Unreadable(stranger, "another page stands in the place of the portal's")
        self.refuse_status(page.status)
        answers.refuse_odd(page)
        whole = is_whole(page.text)
        self.closes_html = self.closes_html or whole
        if (self.closes_html or page.is_cut) and not whole:
            raise Unreadable(Outcome.TRUNCATED, "the page has no end")

    def refuse_status(self, status: int) -> None:
        """Raises Unreadable for an answer that is none, by its status."""
        if status != 200:
            raise Unreadable(_by_status(status), f"status {status}")

    def take_listing(self, entry: Entry, page: Page) -> None:
        """A page of links. An article's address that led here has moved away; its links are as good as any."""
        links = self.cms.links(page)
        if entry.kind is Kind.SECTION:
            self.guard.listing(page)
        outcome = Outcome.MOVED if entry.kind is Kind.ARTICLE else Outcome.LISTING
        due = BY_TURN
        if outcome is Outcome.LISTING and not links.articles:  # a menu entry that leads to a form or a map
            outcome, due = Outcome.NOT_ARTICLE, long_rest(clock.now(), entry.key)
        listing = self.night.listing(entry, page.url)
        listed = frozenset(links.articles)
        # A page beyond the last one shows the last one, with a link to the next, for ever.
        has_end = entry.kind is Kind.PAGE and listed in self.shown
        self.shown.add(listed)
        with self.archive.transaction():
            new = discovery.add_links(self.frontier, self.portal, self.cms, links, listing)
            if outcome is Outcome.MOVED and self.frontier.another_address(entry):
                return
            if links.next_page and not has_end and entry.kind in (Kind.SECTION, Kind.PAGE):
                discovery.turn_page(self.frontier, self.portal, self.cms, links.next_page, new > 0 or self.full)
            if outcome is Outcome.MOVED:
                self.put_aside(entry, outcome, page.status)
            else:
                self.frontier.done(entry, outcome, page.status, due)
        self.count(outcome)

    def take_article(self, entry: Entry, page: Page) -> None:
        """An article: stored with the links of its page and the frontier's "done" in one transaction."""
        article = self.judged(self.guard.read(entry, page))
        links = self.cms.links(page)
        with self.archive.transaction():
            saved = self.keep(article, [entry.url], page)
            discovery.add_links(self.frontier, self.portal, self.cms, links)
            due = next_look(clock.now(), article.published or entry.found)
            self.frontier.done(entry, Outcome(saved), page.status, due, article.id)
        self.read_known += entry.article is not None
        self.count(Outcome(saved))

    def keep(self, article: Article, addresses: list[str], page: Page) -> Saved:
        """Store an article and ask for its files, within the transaction; see Archive.save()."""
        saved = self.archive.save(article, addresses, page.capture)
        self.measure.article(article, saved, page.url)
        if saved == "new":
            self.first_read.add(article.id)
        self.files.want(article, saved == "changed")
        return saved

    def judged(self, article: Article) -> Article:
        """The article with its topic, where the portal's row keeps only what is about mass mobilization."""
        return judged(article, self.portal, self.rules)

    def page(self, response: Response) -> Page:
        """The answer as a page, told by its bytes, whatever its header says."""
        return answers.page_of(response)

    def settle(self, entry: Entry, outcome: Outcome, status: int) -> None:
        """An address that brought nothing to store, counted by its name."""
        with self.archive.transaction():
            self.put_aside(entry, outcome, status)
        self.count(outcome)

    def put_aside(self, entry: Entry, outcome: Outcome, status: int) -> None:
        """An address that brought nothing to store is done, or tried again where the failure may pass."""
        if outcome in PASSING:
            if not self.endurance.is_excused(outcome):
                self.frontier.failed(entry, outcome, status)
        elif outcome in ABSENT and entry.article is not None:
            self.absences.note(entry, outcome, status)
            since = self.archive.presence.gone_since(entry.article)
            # The next night tells whether it is gone for good; then it is looked for at growing ages.
            due = next_look(clock.now(), since) if since else stamp(clock.now() + NEXT_NIGHT)
            self.frontier.done(entry, outcome, status, due)
        else:
            if outcome in ABSENT and entry.key in self.frontier.postponed:
                outcome = Outcome.FUTURE_DATED  # as expected, and still waited for
            due = next_try(clock.now(), entry.found, outcome not in LASTING)
            if entry.kind is Kind.FILE:  # that is not there: one article of eight lists such a one
                due = long_rest(clock.now(), entry.key)
            self.frontier.done(entry, outcome, status, due)

    def count(self, outcome: Outcome) -> None:
        """Keep the tally; failures in a row are what a sick portal is known by."""
        self.outcomes[outcome] += 1
        self.endurance.count(outcome)


def last_page_is_whole(archive: Archive, portal: str) -> bool:
    """Whether the page that was kept last of a portal has an end."""
    sql = "select max(id) from snap.snapshots where portal = ? and body is not null"
    number = archive.connection.execute(sql, [portal]).fetchone()[0]
    try:
        page = archive.snapshots.read(number).body if number is not None else b""
    except SnapshotError:  # one damaged page says nothing of the portal; the archive's check names it
        return False
    return is_whole(page.decode("utf-8", "replace"))


def _by_status(status: int) -> Outcome:
    if status in (404, 410):
        return Outcome.NOT_FOUND
    if status in (401, 403):
        return Outcome.LOGIN_ONLY
    return Outcome.FLOOD if status == 429 else Outcome.HTTP_ERROR
