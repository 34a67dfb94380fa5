"""Finds the same text on another portal, or twice on one, as articles arrive; at a cost that does not grow.

Two texts are the same where at least 72 % of the words of either stand in the other, four or more in a row
(likeness.similarity of lead and body: another headline makes no other article). So a digest that contains a text,
or a text that quotes half of another, is none. Nor is a form filled in anew (likeness.filled_anew). Of fewer than 40
words, and of a picture with its title, only all the same words count, title included; of fewer than 8, nothing.

Candidates come from MinHash bands. A sketch of 128 bytes is 32 bands of 4 bytes: numbers by which texts are looked
up in reprint_bands. Texts whose shingles have the Jaccard similarity J share a band with 1 - (1 - J^4)^32:

    J        .04    .10    .20    .30    .40    .50    .58    .65    .70    .75    .85
    found    .0001  .003   .050   .229   .563   .873   .978   .998   .9999  1      1

5 % of the words changed here and there are J = .69 at any length; 15 % in runs are .72 for 600 words in two runs,
.66 for 100 words in two, .61 for 40 in one, and .51 for 40 in two, the worst case. Different articles full of stock
phrases have .02 to .11. Candidates are ranked by shared bands, then by their sketches; the best are held against the
stored texts.

What keeps the cost down whatever the archive's size: of a band at most FULL texts are read and kept (boilerplate fills
a few bands, not all 32); at most RANKED sketches and VERIFIED texts are looked at; a cluster of LARGEST takes no more:
it is a form letter, and what comes after stands alone or in a further one.

Why own code on SQLite: datasketch and rensa, the libraries that are alive, keep their index in memory or in Redis, not
in the transaction that stores the article, and datasketch brings numpy and scipy (200 MB).

The one original of a cluster is its earliest by `published`, else by `first_seen`; ties by id. Every other article of
the cluster has one row that names it, though it may be like it by way of another only; `similarity` is always to the
original. Everything runs inside the caller's transaction; what is no longer so is put right at once.
"""

from __future__ import annotations

import sqlite3
import struct
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from archive import likeness

VERSION = 1  # raise it with every change of likeness.py or of the bands: what is stored must be made anew
LEAST = 0.72  # similarity of a reprint
SHORT, SHORTEST = 40, 8  # words: fewer than these only exact, and not at all
FULL = 64  # texts of a band
RANKED, VERIFIED = 48, 8  # candidates whose sketches, and whose texts, are looked at
RESEMBLING = 0.25  # of the sketches, at least: J is .47 for texts that are just similar enough
LARGEST = 500  # articles of a cluster
BATCH = 500  # articles a transaction of rebuild()

_BANDS = struct.Struct("<32i")  # the bands of a sketch, signed as SQLite has integers


@dataclass(frozen=True, slots=True)
class _Text:
    """What is compared. Without a digest it is too short for anything, without shingles for more than the exact."""

    words: list[bytes]
    shingles: list[int]
    digest: int | None

    @classmethod
    def of(cls, title: str | None, lead: str | None, body: str | None) -> _Text:
        said = likeness.words(f"{lead or ''}\n{body or ''}")
        if len(said) >= SHORT:
            return cls(said, likeness.shingles(said), likeness.digest(said))
        said = [*likeness.words(title or ""), *said]
        return cls(said, [], likeness.digest(said) if len(said) >= SHORTEST else None)

    def like(self, other: _Text) -> float:
        """Similarity, 0 to 1; of the exact same words 1."""
        if self.digest == other.digest:
            return 1.0
        return round(likeness.similarity(self.shingles, other.shingles), 4)


class Reprints:
    """The table reprints and the index behind it, on a connection whose transactions are the caller's."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._texts: dict[int, _Text | None] = {}  # read during one call

    @property
    def current(self) -> bool:
        """Whether the index is whole and of this version; if not, rebuild()."""
        return self._one("select version, position from reprint_state") == (VERSION, None)

    def add(
        self,
        article_id: int,
        title: str,
        lead: str | None,
        body: str | None,
        published: str | None,
        first_seen: str,
    ) -> list[tuple[int, float]]:
        """Take in an article that is new, or read again; its row in `articles` must be there already.

        Times are ISO 8601 at one offset. Returns what its rows say: the original and the similarity to it, or nothing
        where it is the original itself or alone. Raises sqlite3.Error.
        """
        text, first = _Text.of(title, lead, body), published or first_seen
        held = self._one("select digest, first from reprint_texts where article = ?", article_id)
        self._texts = {article_id: text}
        if held is None or held[0] != text.digest:
            self.remove(article_id)
            self._texts[article_id] = text
            self._take_in(article_id, text, first)
        elif held[1] != first:
            self.connection.execute("update reprint_texts set first = ? where article = ?", [first, article_id])
            self._settle(self._cluster(article_id))
        self._texts.clear()
        return [(row[0], row[1]) for row in self._rows(article_id)]

    def remove(self, article_id: int) -> None:
        """Forget an article that is withheld, deleted or about to change; the rest of its cluster is looked at anew."""
        self._texts.clear()
        cluster = self._cluster(article_id) - {article_id}
        held = self._one("select number, sketch from reprint_texts where article = ?", article_id)
        if held is not None:
            self.connection.execute("delete from reprint_texts where number = ?", [held[0]])
            keys = [(key, held[0]) for key in bands(held[1])]
            self.connection.executemany("delete from reprint_bands where key = ? and number = ?", keys)
        row = self._one("select original from reprints where article = ?", article_id)
        self._forget_rows([article_id])
        if row is not None:
            (furthest,) = self._one("select min(similarity) from reprints where original = ?", row[0]) or (None,)
            if furthest is None or furthest >= LEAST:
                return  # each of the others is like the original without it
        self._forget_rows(cluster)
        for other in sorted(cluster):
            if (text := self._text(other)) is not None and (found := self._number(other)) is not None:
                self._link(other, found, text)
        self._texts.clear()

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Make index and rows anew from `articles`, a batch a transaction; killed, the next call goes on.

        Must run outside a transaction. `progress` is told after each batch how many articles are done, and of how
        many. Raises sqlite3.Error, and RuntimeError inside a transaction.
        """
        db = self.connection
        if db.in_transaction:
            raise RuntimeError("rebuild() makes its own transactions: call it outside of one")
        if self.current or (self._one("select version from reprint_state") or (None,))[0] != VERSION:
            self._begin_anew()
        (total,) = db.execute("select count(*) from articles").fetchone()
        (at,) = db.execute("select position from reprint_state").fetchone()
        (done,) = db.execute("select count(*) from articles where id <= ?", [at]).fetchone()
        while rows := db.execute(
            "select id, title, lead, body, published, first_seen from articles where id > ? "
            "and id not in (select article from withheld where until is null) order by id limit ?",
            [at, BATCH],
        ).fetchall():
            db.execute("begin immediate")
            try:
                for row in rows:
                    self.add(*row)
                at = rows[-1][0]
                db.execute("update reprint_state set position = ?", [at])
            except BaseException:
                db.execute("rollback")
                raise
            db.execute("commit")
            done += len(rows)
            if progress is not None:
                progress(done, total)
        db.execute("update reprint_state set position = null")

    def _begin_anew(self) -> None:
        db = self.connection
        db.execute("begin immediate")
        try:
            for table in ("reprints", "reprint_bands", "reprint_texts", "reprint_state"):
                db.execute(f"delete from {table}")
            db.execute("insert into reprint_state (version, position) values (?, -1)", [VERSION])
        except BaseException:
            db.execute("rollback")
            raise
        db.execute("commit")

    def _take_in(self, article: int, text: _Text, first: str) -> None:
        if text.digest is None:
            return
        number = self.connection.execute(
            "insert into reprint_texts (article, first, digest, sketch) values (?, ?, ?, ?)",
            [article, first, text.digest, likeness.sketch(text.shingles) if text.shingles else None],
        ).lastrowid
        assert number is not None
        self._link(article, number, text)

    def _link(self, article: int, number: int, text: _Text) -> None:
        """Join an article to the clusters that it belongs to."""
        joined, verified = {article}, 0
        for other in self._candidates(number, text):
            if other in joined or verified == VERIFIED or (known := self._text(other)) is None:
                continue
            if known.digest != text.digest:
                verified += 1
                if text.like(known) < LEAST or likeness.filled_anew(text.words, known.words):
                    continue
            cluster = self._cluster(other)
            if len(joined) + len(cluster) <= LARGEST:
                joined |= cluster
        self._settle(joined)

    def _candidates(self, number: int, text: _Text) -> Iterable[int]:
        """Articles that may be the same, the likeliest first; enters the bands of this one."""
        db = self.connection
        same = db.execute(
            "select article from reprint_texts where digest = ? and number <> ? limit ?", [text.digest, number, FULL]
        ).fetchall()
        (sketch,) = db.execute("select sketch from reprint_texts where number = ?", [number]).fetchone()
        met: Counter[int] = Counter()
        open_bands = []
        for key in bands(sketch):
            found = db.execute("select number from reprint_bands where key = ? limit ?", [key, FULL]).fetchall()
            met.update(row[0] for row in found)
            if len(found) < FULL:
                open_bands.append((key, number))
        db.executemany("insert or ignore into reprint_bands (key, number) values (?, ?)", open_bands)
        del met[number]
        best = sorted(met, key=lambda other: (-met[other], other))[:RANKED]
        rows = db.execute(
            f"select article, sketch from reprint_texts where number in ({_marks(best)})", best
        ).fetchall()
        ranked = sorted((-likeness.resemblance(sketch, row[1]), row[0]) for row in rows)
        return dict.fromkeys([row[0] for row in same] + [other for like, other in ranked if -like >= RESEMBLING])

    def _cluster(self, article: int) -> set[int]:
        """The article, its original, and all that have the same one."""
        row = self._one("select original from reprints where article = ?", article)
        original = article if row is None else row[0]
        rows = self.connection.execute("select article from reprints where original = ?", [original])
        return {article, original, *(row[0] for row in rows)}

    def _settle(self, cluster: set[int]) -> None:
        """Give each article of a cluster its one row, all but the earliest."""
        members = sorted(cluster)
        rows = self.connection.execute(
            f"select first, article, digest from reprint_texts where article in ({_marks(members)})", members
        ).fetchall()
        original = min((row[0], row[1]) for row in rows)[1]
        digests = {row[1]: row[2] for row in rows}
        for article in members:
            held = self._rows(article)
            if article != original and [row[0] for row in held] == [original]:
                continue
            self.connection.execute("delete from reprints where article = ?", [article])
            if article != original:
                exact = digests[article] == digests[original]
                values = [article, original, 1.0 if exact else self._like(article, original)]
                self.connection.execute("insert into reprints (article, original, similarity) values (?, ?, ?)", values)

    def _like(self, article: int, original: int) -> float:
        one, other = self._text(article), self._text(original)
        return 0.0 if one is None or other is None else one.like(other)

    def _text(self, article: int) -> _Text | None:
        """The text of an article, read once a call; None where the article is gone."""
        if article not in self._texts:
            row = self._one("select title, lead, body from articles where id = ?", article)
            self._texts[article] = None if row is None else _Text.of(*row)
        return self._texts[article]

    def _number(self, article: int) -> int | None:
        row = self._one("select number from reprint_texts where article = ?", article)
        return None if row is None else row[0]

    def _rows(self, article: int) -> list[tuple[int, float]]:
        rows = self.connection.execute("select original, similarity from reprints where article = ?", [article])
        return [(row[0], row[1]) for row in rows]

    def _forget_rows(self, articles: Iterable[int]) -> None:
        for article in articles:
            self.connection.execute("delete from reprints where article = ? or original = ?", [article, article])

    def _one(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        row = self.connection.execute(sql, values).fetchone()
        return None if row is None else tuple(row)


def bands(sketch: bytes | None) -> tuple[int, ...]:
    """The 32 numbers by which a text is looked up; none for a text without a sketch."""
    return () if sketch is None else _BANDS.unpack(sketch)


def _marks(values: list[int]) -> str:
    return ", ".join("?" * len(values))
