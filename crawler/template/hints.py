"""What is known of a portal before its pages are: CSS of its row and its family, and the words of page furniture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

if TYPE_CHECKING:
    from crawler.boilerplate import Phrases


@dataclass(frozen=True)
class Known:
    """CSS by field (title, lead, body, date, author, source), in the order to try, and phrases of furniture."""

    selectors: Mapping[str, Sequence[CSSSelector]] = field(default_factory=dict)
    phrases: Phrases | None = None
    sure: frozenset[str] = frozenset()  # fields of the registry's own row: an operator has looked at the page

    @classmethod
    def of(cls, row: Mapping[str, str], family: Mapping[str, Sequence[str]], phrases: Phrases | None = None) -> Known:
        """The row's CSS before the family's: an operator mends a portal by one line."""
        names = [*row, *(name for name in family if name not in row)]
        css = {name: [*([row[name]] if name in row else []), *family.get(name, ())] for name in names}
        return cls(
            {n: [CSSSelector(one, translator="html") for one in found] for n, found in css.items()},
            phrases,
            frozenset(row),
        )

    def find(self, root: HtmlElement, name: str) -> HtmlElement | None:
        """The first element that the CSS of a field names; None where there is no such CSS or element."""
        for selector in self.selectors.get(name, ()):
            if found := selector(root):
                return found[0]
        return None

    def find_all(self, root: HtmlElement, name: str) -> list[HtmlElement]:
        """All elements that the CSS of a field names, in the order of the selectors."""
        return [element for selector in self.selectors.get(name, ()) for element in selector(root)]

    def furniture(self, line: str) -> str | None:
        """What kind of furniture a line is by its words; None where it is none."""
        return self.phrases.kind_of(line) if self.phrases is not None else None


NOTHING = Known()
