"""The published copy of the moment, as one database of Datasette that takes up a new copy by itself.

Datasette keeps one connection a thread and database name for ever, and asks a database by its name several times while
it makes one page. So everything that belongs to a copy (file, hash, size, counts, connections) stands on a Copy, and is
read through the request's pin: a page asks one copy from its first query to the last byte sent. A copy that was
replaced closes its connections when nobody holds it any more.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.database import Database
from datasette.utils import sqlite3

from archive.fitting import misfit

NAME = "archive"
LOOKED_AT = 0.5  # seconds; for the times when nobody asks for a page, or an old copy would stay open

# The last night of which something came in: all was well, or some portals were (of fifty that vanish one by one, one
# fails every night). Before the first such night the beginning of the first counts.
LAST_NIGHT = """
    select coalesce(
        (select max(finished) from runs r where exit_code = 0 or (exit_code = 1 and exists (
            select 1 from run_portals p where p.run = r.id
                and (p.new + p.changed + p.unchanged > 0 or p.verdict in ('ok', 'quiet'))))),
        (select min(started) from runs))
"""

log = logging.getLogger(__name__)
_pinned: ContextVar[Copy | None] = ContextVar("pinned", default=None)


class Copy:
    """One published file, open for reading; whoever uses it holds it, and the last to let go closes it.

    `night` is when the last good night ended (ISO 8601), None where the archive never saw a crawl. Raises OSError,
    sqlite3.Error.
    """

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        self.hash = path.stem
        self.size = path.stat().st_size
        with closing(self._open()) as db:
            counts = db.execute("select name, n from counts where name like 'table/%'").fetchall()
            self.counts: dict[str, int] = {name.removeprefix("table/"): n for name, n in counts}
            self.built: str = db.execute("select built from build").fetchone()[0]
            self.night: str | None = db.execute(LAST_NIGHT).fetchone()[0]
        self._file = open(path, "rb")  # noqa: SIM115 (so that publishing sees it in use before the first connection)
        self._of_thread = threading.local()
        self._connections: list[Any] = []
        self._lock = threading.Lock()
        self._holders = 1  # the database that serves it

    def hold(self) -> None:
        """Keep the connections open until release()."""
        with self._lock:
            self._holders += 1

    def release(self) -> None:
        """Let go; the last one closes the connections."""
        with self._lock:
            self._holders -= 1
            if self._holders:
                return
        for connection in self._connections:
            connection.close()
        self._file.close()

    def connection(self, datasette: Datasette) -> Any:
        """This thread's own connection."""
        if (connection := getattr(self._of_thread, "connection", None)) is None:
            connection = self._of_thread.connection = self._open()
            self._connections.append(connection)
            datasette._prepare_connection(connection, NAME)
        return connection

    def _open(self) -> Any:
        uri = f"{Path(self.path).as_uri()}?immutable=1"
        return sqlite3.connect(uri, uri=True, check_same_thread=False)  # closed by whoever lets go last


class Published(Database):  # type: ignore[misc]
    """The database `archive`: what the link names, read through the pin of the request."""

    def __init__(self, datasette: Datasette, link: Path) -> None:
        """Raises OSError, sqlite3.Error where the copy cannot be read."""
        self.link = link
        self._seen = os.path.realpath(link)
        self._refused = ""
        self.current = Copy(Path(self._seen))
        super().__init__(datasette, path=self.current.path, is_mutable=False)
        self.name = self.route = NAME

    @property
    def copy(self) -> Copy:
        """The copy of this request; outside of one, that of the moment."""
        return _pinned.get() or self.current

    @contextmanager
    def pinned(self) -> Iterator[Copy]:
        """For the length of the block every query of this task goes to one copy; a request within it keeps it."""
        if _pinned.get() is not None:
            yield self.copy
            return
        self.follow()
        copy = self.current
        copy.hold()
        token = _pinned.set(copy)
        try:
            yield copy
        finally:
            _pinned.reset(token)
            copy.release()

    def follow(self) -> None:
        """Take up the copy that the link names, if that is another; one that does not fit is refused, once."""
        path = os.path.realpath(self.link)
        if path in (self._seen, self._refused) or not os.path.exists(path):  # the last: somebody moves things about
            return
        try:
            wrong, copy = misfit(Path(path)), None
            if not wrong:
                copy = Copy(Path(path))
        except (OSError, sqlite3.Error) as error:
            wrong = f"the copy {path} cannot be read: {error}"
        if copy is None:
            self._refused = path
            log.error("still serving %s: %s", self.current.hash, wrong)
            return
        self._seen, self.current, old = path, copy, self.current
        old.release()

    async def watch(self) -> None:
        """Follow the link until cancelled."""
        while True:
            await asyncio.sleep(LOOKED_AT)
            self.follow()

    async def execute_fn(self, fn: Callable[[Any], Any]) -> Any:
        """The only place where Datasette takes a connection for reading."""
        copy = self.copy
        if self.ds.executor is None:
            return fn(copy.connection(self.ds))
        copy.hold()  # let go by the thread: a reader who goes away cancels this task, not the thread's work
        future = self.ds.executor.submit(lambda: fn(copy.connection(self.ds)))
        future.add_done_callback(lambda _: copy.release())
        return await asyncio.wrap_future(future)

    async def execute(self, sql: str, *values: Any, **named: Any) -> Any:
        """As Datasette does it, but no failed query is printed: what readers ask for is nobody's business."""
        return await super().execute(sql, *values, **named | {"log_sql_errors": False})

    def close(self) -> None:
        """Close what is served."""
        self.current.release()

    path = property(lambda self: self.copy.path, lambda self, _: None)  # Database sets each of these once
    cached_hash = property(lambda self: self.copy.hash, lambda self, _: None)
    cached_size = property(lambda self: self.copy.size, lambda self, _: None)
    _cached_table_counts = property(lambda self: self.copy.counts, lambda self, _: None)
