"""The archive keeps each article whole: nothing overwritten by accident, nothing stored by halves."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive import schema
from archive.article import Article, File, Image, article_id
from archive.clock import ClockError, now, stamp
from archive.store import Archive, IdTaken, StoreError

PORTAL = {"key": "song_lam", "name": "Sông Lam", "url": "http://127.0.0.1:1/", "cms": "nukeviet", "province": "P"}
ARTICLE = Article(
    portal="song_lam",
    key="vi/news/12",
    url="http://127.0.0.1:1/vi/news/Muc/Bai-12.html",
    title="Bến đò mùa lũ",
    lead="Nước lên từ sáng.",
    body="Đoạn một.\n\nĐoạn hai.",
    body_html="<p>Đoạn một.</p><p>Đoạn hai.</p>",
    published="2022-03-13T08:50:00+07:00",
    published_text="Chủ nhật - 13/03/2022 08:50",
    author="Mây Trắng",
    source="Tờ tin làng",
    sections=("Dân vận khéo", "Chuyện làng"),
    tags=("đò", "lũ"),
    views=424,
    comments=0,
    image="http://127.0.0.1:1/a.jpg",
    images=(Image("http://127.0.0.1:1/a.jpg", "Bến"), Image("http://127.0.0.1:1/b.jpg")),
    files=(File("http://127.0.0.1:1/k.pdf", "Kế hoạch.pdf"),),
    reader="nukeviet/1",
)
FIRST, SECOND = "2026-03-01T02:00:00+07:00", "2026-03-02T02:00:00+07:00"


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    monkeypatch.setenv("ARCHIVE_NOW", FIRST)
    with Archive(tmp_path) as opened:
        opened.register_portals([PORTAL])
        yield opened


def save(archive: Archive, article: Article, *addresses: str) -> str:
    with archive.transaction():
        return archive.save(article, addresses)


def row(archive: Archive, article: Article = ARTICLE) -> dict[str, Any]:
    return dict(archive.connection.execute("select * from articles where id = ?", [article.id]).fetchone())


def rows(archive: Archive, sql: str, *values: object) -> list[tuple[Any, ...]]:
    return [tuple(found) for found in archive.connection.execute(sql, values)]


def everything(archive: Archive) -> dict[str, list[tuple[Any, ...]]]:
    tables = [
        name for (name,) in rows(archive, "select name from sqlite_master where type = 'table' and name != 'changes'")
    ]
    return {name: rows(archive, f"select * from {name} order by 1, 2") for name in tables}


# ---------------------------------------------------------------- new, unchanged, changed


def test_a_new_article_is_kept_with_every_field(archive: Archive) -> None:
    assert save(archive, ARTICLE) == "new"
    kept = row(archive)
    for name in ("portal", "key", "url", "title", "lead", "body", "body_html", "published", "published_text",
                 "author", "source", "views", "comments", "image", "reader"):  # fmt: skip
        assert kept[name] == getattr(ARTICLE, name), name
    assert kept["section"] == "Dân vận khéo"
    assert (kept["first_seen"], kept["last_seen"], kept["changed"], kept["gone"]) == (FIRST, FIRST, None, None)
    assert kept["revision_count"] == 1


def test_what_is_absent_is_absent(archive: Archive) -> None:
    bare = Article(portal="song_lam", key="vi/news/13", url="http://127.0.0.1:1/13", title="Trống")
    save(archive, bare)
    kept = row(archive, bare)
    assert [kept[name] for name in ("published", "section", "views", "comments", "image")] == [None] * 5
    assert (kept["lead"], kept["body"], kept["author"]) == ("", "", "")


def test_the_same_article_again_changes_nothing_but_last_seen(archive: Archive, monkeypatch: Any) -> None:
    save(archive, ARTICLE)
    before = everything(archive)
    monkeypatch.setenv("ARCHIVE_NOW", SECOND)
    assert save(archive, ARTICLE) == "unchanged"
    kept = row(archive)
    assert (kept["first_seen"], kept["last_seen"], kept["changed"]) == (FIRST, SECOND, None)
    archive.connection.execute("update articles set last_seen = ?", [FIRST])
    assert everything(archive) == before


@pytest.mark.parametrize("field", ["title", "lead", "body"])
def test_an_edit_makes_a_revision_and_keeps_the_old_text(archive: Archive, monkeypatch: Any, field: str) -> None:
    save(archive, ARTICLE)
    monkeypatch.setenv("ARCHIVE_NOW", SECOND)
    edited = replace(ARTICLE, **{field: "Đã sửa"})
    assert save(archive, edited) == "changed"
    kept = row(archive)
    assert (kept[field], kept["changed"], kept["revision_count"]) == ("Đã sửa", SECOND, 2)
    assert kept["text_sha256"] == edited.text_sha256 != ARTICLE.text_sha256
    query = f"select number, seen, {field}, text_sha256 from revisions where article = ? order by number"
    assert rows(archive, query, ARTICLE.id) == [
        (1, FIRST, getattr(ARTICLE, field), ARTICLE.text_sha256),
        (2, SECOND, "Đã sửa", edited.text_sha256),
    ]


def test_an_edit_taken_back_is_a_third_revision(archive: Archive) -> None:
    for article in (ARTICLE, replace(ARTICLE, body="Khác"), ARTICLE):
        save(archive, article)
    assert row(archive)["revision_count"] == 3
    assert rows(archive, "select number, body from revisions order by number") == [
        (1, ARTICLE.body), (2, "Khác"), (3, ARTICLE.body),
    ]  # fmt: skip


SESSION = {"body_html": '<p>Đoạn một.</p><img src="/anh.jpg?sid=7f">', "image": "http://127.0.0.1:1/anh.jpg?sid=7f"}


def test_markup_stays_as_it_was_while_the_same_reader_finds_the_same(archive: Archive) -> None:
    """The addresses in it carry a session that is another one each night."""
    save(archive, ARTICLE)
    save(archive, replace(ARTICLE, **SESSION))
    assert (row(archive)["body_html"], row(archive)["image"]) == (ARTICLE.body_html, ARTICLE.image or None)
    save(archive, replace(ARTICLE, reader="nukeviet/2", **SESSION))
    assert row(archive)["body_html"] == SESSION["body_html"]


@pytest.mark.parametrize(
    "moved",
    [
        {"views": 425}, {"comments": 3}, {"tags": ("đò",)}, {"author": "Khác"}, {"source": ""}, {"views": None},
        {"published": "2022-03-13T08:51:00+07:00"}, {"url": "http://127.0.0.1:1/khac-12.html"},
        {"reader": "nukeviet/2"}, {"sections": ("Khác",)},
    ],
    ids=lambda moved: "".join(moved),
)  # fmt: skip
def test_what_is_no_text_is_read_anew_without_a_revision(archive: Archive, moved: dict[str, Any]) -> None:
    save(archive, ARTICLE)
    assert save(archive, replace(ARTICLE, **moved)) == "unchanged"
    kept = row(archive)
    assert (kept["revision_count"], kept["changed"]) == (1, None)
    for name, value in moved.items():
        if name in kept:
            assert kept[name] == value
    assert rows(archive, "select count(*) from revisions") == [(1,)]


def test_the_proof_of_a_text_can_be_made_with_any_tool(archive: Archive) -> None:
    save(archive, ARTICLE)
    text = "Bến đò mùa lũ\nNước lên từ sáng.\nĐoạn một.\n\nĐoạn hai."
    assert row(archive)["text_sha256"] == hashlib.sha256(text.encode("utf-8")).hexdigest()


# ---------------------------------------------------------------- what hangs on an article


def parts(archive: Archive) -> list[Any]:
    return [
        rows(archive, "select section from article_sections order by position"),
        rows(archive, "select tag from article_tags order by position"),
        rows(archive, "select url, caption from article_images order by position"),
        rows(archive, "select url, name from article_files order by position"),
    ]


def test_sections_tags_images_and_files_keep_their_order(archive: Archive) -> None:
    save(archive, ARTICLE)
    assert parts(archive) == [
        [("Dân vận khéo",), ("Chuyện làng",)],
        [("đò",), ("lũ",)],
        [("http://127.0.0.1:1/a.jpg", "Bến"), ("http://127.0.0.1:1/b.jpg", "")],
        [("http://127.0.0.1:1/k.pdf", "Kế hoạch.pdf")],
    ]


def test_another_order_and_other_parts_take_the_place_of_the_old(archive: Archive) -> None:
    save(archive, ARTICLE)
    save(archive, replace(ARTICLE, sections=ARTICLE.sections[::-1], tags=("sông", "đò"), images=(), files=()))
    assert parts(archive) == [[("Chuyện làng",), ("Dân vận khéo",)], [("sông",), ("đò",)], [], []]
    assert row(archive)["section"] == "Chuyện làng"


def test_what_a_page_says_twice_is_kept_once(archive: Archive) -> None:
    image = ARTICLE.images[0]
    save(archive, replace(ARTICLE, tags=("lũ", "đò", "lũ"), images=(image, replace(image, caption="Khác"))))
    assert parts(archive)[1:3] == [[("lũ",), ("đò",)], [(image.url, "Bến")]]


def test_a_document_s_fingerprint_survives_a_reading(archive: Archive) -> None:
    """sha256 of a file is found elsewhere: reading the page again must not lose it."""
    save(archive, ARTICLE)
    archive.connection.execute("update article_files set sha256 = 'abc'")
    save(archive, ARTICLE)
    save(archive, replace(ARTICLE, views=425))
    assert rows(archive, "select sha256 from article_files") == [("abc",)]


def test_every_address_ever_seen_leads_to_the_article(archive: Archive) -> None:
    save(archive, ARTICLE, "http://127.0.0.1:1/a", ARTICLE.url)
    save(archive, replace(ARTICLE, url="http://127.0.0.1:1/b"), "http://127.0.0.1:1/c")
    found = rows(archive, "select url, article from urls order by url")
    assert found == [(url, ARTICLE.id) for url in sorted([ARTICLE.url, *(f"http://127.0.0.1:1/{n}" for n in "abc")])]


# ---------------------------------------------------------------- identity


def test_an_id_is_the_same_on_every_machine() -> None:
    digest = hashlib.sha256(b"song_lam\nvi/news/12").digest()
    assert ARTICLE.id == article_id("song_lam", "vi/news/12") == int.from_bytes(digest[:8], "big") >> 11
    assert 0 <= ARTICLE.id < 2**53


def test_an_id_held_by_another_key_is_an_error_with_a_name_never_an_overwrite(archive: Archive) -> None:
    save(archive, ARTICLE)
    archive.connection.execute("update articles set key = 'vi/news/99' where id = ?", [ARTICLE.id])
    before = everything(archive)
    with pytest.raises(IdTaken, match=r"vi/news/12.*vi/news/99") as refused:
        save(archive, ARTICLE)
    assert isinstance(refused.value, StoreError) and str(ARTICLE.id) in str(refused.value)
    assert everything(archive) == before


def test_a_portal_that_left_the_registry_stays_known(archive: Archive) -> None:
    save(archive, ARTICLE)
    archive.register_portals([PORTAL | {"key": "nui_tho", "name": "Núi Thơ"}])
    archive.register_portals([PORTAL | {"name": "Tên mới", "enabled": 0}])
    names = dict(rows(archive, "select key, name from portals"))
    assert names == {"song_lam": "Tên mới", "nui_tho": "Núi Thơ"}
    assert rows(archive, "select enabled from portals where key = 'song_lam'") == [(0,)]


def test_an_article_of_no_portal_is_refused(archive: Archive) -> None:
    with pytest.raises(StoreError, match=r"archive\.db"):
        save(archive, replace(ARTICLE, portal="nobody"))


# ---------------------------------------------------------------- all or nothing


def test_an_exception_in_the_middle_leaves_nothing(archive: Archive) -> None:
    before = everything(archive)
    with pytest.raises(KeyError), archive.transaction():
        archive.save(ARTICLE)
        raise KeyError("in the middle")
    assert everything(archive) == before
    assert save(archive, ARTICLE) == "new"


def test_what_is_not_committed_is_seen_by_nobody_else(archive: Archive) -> None:
    other = sqlite3.connect(archive.path)
    count = "select count(*) from articles"
    with archive.transaction():
        archive.save(ARTICLE)
        assert other.execute(count).fetchone() == (0,)
    assert other.execute(count).fetchone() == (1,)
    other.close()


def test_a_statement_that_sqlite_refuses_is_an_error_that_names_the_file(archive: Archive) -> None:
    before = everything(archive)
    with pytest.raises(StoreError, match=r"archive\.db.*no such table"), archive.transaction() as db:
        archive.save(ARTICLE)
        db.execute("insert into nowhere values (1)")
    assert everything(archive) == before


# ---------------------------------------------------------------- the file


def test_the_file_is_in_wal_mode_and_guards_its_references(archive: Archive) -> None:
    assert rows(archive, "pragma journal_mode") == [("wal",)]
    assert rows(archive, "pragma foreign_keys") == [(1,)]
    assert sqlite3.connect(archive.path).execute("pragma journal_mode").fetchone() == ("wal",)


def test_a_folder_that_cannot_be_written_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("in the way")
    with pytest.raises(StoreError, match=r"file/archive\.db"):
        Archive(in_the_way)
    (tmp_path / "archive.db").mkdir()
    with pytest.raises(StoreError, match=r"archive\.db"):
        Archive(tmp_path)


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    path.write_text("Tệp này không phải cơ sở dữ liệu. " * 100)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"archive\.db"):
        Archive(tmp_path)
    assert path.read_bytes() == before


def test_an_archive_opened_again_is_as_it_was(archive: Archive) -> None:
    save(archive, ARTICLE)
    before = everything(archive), rows(archive, "select sql from sqlite_master order by name")
    schema.migrate(archive.connection)
    archive.close()
    with Archive(archive.path.parent) as again:
        assert (everything(again), rows(again, "select sql from sqlite_master order by name")) == before
        assert rows(again, "pragma integrity_check") == [("ok",)]
        assert rows(again, "pragma foreign_key_check") == []


ROOT = Path(__file__).parent.parent
WRITER = """
import sys
from pathlib import Path
from archive.store import Archive

with Archive(Path(sys.argv[1])) as archive, archive.transaction() as db:
    db.execute("update portals set name = name")
    db.execute("delete from snap.snapshots")
    print("writing", flush=True)
    sys.stdin.read()
"""


def test_an_archive_is_opened_while_another_process_writes_to_it(archive: Archive) -> None:
    save(archive, ARTICLE)
    folder = archive.path.parent
    archive.close()
    command = [sys.executable, "-c", WRITER, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
        assert writer.stdout is not None and writer.stdout.readline() == "writing\n"
        with Archive(folder) as reader:  # which else would give up, after 30 seconds
            assert rows(reader, "select id from articles") == [(ARTICLE.id,)]
        assert writer.poll() is None
        writer.communicate()
    assert writer.returncode == 0


# ---------------------------------------------------------------- the clock


def test_the_clock_can_be_set_for_a_rehearsal_and_is_at_vietnam_s_offset(monkeypatch: Any) -> None:
    monkeypatch.setenv("ARCHIVE_NOW", "2026-03-01T02:00:00Z")
    assert stamp(now()) == "2026-03-01T09:00:00+07:00"
    monkeypatch.setenv("ARCHIVE_NOW", "")
    assert stamp(now()).endswith("+07:00")


@pytest.mark.parametrize("wrong", ["2026-03-01T02:00:00", "2026-03-01", "tomorrow", "0"])
def test_a_clock_without_offset_is_refused(monkeypatch: Any, wrong: str) -> None:
    monkeypatch.setenv("ARCHIVE_NOW", wrong)
    with pytest.raises(ClockError, match="ARCHIVE_NOW"):
        now()
