"""Articles read from a published copy a batch at a time, so that a file of any length costs little memory.

Between two batches no query is open: a reader who takes an hour holds a file handle and nothing else.
"""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from array import array
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from archive import search
from archive.formats.columns import Column

AT_ONCE = 200  # articles

Value = str | int | list[str] | None
Record = tuple[Value, ...]  # one article, in the order of its columns


def connect(copy: Path) -> sqlite3.Connection:
    """A published copy, which never changes: nothing is locked. To be used by one thread at a time."""
    db = sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    search.register(db)
    return db


def chosen(db: sqlite3.Connection, where: str, values: Mapping[str, Any]) -> array[int]:
    """The `seq` of every article that passes a condition on `articles a`, the newest first; 8 bytes each."""
    found = db.execute(f"select a.seq from articles a where {where} order by a.seq desc", values)
    return array("q", (seq for (seq,) in found))


def batches(db: sqlite3.Connection, seqs: array[int], columns: Sequence[Column], base: str) -> Iterator[list[Record]]:
    """The articles of `seqs` in that order, AT_ONCE at a time. `base`: the address of the site, without its last slash.

    Texts are NFC; an absent value is None. Raises sqlite3.Error, and Incomplete where an article is not there.
    """
    selected = ", ".join(column.sql for column in columns)
    sql = (
        f"select {selected} from json_each(?) wanted cross join articles a on a.seq = wanted.value order by wanted.key"
    )
    for start in range(0, len(seqs), AT_ONCE):
        wanted = seqs[start : start + AT_ONCE]
        rows = db.execute(sql, [json.dumps(list(wanted))]).fetchall()
        if len(rows) != len(wanted):
            raise Incomplete(f"{len(wanted) - len(rows)} articles of the copy are not where they were")
        yield [tuple(_value(column, value, base) for column, value in zip(columns, row, strict=True)) for row in rows]


class Incomplete(RuntimeError):
    """Not every article that was counted could be read."""


def _value(column: Column, value: Any, base: str) -> Value:
    if value is None or value == "":
        return None
    if column.kind == "list":
        return [unicodedata.normalize("NFC", item) for item in json.loads(value)]
    if column.kind == "address":
        return f"{base}{value}" if value.startswith("/a/") else str(value)
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else int(value)
