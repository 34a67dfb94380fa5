"""The order of a probe: arrive, recognise, try the doors, read some articles, write the row."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from crawler.asking import NoAnswer
from crawler.cms import Family, load
from crawler.cms.general import General
from crawler.outcomes import Outcome
from crawler.page import Page
from crawler.portals import Portal
from crawler.probing import doors, samples
from crawler.probing.arriving import Arrival, refusal, turn_away
from crawler.probing.asking import ProbeSpider, Spent
from crawler.probing.concluding import conclude, row_without_browser
from crawler.probing.findings import Findings, Listing, NeedsBrowser, NoPortal, Sample
from crawler.probing.naming import name_of
from crawler.probing.recognising import browser_sign, recognise
from crawler.probing.ways import Ways
from crawler.user_agent import ContactMissing

SECTIONS = 2  # listings that are asked for ...
SECTION_TRIES = 3  # ... and how many pages of the menu, where some turn out to be none
STATUSES = {404: Outcome.NOT_FOUND, 410: Outcome.NOT_FOUND, 401: Outcome.LOGIN_ONLY, 403: Outcome.LOGIN_ONLY}
CANDIDATES = 12  # addresses of articles that are tried, those that robots.txt forbids among them
ROW_ITEMS = 2  # articles that a page must list to be a listing


class Probe:
    """One probe. `url`: as asked for; `portals`: the registry; `delay` and `key` as the operator gave them."""

    def __init__(self, url: str, portals: Mapping[str, Portal], delay: float | None = None, key: str = "") -> None:
        self.portals = portals
        self.delay = delay
        self.key = key
        self.found = Findings(url, url)
        self.contact_missing: ContactMissing | None = None
        self.pages: list[Page] = []  # what the family is recognised by
        self.home: Page
        self.given: Page | None = None
        self.given_is_listing = False
        self.portal: Portal
        self.cms: Family
        self.ways: Ways
        self.menu: dict[str, str] = {}

    async def run(self, asker: ProbeSpider) -> None:
        """All of it; whatever happens, `found` says it."""
        try:
            await self._look(asker)
        except NeedsBrowser as error:
            self.found.failure = str(error)
            row_without_browser(self, error.sign)
        except NoPortal as error:
            self.found.failure = str(error)
        except ContactMissing as error:
            self.contact_missing = error
        except Exception:
            self.found.crash = traceback.format_exc()
        self.found.requests = asker.requests
        self.found.robots = asker.robots
        self.found.pace = asker.pace

    async def _look(self, asker: ProbeSpider) -> None:
        self.asker = asker
        arrival = Arrival(asker, self.found.asked_for)
        try:
            portal = await arrival.arrive()
        finally:
            self.found.said = arrival.said
        assert arrival.home is not None
        self.home, self.given = arrival.home, arrival.given
        self.found.url = portal.url
        self.found.robots = asker.robots
        turn_away(self.home)
        self.found.name = name_of(self.home)
        self.portal = portal
        self._recognise(self.home, *([self.given] if self.given is not None else []))
        if sign := browser_sign(self.home):
            raise NeedsBrowser(portal.url, sign)
        try:
            await self._try_doors()
            await self._try_sections()
            await self._try_articles()
        except Spent:
            self.found.stopped = f"stopped after {asker.requests} requests, the most that a probe may send"
        except _Flooded as error:
            self.found.stopped = f"stopped after {asker.requests} requests, because {error}"
        conclude(self)

    def _recognise(self, *pages: Page) -> None:
        """More pages are known: the family, and with it the reader, by all of them."""
        self.pages += pages
        self.found.recognised = recognise(self.pages)
        self.portal = replace(self.portal, cms=self.found.recognised.family)
        self.cms = load(self.portal)
        self.ways = Ways(self.portal, self.cms)
        self.menu = self.ways.menu(self.home)
        self.found.menu = sum(not self.ways.is_static(url) for url in self.menu.values())
        if not self.portal.is_loopback and self.delay is None:
            self.asker.pace = max(self.asker.pace, self.cms.DELAY)

    async def _try_doors(self) -> None:
        """Sitemap, feed, and the family's own list."""
        feeds = self.cms.links(self.home).feeds
        self.found.feeds = len(dict.fromkeys(feeds))
        self.found.sitemap = await doors.sitemap(self.asker, self.ways)
        self.found.feed = await doors.feed(self.asker, self.ways, feeds)
        self.found.api = await doors.api(self.asker, self.ways)

    async def _try_sections(self) -> None:
        """The first pages of some sections, that of the given address first."""
        pages: list[Page] = []
        if self.given is not None and not self._is_article(self.given):
            pages.append(self.given)
        asked = 0
        known = {self.key_of(page.url) for page in pages}
        for key, url in self.menu.items():
            if len(pages) >= SECTIONS or asked >= SECTION_TRIES:
                break
            if key in known or self.ways.is_static(url):
                continue
            asked += 1
            try:
                page = await self._page(url)
            except NoAnswer as error:
                self.found.listings.append(Listing(urlsplit(url).path, why_not=str(error)))
                continue
            if len(self.ways.articles(page)) >= ROW_ITEMS:
                pages.append(page)
            else:
                self.found.listings.append(Listing(urlsplit(url).path, why_not="lists no articles"))
        self._compare(pages)
        self._look_at_home()

    def _compare(self, pages: list[Page]) -> None:
        """What each listing lists: what stands on the others as well is in their margins."""
        keys = [set(self.ways.articles(page)) for page in pages]
        for number, page in enumerate(pages):
            others = {key for other, found in enumerate(keys) if other != number for key in found}
            listing = doors.listing(self.ways, page, others)
            self.found.listings.append(listing)
            self.given_is_listing |= page is self.given and len(listing.articles) >= ROW_ITEMS

    def _look_at_home(self) -> None:
        """A home page that can be paged through is a listing as well; one that cannot, where there is no other."""
        listing = doors.listing(self.ways, self.home, set())
        others = any(one.articles for one in self.found.listings)
        if len(listing.articles) >= ROW_ITEMS and (listing.paging or not others):
            self.found.listings.insert(0, listing)

    async def _try_articles(self) -> None:
        """Article pages, until the layout can be learned of them; two are enough for a reader that needs none."""
        found = self.found
        if self.given is not None and self._is_article(self.given):
            found.samples.append(Sample(self.given.url, self.given))
        on_home = self.ways.main_list(self.home, set()) or list(self.ways.articles(self.home).values())
        lists = [found.feed.articles if found.feed else [], *(one.articles for one in found.listings), on_home]
        lists += [found.api.articles if found.api else [], found.sitemap.articles if found.sitemap else []]
        try:
            for url in samples.choose(self.ways, *lists)[:CANDIDATES]:
                answered = [one for one in found.samples if one.outcome != Outcome.FORBIDDEN]
                if len(answered) >= samples.MOST or self._has_enough():
                    break
                if self.key_of(url) not in {self.key_of(sample.url) for sample in found.samples}:
                    found.samples.append(await self._sample(url))
        finally:
            found.layouts = samples.read_all([one for one in found.samples if one.page is not None], self.cms)

    def _has_enough(self) -> bool:
        if isinstance(self.cms, General):
            return False
        samples.read_all([one for one in self.found.samples if one.page is not None], self.cms)
        return self.found.outcomes[samples.READ] >= samples.ENOUGH

    async def _sample(self, url: str) -> Sample:
        """One article page, or what came instead."""
        try:
            page = await self._page(url)
        except NoAnswer as error:
            return Sample(url, outcome=error.outcome)
        if page.status != 200:
            return Sample(url, outcome=STATUSES.get(page.status, Outcome.HTTP_ERROR))
        if self.key_of(page.url) != self.key_of(url) and not self._is_article(page):
            return Sample(url, outcome="moved")
        if len([sample for sample in self.found.samples if sample.page is not None]) < samples.ENOUGH:
            self._recognise(page)
        return Sample(url, page)

    async def _page(self, url: str) -> Page:
        """A page of the portal. Raises NoAnswer, Spent, and _Flooded, upon which nothing more is asked."""
        page = self.asker.page(await self.asker.fetch(url))
        why = refusal(page)
        if "flood blocker" in why:
            raise _Flooded(why)
        return page

    def _is_article(self, page: Page) -> bool:
        named = self.ways.named(self.ways.ours(page.url, page.url))
        return named is not None and bool(named.is_article)

    def key_of(self, url: str) -> str:
        named = self.ways.named(self.ways.ours(url, url))
        return str(named.key) if named is not None else url


class _Flooded(Exception):
    """The flood blocker answered: the probe goes on with what it has."""
