"""Where a page has the places that its template knows, without looking at the rest of it.

Reading by a template asks little of a page: is it laid out like the others, where are container, title and date. Only
from there on it is taken apart into lines (outline.py): what stands in menus and sidebars is never walked.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from crawler.finders import lines_of
from crawler.page import Page
from crawler.template.hints import Known
from crawler.template.model import Template
from crawler.template.outline import Gate
from crawler.template.parts import confirmed_title, heads, says

TITLE_LETTERS = 2000  # an element with more text is none that holds a title


@dataclass(slots=True)
class Spots:
    """The elements of a page at the places of a template, in the order of the page."""

    at: dict[int, list[HtmlElement]] = field(default_factory=lambda: defaultdict(list))
    path_share: float = 0.0
    container: HtmlElement | None = None
    crowded: bool = False  # several elements are at the container's place: only their words can choose
    title: HtmlElement | None = None


def find_spots(page: Page, template: Template, known: Known) -> Spots:
    """Container and title of a page, and how many of the places are there that each page of the layout has."""
    spots = Spots()
    body = page.root.find("body")
    _descend(body if body is not None else page.root, template, spots)
    if template.always:
        spots.path_share = sum(path in spots.at for path in template.always) / len(template.always)
    else:
        spots.path_share = 1.0
    _find_container(page, template, known, spots)
    if spots.container is not None and not spots.crowded:
        _find_title(page, template, known, spots)
    return spots


def gate_of(page: Page, template: Template, known: Known, spots: Spots) -> Gate:
    """What of the page is worth taking apart: from just before the title to some lines behind the container."""
    assert spots.title is not None and spots.container is not None
    places = {slot.path for slot in template.dates if slot.path is not None} | set(template.leads)
    places |= {path for _, path in template.labels}
    wanted = [element for path in places for element in spots.at.get(path, ())]
    wanted += [found for name in known.selectors if (found := known.find(page.root, name)) is not None]
    main = {one for end in (spots.title, spots.container) for one in (end, *end.iterancestors())}
    whole = set(wanted) - main
    wanted += [spots.title, spots.container]
    around = {ancestor for element in wanted for ancestor in element.iterancestors()} | set(wanted)
    near = [spots.title.getparent()]
    near += [near[0].getparent()] if near[0] is not None else []
    return Gate(around, {element for element in near if element is not None}, whole, spots.title, spots.container)


def _descend(body: HtmlElement, template: Template, spots: Spots) -> None:
    """Follow the known places down, in the order of the page."""
    numbers, key_of, at = template.paths.numbers, template.keys.of, spots.at
    parents = {parent for parent, _ in numbers}  # an element at any other place is not looked into
    at[0].append(body)
    stack = [(body, 0)]
    while stack:
        element, place = stack.pop()
        if place:
            at[place].append(element)
        if place in parents:
            known = [(child, numbers.get((place, key_of(child)))) for child in element.iterchildren("*")]
            stack.extend([(child, number) for child, number in reversed(known) if number is not None])


def _find_container(page: Page, template: Template, known: Known, spots: Spots) -> None:
    """The element that CSS names, else the only one at the container's place."""
    named = known.find(page.root, "body")
    at = spots.at.get(template.container, []) if named is None else [named]
    spots.container = at[0] if at else None
    spots.crowded = len(at) > 1


def _find_title(page: Page, template: Template, known: Known, spots: Spots) -> None:
    """The first element, of the best place, with a line that the page's head confirms."""
    named = confirmed_title(page, page.root, known)
    if named is not None:
        spots.title = named
        return
    head = heads(page)
    for path in template.titles:
        for element in spots.at.get(path, ()):
            if not template.title_by_head or any(says(head, line) > 0 for line in _short_lines(element)):
                spots.title = element
                return


def _short_lines(element: HtmlElement) -> list[str]:
    return lines_of(element) if len(element.text_content()) <= TITLE_LETTERS else []
