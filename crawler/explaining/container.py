"""The text of an article and the element that holds it."""

from __future__ import annotations

from dataclasses import dataclass

from lxml.html import HtmlElement

from archive.article import Article
from crawler import boilerplate
from crawler.explaining.model import Case, Explained, absent
from crawler.explaining.places import Places, css, letters
from crawler.page import Page
from crawler.template.candidates import declared, looks_like_article

MOST = 0.9  # share of the text's words that its container holds
ENOUGH = ((150, 0.6), (60, 0.5), (25, 0.35), (0, 0.2))  # words of a text -> weight
OWN = 0.6  # share of its element's words that a text is
FEW = 25
ENOUGH_TO_TELL = 60  # words without which a page does not look like an article, whatever it is
PROSE = 12  # words outside links that make a line prose
PROSE_SHARE = 0.6  # of the page's prose in the text
LINKED = 0.3  # share of a text's words in links from which on it is doubtful
SHORT_KEY = 8  # letters below which a line is the text's only where it is one of its paragraphs
FURNITURE = frozenset(boilerplate.LINE_KINDS)


@dataclass(slots=True)
class Container:
    """What holds the text: `index` of the outline, 0 where no element holds most of it; `own` and `others`: line
    numbers within it that are the text's, and that are not. `first`: the text's first line; past all where none is."""

    index: int
    own: list[int]
    others: list[int]
    first: int


def find(places: Places, article: Article) -> Container:
    """The innermost element that holds nearly all words of the text."""
    text = letters(article.body)
    paragraphs = {letters(paragraph) for paragraph in article.body.split("\n\n")}
    made, keys = places.made, places.keys
    mine = [
        n
        for n, key in enumerate(keys)
        if key in paragraphs or (len(key) >= SHORT_KEY and key in text and key != letters(article.title))
    ]
    held = [0] * len(made.elements)
    for number in mine:
        held[made.lines[number].owner] += made.lines[number].words
    for index in range(len(held) - 1, 0, -1):
        held[made.parents[index]] += held[index]
    most = MOST * min(held[0] if held else 0, len(article.body.split()))
    index = max((index for index, words in enumerate(held) if words and words >= most), default=0)
    end = made.end_of(index) if held else 0
    inside = [n for n, line in enumerate(made.lines) if index <= line.owner < end] if index else []
    own = [n for n in inside if n in set(mine) or _in_row(places, n, text)] if index else mine
    return Container(index, own, [n for n in inside if n not in set(own)], min(own, default=len(made.lines)))


def _in_row(places: Places, number: int, text: str) -> bool:
    """Whether a line is a cell of a table whose row, as one paragraph, is in the text."""
    element = places.made.elements[places.lines()[number].owner]
    row = element if element.tag == "tr" else next(element.iterancestors("tr"), None)
    return row is not None and bool(shown := places.shown.get(row, "")) and shown in text


def body(places: Places, article: Article, container: Container) -> Explained:
    """The text: enough words, in one container, most of the page's prose, few links, no furniture."""
    if not article.body:
        return _no_body(article)
    case = Case("body", article.body)
    words = len(article.body.split())
    element = places.made.elements[container.index] if container.index else None
    case.witness(
        next(weight for least, weight in ENOUGH if words >= least), css(element) if element is not None else ""
    )
    if words < FEW:
        case.doubt(f"hardly any text (words: {words})", 0.8)
    if element is None:
        case.doubt("no single element of the page holds its paragraphs", 0.8)
    elif _own_share(places, container) < OWN:
        case.doubt(f"the element around its paragraphs holds {len(container.others)} other lines", 0.8)
    else:
        case.witness(0.6)
    if _share_of_prose(places, container) >= PROSE_SHARE:
        case.witness(0.5)
    if isinstance(said := places.linked.get("articleBody"), str) and letters(said)[:60] in letters(article.body):
        case.witness(0.5, "JSON-LD articleBody")
    _doubt_lines(case, places, article, container)
    _doubt_page(case, places.page)
    return case.closed()


def left_out(places: Places, article: Article, container: Container) -> list[str]:
    """The lines of the text's container that are no field of the article."""
    taken = [article.title, article.lead, article.author, article.source, article.published_text]
    keys = {letters(text) for text in (*taken, *article.lead.split("\n\n")) if text}
    return [places.lines()[n].text for n in container.others if places.keys[n] not in keys]


def _no_body(article: Article) -> Explained:
    if article.images or article.files:
        return absent("body", 0.7, [f"no text, but {len(article.images)} images and {len(article.files)} files"])
    return absent("body", 0.3, ["no text was found"])


def _own_share(places: Places, container: Container) -> float:
    """The text's share of the words in its element."""
    own, others = (sum(places.lines()[n].words for n in lines) for lines in (container.own, container.others))
    return own / (own + others) if own else 0.0


def _share_of_prose(places: Places, container: Container) -> float:
    own = set(container.own)
    prose = {n: line.words for n, line in enumerate(places.lines()) if line.words - line.link_words >= PROSE}
    return sum(words for n, words in prose.items() if n in own) / sum(prose.values()) if prose else 0.0


def _doubt_lines(case: Case, places: Places, article: Article, container: Container) -> None:
    lines = [places.lines()[n] for n in container.own]
    words = sum(line.words for line in lines)
    linked = sum(line.link_words for line in lines) / words if words else 0.0
    if linked > LINKED:
        case.doubt(f"{linked:.0%} of its words are links", 0.6)
    phrases = boilerplate.load().for_portal(article.reader.partition("/")[0], article.portal)
    furniture = [line for line in article.body.split("\n\n") if phrases.kind_of(line) in FURNITURE]
    for line in furniture[:3]:
        case.doubt(f"the line “{line[:60]}” is page furniture", 0.9)
    if not lines:
        case.doubt("the page does not show its paragraphs as lines", 0.7)


def _doubt_page(case: Case, page: Page) -> None:
    if declared(page) is False:
        case.doubt("the page declares itself something else than an article", 0.5)
    elif len(case.value.split()) >= ENOUGH_TO_TELL and not looks_like_article(page):
        case.doubt("the page has no heading that its head repeats above one block of prose, as articles have", 0.85)


def element_of(places: Places, container: Container) -> HtmlElement | None:
    """The element that holds the text; None where there is none."""
    return places.made.elements[container.index] if container.index else None
