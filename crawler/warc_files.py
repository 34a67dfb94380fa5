"""WARC files of any maker, record by record: what is a page in them, and the page itself at its place in the file."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import brotli
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from archive.clock import stamp
from archive.snapshots import Capture
from archive.warc import KEY, PORTAL, RECORDS

try:
    from compression import zstd  # type: ignore[import-not-found,unused-ignore]
except ImportError:  # before Python 3.14
    from backports import zstd

# What warcio raises for a record that is none; AttributeError where a header that must be there was cut off.
BROKEN = (ArchiveLoadFailed, StatusAndHeadersParserException, zlib.error, EOFError, ValueError, AttributeError)
DECODED = ("", "identity", "gzip", "deflate", "br", "zstd")
NOT_KEPT = ("set-cookie", "content-encoding", "transfer-encoding")  # of strangers, or wrong of a decoded body
HTML = ("text/html", "application/xhtml")
LARGEST = 10 * 1024 * 1024  # bytes of a page's record: no page of text is larger
LARGEST_FILE = 20 * 1024 * 1024  # bytes of an attached file, as in a crawl
FILE = "not_html"  # why a record is no page: it may be an attached file


class WarcError(RuntimeError):
    """A file is no WARC, or breaks off; the message is a sentence. What was whole before has been given."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one record is. `skip`: why it is no page to read, by name; "" where it is one, or a note of our own.

    What may be an attached file is skipped as FILE. `fetched`: when it was captured, as the archive writes it. `portal`
    and `key`: whose it is, where an archive like this one wrote the file. `how`: of a note, what was seen instead of a
    page.
    """

    url: str
    fetched: str
    offset: int
    skip: str = ""
    portal: str = ""
    key: str = ""
    how: str = ""
    status: int = 200


def scan(path: Path) -> Iterator[Recorded]:
    """What the records of a file are, one at a time. Raises WarcError, OSError."""
    with path.open("rb") as file:
        records, promised, counted, end = ArchiveIterator(file), None, 0, 0
        while True:
            try:
                with redirect_stderr(io.StringIO()):  # warcio says there what is raised here
                    record = next(records, None)
                    if record is None:
                        break
                    found, said = _describe(record), _promise(record)
                    whole = _to_its_end(records, record)
                    offset = records.get_record_offset()
            except BROKEN as error:
                raise WarcError(_broken(path, end, error)) from error
            if not whole:
                raise WarcError(_broken(path, end, None))
            end = records.offset
            if record.rec_type == "warcinfo":
                _keep_promise(path, promised, counted)
                promised, counted = said, 0
            else:
                counted += 1
            if found is not None:
                yield Recorded(**found, offset=offset)
        if end < path.stat().st_size or not end:
            raise WarcError(_broken(path, end, None))
        _keep_promise(path, promised, counted)


def _broken(path: Path, end: int, error: Exception | None) -> str:
    if "non-chunked" in str(error):
        return f"{path} is compressed in one piece: make one of a piece a record by warcio recompress"
    if not end:
        return f"{path} is no WARC file"
    return f"{path} breaks off behind byte {end}: what stands before was taken"


def _to_its_end(records: Any, record: Any) -> bool:
    """Read a record to its end; whether it has one: all its bytes, and those that close its compression."""
    records.read_to_end()
    packed = records.reader.decompressor
    closed = packed is None or packed.eof or records.next_line is not None
    return record.length is not None and record.raw_stream.limit == 0 and closed and not records.err_count


def _promise(record: Any) -> int | None:
    """How many records a file of an archive like this one says that follow."""
    if record.rec_type != "warcinfo":
        return None
    lines = record.raw_stream.read(65536).decode("utf-8", "replace").splitlines()
    said = dict(line.split(": ", 1) for line in lines if ": " in line)
    return int(said[RECORDS]) if said.get(RECORDS, "").isdigit() else None


def _keep_promise(path: Path, promised: int | None, counted: int) -> None:
    if promised is not None and counted < promised:
        raise WarcError(f"{path} breaks off: {counted} of its {promised} records are there, and were taken")


def _describe(record: Any) -> dict[str, Any] | None:
    """What a record is, without its place; None for what is neither an answer of a server nor a note of our own."""
    headers = record.rec_headers
    values: dict[str, Any] = {
        "url": headers.get_header("WARC-Target-URI") or "",
        "fetched": _moment(headers.get_header("WARC-Date") or ""),
        "portal": headers.get_header(PORTAL) or "",
        "key": headers.get_header(KEY) or "",
    }
    if record.rec_type == "metadata" and values["key"]:
        lines = record.raw_stream.read(4096).decode("utf-8", "replace").splitlines()
        said = dict(line.split(": ", 1) for line in lines if ": " in line)
        return values | {"how": said.get("how", ""), "status": int(said.get("status", 0))}
    if record.rec_type not in ("response", "resource", "revisit"):
        return None
    return values | {"skip": "no_date" if not values["fetched"] else _why_not(record)}


def _moment(text: str) -> str:
    """A WARC-Date as the archive writes times; "" where it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return stamp(moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC))


def _why_not(record: Any) -> str:
    """Why a record is no page to read; "" for a whole HTML page that was answered with 200."""
    if record.rec_type == "revisit":
        return "revisit"
    status, http = 200, record.http_headers
    if record.rec_type == "response":
        code = http.get_statuscode() if http is not None else ""
        if not str(code).isdigit():
            return "not_http"
        status = int(code)
    kind = (http.get_header("Content-Type") if http is not None else record.content_type) or ""
    if status != 200:
        return {404: "not_found", 410: "not_found"}.get(status, "redirect" if 300 <= status < 400 else "http_error")
    is_page = kind.strip().lower().startswith(HTML)
    largest = LARGEST if is_page else LARGEST_FILE
    if record.rec_headers.get_header("WARC-Truncated") or (record.length or 0) > largest:
        return "truncated"
    if _encoding(record) not in DECODED:
        return "unknown_encoding"
    return "" if is_page else FILE


def _encoding(record: Any) -> str:
    said = record.http_headers.get_header("Content-Encoding") if record.http_headers is not None else ""
    return (said or "").strip().lower()


class Files:
    """Pages at their places in some files. Use as a context manager."""

    def __init__(self, paths: list[Path]) -> None:
        self.paths = paths
        self._open: dict[int, Any] = {}

    def __enter__(self) -> Files:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._open.values():
            file.close()

    def read(self, number: int, offset: int, url: str, fetched: str) -> Capture:
        """The page at a place, under the address and time that it is known by. Raises WarcError, OSError."""
        if number not in self._open:
            self._open[number] = self.paths[number].open("rb")
        file = self._open[number]
        file.seek(offset)
        try:
            with redirect_stderr(io.StringIO()):
                record = next(ArchiveIterator(file))
                body = _body(record)
        except BROKEN as error:
            raise WarcError(f"{self.paths[number]}: the record at byte {offset} cannot be read: {error}") from error
        http = record.http_headers.headers if record.http_headers is not None else ()
        headers = tuple((name, value) for name, value in http if name.lower() not in NOT_KEPT)
        return Capture(url, fetched, 200, headers or (("Content-Type", record.content_type or "text/html"),), body)


def _body(record: Any) -> bytes:
    """The body of a page without chunks and compression; as it is where a tool has unpacked it and not said so.

    Brotli is unpacked here: warcio 1.8.1 cannot with brotli 1.2, whose decompressor takes no attributes.
    """
    encoding = _encoding(record)
    if encoding not in ("br", "zstd"):
        return bytes(record.content_stream().read())
    is_chunked = (record.http_headers.get_header("Transfer-Encoding") or "").lower() == "chunked"
    raw = bytes((ChunkedDataReader(record.raw_stream) if is_chunked else record.raw_stream).read())
    try:
        return bytes(brotli.decompress(raw) if encoding == "br" else zstd.decompress(raw))
    except (brotli.error, zstd.ZstdError):
        return raw
