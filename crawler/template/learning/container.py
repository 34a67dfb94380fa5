"""Where the text stands: the place that keeps most of the words that differ from page to page."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence

from crawler.page import Page
from crawler.template.hints import Known
from crawler.template.learning.learner import EVERYWHERE, Learner
from crawler.template.model import Template, line_key
from crawler.template.outline import Outline
from crawler.template.parts import index_of, weights

KEEPS = 0.75  # share of its parent's words that a container must keep
NO_CONTAINER = frozenset("p li h1 h2 h3 h4 h5 h6 a b strong em i u".split())
MOST = 0.9  # of the pages that have no more elements at the container's place


def named_container(pages: Sequence[Page], outlines: list[Outline], known: Known) -> int:
    """The place that CSS names on most pages; 0 where it names none."""
    places: Counter[int] = Counter()
    for page, made in zip(pages, outlines, strict=True):
        index = index_of(made, known.find(page.root, "body"))
        if index is not None:
            places[made.paths[index]] += 1
    place, times = places.most_common(1)[0] if places else (0, 0)
    return place if times >= EVERYWHERE * len(pages) else 0


def container_of(outlines: list[Outline], template: Template) -> int:
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


def ordinal_of(outlines: list[Outline], template: Template) -> int:
    """Which of several elements at the container's place mostly has the text."""
    won: Counter[int] = Counter()
    for made in outlines:
        held = weights(made, [line_key(line.text) for line in made.lines], template.constants)
        at = [index for index, path in enumerate(made.paths) if path == template.container]
        if at:
            won[max(range(len(at)), key=lambda number: held[at[number]])] += 1
    return won.most_common(1)[0][0] if won else 0


def fellows_of(learner: Learner) -> int:
    """How many elements with words a page has at the container's place: one, or many where there are no classes."""
    counts = sorted(parts.fellows for parts in learner.parts if parts.container is not None)
    return counts[int(MOST * (len(counts) - 1))] if counts else 0
