"""The doors of a portal: sitemap, feeds, the family's list for machines, and its sections, with what stands in them."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from lxml import etree
from scrapy.http import Response

from archive import clock
from archive.clock import VIETNAM
from crawler.asking import NoAnswer
from crawler.cms import Unreadable
from crawler.cms.general import General
from crawler.discovery import XML, Listed, read_xml
from crawler.exploring import NO_ARTICLES
from crawler.page import Page
from crawler.probing.asking import ProbeSpider
from crawler.probing.findings import Feed, Listing, Sitemap
from crawler.probing.ways import Ways

LIKELY_PART = re.compile(r"news|post|tin|article|bai|story|content", re.I)
DATES = ("lastmod", "pubDate", "updated", "published", "date")


async def sitemap(asker: ProbeSpider, ways: Ways) -> Sitemap:
    """Ask for the sitemap that robots.txt names, else the family's usual one; of an index for one part as well."""
    named = [ours for url in asker.robots.sitemaps if (ours := ways.ours(ways.portal.url, url))]
    usual = urljoin(ways.portal.url, ways.cms.SITEMAP)
    url = next((one for one in named if LIKELY_PART.search(one.rsplit("/", 1)[-1])), named[0] if named else usual)
    found = Sitemap(_path(url))
    listed, body = await _xml(asker, url, found)
    parts = [one for one in listed if one.is_sitemap]
    if parts:
        found.parts = len(parts)
        own = [part for one in parts if (part := ways.ours(url, one.url))]
        useful = [one for one in own if not NO_ARTICLES.search(one.rsplit("/", 1)[-1])] or own
        part = next((one for one in useful if LIKELY_PART.search(one.rsplit("/", 1)[-1])), next(iter(useful), ""))
        if not part:
            found.why_not = "its parts are at another host"
            return found
        found.part = _path(part)
        listed, body = await _xml(asker, part, found)
    found.addresses = len(listed)
    found.articles = _articles(ways, listed)
    found.newest = newest(body)
    if not listed and not found.why_not:
        found.why_not = "it lists nothing that can be read"
    return found


async def _xml(asker: ProbeSpider, url: str, found: Sitemap | Feed) -> tuple[list[Listed], bytes]:
    """The addresses of a sitemap or feed and its source; where there is none, `found` is told why."""
    try:
        response = await asker.fetch(url)
    except NoAnswer as error:
        found.why_not = str(error)
        return [], b""
    if response.status != 200:
        found.why_not = f"answers {response.status}"
        return [], b""
    if response.body.startswith(b"\x1f\x8b"):
        found.why_not = "is packed (gzip), which is not read"
        return [], b""
    return read_xml(response.body), response.body


def _articles(ways: Ways, listed: list[Listed]) -> list[str]:
    """Those of some listed addresses that have an article's form, each once."""
    urls: dict[str, str] = {}
    now = clock.now()
    for one in listed:
        named = ways.named(ways.ours(ways.portal.url, one.url))
        due = _moment(one.modified)
        if named is not None and named.is_article and (due is None or due <= now):  # else it is not published yet
            urls.setdefault(named.key, ways.cms.address.at(ways.portal.url, named))
    return list(urls.values())


async def feed(asker: ProbeSpider, ways: Ways, feeds: list[str]) -> Feed | None:
    """Ask for the first of the feeds that the home page names; None where it names none of its own."""
    own = [url for one in feeds if (url := ways.ours(ways.portal.url, one)) and "comment" not in url]
    if not own:
        return None
    found = Feed(_path(own[0]))
    listed, body = await _xml(asker, own[0], found)
    urls: dict[str, str] = {}
    for one in listed:
        named = ways.named(ways.ours(ways.portal.url, one.url))
        if named is not None and named.key != "/" and not one.is_sitemap:  # a feed lists articles, whatever their form
            urls.setdefault(named.key, ways.cms.address.at(ways.portal.url, named))
    found.articles = list(urls.values())
    found.newest = newest(body)
    if not found.articles and not found.why_not:
        found.why_not = "lists no article of the portal"
    return found


async def api(asker: ProbeSpider, ways: Ways) -> Feed | None:
    """Ask the family's list for machines; None where the family has none."""
    if not isinstance(ways.cms, General) or not ways.cms.API:
        return None
    url = urljoin(ways.portal.url, ways.cms.API)
    found = Feed(_path(url).partition("?")[0])
    try:
        response = await asker.fetch(url)
        if response.status != 200:
            found.why_not = f"answers {response.status}"
            return found
        listed, _ = ways.cms.read_api(response.url, response.body)
    except (NoAnswer, Unreadable) as error:
        found.why_not = str(error).removeprefix("not_article: ")
        return found
    found.articles = [url for one in listed if (url := ways.ours(ways.portal.url, one.url))]
    found.total = _total(response)
    found.newest = max((one.modified[:10] for one in listed), default="")
    return found


def _total(response: Response) -> int | None:
    said = (response.headers.get("X-WP-Total") or b"").decode("latin-1")
    return int(said) if said.isdigit() else None


def listing(ways: Ways, page: Page, elsewhere: set[str]) -> Listing:
    """What the first page of a section shows; `elsewhere`: keys of articles that stand on other pages as well."""
    paging, by_script = ways.paging(page)
    return Listing(_path(page.url), articles=ways.main_list(page, elsewhere), paging=paging, by_script=by_script)


def newest(body: bytes) -> str:
    """The newest day that a sitemap or feed names, as YYYY-MM-DD, none after today; "" where it names none."""
    try:
        root = etree.fromstring(body, XML)
    except etree.XMLSyntaxError:
        return ""
    moments = (
        moment.astimezone(VIETNAM)
        for node in (root.iter(*(f"{{*}}{name}" for name in DATES)) if root is not None else ())
        if (moment := _moment((node.text or "").strip())) is not None
    )
    now = clock.now()
    return max((f"{moment:%Y-%m-%d}" for moment in moments if moment <= now), default="")


def _moment(text: str) -> datetime | None:
    """The moment that a sitemap or feed writes in one of two ways; None where it is none."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
    return None


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
