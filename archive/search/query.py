"""What a query is made of, once it is taken apart."""

from __future__ import annotations

from dataclasses import dataclass

from archive.search.text import has_accents

MAX_LETTERS = 4_000  # of a query; what follows is left unread
MAX_WORDS = 200
MIN_PREFIX = 3  # letters before a * that FTS5 is left to expand: fewer would be half the vocabulary

Words = tuple[str, ...]  # words that stand side by side


@dataclass(frozen=True, slots=True)
class Term:
    """What was typed without a blank, or in quotes: one word, a document number, a "quoted phrase"."""

    exact: Words
    folded: Words
    prefix: bool = False
    quoted: bool = False
    typed: str = ""

    @property
    def accented(self) -> bool:
        """Whether accents were typed; numbers are what they are with and without."""
        return all(word.isdigit() for word in self.exact) or any(map(has_accents, self.exact))


@dataclass(frozen=True, slots=True)
class Piece:
    """Some terms of a run, and what else may stand in their place: each of the forms is as good as the typed one.

    `alone`: never a part of a longer phrase (a code, a beginning of words). `tokens` of the index's column `filters`
    will do as well: those of articles that cite a document.
    """

    terms: tuple[Term, ...]
    exact: tuple[Words, ...]
    folded: tuple[Words, ...]
    alone: bool = False
    prefix: bool = False  # the last word of each form is the beginning of one
    tokens: Words = ()

    @classmethod
    def of(cls, *terms: Term, alone: bool = False) -> Piece:
        """Terms that stand for themselves."""
        exact = tuple(word for term in terms for word in term.exact)
        folded = tuple(word for term in terms for word in term.folded)
        return cls(terms, (exact,), (folded,), alone or terms[-1].prefix, terms[-1].prefix)

    @property
    def accented(self) -> bool:
        """Whether accents were typed in it."""
        return any(term.accented for term in self.terms)

    def forms(self, folded: bool) -> tuple[Words, ...]:
        """All that may stand here, in one of the two forms of the index; what was typed comes first."""
        return self.folded if folded else self.exact


@dataclass(frozen=True, slots=True)
class Alternative:
    """What stands between two OR. The pieces of a run were typed in a row: a phrase first, then apart."""

    runs: tuple[tuple[Piece, ...], ...]
    unwanted: tuple[Piece, ...]
