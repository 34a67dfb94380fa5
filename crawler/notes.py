"""What a run notes of a portal on its way, kept in archive.db so that the run that goes on with it knows as much.

Counts by kind and key, such as how many pages of a form of address brought nothing. They are written in the very
transaction that stores the page which they were made by, and let go of where a run begins anew.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict


class Noted(Counter[str]):
    """Counts that remember which of them are not written yet."""

    def __init__(self) -> None:
        super().__init__()
        self.unwritten: set[str] = set()

    def __setitem__(self, key: str, number: int) -> None:
        if self.get(key) != number:
            self.unwritten.add(key)
            super().__setitem__(key, number)


class Notes:
    """The notes of one portal; all writes happen inside the archive's transactions."""

    def __init__(self, connection: sqlite3.Connection, portal: str) -> None:
        self.db = connection
        self.portal = portal
        self.kinds: dict[str, Noted] = defaultdict(Noted)

    def of(self, kind: str) -> Noted:
        """The counts of one kind, to be read and changed."""
        return self.kinds[kind]

    def write(self) -> None:
        """Write what was noted since the last time."""
        for kind, noted in self.kinds.items():
            rows = [(self.portal, kind, key, noted[key]) for key in noted.unwritten]
            self.db.executemany("insert or replace into notes (portal, kind, key, number) values (?, ?, ?, ?)", rows)
            noted.unwritten.clear()

    def recall(self) -> None:
        """Know again what the run that was cut off had noted."""
        sql = "select kind, key, number from notes where portal = ?"
        for kind, key, number in self.db.execute(sql, [self.portal]).fetchall():
            dict.__setitem__(self.kinds[kind], key, number)

    def forget(self) -> None:
        """A run begins anew."""
        self.db.execute("delete from notes where portal = ?", [self.portal])
