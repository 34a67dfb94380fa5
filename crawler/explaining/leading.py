"""The lead: does it stand between title and text, is it called so, and was one overlooked?"""

from __future__ import annotations

import re
from itertools import islice

from archive.article import Article
from crawler import boilerplate, dates
from crawler.cms.nukeviet_layout import LEAD_MARKS
from crawler.explaining.container import Container
from crawler.explaining.model import Case, Explained, absent
from crawler.explaining.places import Places, css, letters
from crawler.explaining.titling import title_line
from crawler.finders import marks
from crawler.page import Page
from crawler.template import labels
from crawler.template.outline import Line

SHORT_LEAD, LONG_LEAD = 4, 150  # words
PROSE = 8  # words of a line between title and text that may be a lead
SENTENCE = 12  # words from which on a line is a sentence of the article, if it ends like one
ENDS = (".", "!", "?", "…", "”", '"')
CAPTIONS = ("figure", "figcaption", "table")
DATED = 16  # words from which on a line with a date in it is prose
AFTER_TITLE = 12  # lines behind the title in which a lead stands
NEAR = 3  # elements around a lead that may call it so
DESCRIBED = 40  # letters that a description must share with the lead
LEAD = re.compile(rf"{LEAD_MARKS.pattern}|lead\b|tom-?tat|trich-?(?:dan|yeu)", re.I)
DESCRIPTIONS = ("description", "og:description")


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
    after_title = title_line(places, article)
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


def overlooked(places: Places, article: Article, container: Container) -> list[Line]:
    """The lines between title and text that read like a lead, and are neither in the text nor anything else."""
    title = title_line(places, article)
    if title is None or not container.own:
        return []
    text = letters(article.body)
    phrases = boilerplate.load().for_portal(article.reader.partition("/")[0], article.portal)
    prose = (number for number in container.own if places.lines()[number].words >= SENTENCE)
    between = range(title + 1, min(next(prose, container.first), title + 1 + AFTER_TITLE))
    lines = [places.lines()[number] for number in between if places.keys[number] not in text]
    return [line for line in lines if _is_prose(line) and phrases.kind_of(line.text) is None]


def is_confirmed(line: Line, places: Places) -> bool:
    """Whether a line is a lead by the name of its element, by the page's description, or as a whole sentence."""
    block = places.made.elements[line.owner]
    called = any(LEAD.search(marks(one)) for one in (block, *islice(block.iterancestors(), NEAR)))
    caption = block.tag in CAPTIONS or next(block.iterancestors(*CAPTIONS), None) is not None
    sentence = line.words >= SENTENCE and line.text.endswith(ENDS) and not caption
    return called or sentence or bool(_descriptions(places.page, line.text))


def _is_prose(line: Line) -> bool:
    text = line.text
    if labels.author_of(text) is not None or labels.source_of(text) is not None or labels.VIEWS.search(text):
        return False
    return line.words >= PROSE and 2 * line.link_words < line.words and (line.words > DATED or dates.find(text) is None)


def _no_lead(places: Places, article: Article, container: Container) -> Explained:
    if lines := overlooked(places, article, container):
        return absent("lead", 0.3, [f"between title and text stands: {lines[0].text[:80]}"])
    number = places.first_line(article.body.split("\n\n")[0])
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
