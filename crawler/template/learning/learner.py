"""The pages that a layout is learned from, and what of them every step of the learning asks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from crawler.page import Page
from crawler.template.model import Template, line_key
from crawler.template.outline import Outline
from crawler.template.parts import Parts

CONSTANT = 0.2  # share of the pages, and at least three of them, on which a line is furniture
EVERYWHERE = 0.6  # of the pages on which the container's place must be
LABELLED = 0.04  # of the pages on which the place of a byline, or a mark of the end, must be


@dataclass(slots=True)
class Learner:
    """The pages of one portal with their outlines, and the template in the making."""

    pages: list[Page]
    outlines: list[Outline]
    template: Template
    parts: list[Parts]

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self.pages)


def constants_of(outlines: list[Outline]) -> dict[str, float]:
    """The lines, by line_key(), that so many pages have that they are furniture, each with its share of the pages."""
    seen: Counter[str] = Counter()
    for made in outlines:
        seen.update({line_key(line.text) for line in made.lines})
    enough = max(3.0, CONSTANT * len(outlines))
    return {key: round(times / len(outlines), 3) for key, times in seen.items() if times >= enough}
