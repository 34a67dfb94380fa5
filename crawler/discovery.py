"""Discovery: from sitemaps, feeds, listings and links on pages to rows of the frontier.

Sitemaps give the newest thousand, feeds are a hint, listings paged to their end are the backfill, and links on
article pages bring what hangs on related lists alone. With sitemap and feeds gone the listings do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from archive.clock import stamp
from crawler.cms import Family, Links
from crawler.frontier import Frontier, Kind
from crawler.outcomes import Outcome
from crawler.portals import Portal
from crawler.revisiting import moment_of
from crawler.urls import absolute, at_origin, netloc

PATIENCE = timedelta(days=7)  # with an article that is said to be published later
FEW_SECTIONS = 3  # module and one section: a list of feeds as short as this is not the portal's menu
XML = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """One address of a sitemap or feed; `modified` is a sitemap's lastmod, or ""."""

    url: str
    modified: str = ""
    is_sitemap: bool = False


def home_key(cms: Family, portal: Portal) -> str:
    """The frontier's key of the home page."""
    return _key(cms, urljoin(portal.url, ""))


def seed(frontier: Frontier, portal: Portal, cms: Family) -> None:
    """The doors of a portal: its sitemap, its home page, and the sections that the registry names."""
    frontier.add(Kind.SITEMAP, cms.SITEMAP, urljoin(portal.url, cms.SITEMAP))
    for path in ("", *portal.sections):
        url = urljoin(portal.url, path)
        frontier.add(Kind.SECTION, _key(cms, url), url)


def read_xml(body: bytes) -> list[Listed]:
    """The addresses of a sitemap, a sitemap index, an RSS or an Atom feed; none where it is something else."""
    try:
        root = etree.fromstring(body, XML)
    except etree.XMLSyntaxError:
        return []
    found: list[Listed] = []
    for node in root.iter("{*}url", "{*}sitemap") if root is not None else ():
        location = (node.findtext("{*}loc") or "").strip()
        if location:
            is_sitemap = etree.QName(node).localname == "sitemap"
            found.append(Listed(location, (node.findtext("{*}lastmod") or "").strip(), is_sitemap))
    for node in root.iter("item", "{http://www.w3.org/2005/Atom}entry") if root is not None else ():
        link = node.find("{*}link")
        location = ((node.findtext("link") or "") or (link.get("href") if link is not None else "") or "").strip()
        if location:
            found.append(Listed(location))
    return found


def add_listed(frontier: Frontier, portal: Portal, cms: Family, found: list[Listed], now: datetime) -> tuple[int, int]:
    """Addresses of a sitemap or feed into the frontier.

    Returns how many of them may lead to articles, and how many of those are to be published later than now.

    NukeViet's sitemap lists an article with a future date before it is published; its page is 404 until then.
    """
    useful = later = 0
    for listed in found:
        url = _ours(portal, listed.url)
        if not url:
            continue
        if listed.is_sitemap:
            useful += 1
            frontier.parts_now[url] = listed.modified
            frontier.add(Kind.SITEMAP, url, url)
        elif (named := cms.address.parse(url)) is not None and named.is_article and not _denied(portal, url):
            useful += 1
            frontier.listed_now.add(named.key)
            due = _future(listed.modified, now)
            later += bool(due) and not frontier.fetched_before(named.key)
            outcome = Outcome.FUTURE_DATED if due else ""
            frontier.add(Kind.ARTICLE, named.key, cms.address.at(portal.url, named), due, outcome)
            # An editor has moved the article forward, or mended the year of its date.
            if listed.modified and not due and named.key in frontier.postponed:
                frontier.again(Kind.ARTICLE, named.key)
    return useful, later


def add_links(frontier: Frontier, portal: Portal, cms: Family, links: Links, listing: str = "") -> int:
    """The links of a page into the frontier; returns how many articles are news (see Frontier.news_on()).

    `listing`: the one that the page belongs to, "" where it is the home page or no listing.

    Sections come from the page's list of feeds; a theme that lists few or none gives its menu as well, and what
    turns out to hold no articles is not asked again soon.
    """
    shown: list[str] = []
    for href in links.articles:
        if (named := _named(portal, cms, href)) is not None:
            frontier.add(Kind.ARTICLE, named.key, cms.address.at(portal.url, named))
            shown.append(named.key)
    if listing:
        frontier.show(listing, shown)
    for href in links.feeds[:1]:  # the first is the feed of all sections
        if url := _ours(portal, href):
            frontier.add(Kind.FEED, url, url)
    sections = _sections(portal, cms, links.sections)
    if len(sections) < FEW_SECTIONS:
        sections |= _sections(portal, cms, links.menu)
    for key, url in sections.items():
        frontier.add(Kind.SECTION, key, url)
    return frontier.news_on(shown) if listing else 0


def _sections(portal: Portal, cms: Family, hrefs: list[str]) -> dict[str, str]:
    """The listings among some addresses: frontier key -> address at the portal."""
    found: dict[str, str] = {}
    for href in hrefs:
        named = _named(portal, cms, href)
        if named is not None and not named.is_article and named.page == 1:
            found[named.key] = cms.address.at(portal.url, named)
    return found


def turn_page(frontier: Frontier, portal: Portal, cms: Family, href: str, may_hold_news: bool) -> None:
    """The next page of a listing: always when it is unknown (the backfill), else where news may stand on it.

    A whole page of known articles ends the walk; a single known one does not, since items are pinned on top.
    """
    named = _named(portal, cms, href)
    if named is None:
        return
    if not frontier.add(Kind.PAGE, named.key, cms.address.at(portal.url, named)) and may_hold_news:
        frontier.again(Kind.PAGE, named.key)


def _key(cms: Family, url: str) -> str:
    named = cms.address.parse(url)
    return named.key if named is not None else url


def _ours(portal: Portal, href: str) -> str:
    """The address at the portal's own scheme and host; "" where it is another site's."""
    url = absolute(portal.url, href)
    return at_origin(url, portal.url) if netloc(url) in portal.all_hosts else ""


def _named(portal: Portal, cms: Family, href: str) -> Any:
    """What an href names at this portal (an address of its CMS); None where it is another site's, or denied."""
    url = _ours(portal, href)
    return cms.address.parse(url) if url and not _denied(portal, url) else None


def _denied(portal: Portal, url: str) -> bool:
    return any(part in url for part in portal.deny)


def _future(modified: str, now: datetime) -> str:
    """When an article is to be asked whose time in a sitemap lies in the future; else "".

    A week is waited for at most: the year 2202 is a typing error, and the article may well be there.
    """
    moment = moment_of(modified) if len(modified) > len("2026-03-01") else ""
    return min(moment, stamp(now + PATIENCE)) if moment > stamp(now) else ""
