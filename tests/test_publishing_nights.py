"""A night is published by changing the last copy, and what comes of it is what a build in full would have made."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from command_line import run
from copies import said
from invented import PORTALS, invented, keep, many, the_articles

from archive import build, changing, indexing, origin, search, verify
from archive import publish as publishing
from archive.article import Article, File, Image
from archive.files.text import Extracted
from archive.publish import PublishError, current_copy, publish
from archive.store import Archive
from archive.withholding import put_back, withhold

ROOT = Path(__file__).parents[1]
PDF = "application/pdf"
LONG = " ".join(
    f"{word} bến sông làng{n}" for n, word in enumerate("tre gỗ lúa cam bưởi mít đò chè trầu cau".split() * 6)
)
CITING = "Xã đọc lại Nghị quyết số 25-NQ/TW ngày 03/6/2013 của Ban Chấp hành Trung ương Đảng."
UNDATED = "Thôn học Nghị quyết số 25-NQ/TW của Ban Chấp hành Trung ương Đảng về nước sạch."
Night = Callable[[Archive], None]


def one(name: str, title: str = "Chuyện bến đò", body: str = "Nước lên đêm qua.", **rest: Any) -> Article:
    return invented(name, title, body, **rest)


def save(*articles: Article) -> Night:
    def night(archive: Archive) -> None:
        with archive.transaction():
            for article in articles:
                archive.save(article)
        archive.settle()

    return night


def sql(*statements: str) -> Night:
    def night(archive: Archive) -> None:
        with archive.transaction() as db:
            for statement in statements:
                db.execute(statement)

    return night


def attach(url: str, words: str) -> Night:
    def night(archive: Archive) -> None:
        with archive.transaction():
            archive.attachments.keep(url, "2026-01-02T03:04:05+07:00", PDF, words.encode(), Extracted(words))

    return night


def missed_twice(article: Article, monkeypatch: pytest.MonkeyPatch) -> Night:
    def night(archive: Archive) -> None:
        for day in (1, 2):
            monkeypatch.setenv("ARCHIVE_NOW", f"2026-03-0{day}T02:00:00+07:00")
            with archive.transaction():
                archive.presence.missed(article.id, "not_found", 404, article.url)
        monkeypatch.delenv("ARCHIVE_NOW")

    return night


BASE = one("goc", "Bến cũ", "Người lái đò kể chuyện đêm trăng.", day="2022-03-04")
TWIN = one("ban-sao", "Chuyện đò", LONG, day="2022-05-04")
FIRST = one("ban-dau", "Chuyện đò", LONG, day="2022-05-01", portal="nui_tho")
FILED = one("tep", "Kế hoạch làng", "Xem tệp.", files=(File("http://127.0.0.1:1/tep/kh.pdf", "Kế hoạch.pdf"),))
FILED_TOO = one("tep-2", "Kế hoạch xã", "Xem tệp.", files=(File("http://127.0.0.1:1/tep/kh.pdf", "KH xã.pdf"),))
PICTURED = one(
    "anh",
    "Ảnh làng",
    "Một tấm ảnh.",
    image="http://127.0.0.1:1/anh/a.jpg",
    images=(Image("http://127.0.0.1:1/anh/a.jpg"),),
)
CITES, CITES_UNDATED = (
    one("dan", "Đọc nghị quyết", CITING, day="2022-06-01"),
    one("dan-2", "Học", UNDATED, day="2022-07-01"),
)


def nights(monkeypatch: pytest.MonkeyPatch) -> dict[str, Night]:
    """What may happen to an article between two publishings, each with a name."""
    return {
        "nothing": save(),
        "new ones, one of them back-dated, one without a date": save(
            one("moi", day="2024-01-01"), one("cu", day="1999-01-01"), one("khong-ngay", day="")
        ),
        "edited, by a word of the title and the body": save(
            replace(BASE, title="Bến mới", body="Người lái đò kể chuyện đêm mưa. Đường về xa.")
        ),
        "moved to another address and another section": save(
            replace(BASE, url="http://127.0.0.1:1/vi/news/doi.html", sections=("Nghề cũ",), tags=("đò",))
        ),
        "the date was put right, by a month and then by an hour": save(
            replace(BASE, published="2022-04-04T08:30:00+07:00")
        ),
        "another hour of the same day": save(replace(BASE, published="2022-04-04T18:30:00+07:00")),
        "seen again, with more views": save(
            replace(BASE, published="2022-04-04T18:30:00+07:00", views=500, comments=2)
        ),
        "taken down by its portal": missed_twice(BASE, monkeypatch),
        "back again": save(replace(BASE, published="2022-04-04T18:30:00+07:00")),
        "withheld by us": lambda archive: [withhold(archive, [str(BASE.id)], "yêu cầu")][1:] and None,
        "put back": lambda archive: [put_back(archive, [str(BASE.id)])][1:] and None,
        "of a general portal: judged on topic": sql(f"update articles set topic = 'dan-van' where id = {FIRST.id}"),
        "judged off topic": sql(f"update articles set topic = 'other' where id = {FIRST.id}"),
        "judged on topic again": sql(f"update articles set topic = 'dan-van' where id = {FIRST.id}"),
        "a reprint arrives": save(TWIN),
        "its original is withheld": lambda archive: [withhold(archive, [str(FIRST.id)], "yêu cầu")][1:] and None,
        "its original is put back": lambda archive: [put_back(archive, [str(FIRST.id)])][1:] and None,
        "its original goes off topic": sql(f"update articles set topic = 'other' where id = {FIRST.id}"),
        "a file is listed": save(FILED),
        "the file is kept": attach("http://127.0.0.1:1/tep/kh.pdf", "Đào giếng khoan ở ba bản vùng cao"),
        "another article lists it under another name": save(FILED_TOO),
        "the address gives another file": attach("http://127.0.0.1:1/tep/kh.pdf", "Bản sửa: đào hai giếng"),
        "the first no longer lists it": save(replace(FILED, files=())),
        "an undated citation": save(CITES_UNDATED),
        "the date of the document becomes known": save(CITES),
        "the citing article is withheld": lambda archive: [withhold(archive, [str(CITES.id)], "yêu cầu")][1:] and None,
        "with a picture": save(PICTURED),
        "the picture is kept": lambda archive: picture(archive),
        "taken back as a mistake": lambda archive: undo(archive, one("cu")),
        "its address is another article's": lambda archive: addresses(
            archive, PICTURED.id, "http://127.0.0.1:1/vi/news/cu.html"
        ),
        "that address moves on": lambda archive: addresses(archive, BASE.id, "http://127.0.0.1:1/vi/news/cu.html"),
        "a day with many": save(*(one(f"ngay-{i}", f"Bài {i}", day="2023-02-03") for i in range(9))),
        "one of that day leaves": sql(f"update articles set topic = 'other' where id = {one('ngay-8').id}"),
        "and another comes": save(one("ngay-9", day="2023-02-03")),
        "a run is noted": sql("insert into runs (started, finished, exit_code) values ('2026-01-01', '2026-01-02', 0)"),
        "a portal joins": lambda archive: archive.register_portals(
            [{**PORTALS[0], "key": "ben_go", "name": "Ban Dân vận Huyện ủy Bến Gỗ", "province": "Hà Nam"}]
        ),
        "and has an article": save(one("bg", "Tỉnh Hà Nam và tỉnh Nam Định họp", portal="ben_go", day="2020-01-02")),
    }


def picture(archive: Archive) -> None:
    with archive.transaction():
        archive.attachments.keep(
            "http://127.0.0.1:1/anh/a.jpg", "2026-01-02T03:04:05+07:00", "image/jpeg", b"\xff\xd8anh", Extracted("")
        )


def undo(archive: Archive, article: Article) -> None:
    with archive.transaction():
        archive.undo(article.id)


def addresses(archive: Archive, article: int, url: str) -> None:
    with archive.transaction():
        archive.add_addresses(article, [url])


def in_full(data_dir: Path, folder: Path) -> Path:
    """A copy built in full from the same archive, beside the published ones."""
    target = folder / "full.db"
    target.unlink(missing_ok=True)
    build.build(data_dir / "archive.db", target, "", "")
    return target


def test_night_after_night_the_changed_copy_is_what_a_full_build_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path, [*the_articles(), *many(30), BASE, FIRST])
    assert publish(tmp_path).changed is None
    for name, night in nights(monkeypatch).items():
        with Archive(tmp_path) as archive:
            night(archive)
        before = dict(ask(tmp_path, "select id, seq from articles"))
        done = publish(tmp_path)
        assert done.changed is not None, f"{name}: built in full: {done.why}"
        assert done.changed < 25, f"{name}: only what has changed is touched"
        changed, full = said(done.path), said(in_full(tmp_path, tmp_path))
        assert changed.keys() == full.keys(), name
        for table in full:
            assert changed[table] == full[table], f"{name}: {table}"
        after = dict(ask(tmp_path, "select id, seq from articles"))
        renumbered = {id for id in before.keys() & after.keys() if before[id] != after[id]}
        assert renumbered <= ({BASE.id} if name.startswith("the date") else set()), name
        assert verify.problems(done.path) == []


def ask(data_dir: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(f"file:{current_copy(data_dir)}?mode=ro", uri=True)) as db:
        return db.execute(sql).fetchall()


def test_what_changes_nothing_that_the_index_knows_is_not_indexed_again(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    publish(tmp_path)
    keep(tmp_path, [replace(article, views=7, comments=1) for article in the_articles()])
    done = publish(tmp_path)
    assert done.changed == 0
    assert {views for (views,) in ask(tmp_path, "select views from articles")} == {7}


def test_another_version_of_the_index_is_built_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(tmp_path, the_articles())
    publish(tmp_path)
    monkeypatch.setattr(search, "NORMALISER_VERSION", 99)
    assert "software" in publish(tmp_path).why
    assert ask(tmp_path, "select normaliser_version from build") == [(99,)]


def test_other_word_lists_provinces_or_software_are_built_in_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    software = tmp_path / "archive"
    software.mkdir()
    (software / "place_names.toml").write_text("a")
    monkeypatch.setattr(origin, "SOFTWARE", software)
    keep(tmp_path, the_articles())
    publish(tmp_path)
    assert publish(tmp_path).changed == 0
    (software / "place_names.toml").write_text("b")
    assert "word lists" in publish(tmp_path).why
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        db.execute("alter table articles add column mood text")
    assert "schema" in publish(tmp_path).why
    assert publish(tmp_path).changed == 0


@pytest.mark.parametrize("change", [{"name": "Tên khác"}, {"province": "Hà Nam"}, {"keep": "dan-van"}])
def test_a_portal_that_is_renamed_moved_or_kept_otherwise_is_built_in_full(
    tmp_path: Path, change: dict[str, str]
) -> None:
    keep(tmp_path, the_articles())
    publish(tmp_path)
    with Archive(tmp_path) as archive:
        archive.register_portals([{**PORTALS[0], **change}])
    assert "of a portal has changed" in publish(tmp_path).why
    assert publish(tmp_path).changed == 0


@pytest.mark.parametrize("published_before", [False, True])
def test_of_an_archive_that_was_put_back_no_change_is_missed(tmp_path: Path, published_before: bool) -> None:
    """The numbers of its changes begin again where the backup was made, below those that the copy knows."""
    keep(tmp_path, the_articles())
    if published_before:
        publish(tmp_path)
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db, closing(sqlite3.connect(tmp_path / "b.db")) as copy:
        db.backup(copy)
    keep(tmp_path, [one("sau", "Bài sau sao lưu"), replace(the_articles()[0], published="2011-01-01T08:30:00+07:00")])
    publish(tmp_path)
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / f"archive.db{suffix}").unlink(missing_ok=True)
    (tmp_path / "b.db").rename(tmp_path / "archive.db")
    keep(tmp_path, [one(f"khac-{i}", "Bài khác") for i in range(20)])
    done = publish(tmp_path)
    assert published_before or "put back" in done.why
    assert said(done.path) == said(in_full(tmp_path, tmp_path))
    assert done.articles == len(the_articles()) + 20


def test_a_copy_that_somebody_reads_or_has_another_name_is_not_changed(tmp_path: Path) -> None:
    """Otherwise the copy before the last one becomes the next: nothing needs to be copied."""
    keep(tmp_path, many(20))
    first, second = publish(tmp_path).path, publish(tmp_path).path
    before, inode = first.read_bytes(), first.stat().st_ino
    with open(first, "rb") as reader:
        keep(tmp_path, [one("a", "Bài mới")])
        third = publish(tmp_path)
        assert reader.read() == before and third.changed == 1 and third.path.stat().st_ino != inode
    os.link(second, tmp_path / "kept-aside.db")
    before = second.read_bytes()
    assert publish(tmp_path).changed is not None
    assert (tmp_path / "kept-aside.db").read_bytes() == before
    inode = third.path.stat().st_ino
    fifth = publish(tmp_path)
    assert fifth.path.stat().st_ino == inode and fifth.changed == 0
    assert said(fifth.path) == said(in_full(tmp_path, tmp_path))


def test_full_is_to_be_had_for_the_asking(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    assert "there was none before" in run("publish", "--data-dir", tmp_path)[2]
    assert "0 changes to a kept copy" in run("publish", "--data-dir", tmp_path)[2]
    assert "built in full: as was asked" in run("publish", "--full", "--data-dir", tmp_path)[2]


@pytest.mark.parametrize(
    "damage",
    [
        "insert into articles_fts(articles_fts) values ('rebuild')",
        "delete from articles where key = 'vi/news/kheo'",
        "drop table articles_fts_docsize",
        "delete from origin",
    ],
)
def test_a_last_copy_that_is_not_sound_is_not_built_upon(tmp_path: Path, damage: str) -> None:
    keep(tmp_path, the_articles())
    copy = publish(tmp_path).path
    with closing(sqlite3.connect(copy)) as db:
        db.execute("pragma writable_schema = on")
        db.execute(damage.replace("drop table articles_fts_docsize", "delete from articles_fts_docsize"))
        db.commit()
    keep(tmp_path, [one("sau", "Bài sau")])
    done = publish(tmp_path)
    assert done.changed is None and done.articles == len(the_articles()) + 1
    assert said(done.path) == said(in_full(tmp_path, tmp_path))


def test_a_torn_last_copy_is_not_built_upon(tmp_path: Path) -> None:
    keep(tmp_path, many(50))
    copy = publish(tmp_path).path
    with open(copy, "r+b") as file:
        file.seek(60_000)
        file.write(b"\0" * 200_000)
    assert publish(tmp_path).changed is None
    assert verify.problems(current_copy(tmp_path) or tmp_path) == []


def test_words_that_the_index_was_not_told_to_forget_are_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FTS5's own check finds nothing wrong with them."""
    keep(tmp_path, [*the_articles(), BASE])
    publish(tmp_path)
    keep(tmp_path, [replace(BASE, title="Bến mới", body="Nghĩa tình đêm mưa.")])
    other = indexing._TO_INDEX.replace("body", "'x'", 1)
    remove_rows = indexing.remove_rows

    def forgetful(*arguments: Any) -> None:
        monkeypatch.setattr(indexing, "_TO_INDEX", other)
        remove_rows(*arguments)
        monkeypatch.undo()

    monkeypatch.setattr(indexing, "remove_rows", forgetful)
    done = publish(tmp_path)
    assert "a word that it has no more" in done.why
    assert said(done.path) == said(in_full(tmp_path, tmp_path))


def test_killed_at_any_moment_the_old_copy_stands_and_the_next_publishing_is_right(tmp_path: Path) -> None:
    keep(tmp_path, many(400))
    old = publish(tmp_path).path
    for number, wait in enumerate((0.0, 0.02, 0.05, 0.1, 0.2, 0.4)):
        keep(tmp_path, [replace(article, title=f"Lần {number}") for article in many(150)])
        process = subprocess.Popen(
            [sys.executable, "-m", "archive", "publish", "--data-dir", str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
        )
        while process.poll() is None and not list((tmp_path / "published").glob(".*.tmp")):
            time.sleep(0.001)
        time.sleep(wait)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        standing = current_copy(tmp_path)
        assert standing is not None and verify.problems(standing) == []
        if process.returncode:
            assert standing == old.resolve()
        old = standing
    done = publish(tmp_path)
    assert done.changed and list((tmp_path / "published").glob(".*.tmp")) == []
    assert said(done.path) == said(in_full(tmp_path, tmp_path))


def test_without_room_for_a_copy_nothing_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(tmp_path, the_articles())
    old = publish(tmp_path).path
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Disk", (), {"free": 12_345})())
    monkeypatch.setattr(publishing, "_make", lambda *_: pytest.fail("it was begun"))
    with pytest.raises(
        PublishError, match=r"was not begun: about [\d,]+ bytes are needed in .*, where 12,345 are free"
    ):
        publish(tmp_path)
    assert current_copy(tmp_path) == old.resolve()


def test_the_log_of_changes_sees_every_table_that_names_an_article(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        db = archive.connection
        tables = {name for (name,) in db.execute("select name from sqlite_master where type = 'table'")}
        naming = {
            table
            for table in tables
            for column in db.execute(f"select name from pragma_table_info('{table}')")
            if column[0] in ("article", "original")
        }
        logged = {row[0] for row in db.execute("select tbl_name from sqlite_master where type = 'trigger'")}
    copied = naming - build.PRIVATE_TABLES - {changing.PLACES}
    assert copied <= logged and {"articles", "withheld"} <= logged
