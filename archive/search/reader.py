"""Reads what was typed into the search box."""

from __future__ import annotations

import re
import unicodedata

from archive.search.matching import Query
from archive.search.query import MAX_LETTERS, MAX_WORDS, Alternative, Piece, Term
from archive.search.text import fold, has_accents, normalise, visible, words

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″＂", '"'))
# A number written "25 -NQ/TW" holds no minus.
_SPACED_NUMBER = re.compile(r"(?<=\d) +-(?=[^\W\d_]{2,}[/-])")
_ITEM = re.compile(r'(?P<minus>(?<!\S)-(?=[^\s-]))?(?:"(?P<quoted>[^"]*)"?|(?P<typed>[^\s"]+))')


def parse(text: str) -> Query:
    """Read what was typed: words, "phrases", -word, word*, OR. Never fails; what means nothing is dropped."""
    text = text[:MAX_LETTERS].translate(_QUOTES)
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)
    text = _SPACED_NUMBER.sub("-", visible(text))
    exact, folded = normalise(text), fold(text)
    reader = _Reader()
    for item in _ITEM.finditer(exact):
        reader.take(item, folded[item.start() : item.end()])
    return Query(reader.finish(), accented=has_accents(exact))


class _Reader:
    """Collects the items of a query into alternatives; forgotten when parse() is done."""

    def __init__(self) -> None:
        self.alternatives: list[Alternative] = []
        self.runs: list[list[Piece]] = []
        self.unwanted: list[Piece] = []
        self.run_open = False  # whether the next plain word joins the last run
        self.negate = False
        self.room = MAX_WORDS

    def take(self, item: re.Match[str], folded: str) -> None:
        typed = item["typed"]
        if typed in ("OR", "|"):
            self.end_alternative()
        elif typed in ("AND", "NOT", "&"):
            self.run_open, self.negate = False, typed == "NOT"
        elif term := self.term(item, folded):
            self.add(term, minus=item["minus"] is not None)

    def term(self, item: re.Match[str], folded: str) -> Term | None:
        typed = item["quoted"] if item["typed"] is None else item["typed"]
        exact_words, folded_words = words(typed)[: self.room], words(folded)[: self.room]
        if not exact_words or len(exact_words) != len(folded_words):
            return None
        self.room -= len(exact_words)
        starred = (item["typed"] or "").rstrip("\"'.,;:!?)]}").endswith("*")
        return Term(tuple(exact_words), tuple(folded_words), starred, item["typed"] is None, typed.strip())

    def add(self, term: Term, *, minus: bool) -> None:
        piece = Piece.of(term)
        if minus or self.negate:
            self.unwanted.append(piece)
            self.run_open = self.negate = False
            return
        if self.run_open and not term.quoted:
            self.runs[-1].append(piece)
        else:
            self.runs.append([piece])
        self.run_open = not term.quoted

    def end_alternative(self) -> None:
        if self.runs or self.unwanted:
            self.alternatives.append(Alternative(tuple(map(tuple, self.runs)), tuple(self.unwanted)))
        self.runs, self.unwanted, self.run_open, self.negate = [], [], False, False

    def finish(self) -> tuple[Alternative, ...]:
        self.end_alternative()
        return tuple(self.alternatives)
