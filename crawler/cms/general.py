"""The general reader: any portal, whatever made it, by what its pages have in common (crawler/template/).

A family of this reader is its Traits: what is known beforehand of a content system, all of it optional.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from lxml import etree

from archive.article import Article
from crawler import addresses, boilerplate
from crawler.addresses import Address
from crawler.cms import Links, Unreadable
from crawler.discovery import Listed
from crawler.outcomes import Outcome
from crawler.page import Page
from crawler.portals import Portal
from crawler.template import fallback
from crawler.template.hints import Known
from crawler.template.learn import learn
from crawler.template.read import look, to_article
from crawler.urls import absolute

FEEDS = etree.XPath("//link[@rel='alternate'][contains(@type, 'rss') or contains(@type, 'atom')]/@href")
HREFS = etree.XPath("//a/@href")
CANONICAL = etree.XPath("//link[@rel='canonical']/@href")
REFRESH = etree.XPath("//meta[translate(@http-equiv, 'REFSH', 'refsh')='refresh']/@content")
POSTBACK = re.compile(r"javascript:\s*(?:__doPostBack|WebForm_DoPostBack)", re.I)
SHORT_PAGE = 2500  # letters of text beyond which a page that says "not found" may say it of something else
EXCUSES = {"soft404": Outcome.SOFT_404, "login": Outcome.LOGIN_ONLY, "draft": Outcome.DRAFT}


@dataclass(frozen=True)
class Traits:
    """What a family knows beforehand. Patterns are searched in path and query of an address.

    signs      patterns in a page's source that tell the family, each with its name: what `scrapy probe` shows
    article    patterns of article addresses; a group `id` is the article's number, unique within the group `within`
    listing    patterns of addresses that are listings, whatever they look like
    denied     patterns of addresses that are neither
    select     CSS of fields, in the order to try: a family may have two layouts side by side
    evidence   what of this was seen on real portals, and what is known of the content system only
    """

    name: str
    delay: float = 2.2
    sitemap: str = "/sitemap.xml"
    signs: Mapping[str, str] = field(default_factory=dict)
    article: tuple[str, ...] = ()
    listing: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    select: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    evidence: str = ""


class General:
    """The general reader of one portal, with the traits of its family.

    API: path of a list of articles for machines, for families that have one; read_api() reads it.
    """

    API = ""

    def __init__(self, traits: Traits, portal: Portal) -> None:
        self.traits = traits
        self.portal = portal
        self.READER = f"{traits.name}/1"
        self.DELAY = traits.delay
        self.SITEMAP = traits.sitemap
        self.address = FamilyAddresses(traits)

    @cached_property
    def phrases(self) -> boilerplate.Phrases:
        """The page furniture known by its words."""
        return boilerplate.load().for_portal(self.traits.name, self.portal.key)

    @cached_property
    def known(self) -> Known:
        """What goes before what is learned: the CSS of the registry's row, and the furniture."""
        return Known.of(self.portal.select, {}, self.phrases)

    @cached_property
    def hints(self) -> Known:
        """What is known while nothing is learned: the CSS of the row, then the family's, and the furniture.

        Once a portal's layout is learned the family's CSS is left out: stock selectors also match on listings, and
        themes put other things under their names.
        """
        return Known.of(self.portal.select, self.traits.select, self.phrases)

    def kind(self, page: Page) -> Outcome | None:
        """What a page says in words that it is: a flood page, nothing found, members only. None: it may be anything."""
        if len(page.text) < 4 * SHORT_PAGE and "flood" in self.phrases.in_page(page.text):
            return Outcome.FLOOD
        short = len(" ".join(page.root.itertext())) < SHORT_PAGE
        return self.excuse(page) if short else None

    def excuse(self, page: Page) -> Outcome | None:
        """Why a page has no article to read, in its own words, which may stand on a page of any length."""
        said = self.phrases.in_page(page.text)
        return next((outcome for name, outcome in EXCUSES.items() if name in said), None)

    def key(self, page: Page) -> str:
        """What identifies the article of a page: its number where the family knows one, else its canonical path."""
        own = self.address.parse(page.url)
        if own is not None and own.key.startswith("id:"):
            return str(own.key[3:])
        for href in CANONICAL(page.root)[:1]:
            url = absolute(page.url, href)
            named = self.address.parse(url) if addresses_same_site(url, page.url) else None
            # A portal that names its home page canonical on each page, as some templates do, says nothing.
            if named is not None and named.key != "/" and named.page == 1:
                return str(named.key)
        return str(own.key) if own is not None else page.url

    def read(self, page: Page, portal: str, select: Mapping[str, str] | None = None) -> Article:
        """The article of a page by itself: by the family's and the row's CSS where they match, else by the fallback."""
        template = learn([page], self.hints) if self.hints.find(page.root, "body") is not None else None
        if template is not None:
            reading = look(page, template, self.hints)
            if not {"container", "title"} & set(reading.fit.missing):
                return replace(to_article(reading, portal, self.key(page), self.READER), url=page.url)
        return fallback.read(page, portal, self.key(page), f"{self.READER} fallback", self.known)

    def place(self, page: Page, select: Mapping[str, str]) -> str:
        """Always "": what is learned of the portal's layout knows the place, and says by itself what does not fit."""
        return ""

    def read_api(self, url: str, body: bytes) -> tuple[list[Listed], str]:
        """The articles that an answer of the API lists, and the address of its next page ("" on the last).

        Raises Unreadable where the answer is something else: many portals have theirs shut.
        """
        raise Unreadable(Outcome.NOT_ARTICLE, f"{self.traits.name} has no API")

    def links(self, page: Page) -> Links:
        """Every address of the portal that a page leads to, articles' by their form apart."""
        found = Links()
        for href in dict.fromkeys(HREFS(page.root)):
            if POSTBACK.match(href):
                found.postbacks += 1
                continue
            url = absolute(page.url, href)
            target = self.address.parse(url) if url.startswith("http") else None
            if target is not None:
                (found.articles if target.is_article else found.pages).append(url)
        found.feeds = [url for href in FEEDS(page.root) if (url := absolute(page.url, href))]
        return found


class FamilyAddresses:
    """The general addresses, with the patterns of a family before them."""

    def __init__(self, traits: Traits) -> None:
        self.articles = [re.compile(pattern, re.I) for pattern in traits.article]
        self.listings = [re.compile(pattern, re.I) for pattern in traits.listing]
        self.denials = [re.compile(pattern, re.I) for pattern in traits.denied]

    def parse(self, url: str) -> Address | None:
        """What an address names; None where it names nothing to crawl."""
        address = addresses.parse(url)
        if address is None or _any(self.denials, address.path):
            return None
        if _any(self.listings, address.path):
            return replace(address, is_article=False)
        for pattern in self.articles:
            if (match := pattern.search(address.path)) is not None:
                groups = match.groupdict()
                number = "/".join(
                    value.strip("/").casefold() for name in ("within", "id") if (value := groups.get(name))
                )
                return Address(address.path, f"id:{number}" if number else address.key, True)
        return replace(address, is_article=False) if self.articles and address.page > 1 else address

    def is_listing(self, url: str) -> bool:
        """Whether an address is a listing's whatever its page shows: by the family's patterns, or a further page."""
        address = addresses.parse(url)
        return address is not None and (address.page > 1 or _any(self.listings, address.path))

    def at(self, origin: str, address: Address) -> str:
        """The address at a portal's own scheme and host."""
        return addresses.at(origin, address)


def addresses_same_site(url: str, other: str) -> bool:
    """Whether two addresses are of one host, with or without www."""
    hosts = [re.sub(r"^https?://(?:www\.)?([^/]*).*$", r"\1", one) for one in (url, other)]
    return hosts[0] == hosts[1]


def _any(patterns: Sequence[re.Pattern[str]], path: str) -> bool:
    return any(pattern.search(path) for pattern in patterns)


__all__ = ["General", "Traits", "Unreadable"]
