"""The files of the whole archive on the site: listed with their sizes, and given out at /download/NAME.

A file has its length in its header, so that one cut short is known; a download that broke off goes on by a range.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from archive.site import find
from archive.site.rendering import Routes
from archive.site.sending import Pieces
from archive.whole import FILES

TYPES = {".parquet": "application/vnd.apache.parquet", ".gz": "application/gzip"}

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True, slots=True)
class Listed:
    """A file that is there; `size` in bytes."""

    name: str
    size: int


def listed(datasette: Datasette) -> list[Listed]:
    """The files that are there, for pages to link to."""
    paths = (_folder(datasette) / name for name in FILES)
    return [Listed(path.name, path.stat().st_size) for path in paths if path.is_file()]


def _folder(datasette: Datasette) -> Path:
    return Path(find.copy(datasette).path).parent


async def download(datasette: Datasette, request: Request) -> Response:
    """One of the files, whole or the range that is asked for."""
    name = request.url_vars["name"]
    if name not in FILES:
        raise NotFound("no such file")
    try:
        file = open(_folder(datasette) / name, "rb")  # noqa: SIM115 (closed when it is sent)
    except OSError:
        raise NotFound("this file is not written yet") from None
    state = os.fstat(file.fileno())
    tag = f'"{state.st_mtime_ns:x}-{state.st_size:x}"'
    headers = {
        "etag": tag,
        "last-modified": formatdate(state.st_mtime, usegmt=True),
        "accept-ranges": "bytes",
        "cache-control": "max-age=3600",
        "content-disposition": f'attachment; filename="{name}"',
    }
    kind = TYPES[Path(name).suffix]
    if tag in request.headers.get("if-none-match", ""):
        file.close()
        return Response("", 304, headers, kind)
    start, end, status = _asked(request, tag, state.st_size)
    if status == 416:
        file.close()
        return Response("", 416, {**headers, "content-range": f"bytes */{state.st_size}"}, kind)
    if status == 206:
        headers["content-range"] = f"bytes {start}-{end - 1}/{state.st_size}"

    def read(at: int, length: int) -> bytes:
        return os.pread(file.fileno(), length, at)

    bare = request.method == "HEAD"
    return Pieces(read, start, end, headers, kind, status=status, bare=bare, close=file.close)


def _asked(request: Request, tag: str, size: int) -> tuple[int, int, int]:
    """First byte, the one behind the last, and the status. What is not one simple range is answered whole."""
    found = _RANGE.fullmatch(request.headers.get("range", ""))
    if found is None or found[0] == "bytes=-" or request.headers.get("if-range", tag) != tag:
        return 0, size, 200
    if not found[1]:
        start, end = max(0, size - int(found[2])), size
    else:
        start, end = int(found[1]), min(size, int(found[2]) + 1) if found[2] else size
    return (start, end, 206) if start < end else (0, 0, 416)


ROUTES: Routes = [(r"^/download/(?P<name>[a-z.-]{1,40})$", download)]
