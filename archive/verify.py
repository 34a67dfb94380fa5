"""Looks at a finished copy as a reader would, before anyone does: is every article there, and is it found?

The index is asked for words taken from sampled articles, and its answers are held against reading those
articles from end to end. So an index of the wrong words is caught, however whole its file is: FTS5's own
'rebuild' would put the accented text into the folded columns, and its integrity check would call that good.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archive import filtering, grams, search

SAMPLED = 40  # articles
GRAMS = 5  # of each
WITH_FILES = 10  # of those that have attached files, besides
COLUMNS = ("title", "lead", "body", "files")

_PAIR = re.compile(r"(?<![^\s])([^\W\d_]{2,}) ([^\W\d_]{2,})(?=[\s.,;:]|$)")
_WITH_D = re.compile(r"(?<![^\s])[^\W\d_]*đ[^\W\d_]+(?=[\s.,;:]|$)")
_NUMBER = re.compile(r"(?<![^\s(])\d+ ?[-–] ?[A-ZĐ]{2,}/[A-ZĐ]{2,}(?=[\s.,;:)]|$)")


@dataclass(frozen=True, slots=True)
class Probe:
    """Something that a reader might ask for, taken from a sampled article."""

    kind: str
    text: str
    folded: bool


# Whether one article is a hit FTS5 tells by going on to the next hit from there, however far away; within the articles
# of its portal and month that is near.
_FOUND_AMONG = """
    select a.value ->> 0 from json_each(:among) a where exists (
        select 1 from articles_fts where rowid = a.value ->> 0
            and articles_fts match '(' || :match || ') AND ' || (a.value ->> 1))
"""


def problems(path: Path, changed: Sequence[int] = ()) -> list[str]:
    """What is wrong with a copy, each in a few words; empty if it may be served.

    `changed`: seqs that were put into the index last; some of them are looked at besides.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            return [*_file_problems(path, db), *_count_problems(db), *_search_problems(db, changed)]
    except sqlite3.Error as error:
        return [f"SQLite says: {error}"]


def _file_problems(path: Path, db: sqlite3.Connection) -> Iterator[str]:
    (said,) = db.execute("pragma quick_check(1)").fetchone()
    if said != "ok":
        yield f"the file is damaged ({said})"
    (mode,) = db.execute("pragma journal_mode").fetchone()
    if mode not in ("delete", "off"):
        yield f"its journal mode is {mode}"
    for suffix in ("-wal", "-shm", "-journal"):
        if path.with_name(path.name + suffix).exists():
            yield f"a {suffix} file stands beside it"


def _count_problems(db: sqlite3.Connection) -> Iterator[str]:
    for name, counted in db.execute("select name, n from counts where name like 'table/%'").fetchall():
        table = name.removeprefix("table/")
        (held,) = db.execute(f"select count(*) from [{table}]").fetchone()
        if held != counted:
            yield f"{table} holds {held} rows, not {counted}"
    (lost,) = db.execute(
        "select count(*) from articles where seq is null or seq not in (select id from articles_fts_docsize)"
    ).fetchone()
    (indexed,) = db.execute("select count(*) from articles_fts_docsize").fetchone()
    (articles,) = db.execute("select count(*) from articles").fetchone()
    if lost or indexed != articles:
        yield f"the search index holds {indexed} of {articles} articles"
    for table in ("titles_fts_docsize", "article_filters"):
        (held,) = db.execute(f"select count(*) from {table}").fetchone()
        if held != articles:
            yield f"{table} holds {held} of {articles} articles"


def _search_problems(db: sqlite3.Connection, changed: Sequence[int]) -> Iterator[str]:
    texts = _sample(db, changed)
    asked = {
        probe for fields in texts.values() for text in ("\n".join(fields[:-1]), fields[-1]) for probe in _probes(text)
    }
    read = {
        folded: {seq: [_row_of_words(field, folded) for field in fields] for seq, fields in texts.items()}
        for folded in (False, True)
    }
    among = json.dumps(_with_filters(db, list(texts)))
    for probe in sorted(asked, key=lambda probe: (probe.kind, probe.text)):
        query = search.parse(f'"{probe.text}"')
        match = query.match(folded=probe.folded, apart=False)
        found = {seq for (seq,) in db.execute(_FOUND_AMONG, {"match": match, "among": among})}
        wanted = _row_of_words(probe.text, probe.folded)
        for seq, rows in read[probe.folded].items():
            if (seq in found) != any(wanted in row for row in rows):
                verb = "finds" if seq in found else "does not find"
                yield f"the search for {probe.kind} ({probe.text}) {verb} article seq {seq}"
                return  # one is enough: a wrong index is wrong everywhere
    yield from _gram_problems(db, texts)


def _with_filters(db: sqlite3.Connection, seqs: list[int]) -> list[tuple[int, str]]:
    """Articles with the tokens of their portal and month, as an FTS5 expression."""
    letters = {filtering.LETTERS[name] for name in ("portal", "month", "undated")}
    sql = "select seq, tokens from article_filters where seq in (select value from json_each(?))"
    return [
        (seq, " AND ".join(f'"{search.tokens_of_filters(token)}"' for token in tokens.split() if token[0] in letters))
        for seq, tokens in db.execute(sql, [json.dumps(seqs)])
    ]


def _gram_problems(db: sqlite3.Connection, texts: dict[int, list[str]]) -> Iterator[str]:
    """A phrase is looked for only where its grams are: one that is missing hides an article."""
    of_copy = grams.of_copy(db)
    for seq, fields in texts.items():
        held = of_copy.of_texts([search.fold(field) for field in fields]).split()
        for gram in held[:: len(held) // GRAMS + 1]:
            sql = "select 1 from articles_fts where articles_fts match ? and rowid = ? limit 1"
            if not db.execute(sql, [f'"{gram}"', seq]).fetchone():
                yield f"article seq {seq} lacks a row of common words"
                return


def _sample(db: sqlite3.Connection, changed: Sequence[int]) -> dict[int, list[str]]:
    """The texts of articles evenly spread over the years, newest and oldest among them."""
    seqs = [seq for (seq,) in db.execute("select seq from articles order by seq")]
    step = max(1, (len(seqs) - 1) / (SAMPLED - 1)) if len(seqs) > 1 else 1
    chosen = sorted({seqs[min(len(seqs) - 1, round(i * step))] for i in range(min(SAMPLED, len(seqs)))})
    with_files = db.execute(
        "select distinct a.seq from files f join article_files l using (sha256) join articles a on a.id = l.article "
        "where f.text != '' order by f.sha256 limit ?",
        [WITH_FILES],
    )
    chosen += [seq for (seq,) in with_files]
    chosen += changed[:: len(changed) // SAMPLED + 1]
    rows = db.execute(
        f"select seq, {', '.join(COLUMNS)} from articles_search where seq in (select value from json_each(?))",
        [json.dumps(chosen)],
    )
    return {seq: [text or "" for text in fields] for seq, *fields in rows}


def _probes(text: str) -> Iterator[Probe]:
    """A pair of accented words with and without accents, a word with đ, a document number: what there is."""
    text = search.visible(text)
    for pair in (" ".join(found) for found in _PAIR.findall(text)):
        if pair.islower() and search.fold(pair) != pair:
            yield Probe("accented words", pair, folded=False)
            yield Probe("words without accents", search.fold(pair), folded=True)
            break
    if found := _WITH_D.search(text):
        yield Probe("a word with đ", found[0], folded=False)
        yield Probe("a word with d for đ", search.fold(found[0]), folded=True)
    if found := _NUMBER.search(text):
        yield Probe("a document number", found[0], folded=True)


def _row_of_words(text: str, folded: bool) -> str:
    """The words of a text in a row, in one of the two forms of the index: reading it from end to end."""
    form = search.fold if folded else search.normalise
    return f" {' '.join(search.words(form(text))).lower()} "
