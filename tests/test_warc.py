"""WARC out and in: read back whole by others, imported to what the crawl reads, whatever tool made it, in any order."""

from __future__ import annotations

import fcntl
import gzip
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive import exporting
from archive.clock import now, stamp
from archive.exporting import ExportError, export_warc
from archive.snapshots import Capture
from archive.store import Archive
from archive.warc import KEY, PORTAL
from crawler.warc_files import WarcError, scan
from tests.loopback import Nightly, is_a_sentence
from tests.unknown_portal import UnknownPortal
from tests.warc_tools import (
    SAME,
    by_wget,
    empty,
    export,
    exported,
    history,
    imported,
    observations,
    pages_of,
    records,
    rows,
    write,
)

ARTICLES = 24


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
