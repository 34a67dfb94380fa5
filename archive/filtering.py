"""What the search can be narrowed by: each value is a word of the index, so that a filter costs less than no filter.

`filter_values` gives every value of every filter its token (`p12`, `y2022`), its label and how many articles of the
copy have it; `article_filters` holds the tokens of each article in one text, to be counted over many hits at once.
The same tokens stand in the column `filters` of the index, in letters of their own (search/marking.py). A token never
changes its meaning within a copy, nor in those that are made by changing it: new values get new numbers.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence

from archive.organisations import kind_of
from archive.search.expanding import compact

TABLES = (
    "create table filter_values (token text primary key, filter text not null, value text not null, "
    "label text not null, n integer not null, unique (filter, value)) without rowid",
    "create table article_filters (seq integer primary key, tokens text not null)",
    "create table reprints_by_seq (seq integer primary key, original integer not null)",
    "create index reprints_by_original on reprints_by_seq (original)",
)
EVERY = "a"  # the token of every article, for whoever asks for all but some

# The letter that tokens of a filter begin with. Names are what stands in addresses; `cited` is for the search alone.
LETTERS = {
    "portal": "p",
    "organisation": "o",
    "province": "t",
    "province_then": "w",
    "province_named": "n",
    "section": "s",
    "year": "y",
    "month": "m",
    "document": "d",
    "cited": "c",
    "edited": "e",
    "withdrawn": "g",
    "reprint": "r",
    "undated": "u",
}
SWITCHES = ("edited", "withdrawn", "reprint", "undated")  # yes or no
BY_VALUE = ("year", "month")  # whose token is made of the value

_AREA = (
    "select b.seq, v.slug, v.name || case when v.valid_to is null then '' "
    "else ' (–' || substr(v.valid_to, 1, 4) || ')' end from batch b join article_provinces p on p.article = b.id "
    "join provinces v on v.slug = p.province where p.how = '{how}'"
)
# A portal of no area that is known (of the Centre, or invented) is under what the registry says.
_NO_AREA = (
    " union all select a.seq, a.province, a.province from batch b cross join articles a using (seq) "
    "where coalesce(a.province, '') != '' and not exists "
    "(select 1 from article_provinces p where p.article = a.id and p.how = 'portal')"
)
_YES = "select a.seq, 'yes', '' from batch b cross join articles a using (seq) where "
_CITED = "from batch b join citations c on c.article = b.id join documents d on d.id = c.document"

# For each filter: seq, value and label of the articles of the table `batch` (seq, id). `cross join`, for left to itself
# SQLite goes through all articles to find the few of a batch that were edited or withdrawn, once a batch.
_VALUES = {
    "portal": "select a.seq, a.portal, coalesce(a.portal_name, a.portal) "
    "from batch b cross join articles a using (seq)",
    "organisation": "select a.seq, kind_of(a.portal_name), '' from batch b cross join articles a using (seq)",
    "province": _AREA.format(how="today") + _NO_AREA,
    "province_then": _AREA.format(how="portal") + _NO_AREA,
    "province_named": _AREA.format(how="named"),
    "section": "select b.seq, s.section, s.section from batch b join article_sections s on s.article = b.id "
    "union select a.seq, a.section, a.section from batch b cross join articles a using (seq) where a.section != ''",
    "year": "select a.seq, a.year, a.year from batch b cross join articles a using (seq) where a.year is not null",
    "month": "select a.seq, substr(a.published, 1, 7), substr(a.published, 1, 7) "
    "from batch b cross join articles a using (seq) where a.year is not null",
    "document": "select b.seq, d.id, trim(coalesce(d.kind, '') || ' ' || coalesce(d.code, d.number, '')) || "
    f"case when d.date != '' then ' (' || substr(d.date, 1, 4) || ')' else '' end {_CITED}",
    "cited": f"select b.seq, compact(d.code), d.code {_CITED} where d.code != ''",
    "edited": _YES + "a.revision_count > 1",
    "withdrawn": _YES + "a.gone is not null",
    "reprint": "select b.seq, 'yes', '' from batch b join reprints r on r.article = b.id "
    "join articles o on o.id = r.original",
    "undated": _YES + "a.year is null",
}


def prepare(db: sqlite3.Connection) -> None:
    """Make the tables, empty."""
    for statement in TABLES:
        db.execute(statement)


def take(db: sqlite3.Connection, seqs: Sequence[int]) -> list[int]:
    """Make some articles those of the temporary table `batch`; returns the seqs that there are."""
    db.execute("create temp table if not exists batch (seq integer primary key, id integer)")
    db.execute("delete from batch")
    marks = ", ".join(str(int(seq)) for seq in seqs)
    db.execute(f"insert into batch select seq, id from articles where seq in ({marks})")
    return [seq for (seq,) in db.execute("select seq from batch order by seq")]


class Tokens:
    """Gives every value its token, in the caller's transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        db.create_function("kind_of", 1, kind_of, deterministic=True)
        db.create_function("compact", 1, lambda code: compact(code or ""), deterministic=True)
        self.db = db
        rows = db.execute("select filter, value, token, label from filter_values").fetchall()
        self.known = {(name, value): token for name, value, token, _ in rows}
        self.labels = {token: label for *_, token, label in rows}
        numbers = [int(token[1:]) for (name, _), token in self.known.items() if name not in BY_VALUE]
        self.last = max(numbers, default=0)

    def write(self, seqs: Sequence[int]) -> None:
        """Write the tokens of the articles of `batch` to article_filters, anew; these are their seqs (see take())."""
        tokens: dict[int, list[str]] = {seq: [EVERY] for seq in seqs}
        for name, sql in _VALUES.items():
            for seq, value, label in self.db.execute(f"{sql} order by 1, 2").fetchall():
                tokens[seq].append(self.token(name, str(value), str(label)))
        self.db.executemany(
            "insert or replace into article_filters values (?, ?)",
            [(seq, " ".join(dict.fromkeys(found))) for seq, found in tokens.items()],
        )

    def token(self, name: str, value: str, label: str) -> str:
        """The token of a value; a new one gets the next number."""
        token = self.known.get((name, value))
        if token is None:
            self.last += name not in BY_VALUE
            number = value.replace("-", "") if name in BY_VALUE else str(self.last)
            token = self.known[name, value] = LETTERS[name] + number
            self.db.execute("insert into filter_values values (?, ?, ?, ?, 0)", [token, name, value, label])
        elif self.labels[token] != label:  # what a document is called follows from all that cite it
            self.db.execute("update filter_values set label = ? where token = ?", [label, token])
        self.labels[token] = label
        return token


def place_reprints(db: sqlite3.Connection) -> None:
    """Which article of the copy is a reprint of which, by seq: for the search to fold them under their originals."""
    db.execute("delete from reprints_by_seq")
    db.execute(
        "insert or ignore into reprints_by_seq select a.seq, o.seq from reprints r "
        "join articles a on a.id = r.article join articles o on o.id = r.original order by r.similarity desc"
    )


def count(db: sqlite3.Connection) -> None:
    """Count anew how many articles have each value; values that none has any more leave."""
    counted: Counter[str] = Counter()
    for some in _batches(db.execute("select tokens from article_filters")):
        counted.update(" ".join(tokens for (tokens,) in some).split())
    db.executemany("update filter_values set n = ? where token = ?", [(n, token) for token, n in counted.items()])
    gone = [(token,) for (token,) in db.execute("select token from filter_values") if token not in counted]
    db.executemany("delete from filter_values where token = ?", gone)


def _batches(rows: sqlite3.Cursor) -> Iterator[list[tuple[str]]]:
    while some := rows.fetchmany(5_000):
        yield some
