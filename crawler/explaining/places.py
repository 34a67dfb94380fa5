"""Where on a page a text stands: the elements that hold it, named as a person would in a style sheet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Any

from lxml.html import HtmlElement

from crawler.finders import HEADINGS, is_hidden
from crawler.page import Page
from crawler.template.candidates import ARTICLE_TYPES
from crawler.template.keys import Keys
from crawler.template.outline import NO_TEXT, Line, Outline, Paths, outline
from crawler.template.parts import fold
from crawler.text import squeeze

LONGEST = 40_000  # letters; a longer element is no field of an article
AROUND = 120  # letters that may stand around a value in the element that shows it: a label, a date
NAME = re.compile(r"-?[A-Za-z_][\w-]*")
# Names that an element shares with many, or with none on the next page: the grid's, and those with a number.
NO_NAME = re.compile(r"^(?:col|row|container|clearfix|pull|float|text|m[btlrxy]?|p[btlrxy]?)(?:-|$)|\d{2,}", re.I)


def letters(text: str) -> str:
    """A text for comparison: without blanks, which HTML lacks where a block ends, and without case."""
    return "".join(fold(text).split())


class Places:
    """One page, asked where things stand. The tree stays as it is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @cached_property
    def made(self) -> Outline:
        """The page's visible lines."""
        return outline(self.page.root, Keys(), Paths())

    @cached_property
    def keys(self) -> list[str]:
        """letters() of each line."""
        return [letters(line.text) for line in self.made.lines]

    @cached_property
    def head(self) -> dict[str, str]:
        """What the page's head says that it is about, by place."""
        said = {"<title>": self.page.root.findtext(".//title") or ""}
        said |= {f"meta {name}": self.page.first_meta(name) for name in ("og:title", "twitter:title")}
        if isinstance(headline := self.linked.get("headline"), str):
            said["JSON-LD headline"] = headline
        return {place: squeeze(text) for place, text in said.items() if text.strip()}

    @cached_property
    def linked(self) -> dict[str, Any]:
        """The first article that the page describes in JSON-LD; {} where there is none."""
        return next(_articles_in(self.page), {})

    @cached_property
    def shown(self) -> dict[HtmlElement, str]:
        """letters() of each visible element of the body in document order, as far as they may be a field's."""
        body = self.page.root.find("body")
        words: dict[HtmlElement, str | None] = {}
        for element in reversed(list(body.iter("*")) if body is not None else []):
            words[element] = _words(element, words)
        return {element: letters(text) for element, text in reversed(words.items()) if text and not text.isspace()}

    def holding(self, value: str) -> list[HtmlElement]:
        """The innermost elements that hold a text and nothing else, in document order."""
        wanted = letters(value)
        found = [element for element, text in self.shown.items() if text == wanted] if wanted else []
        outer = {parent for one in found for parent in one.iterancestors()}
        return [one for one in found if one not in outer]

    def around(self, value: str) -> HtmlElement | None:
        """The innermost element that shows a text with a few words around it, the first of those with the fewest."""
        wanted = letters(value)
        near = {e: t for e, t in self.shown.items() if wanted in t and len(t) <= len(wanted) + AROUND} if wanted else {}
        fewest = min(map(len, near.values()), default=0)
        found = [element for element, text in near.items() if len(text) == fewest]
        return next((one for one in found if not any(child in near for child in one)), None)

    def line_of(self, element: HtmlElement) -> int | None:
        """The number of the first line that an element holds, or that it stands in."""
        inside = {id(one) for one in element.iter("*")}
        for number, line in enumerate(self.made.lines):
            if any(id(self.made.elements[piece.holder]) in inside for piece in line.pieces):
                return number
        return None

    def first_line(self, value: str) -> int | None:
        """The number of the first line that is a text, or that the text begins with."""
        wanted = letters(value)
        exact = (number for number, key in enumerate(self.keys) if key == wanted)
        begun = (number for number, key in enumerate(self.keys) if len(key) > 20 and wanted.startswith(key))
        return next(exact, next(begun, None)) if wanted else None

    def within(self, number: int, value: str) -> HtmlElement:
        """The innermost element of a line that holds a text; the line's block where no smaller one does."""
        line, wanted = self.made.lines[number], letters(value)
        block = self.made.elements[line.owner]
        smaller: list[HtmlElement] = []
        for piece in line.pieces:
            element = self.made.elements[piece.holder]
            while element is not block and element is not None:
                smaller.append(element)
                element = element.getparent()
        holding = [element for element in smaller if wanted and wanted in self.shown.get(element, "")]
        return min(holding, key=lambda element: len(self.shown[element]), default=block)

    def lines(self) -> list[Line]:
        """The page's lines."""
        return self.made.lines


@lru_cache(maxsize=2)  # the same page is asked by its reading, what was left out, and its explanations
def places_of(page: Page) -> Places:
    """A page, to be asked where things stand."""
    return Places(page)


def css(element: HtmlElement) -> str:
    """A short selector of an element: its own name, behind that of the nearest element around it that has one."""
    own = _step(element)
    if "#" in own:
        return own
    for parent in element.iterancestors():
        if parent.tag in ("body", "html"):
            break
        step = _step(parent)
        if step != parent.tag or parent.tag in ("article", "main", "header", "footer", "nav", "aside"):
            return f"{step}{' > ' if parent is element.getparent() else ' '}{own}"
    return own


def is_linked(element: HtmlElement) -> bool:
    """Whether an element is or stands in a link."""
    return element.tag == "a" or next(element.iterancestors("a"), None) is not None


def heading_rank(element: HtmlElement) -> int:
    """0 for h1 and what stands in it, 1 for other headings, 2 for the rest, 3 for links."""
    if is_linked(element) and next(element.iterancestors(*HEADINGS), None) is None:
        return 3
    tags = {element.tag, *(parent.tag for parent in element.iterancestors(*HEADINGS))}
    return 0 if "h1" in tags else 1 if tags & set(HEADINGS) else 2


def _step(element: HtmlElement) -> str:
    tag = str(element.tag).replace(":", "\\:")
    mark = (element.get("id") or "").strip()
    if NAME.fullmatch(mark) and not NO_NAME.search(mark):
        return f"{tag}#{mark}"
    names = (name for name in (element.get("class") or "").split() if NAME.fullmatch(name))
    return next((f"{tag}.{name}" for name in names if not NO_NAME.search(name)), tag)


def _words(element: HtmlElement, words: dict[HtmlElement, str | None]) -> str | None:
    """The text of an element whose children are known; None where it is too long, "" where nobody sees it."""
    if element.tag in NO_TEXT or is_hidden(element):
        return ""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            if (inner := words[child]) is None:
                return None
            parts.append(inner)
        parts.append(child.tail or "")
    text = "".join(parts)
    return text if len(text) <= LONGEST else None


def _articles_in(page: Page) -> Iterator[dict[str, Any]]:
    for script in page.root.iter("script"):
        if (script.get("type") or "").lower() != "application/ld+json":
            continue
        try:
            yield from _described(json.loads(script.text or ""))
        except (ValueError, RecursionError):  # JSON written by a template: then it says nothing
            continue


def _described(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, list):
        for one in node:
            yield from _described(one)
    elif isinstance(node, dict):
        kinds = node.get("@type")
        named = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(kind, str) and kind.lower() in ARTICLE_TYPES for kind in named):
            yield node
        yield from _described(node.get("@graph"))
