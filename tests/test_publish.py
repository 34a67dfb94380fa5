"""What publishing promises: whole copies, checked ones, and the old one whenever anything goes wrong."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from invented import invented, keep, many, the_articles

from archive import build, indexing, verify
from archive import publish as publishing
from archive.publish import NoArchive, PublishBusy, PublishError, current_copy, publish
from archive.store import Archive

ROOT = Path(__file__).parents[1]


def ask(data_dir: Path, sql: str, *values: object) -> list[Any]:
    copy = current_copy(data_dir)
    assert copy is not None
    connection = sqlite3.connect(f"file:{copy}?mode=ro", uri=True)
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def test_the_copy_holds_every_table_but_the_frontier(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    done = publish(tmp_path)
    tables = {name for (name,) in ask(tmp_path, "select name from sqlite_master where type = 'table'")}
    assert {"articles", "article_files", "revisions", "urls", "portals", "provinces", "runs"} <= tables
    assert {"counts", "build", "articles_fts"} <= tables
    assert not {"frontier", "_sqlite_migrations"} & tables
    assert done.articles == len(the_articles()) == ask(tmp_path, "select n from counts where name = 'articles'")[0][0]
    assert done.portals == 1
    assert ask(tmp_path, "pragma journal_mode") == [("delete",)]
    assert sorted(path.suffix for path in (tmp_path / "published").glob("archive*")) == [".db", ".db"]


def test_articles_carry_what_the_filters_need(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    publish(tmp_path)
    row = ask(tmp_path, "select year, portal_name, province from articles where key = 'vi/news/full'")
    assert row == [(2022, "Ban Dân vận Tỉnh ủy Sông Lam", "Sông Lam")]
    assert ("province/Sông Lam", len(the_articles())) in ask(tmp_path, "select name, n from counts")


def test_only_what_is_to_be_published_is_published_with_all_that_hangs_on_it(tmp_path: Path) -> None:
    articles = [
        invented("a", "Của cổng dân vận", "Một."),
        invented("b", "Chuyện khác ở cổng dân vận", "Hai."),
        invented("c", "Chưa xét ở cổng chung", "Ba.", portal="nui_tho"),
        invented("d", "Dân vận ở cổng chung", "Bốn.", portal="nui_tho"),
        invented("e", "Chuyện khác ở cổng chung", "Năm.", portal="nui_tho", tags=("kín",)),
    ]
    keep(tmp_path, articles, {"b": "other", "d": "dan-van", "e": "other"})
    with Archive(tmp_path) as archive, archive.transaction() as db:
        for number, cited_by in ((1, "a"), (2, "e")):
            article = next(article for article in articles if article.key.endswith(f"/{cited_by}"))
            db.execute("insert into documents (id, number) values (?, ?)", [number, f"{number}-NQ/TW"])
            db.execute("insert into citations (article, document, quote) values (?, ?, '')", [article.id, number])
        db.execute("insert into reprints values (?, ?, 0.9)", [articles[0].id, articles[4].id])
    assert publish(tmp_path).articles == 2
    assert ask(tmp_path, "select key from articles order by key") == [("vi/news/a",), ("vi/news/d",)]
    for table in ("urls", "revisions", "article_sections"):
        ids = {id for (id,) in ask(tmp_path, f"select article from {table}")}
        assert ids == {articles[0].id, articles[3].id}, table
    assert ask(tmp_path, "select * from article_tags") == []
    assert ask(tmp_path, "select number from documents") == [("1-NQ/TW",)]
    assert ask(tmp_path, "select * from reprints") == []


def test_seq_is_unique_and_chronological_to_the_day(tmp_path: Path) -> None:
    articles = [
        invented("old", "Cũ", "Một.", day="1969-02-03"),
        invented("new", "Mới", "Hai.", day="2024-02-03"),
        invented("undated", "Không ngày", "Ba.", day=""),
        *[invented(f"same-{i}", "Cùng ngày", "Bốn.", day="2020-02-03") for i in range(5)],
    ]
    keep(tmp_path, articles)
    publish(tmp_path)
    rows = ask(tmp_path, "select key, seq, year from articles order by seq")
    assert len({seq for _, seq, _ in rows}) == len(articles)
    assert rows[0][0].endswith("/old") and rows[-1] == (*rows[-1][:2], None), "undated: as first seen, today"
    assert rows[-2][0].endswith("/new")
    day = 18295  # 2020-02-03, days since 1970
    assert [seq for key, seq, _ in rows if "/same-" in key] == [day * 4096 + n for n in range(5)]


def test_a_day_with_more_articles_than_room_runs_over_into_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "SEQ_PER_DAY", 2)
    keep(tmp_path, [invented(f"n{i}", "Bài", "Chữ.", day=f"2020-02-0{1 + i // 5}") for i in range(10)])
    publish(tmp_path)
    rows = ask(tmp_path, "select seq, substr(published, 1, 10) from articles order by seq")
    assert len({seq for seq, _ in rows}) == 10
    assert [day for _, day in rows] == sorted(day for _, day in rows)


def test_publishing_twice_makes_two_copies_and_switches(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    first = publish(tmp_path).path
    keep(tmp_path, [invented("later", "Bài đến sau", "Thêm một chuyện.")])
    second = publish(tmp_path).path
    assert first != second and first.exists()
    assert current_copy(tmp_path) == second.resolve()
    assert os.readlink(tmp_path / "published" / "archive.db") == second.name
    assert ask(tmp_path, "select count(*) from articles") == [(len(the_articles()) + 1,)]


def test_names_are_new_even_when_the_clock_stands_still_and_two_copies_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHIVE_NOW", "2026-03-01T02:00:00+07:00")
    keep(tmp_path, the_articles())
    names = [publish(tmp_path).path.name for _ in range(5)]
    assert names[0] == "archive-20260301T020000.db"
    assert len(set(names)) == 5
    kept = sorted(path.name for path in (tmp_path / "published").glob("archive-*.db"))
    assert kept == names[-2:]


def test_the_archive_may_be_written_meanwhile(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    with Archive(tmp_path) as archive, archive.transaction():
        archive.save(invented("unfinished", "Chưa xong", "Chưa cam kết."))
        done = publish(tmp_path)
    assert done.articles == len(the_articles())


def test_a_process_killed_half_way_leaves_the_old_copy(tmp_path: Path) -> None:
    keep(tmp_path, many(900))
    old = publish(tmp_path).path
    process = subprocess.Popen(
        [sys.executable, "-m", "archive", "publish", "--data-dir", str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    deadline = time.monotonic() + 60
    while not any(path.stat().st_size > 100_000 for path in (tmp_path / "published").glob(".*.tmp")):
        assert process.poll() is None and time.monotonic() < deadline, "it was over before it could be killed"
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert current_copy(tmp_path) == old.resolve()
    assert verify.problems(old) == []
    new = publish(tmp_path).path
    assert current_copy(tmp_path) == new.resolve()
    assert list((tmp_path / "published").glob(".*.tmp")) == []


def test_two_publishings_at_once_are_one(tmp_path: Path) -> None:
    keep(tmp_path, the_articles())
    publish(tmp_path)
    with publishing._lock(tmp_path / "published"), pytest.raises(PublishBusy, match="another publishing"):
        publish(tmp_path)


def test_a_copy_that_fails_its_checks_is_not_switched_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(tmp_path, the_articles())
    old = publish(tmp_path).path
    fill = indexing.index_rows

    def filled_by_sqlite(db: sqlite3.Connection, seqs: list[int]) -> None:
        fill(db, seqs)
        db.execute("insert into articles_fts(articles_fts) values ('rebuild')")

    monkeypatch.setattr(indexing, "index_rows", filled_by_sqlite)
    with pytest.raises(PublishError, match=r"failed its checks.*does not find"):
        publish(tmp_path)
    assert current_copy(tmp_path) == old.resolve()
    assert list((tmp_path / "published").glob(".*.tmp")) == []


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("insert into articles_fts(articles_fts) values ('rebuild')", "does not find"),
        ("delete from articles where key = 'vi/news/kheo'", "rows, not"),
        ("insert into articles_fts(articles_fts) values ('delete-all')", "does not find"),
        ("update articles set seq = seq + 1000000 where key = 'vi/news/kheo'", "search index holds"),
    ],
)
def test_damage_to_a_copy_is_noticed(tmp_path: Path, damage: str, said: str) -> None:
    keep(tmp_path, the_articles())
    copy = tmp_path / "copy.db"
    shutil.copyfile(publish(tmp_path).path, copy)
    assert verify.problems(copy) == []
    connection = sqlite3.connect(copy)
    connection.execute(damage)
    connection.commit()
    connection.close()
    assert any(said in problem for problem in verify.problems(copy)), verify.problems(copy)


def test_a_torn_file_is_noticed(tmp_path: Path) -> None:
    keep(tmp_path, many(50))
    copy = tmp_path / "copy.db"
    shutil.copyfile(publish(tmp_path).path, copy)
    with open(copy, "r+b") as file:
        file.seek(50_000)
        file.write(b"\0" * 100_000)
    assert verify.problems(copy) != []


def test_without_an_archive_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoArchive, match="crawl first"):
        publish(tmp_path)


def test_an_archive_without_articles_publishes_an_empty_copy(tmp_path: Path) -> None:
    keep(tmp_path, [])
    assert publish(tmp_path).articles == 0


def test_a_file_that_is_no_archive_is_an_error_by_name(tmp_path: Path) -> None:
    (tmp_path / "archive.db").write_bytes(b"not a database, whatever its name says" * 100)
    with pytest.raises(PublishError, match="not a database"):
        publish(tmp_path)
