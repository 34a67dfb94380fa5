"""What a results address says, in one form: every state of the results page is an address, and the other way round.

Feeds, exports and alerts read the same addresses, so that they hold exactly what the page shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, Self

from archive import search

MAX_TYPED = 400  # characters of a query that a page repeats
MAX_VALUE = 200  # characters of a filter's value
MAX_VALUES = 20  # of one filter

# Each may stand several times in an address: any of its values will do; different filters must all be passed.
# `province`: as it is now; `_then`: as it was when the article was published; `_named`: by title and lead.
FILTERS = (
    *("province", "province_then", "province_named", "portal", "organisation", "section"),
    *("year", "month", "document", "edited", "withdrawn", "reprint"),
)
SWITCHES = ("edited", "withdrawn", "reprint")  # of the filters: yes or no
_DAY = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


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
    since: str = ""  # ?from= a year, month or day: of publication, from its beginning
    until: str = ""  # ?to= one of these: to its end
    apart: bool = False  # ?words=apart: not as a phrase first
    folded: bool = False  # ?accents=any: accents do not count
    literal: bool = False  # ?short=as-typed: abbreviations are not written out, nor phrases shortened
    best: bool = False  # ?order=best: not the newest first
    unfolded: bool = False  # ?reprints=all: reprints stand for themselves, not under their originals

    @classmethod
    def of(cls, args: Arguments) -> Self:
        """Read the arguments of an address. Nothing in them is an error; what means nothing is left out."""
        return cls(
            typed=_text(args.get("q"))[:MAX_TYPED].strip(),
            filters={name: values for name in FILTERS if (values := _values(name, args.getlist(name)))},
            since=_day(args.get("from")),
            until=_day(args.get("to")),
            apart=args.get("words") == "apart",
            folded=args.get("accents") == "any",
            literal=args.get("short") == "as-typed",
            best=args.get("order") == "best",
            unfolded=args.get("reprints") == "all",
        )

    @property
    def query(self) -> search.Query | None:
        """What was typed, taken apart; None where nothing was."""
        return search.parse(self.typed) if self.typed else None

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.filters or self.since or self.until)

    def pairs(self) -> list[tuple[str, str]]:
        """The arguments of its address, always in the same order; what is empty or usual is left out."""
        pairs = [("q", self.typed)]
        pairs += [(name, value) for name in FILTERS for value in self.filters.get(name, ())]
        pairs += [("from", self.since), ("to", self.until)]
        manners = ("words", "apart", self.apart), ("accents", "any", self.folded), ("short", "as-typed", self.literal)
        pairs += [(name, word if chosen else "") for name, word, chosen in manners]
        pairs += [("order", "best" if self.best else ""), ("reprints", "all" if self.unfolded else "")]
        return [(name, value) for name, value in pairs if value]

    def with_filter(self, name: str, *values: str) -> Self:
        """The same search with other values of one filter; with none, without it."""
        others = {other: held for other, held in self.filters.items() if other != name}
        return replace(self, filters=others | ({name: values} if values else {}))

    def toggled(self, name: str, value: str) -> Self:
        """The same search with one value more, or without it where it is chosen."""
        held = self.filters.get(name, ())
        return self.with_filter(name, *(v for v in held if v != value), *([] if value in held else [value]))


def _values(name: str, given: Iterable[str]) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(text[:MAX_VALUE] for value in given if (text := _text(value))))[:MAX_VALUES]
    if name in SWITCHES:
        return tuple(value for value in values if value in ("yes", "no"))[:1]
    return values


def _text(given: str | None) -> str:
    """What can be written as UTF-8: half a surrogate pair is no character, and SQLite takes none."""
    return (given or "").strip().encode("utf-8", "ignore").decode()


def _day(given: str | None) -> str:
    return given if given and _DAY.fullmatch(given) else ""
