"""The title: do the heading, the page's head and the address agree?"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from archive.article import Article
from crawler.explaining.container import Container
from crawler.explaining.model import Case, Explained, absent
from crawler.explaining.places import Places, css, heading_rank, letters
from crawler.template.parts import fold

HEADING, LINE = (0.85, 0.8, 0.6, 0.5), 0.4  # a title in h1, another heading, another element, a link; in a line
ABOVE, ABOVE_TEXT = 12, 0.5  # lines above the text in which a title stands; weight
IN_HEAD = {"<title>": 0.75, "meta og:title": 0.6, "JSON-LD headline": 0.6, "meta twitter:title": 0.3}
LAST = 0.3  # where the head ends in it, as it does in the portal's name
SLUG, SLUG_WORDS, ENOUGH_SLUG = 0.5, 0.7, 3  # weight; share of the address's words in the title, and how many at least


def title(places: Places, article: Article, container: Container) -> Explained:
    """The title: shown as a heading above the text, said by the head, spelt by the address."""
    case = Case("title", article.title)
    if not article.title:
        return absent("title", 0.5, ["no line of the page and nothing in its head could be taken for a title"])
    if (element := title_element(places, article)) is not None:
        case.witness(HEADING[heading_rank(element)], css(element))
    elif (around := places.around(article.title)) is not None:
        case.witness(LINE, css(around))
    else:
        case.doubt("no line of the page says it", 0.7)
    line = title_line(places, article)
    if line is not None and 0 < container.first - line <= ABOVE:
        case.witness(ABOVE_TEXT)
    for place, said in places.head.items():
        if says_title(said, article.title):
            last = letters(said).endswith(letters(article.title)) and letters(said) != letters(article.title)
            case.witness(LAST if last else IN_HEAD[place], place)
    if places.head and not any(place in case.places for place in places.head):
        place, said = next(iter(places.head.items()))
        case.doubt(f"{place} says something else: {said[:80]}", 0.7)
    if _in_slug(article.url, article.title):
        case.witness(SLUG, "address")
    if case.witnesses == 1:
        case.doubt("no other place on the page confirms it")
    if fold(article.title) in {fold(section) for section in article.sections}:
        case.doubt("it is the name of a section", 0.6)
    if article.title.endswith(("...", "…")):
        case.doubt("it seems to be cut short", 0.9)
    return case.closed()


def title_element(places: Places, article: Article) -> HtmlElement | None:
    """The element that shows the title: a heading before others, the first of several."""
    return min(places.holding(article.title), key=heading_rank, default=None)


def says_title(said: str, title: str) -> bool:
    """Whether a place of the head is the title, alone or with the portal's name at either end."""
    head, own = letters(said), letters(title)
    return bool(own) and (own in head or (len(head) > 20 and own.startswith(head.rstrip(".…"))))


def title_line(places: Places, article: Article) -> int | None:
    """The number of the line that shows the title; not the breadcrumb's or the menu's, where there is another."""
    element = title_element(places, article)
    return places.line_of(element) if element is not None else places.first_line(article.title)


def _in_slug(url: str, title: str) -> bool:
    """Whether the last words of the address are the title's, accents off."""
    path = unquote(urlsplit(url).path).rstrip("/").rsplit("/", 1)[-1]
    words = [word for word in re.findall(r"[a-z]+", _bare(path)) if word not in ("html", "htm", "aspx", "gz")]
    own = set(re.findall(r"[a-z]+", _bare(title)))
    return len(words) >= ENOUGH_SLUG and sum(word in own for word in words) >= SLUG_WORDS * len(words)


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
