"""A page's bytes as text: UTF-8 wherever it is, whatever the page calls itself."""

from __future__ import annotations

import pytest

from crawler.page import decode

SAID = "Kết quả công tác dân vận quý II: người dân xã Đồng Lau góp 1.240 ngày công"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte order mark"])
def test_utf_8_is_read_as_it_is(mark: bytes) -> None:
    assert decode(mark + SAID.encode()) == SAID


def test_one_broken_byte_does_not_spoil_the_others() -> None:
    """As a cut teaser has it; the page declares windows-1252, as many do."""
    body = SAID.encode() + " … ".encode() + "Đ".encode()[:1]
    assert decode(body, "text/html; charset=windows-1252") == f"{SAID} … \ufffd"


OLD = "Ruộng lúa, cà phê, bếp lửa, đồng bào"


@pytest.mark.parametrize("charset", ["windows-1258", "utf-16"])
def test_what_is_no_utf_8_is_read_as_its_header_or_its_mark_says(charset: str) -> None:
    said = OLD.encode(charset, "ignore")
    assert decode(said, f"text/html; charset={charset}") == said.decode(charset)


def test_what_declares_nothing_is_of_the_old_vietnamese_kind() -> None:
    said = OLD.encode("windows-1258", "ignore")
    assert decode(said, "text/html") == decode(said) == said.decode("windows-1258")


def test_a_meta_tag_is_believed_where_no_header_is() -> None:
    body = f'<meta charset="iso-8859-1"><p>{"café, crème " * 9}</p>'.encode("latin-1")
    assert "café, crème" in decode(body)


def test_nothing_is_nothing() -> None:
    assert decode(b"") == ""
