"""WARC out and in: read back whole by others, imported to what the crawl reads, whatever tool made it, in any order."""

from __future__ import annotations

import fcntl
import gzip
import io
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import brotli
import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import exporting
from archive.article import Article, article_id
from archive.clock import VIETNAM, at, now, stamp
from archive.exporting import ExportError, export_warc
from archive.snapshots import Capture
from archive.store import Archive
from archive.warc import KEY, PORTAL
from crawler.capture_index import AmbiguousHost, Owners
from crawler.portals import Portal
from crawler.warc_files import WarcError, scan, zstd
from tests.loopback import ROOT, Nightly, SickPortal, is_a_sentence
from tests.recorded import EGOV, needs_recorded, replayed
from tests.unknown_portal import UnknownPortal

ARTICLES = 24
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


@dataclass
class Made:
    """An archive after three nights, with edits and withdrawals; `wget`: the first night's pages by another tool."""

    nightly: Nightly
    first: list[tuple[Any, ...]]  # the articles after the first night
    wget: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("warc")
    with UnknownPortal("classes", ARTICLES, sitemap=False) as portal:
        nightly = Nightly(folder)
        nightly.registry.write_text(
            f'[portal]\nname = "Trang tin"\nurl = "{portal.origin}/"\ndelay = 0\nenabled = false\n', encoding="utf-8"
        )

        def night(days: int) -> None:
            portal.days = days
            ended = nightly.run("portal", "--recheck", "all", ARCHIVE_NOW=stamp(now() + timedelta(days=days)))
            assert (ended.returncode, ended.stderr) == (0, "")

        night(1)
        first = rows(nightly)
        asked = dict.fromkeys(path for path in portal.requests if path != "/robots.txt")
        by_wget(folder / "wget", [portal.origin + path for path in asked])
        numbers = sorted(portal.articles)
        for number in numbers[:3]:
            portal.edit(number)
        gone = {number: portal.articles.pop(number) for number in numbers[5:8]}
        night(2)
        night(3)
        portal.articles[numbers[5]] = gone[numbers[5]]
        night(4)
        yield Made(nightly, first, folder / "wget.warc.gz")


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


# ---- out


def test_each_observation_is_a_record_that_warcio_reads_back_whole(made: Made, tmp_path: Path) -> None:
    (kind, info, _, said), *rest = records(exported(made.nightly, tmp_path))
    kept = observations(made.nightly)
    assert kind == "warcinfo" and info["WARC-Filename"] == "out.warc.gz"
    assert f"archive-records: {len(kept)}\r\n".encode() in said
    assert sorted(kind for kind, *_ in rest) == sorted("metadata" if row[5] else "response" for row in kept)
    told = {(head[PORTAL], head[KEY], head["WARC-Target-URI"], head["WARC-Date"]) for _, head, *_ in rest}
    utc = [datetime.fromisoformat(row[3]).astimezone(UTC) for row in kept]
    assert told == {(*row[:3], f"{when:%Y-%m-%dT%H:%M:%SZ}") for row, when in zip(kept, utc, strict=True)}
    assert len({head["WARC-Record-ID"] for _, head, *_ in rest}) == len(kept)


def test_a_page_is_as_it_was_kept_with_headers_that_are_true_of_it(made: Made, tmp_path: Path) -> None:
    file = exported(made.nightly, tmp_path)
    pages = [one for one in records(file) if one[0] == "response"]
    with Archive(made.nightly.data) as archive:
        bodies = {archive.snapshots.read(row[0]).body for row in archive.connection.execute(
            "select id from snap.snapshots where body is not null")}  # fmt: skip
    assert {body for *_, body in pages} == bodies
    for _, head, http, body in pages:
        assert dict(http)["Content-Length"] == str(len(body)) and "Content-Encoding" not in dict(http)
        assert head["WARC-Payload-Digest"].startswith("sha1:") and len(head["WARC-Block-Digest"]) == 5 + 32
    assert file.read_bytes().count(b"\x1f\x8b\x08\x00\x00\x00\x00\x00") >= len(pages)  # one compression a record


def test_headers_of_transfer_and_line_ends_do_not_get_into_the_file(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive, archive.transaction():
        headers = (
            ("Transfer-Encoding", "chunked"),
            ("content-encoding", "br"),
            ("X-A", "a\r\n b"),
            ("Content-Length", "7"),
        )
        archive.snapshots.keep(
            "p", "k", Capture("http://a.example/x", "2024-05-01T08:00:00+07:00", 200, headers, b"<p>")
        )
    export_warc(tmp_path, tmp_path / "f.warc.gz")
    _, (_, head, http, body) = records(tmp_path / "f.warc.gz")
    assert [name for name, _ in http] == ["X-A", "Content-Length"] and dict(http)["Content-Length"] == "3"
    assert body == b"<p>" and head["WARC-Date"] == "2024-05-01T01:00:00Z"


def test_a_withheld_article_stays_out(made: Made, tmp_path: Path) -> None:
    copy = Nightly(tmp_path)
    shutil.copytree(made.nightly.data, copy.data)
    (one, key), (other, _) = copy.archived.rows("select id, key from articles order by id limit 2")
    with closing(sqlite3.connect(copy.data / "archive.db")) as db, db:
        for article, until in ((one, None), (other, "2026-02-01")):
            db.execute(
                "insert into withheld (article, since, reason, until) values (?, '2026-01-01', 'x', ?)",
                [article, until],
            )
    ended = export(copy, "--output", str(tmp_path / "f.warc.gz"))
    assert "withheld" in ended.stdout
    keys = {head[KEY] for kind, head, *_ in records(tmp_path / "f.warc.gz") if kind != "warcinfo"}
    assert keys == {row[1] for row in observations(copy)} - {key}


def test_a_damaged_page_is_named_and_a_note_stands_in_its_place(made: Made, tmp_path: Path) -> None:
    copy = Nightly(tmp_path)
    shutil.copytree(made.nightly.data, copy.data)
    with closing(sqlite3.connect(copy.data / "snapshots.db")) as db, db:
        db.execute("update snapshots set sha256 = 'x' where id = 3")
    ended = export(copy, "--output", str(tmp_path / "f.warc.gz"))
    assert ended.returncode == 2 and is_a_sentence(ended.stderr) and "SHA-256" in ended.stderr
    assert len(records(tmp_path / "f.warc.gz")) == 1 + len(observations(made.nightly))
    ended = empty(made.nightly, tmp_path / "new").run_command("import", str(tmp_path / "f.warc.gz"))
    assert ended.returncode == 0 and "damaged 1" in ended.stdout


def test_what_fails_on_the_way_leaves_no_file_that_looks_whole(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    output = tmp_path / "f.warc.gz"
    output.write_bytes(b"the one before")
    monkeypatch.setattr(exporting.warc, "_write_one", full)
    with pytest.raises(ExportError, match="No space left"):
        export_warc(made.nightly.data, output)
    assert output.read_bytes() == b"the one before" and list(tmp_path.iterdir()) == [output]


def test_what_cannot_be_exported_is_said_in_a_sentence(made: Made, tmp_path: Path) -> None:
    cases = [
        (3, export(Nightly(tmp_path / "none"), "--output", str(tmp_path / "f"))),
        (3, export(made.nightly, "--output", str(tmp_path / "f"), "--portal", "nowhere")),
        (2, export(made.nightly, "--output", str(tmp_path / "no" / "f"))),
    ]
    with (tmp_path / "f.part").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        cases.append((75, export(made.nightly, "--output", str(tmp_path / "f"))))
    for code, ended in cases:
        assert ended.returncode == code and is_a_sentence(ended.stderr), ended
    assert not (tmp_path / "f").exists()


# ---- out and in


def test_both_databases_lost_the_export_brings_all_back(made: Made, tmp_path: Path) -> None:
    file = exported(made.nightly, tmp_path)
    again = empty(made.nightly, tmp_path / "again")
    told = imported(again, file)
    assert f"{ARTICLES}" in told and again.archived.is_sound()
    assert history(again)[1:] == history(made.nightly)[1:]
    columns = f"{SAME}, first_seen, changed, gone, revision_count"  # last_seen: no page is kept that says nothing new
    assert rows(again, columns) == rows(made.nightly, columns)
    assert observations(again) == observations(made.nightly)
    assert again.archived.rows("select count(*) from frontier") == [(0,)]
    before = again.archived.everything(), observations(again)
    assert f" {ARTICLES} " in imported(again, file)
    assert (again.archived.everything(), observations(again)) == before
    assert not list(again.data.glob("import-*"))
    ended = again.run_command("reparse")
    assert (ended.returncode, "0 changed" in ended.stdout) == (0, True)


def test_pages_recorded_by_another_tool_become_the_articles_of_the_crawl(made: Made, tmp_path: Path) -> None:
    new = empty(made.nightly, tmp_path / "new")
    told = imported(new, made.wget)
    assert rows(new) == made.first
    assert "listing" in told and "not_article" in told
    captured = {when[:16] for (when,) in rows(new, "first_seen")}
    assert captured == {when[:16] for (when,) in rows(new, "last_seen")}
    assert max(captured) <= stamp(now())[:16]


def test_older_pages_become_earlier_versions_and_overwrite_nothing(made: Made, tmp_path: Path) -> None:
    copy = Nightly(tmp_path)
    shutil.copytree(made.nightly.folder, tmp_path, dirs_exist_ok=True)
    before = history(copy)
    told = imported(copy, made.wget)  # captured a day before the first night
    after = history(copy)
    assert copy.archived.is_sound() and f" {ARTICLES} " in told
    assert rows(copy) == rows(made.nightly) and after[2:] == before[2:]
    assert [row[2:4] for row in after[1] if row[1] > 1] == [row[2:4] for row in before[1] if row[1] > 1]
    assert all(
        new < old for (new,), (old,) in zip(rows(copy, "first_seen"), rows(made.nightly, "first_seen"), strict=True)
    )
    imported(copy, made.wget)
    assert history(copy) == after


def test_newer_pages_become_later_versions(made: Made, tmp_path: Path) -> None:
    new = empty(made.nightly, tmp_path / "new")
    imported(new, made.wget)
    assert "3" in imported(new, exported(made.nightly, tmp_path))
    assert sorted(count for (count,) in rows(new, "revision_count"))[-4:] == [1, 2, 2, 2]
    assert rows(new) == rows(made.nightly)
    both = empty(made.nightly, tmp_path / "both")
    imported(both, exported(made.nightly, tmp_path), made.wget)
    assert history(both) == history(new)


# ---- in


@pytest.fixture(scope="module")
def nukeviet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Nightly, str, Path]]:
    """A crawl of the demonstration portal, its address, and what warcio's recorder saw of it."""
    folder = tmp_path_factory.mktemp("nukeviet")
    with SickPortal(lambda path, n: None, articles=12) as portal:
        nightly = Nightly(folder).register(url=portal.url)
        assert nightly.run().returncode == 0
        paths = dict.fromkeys(request.path for request in portal.requests)
        record(folder / "seen.warc.gz", [portal.url.rstrip("/") + path for path in paths])
        yield nightly, portal.url, folder / "seen.warc.gz"


def test_a_family_with_its_own_reader_reads_what_another_tool_recorded(
    nukeviet: tuple[Nightly, str, Path], tmp_path: Path
) -> None:
    nightly, _, file = nukeviet
    new = empty(nightly, tmp_path / "new")
    told = imported(new, file)
    assert rows(new) == rows(nightly) and len(rows(new)) == 12
    assert "not_html" in told


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


def test_a_page_captured_after_a_withdrawal_says_that_the_article_was_back(made: Made, tmp_path: Path) -> None:
    copy = Nightly(tmp_path)
    shutil.copytree(made.nightly.folder, tmp_path, dirs_exist_ok=True)
    ((gone, url),) = copy.archived.rows("select id, url from articles where gone is not null limit 1")
    body = dict(pages_of(made.wget))[url]
    write(tmp_path / "later.warc.gz", [("response", url, [("Content-Type", "text/html")], body)])
    for _ in range(2):
        imported(copy, tmp_path / "later.warc.gz")
        told = copy.archived.rows("select gone, revision_count, last_seen from articles where id = ?", gone)
        assert told == [(None, 1, "2027-05-03T09:00:00+07:00")]
        returned = copy.archived.rows("select returned from withdrawals where article = ?", gone)
        assert returned == [("2027-05-03T09:00:00+07:00",)]


def chunked(body: bytes) -> bytes:
    return (
        b"".join(b"%x\r\n%s\r\n" % (len(body[i : i + 900]), body[i : i + 900]) for i in range(0, len(body), 900))
        + b"0\r\n\r\n"
    )


def test_pages_are_unpacked_whatever_way_they_went_over_the_wire(
    nukeviet: tuple[Nightly, str, Path], tmp_path: Path
) -> None:
    nightly, _, file = nukeviet
    ways = [
        ("response", [], lambda body: body),
        ("response", [("Content-Encoding", "gzip")], gzip.compress),
        ("response", [("Content-Encoding", "br")], brotli.compress),
        (
            "response",
            [("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")],
            lambda b: chunked(gzip.compress(b)),
        ),
        (
            "response",
            [("Content-Encoding", "zstd"), ("Transfer-Encoding", "chunked")],
            lambda b: chunked(zstd.compress(b)),
        ),
        ("response", [("Content-Encoding", "gzip")], lambda body: body),  # unpacked by the tool, and not said
        ("resource", [], lambda body: body),
    ]
    said = [("Content-Type", "text/html; charset=UTF-8")]
    pages = [
        (kind, url.replace("http://127", "https://127"), said + more, pack(body))
        for number, (url, body) in enumerate(pages_of(file))
        for kind, more, pack in [ways[number % len(ways)]]
    ]
    for packed in (True, False):
        new = empty(nightly, tmp_path / f"new{packed}")
        write(tmp_path / "f.warc", pages, packed)
        imported(new, tmp_path / "f.warc")
        assert rows(new) == rows(nightly)
        assert set(rows(new, "first_seen, last_seen")) == {("2027-05-03T09:00:00+07:00",) * 2}
        assert all(dict(head)["Content-Type"].startswith("text/html") for head in headers_kept(new))


def headers_kept(nightly: Nightly) -> list[Any]:
    with Archive(nightly.data) as archive:
        numbers = [row[0] for row in archive.connection.execute("select id from snap.snapshots")]
        return [archive.snapshots.read(number).headers for number in numbers]


@pytest.mark.parametrize("where", ["record", "header", "trailer", "boundary"])
def test_a_file_that_breaks_off_is_named_and_what_stands_before_is_kept(made: Made, tmp_path: Path, where: str) -> None:
    file = exported(made.nightly, tmp_path)
    offsets = [found.offset for found in scan(file)]
    cut = {"record": offsets[12] + 500, "header": offsets[12] + 8, "trailer": offsets[13] - 5, "boundary": offsets[12]}
    file.write_bytes(file.read_bytes()[: cut[where]])
    new = empty(made.nightly, tmp_path / "new")
    ended = new.run_command("import", str(file))
    assert ended.returncode == 1 and is_a_sentence(ended.stderr) and "breaks off" in ended.stderr
    assert new.archived.count() == 12 and new.archived.is_sound()


def test_what_is_no_warc_is_said_in_a_sentence(made: Made, tmp_path: Path) -> None:
    plain, one_piece, none = tmp_path / "a.txt", tmp_path / "b.warc.gz", tmp_path / "c.warc.gz"
    plain.write_text("no WARC at all\n" * 40)
    one_piece.write_bytes(gzip.compress(gzip.decompress(exported(made.nightly, tmp_path).read_bytes())))
    none.touch()
    for file, words in ((plain, "no WARC"), (one_piece, "recompress"), (none, "no WARC")):
        ended = empty(made.nightly, tmp_path / "new").run_command("import", str(file))
        assert ended.returncode == 1 and is_a_sentence(ended.stderr) and words in ended.stderr, ended
        with pytest.raises(WarcError):
            list(scan(file))


def test_a_wrong_command_and_a_busy_archive_are_told_apart(made: Made, tmp_path: Path) -> None:
    new = empty(made.nightly, tmp_path / "new")
    for words in ((), ("nowhere.warc.gz",), (str(made.wget), "--portal", "nobody")):
        ended = new.run_command("import", *words)
        assert ended.returncode == 3 and is_a_sentence(ended.stderr), ended
    new.data.mkdir(exist_ok=True)
    with (new.data / "nightly.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert new.run_command("import", str(made.wget)).returncode == 75


def test_pages_of_strangers_and_revisits_are_counted_and_left(made: Made, tmp_path: Path) -> None:
    new = empty(made.nightly, tmp_path / "new")
    new.registry.write_text('[other]\nname = "Khác"\nurl = "https://khac.example/"\n')
    ended = new.run_command("import", str(made.wget))
    assert ended.returncode == 1 and "of no portal asked for" in ended.stdout and is_a_sentence(ended.stderr)
    html = [("Content-Type", "text/html")]
    write(tmp_path / "f.warc.gz", [("revisit", "http://www.khac.example/tin-1-2-3-4.html", html, b""),
                                   ("response", "http://khac.example/dang-nhap/", html, b"<p>x")])  # fmt: skip
    told = imported(new, tmp_path / "f.warc.gz")
    assert "revisit 1" in told and "never_asked 1" in told and new.archived.count() == 0


def test_an_address_is_the_portals_whose_host_and_path_it_has() -> None:
    one, two = Portal("one", "1", "https://a.example/"), Portal("two", "2", "https://a.example/hai/")
    owners = Owners([one, two, Portal("old", "3", "http://b.example/"), Portal("new", "4", "http://b.example/")])
    assert owners.of("http://www.a.example:80/x") == one and owners.of("https://a.example/hai/x") == two
    assert owners.of("http://c.example/") is None and owners.of("metadata://gnu.org/x") is None
    with pytest.raises(AmbiguousHost, match="old and new"):
        owners.of("http://b.example/x")
    said = owners.of("http://b.example/x", "new")
    assert said is not None and said.key == "new"


# ---- what it rests on


def test_the_clock_stands_at_a_capture_for_a_while() -> None:
    then = datetime(2019, 3, 1, 8, 30, 5, 999, tzinfo=UTC)
    with at(then):
        assert now() == then.replace(microsecond=0) and now().tzinfo is VIETNAM
        with at(then + timedelta(days=1)):
            assert now().day == 2
        assert now().day == 1
    assert now().year > 2019


def test_an_old_page_does_not_bring_back_what_is_missing_since(tmp_path: Path) -> None:
    article = Article("p", "k", "http://a.example/k", "Tên", body="Thân")
    page = Capture(article.url, "2026-01-01T01:00:00+07:00", 200, (), b"<p>")
    with Archive(tmp_path) as archive:
        archive.register_portals([{"key": "p", "name": "P", "url": "http://a.example/", "cms": "generic"}])
        for day, what in ((2, "missed"), (3, "missed"), (4, "old page"), (5, "new page")):
            with archive.transaction(), at(datetime(2026, 1, day, 1, tzinfo=VIETNAM)):
                if day == 2:
                    archive.save(article, capture=page)
                if what == "missed":
                    archive.presence.missed(article.id, "not_found", 404, article.url)
                else:
                    fetched = page.fetched if what == "old page" else stamp(now())
                    archive.save(article, capture=Capture(article.url, fetched, 200, (), b"<p>"))
            gone = archive.presence.gone_since(article_id("p", "k"))
            assert bool(gone) == (day in (3, 4))


@needs_recorded
@pytest.mark.soak
def test_a_recorded_portal_recorded_by_another_tool_is_imported_to_the_articles_of_the_crawl(tmp_path: Path) -> None:
    nightly = Nightly(tmp_path)
    with replayed(EGOV) as url:
        nightly.register(url=url)
        assert nightly.run().returncode == 0
        asked = nightly.archived.rows("select url from frontier where fetched is not null")
        by_wget(tmp_path / "wget", [one for (one,) in asked])
    new = empty(nightly, tmp_path / "new")
    imported(new, tmp_path / "wget.warc.gz")
    assert rows(new) == rows(nightly)
