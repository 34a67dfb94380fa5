"""The words of the index that nobody typed: in characters for private use, no two kinds of which share a word.

FTS5 keeps one list a word for all columns, and reads it whole to tell the columns apart. "cho" is a word as much as it
is what is left of "chờ", "chợ" and "chó", and would be looked for among all of them. So the folded words stand in
letters of their own, and the tokens of filters do; a word then says where it is looked for, and no expression names a
column. Both keep the length and the words of a text.
"""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase, digits

# U+F020 to U+F0FF is left alone: texts that were pasted from Word have their bullets there.
FIRST_GRAM, LAST_GRAM = 0xE000, 0xE7FF  # see grams.py
_FOLDED, _TOKEN = 0xE800, 0xE900  # and the code of the letter or digit

_SMALL = dict(zip(ascii_lowercase + ascii_uppercase + digits, ascii_lowercase * 2 + digits, strict=True))
_SMALL["ſ"] = "s"  # as FTS5 has it
_MARKS = {ord(letter): _FOLDED + ord(small) for letter, small in _SMALL.items()}
_PLAIN = {_FOLDED + ord(small): small for small in _SMALL.values()}
_TOKENS = {ord(letter): _TOKEN + ord(letter) for letter in ascii_lowercase + digits}


def folded_words(folded: str) -> str:
    """A text without accents, as it stands in the index; see fold()."""
    return folded.translate(_MARKS)


def tokens_of_filters(tokens: str) -> str:
    """Tokens of filters (filtering.py) as they stand in the index."""
    return tokens.translate(_TOKENS)


def plain(word: str) -> str | None:
    """A word of the index as a reader would type it; None for what is no word of a text."""
    first = ord(word[0])
    if FIRST_GRAM <= first <= LAST_GRAM or first >> 8 == _TOKEN >> 8:
        return None
    return word.translate(_PLAIN)


def is_folded(expression: str) -> bool:
    """Whether an FTS5 expression asks for words without accents."""
    return any(ord(character) in _PLAIN for character in expression)
