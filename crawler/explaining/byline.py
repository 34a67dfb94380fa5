"""Author and source: behind a label, by a class that says so, or as a signature below the text."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml.html import HtmlElement

from archive.article import Article
from crawler.cms.nukeviet_fields import without_label
from crawler.explaining.container import Container
from crawler.explaining.model import Case, Explained, absent
from crawler.explaining.places import Places, css, letters
from crawler.finders import marks
from crawler.template import labels
from crawler.template.outline import Line
from crawler.template.parts import fold

LABELLED, BEHIND_DATE, MARKED, IN_HEAD, SIGNATURE, SHOWN = 0.8, 0.7, 0.6, 0.5, 0.6, 0.4
A_NAME = 0.3  # that an author's name looks like one
SHORT = 14  # words of a line that is a label with its value
MARKS = {
    "author": re.compile(r"author|byline|tac-?gia|writer", re.I),
    "source": re.compile(r"source|nguon|sour\b|origin", re.I),
}
VALUE_OF: dict[str, Callable[[str], str | None]] = {"author": labels.author_of, "source": labels.source_of}
LABEL_BEFORE = {
    "author": labels.LABEL_ALONE,
    "source": re.compile(r"(?:Nguồn tin|Nguồn bài viết|Nguồn|Theo)\s*:\s*$", re.I),
}
LONGEST_NAME, LABEL_WORDS = 8, 4  # words


def author(places: Places, article: Article, container: Container) -> Explained:
    """The author: a name behind a label, in an element called so, or at the foot of the text."""
    if not article.author:
        return _none("author", places, container)
    case = Case("author", article.author)
    if (line := _behind_date(article.author, places)) is not None:
        case.witness(BEHIND_DATE, f"{css(places.made.elements[line.owner])} behind the date")
    _heard(case, places, container)
    said = [places.page.first_meta("author"), places.page.first_meta("article:author"), _linked_author(places)]
    for place, name in zip(("meta author", "meta article:author", "JSON-LD author"), said, strict=True):
        if name and fold(name) == fold(article.author):
            case.witness(IN_HEAD, place)
    if labels.is_name(article.author):
        case.witness(A_NAME)
    if len(article.author.split()) > LONGEST_NAME:
        case.doubt(f"{len(article.author.split())} words are many for a name", 0.7)
    return case.closed()


def source(places: Places, article: Article, container: Container) -> Explained:
    """The source: behind its label, or in an element called so."""
    if not article.source:
        return _none("source", places, container)
    case = Case("source", article.source)
    _heard(case, places, container)
    return case.closed()


def _heard(case: Case, places: Places, container: Container) -> None:
    """The places on the page itself that show the name."""
    for line in places.lines():
        if line.words <= 3 * SHORT and (label := _labelled(case, places, line)):
            case.witness(LABELLED, f"{css(places.made.elements[line.owner])} behind “{label}”")
            break
    for element in places.holding(case.value):
        if _is_marked(case.field, element):
            case.witness(MARKED, css(element))
            break
    if case.witnesses:
        return
    signature = _signature(case.value, places, container)
    if signature is not None:
        right = labels.is_right(signature, places.made, container.index)
        where = "to the right" if right else "at the end of the text"
        case.witness(SIGNATURE if right else SHOWN, f"{css(places.made.elements[signature.owner])}, {where}")
        case.doubt(f"no label calls it the {case.field}")
    elif (around := places.around(case.value)) is not None:
        case.witness(SHOWN, css(around))
        case.doubt(f"no label calls it the {case.field}")
    else:
        case.witness(SHOWN)
        case.doubt("the page does not show it in these words")


def _labelled(case: Case, places: Places, line: Line) -> str:
    """The label before the value in a line; "" where the line has none, or another value."""
    value, text = case.value, line.text
    found = VALUE_OF[case.field](text)
    behind = labels.byline_of(line, places.made) if case.field == "author" else None
    plain = without_label(text)
    said = {fold(name) for name in (found, behind, plain if plain != text else None) if name}
    at = fold(text).find(fold(value))
    if at <= 0:
        return ""
    last = LABEL_BEFORE[case.field].search(text[:at])
    return last[0].strip() if last else _label(text[:at]) if fold(value) in said else ""


def _label(before: str) -> str:
    """The last words of what stands before a value."""
    return " ".join(before.split()[-LABEL_WORDS:])


def _behind_date(value: str, places: Places) -> Line | None:
    """The line of date and counts that ends in the name."""
    near = (line for line in places.lines() if line.words <= 3 * SHORT and " | " in line.text)
    return next((line for line in near if fold(labels.name_behind_date(line.text)) == fold(value)), None)


def _is_marked(name: str, element: HtmlElement) -> bool:
    """Whether an element, or one of the two around it, is called author or source."""
    near = [element, *list(element.iterancestors())[:2]]
    return any(
        MARKS[name].search(f"{marks(one)} {one.get('rel') or ''} {one.get('itemprop') or ''}") is not None
        for one in near
    )


def _signature(value: str, places: Places, container: Container) -> Line | None:
    wanted = letters(value)
    last = [n for n in (*container.own[-2:], *container.others) if places.keys[n] == wanted]
    return places.lines()[last[-1]] if last else None


def _linked_author(places: Places) -> str:
    said = places.linked.get("author")
    first = said[0] if isinstance(said, list) and said else said
    name = first.get("name") if isinstance(first, dict) else first
    return name if isinstance(name, str) else ""


def _none(name: str, places: Places, container: Container) -> Explained:
    """No author or source: is there a label after all? Only near the text; elsewhere it is another article's."""
    end = max(container.own, default=-1) + SHORT
    for line in places.lines()[max(0, container.first - SHORT) : end]:
        if line.words <= SHORT and ":" in line.text and VALUE_OF[name](line.text) is not None:
            return absent(name, 0.4, [f"a line begins as one: {line.text[:60]}"])
    return absent(name, 0.8, [])
