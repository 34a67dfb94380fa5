"""Common grams: rows of common words that are rare as rows, each as one word of the index.

Two words that stand in every other article stand side by side in few. FTS5 finds out in which by going through the
places of both in all of them, which takes a fifth of a second in 500,000 articles, the longer the rarer the phrase, and
longest where there is none. So every row of common words that is no common row itself, but holds none that is rarer, is
a word of the index's column `grams`. A phrase is looked for only where all of its grams are.

A gram is written in characters for private use (marking.py), one for each of its words. That a gram
is in the index where its words stand side by side must be true always; that they stand so wherever it is need not be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from archive.search.marking import FIRST_GRAM, LAST_GRAM
from archive.search.query import Words
from archive.search.text import fold

MOST_WORDS = 2_000
LONGEST = 4  # words of a gram
COMMON_WORD, COMMON_ROW = 0.03, 0.05  # share of articles in which it stands, at least
MOST_HINTS = 8  # grams of one phrase that are looked for

_OTHER = " "  # stands for every word that is not common
# Every other character separates. In doubt that is right: a row too many in the index costs time, one too few a hit.
_LETTERS = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256))
# TƯ is folded to TW or to TU, whatever stands beside it in the text: see text.fold().
_IN_TWO_WAYS = frozenset(("ư", "tư"))


class _Codes(dict[bytes, str]):
    def __missing__(self, word: bytes) -> str:
        return _OTHER


@dataclass(frozen=True, slots=True)
class Grams:
    """The common words of a copy, each with its character, and their common rows. Without words there are no grams."""

    words: Mapping[str, str] = field(default_factory=dict)
    rows: Set[str] = frozenset()
    _codes: _Codes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_codes", _Codes({word.encode(): code for word, code in self.words.items()}))

    def of_texts(self, folded: Iterable[str]) -> str:
        """The grams of an article, separated by blanks; `folded`: its texts, as fold() makes them."""
        if not self.words:
            return ""
        letters = _OTHER.join("".join(map(self._codes.__getitem__, _words(text))) for text in folded)
        return " ".join(sorted(self._of_letters(letters)))

    def of_phrase(self, phrase: Words, folded: bool) -> list[str]:
        """Grams that every article has in which a phrase stands, in one of the two forms of the index."""
        if not self.words:
            return []
        letters = "".join(self._letter(word.lower(), folded) for word in phrase)
        return list(self._of_letters(letters))[:MOST_HINTS]

    def _of_letters(self, letters: str) -> dict[str, None]:
        found: dict[str, None] = {}
        common = self.rows
        for run in letters.split(_OTHER):
            for start in range(len(run) - 1):
                for size in range(2, LONGEST + 1):
                    row = run[start : start + size]
                    if len(row) < size or (size > 2 and row[1:] not in common):
                        break
                    if row not in common:
                        found[row] = None
                        break
        return found

    def _letter(self, word: str, folded: bool) -> str:
        return _OTHER if not folded and word in _IN_TWO_WAYS else self.words.get(fold(word), _OTHER)


NO_GRAMS = Grams()


def choose(articles: Sequence[Sequence[str]]) -> Grams:
    """The common words and rows of some articles, each given as its folded texts."""
    counted = Counter(word for texts in articles for word in {word for text in texts for word in _words(text)})
    known = [word for word, n in counted.most_common(MOST_WORDS) if n >= COMMON_WORD * len(articles)]
    codes = _Codes(zip(known, map(chr, range(FIRST_GRAM, LAST_GRAM + 1)), strict=False))
    letters = [["".join(map(codes.__getitem__, _words(text))) for text in texts] for texts in articles]
    rows: set[str] = set()
    common = frozenset(codes.values())
    for size in range(2, LONGEST + 1):
        found = Counter(row for article in letters for row in _rows(article, size, common))
        common = frozenset(row for row, n in found.items() if n >= COMMON_ROW * len(articles))
        rows |= common
    return Grams({word.decode(): code for word, code in codes.items()}, frozenset(rows))


def _rows(article: Iterable[str], size: int, common: Set[str]) -> set[str]:
    """The different rows of so many words whose parts are common."""
    all_rows = {text[at : at + size] for text in article for at in range(len(text) - size + 1)}
    return {row for row in all_rows if row[:-1] in common and row[1:] in common}


def _words(folded: str) -> list[bytes]:
    """The words of a text in small letters. FTS5 takes ſ for s; str.lower() knows all others."""
    return folded.lower().replace("ſ", "s").encode("ascii", "replace").translate(_LETTERS).split()
