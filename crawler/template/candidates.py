"""Article or listing, before the portal's layout is known: what one page shows of itself, and what it declares."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache

from archive.clock import VIETNAM
from crawler import dates
from crawler.finders import HEADINGS
from crawler.page import Page
from crawler.template.keys import Keys
from crawler.template.outline import Line, Outline, Paths, outline
from crawler.template.parts import heads, leads_away, says

LONG_LINE = 12  # words of a line that is prose
HEADLINE = 5  # words of a link that is another article's headline
ENOUGH = 60  # words of prose in the block
HEADING_SHARE, LINE_SHARE = 0.25, 0.4  # of the page's <title> that a heading, or another line, must be
DATE_LINE = 16  # words
SHARE = 0.35  # of the page's prose in the block

# What content systems say of a page in the classes of its body (WordPress, Drupal, Joomla) ...
ATTACHED_CLASS = re.compile(r"(?<![\w-])(?:single-)?attachment(?![\w-])", re.I)
ARTICLE_CLASS = re.compile(
    r"\b(?:single-post|postid-\d+|(?:page-)?node--?type-+(?:article|news|tin|bai)[\w-]*)\b", re.I
)
OTHER_CLASS = re.compile(
    r"(?<![\w-])(?:page-id-\d+|author|archive|category|tag|search(?:-results)?|error404|home|blog|date|"
    r"(?:page-)?node--?type-+page|(?:page|path)-(?:taxonomy|search|user)[\w-]*)(?![\w-])",
    re.I,
)
# ... and what schema.org and Open Graph call it.
ARTICLE_TYPES = frozenset(("article", "newsarticle", "blogposting", "reportagenewsarticle", "report"))
OTHER_TYPES = frozenset(
    ("profilepage", "collectionpage", "searchresultspage", "contactpage", "aboutpage", "imagegallery")
)


def declared(page: Page) -> bool | None:
    """Whether the page declares itself an article (True), something else (False), or neither (None)."""
    body = page.root.find("body")
    classes = (body.get("class") or "") if body is not None else ""
    if ATTACHED_CLASS.search(classes):  # WordPress calls the page of a picture a post as well
        return False
    if ARTICLE_CLASS.search(classes):
        return True
    if OTHER_CLASS.search(classes):
        return False
    types = {kind.lower() for kind in _types(page)}
    if types & OTHER_TYPES:
        return False
    if types & ARTICLE_TYPES or "article:published_time" in page.meta:
        return True
    return None


def looks_like_article(page: Page, by_head: bool = True) -> bool:
    """A heading that the page's head repeats, and one block with much of the page's prose and no headlines in it.

    `by_head=False`: of a portal whose head says the same on every page; then a date must stand on the page instead.
    """
    made = _plain(page)
    if by_head:
        head = heads(page)
        if not any(_is_title(line, made, head, page) for line in made.lines):
            return False
    elif not any(_is_dated(line, page) for line in made.lines):
        return False
    prose, total = block_of_prose(made)
    return prose >= ENOUGH and prose >= SHARE * total


def _is_dated(line: Line, page: Page) -> bool:
    """Whether a short line, no link, has a date other than the visitor's clock."""
    if line.words > DATE_LINE or line.link_words:
        return False
    found = dates.find(line.text)
    return found is not None and found.moment.date() != page.fetched.astimezone(VIETNAM).date()


def _is_title(line: Line, made: Outline, head: list[str], page: Page) -> bool:
    """A heading that the head repeats; where a portal has no headings, a longer line that is much of the head."""
    share = says(head, line.text)
    if made.elements[line.owner].tag in HEADINGS:
        return share > HEADING_SHARE and not leads_away(line, made, page)
    return share > LINE_SHARE and line.words >= HEADLINE and not leads_away(line, made, page)


def block_of_prose(made: Outline) -> tuple[int, int]:
    """Words of prose in a block before its first headline of another article, at the most, and on the whole page.

    Lists of other articles stand behind the text even where they stand in its block; a listing begins with them.
    """
    count = len(made.elements)
    prose, closed = [0] * count, [False] * count
    total = 0
    for line in made.lines:
        words = line.words - line.link_words
        is_headline = line.link_words >= HEADLINE and line.link_words >= 0.6 * line.words
        is_prose = words >= LONG_LINE and not line.is_teaser
        total += words if words >= LONG_LINE else 0
        index = line.owner
        while (is_headline or is_prose) and index >= 0:
            closed[index] = closed[index] or is_headline
            prose[index] += words if is_prose and not closed[index] else 0
            index = made.parents[index] if index else -1
    return max(prose, default=0), total


def headline_lines(page: Page) -> list[Line]:
    """The lines of a page that are links to articles by their length: what makes a listing."""
    return [line for line in _plain(page).lines if line.link_words >= HEADLINE and line.link_words >= 0.6 * line.words]


@lru_cache(maxsize=4)  # the same page is asked several questions in a row
def _plain(page: Page) -> Outline:
    return outline(page.root, Keys(), Paths())


def _types(page: Page) -> Iterator[str]:
    for element in page.root.iter("html", "body", "article", "div", "main", "section"):
        kind = element.get("itemtype")
        if kind and "schema.org/" in kind and element.get("itemprop") is None:
            yield kind.rsplit("/", 1)[-1]
    for script in page.root.iter("script"):
        if (script.get("type") or "").lower() == "application/ld+json":
            try:
                yield from _named_types(json.loads(script.text or ""))
            except (ValueError, RecursionError):  # JSON written by a template: then it declares nothing
                continue


def _named_types(node: object) -> Iterator[str]:
    """The types that stand at the top of a piece of JSON-LD or in its @graph; nested ones are authors and lists."""
    nodes = node if isinstance(node, list) else [node]
    for one in nodes:
        if not isinstance(one, dict):
            continue
        kind = one.get("@type")
        yield from [kind] if isinstance(kind, str) else [k for k in kind or [] if isinstance(k, str)]
        if isinstance(one.get("@graph"), list):
            yield from _named_types(one["@graph"])
