"""A page's bytes as text: UTF-8 wherever it is, whatever the page calls itself."""

from __future__ import annotations

import pytest

from crawler.page import decode

SAID = "Kết quả công tác dân vận quý II: người dân xã Đồng Lau góp 1.240 ngày công"


def never() -> str:
    raise AssertionError("the declaration was not to be asked")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte order mark"])
def test_utf_8_is_read_as_it_is(mark: bytes) -> None:
    assert decode(mark + SAID.encode(), never) == SAID


def test_one_broken_byte_does_not_spoil_the_others() -> None:
    """As a cut teaser has it; the page declares windows-1252, as many do."""
    body = SAID.encode() + " … ".encode() + "Đ".encode()[:1]
    assert decode(body, never) == f"{SAID} … \ufffd"


@pytest.mark.parametrize("charset", ["windows-1258", "latin-1", "utf-16"])
def test_what_is_no_utf_8_is_read_as_it_declares(charset: str) -> None:
    said = (
        "Vùng cao đổi mới"
        if charset == "utf-16"
        else "Ruộng lúa, cà phê, bếp lửa".encode(charset, "ignore").decode(charset)
    )
    assert decode(said.encode(charset), lambda: said) == said


def test_nothing_is_nothing() -> None:
    assert decode(b"", never) == ""
