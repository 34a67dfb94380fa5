"""Where the title stands, by what the page's head says, or by its place where all heads say the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import chain

from crawler import dates
from crawler.template import labels
from crawler.template.learning.learner import CONSTANT, EVERYWHERE, Learner
from crawler.template.model import line_key
from crawler.template.outline import Line
from crawler.template.parts import fold, heading_bonus, heads, is_listed, leads_away, says

SOMETIMES = 0.08  # of the pages on which a place of the title must be
KNOWN_BY_HEAD = 0.5  # of the page's <title> that a line must be, to be its title however many pages have it


def learn_titles(learner: Learner) -> None:
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
