"""WARC files in the tests: written, recorded by other tools, read back, exported and imported by the commands."""

from __future__ import annotations

import io
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.loopback import ROOT, Nightly

SAME = "id, portal, key, url, title, lead, body, published, author, source, section, text_sha256, reader, topic"
TIMES = "first_seen, last_seen, changed, gone, revision_count"


def rows(nightly: Nightly, columns: str = SAME) -> list[tuple[Any, ...]]:
    return nightly.archived.rows(f"select {columns} from articles order by id")


def history(nightly: Nightly) -> list[list[tuple[Any, ...]]]:
    """All that is told of the articles but the numbers of their snapshots."""
    return [
        rows(nightly, f"{SAME}, {TIMES}"),
        nightly.archived.rows("select article, number, seen, text_sha256 from revisions order by 1, 2"),
        nightly.archived.rows("select article, noticed, confirmed, returned, how from withdrawals order by 1, 2"),
        nightly.archived.rows("select article, noticed, how from missing order by 1"),
    ]


def observations(nightly: Nightly) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(nightly.data / "snapshots.db")) as db:
        sql = "select portal, key, url, fetched, status, how, sha256 from snapshots order by 1, 2, fetched, id"
        return db.execute(sql).fetchall()


def export(nightly: Nightly, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "archive", "export", "--format", "warc", "--data-dir", str(nightly.data), *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def exported(nightly: Nightly, folder: Path, *words: str) -> Path:
    file = folder / "out.warc.gz"
    ended = export(nightly, "--output", str(file), *words)
    assert (ended.returncode, ended.stderr) == (0, "")
    return file


def records(file: Path) -> list[tuple[str, dict[str, str], list[tuple[str, str]], bytes]]:
    """Type, headers, HTTP headers and content of each record, with every digest checked."""
    found = []
    with file.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            http = record.http_headers.headers if record.http_headers else []
            found.append((record.rec_type, dict(record.rec_headers.headers), http, record.content_stream().read()))
    return found


def empty(nightly: Nightly, folder: Path) -> Nightly:
    """The same registry beside no archive at all."""
    folder.mkdir(exist_ok=True)
    shutil.copy(nightly.registry, folder / "portals.toml")
    return Nightly(folder)


def imported(nightly: Nightly, *files: Path) -> str:
    ended = nightly.run_command("import", *map(str, files))
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


def by_wget(stem: Path, urls: list[str]) -> None:
    """Record some addresses by GNU Wget where there is one, else by warcio's own recorder."""
    if shutil.which("wget"):
        listed = stem.with_suffix(".txt")
        listed.write_text("\n".join(urls))
        words = ["-q", "-O", "/dev/null", "-i", str(listed), f"--warc-file={stem}", "--no-warc-keep-log"]
        subprocess.run(["wget", *words], timeout=60, check=False)  # it ends with 8 where one answer was a 404
    else:
        record(stem.with_name(stem.name + ".warc.gz"), urls)


def record(file: Path, urls: list[str]) -> None:
    """Record some addresses by warcio's own recorder, which must be imported before what it listens to."""
    code = (
        "import sys; from warcio.capture_http import capture_http; import http.client, urllib.parse\n"
        "with capture_http(sys.argv[1]):\n"
        "    for url in sys.stdin.read().split():\n"
        "        parts = urllib.parse.urlsplit(url)\n"
        "        link = http.client.HTTPConnection(parts.netloc)\n"
        "        link.request('GET', urllib.parse.urlunsplit(('', '', parts.path, parts.query, '')))\n"
        "        link.getresponse().read(); link.close()\n"
    )
    subprocess.run([sys.executable, "-c", code, str(file)], input="\n".join(urls), text=True, check=True, timeout=120)


def pages_of(file: Path) -> list[tuple[str, bytes]]:
    """Address and body of the HTML pages in a file."""
    with file.open("rb") as stream:
        found = [(one.rec_headers.get_header("WARC-Target-URI"), one.http_headers, one.content_stream().read())
                 for one in ArchiveIterator(stream) if one.rec_type == "response"]  # fmt: skip
    return [(url, body) for url, http, body in found if "html" in (http.get_header("Content-Type") or "")]


def write(file: Path, pages: list[tuple[str, str, list[tuple[str, str]], bytes]], packed: bool = True) -> None:
    """A WARC file of (type, address, HTTP headers, body as it went over the wire), captured on 3 May 2027."""
    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=packed, warc_version="1.0")
        for kind, url, headers, body in pages:
            http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1") if kind == "response" else None
            dated = {"WARC-Date": "2027-05-03T02:00:00Z"}
            content = "text/html" if kind == "resource" else ""
            writer.write_record(writer.create_warc_record(
                url, kind, payload=io.BytesIO(body), length=len(body), warc_content_type=content,
                warc_headers_dict=dated, http_headers=http))  # fmt: skip
