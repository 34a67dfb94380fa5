"""What an article is in the table of articles: the columns that a reading fills, and how a row is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from archive.article import Article

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
# What of it a person would call the article, as against counts, markup and who read it. Of the lists: parts.SAID.
SAID = ("text_sha256", "published", "published_text", "author", "source")


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


def differ(held: object, read: object) -> bool:
    """Whether a column holds another value than the one read; nothing and empty are the same."""
    return (held or None) != (read or None)


def insert(connection: sqlite3.Connection, table: str, values: Mapping[str, Any]) -> None:
    """Insert one row, in the caller's transaction."""
    marks = ", ".join("?" * len(values))
    connection.execute(f"insert into {table} ({', '.join(values)}) values ({marks})", list(values.values()))


def update_article(connection: sqlite3.Connection, held: sqlite3.Row, values: Mapping[str, Any]) -> None:
    """Bring the row of an article, `held` with its id, to some values, in the caller's transaction.

    Only the columns that differ are written; where none does, the row is left alone.
    """
    new = {name: value for name, value in values.items() if held[name] != value}
    if new:
        assignments = ", ".join(f"{name} = ?" for name in new)
        connection.execute(f"update articles set {assignments} where id = ?", [*new.values(), held["id"]])


def replace(
    connection: sqlite3.Connection,
    table: str,
    article: int,
    columns: Sequence[str],
    wanted: Sequence[tuple[Any, ...]],
    where: str = "true",
) -> None:
    """Put some rows in the place of those that an article has in a table, in the caller's transaction.

    `wanted`: without the article, in the order of their first column, which tells them apart. `where`: which of the
    held ones are meant. Where they are as wanted, nothing is written.
    """
    own = f"from {table} where article = ? and {where}"
    held = connection.execute(f"select {', '.join(columns)} {own} order by {columns[0]}", [article])
    if [tuple(row) for row in held] == list(wanted):
        return
    connection.execute(f"delete {own}", [article])
    for row in wanted:
        insert(connection, table, {"article": article, **dict(zip(columns, row, strict=True))})


def upsert(connection: sqlite3.Connection, table: str, values: Mapping[str, Any], key: str) -> None:
    """Insert one row, or bring the one of that key up to it, in the caller's transaction."""
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    updates = ", ".join(f"{name} = excluded.{name}" for name in values if name != key)
    connection.execute(
        f"insert into {table} ({names}) values ({marks}) on conflict ({key}) do update set {updates}",
        list(values.values()),
    )
