"""What an article is in the table of articles: the columns that a reading fills, and how a row is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
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


def update_article(connection: sqlite3.Connection, article: int, values: Mapping[str, Any]) -> None:
    """Set some columns of an article, in the caller's transaction."""
    assignments = ", ".join(f"{name} = ?" for name in values)
    connection.execute(f"update articles set {assignments} where id = ?", [*values.values(), article])


def upsert(connection: sqlite3.Connection, table: str, values: Mapping[str, Any], key: str) -> None:
    """Insert one row, or bring the one of that key up to it, in the caller's transaction."""
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    updates = ", ".join(f"{name} = excluded.{name}" for name in values if name != key)
    connection.execute(
        f"insert into {table} ({names}) values ({marks}) on conflict ({key}) do update set {updates}",
        list(values.values()),
    )
