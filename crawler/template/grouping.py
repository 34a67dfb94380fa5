"""Pages of one portal parted by their layout: a portal may have two side by side, or be in the midst of a redesign.

A layout learned from a bag of both would have what both share for its container: the whole page.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml.html import HtmlElement

from crawler.page import Page
from crawler.template.keys import Keys, learn_keys
from crawler.template.outline import Paths

# Share of their places that two pages of one layout have in common at the least. Measured on seven sites: the pages of
# one layout share 0.6 to 1.0, those of two at most 0.44, and that only where there are no classes.
ALIKE = (0.4, 0.6)
WHOLE = 0.9  # share of the pages in one group that makes it the bag's only layout


def by_layout(pages: Sequence[Page], alike: float = ALIKE[0]) -> list[list[Page]]:
    """The pages in groups of the same layout, largest first; a page belongs to the group of any page like it."""
    keys, paths = learn_keys(page.root for page in pages), Paths()
    places = [_places(page.root, keys, paths) for page in pages]
    rest, groups = list(range(len(pages))), []
    while rest:
        group, near = [], [rest.pop(0)]
        while near:
            one = near.pop()
            group.append(one)
            found = [other for other in rest if _share(places[one], places[other]) >= alike]
            rest = [other for other in rest if other not in found]
            near += found
        groups.append(sorted(group))
    return [[pages[number] for number in group] for group in sorted(groups, key=len, reverse=True)]


def _places(root: HtmlElement, keys: Keys, paths: Paths) -> frozenset[int]:
    """The places that a page has elements at."""
    body = root.find("body")
    found: set[int] = set()
    stack = [(body if body is not None else root, 0)]
    while stack:
        element, place = stack.pop()
        found.add(place)
        stack += [(child, paths.child(place, keys.of(child))) for child in element.iterchildren("*")]
    return frozenset(found)


def _share(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / len(one | other)
