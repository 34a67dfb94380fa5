"""Which articles belong to which province, in the tables of an archive and of a published copy."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from invented import invented

from archive import placing, provinces
from archive.store import Archive


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    monkeypatch.setenv("ARCHIVE_NOW", "2026-03-01T02:00:00+07:00")
    with Archive(tmp_path) as opened:
        yield opened


def store(archive: Archive, name: str, province: str, day: str, title: str = "Tin", lead: str = "") -> int:
    row = {"key": f"p_{name}", "name": name, "url": "http://127.0.0.1:1/", "cms": "generic", "province": province}
    archive.register_portals([row])
    article = replace(invented(name, title, "Một.", portal=row["key"], day=day), lead=lead)
    with archive.transaction():
        archive.save(article)
    return article.id


def placed(db: sqlite3.Connection, article: int) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for how, province in db.execute(
        "select how, province from article_provinces where article = ? order by how, province", [article]
    ):
        found.setdefault(how, []).append(province)
    return found


def test_the_table_of_provinces_says_what_the_file_says(archive: Archive) -> None:
    with archive.transaction() as db:
        provinces.fill(db)
    rows = {row["slug"]: dict(row) for row in db.execute("select * from provinces")}
    assert len(rows) == 89
    assert rows["lam-dong-truoc-2025"] == {
        "slug": "lam-dong-truoc-2025",
        "code": "68",
        "name": "Lâm Đồng",
        "type": "tỉnh",
        "valid_from": "",
        "valid_to": "2025-06-30",
        "became": "Lâm Đồng",
        "today": "lam-dong",
        "spellings": "",
    }
    assert (rows["lam-dong"]["valid_from"], rows["lam-dong"]["valid_to"]) == ("2025-07-01", None)
    on_a_day = "select count(*) from provinces where valid_from <= ?1 and coalesce(valid_to, '9999') >= ?1"
    assert [db.execute(on_a_day, [day]).fetchone()[0] for day in ("2025-06-30", "2025-07-01")] == [63, 34]


def test_filling_again_writes_nothing_and_puts_right_what_differs(archive: Archive) -> None:
    db = archive.connection
    provinces.fill(db)
    before, rows = db.total_changes, db.execute("select * from provinces order by slug").fetchall()
    provinces.fill(db)
    assert db.total_changes == before
    db.execute("update provinces set became = 'Sông Lam' where slug = 'ha-tay'")
    db.execute("delete from provinces where slug = 'hue'")
    provinces.fill(db)
    assert db.execute("select * from provinces order by slug").fetchall() == rows


def test_filling_is_the_callers_transaction(archive: Archive) -> None:
    with pytest.raises(KeyboardInterrupt), archive.transaction() as db:
        db.execute("delete from provinces where slug = 'hue'")
        provinces.fill(db)
        db.execute("delete from provinces where slug = 'dong-nai'")
        raise KeyboardInterrupt
    assert archive.connection.execute("select count(*) from provinces").fetchone()[0] == len(provinces.load().areas)


@pytest.mark.parametrize(
    ("province", "day", "places"),
    [
        ("Bình Phước", "2022-03-13", {"portal": ["binh-phuoc"], "today": ["dong-nai"]}),
        ("Bình Phước", "2025-08-20", {"portal": ["dong-nai"], "today": ["dong-nai"]}),
        ("Đồng Nai", "2009-05-04", {"portal": ["dong-nai-truoc-2025"], "today": ["dong-nai"]}),
        ("Đồng Nai", "2025-08-20", {"portal": ["dong-nai"], "today": ["dong-nai"]}),
        ("Huế", "2023-01-02", {"portal": ["thua-thien-hue"], "today": ["hue"]}),
        ("Thừa Thiên Huế", "2025-02-03", {"portal": ["hue"], "today": ["hue"]}),
        ("Hà Nội", "2007-05-04", {"portal": ["ha-noi-truoc-2008"], "today": ["ha-noi"]}),
        ("Nghệ An", "2022-03-13", {"portal": ["nghe-an"], "today": ["nghe-an"]}),
        ("Bình Phước", "", {"portal": ["binh-phuoc"], "today": ["dong-nai"]}),
        ("Trung ương", "2022-03-13", {}),
        ("", "2022-03-13", {}),
        ("Sông Lam", "2022-03-13", {}),
    ],
)
def test_an_article_belongs_to_the_province_of_its_portal(
    archive: Archive, province: str, day: str, places: dict[str, list[str]]
) -> None:
    article = store(archive, "a", province, day)
    with archive.transaction() as db:
        placing.place_all(db)
    assert placed(archive.connection, article) == places


def test_an_article_belongs_to_the_provinces_it_names_as_of_its_day(archive: Archive) -> None:
    old = store(archive, "a", "Trung ương", "2022-03-13", "Chuyện ở Lâm Đồng", "Khách từ Bình Thuận tới.")
    new = store(archive, "b", "Trung ương", "2025-08-20", "Chuyện ở Lâm Đồng", "Khách từ Bình Thuận tới.")
    with archive.transaction() as db:
        placing.place_all(db)
    assert placed(archive.connection, old) == {"named": ["binh-thuan", "lam-dong-truoc-2025"]}
    assert placed(archive.connection, new) == {"named": ["binh-thuan", "lam-dong"]}
    todays = "select article from article_provinces join provinces p on p.slug = province where p.today = 'lam-dong'"
    provinces.fill(archive.connection)
    assert {article for (article,) in archive.connection.execute(todays)} == {old, new}


def test_one_article_is_placed_as_all_are_and_placing_again_writes_nothing(archive: Archive) -> None:
    article = store(archive, "a", "Bình Phước", "2022-03-13", "Từ Long An", "Tới Bến Tre.")
    db = archive.connection
    for lead in ("Tới Hà Nội.", "Tới Bến Tre."):
        placing.place(db, article, "Bình Phước", "Từ Long An", lead, "2022-03-13T08:30:00+07:00")
    held, before = placed(db, article), db.total_changes
    placing.place(db, article, "Bình Phước", "Từ Long An", "Tới Bến Tre.", "2022-03-13T08:30:00+07:00")
    assert db.total_changes == before
    placing.place_all(db)
    assert placed(db, article) == held == {
        "named": ["ben-tre", "long-an"],
        "portal": ["binh-phuoc"],
        "today": ["dong-nai"],
    }  # fmt: skip


def test_an_article_that_is_undone_leaves_no_place_behind(archive: Archive) -> None:
    article = store(archive, "a", "Bình Phước", "2022-03-13")
    placing.place_all(archive.connection)
    with archive.transaction():
        archive.undo(article)
    assert archive.connection.execute("select * from article_provinces").fetchall() == []


def test_a_copy_with_places_passes_the_check_before_the_switch(archive: Archive) -> None:
    store(archive, "a", "Bình Phước", "2022-03-13", "Từ Long An")
    provinces.fill(archive.connection)
    placing.place_all(archive.connection)
    for check in ("quick_check", "integrity_check", "foreign_key_check"):
        assert [tuple(row) for row in archive.connection.execute(f"pragma {check}")] in ([], [("ok",)]), check
