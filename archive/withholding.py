"""Articles that we withdraw ourselves: a takedown, a person's data. Absent from every output from the next publish on.

The table `withheld` holds one row for each time: article, since, reason, until (null while it lasts); no row is ever
deleted. It has no foreign key: ids follow from portal and key, so that the row outlives an article that is taken back
and found again. The same rows stand in snapshots.db: an archive.db that is lost and rebuilt from its pages would
otherwise publish what was withheld.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive import clock

if TYPE_CHECKING:
    from archive.store import Archive

MIRROR = (
    "create table if not exists snap.withheld "
    "(article integer, since text, reason text not null, until text, primary key (article, since))"
)
COLUMNS = "article, since, reason, until"

_PERMALINK = re.compile(r"(?:[a-z]+://[^/]+)?/a/(\d{1,16})/?", re.IGNORECASE)


class WithholdingError(RuntimeError):
    """Nothing was changed; the message is one clear sentence."""


class UnknownArticle(WithholdingError):
    """What was named is no article of the archive."""


class NotWithheld(WithholdingError):
    """An article that is not withheld cannot be put back."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A row of `withheld`, with what the archive knows of the article ("" where it is not there)."""

    article: int
    since: str
    reason: str
    until: str | None
    portal: str
    title: str


def withhold(archive: Archive, names: Sequence[str], reason: str) -> list[Withheld]:
    """Withhold articles, all of them or none; those that already are stay as they are. Raises UnknownArticle."""
    since = clock.stamp(clock.now())
    with archive.transaction() as db:
        articles = [find(db, name) for name in names]
        for article in articles:
            if not _is_withheld(db, article):
                db.execute(
                    "insert into withheld (article, since, reason) values (?, ?, ?) "
                    "on conflict (article, since) do update set reason = excluded.reason, until = null",
                    [article, since, reason],
                )
            archive.reprints.remove(article)  # what was copied from it is linked anew among the copies
        _mirror(db)
        return [row for row in rows(db) if row.until is None and row.article in articles]


def put_back(archive: Archive, names: Sequence[str]) -> list[Withheld]:
    """Withhold articles no longer, all of them or none; the rows stay. Raises UnknownArticle, NotWithheld."""
    until = clock.stamp(clock.now())
    with archive.transaction() as db:
        articles = [find(db, name) for name in names]
        for article, name in zip(articles, names, strict=True):
            if not _is_withheld(db, article):
                raise NotWithheld(f"{name} is not withheld; nothing was changed")
        ended = [row for row in rows(db) if row.until is None and row.article in articles]
        for article in articles:
            db.execute("update withheld set until = ? where article = ? and until is null", [until, article])
            archive.add_to_reprints(article)
        _mirror(db)
    return ended


def rows(db: sqlite3.Connection) -> list[Withheld]:
    """All that is or was withheld: what lasts first, the newest first."""
    found = db.execute(
        "select w.article, w.since, w.reason, w.until, coalesce(a.portal, ''), coalesce(a.title, '') "
        "from main.withheld w left join main.articles a on a.id = w.article "
        "order by w.until is not null, w.since desc, w.article"
    )
    return [Withheld(*row) for row in found]


def recover(db: sqlite3.Connection) -> None:
    """Take over from snapshots.db what archive.db does not know: it was lost, or put back from an older copy."""
    if not db.execute("select 1 from snap.sqlite_master where name = 'withheld'").fetchone():
        return
    missing = f"select {COLUMNS} from snap.withheld where (article, since) not in (select article, since from withheld)"
    if db.execute(f"select 1 from ({missing})").fetchone():
        db.execute(f"insert or ignore into main.withheld ({COLUMNS}) {missing}")


def take_over(archive: Archive, old: Sequence[tuple[object, ...]]) -> int:
    """Add rows of another archive, in the order of COLUMNS, where they are not known; returns how many they were."""
    with archive.transaction() as db:
        added = db.executemany(f"insert or ignore into main.withheld ({COLUMNS}) values (?, ?, ?, ?)", old).rowcount
        for article in {row.article for row in rows(db) if row.until is None}:
            archive.reprints.remove(article)
        _mirror(db)
    return added


def find(db: sqlite3.Connection, name: str) -> int:
    """The id of an article that is named by it, by its permalink (/a/ID or the whole address), or by an address.

    Raises UnknownArticle.
    """
    name = name.strip()
    if name.isascii() and name.isdigit() and len(name) <= 16:
        known = _one(db, "select id from articles where id = ?", int(name))
    elif (found := _PERMALINK.fullmatch(name.split("#")[0].split("?")[0])) and (
        known := _one(db, "select id from articles where id = ?", int(found[1]))
    ):
        return known
    else:
        addresses = (_one(db, "select article from urls where url = ?", form) for form in _forms(name))
        known = next(filter(None, addresses), None)
    if known is None:
        raise UnknownArticle(
            f"no article of the archive is called {name}: name it by its id, its permalink (/a/ID) "
            "or the address that it has on its portal; nothing was changed"
        )
    return known


def _one(db: sqlite3.Connection, sql: str, value: object) -> int | None:
    row = db.execute(sql, [value]).fetchone()
    return int(row[0]) if row is not None else None


def _forms(address: str) -> Iterator[str]:
    """The forms that an address of a person's browser may have in the archive, the very one first."""
    yield address
    try:
        whole = urlsplit(address)._replace(fragment="")
    except ValueError:
        return
    for scheme in dict.fromkeys((whole.scheme, "https", "http")):
        for path in (whole.path, whole.path.rstrip("/"), whole.path + "/"):
            yield whole._replace(scheme=scheme, path=path).geturl()


def _is_withheld(db: sqlite3.Connection, article: int) -> bool:
    sql = "select 1 from withheld where article = ? and until is null"
    return db.execute(sql, [article]).fetchone() is not None


def _mirror(db: sqlite3.Connection) -> None:
    db.execute(MIRROR)
    db.execute(f"insert or replace into snap.withheld ({COLUMNS}) select {COLUMNS} from main.withheld")
