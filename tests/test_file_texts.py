"""What a file is, by its bytes, and what it says: its text, or the reason why there is none."""

from __future__ import annotations

import time

import pytest

from archive.files import pdf as pdf_reader
from archive.files.reading import extract, read_text
from archive.files.text import LETTERS, Problem
from archive.files.types import DOC, DOCX, PDF, UNKNOWN, file_name, is_whole, sniff
from crawler.demo import uploads
from tests import documents
from tests.attached_files import (
    COMMON,
    DIRECTIVE,
    OLD_WORD,
    PLAN,
    TCVN3,
    VNI,
)


@pytest.mark.parametrize(
    ("body", "problem", "text"),
    [
        (DIRECTIVE, "", "Chỉ thị số 31-CT/TU về đổi mới công tác dân vận ở vùng lòng hồ Thạch Giang.\nĐiều 1."),
        (PLAN, "", "Kế hoạch dựng nhà văn hóa bản Nậm Lốt\nMỗi hộ góp một cây tre."),
        (documents.locked(COMMON, ""), "", "Mẫu đơn xin vào tổ hòa giải xóm Đồi."),
        (documents.pdf(["To\u0302\u0309 da\u0302n va\u0323\u0302n"]), "", "Tổ dân vận"),
        (documents.pdf(["Où est la crème brûlée à Nîmes? Le garçon naïf a été élégant."] * 9), "", "Où est la crème"),
        (documents.locked(COMMON, "mật"), Problem.ENCRYPTED, ""),
        (COMMON[: len(COMMON) // 2], Problem.BROKEN, ""),
        (b"%PDF-1.7 nothing else", Problem.BROKEN, ""),
        (documents.endless(), Problem.BROKEN, ""),
        (documents.bomb(), Problem.BOMB, ""),
        (documents.lying_bomb(), Problem.BROKEN, ""),
        (documents.docx(xml="<w:p>"), Problem.BROKEN, ""),
        (documents.pdf([]), Problem.NO_TEXT, ""),
        (VNI, Problem.LEGACY, ""),
        (TCVN3, Problem.LEGACY, ""),
        (OLD_WORD, Problem.NO_READER, ""),
        (uploads.jpeg("/a.jpg"), Problem.NO_READER, ""),
    ],
)
def test_the_text_of_a_file_or_the_reason_why_there_is_none(body: bytes, problem: str, text: str) -> None:
    type = sniff(body)
    assert type is not None
    found = read_text(body, type)
    assert found.problem == problem
    assert found.text.startswith(text) and bool(found.text) == bool(text)


def test_what_was_deleted_in_word_is_no_text() -> None:
    xml = (
        "<w:p><w:del><w:r><w:delText>Lời bỏ</w:delText></w:r></w:del><w:ins><w:r><w:t>Lời mới</w:t></w:r></w:ins></w:p>"
    )
    assert extract(documents.docx("Đầu", xml=xml), DOCX).text == "Đầu\nLời mới"


def test_an_entity_bomb_in_word_is_refused() -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    xml = f"<!DOCTYPE w [{entities}]><w:document xmlns:w='{documents.W}'><w:p>&a11;</w:p></w:document>"
    started = time.monotonic()
    body = documents.zipped({"[Content_Types].xml": documents.TYPES, "word/document.xml": xml})
    assert extract(body, DOCX).text == "" and time.monotonic() - started < 2


def test_a_long_file_is_read_in_part_within_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    long = documents.docx(*(f"Dòng chữ thứ {n * n} của làng." for n in range(LETTERS // 20)))
    found = extract(long, DOCX)
    assert found.problem == Problem.CUT and LETTERS * 0.9 < len(found.text) <= LETTERS
    monkeypatch.setattr(pdf_reader, "SECONDS", -1)
    assert extract(DIRECTIVE, PDF).problem == Problem.TOO_SLOW
    monkeypatch.setattr("archive.files.reading.SECONDS", 0.01)
    assert read_text(DIRECTIVE, PDF) == extract(b"", PDF).__class__("", Problem.TOO_SLOW)


@pytest.mark.parametrize(
    ("body", "type"),
    [
        (DIRECTIVE, PDF), (PLAN, DOCX), (OLD_WORD, DOC), (uploads.png("/a.png"), "image/png"),
        (uploads.jpeg("/a.jpg"), "image/jpeg"), (b"{\\rtf1 x}", "application/rtf"), (b"\x00\x01\x02" * 9, UNKNOWN),
        (documents.zipped({"a.txt": "a"}), "application/zip"), (PLAN[:200], DOCX),
        (b"", None), (b"  <!DOCTYPE html><p>", None), (b"\xef\xbb\xbf<html>", None), ("Không có tệp".encode(), None),
    ],
)  # fmt: skip
def test_a_type_is_told_by_the_bytes(body: bytes, type: str | None) -> None:
    assert sniff(body) == type


def test_a_file_cut_short_is_told_by_its_end() -> None:
    for body, type in ((DIRECTIVE, PDF), (PLAN, DOCX), (uploads.jpeg("/a.jpg"), "image/jpeg")):
        assert is_whole(body, type) and not is_whole(body[:-200], type)
    assert is_whole(OLD_WORD, DOC)


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("Kế hoạch", "Kế hoạch.pdf"), ("a.PDF", "a.PDF"), ("../../a\r\nb.pdf", "a b.pdf"), ("", "tep.pdf"),
        ("x.exe", "x.exe.pdf"), ("d" * 300, "d" * 110 + ".pdf"),
    ],
)  # fmt: skip
def test_a_name_to_save_under_is_one_line_with_the_right_ending(name: str, saved: str) -> None:
    assert file_name(name, PDF) == saved
