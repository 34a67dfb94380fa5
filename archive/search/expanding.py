"""What else may stand for the words of a query: abbreviations and what they stand for, the words that begin with the
letters before a *, and the articles that cite a document whose code was typed.

What depends on a copy is looked up by the caller: `wanted()` says what for, `expand()` takes what was found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from archive.abbreviations import Abbreviations
from archive.search.matching import Query
from archive.search.query import Alternative, Piece, Words
from archive.search.text import fold, normalise, words

BEGINNINGS = 50  # words that a beginning is expanded to: the commonest
LONGEST_CODE = 6  # pieces: "12 / 2018 / QĐ - TTg"
LONGEST_PHRASE = 12  # words of what an abbreviation stands for
MAX_CANDIDATES = 100

# Of a code, where no "tư" is a syllable.
_CENTRAL = re.compile(r"(?<![^\W_])t[. ]?ư(?![^\W_])", re.IGNORECASE)
_MARKS = ".,;:!?()[]{}"


@dataclass(frozen=True, slots=True)
class CitedCode:
    """A code that articles of the copy cite: its one form, and the token of those that do."""

    text: str
    token: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look up in a copy: beginnings of words in the index's form, and what may be codes (see compact())."""

    beginnings: frozenset[str]
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Expanded:
    """A query with all that may stand for its words, and what to tell the reader about it."""

    query: Query
    aliases: Mapping[str, Words] = field(default_factory=dict)  # what was typed: what is looked for as well
    ambiguous: Mapping[str, Words] = field(default_factory=dict)  # what was typed: what it may mean; not looked for
    codes: tuple[str, ...] = ()  # of documents, in their one form
    beginnings: tuple[str, ...] = ()  # that more words have than were looked for


def compact(code: str) -> str:
    """What is the same for all spellings of a code: "25-NQ/TW", "025 – nq/tư" and "25NQTW" are "25nqtw"."""
    return "".join(words(fold(_CENTRAL.sub("TW", code)))).lower().lstrip("0")


def wanted(query: Query) -> Wanted:
    """What expand() needs to know of the copy."""
    beginnings, codes = set(), set()
    for run in (run for alternative in query.alternatives for run in (*alternative.runs, alternative.unwanted)):
        for piece in run:
            beginnings |= {form[-1].lower() for form in (*piece.exact, *piece.folded) if piece.prefix}
        codes |= {code for _, _, code in _code_windows(run)}
    return Wanted(frozenset(beginnings), frozenset(sorted(codes)[:MAX_CANDIDATES]))


def expand(
    query: Query,
    beginnings: Mapping[str, Sequence[str]],
    codes: Mapping[str, CitedCode],
    abbreviations: Abbreviations | None,
) -> Expanded:
    """Put into a query all that may stand for its words. `beginnings`: the commonest words of each, at most BEGINNINGS
    and one; without `abbreviations` none is expanded."""
    expander = _Expander(beginnings, codes, abbreviations)
    alternatives = tuple(
        Alternative(
            tuple(expander.run(run) for run in alternative.runs),
            tuple(expander.beginning(piece) for piece in alternative.unwanted),
        )
        for alternative in query.alternatives
    )
    return Expanded(
        replace(query, alternatives=alternatives),
        expander.aliases,
        expander.ambiguous,
        tuple(dict.fromkeys(expander.found_codes)),
        tuple(dict.fromkeys(expander.cut)),
    )


class _Expander:
    def __init__(
        self,
        beginnings: Mapping[str, Sequence[str]],
        codes: Mapping[str, CitedCode],
        abbreviations: Abbreviations | None,
    ) -> None:
        self.beginnings, self.codes, self.abbreviations = beginnings, codes, abbreviations
        self.aliases: dict[str, Words] = {}
        self.ambiguous: dict[str, Words] = {}
        self.found_codes: list[str] = []
        self.cut: list[str] = []

    def run(self, run: tuple[Piece, ...]) -> tuple[Piece, ...]:
        run = self.with_codes(run)
        if self.abbreviations is not None:
            run = self.with_aliases(run, self.abbreviations)
        return tuple(self.beginning(piece) for piece in run)

    def with_codes(self, run: tuple[Piece, ...]) -> tuple[Piece, ...]:
        found = {(start, end): self.codes[code] for start, end, code in _code_windows(run) if code in self.codes}

        def at(start: int) -> tuple[Piece, int] | None:
            ends = [end for first, end in found if first == start]
            if not ends:
                return None
            code = found[start, max(ends)]
            self.found_codes.append(code.text)
            typed = Piece.of(*(term for piece in run[start : max(ends)] for term in piece.terms), alone=True)
            return replace(_or_else(typed, [code.text]), tokens=(code.token,)), max(ends)

        return _replaced(run, at)

    def with_aliases(self, run: tuple[Piece, ...], known: Abbreviations) -> tuple[Piece, ...]:
        def at(start: int) -> tuple[Piece, int] | None:
            for end in range(min(len(run), start + LONGEST_PHRASE), start, -1):
                pieces = run[start:end]
                if any(piece.alone or piece.terms[0].quoted for piece in pieces):
                    continue
                typed = " ".join(term.typed.strip(_MARKS) for piece in pieces for term in piece.terms)
                if others := _others(known, typed):
                    self.aliases[typed] = others
                    return _or_else(Piece.of(*(term for piece in pieces for term in piece.terms)), others), end
                if meanings := known.expansions(typed, ambiguous=True):
                    self.ambiguous[typed] = meanings
            return None

        return _replaced(run, at)

    def beginning(self, piece: Piece) -> Piece:
        """The commonest words that begin so; where there are none, the beginning itself, which finds nothing."""
        if not piece.prefix:
            return piece
        forms = [[self.written_out(form) for form in piece.forms(folded)] for folded in (False, True)]
        exact, folded = ([words for found in lists for words in found][:BEGINNINGS] for lists in forms)
        if not exact and not folded:
            return piece
        if max(len(self.beginnings.get(form[-1].lower(), ())) for form in (*piece.exact, *piece.folded)) > BEGINNINGS:
            self.cut.append(piece.terms[-1].exact[-1])
        return replace(piece, exact=tuple(exact), folded=tuple(folded), prefix=False)

    def written_out(self, form: Words) -> list[Words]:
        return [(*form[:-1], word) for word in self.beginnings.get(form[-1].lower(), ())]


def _others(known: Abbreviations, typed: str) -> Words:
    """What stands for an abbreviation or for a phrase, and what else stands for that: TW, Trung ương, TƯ."""
    phrases = known.expansions(typed)
    found = [*phrases, *(known.abbreviations(typed) if " " in typed else ())]
    found += [abbreviation for phrase in phrases for abbreviation in known.abbreviations(phrase)]
    own = _key(typed)
    return tuple(dict.fromkeys(other for other in found if _key(other) != own))


def _key(text: str) -> Words:
    return tuple(words(normalise(text).lower()))


def _or_else(piece: Piece, others: Iterable[str]) -> Piece:
    """The piece with further forms behind its own."""
    texts = tuple(others)
    exact = dict.fromkeys((*piece.exact, *(tuple(words(normalise(text).lower())) for text in texts)))
    folded = dict.fromkeys((*piece.folded, *(tuple(words(fold(text).lower())) for text in texts)))
    return replace(piece, exact=tuple(exact), folded=tuple(folded))


def _replaced(run: tuple[Piece, ...], at: Callable[[int], tuple[Piece, int] | None]) -> tuple[Piece, ...]:
    """The run with what `at` puts in the place of the pieces from a start to an end."""
    made, start = [], 0
    while start < len(run):
        piece, end = at(start) or (run[start], start + 1)
        made.append(piece)
        start = end
    return tuple(made)


def _code_windows(run: tuple[Piece, ...]) -> Iterator[tuple[int, int, str]]:
    """Where a code may stand: pieces from the first to before the second number, and what compact() makes of them."""
    for start, piece in enumerate(run):
        if not piece.folded[0][0][0].isdigit():
            continue
        code = ""
        for end in range(start + 1, min(len(run), start + LONGEST_CODE) + 1):
            if run[end - 1].prefix:
                break
            code += f" {' '.join(run[end - 1].exact[0])}"
            if not compact(code).isdigit():
                yield start, end, compact(code)
