"""Queries as FTS5 expressions: always valid, every word quoted. No column is named: see marking.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from itertools import groupby, islice, product

from archive.search.grams import NO_GRAMS, Grams
from archive.search.marking import folded_words, tokens_of_filters
from archive.search.query import MIN_PREFIX, Alternative, Piece, Words

# Of the index. In the first one a word takes least room, and an article has most grams. `files`: of attached files.
COLUMNS = ("grams", "title", "lead", "body", "files", "title_f", "lead_f", "body_f", "files_f", "filters")
NOTHING = '""'  # the FTS5 expression that no text matches

MAX_PHRASES = 24  # into which the abbreviations of one run may multiply


def any_token(tokens: Iterable[str]) -> str:
    """The FTS5 expression of the articles that have one of some tokens of filters."""
    return " OR ".join(f'"{tokens_of_filters(token)}"' for token in tokens)


EVERY_ARTICLE = any_token("a")  # each has this token: see filtering.py


class Accents(Enum):
    """How accents count: all as typed; where they were typed; not at all."""

    EXACT = "exact"
    MIXED = "mixed"
    FOLDED = "folded"


EXACT, MIXED, FOLDED = Accents.EXACT, Accents.MIXED, Accents.FOLDED


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a query: an FTS5 expression, and what to tell the reader about it."""

    match: str
    accents: Accents
    apart: bool

    @property
    def folded(self) -> bool:
        """Whether no accent counts."""
        return self.accents is FOLDED


@dataclass(frozen=True, slots=True)
class Query:
    """A query taken apart. Without alternatives it finds nothing. `grams`: those of the copy that is to be asked."""

    alternatives: tuple[Alternative, ...]
    accented: bool
    grams: Grams = field(default=NO_GRAMS, repr=False, compare=False)

    def match(
        self, *, folded: bool = False, apart: bool = False, accents: Accents | None = None, title: bool = False
    ) -> str:
        """The FTS5 expression. `accents` says more than `folded` can; `title`: for the titles alone."""
        writer = _Writer(accents or (FOLDED if folded else EXACT), apart, title, self.grams)
        return " OR ".join(writer.alternative(one) for one in self.alternatives) or NOTHING

    def readings(self, *, folded: bool = False, apart: bool = False) -> Iterator[Reading]:
        """The ways to understand it, the strictest first; the first one with hits is the answer.

        Accents typed are meant; only where nothing has them do they cease to count, those that were not typed
        before those that were. `folded` and `apart` skip the stricter readings, as a reader asks for it by a link.
        """
        seen = set()
        for accents, loose in _ways(self.accented and not folded, apart):
            match = self.match(accents=accents, apart=loose)
            if match not in seen:
                yield Reading(match, accents, loose)
            seen.add(match)


def _ways(accented: bool, apart: bool) -> Iterator[tuple[Accents, bool]]:
    manners = (True,) if apart else (False, True)
    if accented:
        yield from ((accents, loose) for loose in manners for accents in (EXACT, MIXED))
    yield from ((FOLDED, loose) for loose in manners)


class _Writer:
    """Writes the expression of one reading."""

    def __init__(self, accents: Accents, apart: bool, title: bool, grams: Grams) -> None:
        self.accents, self.apart, self.title = accents, apart, title
        self.grams = NO_GRAMS if title else grams

    def alternative(self, alternative: Alternative) -> str:
        wanted = dict.fromkeys(part for run in alternative.runs for part in self.run(run)) or [EVERY_ARTICLE]
        expression = f"({' AND '.join(wanted)})"
        if alternative.unwanted:
            unwanted = dict.fromkeys(self.piece(piece) for piece in alternative.unwanted)
            expression = f"({expression} NOT ({' OR '.join(unwanted)}))"
        return expression

    def run(self, run: tuple[Piece, ...]) -> Iterator[str]:
        """What must all hold for words that were typed in a row."""
        for alone, pieces in groupby(run, key=lambda piece: piece.alone):
            if alone:
                yield from map(self.piece, pieces)
            elif self.apart:
                yield from (part for piece in pieces for part in self.fallen_apart(piece))
            else:
                yield from self.phrase(list(pieces))

    def piece(self, piece: Piece) -> str:
        """Any of the forms of a piece."""
        folded = self.folds(piece)
        found = self.any_of(piece.forms(folded), folded, piece.prefix)
        if not piece.tokens or self.title:
            return found
        return f"({found} OR {any_token(piece.tokens)})"

    def fallen_apart(self, piece: Piece) -> Iterator[str]:
        """The words as typed each for themselves, or another form of the piece."""
        folded = self.folds(piece)
        typed = [self.any_of([words], folded) for words in (t.folded if folded else t.exact for t in piece.terms)]
        others = piece.forms(folded)[1:]
        if others:
            yield f"(({' AND '.join(dict.fromkeys(typed))}) OR {self.any_of(others, folded)})"
        else:
            yield from typed

    def phrase(self, pieces: list[Piece]) -> Iterator[str]:
        """All pieces side by side. Where some were typed with accents, those as typed and all without."""
        if self.accents is not MIXED or len({piece.accented for piece in pieces}) == 1:
            folded = self.folds(pieces[0])
            yield self.any_of(_in_a_row(pieces, folded), folded)
            return
        for accented, some in groupby(pieces, key=lambda piece: piece.accented):
            if accented:
                yield self.any_of(_in_a_row(list(some), folded=False), folded=False)
        yield self.any_of(_in_a_row(pieces, folded=True), folded=True)

    def folds(self, piece: Piece) -> bool:
        return self.accents is FOLDED or (self.accents is MIXED and not piece.accented)

    def any_of(self, phrases: Iterable[Words], folded: bool, prefix: bool = False) -> str:
        """Any of some phrases. Those that have grams each for themselves, together with their grams."""
        parts = []
        for words in dict.fromkeys(phrases):
            text = folded_words(" ".join(words)) if folded else " ".join(words)
            quoted = f'"{text}"{" *" if prefix and len(words[-1]) >= MIN_PREFIX else ""}'
            if grams := self.grams.of_phrase(words[:-1] if prefix else words, folded):
                parts.append(f"({' AND '.join([*(_quoted(gram) for gram in grams), quoted])})")
            else:
                parts.append(quoted)
        return parts[0] if len(parts) == 1 else f"({' OR '.join(parts) or NOTHING})"


def _quoted(word: str) -> str:
    return f'"{word}"'


def _in_a_row(pieces: list[Piece], folded: bool) -> Iterator[Words]:
    choices = product(*(piece.forms(folded) for piece in pieces))
    return (tuple(word for words in choice for word in words) for choice in islice(choices, MAX_PHRASES))
