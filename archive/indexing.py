"""The search index of a copy: filled for any set of its articles, or rid of them, in the caller's transaction.

Raw SQL: one FTS5 table with an accented and a folded column for each text, whose content is a view on the text as
written, so that hits are marked in the original; a second one of the titles alone, for "best first"; the words that
the copy has, for `word*`; every address that an article was ever seen under, in one form.

Of the index's own commands only 'optimize' may be given: 'rebuild' would index the text as the view has it, unfolded.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from archive import filtering, grams, search
from archive.files.publishing import TEXT_OF_AN_ARTICLE
from archive.search.addresses import address_key

AT_ONCE = 2_000  # articles
LONGEST_WORD = 40  # letters of a word that word* can find

_TEXTS = ("title", "lead", "body", "files")
_VIEW = (
    "create view articles_search as select seq, '' as grams, title, lead, body, files, title as title_f, "
    "lead as lead_f, body as body_f, files as files_f, filters from (select seq, {title}, {lead}, {body}, {files}, "
    "(select tokens from article_filters f where f.seq = articles.seq) as filters from articles)"
)
TABLES = (
    f"create virtual table articles_fts using fts5({', '.join(search.COLUMNS)}, "
    "content='articles_search', content_rowid='seq', tokenize='unicode61 remove_diacritics 0')",
    "insert into articles_fts(articles_fts, rank) values ('rank', 'bm25(0, 10, 4, 1, 0.5, 5, 2, 0.5, 0.25, 0)')",
    # What FTS5 holds in memory before it writes: less makes it merge again and again what it has written.
    f"insert into articles_fts(articles_fts, rank) values ('hashsize', {64 << 20})",
    "create virtual table titles_fts using fts5(title, title_f, filters, content='', "
    "tokenize='unicode61 remove_diacritics 0')",
    "insert into titles_fts(titles_fts, rank) values ('rank', 'bm25(1, 1, 0)')",
    "create table vocabulary (word text primary key, n integer not null) without rowid",
    "create table addresses (address text primary key, article integer not null) without rowid",
    *grams.TABLES,
)

_TO_INDEX = (
    f"select seq, title, lead, body, {TEXT_OF_AN_ARTICLE} as files, "
    "(select tokens from article_filters f where f.seq = articles.seq) as filters "
    "from articles where seq in (select seq from batch) order by seq"
)
_ARTICLE = f"(rowid, {', '.join(search.COLUMNS)}) values (?, {', '.join('?' * len(search.COLUMNS))})"
_TITLE = "(rowid, title, title_f, filters) values (?, ?, ?, ?)"
_Row = tuple[int | str | None, ...]


def prepare(db: sqlite3.Connection) -> None:
    """Make the index, empty; `articles` with its `seq`, and `files`, are there."""
    filtering.prepare(db)
    shown = {column: f"{_visible(column)} as {column}" for column in ("title", "lead", "body")}
    shown["files"] = f"{_visible(TEXT_OF_AN_ARTICLE)} as files"
    db.execute(_VIEW.format(**shown))
    for statement in TABLES:
        db.execute(statement)


def index_rows(db: sqlite3.Connection, seqs: Iterable[int]) -> None:
    """Put the articles of these seqs, with all that hangs on them, into the index. None of them may be in it."""
    tokens, of_copy = filtering.Tokens(db), grams.of_copy(db)
    for some in _some(seqs):
        tokens.write(filtering.take(db, some))
        titles: list[_Row] = []
        db.executemany(f"insert into articles_fts{_ARTICLE}", _rows(db, of_copy, titles))
        db.executemany(f"insert into titles_fts{_TITLE}", titles)


def remove_rows(db: sqlite3.Connection, seqs: Iterable[int]) -> None:
    """Take articles out of the index. To be called before anything of them is changed: FTS5 must be told exactly
    the words that were put in, and finds words for ever that it was not told of."""
    of_copy = grams.of_copy(db)
    for some in _some(seqs):
        filtering.take(db, some)
        titles: list[_Row] = []
        db.executemany(_forget("articles_fts", _ARTICLE), _rows(db, of_copy, titles))
        db.executemany(_forget("titles_fts", _TITLE), titles)
        db.execute("delete from article_filters where seq in (select seq from batch)")


def _forget(table: str, row: str) -> str:
    return f"insert into {table}{row}".replace("(", f"({table}, ", 1).replace("values (", "values ('delete', ")


def _rows(db: sqlite3.Connection, of_copy: search.Grams, titles: list[_Row]) -> Iterator[_Row]:
    """What articles_fts holds of the articles of `batch`, one by one; what titles_fts holds of them is put into
    `titles`."""
    for seq, *texts, filters in db.execute(_TO_INDEX):
        exact = [None if text is None else search.normalise(text) for text in texts]
        folded = [None if text is None else search.fold(text) for text in texts]
        marked = [text and search.folded_words(text) for text in folded]
        tokens = search.tokens_of_filters(filters)
        titles.append((seq, exact[0], marked[0], tokens))
        yield (seq, of_copy.of_texts(filter(None, folded)), *exact, *marked, tokens)


def index_addresses(db: sqlite3.Connection) -> None:
    """Every address ever seen, in one form. The one that an article has now counts before those that others had."""
    _address_keys(db)
    for rows in ("select url, id as article from articles", "select url, article from urls"):
        db.execute(
            "insert or ignore into addresses select address, article from "
            f"(select address_key(url) as address, article from ({rows})) where address is not null"
        )


def renew_addresses(db: sqlite3.Connection, articles: str) -> None:
    """The same anew for the articles of a temporary table (id), whose rows are as they are to be."""
    _address_keys(db)
    db.execute(f"delete from addresses where article in (select id from {articles})")
    current = "(select address_key(url) from articles where id = addresses.article)"
    db.execute(
        "insert into addresses select address, id from (select address_key(url) as address, id from articles "
        f"where id in (select id from {articles}) order by id) where address is not null on conflict (address) "
        f"do update set article = excluded.article where {current} is not addresses.address"
    )
    db.execute(
        "insert or ignore into addresses select address, article from (select address_key(url) as address, article "
        f"from urls where article in (select id from {articles})) where address is not null"
    )


def _address_keys(db: sqlite3.Connection) -> None:
    db.create_function("address_key", 1, lambda url: address_key(url or "") or None, deterministic=True)


def count_words(db: sqlite3.Connection) -> None:
    """The words of the whole index anew, with the number of articles of each."""
    db.create_function("plain", 1, search.plain, deterministic=True)
    db.execute("delete from vocabulary")
    db.execute("create virtual table temp.words_of_index using fts5vocab(main, articles_fts, row)")
    # A word without accents is in the folded columns wherever it is in the others.
    db.execute(
        "insert into vocabulary select plain(term) as word, max(doc) from temp.words_of_index "
        "where length(term) <= ? group by word having word is not null",
        [LONGEST_WORD],
    )
    db.execute("drop table temp.words_of_index")


def change_words(db: sqlite3.Connection, seqs: Iterable[int], by: int) -> None:
    """Count the words of some articles of the copy in the vocabulary, or out of it: `by` is 1 or -1."""
    counted: Counter[str] = Counter()
    for some in _some(seqs):
        marks = ", ".join(str(int(seq)) for seq in some)
        for texts in db.execute(f"select {', '.join(_TEXTS)} from articles_search where seq in ({marks})"):
            text = "\n".join(text for text in texts if text)
            counted.update(
                {word.lower() for form in (search.normalise, search.fold) for word in search.words(form(text))}
            )
    db.executemany(
        "insert into vocabulary values (?, ?) on conflict (word) do update set n = n + excluded.n",
        [(word, by * n) for word, n in sorted(counted.items()) if len(word) <= LONGEST_WORD],
    )
    db.execute("delete from vocabulary where n <= 0")


def _some(seqs: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(seqs)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _visible(column: str) -> str:
    """SQL for what search.visible() does to NFC text: the index and what it marks must count words alike."""
    for character in search.INVISIBLE:
        column = f"replace({column}, char({ord(character)}), '')"
    return column
