"""Party and state documents that articles cite: what find() finds in a text, kept in documents and citations.

`citations` holds what each article says (its words, and the kind, issuer and date that it gives); `documents` holds
what follows from all of them. Numbers recur each term, so that a document is code, issuer and date together; an
undated citation means the latest document of its code and issuer that is dated no later than the article, and where
there is none, a document of its own without date. Codes that hold their year (12/2018/QĐ-TTg) never recur.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from archive.citing.find import Citation, find, key_of

__all__ = ["Citation", "Documents", "document_id", "find"]

_HOLDS_YEAR = re.compile(r"[\d.]+[a-z]?/((?:19|20)\d\d)/")
CENTRE = "Trung ương"


def document_id(code: str, issuer: str, date: str) -> int:
    """A 53-bit integer from what makes a document one: the same on every machine, as article_id() is.

    Of a code that holds its year the date adds nothing; whether the Politburo or the Secretariat signed 68-KL/TW is
    told by some of those who cite it and not by others, so that the issuer of TW is the Centre.
    """
    name = f"document\n{key_of(code)}\n{scope(code, issuer)}\n{_held_year(code) or date}"
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> 11


def scope(code: str, issuer: str) -> str:
    """Within which numbers of one term do not recur: the issuer, for TW the Centre whoever signed."""
    return CENTRE if code.endswith("/TW") else issuer


def holds_year(code: str) -> bool:
    """Whether a code holds its year (12/2018/QĐ-TTg), and so never recurs."""
    return bool(_held_year(code))


@dataclass(frozen=True, slots=True)
class _Cited:
    """One row of citations, with the code of its document and when its article was published."""

    article: int
    document: int
    code: str
    kind: str
    issuer: str
    date: str
    published: str

    @property
    def group(self) -> tuple[str, str]:
        """Code and issuer: what undated citations are joined within."""
        return key_of(self.code), scope(self.code, self.issuer)


class Documents:
    """The tables documents and citations of one archive.db; every method must run inside a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def cite(
        self, article_id: int, portal_province: str, title: str, lead: str, body: str, published: str | None
    ) -> int:
        """Put the citations of an article's text in the place of those that it had; returns how many there are.

        A document dated here for the first time also takes the undated citations of later articles to itself. Where
        all stands as it should, nothing is written.
        """
        text = "\n".join((title, lead, body))
        cited = find(text, province=portal_province, published=published or "")
        if not self._stand(article_id, cited, published or ""):
            self.connection.execute("delete from citations where article = ?", [article_id])
            for citation in cited:
                self._cite(article_id, citation, published or "")
        return len(cited)

    def _stand(self, article_id: int, cited: list[Citation], published: str) -> bool:
        """Whether an article's citations are kept as they are, with the documents that they mean by all other ones."""
        sql = "select document, quote, kind, issuer, date from citations where article = ?"
        held = {row[0]: tuple(row[1:]) for row in self.connection.execute(sql, [article_id])}
        if not held:
            return not cited
        wanted: dict[int, tuple[str, ...]] = {}
        for citation in cited:
            said = _own_date(citation)
            date = _joined(said, published, self._dates(citation.code, citation.issuer))
            document = document_id(citation.code, citation.issuer, date)
            wanted.setdefault(document, (citation.quote, citation.kind, citation.issuer, said))
        return held == wanted

    def _cite(self, article_id: int, citation: Citation, published: str) -> None:
        """One citation of an article that has those of its text before it."""
        known = self._dates(citation.code, citation.issuer)
        said = _own_date(citation)
        is_new = bool(said) and not any(date.startswith(said) for date in known)
        date = said if is_new else _joined(said, published, known)
        document = self._document(citation, date)
        self.connection.execute(
            "insert or ignore into citations (article, document, quote, kind, issuer, date) values (?, ?, ?, ?, ?, ?)",
            [article_id, document, citation.quote, citation.kind, citation.issuer, said],
        )
        if is_new:
            self._settle(self._cited(citation.code))

    def settle(self) -> int:
        """Join every citation anew, as after a bulk import; returns how many were moved. Twice is as good as once."""
        return self._settle(self._cited())

    def prune(self) -> int:
        """Drop the documents that no article cites any more; returns how many."""
        return self.connection.execute(
            "delete from documents where id not in (select document from citations)"
        ).rowcount

    def _document(self, citation: Citation, date: str) -> int:
        """The row of a document, made where there is none; 05-CT/TW is the better form of 5-CT/TW."""
        document = document_id(citation.code, citation.issuer, date)
        self.connection.execute(
            "insert into documents (id, kind, number, code, issuer, date) values (?, ?, ?, ?, ?, ?) "
            "on conflict (id) do update set code = excluded.code, number = excluded.number "
            "where length(excluded.code) > length(code)",
            [
                document,
                citation.kind,
                citation.number,
                citation.code,
                citation.issuer,
                date or _held_year(citation.code),
            ],
        )
        return document

    def _dates(self, code: str, issuer: str) -> list[str]:
        """The dates that citations of a code and issuer say, in full where the document has it so."""
        rows = self.connection.execute(
            f"select code, issuer, date from documents where code in ({_marks(code)}) and date <> '' "
            "and id in (select document from citations where date <> '')",
            _forms(code),
        )
        return [date for other, by, date in rows if scope(other, by) == scope(code, issuer)]

    def _cited(self, code: str = "") -> list[_Cited]:
        """The citations of one code, or all."""
        where = f"d.code in ({_marks(code)})" if code else "d.code is not null"
        rows = self.connection.execute(
            "select c.article, c.document, d.code, coalesce(c.kind, d.kind, ''), coalesce(c.issuer, d.issuer, ''), "
            "coalesce(c.date, d.date, ''), coalesce(a.published, '') from citations c "
            f"join documents d on d.id = c.document left join articles a on a.id = c.article where {where}",
            _forms(code) if code else [],
        )
        return sorted((_Cited(*row) for row in rows), key=lambda cited: (*cited.group, cited.article, cited.document))

    def _settle(self, cited: Iterable[_Cited]) -> int:
        moved = 0
        for _, group in groupby(cited, key=lambda one: one.group):
            placed = list(_placed(list(group)))
            for one, date in placed:
                moved += self._move(one, date)
            for date, those in _by_date(placed):
                self._describe(those, date)
        return moved

    def _move(self, one: _Cited, date: str) -> int:
        document = document_id(one.code, one.issuer, date)
        if document == one.document:
            return 0
        db = self.connection
        db.execute(
            "insert or ignore into documents (id, kind, number, code, issuer, date) "
            "select ?, ?, number, code, ?, ? from documents where id = ?",
            [document, one.kind, one.issuer, date, one.document],
        )
        row = [one.article, one.document]
        db.execute("update or ignore citations set document = ? where article = ? and document = ?", [document, *row])
        # An article that cites it with its date as well has that row already.
        db.execute("delete from citations where article = ? and document = ?", row)
        return 1

    def _describe(self, those: list[_Cited], date: str) -> None:
        """A document is of the kind and the issuer that most of its citations say, and of its fullest date."""
        document = document_id(those[0].code, those[0].issuer, date)
        kind = _most(one.kind for one in those)
        issuer = _most(one.issuer for one in those if one.issuer != CENTRE) or those[0].issuer
        code = max((one.code for one in those), key=len)
        said = [kind, issuer, date, code, code.split("/")[0].split("-")[0]]
        self.connection.execute(
            "update documents set kind = ?, issuer = ?, date = ?, code = ?, number = ? "
            "where id = ? and (kind, issuer, date, code, number) <> (?, ?, ?, ?, ?)",
            [*said, document, *said],
        )


def _own_date(citation: Citation) -> str:
    """The date that the text gives; the year of the code itself is none."""
    return "" if citation.date == _held_year(citation.code) else citation.date


def _held_year(code: str) -> str:
    held = _HOLDS_YEAR.match(code)
    return held[1] if held else ""


def _placed(group: list[_Cited]) -> Iterator[tuple[_Cited, str]]:
    """Each citation of a code and issuer with the date of the document that it means."""
    if held := _held_year(group[0].code):
        days = [one.date for one in group if one.date]
        longest = max(map(len, days), default=0)
        date = _most(day for day in days if len(day) == longest) or held
        yield from ((one, date) for one in group)
        return
    dates = {one.date for one in group if one.date}
    for one in group:
        yield one, _joined(one.date, one.published, dates)


def _joined(said: str, published: str, dates: Iterable[str]) -> str:
    """Of the dates of a code the one that a citation means: what completes its own, else the latest before it.

    `said`: "2015-09-25", "2015", "" as the text has it. Without a date of publication the latest of all.
    """
    full = {date for date in dates if not any(other != date and other.startswith(date) for other in dates)}
    meant = [date for date in full if date.startswith(said)]
    earlier = [date for date in meant if not published or date <= published[: len(date)]]
    return max(earlier or (meant if said else []), default=said)


def _by_date(placed: list[tuple[_Cited, str]]) -> Iterator[tuple[str, list[_Cited]]]:
    for date in sorted({date for _, date in placed}):
        yield date, [one for one, its in placed if its == date]


def _most(words: Iterable[str]) -> str:
    """The most frequent of some words, of equally frequent ones the first in order: the same on every machine."""
    counted = Counter(words)
    return min(counted, key=lambda word: (-counted[word], word), default="")


def _forms(code: str) -> list[str]:
    """A code with and without leading noughts: 5-CT/TW, 05-CT/TW, 005-CT/TW."""
    bare = code.lstrip("0")
    return [bare, f"0{bare}", f"00{bare}"]


def _marks(code: str) -> str:
    return ", ".join("?" * len(_forms(code)))
