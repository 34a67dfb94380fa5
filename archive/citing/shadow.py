"""A text as the finder reads it: one kind of dash, slash and blank, one Đ, NFC, nothing invisible; and the way back.

The shadow of a visible NFC text has its length, so that places are the same; any other text gets a table of places.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from archive.search import INVISIBLE, fold

# Dashes that stand for a hyphen in "25 – NQ/TW"; slashes pasted from elsewhere; blanks; Ð (U+00D0) in "11-QÐi/TW".
SAME = {
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212",
    "/": "\u2044\u2215\uff0f",
    " ": "\u00a0\u2002\u2003\u2007\u2009\u202f\t\r",
    "Đ": "\u00d0\u0189",
    "đ": "\u00f0\u0256",
}
_CLUSTER = re.compile(rf"[^\u0300-\u036f]?[\u0300-\u036f]+|[{INVISIBLE}]")


@dataclass(frozen=True, slots=True)
class Shadow:
    """`text` is what is matched; `places` says where each of its letters stands in the original (None: at its own)."""

    text: str
    places: tuple[int, ...] | None

    def place(self, position: int) -> int:
        """Where a position of the shadow is in the original."""
        return position if self.places is None else self.places[position]

    def folded(self, start: int, end: int) -> str:
        """A piece of the shadow in small letters without accents, letter by letter: TƯ is "tw", TU is "tu"."""
        piece = self.text[max(0, start) : end]
        folded = fold(piece).lower()
        return folded if len(folded) == len(piece) else piece.lower()


def shadow(text: str) -> Shadow:
    """The shadow of any text."""
    places: tuple[int, ...] | None = None
    if not unicodedata.is_normalized("NFC", text) or any(character in text for character in INVISIBLE):
        text, places = _composed(text)
    for one, others in SAME.items():
        for other in others:
            if other in text:
                text = text.replace(other, one)
    return Shadow(text, places)


def _composed(text: str) -> tuple[str, tuple[int, ...]]:
    pieces: list[str] = []
    places: list[int] = []
    done = 0
    for cluster in _CLUSTER.finditer(text):
        pieces.append(text[done : cluster.start()])
        places.extend(range(done, cluster.start()))
        for letter in unicodedata.normalize("NFC", cluster[0]):
            if letter not in INVISIBLE:
                pieces.append(letter)
                places.append(cluster.start())
        done = cluster.end()
    pieces.append(text[done:])
    places.extend(range(done, len(text) + 1))
    return "".join(pieces), tuple(places)
