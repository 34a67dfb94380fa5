"""Brings an archive of an older version up to date in place, after a dated copy of it has been put aside.

The copy is DATA_DIR/backups/before-migration-YYYYMMDDTHHMMSS.db, whole and on disk before the first migration begins.
Nothing ever deletes it. Each migration is one transaction: a kill half-way leaves an archive that the next command
brings the rest of the way.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from sqlite_utils import Database

from archive import clock, provinces, schema
from archive.lock import Busy, waiting

log = logging.getLogger(__name__)

ROOM = 1 << 20  # bytes left over on a disk that a copy is put on


class UpgradeError(RuntimeError):
    """The archive could not be brought up to date, and is as it was; the message is one clear sentence."""


class NewerArchive(UpgradeError):
    """The archive was made by a newer version of this software."""


def bring_up_to_date(data_dir: Path) -> None:
    """Bring DATA_DIR/archive.db, which must exist, to today's schema. Raises UpgradeError, sqlite3.Error."""
    path = data_dir / "archive.db"
    uri = f"{path.resolve().as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30)) as db:
        upgrade(db, path)


def upgrade(connection: sqlite3.Connection, path: Path) -> None:
    """Bring an open archive to today's schema; a no-op on one that is there. Raises UpgradeError, sqlite3.Error."""
    if not _is_behind(connection, path):
        return
    try:
        with waiting(path.parent, seconds=600):
            if _is_behind(connection, path):  # another process may have done it meanwhile
                _upgrade(connection, path)
    except Busy as error:
        raise UpgradeError(f"another process is still bringing {path} up to date") from error
    except OSError as error:
        raise UpgradeError(f"{path} was left as it is: no copy of it could be put aside ({error.strerror})") from error


def unknown(applied: list[str]) -> list[str]:
    """Those of some names of migrations that this version does not know."""
    known = {migration.name for migration in schema.migrations.pending(Database(memory=True))}
    return [name for name in applied if name not in known]


def applied(connection: sqlite3.Connection) -> list[str]:
    """The names of the migrations that an archive has behind it, in their order."""
    return [migration.name for migration in schema.migrations.applied(Database(connection))]


def _is_behind(connection: sqlite3.Connection, path: Path) -> bool:
    if strange := unknown(applied(connection)):
        raise NewerArchive(
            f"{path} was made by a newer version of this software (it knows {', '.join(strange)}): update the software"
        )
    return bool(schema.migrations.pending(Database(connection)))


def _upgrade(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("select count(*) from sqlite_master").fetchone()[0]:
        copy = put_aside(connection, path)
        log.warning("%s is of an older version: a copy is at %s, now it is brought up to date", path, copy)
    schema.migrate(connection)
    connection.execute("begin immediate")
    provinces.fill(connection)
    connection.execute("commit")


def put_aside(connection: sqlite3.Connection, path: Path) -> Path:
    """A dated copy of an archive, whole and on disk when this returns. Raises UpgradeError, sqlite3.Error, OSError."""
    folder = path.parent / "backups"
    folder.mkdir(exist_ok=True)
    needed, free = size_of(connection, "main") + ROOM, shutil.disk_usage(folder).free
    if needed > free:
        raise UpgradeError(
            f"{path} was left as it is: it is of an older version, and for the copy that is put aside before it is "
            f"brought up to date {needed:,} bytes are needed in {folder}, where {free:,} are free"
        )
    moment = clock.now()
    while (copy := folder / f"before-migration-{moment:%Y%m%dT%H%M%S}.db").exists():
        moment += timedelta(seconds=1)
    unfinished = folder / f".{copy.name}.tmp"
    unfinished.unlink(missing_ok=True)
    try:
        copy_database(connection, "main", unfinished)
        unfinished.rename(copy)
    finally:
        unfinished.unlink(missing_ok=True)
    sync(folder)
    return copy


def size_of(connection: sqlite3.Connection, name: str) -> int:
    """The bytes of one of the databases of a connection, as its present transaction sees it."""
    pages, bytes_each = (
        connection.execute(f"pragma {name}.{what}").fetchone()[0] for what in ("page_count", "page_size")
    )
    return int(pages * bytes_each)


def copy_database(connection: sqlite3.Connection, name: str, target: Path) -> None:
    """Copy one database of a connection to a new file, which is synced and needs no file beside it."""
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        copy.execute("pragma synchronous = off")  # nobody sees it before it is whole; it is synced once at the end
        connection.backup(copy, pages=4096, name=name)
        copy.execute("pragma journal_mode = delete")
    sync(target)


def sync(path: Path) -> None:
    """See to it that a file, or the names in a folder, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
