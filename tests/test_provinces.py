"""A province's name means an area on a day: 63 of them, then 34."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive import provinces
from archive.provinces import Provinces, ProvincesError
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
