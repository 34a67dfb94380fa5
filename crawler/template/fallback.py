"""Reading a page of which nothing is known but itself: trafilatura for the text, the page's own lines for the rest.

This is the reader of the first page of a portal, of a page that no longer fits its portal's layout, and of
`scrapy read FILE`. What it read is marked, and read again once the layout is known.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Container
from dataclasses import replace

from lxml import html
from lxml.html import HtmlElement
from trafilatura import extract as trafilatura_extract
from trafilatura.settings import use_config

from archive.article import Article
from archive.clock import VIETNAM, stamp
from crawler import clean, dates
from crawler.cms import Unreadable
from crawler.finders import HEADINGS, lines_of, text_of
from crawler.outcomes import Outcome
from crawler.page import Page
from crawler.template import fields, labels
from crawler.template.aligning import blocks_without, common_block, lines_of_text
from crawler.template.cutting import without
from crawler.template.dating import LONGEST_LINE, YEAR, Dated, in_head, is_late
from crawler.template.hints import NOTHING, Known
from crawler.template.keys import Keys
from crawler.template.outline import Line, Outline, Paths, outline
from crawler.template.paragraphs import paragraphs_of
from crawler.template.parts import Parts, fold, heads, leads_away, says
from crawler.template.shared import shared_key
from crawler.template.trimming import ENDS, FURNITURE
from crawler.text import squeeze

CONFIG = use_config()
CONFIG.set("DEFAULT", "EXTRACTION_TIMEOUT", "0")  # its alarm signal does not go with an event loop
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it finds no text in is told by Unreadable
BEFORE_TITLE, AFTER_TITLE = 4, 12  # lines around the title in which its date stands
SEPARATORS = (" - ", " | ", " – ", " — ", " » ", " :: ")
NEAR_TITLE = 0.25


def read(
    page: Page,
    portal: str,
    key: str,
    reader: str,
    known: Known = NOTHING,
    shared: Container[str] = frozenset(),
) -> Article:
    """The article of a page by itself. Raises Unreadable where there is no text.

    `shared`: the lines that other pages of the portal have as well, by shared_key().
    """
    made = outline(page.root, Keys(), Paths())
    line = _title_line(page, made)
    title = made.lines[line].text if line is not None else _head_title(page)

    found = _found(page)
    if found is None:
        raise Unreadable(Outcome.NOT_ARTICLE, "no text found")

    def is_furniture(text: str) -> bool:
        return fold(text) == fold(title) or known.furniture(text) in FURNITURE or shared_key(text) in shared

    lines = lines_of_text(made, "\n".join(lines_of(found)))
    body = _by_lines(page, made, lines, is_furniture, known) if lines else _as_found(page, found, is_furniture, known)
    if not (body.paragraphs or body.images or body.files or body.embeds):
        raise Unreadable(Outcome.NOT_ARTICLE, "no text found")
    below, above = _around(made, line)
    published, published_text = _date(page, below, above)
    parts = Parts(made, [], [], title_line=line, title=title)
    return Article(
        portal=portal,
        key=key,
        url=page.url,
        title=title,
        body=body.text,
        body_html=body.html,
        published=published,
        published_text=published_text,
        author=_labelled(made.lines, labels.author_of),
        source=_labelled(made.lines, labels.source_of),
        sections=fields.sections(page, parts, fields.crumb_bar(page)),
        tags=fields.tags(page, parts),
        views=next((n for one in below + above if (n := labels.views_of(one.text)) is not None), None),
        image=fields.og_image(page),
        images=tuple(body.images),
        files=tuple(body.files),
        reader=reader,
    )


def with_date(article: Article, page: Page) -> Article:
    """An article whose layout gave no date, with the one beside its title or in the page's head."""
    if article.published:
        return article
    published, text = _own_date(page)
    return replace(article, published=published, published_text=text)


def has_date(page: Page) -> bool:
    """Whether a page has a date of its own: beside its title, or in its head."""
    return bool(_own_date(page)[0])


def _own_date(page: Page) -> tuple[str, str]:
    """The date of a page of which nothing else was read, and how it stands there; "" twice where it has none."""
    made = outline(page.root, Keys(), Paths())
    return _date(page, *_around(made, _title_line(page, made)))


def _found(page: Page) -> HtmlElement | None:
    """What trafilatura takes for the text, as a tree; where its strict way finds nothing, by its usual one."""
    found = _by_trafilatura(page, True, False) or _by_trafilatura(page, False, True)
    return html.document_fromstring(found).find("body") if found else None


def _by_lines(
    page: Page, made: Outline, lines: list[Line], is_furniture: Callable[[str], bool], known: Known
) -> clean.Cleaned:
    """The page's own lines that were found, cleaned as any other container."""
    kept = [line for line in lines if not is_furniture(line.text)]
    kept = kept[: _end([line.text for line in kept], known)]
    if not kept:
        return clean.Cleaned()
    around = common_block(made, kept)
    end, wanted = made.end_of(around), {id(line) for line in kept}
    dropped = [line for line in made.lines if around <= line.owner < end and id(line) not in wanted]
    apart = [made.elements[index] for index in blocks_without(made, around, kept)]
    with without(dropped, apart):
        body = clean.clean(made.elements[around], page.url, with_text=False)
    body.paragraphs = paragraphs_of(kept, made, around)
    return body


def _as_found(page: Page, found: HtmlElement, is_furniture: Callable[[str], bool], known: Known) -> clean.Cleaned:
    """What was found as it is: its words are not to be met again on the page."""
    for block in list(found.iter("p", "div", "li", "td", "th", "blockquote", *HEADINGS)):
        text = text_of(block)
        if text and block.getparent() is not None and is_furniture(text):
            block.drop_tree()
    body = clean.clean(found, page.url)
    body.paragraphs = body.paragraphs[: _end(body.paragraphs, known)]
    return body


def _by_trafilatura(page: Page, strict: bool, rich: bool) -> str | None:
    """`rich`: with pictures and links, whose captions and lists it then takes for text."""
    return trafilatura_extract(
        page.text,
        url=page.url,
        output_format="html",
        favor_precision=strict,
        include_comments=False,
        include_formatting=rich,
        include_links=rich,
        include_images=rich,
        config=CONFIG,
    )


def _end(paragraphs: list[str], known: Known) -> int:
    """How many paragraphs stand before the head of a list of other articles, or of the readers' comments."""
    for number, text in enumerate(paragraphs):
        if number and number > len(paragraphs) / 3 and known.furniture(text) in ENDS:
            return number
    return len(paragraphs)


def _title_line(page: Page, made: Outline) -> int | None:
    """The line that the page's head repeats: a heading before others, the longest of several."""
    head = heads(page)
    if not head:
        headings = (n for n, line in enumerate(made.lines) if made.elements[line.owner].tag == "h1" and line.words)
        return next(headings, None)
    best: tuple[float, int] | None = None
    for number, line in enumerate(made.lines):
        if leads_away(line, made, page):
            continue
        share = says(head, line.text)
        is_heading = made.elements[line.owner].tag in HEADINGS
        # "Title - Name of the portal": its name stands in each page's head, and mostly in a banner as well.
        if share > NEAR_TITLE and (is_heading or not _only_ends(head, line.text)):
            score = share + (0.4 if is_heading else 0.0)
            best = max(best or (0.0, 0), (score, -number))
    return -best[1] if best else None


def _only_ends(head: list[str], text: str) -> bool:
    """Whether the page's head ends with some words, and begins with others."""
    folded = fold(text)
    return any(said.endswith(folded) and said != folded for said in head) and not any(
        said.startswith(folded) for said in head
    )


def _head_title(page: Page) -> str:
    """The page's <title> or og:title without the portal's name behind it."""
    title = squeeze(page.first_meta("og:title") or page.title)
    cut = max((title.rfind(mark) for mark in SEPARATORS), default=-1)
    return title[:cut] if cut > 0 else title


def _around(made: Outline, title: int | None) -> tuple[list[Line], list[Line]]:
    """The lines right behind the title, and those right before it."""
    if title is None:
        return [], []
    return made.lines[title + 1 : title + 1 + AFTER_TITLE], made.lines[max(0, title - BEFORE_TITLE) : title]


def _date(page: Page, below: list[Line], above: list[Line]) -> tuple[str, str]:
    """The date beside the title, else the head's; never one after the fetch, never the header's clock.

    One that the page calls the last edit's only where there is no other.
    """
    fetched = page.fetched.astimezone(VIETNAM).date()
    beside = [date for line in below if (date := _said(line)) is not None]
    # Above the title one of the fetch's own day is the visitor's clock.
    beside += [date for line in above if (date := _said(line)) is not None and date.found.moment.date() != fetched]
    said = [*beside, *in_head(page).values()]
    best = next((date for date in said if not date.is_update and not is_late(date.found.moment, page)), None)
    if best is None:
        best = next((date for date in beside if not is_late(date.found.moment, page)), None)
    return (stamp(best.found.moment), best.found.text) if best is not None else ("", "")


def _said(line: Line) -> Dated | None:
    """The date of a short line; None where it has none, or is a link to another article."""
    if len(line.text) > LONGEST_LINE or not YEAR.search(line.text) or line.words > 30 or line.link_words >= 4:
        return None
    found = dates.find(line.text)
    return Dated(found, is_update=dates.is_update(line.text, found)) if found is not None else None


def _labelled(lines: list[Line], value_of: Callable[[str], str | None]) -> str:
    """The first value behind a label with a colon among the short lines of the page."""
    return next((v for line in lines if line.words <= 14 and ":" in line.text and (v := value_of(line.text))), "")
