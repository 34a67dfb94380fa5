"""The abbreviations of the field, for the search to use both ways: "BCĐ" finds "Ban Chỉ đạo", and the other way round.

Rows of abbreviations.csv: one expansion a row, one form of an abbreviation a row. An abbreviation with several rows
that is not marked ambiguous stands for one thing at several levels (BTCTU: of a Tỉnh ủy or of a Thành ủy): all of them
may be looked for. An ambiguous one (BCH: Chấp hành or Chỉ huy; TT; TU) has meanings that have nothing in common: it is
expanded only where the caller asks for that, to let the reader choose. TU (of the province) and TƯ (of the Centre) are
two abbreviations, and no folding of accents makes one of the other.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from archive import search

ROWS = Path(__file__).with_name("abbreviations.csv")

_MARK = re.compile(r"\s*([-,&./])\s*")
_DASHES = str.maketrans("–—", "--")
_VOWEL = re.compile(r"[aeiouyăâêôơư]", re.IGNORECASE)


class AbbreviationsError(ValueError):
    """abbreviations.csv contradicts itself; the message names the abbreviation."""


@dataclass(frozen=True, slots=True)
class Row:
    """One expansion of one form of an abbreviation; `group` is the field it comes from ("party", "front", ...)."""

    abbr: str
    expansion: str
    group: str
    ambiguous: bool


class Abbreviations:
    """The table, to be asked from both sides. Nothing here changes after it was made."""

    def __init__(self, rows: Iterable[Row]) -> None:
        """Raises AbbreviationsError for an abbreviation that is marked ambiguous in some of its rows only."""
        self.rows = tuple(rows)
        self._by_abbr: dict[str, list[Row]] = {}
        self._by_folded: dict[str, list[Row]] = {}
        self._by_phrase: dict[str, list[Row]] = {}
        self._by_folded_phrase: dict[str, list[Row]] = {}
        for row in self.rows:
            abbr, phrase = _abbr_key(row.abbr), _phrase_key(row.expansion)
            self._by_abbr.setdefault(abbr, []).append(row)
            if "Ư" not in row.abbr:  # UVTƯ would fold to UVTU
                self._by_folded.setdefault(search.fold(abbr), []).append(row)
            self._by_phrase.setdefault(phrase, []).append(row)
            self._by_folded_phrase.setdefault(search.fold(phrase), []).append(row)
        for same in self._by_abbr.values():
            if len({row.ambiguous for row in same}) > 1:
                raise AbbreviationsError(f"{same[0].abbr} is marked ambiguous in some of its rows only")

    def expansions(self, abbr: str, *, ambiguous: bool = False) -> tuple[str, ...]:
        """What an abbreviation stands for, in the file's order; of an ambiguous one nothing, unless asked for.

        Letter case does not matter where the letters cannot be a word ("ubnd"), nor do accents where none were typed
        and the form without them is none of its own ("BCD"). One that could be a word ("tu", "Thu") counts only as
        written in the table.
        """
        if self.is_ambiguous(abbr) and not ambiguous:
            return ()
        return tuple(dict.fromkeys(row.expansion for row in self._rows(abbr)))

    def abbreviations(self, phrase: str, *, ambiguous: bool = False) -> tuple[str, ...]:
        """The abbreviations of a whole phrase, in the file's order; ambiguous ones only if asked for.

        Letter case, commas and dashes do not matter; accents do not where none were typed.
        """
        key = _phrase_key(phrase)
        rows = self._by_phrase.get(key) or (self._by_folded_phrase.get(key) if key.isascii() else None) or []
        return tuple(dict.fromkeys(row.abbr for row in rows if ambiguous or not row.ambiguous))

    def is_ambiguous(self, abbr: str) -> bool:
        """Whether it has meanings that have nothing in common; False for one that is unknown."""
        rows = self._rows(abbr)
        return any(row.ambiguous for row in rows) or len({_abbr_key(row.abbr) for row in rows}) > 1

    def _rows(self, abbr: str) -> list[Row]:
        key = _abbr_key(abbr)
        if rows := self._by_abbr.get(key):
            typed = _spaced(abbr)
            return [row for row in rows if not _could_be_a_word(key) or _spaced(row.abbr) == typed]
        if key.isascii() and not (_could_be_a_word(key) and not abbr.isupper()):
            return self._by_folded.get(key, [])
        return []


@cache
def load(path: Path = ROWS) -> Abbreviations:
    """The table of a file of the shape of abbreviations.csv. Raises AbbreviationsError."""
    with open(path, encoding="utf-8", newline="") as lines:
        return Abbreviations(
            Row(row["abbr"], row["expansion"], row["group"], row["ambiguous"] == "1") for row in csv.DictReader(lines)
        )


def _spaced(abbr: str) -> str:
    """One written form: of the letters, the dashes, and the blanks around marks."""
    return _MARK.sub(r"\1", " ".join(search.normalise(abbr).translate(_DASHES).split()))


def _abbr_key(abbr: str) -> str:
    return _spaced(abbr).casefold()


def _could_be_a_word(key: str) -> bool:
    """Whether a reader may have meant a syllable: "tu", "thu", "hu" - not "ubnd", "bcđ"."""
    return len(key) <= 3 and _VOWEL.search(key) is not None


def _phrase_key(phrase: str) -> str:
    return " ".join(search.words(search.normalise(phrase))).casefold()
