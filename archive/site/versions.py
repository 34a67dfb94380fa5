"""The versions of an article: any two compared, and the page behind each as it was captured.

A captured page is somebody else's markup. It is shown in two ways, neither of which can run a script: as source
text, and rendered in a sandbox that lets nothing be fetched from anywhere. Both are given out for published articles
alone, by the number of the version, so that the address holds on every machine.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from archive.site import differences, downloads, find
from archive.site.rendering import Routes, render
from archive.snapshots import Capture, SnapshotError, Snapshots, address_for_reading

SANDBOX = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'none'"
)
RAW_HEADERS = {"content-security-policy": SANDBOX, "x-dns-prefetch-control": "off", "x-robots-tag": "noindex"}
LARGEST = 8_000_000  # bytes of a page that are shown

VERSIONS = "select number, seen from revisions where article = :id order by number desc limit 200"
TEXT = "select number, seen, title, lead, body from revisions where article = :id and number = :number"

_CHARSET = re.compile(r"charset=[\"']?([\w-]+)", re.IGNORECASE)
# What would ask another host without being a script, a style or an image, and what would lead away by itself.
_REACHES_OUT = re.compile(
    r"<link\b[^>]*>|<meta\b[^>]*http-equiv[^>]*>|<base\b[^>]*>|<script\b.*?</script\s*>|</?(?:iframe|frame|object|embed)\b[^>]*>",
    re.IGNORECASE | re.DOTALL,
)
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)


async def compared(datasette: Datasette, request: Request) -> Response:
    """/a/ID/diff?from=1&to=2: two versions as one text with what was taken out and put in. Newest change by default."""
    row = await _article(datasette, request)
    versions = await find.rows(datasette, VERSIONS, {"id": row["id"]})
    last = row["revision_count"] or 1
    new = _number(request.args.get("to"), last)
    old = _number(request.args.get("from"), max(1, new - 1))
    texts = [await find.rows(datasette, TEXT, {"id": row["id"], "number": number}) for number in (old, new)]
    if not all(texts):
        raise NotFound("no such version")
    (before,), (after,) = texts
    parts = {
        part: await asyncio.to_thread(differences.compare, before[part] or "", after[part] or "")
        for part in ("title", "lead", "body")
    }
    everything = [paragraph for paragraphs in parts.values() for paragraph in paragraphs]
    context = {
        "row": row,
        "versions": versions,
        "old": before,
        "new": after,
        "title": parts["title"],
        "lead": parts["lead"],
        "stretches": differences.stretches(parts["body"]),
        "put_in": differences.count(everything, "ins"),
        "taken_out": differences.count(everything, "del"),
    }
    return await render(datasette, request, "site_diff.html", context)


def _number(asked: str | None, default: int) -> int:
    return int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 6 else default


async def _article(datasette: Datasette, request: Request) -> Mapping[str, Any]:
    """The short row of a published article. Raises NotFound."""
    sql = "select id, title, published, portal, portal_name, gone, url, revision_count from articles where id = :id"
    held = await find.rows(datasette, sql, {"id": int(request.url_vars["id"])})
    if not held:
        raise NotFound("no such article")
    return held[0]


@dataclass(frozen=True, slots=True)
class Kept:
    """The captured page of a version."""

    capture: Capture
    sha256: str


async def captured(datasette: Datasette, request: Request) -> Response:
    """/a/ID/raw/N: when the page of version N was captured, from where, its hash, and the ways to see it."""
    row = await _article(datasette, request)
    number = int(request.url_vars["number"])
    kept = await _kept(datasette, row["id"], number)
    context = {
        "row": row,
        "number": number,
        "capture": kept.capture,
        "sha256": kept.sha256,
        "size": len(kept.capture.body),
    }
    return await render(datasette, request, "site_raw.html", context)


async def shown(datasette: Datasette, request: Request) -> Response:
    """/a/ID/raw/N.html, the page rendered in a sandbox, and N.txt, its source."""
    row = await _article(datasette, request)
    kept = await _kept(datasette, row["id"], int(request.url_vars["number"]))
    text = _decoded(kept.capture)
    if request.url_vars["format"] == "txt":
        return Response(text, headers=RAW_HEADERS, content_type="text/plain; charset=utf-8")
    safe = await asyncio.to_thread(harmless, text, kept.capture.url)
    return Response(safe, headers=RAW_HEADERS, content_type="text/html; charset=utf-8")


def harmless(page: str, url: str) -> str:
    """A page without what would reach other hosts by itself; its links lead to where they led.

    What is left is held by the sandbox of RAW_HEADERS: this is the second lock, not the first.
    """
    page = _REACHES_OUT.sub("", page)
    base = f'<base href="{escape(url)}">'
    head = _HEAD.search(page)
    return page[: head.end()] + base + page[head.end() :] if head else base + page


def _decoded(capture: Capture) -> str:
    """UTF-8 wherever it is valid, else what the page says of itself."""
    body = capture.body[:LARGEST]
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    said = [value for name, value in capture.headers if name.lower() == "content-type"]
    said.append(body[:2048].decode("ascii", "replace"))
    found = next((match[1] for text in said if (match := _CHARSET.search(text))), "utf-8")
    try:
        return body.decode(found, "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


async def _kept(datasette: Datasette, article: int, number: int) -> Kept:
    """The page behind a version of a published article. Raises NotFound: there is none, or it cannot be read back."""
    sql = "select snapshot from revisions where article = :id and number = :number and snapshot is not null"
    held = await find.rows(datasette, sql, {"id": article, "number": number})
    key = await find.rows(datasette, "select portal, key from articles where id = :id", {"id": article})
    kept = await asyncio.to_thread(_read, downloads.snapshots_of(datasette), **held[0], **key[0]) if held else None
    if kept is None:
        raise NotFound("no page is kept of this version")
    return kept


def _read(path: Path, snapshot: int, portal: str, key: str) -> Kept | None:
    """Through a connection of its own, since the crawl may be writing; None where the file or the page is not here.

    A number that means another article's page by now (snapshots.db was put back from an older copy) gives nothing.
    """
    try:
        with closing(sqlite3.connect(":memory:", uri=True)) as db:
            db.row_factory = sqlite3.Row
            db.execute("attach ? as snap", [address_for_reading(path)])
            sql = "select sha256 from snap.snapshots where id = ? and portal = ? and key = ?"
            held = db.execute(sql, [snapshot, portal, key]).fetchone()
            return Kept(Snapshots(db).read(snapshot), held["sha256"]) if held else None
    except (sqlite3.OperationalError, SnapshotError):
        return None


ROUTES: Routes = [
    (r"^/a/(?P<id>\d{1,16})/diff$", compared),
    (r"^/a/(?P<id>\d{1,16})/raw/(?P<number>\d{1,5})$", captured),
    (r"^/a/(?P<id>\d{1,16})/raw/(?P<number>\d{1,5})\.(?P<format>html|txt)$", shown),
]
