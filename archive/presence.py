"""Whether articles are still there: missing once, withdrawn when missing on a second night, and back again.

One night may be the portal's bad night. What is pending stands in the table `missing` of archive.db; a withdrawal is
written when the article is missing again on another day, with the time it was first missed. Its text stays.
"""

from __future__ import annotations

import sqlite3
from datetime import timedelta

from archive import clock
from archive.snapshots import RETURNED, Snapshots

ONE_NIGHT = timedelta(hours=6)  # runs on both sides of midnight are one night


class Presence:
    """Withdrawals and returns; all writes happen in the caller's transactions."""

    def __init__(self, connection: sqlite3.Connection, snapshots: Snapshots) -> None:
        self.db = connection
        self.snapshots = snapshots

    def missed(self, article: int, how: str, status: int, url: str) -> bool:
        """An article was asked for and is not there; whether it counts as withdrawn from now on.

        `how`: the name of what was found instead. Nothing happens to an article that is withdrawn already.
        """
        row = self.db.execute("select portal, key, gone from articles where id = ?", [article]).fetchone()
        if row is None or row["gone"] is not None:
            return False
        moment = clock.now()
        now = clock.stamp(moment)
        first = self.db.execute("select noticed from missing where article = ?", [article]).fetchone()
        if first is not None and (first[0][:10] == now[:10] or first[0] > clock.stamp(moment - ONE_NIGHT)):
            return False
        self.snapshots.note(row["portal"], row["key"], url, now, status, how)
        if first is None:
            self.db.execute("insert into missing (article, noticed, how) values (?, ?, ?)", [article, now, how])
            return False
        self.db.execute("delete from missing where article = ?", [article])
        self.db.execute(
            "insert into withdrawals (article, noticed, confirmed, how) values (?, ?, ?, ?)",
            [article, first[0], now, how],
        )
        self.db.execute("update articles set gone = ? where id = ?", [first[0], article])
        return True

    def gone_since(self, article: int) -> str:
        """Since when an article is withdrawn; "" for one that is there, or was missed only once."""
        row = self.db.execute("select gone from articles where id = ?", [article]).fetchone()
        return str(row[0]) if row is not None and row[0] else ""

    def seen(self, article: int, url: str, when: str) -> None:
        """An article was read in a page of `when`: what was pending is forgotten, and a withdrawal ends.

        A page that is older than the last absence says nothing of it.
        """
        row = self.db.execute(
            "select portal, key, coalesce((select noticed from missing where article = id), "
            "(select max(confirmed) from withdrawals where article = id and returned is null)) as absent "
            "from articles where id = ?",
            [article],
        ).fetchone()
        if row is None or row["absent"] is None or when < row["absent"]:
            return
        self.snapshots.note(row["portal"], row["key"], url, when, 200, RETURNED)
        self.db.execute("delete from missing where article = ?", [article])
        self.db.execute("update withdrawals set returned = ? where article = ? and returned is null", [when, article])
        self.db.execute("update articles set gone = null where id = ?", [article])
