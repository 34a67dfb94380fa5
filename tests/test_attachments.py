"""Attached files, for real: asked of a portal on loopback, kept once, found by their words, given out by the site."""

from __future__ import annotations

import asyncio
import contextlib
import re
import shutil
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from asking import answer_of
from invented import invented, keep

from archive import indexing, verify
from archive.article import File
from archive.files.text import Extracted
from archive.files.types import DOCX, PDF
from archive.i18n import Language
from archive.publish import current_copy, publish
from archive.site.serve import ServeError, site
from archive.store import Archive
from crawler.attached import FILES_A_NIGHT
from crawler.demo.routes import Answer
from crawler.portals import Portal, RegistryError, load
from crawler.spider import PortalSpider
from tests.attached_files import (
    COMMON,
    DIRECTIVE,
    LOCKED_OUT,
    NEW_DIRECTIVE,
    OLD_WORD,
    PLAN,
    SPOILT,
    WHOLE,
    Story,
    digest,
    link,
)
from tests.loopback import Nightly, SickPortal, finished, kill, wait_until


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return Story(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def get(story: Story) -> Any:
    datasette = site(story.nightly.data)

    def fetch(path: str, method: str = "get", **headers: str) -> Any:
        return answer_of(datasette, path, method, headers=headers)

    return fetch


# ---------------------------------------------------------------- the crawl


def test_files_are_kept_with_their_hash_and_a_bad_one_harms_no_article(story: Story) -> None:
    assert story.first.returncode == 0, story.first.stderr + story.first.stdout
    assert story.outcomes["new"] == len(story.portal.numbers) == 32
    known = {url.rsplit("/", 1)[-1]: sha256 for url, sha256 in story.files}
    assert {name: known[name] for name in WHOLE} == {name: digest(body) for name, body in WHOLE.items()}
    assert known["nua.pdf"] == digest(NEW_DIRECTIVE)
    assert [known[name] for name in ("trang.pdf", "mat.pdf", "lon.pdf", "dai.pdf", "dut.pdf")] == [None] * 5


def test_what_becomes_of_files_is_counted_by_its_name(story: Story) -> None:
    pictures = sum("/uploads/" in request.path and "/tep/" not in request.path for request in story.asked)
    assert story.outcomes["file"] == len(WHOLE) + 1 + pictures
    assert story.outcomes["not_file"] == story.outcomes["not_found"] == story.outcomes["forbidden"] == 1
    assert story.outcomes["too_large"] == 2
    assert story.outcomes["truncated"] == 1 and story.outcomes["network_error"] == 3


def test_files_come_last_one_at_a_time_and_each_once(story: Story) -> None:
    paths = [request.path for request in story.asked]
    first = min(n for n, path in enumerate(paths) if path.startswith("/uploads/"))
    assert all(path.startswith("/uploads/") for path in paths[first:])
    assert all(request.in_flight == 1 for request in story.asked)
    assert LOCKED_OUT not in paths and "/uploads/tep/xa.pdf" not in paths
    assert {name: story.tries(name) for name in (*WHOLE, *SPOILT)} == {
        **dict.fromkeys((*WHOLE, *SPOILT), 1), "dut.pdf": 3, "nua.pdf": 2,
    }  # fmt: skip


def test_a_file_of_many_articles_is_asked_for_and_stored_once(story: Story) -> None:
    listed = story.rows(f"select count(*) from article_files where sha256 = '{digest(COMMON)}'")
    assert listed == [(32,)]
    assert story.kept(f"select count(*) from snap.files where sha256 = '{digest(COMMON)}'") == [(1,)]


def test_a_second_run_asks_again_only_for_what_failed_in_passing(story: Story) -> None:
    assert [path for path in story.asked_again if "/uploads/" in path] == ["/uploads/tep/dut.pdf"] * 3


def test_an_edited_article_brings_the_new_file_and_the_old_one_stays(story: Story) -> None:
    assert story.asked_later.count("/uploads/tep/chi-thi-31.pdf") == 1
    assert {sha256 for _, url, _, sha256, _ in story.files_later if url.endswith("chi-thi-31.pdf")} == {
        digest(NEW_DIRECTIVE)
    }
    with Archive(story.nightly.data) as archive:
        assert archive.attachments.body(digest(DIRECTIVE)) == DIRECTIVE
        assert "vùng lòng hồ Thạch Giang" in archive.attachments.text(digest(DIRECTIVE))


def test_the_lead_image_is_kept_where_the_row_says_so(story: Story) -> None:
    kept = story.kept("select type, size, body from snap.files where type like 'image/%'")
    assert kept and all(len(body) == size for _, size, body in kept)
    assert kept[0][2].startswith(b"\xff\xd8\xff")


def test_a_list_that_is_written_anew_keeps_its_hashes(tmp_path: Path) -> None:
    address = "http://127.0.0.1:1/tep/"
    files = (File(f"{address}a.pdf", "A"), File(f"{address}b.pdf", "B"))
    keep(tmp_path, [invented("mot", "Một", "Bài.", files=files)])
    with Archive(tmp_path) as archive, archive.transaction() as db:
        archive.attachments.keep(f"{address}b.pdf", "2026-01-02T03:04:05+07:00", PDF, COMMON, Extracted("Mẫu đơn"))
        renamed = (File(f"{address}b.pdf", "B (đã sửa)"), files[0])
        archive.save(invented("mot", "Một", "Bài dài hơn.", files=renamed))
        archive.save(invented("hai", "Hai", "Bài khác.", files=files[1:]))
        rows = db.execute("select name, sha256 from article_files order by article, position").fetchall()
    assert set(map(tuple, rows)) == {("A", None), ("B", digest(COMMON)), ("B (đã sửa)", digest(COMMON))}


def test_an_address_that_differs_by_its_session_is_not_asked_for_each_night(tmp_path: Path) -> None:
    portal = Portal("song_lam", "Sông Lam", "http://127.0.0.1:1/", cms="nukeviet")
    with Archive(tmp_path) as archive:
        archive.register_portals([portal.record()])
        spider = PortalSpider(portal, archive)
        for night in range(3):
            files = (File(f"http://127.0.0.1:1/tep/a.pdf?sid={night}", "A"), File("http://127.0.0.2:1/b.pdf", "B"))
            article = invented("mot", "Một", "Bài.", files=files)
            with archive.transaction():
                archive.save(article)
                spider.files.want(article)
                spider.files.want(replace(article, topic="other", key="vi/news/khac"))
        rows = archive.connection.execute("select url from frontier where kind = 'file'").fetchall()
    assert [row[0] for row in rows] == ["http://127.0.0.1:1/tep/a.pdf?sid=0"]


def test_a_lost_archive_gets_its_hashes_back_by_reparse(story: Story, tmp_path: Path) -> None:
    shutil.copytree(story.nightly.folder, tmp_path, dirs_exist_ok=True)
    nightly = Nightly(tmp_path)
    sql = "select article, url, name, sha256, position from article_files order by 1, 2"
    for path in nightly.data.glob("archive.db*"):
        path.unlink()
    assert nightly.run_command("reparse").returncode == 0
    assert nightly.archived.rows(sql) == story.files_later


def test_killed_in_the_middle_of_a_file_it_is_asked_for_again(tmp_path: Path) -> None:
    in_the_middle, go_on = threading.Event(), threading.Event()

    def mood(path: str, n: int) -> Answer | None:
        if path.endswith("/chi-thi-31.pdf") and n == 1:
            in_the_middle.set()
            go_on.wait(20)
        return Answer(DIRECTIVE, "application/pdf") if path.startswith("/uploads/tep/") else None

    with SickPortal(mood, 3) as portal:
        number = portal.numbers[0]
        article = portal.site.articles[number]
        portal.site.articles[number] = replace(article, body=link("/uploads/tep/chi-thi-31.pdf"))
        nightly = Nightly(tmp_path).register(url=portal.url)
        process = nightly.start()
        wait_until(in_the_middle.is_set, process)
        kill(process)
        go_on.set()
        assert nightly.archived.count() == 3 and nightly.archived.is_sound()
        asked = len(portal.requests)
        assert nightly.run().returncode == 0
        later = portal.paths()[asked:]
        assert later.count("/uploads/tep/chi-thi-31.pdf") == 1
        assert not any(re.search(r"-\d+\.html$", path) for path in later)
    assert nightly.archived.rows("select sha256 from article_files where url like '%tep%'") == [(digest(DIRECTIVE),)]


def test_a_night_asks_for_so_many_files_and_the_next_for_the_rest(tmp_path: Path) -> None:
    def mood(path: str, n: int) -> Answer | None:
        return Answer(OLD_WORD, "application/msword") if path.startswith("/uploads/tep/") else None

    with SickPortal(mood, 1) as portal:
        article = portal.site.articles[portal.numbers[0]]
        links = "".join(link(f"/uploads/tep/{n}.doc") for n in range(5))
        portal.site.articles[article.id] = replace(article, body=links, files=())
        nightly = Nightly(tmp_path).register(url=portal.url)
        small = "import sys, crawler.attached as f; f.FILES_A_NIGHT = 3; from scrapy.cmdline import execute; execute()"
        for kept in (3, 2):
            finished(nightly.start_python(small, "nightly"))
            assert nightly.archived.outcomes()["file"] == kept
    assert FILES_A_NIGHT == 200
    assert nightly.archived.rows("select count(distinct sha256), count(*) from article_files") == [(1, 5)]


# ---------------------------------------------------------------- the site


def test_the_article_page_lists_its_files_with_size_hash_and_both_addresses(get: Any, story: Story) -> None:
    page = get(f"/a/{story.main}").text
    sha256 = digest(PLAN)
    assert f'href="/file/{sha256}/ke-hoach.docx"' in page and f'title="SHA-256: {sha256}"' in page
    assert f"DOCX, {len(PLAN)} byte" in page and f"SHA-256 {sha256[:12]}…" in page
    assert f'{story.portal.url}uploads/tep/ke-hoach.docx"' in page
    for words in ("tệp có mật khẩu", "bảng mã cũ", "chưa lưu được tệp này", "Tải bản lưu"):
        assert words in page, words
    english = get(f"/a/{story.main}?lang=en").text
    assert "locked by a password" in english and f"DOCX, {len(PLAN)} bytes" in english
    assert 'href="/file/' in page.partition("Ảnh đại diện</h2>")[2].partition("</section>")[0]


def test_a_kept_file_is_given_out_as_it_was_and_never_shown(get: Any) -> None:
    answer = get(f"/file/{digest(PLAN)}/{quote('ke-hoach.docx')}")
    assert answer.status_code == 200 and answer.content == PLAN
    assert answer.headers["content-type"] == DOCX
    assert answer.headers["content-disposition"].startswith('attachment; filename="ke-hoach.docx"')
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in answer.headers["cache-control"] and answer.headers["content-length"] == str(len(PLAN))
    assert get(f"/file/{digest(PLAN)}/khac.exe").headers["content-disposition"] == answer.headers["content-disposition"]
    assert get(f"/file/{digest(PLAN)}/x", **{"if-none-match": answer.headers["etag"]}).status_code == 304
    assert get(f"/file/{digest(PLAN)}/x", "head").content == b""
    assert get(f"/file/{digest(PLAN)}/x", "post").status_code in (403, 405)


def test_the_old_file_of_an_address_stays_by_its_hash(get: Any) -> None:
    assert get(f"/file/{digest(DIRECTIVE)}/x").content == DIRECTIVE
    assert get(f"/file/{digest(NEW_DIRECTIVE)}/x").content == NEW_DIRECTIVE


@pytest.mark.parametrize("path", ["0" * 64 + "/x", digest(PLAN), digest(PLAN).upper() + "/x", "x/x"])
def test_what_is_not_kept_is_not_found(get: Any, path: str) -> None:
    assert get(f"/file/{path}").status_code == 404


@pytest.mark.parametrize("typed", ["nhà văn hóa bản Nậm Lốt", "nha van hoa ban nam lot", "nhà văn hoá bản Nậm Lốt"])
def test_an_article_is_found_by_words_that_stand_only_in_its_file(get: Any, story: Story, typed: str) -> None:
    page = get(f"/search?q={quote(typed)}").text
    assert "1 bài viết có cụm từ này" in page and f"/a/{story.main}" in page
    assert "Trong tệp đính kèm:" in page and "<mark>nhà văn hóa bản Nậm Lốt</mark>" in page
    english = get(f"/search?lang=en&q={quote(typed)}").text
    assert "In an attachment:" in english and "1 article with this phrase" in english
    table = get(f"/archive/articles.json?_shape=array&_search={quote(typed)}").json()
    assert [row["id"] for row in table] == [story.main]


def test_the_words_of_an_old_version_or_an_old_encoding_find_nothing(get: Any) -> None:
    assert "1 bài viết" in get(f"/search?q={quote('bến phà làng Sậy')}").text
    for typed in ("vùng lòng hồ Thạch Giang", '"coâng taùc daân vaän"'):
        assert "Không tìm thấy bài viết nào" in get(f"/search?q={quote(typed)}").text, typed


def test_the_body_ranks_before_the_file() -> None:
    weights = re.findall(r"[\d.]+(?=[,)])", indexing.TABLES[1].partition("bm25")[2])
    _filters, title, lead, body, files, *folded = map(float, weights)
    assert title > lead > body > files and folded[2] > folded[3]


def test_files_of_articles_that_are_not_published_stay_inside(story: Story, tmp_path: Path) -> None:
    shutil.copytree(story.nightly.data, tmp_path / "data")
    with Archive(tmp_path / "data") as archive, archive.transaction() as db:
        db.execute("update articles set topic = 'other' where id = ?", [story.main])
    publish(tmp_path / "data")
    datasette = site(tmp_path / "data")

    async def ask() -> list[int]:
        await datasette.invoke_startup()
        paths = (f"/file/{digest(body)}/x" for body in (PLAN, DIRECTIVE, COMMON))
        return [(await datasette.client.get(path)).status_code for path in paths]

    assert asyncio.run(ask()) == [404, 404, 200]


def test_without_the_bodies_the_site_stands_and_the_downloads_are_not_found(story: Story, tmp_path: Path) -> None:
    shutil.copytree(story.nightly.data, tmp_path / "data")
    for path in (tmp_path / "data").glob("snapshots.db*"):
        path.unlink()

    async def ask(*paths: str) -> list[int]:
        datasette = site(tmp_path / "data")
        await datasette.invoke_startup()
        return [(await datasette.client.get(path)).status_code for path in paths]

    assert asyncio.run(ask(f"/a/{story.main}", f"/file/{digest(PLAN)}/x")) == [200, 404]
    publish(tmp_path / "data")
    assert asyncio.run(ask(f"/a/{story.main}", f"/file/{digest(PLAN)}/x")) == [200, 404]


def test_a_copy_of_another_version_is_not_served(story: Story, tmp_path: Path) -> None:
    copy = current_copy(story.nightly.data)
    assert copy is not None
    (tmp_path / "published").mkdir()
    shutil.copy(copy, tmp_path / "published" / "archive.db")
    with contextlib.closing(sqlite3.connect(tmp_path / "published" / "archive.db")) as db:
        db.execute("update build set normaliser_version = 1")
        db.commit()
    with pytest.raises(ServeError, match="archive publish"):
        site(tmp_path)


def test_an_index_without_the_words_of_the_files_is_refused(story: Story, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(str(current_copy(story.nightly.data)), copy)
    assert verify.problems(copy) == []
    with contextlib.closing(sqlite3.connect(copy)) as db:
        texts = db.execute("select text, sha256 from files").fetchall()
        db.execute("update files set text = ''")
        for index in ("articles_fts", "titles_fts"):
            db.execute(f"insert into {index}({index}) values ('delete-all')")
        indexing.index_rows(db, [seq for (seq,) in db.execute("select seq from articles")])
        db.executemany("update files set text = ? where sha256 = ?", texts)
        db.commit()
    assert "does not find article" in " ".join(verify.problems(copy))


def test_keeping_images_is_yes_or_no(tmp_path: Path) -> None:
    registry = tmp_path / "portals.toml"
    row = '[lang]\nname = "Làng"\nurl = "http://127.0.0.1:1/"\nkeep_images = '
    registry.write_text(row + "true\n", "utf-8")
    assert load(registry)["lang"].keep_images
    registry.write_text(row + '"có"\n', "utf-8")
    with pytest.raises(RegistryError, match=r"line 4.*must be bool"):
        load(registry)


def test_sizes_are_written_in_the_manner_of_the_language() -> None:
    vi, en = Language("vi"), Language("en")
    assert [vi.size(n) for n in (1, 824, 35_200, 1_420_000)] == ["1 byte", "824 byte", "35 KB", "1,4 MB"]
    assert [en.size(n) for n in (1, 824, 999_499, 1_420_000)] == ["1 byte", "824 bytes", "999 KB", "1.4 MB"]
