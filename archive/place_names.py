"""Finds the names of provinces in a title or lead, and tells them from words and names that are written like them.

One compiled expression knows every spelling, as written and in capitals, the longest first; what stands right before
and behind each hit decides whether it counts. The words that decide are rows of place_names.toml. Precision goes before
recall: "huyện Điện Biên" is not taken for the province, since "huyện Quảng Ninh" lies in Quảng Bình.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from archive import search

WORDS = Path(__file__).with_name("place_names.toml")
LOOK = 40  # letters before and behind a name that are looked at
UNITS = frozenset({"tp", "thành", "phố"})  # words of a spelling that are written in any letter case

_BLANK = r"[^\S\n]"
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Mention:
    """A province's name as it stands in a text; `former` for "Lâm Đồng cũ", `coming` for "Lâm Đồng (mới)"."""

    name: str
    former: bool = False
    coming: bool = False


class Finder:
    """Finds the given spellings; made once, then only read."""

    def __init__(self, spellings: Iterable[str]) -> None:
        self._words = _words()
        forms = dict.fromkeys(form for spelling in spellings for form in _forms(search.normalise(spelling)))
        longest_first = sorted(forms, key=len, reverse=True)
        first = "".join(sorted({letter for form in forms for letter in _first_letters(form)}))
        # The look at the first letter alone makes the search three times as quick.
        self._names = re.compile(rf"(?=[{first}])(?<!\w)(?:{'|'.join(longest_first)})(?!\w)")

    def find(self, text: str) -> Iterator[Mention]:
        """The mentions in a text, in order; longest first, so that "Thừa Thiên Huế" is no "Huế"."""
        text, position = search.normalise(text), 0
        while found := self._names.search(text, position):
            before = text[max(0, found.start() - LOOK) : found.start()]
            behind = text[found.end() : found.end() + LOOK]
            if self._words.forbid(found[0], before, behind):
                position = found.start() + 1  # "AN NINH BÌNH DƯƠNG": the second name may begin inside the first
                continue
            position = found.end()
            former = self._words.former.match(behind) is not None
            yield Mention(found[0], former, not former and self._words.coming.match(behind) is not None)


class _Words:
    """place_names.toml as expressions: those of `before` end where the name begins, those of `behind` begin there."""

    def __init__(self, table: dict[str, Any]) -> None:
        self.other_place = _before(
            "".join(rf"(?<!(?i:{re.escape(but)}) )" for but in excepted) + _any_case(word)
            for word, excepted in table["other_places"].items()
        )
        people = table["people"]
        self.person = _before(map(re.escape, [*people["surnames"], *(name.upper() for name in people["in_capitals"])]))
        self.ordinary = frozenset(name.upper() for name in table["capitals"]["ordinary"])
        self.introduction = _before(map(_any_case, table["capitals"]["introduced_by"]))
        self.former = _behind(table["ages"]["former"])
        self.coming = _behind(table["ages"]["coming"])
        self.own = {
            name.upper(): (_before(map(_any_case, own["before"])), _behind(own["behind"]))
            for name, own in table["names"].items()
        }

    def forbid(self, name: str, before: str, behind: str) -> bool:
        """Whether what stands around a name says that it is no province's."""
        capitals = " ".join(name.upper().split())
        own_before, own_behind = self.own.get(capitals, (_NEVER, _NEVER))
        return bool(
            self.other_place.search(before)
            or self.person.search(before)
            or own_before.search(before)
            or own_behind.match(behind)
            or (name.isupper() and capitals in self.ordinary and not self.introduction.search(before))
        )


@cache
def _words() -> _Words:
    return _Words(tomllib.loads(WORDS.read_text(encoding="utf-8")))


def _any_case(word: str) -> str:
    """A word as an expression: in any letter case, but for one that is written in capitals."""
    return re.escape(word) if word.isupper() else f"(?i:{re.escape(word)})"


def _before(words: Iterable[str]) -> re.Pattern[str]:
    """One of the words (as expressions), then blanks up to the end."""
    each = "|".join(words)
    return re.compile(rf"(?<!\w)(?:{each}){_BLANK}+$") if each else _NEVER


def _behind(words: Iterable[str]) -> re.Pattern[str]:
    """One of the words at the start; blanks before it, which may be missing before a mark such as "("."""
    each = "|".join((f"{_BLANK}+" if word[0].isalnum() else f"{_BLANK}*") + _any_case(word) for word in words)
    return re.compile(rf"(?:{each})(?!\w)") if each else _NEVER


def _forms(spelling: str) -> tuple[str, str]:
    """A spelling as an expression, as written and in capitals."""
    parts = re.split(r"([\W_]+)", spelling)
    return _form(parts), _form([part.upper() for part in parts])


def _form(parts: list[str]) -> str:
    """Words joined by what may stand between them: a dash, blanks, or a dot; never a line's end."""
    return "".join(_word(part) if i % 2 == 0 else _joint(part) for i, part in enumerate(parts))


def _word(word: str) -> str:
    return f"(?i:{re.escape(word)})" if word.casefold() in UNITS else re.escape(word)


def _joint(mark: str) -> str:
    if "." in mark:
        return rf"\.?{_BLANK}*"
    return rf"(?:{_BLANK}*[-–—]{_BLANK}*|{_BLANK}+)"


def _first_letters(form: str) -> str:
    letter = form.removeprefix("(?i:")[0]
    return letter.upper() + letter.lower() if form.startswith("(?i:") else letter
