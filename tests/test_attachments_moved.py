"""Attached files on their way out and in: as WARC, checked, counted, withheld with their article."""

from __future__ import annotations

import io
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.__main__ import main
from archive.attachments import sha256_of
from archive.checks import Level, examine
from archive.clock import now, stamp
from archive.exporting import export_warc
from archive.files.text import Extracted
from archive.files.types import PDF
from archive.publish import current_copy, publish
from archive.store import Archive
from archive.warc import PORTAL
from crawler.demo.routes import Answer
from tests import documents
from tests.loopback import Nightly, SickPortal

DIRECTIVE = documents.pdf(["Chỉ thị số 31-CT/TU về công tác dân vận ở lòng hồ Thạch Giang."])
FORM = documents.pdf(["Mẫu đơn xin vào tổ hòa giải xóm Đồi."])
OLDER = documents.pdf(["Chỉ thị số 31-CT/TU, bản chưa sửa, về bến thuyền cũ."])
LISTS = (
    "select a.portal, a.key, f.url, f.sha256 from article_files f join articles a on a.id = f.article order by 1, 2, 3"
)


def uploads(path: str, n: int) -> Answer | None:
    bodies = {"/uploads/tep/chi-thi.pdf": DIRECTIVE, "/uploads/tep/mau-don.pdf": FORM}
    return Answer(bodies[path], PDF) if path in bodies else None


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nightly]:
    """One night: the first article lists the directive and the form, the second the form, the third nothing."""
    links = [("chi-thi.pdf", "mau-don.pdf"), ("mau-don.pdf",), ()]
    with SickPortal(uploads, 3) as portal:
        for number, names in zip(portal.numbers, links, strict=True):
            body = f"<p>Bài số {number}.</p>" + "".join(f'<p><a href="/uploads/tep/{n}">{n}</a></p>' for n in names)
            portal.site.articles[number] = replace(portal.site.articles[number], body=body, files=())
        nightly = Nightly(tmp_path_factory.mktemp("moved")).register(url=portal.url)
        ended = nightly.run()
        assert (ended.returncode, ended.stderr) == (0, "")
    yield nightly


@pytest.fixture
def moved(crawled: Nightly, tmp_path: Path) -> Nightly:
    """The same archive, to be written to."""
    shutil.copytree(crawled.folder, tmp_path, dirs_exist_ok=True)
    return Nightly(tmp_path)


def article_with(nightly: Nightly, name: str) -> int:
    """The article that alone lists a file, or the first that does."""
    sql = f"select min(article) from article_files where url like '%{name}' and article in "
    return int(nightly.archived.rows(f"{sql} (select article from article_files)")[0][0])


def resources(file: Path) -> list[tuple[str, str, str, bytes]]:
    """Address, type, portal and body of each file in a WARC, every digest checked."""
    found = []
    with file.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            if record.rec_type == "resource":
                said = record.rec_headers.get_header
                body = record.content_stream().read()
                found.append((said("WARC-Target-URI"), said("Content-Type"), said(PORTAL), body))
    return found


def write(file: Path, records: list[tuple[str, str, str, bytes]]) -> Path:
    """A WARC of another maker: (address, time, type, body) each, answered with 200."""
    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for url, moment, type, body in records:
            headers = StatusAndHeaders("200 OK", [("Content-Type", type)], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                url, "response", payload=io.BytesIO(body), length=len(body), http_headers=headers,
                warc_headers_dict={"WARC-Date": moment},
            )  # fmt: skip
            writer.write_record(record)
    return file


def test_files_stand_in_the_warc_once_with_type_and_portal(crawled: Nightly, tmp_path: Path) -> None:
    written = export_warc(crawled.data, tmp_path / "out.warc.gz")
    assert (written.pages, written.files) == (3, 2)
    found = {
        url.rsplit("/", 1)[-1]: (type, portal, body) for url, type, portal, body in resources(tmp_path / "out.warc.gz")
    }
    portal = crawled.archived.rows("select key from portals")[0][0]
    assert found == {"chi-thi.pdf": (PDF, portal, DIRECTIVE), "mau-don.pdf": (PDF, portal, FORM)}


def test_an_export_brings_the_files_back_with_their_hashes_and_their_words(
    crawled: Nightly, moved: Nightly, tmp_path: Path
) -> None:
    export_warc(crawled.data, tmp_path / "out.warc.gz")
    shutil.rmtree(moved.data)
    ended = moved.run_command("import", str(tmp_path / "out.warc.gz"))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert moved.archived.rows(LISTS) == crawled.archived.rows(LISTS)
    assert {row[3] for row in moved.archived.rows(LISTS)} == {sha256_of(DIRECTIVE), sha256_of(FORM)}
    with Archive(moved.data) as archive:
        assert "Thạch Giang" in archive.attachments.text(sha256_of(DIRECTIVE))


def test_a_file_that_others_captured_is_kept_as_of_its_day_and_the_newest_stays_the_articles(
    moved: Nightly, tmp_path: Path
) -> None:
    (url,) = moved.archived.rows("select url from article_files where url like '%chi-thi.pdf'")[0]
    elsewhere = url.replace("http://", "https://")  # as another tool met it
    page = b"<!DOCTYPE html><html><body>Xin loi</body></html>"
    stranger = url.replace("chi-thi.pdf", "khong-ai-nhac.pdf")
    file = write(
        tmp_path / "others.warc.gz",
        [
            (elsewhere, "2020-05-06T07:08:09Z", PDF, OLDER),
            (elsewhere, "2020-05-07T07:08:09Z", PDF, OLDER[: len(OLDER) // 2]),
            (elsewhere, "2020-05-08T07:08:09Z", PDF, page),
            (stranger, "2020-05-06T07:08:09Z", PDF, FORM),
        ],
    )
    before = moved.archived.rows(LISTS)
    for _ in range(2):
        ended = moved.run_command("import", str(file))
        assert (ended.returncode, ended.stderr) == (0, "")
        assert moved.archived.rows(LISTS) == before
        with Archive(moved.data) as archive:
            sql = "select fetched, sha256 from snap.file_addresses where url = ? order by fetched"
            times = [tuple(row) for row in archive.connection.execute(sql, [url])]
            assert archive.attachments.of(sha256_of(FORM)) is not None
        assert times[0] == ("2020-05-06T14:08:09+07:00", sha256_of(OLDER))
        assert [digest for _, digest in times] == [sha256_of(OLDER), sha256_of(DIRECTIVE)]


def test_a_withheld_article_takes_its_own_files_along_and_leaves_what_others_list(
    moved: Nightly, tmp_path: Path
) -> None:
    article = article_with(moved, "chi-thi.pdf")
    main(["withhold", str(article), "--reason", "tên người tố cáo", "--data-dir", str(moved.data)])
    export_warc(moved.data, tmp_path / "out.warc.gz")
    assert [body for _, _, _, body in resources(tmp_path / "out.warc.gz")] == [FORM]
    publish(moved.data)
    with closing(sqlite3.connect(current_copy(moved.data) or "")) as db:
        assert db.execute("select sha256 from files").fetchall() == [(sha256_of(FORM),)]
        found = "select count(*) from articles_fts where articles_fts match '\"Thạch Giang\"'"
        assert db.execute(found).fetchone() == (0,)
    for path in moved.data.glob("archive.db*"):  # and where archive.db is lost, nothing at all comes out of it
        path.unlink()
    assert export_warc(moved.data, tmp_path / "later.warc.gz").pages == 2


def lose(db: sqlite3.Connection) -> None:
    db.execute("delete from files where sha256 = ?", [sha256_of(DIRECTIVE)])


def spoil(db: sqlite3.Connection) -> None:
    db.execute("update files set body = x'00' where sha256 = ?", [sha256_of(DIRECTIVE)])


@pytest.mark.parametrize(
    ("damage", "full", "what"),
    [
        (lose, False, "attached files that an article names and that are not there"),
        (spoil, True, "attached files that are not what was kept"),
    ],
)
def test_check_tells_of_files_that_are_lost_or_spoilt(
    moved: Nightly, damage: Callable[[sqlite3.Connection], None], full: bool, what: str
) -> None:
    assert examine(moved.data, full).level is not Level.DAMAGE
    with closing(sqlite3.connect(moved.data / "snapshots.db", isolation_level=None)) as db:
        damage(db)
    found = [finding for finding in examine(moved.data, full).findings if finding.level is Level.DAMAGE]
    assert [(finding.what, finding.count, finding.examples) for finding in found] == [(what, 1, [sha256_of(DIRECTIVE)])]


def test_stats_count_the_files_and_what_they_add(crawled: Nightly, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", "--data-dir", str(crawled.data)]) == 0
    assert "3 raw pages, 2 attached files" in capsys.readouterr().out


def test_an_older_capture_does_not_take_the_place_of_a_newer_one(moved: Nightly) -> None:
    (url,) = moved.archived.rows("select url from article_files where url like '%chi-thi.pdf'")[0]
    with Archive(moved.data) as archive, archive.transaction():
        for moment, body in (("2019-01-01T00:00:00+07:00", OLDER), (stamp(now()), FORM)):
            archive.attachments.keep(url, moment, PDF, body, Extracted())
            newest = archive.connection.execute("select sha256 from article_files where url = ?", [url]).fetchone()[0]
            assert newest == sha256_of(DIRECTIVE if body is OLDER else FORM)
