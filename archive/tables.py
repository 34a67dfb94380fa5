"""The columns of the tables as the first migration makes them (schema.py); later migrations add theirs themselves."""

from __future__ import annotations

from typing import Any

ARTICLES: dict[str, Any] = {
    "id": int,
    "portal": str,
    "key": str,
    "url": str,
    "title": str,
    "lead": str,
    "body": str,
    "body_html": str,
    "published": str,
    "published_text": str,
    "author": str,
    "source": str,
    "section": str,
    "views": int,
    "comments": int,
    "image": str,
    "topic": str,
    "relevance": float,
    "relevance_why": str,
    "first_seen": str,
    "last_seen": str,
    "changed": str,
    "gone": str,
    "revision_count": int,
    "text_sha256": str,
    "reader": str,
    "snapshot": int,
}

PORTALS: dict[str, Any] = {
    "key": str,
    "name": str,
    "url": str,
    "cms": str,
    "province": str,
    "keep": str,
    "enabled": int,
    "verified": int,
    "note": str,
    "succeeds": str,
}

# What hangs on an article: table -> (columns, primary key).
OF_AN_ARTICLE: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "article_sections": ({"article": int, "section": str, "position": int}, ("article", "section")),
    "article_tags": ({"article": int, "tag": str, "position": int}, ("article", "tag")),
    "article_images": ({"article": int, "url": str, "caption": str, "position": int}, ("article", "url")),
    "article_files": (
        {"article": int, "url": str, "name": str, "sha256": str, "position": int},
        ("article", "url"),
    ),
    "revisions": (
        {
            "article": int,
            "number": int,
            "seen": str,
            "title": str,
            "lead": str,
            "body": str,
            "text_sha256": str,
        },
        ("article", "number"),
    ),
    "withdrawals": (
        {"article": int, "noticed": str, "confirmed": str, "returned": str, "how": str},
        ("article", "noticed"),
    ),
    "citations": ({"article": int, "document": int, "quote": str}, ("article", "document")),
    "reprints": ({"article": int, "original": int, "similarity": float}, ("article", "original")),
    "view_counts": ({"article": int, "seen": str, "views": int}, ("article", "seen")),
}
# Tables with a row an article that only the crawl needs.
OF_THE_CRAWL = ("missing",)

# The frontier: what to fetch next, and when again (archive.db alone). `key` is the address reduced to what
# is the same for all forms of one page; `state` is waiting or done; `outcome` the name of what was found.
FRONTIER: dict[str, Any] = {
    "portal": str,
    "kind": str,
    "key": str,
    "url": str,
    "state": str,
    "due": str,
    "tries": int,
    "found": str,
    "fetched": str,
    "status": int,
    "outcome": str,
    "article": int,
}
