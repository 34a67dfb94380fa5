"""Which provinces a text names: the areas of its day, by any spelling, and not what only sounds like one."""

from __future__ import annotations

from datetime import date

import pytest

from archive import provinces

KNOWN = provinces.load()
LAST_OF_63, FIRST_OF_34 = date(2025, 6, 30), date(2025, 7, 1)
THEN, NOW = date(2022, 3, 13), date(2026, 3, 1)


def named(text: str, on: date = THEN) -> list[str]:
    """The names of the areas that a text names."""
    return [area.name for area in KNOWN.named_in(text, on)]


def slugs(text: str, on: date) -> list[str]:
    return [area.slug for area in KNOWN.named_in(text, on)]


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
