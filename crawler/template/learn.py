"""Learning the layout of a portal's article pages from ten to two hundred of them."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice

from lxml.html import HtmlElement

from crawler import dates
from crawler.finders import text_of
from crawler.page import Page
from crawler.template import labels
from crawler.template.dating import date_slots, dated
from crawler.template.fields import is_crumb_bar
from crawler.template.hints import NOTHING, Known
from crawler.template.keys import STABLE_SHARE, learn_keys
from crawler.template.model import Template, line_key
from crawler.template.outline import Line, Outline, Paths, outline
from crawler.template.parts import (
    Parts,
    fold,
    heading_bonus,
    heads,
    index_of,
    is_listed,
    leads_away,
    locate,
    says,
    weights,
)
from crawler.template.trimming import DROPPED_SHARE, FURNISHED, is_empty, own_words, trim

CONSTANT = 0.2  # share of the pages, and at least three of them, on which a line is furniture
KEEPS = 0.75  # share of its parent's words that a container must keep
EVERYWHERE = 0.6  # of the pages on which the container's place must be
ALWAYS = 0.9
NO_CONTAINER = frozenset("p li h1 h2 h3 h4 h5 h6 a b strong em i u".split())
NO_FRAME = frozenset("li a p span option svg path dd dt b i em strong br img input label".split())
MOST_ALWAYS = 60
SOMETIMES = 0.08  # of the pages on which a place of the title, or a label, must be
KNOWN_BY_HEAD = 0.5  # of the page's <title> that a line must be, to be its title however many pages have it
LEAD_WORDS, LEAD_PAGES, LEAD_DIFFERENT = 12, 0.25, 0.6
STRONG_LEAD_WORDS, STRONG_LEAD_PAGES = 10, 0.4
BOLD_LEAD_PAGES = 0.25  # where leads are bold, a third of the pages or more have one; elsewhere hardly one in thirty
CUT_PAGES, CUT_FURNISHED, CUT_CONSTANT = 0.4, 0.7, 0.02
MIXED = 0.1  # of the elements at a place that are the articles' own: without classes a heading and a share bar are both
HEADED = 0.8
END_PAGES, END_REST = 0.4, 0.1
SIGNED = 0.08
DEFAULT_AUTHOR = 0.4
LABELLED = 0.04
CRUMB_PAGES = 0.4
MOST = 0.9
EMPTY = 0.05  # of the pages without a word in the container, beyond which that is the portal's way: lead and no more


@dataclass(slots=True)
class Block:
    """What stands at one place in the container, summed over the pages that have it."""

    pages: int = 0
    words: int = 0
    furniture: int = 0  # words that are constant or links
    constant: int = 0
    headed: int = 0  # pages on which its first line is constant: "Tin liên quan"
    headlines: int = 0  # lines with a link as long as a headline
    elements: int = 0
    own: int = 0  # elements that are not mostly constant or links

    @property
    def is_furniture(self) -> bool:
        """Mostly constant or links, or a list of other articles under a heading, however long their teasers are."""
        if self.headed >= HEADED * self.pages and self.headlines >= 2 * self.pages:
            return True
        return self.furniture >= CUT_FURNISHED * self.words and self.constant >= max(1, CUT_CONSTANT * self.words)


@dataclass(slots=True)
class Learner:
    """The pages of one portal with their outlines, and the template in the making."""

    pages: list[Page]
    outlines: list[Outline]
    template: Template
    parts: list[Parts]

    @property
    def count(self) -> int:
        return len(self.pages)


def learn(pages: Sequence[Page], known: Known = NOTHING, stable: float = STABLE_SHARE) -> Template | None:
    """The layout that some article pages of one portal share; None where they share none.

    What is known beforehand goes first: where its CSS names the body on most pages, that is the container.
    `stable`: share of the pages that must have a class or id, for it to be a part of an element's name.
    """
    if not pages:
        return None
    keys = learn_keys((page.root for page in pages), stable)
    paths = Paths()
    outlines = [outline(page.root, keys, paths) for page in pages]
    constants = _constants(outlines)
    template = Template(len(pages), keys, paths, constants, 0)
    container = _named_container(pages, outlines, known) or _container(outlines, template)
    if container == 0:
        return None
    template.container = container
    template.ordinal = _ordinal(outlines, template)
    learner = Learner(list(pages), outlines, template, [])
    _learn_titles(learner)
    learner.parts = [locate(page, made, template, page.root, known) for page, made in zip(pages, outlines, strict=True)]
    found = [dated(page, parts) for page, parts in zip(pages, learner.parts, strict=True)]
    template.dates = date_slots(learner.pages, found, [parts.title_line for parts in learner.parts])
    _learn_furniture(learner)
    _learn_leads(learner)
    _learn_bylines(learner)
    trimmed = [(parts, trim(parts, template, known)) for parts in learner.parts if parts.container is not None]
    template.fellows = _fellows(learner)
    template.words = (
        int(statistics.median(sum(line.words for line in one.kept) for _, one in trimmed)) if trimmed else 0
    )
    template.noise = round(statistics.median(one.noise for _, one in trimmed), 3) if trimmed else 0.0
    template.empties = sum(is_empty(*one) for one in trimmed) > EMPTY * len(trimmed)
    template.crumbs = _crumbs(outlines)
    template.always = _always(outlines, paths)
    return _pruned(template)


def _constants(outlines: list[Outline]) -> dict[str, float]:
    seen: Counter[str] = Counter()
    for made in outlines:
        seen.update({line_key(line.text) for line in made.lines})
    enough = max(3.0, CONSTANT * len(outlines))
    return {key: round(times / len(outlines), 3) for key, times in seen.items() if times >= enough}


def _named_container(pages: Sequence[Page], outlines: list[Outline], known: Known) -> int:
    """The place that CSS names on most pages; 0 where it names none."""
    places: Counter[int] = Counter()
    for page, made in zip(pages, outlines, strict=True):
        index = index_of(made, known.find(page.root, "body"))
        if index is not None:
            places[made.paths[index]] += 1
    place, times = places.most_common(1)[0] if places else (0, 0)
    return place if times >= EVERYWHERE * len(pages) else 0


def _container(outlines: list[Outline], template: Template) -> int:
    """Down from the body to the place that keeps most of the variable words, as long as one does."""
    best: list[dict[int, int]] = []
    for made in outlines:
        held = weights(made, [line_key(line.text) for line in made.lines], template.constants)
        most: dict[int, int] = {}
        for path, words in zip(made.paths, held, strict=True):
            most[path] = max(most.get(path, 0), words)
        best.append(most)
    children: dict[int, list[int]] = defaultdict(list)
    for number, (parent, _) in enumerate(template.paths.steps[1:], 1):
        children[parent].append(number)
    current = 0
    while True:
        below = [place for place in children[current] if template.paths.tag(place) not in NO_CONTAINER]
        chosen = max(below, key=lambda place: sum(most.get(place, 0) for most in best), default=None)
        if chosen is None or not _keeps(best, current, chosen):
            return current
        current = chosen


def _keeps(best: list[dict[int, int]], current: int, child: int) -> bool:
    if sum(child in most for most in best) < EVERYWHERE * len(best):
        return False
    total = sum(most.get(current, 0) for most in best)
    kept = sum(most.get(child, 0) for most in best)
    ratios = [most.get(child, 0) / most[current] for most in best if most.get(current)]
    return bool(ratios) and kept >= KEEPS * total and statistics.median(ratios) >= KEEPS


def _ordinal(outlines: list[Outline], template: Template) -> int:
    """Which of several elements at the container's place mostly has the text."""
    won: Counter[int] = Counter()
    for made in outlines:
        held = weights(made, [line_key(line.text) for line in made.lines], template.constants)
        at = [index for index, path in enumerate(made.paths) if path == template.container]
        if at:
            won[max(range(len(at)), key=lambda number: held[at[number]])] += 1
    return won.most_common(1)[0][0] if won else 0


def _learn_titles(learner: Learner) -> None:
    """Places of lines that the page's head repeats; where all heads are the same, of lines as a title would be."""
    template, count = learner.template, learner.count
    said = [heads(page) for page in learner.pages]
    usual = {head for head, times in Counter(chain(*map(set, said))).items() if times >= max(3.0, CONSTANT * count)}
    score: dict[int, float] = defaultdict(float)
    on: dict[int, set[int]] = defaultdict(set)
    for number, (page, made) in enumerate(zip(learner.pages, learner.outlines, strict=True)):
        for line in made.lines:
            if leads_away(line, made, page):
                continue
            share = says(said[number], line.text)
            # A sidebar of the newest articles has a new one's title on each page: the head knows better.
            own = says([head for head in said[number] if head not in usual], line.text)
            if own < KNOWN_BY_HEAD and template.constants.get(line_key(line.text), 0) > CONSTANT:
                continue
            if share > 0.1 and number not in on[line.path]:
                score[line.path] += share
                on[line.path].add(number)
    titles = {
        path: score[path] / count + heading_bonus(template, path) - (2.0 if is_listed(template, path) else 0.0)
        for path, pages in on.items()
        if len(pages) >= min(count, max(2, SOMETIMES * count))
    }
    template.titles = sorted(titles, key=lambda path: -titles[path])
    if not template.titles or len(on[template.titles[0]]) < EVERYWHERE * count:
        by_place = _titles_by_place(learner)
        if by_place:
            template.titles, template.title_by_head = by_place, False
    template.suffix = _suffix([page.title for page in learner.pages])


def _titles_by_place(learner: Learner) -> list[int]:
    """Where each page's <title> is the site's name: one line a page, another on each, before the text."""
    template, count = learner.template, learner.count
    texts: dict[int, list[str]] = defaultdict(list)
    crowded: Counter[int] = Counter()
    for page, made in zip(learner.pages, learner.outlines, strict=True):
        start = next((i for i, path in enumerate(made.paths) if path == template.container), 0)
        here = Counter(path for line in made.lines for path in made.places(line))
        for line in made.lines:
            if not _may_be_title(line) or leads_away(line, made, page) or is_listed(template, line.path):
                continue
            for path in made.places(line):
                if here[path] > 1:
                    crowded[path] += 1
                elif line.owner < start + 8:
                    texts[path].append(fold(line.text))
    fit = {
        path: len(set(said)) / count + heading_bonus(template, path)
        for path, said in texts.items()
        if len(set(said)) >= 0.8 * count and crowded[path] < 0.1 * count
    }
    return sorted(fit, key=lambda path: -fit[path])[:1]


def _may_be_title(line: Line) -> bool:
    is_label = labels.VIEWS.match(line.text) or labels.COMMENTS.match(line.text) or labels.label_of(line)
    return 3 <= line.words <= 45 and not is_label and dates.find(line.text) is None


def _suffix(titles: list[str]) -> str:
    """What most <title>s end with, from its separator on."""
    ends = Counter(
        title[title.rfind(mark) :] for title in titles for mark in (" - ", " | ", " – ", " — ") if mark in title
    )
    common = ends.most_common(1)
    return common[0][0] if common and common[0][1] >= 0.5 * len(titles) else ""


def _learn_furniture(learner: Learner) -> None:
    """Blocks, lines and end marks in the container that are not the articles'."""
    template = learner.template
    stats: dict[int, Block] = defaultdict(Block)
    rests: dict[str, list[float]] = defaultdict(list)
    inner: Counter[str] = Counter()
    for parts in learner.parts:
        if parts.container is None:
            continue
        keys = {id(line): key for line, key in zip(parts.outline.lines, parts.keys, strict=True)}
        lines = parts.in_container()
        inner.update({keys[id(line)] for line in lines})
        _count_blocks(parts, lines, keys, template, stats)
        total = sum(own_words(line) for line in lines if keys[id(line)] not in template.constants)
        left = total
        for line in lines:
            key = keys[id(line)]
            if label := labels.label_of(line):
                rests[label].append(left / total if total else 0.0)
            if template.constants.get(key, 0) >= END_PAGES:
                rests[key].append(left / total if total else 0.0)
            elif key not in template.constants:
                left -= own_words(line)
    count = learner.count
    enough = max(3, DROPPED_SHARE * count)  # on one or two pages, each line of the text is on half of them
    template.inner = [key for key, times in inner.items() if times >= enough and _has_words(key)]
    cuts = [path for path, block in stats.items() if block.pages >= CUT_PAGES * count and block.is_furniture]
    template.cuts = [path for path in cuts if not any(above in cuts for above in list(template.paths.above(path))[1:])]
    template.mixed = [path for path in template.cuts if stats[path].own >= MIXED * stats[path].elements]
    few = min(count, max(3, LABELLED * count))
    template.ends = [key for key, rest in rests.items() if statistics.median(rest) <= END_REST and len(rest) >= few]


def _has_words(key: str) -> bool:
    """A bare number is a cell of the articles' own tables, even where each page has one."""
    return any(letter.isalpha() for letter in key)


def _count_blocks(
    parts: Parts, lines: list[Line], keys: dict[int, str], template: Template, stats: dict[int, Block]
) -> None:
    """Count a page's lines to each place in the container that they stand in."""
    made, seen = parts.outline, set()
    elements: dict[int, list[int]] = defaultdict(lambda: [0, 0])  # index -> words, of them furniture
    for line in lines:
        constant = keys[id(line)] in template.constants
        furniture = line.words if constant else line.link_words
        index = line.owner
        places = set()
        while parts.container is not None and index > parts.container:
            places.add(made.paths[index])
            elements[index][0] += line.words
            elements[index][1] += furniture
            index = made.parents[index]
        for path in places:
            block = stats[path]
            if path not in seen:
                block.pages += 1
                block.headed += constant
            block.words += line.words
            block.furniture += furniture
            block.constant += line.words if constant else 0
            block.headlines += line.is_teaser
        seen |= places
    for index, (words, furniture) in elements.items():
        stats[made.paths[index]].elements += 1
        stats[made.paths[index]].own += furniture < FURNISHED * words


def _learn_leads(learner: Learner) -> None:
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


def _learn_bylines(learner: Learner) -> None:
    """Where authors are named without a colon, whether articles are signed, and which name is the office's."""
    template, count = learner.template, learner.count
    places: Counter[int] = Counter()
    names: Counter[str] = Counter()
    signed = 0
    for parts in learner.parts:
        here: set[str] = set()
        for line in [*parts.between(), *parts.behind(40)]:
            name = labels.byline_of(line, parts.outline)
            if name is not None and line.words <= 24:
                places[line.path] += 1
                here.add(fold(name))
        names.update(name for name in here if name)
        kept = trim(parts, template).kept if parts.container is not None else []
        if len(kept) > 1 and labels.is_sign_off(kept[-1], parts.outline, parts.container or 0):
            signed += 1
    template.labels = [
        ("author", path) for path, times in places.items() if times >= min(count, max(2, LABELLED * count))
    ]
    template.signed = signed >= max(3, SIGNED * count)
    template.default_authors = [name for name, times in names.items() if times >= max(4, DEFAULT_AUTHOR * count)]


def _crumbs(outlines: list[Outline]) -> int | None:
    """The place of the breadcrumb; None where most pages have none."""
    places: Counter[int] = Counter()
    for made in outlines:
        bars = (path for element, path in zip(made.elements, made.paths, strict=True) if is_crumb_bar(element))
        places.update(list(islice(bars, 1)))
    place, times = places.most_common(1)[0] if places else (0, 0)
    return place if times >= CRUMB_PAGES * len(outlines) else None


def _fellows(learner: Learner) -> int:
    """How many elements with words a page has at the container's place: one, or many where there are no classes."""
    counts = sorted(parts.fellows for parts in learner.parts if parts.container is not None)
    return counts[int(MOST * (len(counts) - 1))] if counts else 0


def _always(outlines: list[Outline], paths: Paths) -> list[int]:
    """The outermost places that nearly each page has: enough to tell a foreign page, and quick to look for."""
    seen: Counter[int] = Counter()
    for made in outlines:
        seen.update(set(made.paths))
    common = [path for path, times in seen.items() if times >= ALWAYS * len(outlines)]
    frame = [path for path in common if not any(paths.tag(step) in NO_FRAME for step in paths.above(path))]
    return sorted(frame, key=lambda path: (sum(1 for _ in paths.above(path)), path))[:MOST_ALWAYS]


def _pruned(template: Template) -> Template:
    """Only the places that reading asks for, renumbered and closed to others."""
    wanted = {template.container, *template.titles, *template.leads, *template.cuts, *template.always}
    wanted |= {slot.path for slot in template.dates if slot.path is not None}
    wanted |= {path for _, path in template.labels}
    wanted |= {place for place in (template.inner_lead, template.crumbs) if place is not None}
    kept = sorted({step for path in wanted for step in template.paths.above(path)} - {0})
    new = {0: 0, **{old: number for number, old in enumerate(kept, 1)}}
    steps = template.paths.steps
    template.paths = Paths([(new[steps[old][0]], steps[old][1]) for old in kept])
    template.container = new[template.container]
    for name in ("titles", "leads", "cuts", "mixed", "always"):
        setattr(template, name, [new[path] for path in getattr(template, name)])
    template.labels = [(kind, new[path]) for kind, path in template.labels]
    template.inner_lead = new[template.inner_lead] if template.inner_lead is not None else None
    template.crumbs = new[template.crumbs] if template.crumbs is not None else None
    for number, slot in enumerate(template.dates):
        if slot.path is not None:
            template.dates[number] = type(slot)(new[slot.path], slot.name, slot.ordinal)
    return template
