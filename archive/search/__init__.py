"""Vietnamese for the search index, and the language of the search box.

The index holds every text twice: `normalise`d (accents count) and `fold`ed (they do not). Both keep the
length and the words of a text, so what matched in the folded column can be marked in the accented original.
The reader's words never reach SQLite as they are: `parse` takes them apart, and `Query.match` writes an FTS5
expression of quoted words under an explicit column filter. Nothing that can be typed is an error.

text.py: the written forms · reader.py: takes apart what was typed · query.py: what that is · matching.py: FTS5 ·
expanding.py: abbreviations, word* and codes of documents · grams.py: what makes phrases of common words quick ·
addresses.py: an article's address in any form.
"""

from archive.search.grams import GRAMS_COLUMN, NO_GRAMS, Grams
from archive.search.matching import (
    COLUMNS,
    EVERY_ARTICLE,
    EXACT,
    EXACT_COLUMNS,
    FILTERS_COLUMN,
    FOLDED,
    FOLDED_COLUMNS,
    MIXED,
    NOTHING,
    Accents,
    Query,
    Reading,
)
from archive.search.query import MAX_LETTERS, MAX_WORDS, MIN_PREFIX, Alternative, Piece, Term
from archive.search.reader import parse
from archive.search.text import INVISIBLE, fold, normalise, register, visible, words

# Raise it with every change of normalise(), fold() or the index: a copy indexed by another version is built anew.
NORMALISER_VERSION = 4

__all__ = [
    "COLUMNS",
    "EVERY_ARTICLE",
    "EXACT",
    "EXACT_COLUMNS",
    "FILTERS_COLUMN",
    "FOLDED",
    "FOLDED_COLUMNS",
    "GRAMS_COLUMN",
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
    "fold",
    "normalise",
    "parse",
    "register",
    "visible",
    "words",
]
