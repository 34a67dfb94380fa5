"""Vietnamese for the search index: one written form, accents off, and the language of the search box.

The index holds every text twice: `normalise`d (accents count) and `fold`ed (they do not). Both keep the
length and the words of a text, so what matched in the folded column can be marked in the accented original.
The reader's words never reach SQLite as they are: `parse` takes them apart, and `Query.match` writes an FTS5
expression of quoted words under an explicit column filter. Nothing that can be typed is an error.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Raise it with every change of normalise(), fold() or the index: a copy indexed by another version is built anew.
NORMALISER_VERSION = 2

EXACT_COLUMNS = "{title lead body files}"  # `files`: the text of attached files
FOLDED_COLUMNS = "{title_f lead_f body_f files_f}"
NOTHING = '""'  # the FTS5 expression that no text matches

MAX_LETTERS = 4_000  # of a query; what follows is left unread
MAX_WORDS = 200
MIN_PREFIX = 3  # letters before a *: shorter ones would expand to half the vocabulary

# Soft hyphen, zero-width blanks and joiners, byte order mark: on no screen, in many a pasted text.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"

# What FTS5's unicode61 takes for a word: letters and numbers, and the marks that stand above or below them.
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u0331])+")


def _tone_table() -> dict[str, str]:
    """The tone of an open oa, oe, uy moves to its first vowel: "oà" -> "òa"."""
    table = {}
    for first in "oOuU":
        for second in "aAeEyY":
            for tone in "\u0300\u0301\u0303\u0309\u0323":
                late = first + unicodedata.normalize("NFC", second + tone)
                table[late] = unicodedata.normalize("NFC", first + tone) + second
    return table


def _fold_table() -> dict[int, str]:
    """Every precomposed Latin letter to its base letter, and đ to d."""
    table = {ord(letter): "d" for letter in "đðɖ"} | {ord(letter): "D" for letter in "ĐÐƉ"}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base.isalpha():
            table[code] = base
    return table


_TONES = _tone_table()
_FOLDED = _fold_table()
_OTHER_D = {"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"}
# An open syllable in oa, oe, uy with the tone late; "quý" is qu + y and stays, "hoàn" is closed and stays.
# Both patterns begin with a letter and look back from behind it: five times quicker than looking back first.
_LATE_TONE = re.compile(r"[oOuU](?<![qQ].)[àáảãạèéẻẽẹỳýỷỹỵÀÁẢÃẠÈÉẺẼẸỲÝỶỸỴ](?![^\W\d_])")
_CENTRAL = re.compile(r"T(?<![^\W_]T)(\.?)Ư(?![^\W_])")


def normalise(text: str) -> str:
    """One written form, accents kept: NFC, old-style tone placement ("ủy", "hòa"), one đ, nothing invisible.

    Keeps the length and the words of a visible NFC text. Letter case is left to the index.
    """
    text = visible(text)
    for other, letter in _OTHER_D.items():
        text = text.replace(other, letter)
    return _LATE_TONE.sub(lambda found: _TONES[found[0]], text)


def fold(text: str) -> str:
    """Accents off: "Đảng" -> "Dang". TƯ (central) becomes "TW", so that TU (provincial) stays apart from it.

    Keeps the length and the words of a visible NFC text.
    """
    return _CENTRAL.sub(_central, visible(text)).translate(_FOLDED)


def visible(text: str) -> str:
    """The text in NFC, without the characters that no reader sees."""
    for character in INVISIBLE:
        text = text.replace(character, "")
    return unicodedata.normalize("NFC", text)


def words(text: str) -> list[str]:
    """The words of a text, cut as the index cuts them."""
    return _WORD.findall(text)


def register(connection: sqlite3.Connection) -> None:
    """Give a connection the SQL functions vn_norm() and vn_fold(); null stays null."""
    for name, function in (("vn_norm", normalise), ("vn_fold", fold)):
        connection.create_function(
            name, 1, lambda text, f=function: None if text is None else f(str(text)), deterministic=True
        )


def _central(found: re.Match[str]) -> str:
    """TƯ or T.Ư to TW, but for the syllable in a line of capitals ("ĐẦU TƯ", "TƯ TƯỞNG")."""
    before = re.search(r"(\S+) $", found.string[max(0, found.start() - 12) : found.start()])
    after = re.match(r" (\S+)", found.string[found.end() : found.end() + 12])
    left, right = before[1] if before else "", after[1] if after else ""
    of_the_party = right.startswith(("ĐẢNG", "ĐOÀN"))
    syllable = not found[1] and (_is_capital_syllable(left) or (_is_capital_syllable(right) and not of_the_party))
    return found[0] if syllable else f"T{found[1]}W"


def _is_capital_syllable(word: str) -> bool:
    return len(word) > 1 and word.isupper() and not word.isascii()


@dataclass(frozen=True, slots=True)
class Term:
    """Words that always stand side by side: one word, a document number, or a "quoted phrase"."""

    exact: tuple[str, ...]
    folded: tuple[str, ...]
    prefix: bool = False

    def words(self, folded: bool) -> tuple[str, ...]:
        """The words as one of the two forms of the index holds them."""
        return self.folded if folded else self.exact


@dataclass(frozen=True, slots=True)
class Alternative:
    """What stands between two OR. The terms of a run were typed in a row: a phrase first, then apart."""

    runs: tuple[tuple[Term, ...], ...]
    unwanted: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a query: an FTS5 expression, and what to tell the reader about it."""

    match: str
    folded: bool
    apart: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A query taken apart. Without alternatives it finds nothing."""

    alternatives: tuple[Alternative, ...]
    accented: bool

    def match(self, *, folded: bool, apart: bool) -> str:
        """The FTS5 expression; always valid, every word quoted and under a column filter."""
        columns = FOLDED_COLUMNS if folded else EXACT_COLUMNS
        wanted = [_alternative(alternative, columns, folded, apart) for alternative in self.alternatives]
        return " OR ".join(wanted) or NOTHING

    def readings(self, *, folded: bool = False, apart: bool = False) -> Iterator[Reading]:
        """The ways to understand it, the strictest first; the first one with hits is the answer.

        Accents typed are meant; only where nothing has them do they cease to count. `folded` and `apart`
        skip the stricter readings, as a reader asks for it by a link.
        """
        seen = set()
        for without_accents in (False, True) if self.accented and not folded else (True,):
            for loose in (True,) if apart else (False, True):
                match = self.match(folded=without_accents, apart=loose)
                if match not in seen:
                    yield Reading(match, without_accents, loose)
                seen.add(match)


def _alternative(alternative: Alternative, columns: str, folded: bool, apart: bool) -> str:
    wanted = []
    for run in alternative.runs:
        for terms in [(term,) for term in run] if apart else [run]:
            wanted.append(_phrase(terms, folded))
    unwanted = [_phrase((term,), folded) for term in alternative.unwanted]
    expression = f"{columns} : ({' AND '.join(dict.fromkeys(wanted))})"
    if unwanted:
        expression = f"({expression} NOT {columns} : ({' OR '.join(dict.fromkeys(unwanted))}))"
    return expression


def _phrase(terms: tuple[Term, ...], folded: bool) -> str:
    text = " ".join(word for term in terms for word in term.words(folded))
    return f'"{text}"' + (" *" if terms[-1].prefix else "")


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
    return Query(reader.finish(), accented=exact.translate(_FOLDED) != exact)


class _Reader:
    """Collects the items of a query into alternatives; forgotten when parse() is done."""

    def __init__(self) -> None:
        self.alternatives: list[Alternative] = []
        self.runs: list[list[Term]] = []
        self.unwanted: list[Term] = []
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
            self.add(term, quoted=typed is None, minus=item["minus"] is not None)

    def term(self, item: re.Match[str], folded: str) -> Term | None:
        exact_words = words(item["quoted"] if item["typed"] is None else item["typed"])[: self.room]
        folded_words = words(folded)[: self.room]
        if not exact_words or len(exact_words) != len(folded_words):
            return None
        self.room -= len(exact_words)
        starred = (item["typed"] or "").rstrip("\"'.,;:!?)]}").endswith("*")
        return Term(tuple(exact_words), tuple(folded_words), starred and len(exact_words[-1]) >= MIN_PREFIX)

    def add(self, term: Term, *, quoted: bool, minus: bool) -> None:
        if minus or self.negate:
            self.unwanted.append(term)
            self.run_open = self.negate = False
            return
        if self.run_open and not quoted:
            self.runs[-1].append(term)
        else:
            self.runs.append([term])
        self.run_open = not quoted and not term.prefix  # FTS5: a prefix ends its phrase

    def end_alternative(self) -> None:
        if self.runs:  # only unwanted words: FTS5 has no "all but", so nothing is meant
            self.alternatives.append(Alternative(tuple(map(tuple, self.runs)), tuple(self.unwanted)))
        self.runs, self.unwanted, self.run_open, self.negate = [], [], False, False

    def finish(self) -> tuple[Alternative, ...]:
        self.end_alternative()
        return tuple(self.alternatives)
