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

from archive import attachments, clock, schema, snapshots
from archive.article import Article
from archive.attachments import Attachments
from archive.presence import Presence
from archive.snapshots import Capture, Snapshots

Saved = Literal["new", "changed", "unchanged"]

# What a reading says anew each time. `section` is the first of the sections; the text columns come with it.
READ_COLUMNS = (
    "url",
    "title",
    "lead",
    "body",
    "body_html",
    "published",
    "published_text",
    "author",
    "source",
    "section",
    "views",
    "comments",
    "image",
    "text_sha256",
    "reader",
    "topic",
    "relevance",
    "relevance_why",
    "relevance_rules",
)


# What of it a person would call the article, as against counts, markup and who read it.
SAID = ("text_sha256", "published", "published_text", "author", "source")


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
            schema.migrate(self.connection)
            snapshots.attach(self.connection, data_dir)
            attachments.prepare(self.connection)
            self.connection.execute("pragma foreign_keys = on")
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"the archive {self.path} cannot be opened for writing: {error}") from error
        self.snapshots = Snapshots(self.connection)
        self.attachments = Attachments(self.connection)
        self.presence = Presence(self.connection, self.snapshots)

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
            except BaseException:
                self.connection.execute("rollback")
                self.snapshots.forget()
                raise
            self.connection.execute("commit")
        except sqlite3.Error as error:
            raise StoreError(f"the archive {self.path} cannot be written: {error}") from error

    def register_portals(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Bring the table of portals up to the registry; a portal that left the registry stays known."""
        with self.transaction() as db:
            for row in rows:
                names = [name for name in schema.PORTALS if name in row]
                db.execute(_upsert("portals", names, ("key",)), [row[name] for name in names])

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
        if not as_before:
            self.save_parts(article)
        self._count_views(article, seen)
        if old is not None:
            self.presence.seen(article.id, article.url)
        if capture is not None and (says_new or (old is not None and old["snapshot"] is None)):
            self._keep(article, capture)
        self.add_addresses(article.id, {article.url, *addresses})
        return outcome

    def add_addresses(self, article: int, addresses: Iterable[str]) -> None:
        """Remember under which addresses an article was met; must run inside transaction()."""
        for url in addresses:
            self.connection.execute("insert or replace into urls (url, article) values (?, ?)", [url, article])

    def correct(self, article: Article) -> None:
        """Store a better reading of the page that was read last; must run inside transaction().

        The portal changed nothing, so it makes no revision: the last one is put right.
        """
        db = self.connection
        old = db.execute("select * from articles where id = ?", [article.id]).fetchone()
        if old is None:
            self.save(article)
            return
        values = read_values(article)
        as_before = not self._says_new(article, old) and old["reader"] == article.reader
        if as_before:
            for name in ("body_html", "image"):
                del values[name]
        assignments = ", ".join(f"{name} = ?" for name in values)
        db.execute(f"update articles set {assignments} where id = ?", [*values.values(), article.id])
        if old["text_sha256"] != article.text_sha256:
            db.execute(
                "update revisions set title = ?, lead = ?, body = ?, text_sha256 = ? where article = ? and number = ?",
                [article.title, article.lead, article.body, article.text_sha256, article.id, old["revision_count"]],
            )
        if not as_before:
            self.save_parts(article)

    def undo(self, article: int, into: int | None = None) -> None:
        """Take back an article that was stored in this run by mistake; must run inside transaction().

        `into`: the article that it is another address of, and that keeps its addresses. What a person may have seen
        is never undone: that is for withdrawals.
        """
        db = self.connection
        if into is not None:
            db.execute("update urls set article = ? where article = ?", [into, article])
        db.execute("update frontier set article = ? where article = ?", [into, article])
        for table in (*schema.OF_AN_ARTICLE, *schema.OF_THE_CRAWL, "urls"):
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

    def _count_views(self, article: Article, seen: str) -> None:
        """Views and comments as they were seen, where they are others than the last time."""
        if article.views is None and article.comments is None:
            return
        last = self.connection.execute(
            "select views, comments from view_counts where article = ? order by seen desc limit 1", [article.id]
        ).fetchone()
        if last is None or tuple(last) != (article.views, article.comments):
            self.connection.execute(
                "insert or replace into view_counts (article, seen, views, comments) values (?, ?, ?, ?)",
                [article.id, seen, article.views, article.comments],
            )

    def _insert(self, article: Article, seen: str) -> Saved:
        values = read_values(article) | {
            "id": article.id,
            "portal": article.portal,
            "key": article.key,
            "first_seen": seen,
            "last_seen": seen,
            "revision_count": 1,
        }
        self.insert("articles", values)
        self.add_revision(article, 1, seen)
        return "new"

    def _says_new(self, article: Article, old: sqlite3.Row) -> bool:
        """Whether a reading says anything else than the archive has: text, date, names, sections, tags."""
        values = read_values(article)
        if any((old[name] or None) != (values[name] or None) for name in SAID):
            return True
        for table, column, read in (("sections", "section", article.sections), ("tags", "tag", article.tags)):
            sql = f"select {column} from article_{table} where article = ? order by position"
            held = [row[0] for row in self.connection.execute(sql, [article.id])]
            if held != list(dict.fromkeys(read)):
                return True
        return False

    def _update(self, article: Article, old: sqlite3.Row, seen: str, as_before: bool) -> Saved:
        values: dict[str, Any] = read_values(article) | {"last_seen": seen}
        if as_before:
            for name in ("body_html", "image"):
                del values[name]
        changed = old["text_sha256"] != article.text_sha256
        if changed:
            values |= {"changed": seen, "revision_count": old["revision_count"] + 1}
            self.add_revision(article, values["revision_count"], seen)
        assignments = ", ".join(f"{name} = ?" for name in values)
        self.connection.execute(f"update articles set {assignments} where id = ?", [*values.values(), article.id])
        return "changed" if changed else "unchanged"

    def insert(self, table: str, values: Mapping[str, Any]) -> None:
        """Insert one row; must run inside transaction()."""
        self.connection.execute(_insert_into(table, values), list(values.values()))

    def add_revision(self, article: Article, number: int, seen: str, snapshot: int | None = None) -> None:
        """Write down one version of an article's text; must run inside transaction()."""
        values = {
            "article": article.id,
            "number": number,
            "seen": seen,
            "title": article.title,
            "lead": article.lead,
            "body": article.body,
            "text_sha256": article.text_sha256,
            "snapshot": snapshot,
        }
        self.insert("revisions", values)

    def save_parts(self, article: Article) -> None:
        """The lists of an article; rewritten only where they differ, so that a quiet night writes little.

        A file's hash is what its address gave last, so it stays when the list is written anew, or rebuilt.
        """
        self._replace("article_sections", "section", article, [{"section": s} for s in article.sections])
        self._replace("article_tags", "tag", article, [{"tag": t} for t in article.tags])
        images = [{"url": i.url, "caption": i.caption} for i in article.images]
        self._replace("article_images", "url", article, images)
        newest = self.attachments.newest
        files = [{"url": f.url, "name": f.name, "sha256": newest(f.url)} for f in article.files]
        self._replace("article_files", "url", article, files)

    def _replace(self, table: str, unique: str, article: Article, rows: list[dict[str, Any]]) -> None:
        first = {row[unique]: row for row in reversed(rows)}  # the first of equal ones stands
        rows = [{**first[name], "position": i} for i, name in enumerate(dict.fromkeys(r[unique] for r in rows))]
        names = ", ".join(rows[0]) if rows else "*"
        held = self.connection.execute(
            f"select {names} from {table} where article = ? order by position", [article.id]
        ).fetchall()
        if [tuple(row) for row in held] == [tuple(row.values()) for row in rows]:
            return
        self.connection.execute(f"delete from {table} where article = ?", [article.id])
        for row in rows:
            values = {"article": article.id, **row}
            self.connection.execute(_insert_into(table, values), list(values.values()))


def read_values(article: Article) -> dict[str, Any]:
    """What a reading says of an article, by column."""
    values: dict[str, Any] = {
        name: getattr(article, name) for name in READ_COLUMNS if name not in ("section", "published", "image")
    }
    values["section"] = article.sections[0] if article.sections else None
    values["published"] = article.published or None
    values["image"] = article.image or None
    for name in ("topic", "relevance_why", "relevance_rules"):
        values[name] = values[name] or None
    return values


def _insert_into(table: str, values: Mapping[str, Any]) -> str:
    return f"insert into {table} ({', '.join(values)}) values ({', '.join('?' * len(values))})"


def _upsert(table: str, names: list[str], pk: tuple[str, ...]) -> str:
    updates = ", ".join(f"{name} = excluded.{name}" for name in names if name not in pk)
    marks = ", ".join("?" * len(names))
    return (
        f"insert into {table} ({', '.join(names)}) values ({marks}) "
        f"on conflict ({', '.join(pk)}) do update set {updates}"
    )
