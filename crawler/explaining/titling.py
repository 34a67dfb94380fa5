"""Title and lead: do the heading, the page's head and the address agree, and does the lead stand before the text?"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from archive.article import Article
from crawler.cms.nukeviet_layout import LEAD_MARKS
from crawler.explaining.container import Container
from crawler.explaining.model import Case, Explained, absent
from crawler.explaining.places import Places, css, heading_rank, letters
from crawler.finders import marks
from crawler.page import Page
from crawler.template.parts import fold

HEADING, LINE = (0.85, 0.8, 0.6, 0.5), 0.4  # a title in h1, another heading, another element, a link; in a line
ABOVE, ABOVE_TEXT = 12, 0.5  # lines above the text in which a title stands; weight
IN_HEAD = {"<title>": 0.75, "meta og:title": 0.6, "JSON-LD headline": 0.6, "meta twitter:title": 0.3}
SLUG, SLUG_WORDS, ENOUGH_SLUG = 0.5, 0.7, 3  # weight; share of the address's words in the title, and how many at least
SHORT_LEAD, LONG_LEAD = 4, 150  # words
NEAR = 3  # elements around a lead that may call it so
DESCRIBED = 40  # letters that a description must share with the lead
LEAD = re.compile(rf"{LEAD_MARKS.pattern}|lead\b|tom-?tat|trich-?(?:dan|yeu)", re.I)
DESCRIPTIONS = ("description", "og:description")


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
    line = places.first_line(article.title)
    if line is not None and 0 < container.first - line <= ABOVE:
        case.witness(ABOVE_TEXT)
    for place, said in places.head.items():
        if says_title(said, article.title):
            case.witness(IN_HEAD[place], place)
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


def lead(places: Places, article: Article, container: Container) -> Explained:
    """The lead: between title and text, marked or bold, and what descriptions begin with."""
    if not article.lead:
        return _no_lead(places, article, container)
    case = Case("lead", article.lead)
    element = next(iter(places.holding(article.lead)), None)
    first = places.first_line(article.lead)
    if element is not None:
        case.witness(0.4, css(element))
        if any(LEAD.search(marks(one)) for one in (element, *islice(element.iterancestors(), NEAR))):
            case.witness(0.5)
        if first is not None and places.lines()[first].is_strong:
            case.witness(0.3)
    elif first is not None:
        case.witness(0.3, css(places.made.elements[places.lines()[first].owner]))
    else:
        case.doubt("the page does not show it in one piece", 0.7)
    after_title = places.first_line(article.title)
    if first is not None and (after_title is None or after_title < first) and first <= container.first:
        case.witness(0.6)
    elif first is not None:
        case.doubt("it does not stand between title and text", 0.7)
    for name in _descriptions(places.page, article.lead):
        case.witness(0.6, f"meta {name}")
    words = len(article.lead.split())
    if not SHORT_LEAD <= words <= LONG_LEAD:
        case.doubt(f"{words} words are {'many' if words > LONG_LEAD else 'few'} for a lead", 0.7)
    if letters(article.lead) in {letters(text) for text in article.body.split("\n\n")}:
        case.doubt("the text repeats it", 0.95)
    return case.closed()


def _no_lead(places: Places, article: Article, container: Container) -> Explained:
    first = article.body.split("\n\n")[0]
    number = places.first_line(first)
    line = places.lines()[number] if number is not None else None
    if line is not None and line.is_strong and line.words > SHORT_LEAD * 2 and "\n\n" in article.body:
        return absent("lead", 0.4, ["the first paragraph of the text is set apart in bold: it may be the lead"])
    return absent("lead", 0.8, [])


def _descriptions(page: Page, text: str) -> list[str]:
    """The descriptions in the page's head that a text begins with, or that begin with it."""
    own = letters(text)
    said = {name: letters(page.first_meta(name)).rstrip(".…") for name in DESCRIPTIONS}
    return [
        name for name, one in said.items() if len(one) >= DESCRIBED and (own.startswith(one) or one.startswith(own))
    ]


def _in_slug(url: str, title: str) -> bool:
    """Whether the last words of the address are the title's, accents off."""
    path = unquote(urlsplit(url).path).rstrip("/").rsplit("/", 1)[-1]
    words = [word for word in re.findall(r"[a-z]+", _bare(path)) if word not in ("html", "htm", "aspx", "gz")]
    own = set(re.findall(r"[a-z]+", _bare(title)))
    return len(words) >= ENOUGH_SLUG and sum(word in own for word in words) >= SLUG_WORDS * len(words)


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
