"""Where the lead stands: in a paragraph of its own, or first in the text and set apart from the rest."""

from __future__ import annotations

from collections import Counter, defaultdict

from lxml.html import HtmlElement

from crawler import dates
from crawler.finders import text_of
from crawler.template import labels
from crawler.template.learning.learner import CONSTANT, Learner
from crawler.template.model import Template, line_key
from crawler.template.outline import Line
from crawler.template.parts import Parts, fold

LEAD_WORDS, LEAD_PAGES, LEAD_DIFFERENT = 12, 0.25, 0.6
STRONG_LEAD_WORDS, STRONG_LEAD_PAGES = 10, 0.4
BOLD_LEAD_PAGES = 0.25  # where leads are bold, a third of the pages or more have one; elsewhere hardly one in thirty


def learn_leads(learner: Learner) -> None:
    """A paragraph of its own between title and container, or a first one set apart from the rest of the text."""
    template, count = learner.template, learner.count
    between: dict[int, list[str]] = defaultdict(list)
    strong = 0
    inner: dict[int, int] = Counter()
    elsewhere: Counter[int] = Counter()
    slots = {slot.path for slot in template.dates if not slot.name}
    for parts in learner.parts:
        if parts.container is None:
            continue
        for line in parts.between():
            if _may_lead(line, LEAD_WORDS, parts, template):
                between[line.path].append(line.text)
        lines = [line for line in parts.in_container() if template.constants.get(line_key(line.text), 0) < CONSTANT]
        lines = [
            line for line in lines if line.words > 3 and fold(line.text) != fold(parts.title) and line.path not in slots
        ]
        if len(lines) < 2:
            continue
        first = lines[0]
        if first.is_strong and _may_lead(first, STRONG_LEAD_WORDS, parts, template):
            strong += 1
        if _may_lead(first, STRONG_LEAD_WORDS, parts, template):
            inner[first.path] += 1
        elsewhere.update({line.path for line in lines[1:]})
    template.leads = [
        path
        for path, texts in between.items()
        if len(texts) >= min(count, max(2, LEAD_PAGES * count)) and len(set(texts)) > LEAD_DIFFERENT * len(texts)
    ]
    template.strong_lead = strong >= max(2, BOLD_LEAD_PAGES * count)
    alone = [p for p, times in inner.items() if times >= STRONG_LEAD_PAGES * count and elsewhere[p] <= 0.1 * times]
    template.inner_lead = alone[0] if alone and not template.leads else None


def _may_lead(line: Line, words: int, parts: Parts, template: Template) -> bool:
    """Long enough, and neither date nor label nor a link nor a caption."""
    text = line.text
    if line.words < words or line.link_words > line.words / 2 or line_key(text) in template.constants:
        return False
    if words == LEAD_WORDS and _is_caption(parts.outline.elements[line.owner]):
        return False
    if (found := dates.find(text)) is not None and (found.has_time or line.words < 2 * words):
        return False
    return labels.author_of(text) is None and labels.source_of(text) is None and not labels.TAGS.match(text)


def _is_caption(block: HtmlElement) -> bool:
    """Whether a block is of a picture or a list; a cell only in a table of a picture or in a row of several cells."""
    if block.tag != "td":
        return block.tag in ("figcaption", "li", "caption")
    table = next(block.iterancestors("table"), None)
    alone = not any(text_of(cell) for cell in block.itersiblings("td")) and not any(
        text_of(cell) for cell in block.itersiblings("td", preceding=True)
    )
    return not alone or (table is not None and len(table.findall(".//img")) > 0 and len(text_of(table).split()) < 60)
