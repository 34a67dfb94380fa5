"""The common words of a copy and their common rows, which its grams follow from (search/grams.py).

They are chosen when a copy is built in full, from articles spread evenly over it, and stay as they are in all copies
that are made by changing it: an article must be taken out of the index by the very grams that it was put in with.
Which ones are chosen makes searches quick or slow, and never another answer.
"""

from __future__ import annotations

import sqlite3

from archive import search
from archive.files.publishing import TEXT_OF_AN_ARTICLE
from archive.search.grams import choose

LEAST = 20_000  # articles; in fewer any phrase is found at once
SAMPLED = 4_000  # articles
OUTGROWN = 2  # times as many articles as when the words were chosen

TABLES = (
    "create table common_words (word text primary key, code text not null) without rowid",
    "create table common_rows (codes text primary key) without rowid",
    "create table common_of (articles integer not null)",
)


def find(db: sqlite3.Connection) -> None:
    """Choose them for the articles of a copy that is being built, in the caller's transaction."""
    (articles,) = db.execute("select count(*) from articles").fetchone()
    db.execute("insert into common_of values (?)", [articles])
    if articles < LEAST:
        return
    step = max(1, articles // SAMPLED)
    seqs = [seq for (seq,) in db.execute("select seq from articles order by seq")][::step]
    sample = (
        db.execute(f"select title, lead, body, {TEXT_OF_AN_ARTICLE} from articles where seq = ?", [seq]).fetchone()
        for seq in seqs
    )
    grams = choose([[search.fold(text) for text in texts if text] for texts in sample])
    db.executemany("insert into common_words values (?, ?)", grams.words.items())
    db.executemany("insert into common_rows values (?)", [(row,) for row in sorted(grams.rows)])


def of_copy(db: sqlite3.Connection) -> search.Grams:
    """Those of a copy."""
    words = dict(db.execute("select word, code from common_words").fetchall())
    return search.Grams(words, frozenset(codes for (codes,) in db.execute("select codes from common_rows")))


def outgrown(db: sqlite3.Connection, articles: int) -> bool:
    """Whether a copy of so many articles is so much larger than when they were chosen that others ought to be."""
    (then,) = db.execute("select articles from common_of").fetchone()
    return bool(articles >= max(LEAST, OUTGROWN * then))
