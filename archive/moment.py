"""archive.db and snapshots.db as they were at one and the same moment, to be read at leisure while a crawl writes.

A crawl stores an article and its page in one transaction over both files, but with write-ahead logs SQLite commits
that in one file after the other, and a reader takes its view of each file when it first reads it. Two views taken just
so may show an article without the page it was read from, or fall on both sides of a night's work. So the views are
taken while nobody is inside a transaction: `begin immediate` on both files waits for the writer to finish and keeps the
next one out, for the millisecond in which a second connection takes its two views. After that the crawl goes on, and
the views stay as they are however long they are read.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

FILES = {"main": "archive.db", "snap": "snapshots.db"}  # how a connection calls them


@contextmanager
def one_moment(data_dir: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection in a transaction on archive.db and, where there is one, snapshots.db as `snap`.

    Raises sqlite3.Error, also where a writer does not end its transaction for 30 seconds.
    """
    if not os.access(data_dir, os.W_OK):  # then nobody writes
        with closing(_connect(data_dir, "ro")) as reader:
            _look(reader)
            yield reader
        return
    # The gate closes last: a connection that may write folds the log back into the file.
    with closing(_connect(data_dir, "rw")) as gate, closing(_connect(data_dir, "ro")) as reader:
        for name in databases(gate):
            gate.execute(f"pragma {name}.journal_mode = wal")  # a file put back by hand may be in another mode
        gate.execute("begin immediate")
        _look(reader)
        gate.execute("rollback")
        yield reader


def databases(connection: sqlite3.Connection) -> list[str]:
    """Which of the two are there, as the connection calls them."""
    attached = {row[1] for row in connection.execute("pragma database_list")}
    return [name for name in FILES if name in attached]


def _connect(data_dir: Path, mode: str) -> sqlite3.Connection:
    def uri(file: str) -> str:
        return f"{(data_dir / file).resolve().as_uri()}?mode={mode}"

    connection = sqlite3.connect(uri(FILES["main"]), uri=True, isolation_level=None, timeout=30)
    connection.row_factory = sqlite3.Row
    try:
        if (data_dir / FILES["snap"]).is_file():
            connection.execute("attach ? as snap", [uri(FILES["snap"])])
    except BaseException:
        connection.close()
        raise
    return connection


def _look(reader: sqlite3.Connection) -> None:
    """Take the view of each file."""
    reader.execute("begin")
    for name in databases(reader):
        reader.execute(f"select count(*) from {name}.sqlite_master").fetchone()
