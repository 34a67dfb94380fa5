"""The same article under two addresses: another section's, another menu's, the one for the printer.

What identifies an article on a portal whose CMS is unknown is its address, and many portals give it several. It is one
article where title, date and words are the same and the addresses have something of their own in common.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from archive.article import Article

SHARED = 0.8  # of the paragraphs of the shorter text that stand in the longer one: a print version has its lead in it


@dataclass(frozen=True, slots=True)
class Twin:
    """An article of the archive."""

    id: int
    key: str
    url: str


def find_twin(connection: sqlite3.Connection, article: Article) -> Twin | None:
    """The same article, stored under another of its addresses; None where there is none."""
    rows = connection.execute(
        "select id, key, url, lead, body, text_sha256 from articles "
        "where portal = ? and key != ? and title = ? and published is ?",
        [article.portal, article.key, article.title, article.published or None],
    ).fetchall()
    mine = identity(article.url)
    for row in rows:
        same = row["text_sha256"] == article.text_sha256
        if mine & identity(row["url"]) and (same or _much_the_same(article, row["lead"], row["body"])):
            return Twin(row["id"], row["key"], row["url"])
    return None


def _much_the_same(article: Article, lead: str, body: str) -> bool:
    one, other = set(f"{article.lead}\n\n{article.body}".split("\n\n")), set(f"{lead}\n\n{body}".split("\n\n"))
    one, other = one - {""}, other - {""}
    return bool(one and other) and len(one & other) >= SHARED * min(len(one), len(other))


def identity(url: str) -> set[str]:
    """What in an address may be the article's own: its last segment, and numbers of two digits or more."""
    parts = urlsplit(url)
    last = unquote(parts.path.rstrip("/").rsplit("/", 1)[-1]).casefold()
    stem = re.sub(r"\.(?:html?|aspx?|php)$", "", last)
    found = {stem} | set(re.findall(r"\d{2,}", stem))
    found |= {
        number
        for name, value in parse_qsl(parts.query)
        if name.lower().endswith("id")
        for number in re.findall(r"\d{2,}", value)
    }
    return found - {""}
