"""Short lines that say by a label what they are."""

from __future__ import annotations

import pytest

from crawler.template import labels


@pytest.mark.parametrize(
    ("line", "views"),
    [
        ("Lượt xem: 1.684", 1684), ("Đã xem: 254   Phản hồi: 0", 254), ("1384 Lượt xem", 1384),
        ("Số lần đọc: 69985", 69985), ("Xem: 12", 12), ("Đang xem: 8 người", None), ("Đang truy cập: 8", None),
        ("Lượt xem: nhiều", None), ("Tổng lượt truy cập: 93.400", None),
    ],
)  # fmt: skip
def test_views_are_counted_and_visitors_are_not(line: str, views: int | None) -> None:
    assert labels.views_of(line) == views


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Tác giả: Lan Thảo", "Lan Thảo"), ("Viết bởi Quế Lâm", "Quế Lâm"),
        ("Được đăng bởi Mạc Sương vào Thứ Tư, 23/12/2015 - 11:53", "Mạc Sương"), ("Bài viết: Đoàn Trúc", "Đoàn Trúc"),
        ("Bài viết rất hay", None), ("Tin trong ngày", None),
    ],
)  # fmt: skip
def test_a_byline_names_its_writer(line: str, name: str | None) -> None:
    assert labels.author_of(line) == name


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Nguồn tin: Báo Bến Đá", "Báo Bến Đá"), ("(Nguồn: bendavn.example)", "bendavn.example"),
        ("Nguồn: https://ben-da.example/tin/7.html", "ben-da.example"), ("Nguồn nước sạch về xóm", None),
    ],
)  # fmt: skip
def test_a_source_is_what_its_label_names(line: str, source: str | None) -> None:
    assert labels.source_of(line) == source
