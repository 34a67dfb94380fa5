"""Downloads of a search: all of it, as CSV, XLSX or JSON Lines, with the count before and beside it.

A download is written while it is read. It ends by breaking the connection where anything fails, so that a file cut
short is a failed download to every browser and program. Its queries run in threads of their own, a batch at a time, on
a connection of its own to the copy of the moment: a slow reader keeps nobody waiting, and sees no newer copy.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
import threading
from array import array
from collections.abc import Awaitable, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast, get_args
from urllib.parse import urlencode

from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.utils.asgi import Request, Response

from archive import clock
from archive.formats import reading
from archive.formats.columns import Header, columns
from archive.formats.texts import csv_file, jsonl_file
from archive.formats.xlsx import xlsx_file
from archive.i18n import DEFAULT, Language
from archive.search import fold
from archive.site import find
from archive.site.rendering import Routes, render
from archive.site.state import State

TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson; charset=utf-8",
}
T = TypeVar("T")
STALLED = 300  # seconds in which a reader takes nothing: then it is not there any more

# All downloads share these, batch by batch: many of them are slower, and the pages are not.
_workers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="download")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a download asks for."""

    state: State
    base: str  # address of the site, without its last slash
    body: bool  # ?body=1: with the full texts
    header: Header  # ?header=: in which manner columns are named
    language: Language

    @classmethod
    def of(cls, datasette: Datasette, request: Request) -> Asked:
        """Nothing in an address is an error; what means nothing is left out."""
        language = Language(request.args.get("lang", DEFAULT))
        manner = request.args.get("header")
        header = cast(Header, manner if manner in get_args(Header) else language.code)
        return cls(
            State.of(request.args),
            str(datasette.absolute_url(request, datasette.urls.path("/"))).rstrip("/"),
            request.args.get("body") == "1",
            header,
            language,
        )


class Chosen:
    """The articles of a download, in the copy of the moment. To be closed."""

    def __init__(self, copy: Path, selection: find.Selection | None) -> None:
        self._lock = threading.Lock()  # a connection and a generator are at work in one thread at a time
        self._pieces: Generator[bytes] | None = None
        self._db = reading.connect(copy)
        found = reading.chosen(self._db, selection.where, selection.values) if selection else array("q")
        self.seqs: array[int] = found
        (self.built,) = self._db.execute("select built from build").fetchone()

    def write(self, kind: str, asked: Asked) -> None:
        """Begin a file, to be had by next()."""
        wanted = columns(asked.body)
        batches = reading.batches(self._db, self.seqs, wanted, asked.base)
        if kind == "csv":
            self._pieces = csv_file(wanted, batches, asked.header)
        elif kind == "jsonl":
            self._pieces = jsonl_file(wanted, batches)
        else:
            notes = partial(_notes, asked, len(self.seqs), self.built)
            self._pieces = xlsx_file(wanted, batches, asked.header, notes)

    def next(self) -> bytes | None:
        """The next piece of the file, which may be empty; None after the last."""
        with self._lock:
            return next(self._pieces, None) if self._pieces else None

    def close(self) -> None:
        """Let go of the copy, after a piece that is still being made in another thread."""
        with self._lock:
            if self._pieces:
                self._pieces.close()
            self._db.close()


async def file(datasette: Datasette, request: Request) -> Response:
    """/export.csv, /export.xlsx, /export.jsonl."""
    kind, asked = request.url_vars["kind"], Asked.of(datasette, request)
    if request.scope.get("http_version") == "1.0":
        # Its end would be the end of the connection: nobody could tell a whole file from one cut short.
        return Response.text(str(asked.language("needs_http_11")), status=505)
    try:
        chosen = await _chosen(datasette, asked.state)
    except QueryInterrupted:
        return Response.text(str(asked.language("too_slow")), status=503, headers={"cache-control": "no-store"})
    n = len(chosen.seqs)
    headers = {
        "content-disposition": f'attachment; filename="{_name(asked.state, n)}.{kind}"',
        "x-total-count": str(n),
        "cache-control": "no-store",
        "x-robots-tag": "noindex",
    }
    if datasette.cors:
        headers |= {"access-control-allow-origin": "*", "access-control-expose-headers": "X-Total-Count"}
    chosen.write(kind, asked)
    return _Stream(chosen, request, headers, TYPES[kind])


async def page(datasette: Datasette, request: Request) -> Response:
    """/export: how many articles a download holds, and the ways to have it."""
    asked = Asked.of(datasette, request)
    too_slow, n = False, 0
    try:
        chosen = await _chosen(datasette, asked.state)
        n = len(chosen.seqs)
        await _run(chosen.close)
    except QueryInterrupted:
        too_slow = True
    context = {"state": asked.state, "pairs": asked.state.pairs(), "n": n, "too_slow": too_slow, "q": asked.state.typed}
    return await render(datasette, request, "site_export.html", context)


async def _chosen(datasette: Datasette, state: State) -> Chosen:
    selection = await find.selection(datasette, state)
    return await _run(partial(Chosen, Path(str(find.copy(datasette).path)), selection))


async def _run(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_workers, work)


def _name(state: State, n: int) -> str:
    """dan-van_cau-tre_2026-03-01_12-bai: a name that says what is in the file, and how many articles."""
    words = re.sub(r"[^a-z0-9]+", "-", fold(" ".join(value for _, value in state.pairs()))).strip("-")[:60].strip("-")
    return "_".join(part for part in ("dan-van", words, f"{clock.now():%Y-%m-%d}", f"{n}-bai") if part)


def _notes(asked: Asked, n: int, built: str, cut: int) -> list[tuple[str, str]]:
    """The lines of a workbook's last sheet."""
    t = Language("en" if asked.header == "en" else "vi")
    query = urlencode(asked.state.pairs())
    lines = [
        ("note_search", f"{asked.base}/search" + (f"?{query}" if query else "")),
        ("note_count", t.number(n)),
        ("note_built", t.moment(built)),
        ("note_made", t.moment(clock.stamp(clock.now()))),
        ("note_times", str(t("note_times_text"))),
        ("note_rights", str(t("footer"))),
    ]
    if cut:
        lines.append(("note_cut", str(t("note_cut_text", n=cut))))
    return [(str(t(name)), text) for name, text in lines]


class _Stream(Response):  # type: ignore[misc]
    """An answer that is made while it is sent, and that breaks off where it cannot be finished."""

    def __init__(self, chosen: Chosen, request: Request, headers: dict[str, str], content_type: str) -> None:
        super().__init__("", 200, headers, content_type)
        self._chosen, self._request = chosen, request

    async def asgi_send(self, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        """Called by Datasette. Where it returns before the last piece the server breaks the connection."""
        named = {**self.headers, "content-type": self.content_type}
        headers = [[name.encode(), value.encode()] for name, value in named.items()]
        reader = asyncio.ensure_future(_gone(self._request.receive))
        try:
            await send({"type": "http.response.start", "status": self.status, "headers": headers})
            if self._request.method != "HEAD":
                while not reader.done() and (piece := await _run(self._chosen.next)) is not None:
                    if piece:
                        body = {"type": "http.response.body", "body": piece, "more_body": True}
                        await asyncio.wait_for(send(body), STALLED)
            if not reader.done():
                await send({"type": "http.response.body", "body": b""})
        except TimeoutError:
            log.warning("a reader took nothing of a download for %d seconds; it was broken off", STALLED)
        except (sqlite3.Error, OSError, reading.Incomplete) as error:
            log.error("a download was broken off: %s: %s", type(error).__name__, error)
        finally:
            reader.cancel()
            await asyncio.shield(_run(self._chosen.close))


async def _gone(receive: Callable[[], Awaitable[dict[str, Any]]]) -> None:
    """Returns when the reader has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass


ROUTES: Routes = [
    (r"^/export\.(?P<kind>csv|xlsx|jsonl)$", file),
    (r"^/export$", page),
]
