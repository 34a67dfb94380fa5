"""Finders that hold for any theme: what follows what, lines of a block, the block with the most prose.

They see the page as a reader does: title, then a few short facts, then lead, then body, then byline and lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml.html import HtmlElement

from crawler.text import squeeze

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
HIDDEN = frozenset(("hidden", "hide", "d-none"))
LINE_ENDS = frozenset(("br", "p", "div", "li", "tr", "ul", "ol", "table", "section", *HEADINGS))
# Containers that never hold the article, by the words of their class or id.
FURNITURE = re.compile(
    r"relat|other|comment|breadcrumb|crumb|menu|nav|side|foot|banner|social|share|rating|vote|tag|keyword|pagin|"
    r"widget|popular|hot-?news|counter|statistic|login|search|author|copyright|toolbar|tooltip",
    re.I,
)
ENOUGH_PROSE = 200  # letters: below it a container is climbed out of, in search of the article's whole block
DOMINANT = 0.7  # share of a container's prose that makes one child the place to look in
MEDIA = frozenset(("img", "iframe", "embed", "object", "video"))
MEDIA_WORTH = 60  # letters that an image or a video counts as: some articles are nothing but pictures
LINK_LIST = 3  # links to other articles that make a block a list of them


def following(element: HtmlElement) -> Iterator[HtmlElement]:
    """The elements after an element (not inside it), in document order, one by one."""
    current: HtmlElement | None = element
    while current is not None:
        sibling = current.getnext()
        while sibling is None:
            current = current.getparent()
            if current is None:
                return
            sibling = current.getnext()
        yield from sibling.iter("*")
        current = sibling


def marks(element: HtmlElement) -> str:
    """Class and id of an element as one text."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def has_class(element: HtmlElement, *names: str) -> bool:
    """Whether one of the names is among the element's classes."""
    return not set(names).isdisjoint((element.get("class") or "").split())


def is_hidden(element: HtmlElement) -> bool:
    """Hidden by class or style: microdata for machines, a second copy of an image."""
    if element.get("hidden") is not None:
        return True
    classes, style = element.get("class"), element.get("style")
    if classes and not HIDDEN.isdisjoint(classes.split()):
        return True
    return bool(style) and "display:none" in style.replace(" ", "").lower()


def text_of(element: HtmlElement) -> str:
    """All words of an element, squeezed into one line; scripts and styles are none."""
    return squeeze("".join(_words(element)))


def _words(element: HtmlElement) -> Iterator[str]:
    for node in element.iter("*"):
        if node.tag not in ("script", "style") and node.text:
            yield node.text
        if node is not element and node.tail:
            yield node.tail


def lines_of(element: HtmlElement) -> list[str]:
    """The words of an element, a line where the page breaks one."""
    parts: list[str] = []
    for node in element.iter("*"):
        if node.tag in LINE_ENDS:
            parts.append("\n")
        if node.tag not in ("script", "style"):
            parts.append(node.text or "")
        for closed in _closed_after(node, element):
            parts.append(("\n" if closed.tag in LINE_ENDS else "") + (closed.tail or ""))
    return [line for raw in "".join(parts).split("\n") if (line := squeeze(raw))]


def _closed_after(node: HtmlElement, root: HtmlElement) -> Iterator[HtmlElement]:
    """The elements that end right behind a node without children: the node, and each parent it closes."""
    if len(node):
        return
    current = node
    while current is not root:
        yield current
        parent = current.getparent()
        if parent is None or current.getnext() is not None:
            return
        current = parent


def prose(element: HtmlElement, excluded: set[HtmlElement], is_article_link: Callable[[str], bool]) -> int:
    """How many letters of prose an element holds: words outside links, lists of articles and page furniture."""
    if element in excluded or not isinstance(element.tag, str) or element.tag in ("script", "style", "a", "form"):
        return 0
    if element.tag in MEDIA:  # in a figure it is the lead's image, or one among paragraphs
        return 0 if next(element.iterancestors("figure"), None) is not None else MEDIA_WORTH
    if not _holds(element, excluded):
        if FURNITURE.search(marks(element)) or is_hidden(element) or element.tag in ("nav", "footer", "aside"):
            return 0
        if sum(is_article_link(link.get("href") or "") for link in element.iter("a")) >= LINK_LIST:
            return 0
    total = len((element.text or "").strip())
    for child in element:
        total += prose(child, excluded, is_article_link) + len((child.tail or "").strip())
    return total


def main_block(
    title: HtmlElement,
    scope: HtmlElement | None,
    excluded: set[HtmlElement],
    is_article_link: Callable[[str], bool],
) -> HtmlElement | None:
    """The element with the article's prose, for a theme whose class names say nothing. None where there is none.

    From the title outwards to the first container with enough prose, then inwards as long as one child holds
    nearly all of it.
    """
    excluded = {*excluded, title}

    def weigh(element: HtmlElement) -> int:
        return prose(element, excluded, is_article_link)

    current: HtmlElement | None = scope if scope is not None else title.getparent()
    while scope is None and current is not None and weigh(current) < ENOUGH_PROSE:
        parent = current.getparent()
        if parent is None or parent.tag in ("body", "html"):
            break
        current = parent
    if current is None:
        return None
    total = weigh(current)
    while total:
        best = max(current, key=weigh, default=None)
        if best is None or best.tag in ("p", *HEADINGS, *MEDIA):
            break
        if weigh(best) < DOMINANT * total and not _holds(current, {title}):
            break
        current, total = best, weigh(best)
    return current if total and not _holds(current, {title}) else None


def _holds(element: HtmlElement, others: set[HtmlElement]) -> bool:
    return any(element is ancestor for other in others for ancestor in (other, *other.iterancestors()))
