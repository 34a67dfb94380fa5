"""Vietnamese for the search index, and the language of the search box.

The index holds every text twice: `normalise`d (accents count) and `fold`ed (they do not). Both keep the
length and the words of a text, so what matched in the folded column can be marked in the accented original.
The reader's words never reach SQLite as they are: `parse` takes them apart, and `Query.match` writes an FTS5
expression of quoted words. Nothing that can be typed is an error.

text.py: the written forms · reader.py: takes apart what was typed · query.py: what that is · matching.py: FTS5 ·
expanding.py: abbreviations, word* and codes of documents · marking.py: what tells the words of the index apart ·
grams.py: what makes phrases of common words quick · addresses.py: an article's address in any form.
"""

from archive.search.grams import NO_GRAMS, Grams
from archive.search.marking import folded_words, is_folded, plain, tokens_of_filters
from archive.search.matching import (
    COLUMNS,
    EVERY_ARTICLE,
    EXACT,
    FOLDED,
    MIXED,
    NOTHING,
    Accents,
    Query,
    Reading,
    any_token,
)
from archive.search.query import MAX_LETTERS, MAX_WORDS, MIN_PREFIX, Alternative, Piece, Term
from archive.search.reader import parse
from archive.search.text import INVISIBLE, fold, normalise, register, visible, words

# Raise it with every change of normalise(), fold() or the index: a copy indexed by another version is built anew.
NORMALISER_VERSION = 5

__all__ = [
    "COLUMNS",
    "EVERY_ARTICLE",
    "EXACT",
    "FOLDED",
    "INVISIBLE",
    "MAX_LETTERS",
    "MAX_WORDS",
    "MIN_PREFIX",
    "MIXED",
    "NORMALISER_VERSION",
    "NOTHING",
    "NO_GRAMS",
    "Accents",
    "Alternative",
    "Grams",
    "Piece",
    "Query",
    "Reading",
    "Term",
    "any_token",
    "fold",
    "folded_words",
    "is_folded",
    "normalise",
    "parse",
    "plain",
    "register",
    "tokens_of_filters",
    "visible",
    "words",
]
