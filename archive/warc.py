"""The raw pages as WARC 1.1, the format of web archives: what others read and replay, and what `scrapy import` reads.

A kept page is a `response` record as its portal sent it (without the compression, which it was kept without), dated by
its capture. What was seen instead of a page (missing, or there again) is a `metadata` record. Both name portal and
article in headers of their own. An attached file is a `resource` record, with its portal: of an answer to it nothing is
kept but the body. The first record, `warcinfo`, says how many records follow, so
that a file cut short at the end of a record does not look whole either.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from uuid import NAMESPACE_URL, uuid5

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.article import article_id
from archive.attachments import Listed, listed
from archive.snapshots import Capture, Headers, Observation, SnapshotError, Snapshots

PORTAL, KEY = "Archive-Portal", "Archive-Key"  # headers of each record: whose page it is
RECORDS = "archive-records"  # in warcinfo: how many records follow
DAMAGED = "damaged"  # `how` of a page that could not be read back
SOFTWARE = "dan-van-archive"
# The body is kept decompressed and whole: these would be wrong of it.
OF_TRANSFER = frozenset(("content-encoding", "transfer-encoding", "content-length"))


@dataclass(slots=True)
class Written:
    """What an export came to. `withheld`: records left out by a person's decision; `damaged`: why a page is missing."""

    pages: int = 0
    notes: int = 0
    files: int = 0
    withheld: int = 0
    damaged: tuple[str, ...] = ()


def connect(data_dir: Path) -> sqlite3.Connection:
    """Both databases of a data folder, to read only; archive.db may be lost. Raises sqlite3.Error."""
    archive = data_dir / "archive.db"
    where = f"{archive.resolve().as_uri()}?mode=ro" if archive.is_file() else ":memory:"
    db = sqlite3.connect(where, uri=True, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute("attach ? as snap", [f"{(data_dir / 'snapshots.db').resolve().as_uri()}?mode=ro"])
    return db


def portals(db: sqlite3.Connection) -> list[str]:
    """The keys of the portals of which anything was observed."""
    return [row[0] for row in db.execute("select distinct portal from snap.snapshots order by portal")]


def write(db: sqlite3.Connection, file: IO[bytes], name: str, keys: Sequence[str], now: datetime) -> Written:
    """Write the observations of some portals, all where `keys` is empty, one at a time; gzip by record.

    `name`: what the file will be called. One view of the databases, whatever a crawl writes meanwhile. Raises
    sqlite3.Error and OSError; a damaged page is named in the result, and a note stands in its place.
    """
    db.execute("begin")
    try:
        hidden, snapshots, written = _withheld(db), Snapshots(db), Written()
        shown, attached = sum(1 for _ in _shown(db, keys, hidden)), listed(db, keys, hidden)
        written.withheld = _count(db, keys) - shown
        writer = WARCWriter(file, gzip=True, warc_version="1.1")
        writer.write_record(_warcinfo(writer, name, now, shown + len(attached)))
        for seen in _shown(db, keys, hidden):
            _write_one(writer, snapshots, seen, written)
        for one in attached:
            writer.write_record(_resource(writer, db, one))
        written.files = len(attached)
    finally:
        db.execute("rollback")
    return written


def _write_one(writer: WARCWriter, snapshots: Snapshots, seen: Observation, written: Written) -> None:
    if seen.how:
        writer.write_record(_note(writer, seen, seen.how))
        written.notes += 1
        return
    try:
        writer.write_record(_response(writer, seen, snapshots.read(seen.id)))
        written.pages += 1
    except SnapshotError as error:
        writer.write_record(_note(writer, seen, DAMAGED))
        written.damaged = (*written.damaged, str(error))


def _shown(db: sqlite3.Connection, keys: Sequence[str], hidden: frozenset[int]) -> Iterator[Observation]:
    """What was observed of all articles but the withheld ones, in the order in which it was kept."""
    names = "id, portal, key, url, fetched, status, how, sha256"
    for row in db.execute(f"select {names} from snap.snapshots {_where(keys)} order by id", keys):
        if not hidden or article_id(row["portal"], row["key"]) not in hidden:
            yield Observation(*row)


def _count(db: sqlite3.Connection, keys: Sequence[str]) -> int:
    return int(db.execute(f"select count(*) from snap.snapshots {_where(keys)}", keys).fetchone()[0])


def _where(keys: Sequence[str]) -> str:
    return f"where portal in ({', '.join('?' * len(keys))})" if keys else ""


def _withheld(db: sqlite3.Connection) -> frozenset[int]:
    """The ids of the articles that are withheld at present, by snapshots.db where archive.db is lost."""
    for name in ("main", "snap"):
        if db.execute(f"select 1 from {name}.sqlite_master where type = 'table' and name = 'withheld'").fetchone():
            return frozenset(row[0] for row in db.execute(f"select article from {name}.withheld where until is null"))
    return frozenset()


def _warcinfo(writer: WARCWriter, name: str, now: datetime, records: int) -> Any:
    """`records` may be 0: warcio leaves empty values out, not noughts written as text."""
    info = {"software": SOFTWARE, "format": "WARC File Format 1.1", RECORDS: str(records)}
    record = writer.create_warcinfo_record(name, info)
    record.rec_headers.replace_header("WARC-Date", _utc(now))
    return record


def _response(writer: WARCWriter, seen: Observation, capture: Capture) -> Any:
    """A page with the headers that came with it."""
    headers = [(name, _text(value)) for name, value in capture.headers if name.lower() not in OF_TRANSFER]
    headers.append(("Content-Length", str(len(capture.body))))
    return writer.create_warc_record(
        capture.url,
        "response",
        payload=BytesIO(capture.body),
        length=len(capture.body),
        warc_headers_dict=_own(seen),
        http_headers=StatusAndHeaders(_status_line(capture.status), headers, protocol="HTTP/1.1"),
    )


def _note(writer: WARCWriter, seen: Observation, how: str) -> Any:
    """What was seen instead of a page."""
    fields: Headers = (("how", how), ("status", str(seen.status)))
    text = "".join(f"{name}: {value}\r\n" for name, value in fields).encode()
    return writer.create_warc_record(
        seen.url, "metadata", payload=BytesIO(text), length=len(text), warc_headers_dict=_own(seen)
    )


def _resource(writer: WARCWriter, db: sqlite3.Connection, file: Listed) -> Any:
    type, body = db.execute("select type, body from snap.files where sha256 = ?", [file.sha256]).fetchone()
    identity = "\n".join((file.portal, file.url, file.fetched, file.sha256))
    return writer.create_warc_record(
        file.url,
        "resource",
        payload=BytesIO(body),
        length=len(body),
        warc_content_type=type,
        warc_headers_dict={
            "WARC-Record-ID": f"<urn:uuid:{uuid5(NAMESPACE_URL, identity)}>",
            "WARC-Date": _utc(datetime.fromisoformat(file.fetched)),
            PORTAL: file.portal,
        },
    )


def _own(seen: Observation) -> dict[str, str]:
    """The record's date and names; the same observation has the same record id in every export."""
    identity = "\n".join((seen.portal, seen.key, seen.fetched, seen.how, seen.sha256 or ""))
    return {
        "WARC-Record-ID": f"<urn:uuid:{uuid5(NAMESPACE_URL, identity)}>",
        "WARC-Date": _utc(datetime.fromisoformat(seen.fetched)),
        PORTAL: seen.portal,
        KEY: " ".join(seen.key.splitlines()),
    }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:  # a number of a server's own
        return f"{status} Unknown"


def _text(value: str) -> str:
    """A header's value on one line, its bytes (kept as Latin-1) as UTF-8 where they are; warcio %-encodes the rest."""
    value = " ".join(value.splitlines())
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value
