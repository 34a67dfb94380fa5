"""Taking lines and blocks out of a page's tree for a while, so that what is left can be cleaned and shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from lxml import etree
from lxml.html import HtmlElement

from crawler.template.outline import Line


@contextmanager
def without(lines: Sequence[Line], elements: Sequence[HtmlElement]) -> Iterator[None]:
    """The page without the words of some lines, and without some elements, as long as the context lasts."""
    pieces = [piece for line in lines for piece in line.pieces]
    for piece in pieces:
        piece.erase()
    taken = [(element, _take_out(element)) for element in elements if element.getparent() is not None]
    try:
        yield
    finally:
        for element, gap in reversed(taken):
            element.tail = gap.tail
            gap.getparent().replace(gap, element)
        for piece in pieces:
            piece.restore()


def _take_out(element: HtmlElement) -> HtmlElement:
    """Put a comment in the place of an element; what stands behind it stays."""
    gap = etree.Comment("")
    gap.tail, element.tail = element.tail, None
    element.getparent().replace(element, gap)
    return gap
