"""The addresses of one portal as its family sees them, and what a listing's page shows of its list and its pager."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from lxml.html import HtmlElement

from crawler.addresses import PAGE_PARAMETERS, PAGE_SEGMENT
from crawler.cms import Family
from crawler.cms.general import POSTBACK
from crawler.finders import text_of
from crawler.page import Page
from crawler.portals import Portal
from crawler.urls import absolute, at_origin, netloc

MENU_WORDS = re.compile(r"tin|news|dan-?van|hoat-?dong|su-?kien|mat-?tran|chuyen-?muc|bai|xay-?dung|category", re.I)
NO_MENU = re.compile(
    r"gioi-?thieu|lien-?he|about|contact|so-?do|sitemap|to-?chuc-bo-?may|co-?cau|van-?ban|law|thu-?vien|video|album|"
    r"hinh-?anh|gop-?y|faq|hoi-?dap|tai-?lieu|download|login|dieu-?khoan|privacy|page-id|but-danh|author",
    re.I,
)
NEXT_WORDS = re.compile(r"^\s*(?:\d{1,4}|[»›>]+|next|(?:trang )?(?:sau|tiếp|kế)(?: theo)?|cuối)\s*$", re.I)
TEASER = 30  # words of a listing's item that make it no mere headline
CLIMB, FIRST_ITEMS = 3, 2  # a listing's first items may stand before the row of the others
BY_SCRIPT = re.compile(r"\s*(?:javascript:|#\W*$)", re.I)
PAGER = 2  # links with numbers or arrows that work by script alone, which make a pager


class Ways:
    """One portal's addresses. `portal` its row so far, `cms` its family."""

    def __init__(self, portal: Portal, cms: Family) -> None:
        self.portal = portal
        self.cms = cms
        self.path = urlsplit(portal.url).path or "/"

    def ours(self, base: str, href: str) -> str:
        """An href as an address at the portal's own scheme and host; "" where it is another site's."""
        url = absolute(base, href)
        return at_origin(url, self.portal.url) if netloc(url) in self.portal.all_hosts else ""

    def named(self, url: str) -> Any:
        """What an address names (see cms.Addresses); None where it is nothing to ask, or of another sub-site."""
        named = self.cms.address.parse(url) if url else None
        return named if named is not None and str(named.path).startswith(self.path.rstrip("/")) else None

    def links(self, page: Page) -> list[tuple[HtmlElement, Any]]:
        """The links of a page that name something at the portal, with what they name."""
        found = (
            (link, self.named(self.ours(page.url, link.get("href")))) for link in page.root.iterfind(".//a[@href]")
        )
        return [(link, named) for link, named in found if named is not None]

    def articles(self, page: Page) -> dict[str, str]:
        """The addresses of an article's form that a page leads to, by key, in the page's order."""
        found: dict[str, str] = {}
        for _, named in self.links(page):
            if named.is_article:
                found.setdefault(named.key, self.cms.address.at(self.portal.url, named))
        return found

    def menu(self, home: Page) -> dict[str, str]:
        """The pages that may be listings among those that a page leads to, the likeliest first: by key, addresses.

        A section is known by articles below its path, else by its words; static pages by theirs.
        """
        articles = [urlsplit(url).path for url in self.articles(home).values()]
        found: dict[str, str] = {}
        for url in self._sections(home):
            named = self.named(self.ours(home.url, url))
            if named is not None and not named.is_article and named.page == 1 and not self.is_home(named.path):
                found.setdefault(named.key, self.cms.address.at(self.portal.url, named))

        def rank(url: str) -> tuple[bool, bool, bool]:
            path = urlsplit(url).path.rstrip("/")
            below = sum(article.startswith(f"{path}/") for article in articles)
            # The module above all sections has all articles below it: the sections are asked, not the module.
            return (self.is_static(url), not 0 < below < len(articles), not MENU_WORDS.search(path))

        return dict(sorted(found.items(), key=lambda one: rank(one[1])))

    def is_static(self, url: str) -> bool:
        """Whether an address is, by its words, of a page about the organ, or of documents and pictures."""
        return bool(NO_MENU.search(urlsplit(url).path))

    def _sections(self, home: Page) -> Iterable[str]:
        links = self.cms.links(home)
        return [*links.sections, *links.menu, *links.pages]

    def is_home(self, path: str) -> bool:
        """Whether a path is the portal's home page, in one of its forms."""
        bare = re.sub(r"/(?:index\.(?:php|html?|aspx)|default\.aspx|home|trang-chu)?$", "", path, flags=re.I)
        return bare.rstrip("/") in (self.path.rstrip("/"), f"{self.path.rstrip('/')}/vi")

    def main_list(self, page: Page, elsewhere: set[str]) -> list[str]:
        """The articles that a listing's page is about: of its rows of links that look alike, the longest with teasers.

        `elsewhere`: keys of articles that other pages show as well, as the lists in the margin do.
        """
        rows: dict[tuple[str, ...], dict[str, HtmlElement]] = defaultdict(dict)
        for link, named in self.links(page):
            if named.is_article:
                rows[_place(link)].setdefault(named.key, link)
        best, most = list[str](), -1.0
        for row in rows.values():
            keys, words = self._block(row)
            # Each with some lines of its text: a list of older titles below may be longer than the page's own.
            score = len(row.keys() - elsewhere) * min(words / len(keys), TEASER)
            if (score, len(keys)) > (most, len(best)):
                best, most = keys, score
        urls = self.articles(page)
        return [urls[key] for key in urls if key in best]

    def _block(self, row: dict[str, HtmlElement]) -> tuple[list[str], int]:
        """The articles in the block that a row of links fills, teasers and first item included, and the words of it."""
        block = _common(list(row.values()))
        inside = self._within(block)
        for outer in list(block.iterancestors())[:CLIMB] if block is not None else ():
            if outer.tag == "body" or len(around := self._within(outer)) > len(row) + FIRST_ITEMS:
                break
            block, inside = outer, around
        if block is None or len(inside) > 1.5 * len(row) + 1:  # not a block of theirs alone
            return list(row), sum(len("".join(link.itertext()).split()) for link in row.values())
        return inside, len(text_of(block).split())

    def _within(self, element: HtmlElement | None) -> list[str]:
        if element is None:
            return []
        found = (self.named(self.ours(self.portal.url, link.get("href"))) for link in element.iterfind(".//a[@href]"))
        return list(dict.fromkeys(named.key for named in found if named is not None and named.is_article))

    def paging(self, page: Page) -> tuple[str, bool]:
        """The form of the addresses of a listing's further pages, as "/page-N"; and whether its pager is all script."""
        here = urlsplit(page.url).path.rstrip("/")
        forms: list[str] = []
        for link, named in self.links(page):
            form = _form(link.get("href"))
            # Drupal counts from 0, Liferay by a parameter of the portlet: there the words of the link tell.
            if form and (named.page > 1 or NEXT_WORDS.match("".join(link.itertext()))):
                own = urlsplit(absolute(page.url, link.get("href"))).path.startswith(here)
                forms.insert(0 if own else len(forms), form)
        if forms:
            return forms[0], False
        hrefs = [
            link.get("href") or "#" for link in page.root.iterfind(".//a") if NEXT_WORDS.match("".join(link.itertext()))
        ]
        return "", any(map(POSTBACK.match, hrefs)) or sum(bool(BY_SCRIPT.match(href)) for href in hrefs) >= PAGER


def _form(href: str) -> str:
    """The form of a further page's address, its number left out; "" where it has none."""
    parts = urlsplit(href)
    for name, value in parse_qsl(parts.query):
        last = name.lower().rpartition("_")[2]
        if (name.lower() in PAGE_PARAMETERS or last in PAGE_PARAMETERS) and value.isdigit():
            return f"?{name}="
    if (found := PAGE_SEGMENT.match(parts.path)) is not None:
        return f"{parts.path[found.end('stem') : found.start('number')]}N"
    return ""


def _place(link: HtmlElement) -> tuple[str, ...]:
    """Where a link stands: the elements around it with the first of their classes, numbers left out."""
    steps = []
    for element in (link, *link.iterancestors()):
        first = re.sub(r"\d+", "", (element.get("class") or "").split(" ")[0])
        steps.append(f"{element.tag}.{first}")
    return tuple(steps)


def _common(elements: list[HtmlElement]) -> HtmlElement | None:
    """The smallest element around all of some elements."""
    around = [[*reversed(list(element.iterancestors()))] for element in elements]
    common = None
    for level in zip(*around, strict=False):
        if any(one is not level[0] for one in level):
            break
        common = level[0]
    return common
