"""Where the parts of a NukeViet article stand: by the stock ids, else by what stands where on the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from crawler.cms import Unreadable
from crawler.cms import nukeviet_address as address
from crawler.finders import HEADINGS, following, has_class, is_hidden, main_block, marks, text_of
from crawler.outcomes import Outcome
from crawler.page import Page
from crawler.text import squeeze

PANEL = etree.XPath("/descendant::*[contains(@itemtype, 'schema.org/NewsArticle')]")
# The body's container, stock themes first. Of an id the first in the page counts: an editor may paste a second.
BODY = (
    etree.XPath("id('news-bodyhtml')"),
    etree.XPath("id('bodytext')"),
    etree.XPath("/descendant::*[contains(concat(' ', normalize-space(@class), ' '), ' bodytext ')]"),
    etree.XPath("/descendant::*[contains(concat(' ', normalize-space(@class), ' '), ' details-content ')]"),
)

LEAD_MARKS = re.compile(r"\bhometext\b|sapo|\blead\b|descript|short-?desc|summary|\bintro", re.I)
END_OF_ARTICLE = re.compile(r"\brelated|\bother-?(?:news|list)?\b|idcomment|showcomment|comment-list", re.I)
PLACE_DEPTH = 4  # elements by which a place is named: the body's, and those around it
AFTER_BODY = 400  # elements looked at behind the body for byline, files and tags


@dataclass(slots=True)
class Parts:
    """Where the parts of an article stand on its page."""

    title: HtmlElement
    body: HtmlElement
    lead: HtmlElement | None
    head: list[HtmlElement] = field(default_factory=list)  # between title and body, the lead's own left out
    tail: list[HtmlElement] = field(default_factory=list)  # behind the body, up to lists and comments
    title_text: str = ""


def container(page: Page) -> HtmlElement | None:
    """The body's container by its stock id or class; of several with the class, the one with the most text."""
    for find in BODY:
        if found := find(page.root):
            return found[0] if len(found) == 1 else max(found, key=lambda element: len(text_of(element)))
    return None


def chosen(page: Page, select: Mapping[str, str], name: str) -> HtmlElement | None:
    """The element that the registry's CSS names for a field; None where it names none or none is there."""
    if name not in select:
        return None
    return next(iter(CSSSelector(select[name], translator="html")(page.root)), None)


def locate(page: Page, select: Mapping[str, str]) -> Parts:
    """Find title, body and lead, and what stands between and behind them. Raises Unreadable."""
    body = chosen(page, select, "body")
    body = body if body is not None else container(page)
    panels = PANEL(page.root) if body is None else []
    scope = panels[0] if panels else None
    title = chosen(page, select, "title")
    title = title if title is not None else _title(page, scope, body)
    if title is None:
        raise Unreadable(Outcome.NOT_ARTICLE, "no title found")
    if body is None:
        guess = _lead([node for node in following(title) if not is_hidden(node)][:AFTER_BODY], page)
        body = main_block(title, scope, {guess} if guess is not None else set(), _is_article_href)
    if body is None:
        raise Unreadable(Outcome.NOT_ARTICLE, "no body found")
    parts = Parts(title, body, None, title_text=text_of(title))
    for node in following(title):
        if node is body:
            break
        parts.head.append(node)
    lead = chosen(page, select, "lead")
    parts.lead = lead if lead is not None else _lead(parts.head, page)
    inside = set(parts.lead.iter()) if parts.lead is not None else set()
    parts.head = [node for node in parts.head if node not in inside]
    for node in following(body):
        if END_OF_ARTICLE.search(marks(node)) or len(parts.tail) >= AFTER_BODY:
            break
        parts.tail.append(node)
    return parts


def _is_article_href(href: str) -> bool:
    named = address.parse(href)
    return named is not None and named.is_article


def _title(page: Page, scope: HtmlElement | None, body: HtmlElement | None) -> HtmlElement | None:
    """The article's heading: the microdata's, the one that says what the page's head says, the last before the body."""
    within = scope if scope is not None else page.root
    before: list[HtmlElement] = []
    for node in within.iter(*HEADINGS, *([body.tag] if body is not None else [])):
        if node is body:
            break
        if node.tag not in HEADINGS or is_hidden(node) or not text_of(node):
            continue
        if node.get("itemprop") == "headline":
            return node
        before.append(node)
    head = squeeze(page.first_meta("og:title") or (page.root.findtext(".//title") or "")).casefold()
    said = [node for node in before if _says(head, text_of(node).casefold())]
    if said:
        return max(said, key=lambda node: len(text_of(node)))
    # A theme that words its head otherwise; the lead may be a heading too (early 4.0: #hometext h2).
    before = [node for node in before if not any(LEAD_MARKS.search(marks(parent)) for parent in node.iterancestors())]
    return before[-1] if before and body is not None else None


def _says(head: str, heading: str) -> bool:
    """Whether the page's head is this heading, alone or with the site's name behind a dash.

    A site named "Ban Dân vận" with an article titled "Ban Dân vận họp" must not take its name for the title.
    """
    return head == heading or (head.startswith(heading) and bool(re.match(r"\s*[-|–»:]\s", head[len(heading) :])))


def _lead(nodes: list[HtmlElement], page: Page) -> HtmlElement | None:
    """The lead's element: by its stock id or class, by the microdata, by a telling class, by the meta description."""
    for node in nodes:
        if node.get("id") == "hometext" or has_class(node, "hometext"):
            return node
    for node in nodes:
        if node.get("itemprop") == "description" and not is_hidden(node):
            return node
    start = squeeze(page.first_meta("description")).rstrip(". …")[:60].casefold()
    for node in nodes:
        if node.tag in ("div", "p", "h2", "h3", "h4", "strong", "section", "blockquote") and not is_hidden(node):
            if LEAD_MARKS.search(marks(node)) and text_of(node):
                return node
            if len(start) > 20 and text_of(node).casefold().startswith(start):
                return node
    return None


def place(page: Page, select: Mapping[str, str]) -> str:
    """Where the text of an article stands, for a page where no known name says so: "div#wrap > div.cot > div.noidung".

    "" where the registry's CSS or a stock theme's name finds it, and where there is none: nothing was guessed. Names
    with a digit are left out, since they are often made anew for each page.
    """
    if chosen(page, select, "body") is not None or container(page) is not None:
        return ""
    try:
        body = locate(page, select).body
    except Unreadable:
        return ""
    around = [body, *body.iterancestors()][:PLACE_DEPTH]
    return " > ".join(_named(element) for element in reversed(around))


def _named(element: HtmlElement) -> str:
    """Tag, id and classes of an element, as CSS writes them."""
    names = [
        f"#{element.get('id')}" if element.get("id") else "",
        *(f".{one}" for one in sorted(set((element.get("class") or "").split()))),
    ]
    return str(element.tag) + "".join(name for name in names if not any(letter.isdigit() for letter in name))
