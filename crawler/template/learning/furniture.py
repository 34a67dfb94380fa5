"""What in the container is not the articles': blocks to cut, lines that recur, marks of the text's end."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from dataclasses import dataclass

from crawler.template import labels
from crawler.template.learning.learner import LABELLED, Learner
from crawler.template.model import Template
from crawler.template.outline import Line
from crawler.template.parts import Parts
from crawler.template.trimming import DROPPED_SHARE, FURNISHED, own_words

CUT_PAGES = 0.4  # of the pages that must have a block, for it to be cut
CUT_FURNISHED, CUT_CONSTANT = 0.7, 0.02  # of its words that must be constant or links; constant
MIXED = 0.1  # of the elements at a place that are the articles' own: without classes a heading and a share bar are both
HEADED = 0.8  # of the pages with a block on which its first line must be the same, to be a heading
END_PAGES = 0.4  # of the pages that must have a line, for it to mark the end of the text
END_REST = 0.1  # of the text that may stand behind such a mark


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


def learn_furniture(learner: Learner) -> None:
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
