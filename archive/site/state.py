"""What a results address says, in one form: every state of the results page is an address, and the other way round.

Feeds, exports and alerts read the same addresses, so that they hold exactly what the page shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, Self

from archive import search

MAX_TYPED = 400  # characters of a query that a page repeats
MAX_VALUE = 200  # characters of a filter's value
MAX_VALUES = 20  # of one filter

# Each may stand several times in an address: any of its values will do; different filters must all be passed.
FILTERS = ("province", "portal", "section", "year")


class Arguments(Protocol):
    """What request.args is: values by name, perhaps several of one name."""

    def get(self, name: str, default: str = "") -> str | None:
        """The first value of a name."""

    def getlist(self, name: str) -> list[str]:
        """All values of a name; empty where there is none."""


@dataclass(frozen=True, slots=True)
class State:
    """A search as an address names it. Paging, language and the form of the answer are no part of it."""

    typed: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # only filters that have a value
    apart: bool = False  # ?words=apart: not as a phrase first
    folded: bool = False  # ?accents=any: accents do not count

    @classmethod
    def of(cls, args: Arguments) -> Self:
        """Read the arguments of an address. Nothing in them is an error; what means nothing is left out."""
        return cls(
            typed=(args.get("q") or "").strip()[:MAX_TYPED],
            filters={name: values for name in FILTERS if (values := _values(args.getlist(name)))},
            apart=args.get("words") == "apart",
            folded=args.get("accents") == "any",
        )

    @property
    def query(self) -> search.Query | None:
        """What was typed, taken apart; None where nothing was."""
        return search.parse(self.typed) if self.typed else None

    def pairs(self) -> list[tuple[str, str]]:
        """The arguments of its address, always in the same order; what is empty or usual is left out."""
        pairs = [("q", self.typed)]
        pairs += [(name, value) for name in FILTERS for value in self.filters.get(name, ())]
        pairs += [("words", "apart" if self.apart else ""), ("accents", "any" if self.folded else "")]
        return [(name, value) for name, value in pairs if value]


def _values(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value[:MAX_VALUE] for value in given if value))[:MAX_VALUES]
