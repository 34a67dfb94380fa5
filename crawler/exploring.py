"""Discovery at a portal whose CMS is unknown: every door is tried, and what a page is, the page itself tells.

Traps are refused by their form (crawler/addresses.py), by a budget of pages that brought nothing, and by noticing
that one listing is shown under ever new addresses.
"""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import urljoin, urlsplit

from crawler.addresses import Address, denied
from crawler.cms import Family, Links
from crawler.discovery import Listed
from crawler.frontier import Frontier, Kind
from crawler.portals import Portal
from crawler.revisiting import moment_of
from crawler.sessions import Sessions
from crawler.sweeping import listing_of
from crawler.urls import absolute, at_origin, netloc

MOST_FEEDS = 3
BARREN = 12  # pages of one form of address without a new article, after which no more of that form are asked
COPIES = 40  # addresses of one form that led to known articles, and to hardly a new one, after which it is a trap
MOST_CALLED_BACK = 50  # articles in one run that a sitemap says were edited; some say so of all, every day
BUDGET = 5000  # pages of a portal that are no articles, in one run
# Parts of a sitemap that list no articles: WordPress's terms, users and static pages, pictures, videos.
NO_ARTICLES = re.compile(
    r"(?:taxonom|categor|post_tag|tags?[-_.\d]|users?[-_.\d]|authors?[-_.\d]|images?[-_.\d]|videos?[-_.\d]|"
    r"posts-page|page-sitemap)",
    re.I,
)


class Explorer:
    """What one run knows of the ways through a portal."""

    def __init__(self, frontier: Frontier, portal: Portal, cms: Family) -> None:
        self.frontier = frontier
        self.portal = portal
        self.cms = cms
        self.notes = notes = frontier.notes
        self.in_feeds = notes.of("in feeds")  # keys of addresses that a feed lists: articles, surely
        self.barren = notes.of("barren")
        self.fruitful = notes.of("fruitful")
        self.shown = notes.of("shown")  # digests of the articles that each listing of this run showed
        self.copies = notes.of("copies")  # by form: addresses that turned out to be articles known already
        self.articles = notes.of("articles")  # ... and new ones
        self.spent = notes.of("spent")  # pages that are no articles, and articles called back
        self.sessions = Sessions(notes.of("sessions"))
        self.postbacks = 0

    def add_sitemaps(self, sitemaps: list[str]) -> None:
        """The sitemaps that robots.txt names, else the usual one."""
        for url in sitemaps or [urljoin(self.portal.url, self.cms.SITEMAP)]:
            if ours := self.ours(url):
                self.frontier.add(Kind.SITEMAP, ours, ours)

    def seed(self) -> None:
        """The home page, the sections of the registry, and the family's list for machines where it has one."""
        if api := getattr(self.cms, "API", ""):
            url = urljoin(self.portal.url, api)
            self.frontier.add(Kind.FEED, url, url)
        for path in ("", *self.portal.sections):
            url = urljoin(self.portal.url, path)
            self.frontier.add(Kind.SECTION, self.key(url), url)

    def add_listed(self, kind: Kind, found: list[Listed]) -> int:
        """The addresses of a sitemap or feed; returns how many of them may be of use."""
        useful = 0
        changed: list[tuple[str, str]] = []
        for listed in found:
            url = self.ours(listed.url)
            if listed.is_sitemap:
                if url and not NO_ARTICLES.search(url.rsplit("/", 1)[-1]):
                    self.frontier.parts_now[url] = listed.modified
                    self.frontier.add(Kind.SITEMAP, url, url)
                    useful += 1
                continue
            named = self.named(url)
            if named is None or named.key == "/":
                continue
            useful += 1
            self.frontier.listed_now.add(named.key)
            if kind is Kind.FEED:
                self.in_feeds[named.key] = 1
            if not self.add(Kind.ARTICLE, named) and (moment := moment_of(listed.modified)):
                changed.append((moment, named.key))
        for moment, key in sorted(changed, reverse=True):
            if self.spent["called back"] < MOST_CALLED_BACK:
                self.spent["called back"] += self.frontier.changed_since(Kind.ARTICLE, key, moment)
        return useful

    def add_links(self, links: Links, from_home: bool, listing: str = "", page: int = 1) -> int:
        """The links of a page; returns how many were unknown and have an article's form.

        `listing`: the one that the page belongs to, "" where it is the home page or none; `page`: which of it. Where
        news stand on it, the next one is asked as well.
        """
        new, shown = 0, []
        self.postbacks += links.postbacks
        for href in links.articles:
            if (named := self.named(self.ours(href))) is not None:
                new += self.add(Kind.ARTICLE, named)
                shown.append(named.key)
        for href in links.feeds[:MOST_FEEDS] if from_home else []:  # an article's own feed is of its comments
            url = self.ours(href)
            if url and "comment" not in url:
                self.frontier.add(Kind.FEED, url, url)
        for href in links.pages:
            if (named := self.named(self.ours(href))) is not None:
                self.add(Kind.SECTION if from_home and named.page == 1 else Kind.PAGE, named)
        if listing:
            self.frontier.show(listing, shown)
            if self.frontier.news_on(shown):
                self.turn_page(links, listing, page)
        return new

    def turn_page(self, links: Links, listing: str, page: int) -> None:
        """The next page of a listing, where it is known already: an unknown one is in the frontier by now."""
        pages = [named for href in links.pages if (named := self.named(self.ours(href))) is not None]
        behind = [one for one in pages if one.page > page and listing_of(one.path) == listing]
        if behind:
            self.frontier.again(Kind.PAGE, min(behind, key=lambda one: one.page).key)

    def add(self, kind: Kind, named: Address) -> bool:
        """One address, unless its form has proved barren or the budget is spent."""
        other = Kind.PAGE if kind is Kind.ARTICLE else Kind.ARTICLE
        if self.frontier.knows(other, named.key) or self.frontier.knows(Kind.SECTION, named.key):
            return False
        if kind is Kind.ARTICLE and self.copies[named.shape] >= max(COPIES, 3 * self.articles[named.shape]):
            return False
        if kind is not Kind.ARTICLE and (self.spent["pages"] >= BUDGET or self.is_barren(named)):
            return False
        return self.frontier.add(kind, named.key, self.cms.address.at(self.portal.url, named))

    def is_barren(self, named: Address) -> bool:
        """Whether the pages of this form of address bring nothing: a calendar, an order, a filter."""
        shape = named.shape
        return self.barren[shape] >= BARREN and self.barren[shape] > 3 * self.fruitful[shape]

    def visited(self, url: str, links: Links, new: int) -> bool:
        """A page that is no article was read; whether it shows a list that no other address has shown before."""
        self.spent["pages"] += 1
        named = self.named(url)
        if named is not None:
            (self.fruitful if new else self.barren)[named.shape] += 1
        listed = sorted(set(links.articles))
        digest = sha256("\n".join(listed).encode("utf-8", "replace")).hexdigest()
        fresh = digest not in self.shown
        if len(listed) > 2:
            self.shown[digest] = 1
        return fresh

    def ours(self, href: str) -> str:
        """The address at the portal's own scheme and host; "" where it is another site's."""
        url = absolute(self.portal.url, href)
        return self.sessions.strip(at_origin(url, self.portal.url)) if netloc(url) in self.portal.all_hosts else ""

    def named(self, url: str) -> Address | None:
        """What an address of the portal names; None where it is nothing to ask, or the row denies it."""
        if not url or denied(url, self.portal.deny):
            return None
        named: Address | None = self.cms.address.parse(url)
        # Sub-sites of one host are told by their path: https://dangcongsan.org.vn/tinhuybackan/
        return named if named is not None and named.path.startswith(urlsplit(self.portal.url).path or "/") else None

    def watch(self, links: Links) -> bool:
        """Look for a session in the links of a page; whether one was found, so that the frontier must be cleared."""
        hrefs = (*links.articles, *links.pages)
        return self.sessions.watch(url for href in hrefs if (url := self.ours(href)))

    def clear_of_sessions(self) -> None:
        """Bring the addresses that are waiting to their form without session."""
        self.frontier.readdress(lambda url: (self.key(bare := self.sessions.strip(url)), bare))

    def read_article(self, url: str, is_copy: bool) -> None:
        """An address that was unknown led to an article: one known already, or a new one."""
        if (named := self.named(url)) is not None:
            (self.copies if is_copy else self.articles)[named.shape] += 1

    def key(self, url: str) -> str:
        """The frontier's key of an address."""
        named = self.cms.address.parse(url)
        return str(named.key) if named is not None else url
