"""Reading a page by its portal's template."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from lxml.html import HtmlElement

from archive.article import Article, File, Image
from archive.clock import stamp
from crawler import clean, dates
from crawler.finders import text_of
from crawler.page import Page
from crawler.template import fields, labels
from crawler.template.cutting import without
from crawler.template.dating import Dated, dated_at, is_late
from crawler.template.hints import NOTHING, Known
from crawler.template.model import Template
from crawler.template.outline import Line, Outline, outline
from crawler.template.paragraphs import paragraphs_of
from crawler.template.parts import MOST_RIVALS, Parts, fold, locate
from crawler.template.spots import Spots, find_spots, gate_of
from crawler.template.trimming import SHORT, Trimmed, is_empty, trim

MOST_FELLOWS = 2  # elements with words at the container's place; a list of teasers has more, however short they are
SAME_SHARE = 0.5  # of the always-there places that a page of the same layout has at the least


@dataclass(slots=True)
class Fit:
    """How well a page fits a template. It is an article of that layout when nothing is missing."""

    missing: list[str] = field(default_factory=list)
    path_share: float = 0.0
    noise: float = 0.0
    words: int | None = None  # of the article's own in the container

    @property
    def fits(self) -> bool:
        """Container, title and date are where they were on the other pages."""
        return not self.missing


@dataclass(slots=True)
class Reading:
    """One page by one template: its parts, its dates, how well it fits."""

    page: Page
    template: Template
    parts: Parts
    date: Dated | None
    fit: Fit
    known: Known
    trimmed: Trimmed | None = None
    crumbs: HtmlElement | None = None


def look(page: Page, template: Template, known: Known = NOTHING) -> Reading:
    """Find the parts of a page by a template, and say how well the page fits it."""
    spots = find_spots(page, template, known)
    fit = Fit(path_share=spots.path_share)
    if spots.container is None or (spots.title is None and not spots.crowded):
        fit.missing = ["container"] if spots.container is None else ["title"]
        return Reading(page, template, Parts(Outline(), [], []), None, fit, known)
    # Where classes are few, several elements are at the container's place, and the whole page must tell which it is.
    gate = None if spots.crowded else gate_of(page, template, known, spots)
    made = outline(page.root, template.keys, template.paths, gate)
    parts = locate(page, made, template, page.root, known, None if spots.crowded else spots.container)
    date = date_of(page, parts, template)
    late = date is not None and is_late(date.found.moment, page)
    trimmed = trim(parts, template, known) if parts.container is not None else None
    _judge(fit, parts, template, date is not None, trimmed)
    return Reading(page, template, parts, None if late else date, fit, known, trimmed, _crumb_bar(template, spots))


def _crumb_bar(template: Template, spots: Spots) -> HtmlElement | None:
    at = spots.at.get(template.crumbs, []) if template.crumbs is not None else []
    return next(filter(fields.is_crumb_bar, at), None)


def date_of(page: Page, parts: Parts, template: Template) -> Dated | None:
    """The first of the template's slots that has a date on this page; it may lie after the fetch."""
    if (element := parts.named.get("date")) is not None:
        said = dates.from_attribute(element.get("datetime") or "") or dates.find(text_of(element))
        if said is not None:
            return Dated(said)
    if not template.dates:
        return None
    return dated_at(page, parts, template.dates)


def _judge(fit: Fit, parts: Parts, template: Template, has_date: bool, trimmed: Trimmed | None) -> None:
    crowd = max(MOST_FELLOWS, 2 * template.fellows)
    if parts.container is None or parts.rivals > MOST_RIVALS or (template.fellows and parts.fellows > crowd):
        fit.missing.append("container")
    if parts.title_line is None:
        fit.missing.append("title")
    if trimmed is not None and not template.empties and is_empty(parts, trimmed):
        fit.missing.append("text")
    if template.dates and not has_date:
        fit.missing.append("date")
    if fit.path_share < SAME_SHARE and not template.dates:
        fit.missing.append("layout")
    if trimmed is not None:
        fit.noise, fit.words = trimmed.noise, sum(line.words for line in trimmed.kept)


@dataclass(slots=True)
class Extracted:
    """What reading took out of a page, before it becomes an Article; `dropped`: lines of the container left out."""

    title: str
    lead: str
    body: clean.Cleaned
    author: str
    source: str
    published: datetime | None
    published_text: str
    images: list[Image]
    files: list[File]
    dropped: list[str]


def extract(reading: Reading) -> Extracted:
    """Take the article out of a page; its tree is afterwards as it was."""
    page, template, parts = reading.page, reading.template, reading.parts
    trimmed = reading.trimmed
    assert trimmed is not None and parts.container is not None
    shown = fields.head_images(page, parts)
    lead = _lead(parts, template, trimmed)
    author, source = _byline(parts, template, trimmed)
    box = fields.box_files(page, parts)
    made = parts.outline
    elements = [made.elements[index] for index in (*trimmed.blocks, *_behind(parts, trimmed))]
    with without(trimmed.dropped, elements):
        body = clean.clean(made.elements[parts.container], page.url, with_text=False)
    body.paragraphs = paragraphs_of(trimmed.kept, parts.outline, parts.container)
    date = reading.date
    return Extracted(
        title=parts.title,
        lead=lead,
        body=body,
        author=author,
        source=source,
        published=date.found.moment if date else None,
        published_text=date.found.text if date else "",
        images=shown,
        files=box,
        dropped=[line.text for line in trimmed.dropped],
    )


def _lead(parts: Parts, template: Template, trimmed: Trimmed) -> str:
    """The lead: its own paragraphs before the container, else a first one set apart; taken out of the text."""
    if (element := parts.named.get("lead")) is not None:
        inside = [
            line for line in trimmed.kept if any(element in (p.node, *p.node.iterancestors()) for p in line.pieces)
        ]
        trimmed.drop(inside)
        return "\n\n".join(clean.text_paragraphs(element))
    lines = [line for line in parts.between() if line.path in template.leads and _is_prose(line)]
    if lines:
        return "\n\n".join(line.text for line in lines)
    if not trimmed.kept:
        return ""
    first = trimmed.kept[0]
    inner = template.inner_lead is not None and first.path == template.inner_lead
    if inner or (template.strong_lead and first.is_strong and first.words >= SHORT and len(trimmed.kept) > 1):
        trimmed.drop([first])
        return first.text
    return ""


def _is_prose(line: Line) -> bool:
    text = line.text
    if labels.author_of(text) is not None or labels.source_of(text) is not None or labels.VIEWS.match(text):
        return False
    return line.words > 3 and line.link_words < line.words and (dates.find(text) is None or line.words > 2 * SHORT)


def _byline(parts: Parts, template: Template, trimmed: Trimmed) -> tuple[str, str]:
    """Author and source: from the end of the text, else from labels around it. The office's name is no author."""
    author, source = trimmed.author, trimmed.source
    if (named := parts.named.get("author")) is not None:
        author = labels.author_of(text_of(named)) or text_of(named)
    if (named := parts.named.get("source")) is not None:
        source = labels.source_of(text_of(named)) or text_of(named)
    places = {path for kind, path in template.labels if kind == "author"}
    dated = {slot.path for slot in template.dates if not slot.name}
    far = [line for line in parts.behind(len(parts.outline.lines))[fields.NEAR :] if line.path in places]
    for line in [*trimmed.dropped, *parts.between(), *_label_lines(parts), *far]:
        if line.words > 24:
            continue
        if not source and (found := labels.source_of(line.text)):
            source = found
        if not author and (":" in line.text or line.path in places) and (name := labels.byline_of(line, parts.outline)):
            author = name
        if not author and line.path in dated:
            author = labels.name_behind_date(line.text)
    return ("" if fold(author) in template.default_authors else author), source


def _label_lines(parts: Parts) -> list[Line]:
    """The lines behind the container up to the readers' comments."""
    lines: list[Line] = []
    for line in parts.behind(fields.NEAR):
        if fold(line.text).startswith(("ý kiến", "bình luận", "phản hồi")):
            break
        lines.append(line)
    return lines


def _behind(parts: Parts, trimmed: Trimmed) -> list[int]:
    """Images, embeds and links to pages among what was cut at the end; attachments stay."""
    made = parts.outline
    last = max((line.owner for line in trimmed.kept), default=None)
    tail = [line.owner for line in trimmed.dropped if last is not None and line.owner > last]
    found: list[int] = []
    for index in range(min(tail), parts.end) if tail else ():
        element = made.elements[index]
        is_file = element.tag == "a" and clean.DOCUMENT.search((element.get("href") or "").partition("?")[0])
        nested = found and made.inside(index, found[-1])
        if element.tag in ("img", "a", "iframe", "embed", "video") and not is_file and not nested:
            found.append(index)
    return found


def to_article(reading: Reading, portal: str, key: str, reader: str) -> Article:
    """The Article of a page that fits."""
    page, parts = reading.page, reading.parts
    views, comments = fields.counts(parts)
    tags, sections = fields.tags(page, parts), fields.sections(page, parts, reading.crumbs)
    taken = extract(reading)
    images = {image.url: image for image in reversed([*taken.images, *taken.body.images])}
    return Article(
        portal=portal,
        key=key,
        url=page.url,
        title=taken.title,
        lead=taken.lead,
        body=taken.body.text,
        body_html=taken.body.html,
        published=stamp(taken.published) if taken.published else "",
        published_text=taken.published_text,
        author=taken.author,
        source=taken.source,
        sections=sections,
        tags=tags,
        views=views,
        comments=comments,
        image=taken.images[0].url if taken.images else fields.og_image(page),
        images=tuple(images.values())[::-1],
        files=tuple({file.url: file for file in [*taken.body.files, *taken.files]}.values()),
        reader=reader,
    )
