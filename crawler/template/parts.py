"""What stands where on one page, by a template: the container, the title, what lies between and behind them.

Learning asks the same questions with a template that is not finished yet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.finders import HEADINGS, text_of
from crawler.page import Page
from crawler.template.hints import NOTHING, Known
from crawler.template.model import Template, line_key
from crawler.template.outline import BLOCKS, Line, Outline
from crawler.text import squeeze
from crawler.urls import absolute

RIVAL = 0.6  # share of the container's words from which another element at its place is its rival
MOST_RIVALS = 1  # a place without classes may have one by chance; a list has more
TITLE_SHARE = 0.25  # of the page's <title> that a title named by a family's CSS must be
SOME_WORDS = 5  # variable words of an element that is not empty
FEW_WORDS = 25  # variable words below which a page's text cannot choose between two elements of one place
LISTED = re.compile(r"^(?:li|nav|ul|option)\b|breadcrumb|crumb", re.I)
TYPOGRAPHY = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "‑": "-", "\xa0": " "}
)


@dataclass(slots=True)
class Parts:
    """The parts of one page. `container` is an index of the outline, `title_line` the number of a line.

    `named`: the elements that the CSS of the registry or the family names, by field.
    """

    outline: Outline
    weights: list[int]
    keys: list[str]  # line_key of each line
    container: int | None = None
    rivals: int = 0  # further elements at the container's place with nearly as much text: a list of articles
    title_line: int | None = None
    title: str = ""
    end: int = 0  # the first index behind the container
    first: int = 0  # the numbers of the container's lines: from `first` on, below `behind_last`
    behind_last: int = 0
    fellows: int = 0  # elements at the container's place that have some words, the container among them
    named: dict[str, HtmlElement] = field(default_factory=dict)

    def choose(self, container: int) -> None:
        """Take an element for the container. An inline one (<span id=lblContent>) has lines of the block around it."""
        made = self.outline
        self.container, self.end = container, made.end_of(container)
        inside = [n for n, line in enumerate(made.lines) if self._holds(line)]
        if inside:
            self.first, self.behind_last = inside[0], inside[-1] + 1
        else:
            lines = enumerate(made.lines)
            self.first = self.behind_last = next((n for n, line in lines if line.owner >= self.end), len(made.lines))

    def _holds(self, line: Line) -> bool:
        assert self.container is not None
        if self.container <= line.owner < self.end:
            return True
        return self.outline.elements[self.container].tag not in BLOCKS and _holds(line, self.container, self.end)

    def in_container(self) -> list[Line]:
        """The lines of the container."""
        return self.outline.lines[self.first : self.behind_last] if self.container is not None else []

    def is_inside(self, number: int) -> bool:
        """Whether a line, by its number, is one of the container's."""
        return self.container is not None and self.first <= number < self.behind_last

    def between(self) -> list[Line]:
        """The lines between title and container, or before the container where no title was found."""
        start = 0 if self.title_line is None else self.title_line + 1
        return self.outline.lines[start : self.first if self.container is not None else None]

    def behind(self, count: int) -> list[Line]:
        """The first lines behind the container."""
        return self.outline.lines[self.behind_last : self.behind_last + count] if self.container is not None else []


def weights(outline: Outline, keys: list[str], constants: dict[str, float]) -> list[int]:
    """For each element how many words it holds that are neither constant on the portal nor links."""
    held = [0] * len(outline.elements)
    for line, key in zip(outline.lines, keys, strict=True):
        if key not in constants:
            for piece in line.pieces:
                if not piece.in_link:
                    held[piece.holder] += len(piece.text.split())
    parents = outline.parents
    for index in range(len(held) - 1, 0, -1):
        held[parents[index]] += held[index]
    return held


def heads(page: Page) -> list[str]:
    """What the page's head says that it is about: <title>, og:title; folded for comparison."""
    said = [page.title, page.first_meta("og:title")]
    return [folded for text in said if (folded := fold(text))]


def fold(text: str) -> str:
    """A title for comparison: case, quotes and dashes are often not the same in a page's head and on it."""
    return squeeze(text.translate(TYPOGRAPHY)).casefold()


def says(head: list[str], text: str) -> float:
    """How much of the page's head a line is, from 0 (it is not in it) to 1."""
    folded = fold(text)
    if len(folded) < 4:
        return 0.0
    shares = [len(folded) / len(said) for said in head if folded in said or said in folded]
    return max((min(share, 1 / share) for share in shares), default=0.0)


def leads_away(line: Line, made: Outline, page: Page) -> bool:
    """Whether a line is nothing but a link to another page. Joomla and many a theme link a title to its own page."""
    if line.words != line.link_words:
        return False
    links = {made.link_around(piece.holder) for piece in line.pieces if piece.text.strip()}
    return any(not _is_own(made.elements[index].get("href") or "", page) for index in links)


def _is_own(href: str, page: Page) -> bool:
    """Whether an address is one of the page's own, on whatever host and with whatever session in its query."""
    url = urlsplit(absolute(page.url, href))
    for own in map(urlsplit, page.own):
        if url.path.rstrip("/") == own.path.rstrip("/") and (not own.query or own.query in url.query):
            return True
        # Joomla shows one article under several menus: /tin-tuc/12-le-phat-dong, /component/content/12-le-phat-dong
        last = own.path.rstrip("/").rpartition("/")[2]
        if last.count("-") > 1 and last == url.path.rstrip("/").rpartition("/")[2]:
            return True
    return False


def is_listed(template: Template, path: int) -> bool:
    """Whether a place is an item of a list or a breadcrumb."""
    return any(LISTED.search(template.paths.steps[step][1]) for step in template.paths.above(path) if step > 0)


def heading_bonus(template: Template, path: int) -> float:
    """What a heading has over another line."""
    return 0.4 if template.paths.tag(path) in HEADINGS else 0.0


def locate(
    page: Page,
    made: Outline,
    template: Template,
    root: HtmlElement,
    known: Known = NOTHING,
    container: HtmlElement | None = None,
) -> Parts:
    """Container and title of a page that is taken apart already; `container` where it is known."""
    keys = [line_key(line.text) for line in made.lines]
    parts = Parts(made, weights(made, keys, template.constants), keys)
    parts.named = {name: found for name in known.selectors if (found := known.find(root, name)) is not None}
    if "title" in parts.named and (title := confirmed_title(page, root, known)) is not None:
        parts.named["title"] = title
    elif "title" in parts.named:
        del parts.named["title"]
    find_container(parts, template, container)
    find_title(parts, template, page)
    return parts


def confirmed_title(page: Page, root: HtmlElement, known: Known) -> HtmlElement | None:
    """The title that CSS names: the row's as it is; of a family's the first that the page's head confirms.

    Joomla's h1 is the menu's name on one portal and the article's title on the next.
    """
    if "title" in known.sure:
        return known.find(root, "title")
    head = heads(page)
    return next((one for one in known.find_all(root, "title") if says(head, text_of(one)) > TITLE_SHARE), None)


def find_container(parts: Parts, template: Template, container: HtmlElement | None = None) -> None:
    """The element that CSS names, else that at the container's place: of several, the one with the most to say."""
    if (index := index_of(parts.outline, container if container is not None else parts.named.get("body"))) is not None:
        parts.choose(index)
        parts.fellows = 1
        return
    at = [index for index, path in enumerate(parts.outline.paths) if path == template.container]
    if not at:
        return
    ranked = sorted(at, key=lambda index: -parts.weights[index])
    best = ranked[0]
    if len(at) > 1 and parts.weights[best] < FEW_WORDS:
        best = at[min(template.ordinal, len(at) - 1)]
    near = max(FEW_WORDS, RIVAL * parts.weights[best])
    parts.rivals = sum(parts.weights[index] >= near for index in ranked if index != best)
    parts.fellows = sum(parts.weights[index] >= SOME_WORDS for index in at)
    parts.choose(best)


def find_title(parts: Parts, template: Template, page: Page) -> None:
    """The line at one of the title's places that the page's head confirms."""
    lines = parts.outline.lines
    if (index := index_of(parts.outline, parts.named.get("title"))) is not None:
        end = parts.outline.end_of(index)
        parts.title_line = next((n for n, line in enumerate(lines) if index <= line.owner < end), None)
        if parts.title_line is None:  # the element is inline: a span in a table's cell
            parts.title_line = next((n for n, line in enumerate(lines) if _holds(line, index, end)), None)
        if parts.title_line is not None:
            parts.title = text_of(parts.named["title"])
            return
    head = heads(page)
    best: tuple[float, int] | None = None
    for rank, path in enumerate(template.titles):
        for number, line in enumerate(lines):
            if (line.path != path and path not in parts.outline.places(line)) or leads_away(line, parts.outline, page):
                continue
            share = says(head, line.text) if template.title_by_head else 1.0
            score = share - rank * 0.01
            if share > 0 and (best is None or score > best[0] + 1e-9):
                best = (score, number)
        if best is not None and best[0] > 0.3:
            break
    if best is not None:
        parts.title_line, parts.title = best[1], lines[best[1]].text


def index_of(made: Outline, element: HtmlElement | None) -> int | None:
    """The index of an element; None where it is hidden, or there is none."""
    if element is None:
        return None
    return next((index for index, one in enumerate(made.elements) if one is element), None)


def _holds(line: Line, start: int, end: int) -> bool:
    return any(start <= piece.holder < end for piece in line.pieces)
