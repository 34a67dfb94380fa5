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

from archive import filtering, search
from archive.files.publishing import TEXT_OF_AN_ARTICLE
from archive.search.addresses import address_key

AT_ONCE = 2_000  # articles
LONGEST_WORD = 40  # letters of a word that word* can find

_TEXTS = ("title", "lead", "body", "files")
_VIEW = (
    "create view articles_search as select seq, title, lead, body, files, title as title_f, lead as lead_f, "
    "body as body_f, files as files_f, filters from (select seq, {title}, {lead}, {body}, {files}, "
    "(select tokens from article_filters f where f.seq = articles.seq) as filters from articles)"
)
TABLES = (
    "create virtual table articles_fts using fts5(title, lead, body, files, title_f, lead_f, body_f, files_f, filters, "
    "content='articles_search', content_rowid='seq', tokenize='unicode61 remove_diacritics 0')",
    "insert into articles_fts(articles_fts, rank) values ('rank', 'bm25(10, 4, 1, 0.5, 5, 2, 0.5, 0.25, 0)')",
    "create virtual table titles_fts using fts5(title, title_f, filters, content='', "
    "tokenize='unicode61 remove_diacritics 0')",
    "insert into titles_fts(titles_fts, rank) values ('rank', 'bm25(1, 1, 0)')",
    "create table vocabulary (word text primary key, n integer not null) without rowid",
    "create table addresses (address text primary key, article integer not null) without rowid",
)

_INDEXED = (
    "select a.seq, vn_norm(title), vn_norm(lead), vn_norm(body), vn_norm(files), "
    "vn_fold(title), vn_fold(lead), vn_fold(body), vn_fold(files), filters "
    f"from (select seq, title, lead, body, {TEXT_OF_AN_ARTICLE} as files, "
    "(select tokens from article_filters f where f.seq = articles.seq) as filters "
    "from articles where seq in (select seq from batch)) a order by a.seq"
)
_COLUMNS = "rowid, title, lead, body, files, title_f, lead_f, body_f, files_f, filters"
_TITLES = (
    "select seq, vn_norm(title), vn_fold(title), (select tokens from article_filters f where f.seq = articles.seq) "
    "from articles where seq in (select seq from batch) order by seq"
)


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
    search.register(db)
    tokens = filtering.Tokens(db)
    for some in _some(seqs):
        tokens.write(filtering.take(db, some))
        db.execute(f"insert into articles_fts({_COLUMNS}) {_INDEXED}")
        db.execute(f"insert into titles_fts(rowid, title, title_f, filters) {_TITLES}")


def remove_rows(db: sqlite3.Connection, seqs: Iterable[int]) -> None:
    """Take articles out of the index. To be called before anything of them is changed: FTS5 must be told exactly
    the words that were put in, and finds words for ever that it was not told of."""
    search.register(db)
    for some in _some(seqs):
        filtering.take(db, some)
        db.execute(f"insert into articles_fts(articles_fts, {_COLUMNS}) select 'delete', * from ({_INDEXED})")
        db.execute(
            f"insert into titles_fts(titles_fts, rowid, title, title_f, filters) select 'delete', * from ({_TITLES})"
        )
        db.execute("delete from article_filters where seq in (select seq from batch)")


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
    db.execute("delete from vocabulary")
    db.execute("create virtual table temp.words_of_index using fts5vocab(main, articles_fts, row)")
    db.execute(
        "insert into vocabulary select term, doc from temp.words_of_index "
        f"where length(term) <= ? and not {filtering.LOOKS_LIKE_A_TOKEN.format(word='term')}",
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
    is_token = filtering.LOOKS_LIKE_A_TOKEN.format(word="word")
    db.execute(f"delete from vocabulary where n <= 0 or {is_token}")


def _some(seqs: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(seqs)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _visible(column: str) -> str:
    """SQL for what search.visible() does to NFC text: the index and what it marks must count words alike."""
    for character in search.INVISIBLE:
        column = f"replace({column}, char({ord(character)}), '')"
    return column
