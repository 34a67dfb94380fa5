"""A province's name means an area on a day: 63 of them, then 34, and the texts that name them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from invented import invented

from archive import placing, provinces
from archive.provinces import Provinces, ProvincesError
from archive.store import Archive
from crawler import portals

KNOWN = provinces.load()
LAST_OF_63, FIRST_OF_34 = date(2025, 6, 30), date(2025, 7, 1)
THEN, NOW = date(2022, 3, 13), date(2026, 3, 1)
REGISTRY = Path(portals.__file__).with_name("portals.toml")

# Resolution 202/2025/QH15, article 1, item by item.
MERGED = {
    "Tuyên Quang": "Hà Giang, Tuyên Quang",
    "Lào Cai": "Yên Bái, Lào Cai",
    "Thái Nguyên": "Bắc Kạn, Thái Nguyên",
    "Phú Thọ": "Vĩnh Phúc, Hòa Bình, Phú Thọ",
    "Bắc Ninh": "Bắc Giang, Bắc Ninh",
    "Hưng Yên": "Thái Bình, Hưng Yên",
    "Hải Phòng": "Hải Dương, Hải Phòng",
    "Ninh Bình": "Hà Nam, Nam Định, Ninh Bình",
    "Quảng Trị": "Quảng Bình, Quảng Trị",
    "Đà Nẵng": "Quảng Nam, Đà Nẵng",
    "Quảng Ngãi": "Kon Tum, Quảng Ngãi",
    "Gia Lai": "Bình Định, Gia Lai",
    "Khánh Hòa": "Ninh Thuận, Khánh Hòa",
    "Lâm Đồng": "Đắk Nông, Bình Thuận, Lâm Đồng",
    "Đắk Lắk": "Phú Yên, Đắk Lắk",
    "TP Hồ Chí Minh": "Bà Rịa - Vũng Tàu, Bình Dương, TP Hồ Chí Minh",
    "Đồng Nai": "Bình Phước, Đồng Nai",
    "Tây Ninh": "Long An, Tây Ninh",
    "Cần Thơ": "Sóc Trăng, Hậu Giang, Cần Thơ",
    "Vĩnh Long": "Bến Tre, Trà Vinh, Vĩnh Long",
    "Đồng Tháp": "Tiền Giang, Đồng Tháp",
    "Cà Mau": "Bạc Liêu, Cà Mau",
    "An Giang": "Kiên Giang, An Giang",
}
UNCHANGED = "Cao Bằng, Điện Biên, Hà Tĩnh, Lai Châu, Lạng Sơn, Nghệ An, Quảng Ninh, Thanh Hóa, Sơn La, Hà Nội, Huế"


def slug(name: str, on: date) -> str | None:
    area = KNOWN.area(name, on)
    return area.slug if area else None


def named(text: str, on: date = THEN) -> list[str]:
    """The names of the areas that a text names."""
    return [area.name for area in KNOWN.named_in(text, on)]


def slugs(text: str, on: date) -> list[str]:
    return [area.slug for area in KNOWN.named_in(text, on)]


# ---------------------------------------------------------------- the areas and their days


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2008, 7, 31), 64),
        (date(2008, 8, 1), 63),
        (LAST_OF_63, 63),
        (FIRST_OF_34, 34),
        (date(2025, 7, 2), 34),
    ],
)
def test_there_were_so_many_provinces_on_that_day(day: date, number: int) -> None:
    names = [area.name for area in KNOWN.valid_on(day)]
    assert len(names) == len(set(names)) == number


def test_twenty_three_were_made_by_merging_and_eleven_stayed() -> None:
    made = {new: {area.name for area in KNOWN.formed_from(KNOWN.area(new, NOW))} for new in MERGED}  # type: ignore[arg-type]
    assert made == {new: set(old.split(", ")) for new, old in MERGED.items()}
    assert {area.name for area in KNOWN.valid_on(NOW)} == {*MERGED, *UNCHANGED.split(", ")}
    for name in UNCHANGED.split(", "):
        assert KNOWN.area(name, LAST_OF_63) is KNOWN.area(name, FIRST_OF_34), name


def test_every_old_province_belongs_to_one_of_today() -> None:
    into = {old: new for new, olds in MERGED.items() for old in olds.split(", ")}
    for area in KNOWN.valid_on(LAST_OF_63):
        assert KNOWN.today(area, NOW).name == into.get(area.name, area.name)
    today = KNOWN.valid_on(NOW)
    assert all(KNOWN.today(area, NOW) in today for area in KNOWN.areas)


def test_every_name_that_was_kept_means_two_areas() -> None:
    for name in MERGED:
        old, new = KNOWN.area(name, LAST_OF_63), KNOWN.area(name, FIRST_OF_34)
        assert old is not None and new is not None and old != new, name
    assert (slug("Lâm Đồng", LAST_OF_63), slug("Lâm Đồng", FIRST_OF_34)) == ("lam-dong-truoc-2025", "lam-dong")


def test_codes_cross_over_where_the_new_province_took_its_partners() -> None:
    codes = {name: (KNOWN.area(name, LAST_OF_63), KNOWN.area(name, NOW)) for name in ("Bắc Ninh", "Bắc Giang")}
    old, new = codes["Bắc Ninh"]
    partner, gone = codes["Bắc Giang"]
    assert old and new and partner and (old.code, new.code, gone) == ("27", partner.code, None)


def test_thua_thien_hue_became_hue_half_a_year_before_the_others() -> None:
    old, new = date(2024, 12, 31), date(2025, 1, 1)
    assert (slug("Thừa Thiên Huế", old), slug("Thừa Thiên Huế", new)) == ("thua-thien-hue", None)
    assert (slug("TP Huế", old), slug("TP Huế", new)) == ("thua-thien-hue", "hue")
    assert KNOWN.by_slug["hue"].type == "thành phố trực thuộc Trung ương"
    assert KNOWN.today(KNOWN.by_slug["thua-thien-hue"]).slug == "hue"


def test_ha_tay_is_part_of_ha_noi_since_august_2008() -> None:
    assert (slug("Hà Tây", date(2008, 7, 31)), slug("Hà Tây", date(2008, 8, 1))) == ("ha-tay", None)
    assert (slug("Hà Nội", date(2008, 7, 31)), slug("Hà Nội", date(2008, 8, 1))) == ("ha-noi-truoc-2008", "ha-noi")
    assert KNOWN.today(KNOWN.by_slug["ha-tay"], NOW).slug == "ha-noi"


def test_what_an_area_belonged_to_is_asked_by_the_day() -> None:
    binh_phuoc = KNOWN.by_slug["binh-phuoc"]
    assert KNOWN.at(binh_phuoc, LAST_OF_63) is binh_phuoc
    assert KNOWN.at(binh_phuoc, FIRST_OF_34).slug == "dong-nai"
    assert KNOWN.at(KNOWN.by_slug["dong-nai"], THEN).slug == "dong-nai"


def test_today_is_by_the_clock_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_NOW", "2025-06-30T23:59:59+07:00")
    assert KNOWN.today(KNOWN.by_slug["binh-phuoc"]).slug == "binh-phuoc"
    monkeypatch.setenv("ARCHIVE_NOW", "2025-07-01T00:00:00+07:00")
    assert KNOWN.today(KNOWN.by_slug["binh-phuoc"]).slug == "dong-nai"


def test_addresses_are_plain_and_the_province_of_today_has_the_plain_one() -> None:
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*(-truoc-\d{4})?", area.slug) for area in KNOWN.areas)
    assert len({area.slug for area in KNOWN.areas}) == len(KNOWN.areas) == 89
    for area in KNOWN.valid_on(NOW):
        assert "truoc" not in area.slug
    for area in KNOWN.areas:  # "-truoc-YEAR": before the year in which the name passed to the next area
        if "-truoc-" in area.slug:
            assert area.valid_to and area.slug.endswith(str((area.valid_to + timedelta(days=1)).year))


@pytest.mark.parametrize(
    ("spelling", "meant"),
    [
        ("Bắc Cạn", "bac-kan"),
        ("Đắc Lắc", "dak-lak-truoc-2025"),
        ("Đăk Lăk", "dak-lak-truoc-2025"),
        ("Dak Lak", "dak-lak-truoc-2025"),
        ("ĐẮK NÔNG", "dak-nong"),
        ("Ðắk Nông", "dak-nong"),  # with the Icelandic letter that some papers write
        ("Hoà Bình", "hoa-binh"),
        ("Tỉnh Thanh Hoá", "thanh-hoa"),
        ("tỉnh khánh hoà", "khanh-hoa-truoc-2025"),
        ("KonTum", "kon-tum"),
        ("Thừa Thiên – Huế", "thua-thien-hue"),
        ("TT-Huế", "thua-thien-hue"),
        ("Bà Rịa-Vũng Tàu", "ba-ria-vung-tau"),
        ("BR–VT", "ba-ria-vung-tau"),
        ("TP.HCM", "tp-ho-chi-minh-truoc-2025"),
        ("Tp. Hồ Chí Minh", "tp-ho-chi-minh-truoc-2025"),
        ("thành phố Hồ Chí Minh", "tp-ho-chi-minh-truoc-2025"),
        ("TP. Cần Thơ", "can-tho-truoc-2025"),
        ("Hồ Chí Minh", None),  # a person's name
        ("Trung ương", None),
        ("Quy Nhơn", None),
        ("tỉnh", None),
        ("", None),
    ],
)
def test_a_province_is_known_by_any_spelling(spelling: str, meant: str | None) -> None:
    assert slug(spelling, THEN) == meant


def test_every_province_of_the_registry_is_known_in_the_portals_time() -> None:
    for key, row in portals.load(REGISTRY).items():
        if row.province != "Trung ương":
            assert KNOWN.area(row.province, THEN), key


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"slug": "hue"}, "slug"),
        ({"valid_to": None}, "bear one name"),
        ({"became": "Sông Lam"}, "lam-dong-truoc-2025"),
        ({"became": ""}, "lam-dong-truoc-2025"),
    ],
)
def test_rows_that_contradict_each_other_are_refused(change: dict[str, Any], said: str) -> None:
    rows = tuple(replace(a, **change) if a.slug == "lam-dong-truoc-2025" else a for a in KNOWN.areas)
    with pytest.raises(ProvincesError, match=said):
        Provinces(rows)


# ---------------------------------------------------------------- named in a text


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Đoàn công tác tỉnh Lâm Đồng thăm Ninh Thuận", ["Lâm Đồng", "Ninh Thuận"]),
        ("BAN DÂN VẬN TỈNH ỦY LÂM ĐỒNG", ["Lâm Đồng"]),
        ("Lâm Đồng học Lâm Đồng", ["Lâm Đồng"]),
        ("Bến Tre, Trà Vinh và Vĩnh Long cùng bàn", ["Bến Tre", "Trà Vinh", "Vĩnh Long"]),
        ("Từ Thanh Hoá tới Khánh Hoà", ["Thanh Hóa", "Khánh Hòa"]),
        ("KHÁNH HOÀ và ĐẮC LẮC", ["Khánh Hòa", "Đắk Lắk"]),
        ("Bà Rịa–Vũng Tàu, TPHCM", ["Bà Rịa - Vũng Tàu", "TP Hồ Chí Minh"]),
        ("Thành phố Hồ Chí Minh; Tp. Hồ Chí Minh; TP HCM", ["TP Hồ Chí Minh"]),
        ("Thừa Thiên Huế và Quảng Trị", ["Thừa Thiên Huế", "Quảng Trị"]),
        ("Thành ủy Huế gặp gỡ già làng", ["Thừa Thiên Huế"]),
        ("thị xã Quảng Trị, thành phố Hà Giang", ["Quảng Trị", "Hà Giang"]),
        ("Liên minh Hợp tác xã Bình Phước", ["Bình Phước"]),
        ("Sở Tài nguyên và Môi trường Quảng Ninh", ["Quảng Ninh"]),
        ("Mặt trận Tổ quốc Gia Lai", ["Gia Lai"]),
        ("Sở Khoa học và Công nghệ Nghệ An", ["Nghệ An"]),
        ("Bí thư Tỉnh ủy Gia Lai Châu Văn A", ["Gia Lai"]),
        ("(Hà Nam) - Sáng nay", ["Hà Nam"]),
        ("Cao tốc Cần Thơ-Cà Mau", ["Cần Thơ", "Cà Mau"]),
        ("CÔNG AN NINH BÌNH giúp dân", ["Ninh Bình"]),
        ("TỈNH ỦY HÒA BÌNH giao ban", ["Hòa Bình"]),
        ("", []),
    ],
)
def test_provinces_named_in_a_text_are_found(text: str, names: list[str]) -> None:
    assert named(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Vì một thế giới hòa bình",
        "Hòa bình là của chung",
        "GÌN GIỮ HÒA BÌNH",
        "Lực lượng Gìn giữ Hòa Bình",
        "Đồng chí Trương Hoà Bình thăm đồng bào",
        "ông Nguyễn Hòa Bình",
        "ÔNG TRƯƠNG HÒA BÌNH",
        "phường Hòa Bình và đường Hòa Bình",
        "huyện Hòa Bình họp dân",
        "Trường Tiểu học Hòa Bình",
        "khu vực châu Á - Thái Bình Dương",
        "CHÂU Á - THÁI BÌNH DƯƠNG",
        "chiến thắng Điện Biên Phủ; đường Điện Biên Phủ",
        "vùng Đồng Tháp Mười",
        "tỉnh Hà Nam Ninh trước kia",
        "tỉnh Hà Nam (Trung Quốc)",
        "Xô Viết Nghệ Tĩnh",
        "ven sông Đồng Nai",
        "huyện Quảng Ninh",
        "NÂNG CAO BẰNG việc làm cụ thể",
        "VIỆT NAM ĐỊNH HƯỚNG",
        "CÔNG NGHỆ AN TOÀN",
        "Việt Nam, quê hương",
        "Tư tưởng Hồ Chí Minh",
        "Bà Nguyễn Thị Huế, chị Huế",
        "Viện Hải dương học; giàn khoan Hải Dương 981",
        "Lý Thái Tổ ở Lâm Thao\nĐồng bào",
        "lâm đồng",
        "BìnhPhước2 XBình Phướcx",
    ],
)
def test_false_friends_are_no_provinces(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("QUỐC GIA LAI CHÂU", ["Lai Châu"]),
        ("AN NINH BÌNH DƯƠNG", ["Bình Dương"]),
        ("CÔNG NGHỆ AN GIANG", ["An Giang"]),
        ("phường Hòa Bình, tỉnh Hòa Bình", ["Hòa Bình"]),
        ("Trương Hòa Bình về Long An", ["Long An"]),
    ],
)
def test_what_a_false_friend_covers_is_found_behind_it(text: str, names: list[str]) -> None:
    assert named(text) == names


def test_a_name_never_runs_from_the_title_into_the_lead() -> None:
    assert named("Chuyện của chị Hà\nNam thanh niên góp công") == []


def test_a_text_names_the_area_of_its_day() -> None:
    assert slugs("Nông dân Lâm Đồng", LAST_OF_63) == ["lam-dong-truoc-2025"]
    assert slugs("Nông dân Lâm Đồng", FIRST_OF_34) == ["lam-dong"]


def test_a_name_that_has_ceased_means_the_area_that_bore_it() -> None:
    assert slugs("Người Bình Phước; quê lụa Hà Tây", NOW) == ["binh-phuoc", "ha-tay"]
    assert slugs("Thừa Thiên Huế", NOW) == ["thua-thien-hue"]


def test_a_text_may_say_that_it_means_the_area_before_or_after() -> None:
    assert slugs("xã vùng sâu của tỉnh Lâm Đồng cũ", NOW) == ["lam-dong-truoc-2025"]
    assert slugs("tỉnh Bình Thuận (cũ), nay là Lâm Đồng", NOW) == ["binh-thuan", "lam-dong"]
    assert slugs("bộ máy của tỉnh Lâm Đồng (mới)", date(2025, 5, 20)) == ["lam-dong"]
    assert slugs("bộ máy của tỉnh Lâm Đồng (mới)", THEN) == ["lam-dong-truoc-2025"]
    assert slugs("xã Tân Hà sau sáp nhập", THEN) == []


# ---------------------------------------------------------------- the tables


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
