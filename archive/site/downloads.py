"""The kept files on the site: listed with type, size and hash, and given out as downloads from snapshots.db.

The published copy says which files may be given out; only their bodies are read from snapshots.db, which the crawl may
be writing meanwhile, a piece at a time, so that a slow reader holds neither memory nor the file.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from archive.files.text import Problem
from archive.files.types import ENDINGS, UNKNOWN
from archive.search import fold
from archive.site import find
from archive.site.rendering import Routes
from archive.site.sending import Pieces
from archive.snapshots import NAME, address_for_reading

FOR_EVER = "public, max-age=31536000, immutable"  # a hash never names anything else
NOTES = {
    Problem.ENCRYPTED: "no_text_encrypted",
    Problem.LEGACY: "no_text_legacy",
    Problem.CUT: "text_cut",
    Problem.TOO_SLOW: "text_cut",
}
KEPT = "k.type, k.size, k.name as kept_name, k.problem, k.text != '' as has_text"


async def files_of(datasette: Datasette, article: int) -> list[Mapping[str, Any]]:
    """The files that an article lists, in its order, with what is known of those that are kept."""
    listed = await find.rows(
        datasette,
        f"select l.url, l.name, l.sha256, {KEPT} from article_files l left join files k using (sha256) "
        "where l.article = :id order by l.position",
        {"id": article},
    )
    return [_shown(row) for row in listed]


async def lead_image(datasette: Datasette, article: Mapping[str, Any]) -> dict[str, Any] | None:
    """The lead image of an article where it is kept."""
    if not article["image_sha256"]:
        return None
    kept = await find.rows(
        datasette, f"select {KEPT} from files k where sha256 = :sha256", {"sha256": article["image_sha256"]}
    )
    shown = {"url": article["image"], "name": "", "sha256": article["image_sha256"]}
    return _shown({**shown, **kept[0]}) if kept else None


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    kind = ENDINGS.get(row["type"] or "", "").upper()
    with_text = kind in ("PDF", "DOCX")
    note = NOTES.get(row["problem"], "" if row["has_text"] else "no_text") if with_text and row["problem"] else ""
    if note == "text_cut" and not row["has_text"]:
        note = "no_text"
    return {**row, "kind": kind, "note": note}


async def download(datasette: Datasette, request: Request) -> Response:
    """A kept file by its hash. The name at the end of the address is for people; the file has its own."""
    sha256 = request.url_vars["sha256"]
    held = await find.rows(datasette, "select type, size, name from files where sha256 = :sha256", {"sha256": sha256})
    if not held:
        raise NotFound("no such file")
    file, tag = held[0], f'"{sha256}"'
    headers = {
        "cache-control": FOR_EVER,
        "etag": tag,
        "content-disposition": _disposition(file["name"]),
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response("", status=304, headers=headers, content_type=file["type"])
    snapshots = snapshots_of(datasette)
    size = await asyncio.to_thread(_size, snapshots, sha256)
    if size is None:
        raise NotFound("the body of this file is not here")
    type = file["type"] if file["type"] in ENDINGS else UNKNOWN
    return Pieces(partial(_piece, snapshots, sha256), 0, size, headers, type, bare=request.method == "HEAD")


def snapshots_of(datasette: Datasette) -> Path:
    """snapshots.db beside the folder of the published copy."""
    return Path(find.copy(datasette).path).parent.parent / NAME


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(address_for_reading(path), uri=True, timeout=10)


def _size(path: Path, sha256: str) -> int | None:
    """The bytes of a body; None where it is not there."""
    try:
        with closing(_open(path)) as db:
            row = db.execute("select length(body) from files where sha256 = ?", [sha256]).fetchone()
    except sqlite3.OperationalError:
        return None
    return int(row[0]) if row is not None else None


def _piece(path: Path, sha256: str, start: int, length: int) -> bytes:
    with closing(_open(path)) as db:
        (number,) = db.execute("select rowid from files where sha256 = ?", [sha256]).fetchone()
        with db.blobopen("files", "body", number, readonly=True) as blob:
            blob.seek(start)
            return blob.read(length)


def _disposition(name: str) -> str:
    """To be saved, never shown: in the name's own letters, and in plain ones for what knows no others."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%;' else "_" for c in fold(name))
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


ROUTES: Routes = [(r"^/file/(?P<sha256>[0-9a-f]{64})/(?P<name>[^/]{1,600})$", download)]
