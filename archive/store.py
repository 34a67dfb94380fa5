"""Keeps Articles in archive.db: each one whole, in one explicit transaction, never an overwrite by accident.

`Archive` owns the connection of a run. The crawler's frontier works on the same connection, so that an
article, the links found on its page and the frontier's "done" are one transaction: a stored article survives
a SIGKILL, and what was not committed is fetched again by the next run.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from archive import attachments, clock, parts, provinces, rows, snapshots, tables, unread, upgrading, withholding
from archive.article import Article
from archive.attachments import Attachments
from archive.documents import Documents
from archive.parts import Parts
from archive.presence import Presence
from archive.reprints import Reprints
from archive.snapshots import Capture, Snapshots
from archive.unread import UnreadPages

Saved = Literal["new", "changed", "unchanged"]

MARKUP = ("body_html", "image")  # what may differ from night to night while the article says the same


class StoreError(RuntimeError):
    """The archive could not be opened or written; the message names the file and what SQLite said."""


class IdTaken(StoreError):
    """Two keys met in one 53-bit id: the second is refused, never an overwrite."""


class Archive:
    """archive.db, open for writing. Use as a context manager, or call close()."""

    def __init__(self, data_dir: Path) -> None:
        """Open (and make or migrate) DATA_DIR/archive.db in WAL mode. Raises StoreError."""
        self.path = data_dir / "archive.db"
        try:
            data_dir.mkdir(parents=True, exist_ok=True)
            self.connection = sqlite3.connect(self.path, isolation_level=None, timeout=30)
            self.connection.row_factory = sqlite3.Row
            self.connection.execute("pragma journal_mode = wal")
            # NORMAL: a power cut may lose the newest transactions, never the file; they are fetched again.
            self.connection.execute("pragma synchronous = normal")
            upgrading.upgrade(self.connection, self.path)
            self._fill_provinces()
            snapshots.attach(self.connection, data_dir)
            withholding.recover(self.connection)
            attachments.prepare(self.connection)
            unread.prepare(self.connection)
            self.connection.execute("pragma foreign_keys = on")
        except upgrading.UpgradeError as error:
            raise StoreError(str(error)) from error
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"the archive {self.path} cannot be opened for writing: {error}") from error
        self.snapshots = Snapshots(self.connection)
        self.unread = UnreadPages(self.connection, self.snapshots)
        self.attachments = Attachments(self.connection)
        self.presence = Presence(self.connection, self.snapshots)
        self.documents = Documents(self.connection)
        self.parts = Parts(self.connection, self.attachments)
        self.reprints = Reprints(self.connection)

    def _fill_provinces(self) -> None:
        """The table of provinces as the data has it; no lock where it is so already: a crawl may hold it."""
        if provinces.is_filled(self.connection):
            return
        self.connection.execute("begin immediate")
        provinces.fill(self.connection)
        self.connection.execute("commit")

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; with the last connection SQLite folds the WAL back into it."""
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One explicit transaction: all of it, or nothing. Raises StoreError where SQLite refuses."""
        try:
            self.connection.execute("begin immediate")
            try:
                yield self.connection
                self.connection.execute("commit")
            except BaseException:
                if self.connection.in_transaction:  # where the disk is full, SQLite may have rolled back by itself
                    self.connection.execute("rollback")
                self.snapshots.forget()
                raise
        except sqlite3.Error as error:
            raise StoreError(f"the archive {self.path} cannot be written: {error}") from error

    def register_portals(self, portals: Iterable[Mapping[str, Any]]) -> None:
        """Bring the table of portals up to the registry; a portal that left the registry stays known."""
        with self.transaction() as db:
            for portal in portals:
                rows.upsert(db, "portals", {name: portal[name] for name in tables.PORTALS if name in portal}, "key")

    def save(self, article: Article, addresses: Iterable[str] = (), capture: Capture | None = None) -> Saved:
        """Store one reading of an article; must run inside transaction().

        `addresses`: further addresses under which it was met. `capture`: the page that was read, kept when what it
        says is new. A change of title, lead or body makes a revision; a corrected date, author or tag just takes the
        place of the old. Where the same reader finds neither, markup and pictures stay as they were: the addresses in
        them may carry a session. Raises IdTaken if the id belongs to another key.
        """
        db, seen = self.connection, capture.fetched if capture is not None else clock.stamp(clock.now())
        old = db.execute("select * from articles where id = ?", [article.id]).fetchone()
        if old is not None and (old["portal"], old["key"]) != (article.portal, article.key):
            raise IdTaken(f"id {article.id} of {article.portal} {article.key} is held by {old['portal']} {old['key']}")
        says_new = old is None or self._says_new(article, old)
        as_before = not says_new and old is not None and old["reader"] == article.reader
        outcome = self._insert(article, seen) if old is None else self._update(article, old, seen, as_before)
        self.count_views(article, seen)
        if old is not None:
            self.presence.seen(article.id, article.url, seen)
        if capture is not None and (says_new or (old is not None and old["snapshot"] is None)):
            self._keep(article, capture)
        self.add_addresses(article.id, {article.url, *addresses})
        return outcome

    def met_again(self, article: int, url: str) -> str:
        """A portal says that an article is as it was; must run inside transaction(). Returns its date, or ""."""
        seen = clock.stamp(clock.now())
        self.connection.execute("update articles set last_seen = ? where id = ?", [seen, article])
        self.presence.seen(article, url, seen)
        row = self.connection.execute("select published from articles where id = ?", [article]).fetchone()
        return str(row[0] or "") if row is not None else ""

    def add_addresses(self, article: int, addresses: Iterable[str]) -> None:
        """Remember under which addresses an article was met; must run inside transaction()."""
        for url in addresses:
            self.connection.execute(
                "insert into urls (url, article) values (?, ?) on conflict (url) do update "
                "set article = excluded.article where article is not excluded.article",
                [url, article],
            )

    def correct(self, article: Article) -> None:
        """Store a better reading of the page that was read last; must run inside transaction().

        The portal changed nothing, so it makes no revision: the last one is put right.
        """
        db = self.connection
        old = db.execute("select * from articles where id = ?", [article.id]).fetchone()
        if old is None:
            self.save(article)
            return
        self._write(article, old, not self._says_new(article, old) and old["reader"] == article.reader, {})
        if old["text_sha256"] != article.text_sha256:
            db.execute(
                "update revisions set title = ?, lead = ?, body = ?, text_sha256 = ? where article = ? and number = ?",
                [article.title, article.lead, article.body, article.text_sha256, article.id, old["revision_count"]],
            )

    def relate(self, article: Article) -> None:
        """Write down which documents an article cites, and what it reprints; must run inside transaction()."""
        row = self.connection.execute("select province from portals where key = ?", [article.portal]).fetchone()
        province = (row["province"] if row is not None else None) or ""
        self.documents.cite(article.id, province, article.title, article.lead, article.body, article.published)
        self.add_to_reprints(article.id)

    def add_to_reprints(self, article: int) -> None:
        """Look for the same text elsewhere, unless the article is withheld; must run inside transaction()."""
        row = self.connection.execute(
            "select title, lead, body, published, first_seen from articles where id = ? "
            "and id not in (select article from withheld where until is null)",
            [article],
        ).fetchone()
        if row is not None:
            self.reprints.add(article, *row)

    def make_ready(self) -> None:
        """Make anew what an older version of the software has left behind: the index of reprints. Raises StoreError."""
        if not self.reprints.current:
            try:
                self.reprints.rebuild()
            except sqlite3.Error as error:
                raise StoreError(f"the archive {self.path} cannot be written: {error}") from error

    def settle(self) -> None:
        """What can only be told once all articles of a run are in: which documents undated citations mean."""
        with self.transaction():
            self.documents.settle()
            self.documents.prune()

    def undo(self, article: int, into: int | None = None) -> None:
        """Take back an article that was stored in this run by mistake; must run inside transaction().

        `into`: the article that it is another address of, and that keeps its addresses. What a person may have seen
        is never undone: that is for withdrawals.
        """
        db = self.connection
        self.reprints.remove(article)
        if into is not None:
            db.execute("update urls set article = ? where article = ?", [into, article])
        db.execute("update frontier set article = ? where article = ?", [into, article])
        for table in (*tables.OF_AN_ARTICLE, *tables.OF_THE_CRAWL, "urls"):
            db.execute(f"delete from {table} where article = ?", [article])
        db.execute("delete from articles where id = ?", [article])

    def _keep(self, article: Article, capture: Capture) -> None:
        """Keep the page behind the newest version of an article."""
        number = self.snapshots.keep(article.portal, article.key, capture)
        self.connection.execute("update articles set snapshot = ? where id = ?", [number, article.id])
        self.connection.execute(
            "update revisions set snapshot = ? where article = ? and number = "
            "(select revision_count from articles where id = ?)",
            [number, article.id, article.id],
        )

    def count_views(self, article: Article, seen: str) -> None:
        """Views and comments as they were seen, where they are others than the time before."""
        if article.views is None and article.comments is None:
            return
        last = self.connection.execute(
            "select views, comments from view_counts where article = ? and seen <= ? order by seen desc limit 1",
            [article.id, seen],
        ).fetchone()
        if last is None or tuple(last) != (article.views, article.comments):
            self.connection.execute(
                "insert or replace into view_counts (article, seen, views, comments) values (?, ?, ?, ?)",
                [article.id, seen, article.views, article.comments],
            )

    def _insert(self, article: Article, seen: str) -> Saved:
        values = rows.read_values(article) | {
            "id": article.id,
            "portal": article.portal,
            "key": article.key,
            "first_seen": seen,
            "last_seen": seen,
            "revision_count": 1,
        }
        rows.insert(self.connection, "articles", values)
        self._add_revision(article, 1, seen)
        self.parts.save(article)
        self.relate(article)
        return "new"

    def _says_new(self, article: Article, old: sqlite3.Row) -> bool:
        """Whether a reading says anything else than the archive has: text, date, names, sections, tags."""
        values = rows.read_values(article)
        return any(rows.differ(old[name], values[name]) for name in rows.SAID) or bool(
            self.parts.changed(article, parts.SAID)
        )

    def _update(self, article: Article, old: sqlite3.Row, seen: str, as_before: bool) -> Saved:
        times: dict[str, Any] = {"last_seen": seen}
        changed = old["text_sha256"] != article.text_sha256
        if changed:
            times |= {"changed": seen, "revision_count": old["revision_count"] + 1}
            self._add_revision(article, times["revision_count"], seen)
        self._write(article, old, as_before, times)
        return "changed" if changed else "unchanged"

    def _write(self, article: Article, old: sqlite3.Row, as_before: bool, times: dict[str, Any]) -> None:
        """Bring an article up to a reading; one that says what was said before leaves its markup and lists alone."""
        values = {n: value for n, value in rows.read_values(article).items() if not (as_before and n in MARKUP)}
        rows.update_article(self.connection, old, values | times)
        if not as_before:
            self.parts.save(article)
            self.relate(article)

    def _add_revision(self, article: Article, number: int, seen: str) -> None:
        """Write down one version of an article's text; its page is kept by _keep()."""
        values = {
            "article": article.id,
            "number": number,
            "seen": seen,
            "title": article.title,
            "lead": article.lead,
            "body": article.body,
            "text_sha256": article.text_sha256,
        }
        rows.insert(self.connection, "revisions", values)
