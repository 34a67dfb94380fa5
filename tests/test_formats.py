"""What files for other programs hold: every text comes out as it went in, and nothing in them is alive."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from edge_texts import FORMULAS, LONG, NUMBERLIKE, TEXTS, as_shown
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from spreadsheets import cells, libreoffice, needs_libreoffice

from archive.formats import xlsx
from archive.formats.columns import COLUMNS, Column, columns
from archive.formats.reading import Record
from archive.formats.texts import csv_file, defused, jsonl_file, restored
from archive.formats.xlsx import xlsx_file

TEXT_COLUMN = Column("title", "Tiêu đề", "Title", "text", "a.title", 40)
LIST_COLUMN = Column("tags", "Từ khóa", "Tags", "list", "", 20)
LINK_COLUMN = Column("url", "Địa chỉ gốc", "Original address", "address", "a.url", 40)
TIME_COLUMN = Column("published", "Ngày giờ đăng", "Published", "time", "a.published", 17)
NUMBER_COLUMN = Column("views", "Lượt xem", "Views", "number", "a.views", 10)
NFC = [unicodedata.normalize("NFC", text) for text in (*FORMULAS, *TEXTS, *LONG)]  # as reading.batches() gives them


def one_column(texts: Iterable[str]) -> list[list[Record]]:
    return [[(text,)] for text in texts]


def written(wanted: list[Column], batches: list[list[Record]], **options: Any) -> bytes:
    return b"".join(xlsx_file(wanted, batches, "vi", lambda cut: [("Ô bị cắt", str(cut))], **options))


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_gives_every_text_back() -> None:
    data = b"".join(csv_file([TEXT_COLUMN], one_column(NFC), "vi"))
    assert data.startswith(b"\xef\xbb\xbf") and data.endswith(b"\r\n")
    header, *rows = read_csv(data)
    assert header == ["Tiêu đề"]
    assert [restored(cell) for (cell,) in rows] == [as_shown(text) for text in NFC]


def test_no_csv_cell_begins_with_what_a_spreadsheet_calculates() -> None:
    for (cell,) in read_csv(b"".join(csv_file([TEXT_COLUMN], one_column(NFC), "vi")))[1:]:
        assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"), cell[:20]


def test_defusing_can_be_undone_whatever_the_text_was() -> None:
    for text in (*FORMULAS, *TEXTS, "'", "''", "'a", "", "='", "'''=", "a'=b"):
        assert restored(defused(text)) == text
    assert defused("Dân vận") == "Dân vận" and defused("'tựa'") == "'tựa'", "only what needs it is touched"


def test_a_list_is_one_cell_and_nothing_is_an_empty_one() -> None:
    data = b"".join(csv_file([LIST_COLUMN, NUMBER_COLUMN], [[(["gốm", "làng nghề"], 5), (None, None)]], "fields"))
    assert read_csv(data) == [["tags", "views"], ["gốm; làng nghề", "5"], ["", ""]]


def test_every_column_has_a_name_in_each_manner_and_no_two_the_same() -> None:
    for manner in ("vi", "en", "fields"):
        names = [column.header(manner) for column in columns(body=True)]  # type: ignore[arg-type]
        assert all(names) and len(set(names)) == len(names)
    assert columns(body=False) == COLUMNS and [c.name for c in columns(body=True)[len(COLUMNS) :]] == ["body"]


def test_jsonl_is_one_article_a_line_to_every_program_and_exact() -> None:
    texts = [text.replace("\ufffe", "").replace("\uffff", "") for text in NFC]
    data = b"".join(jsonl_file([TEXT_COLUMN, LIST_COLUMN], [[(text, [text, "b"])] for text in texts]))
    lines = data.decode().splitlines()
    assert len(lines) == len(texts) == data.count(b"\n")
    assert [json.loads(line) for line in lines] == [{"title": text, "tags": [text, "b"]} for text in texts]


def test_xlsx_gives_every_text_back_as_text() -> None:
    texts = [text for text in (*NFC, *NUMBERLIKE) if text not in LONG]
    rows = cells(written([TEXT_COLUMN], one_column(texts)))[1:]
    assert [unescape(row[0].value) for row in rows] == [as_shown(text) for text in texts]
    assert {row[0].data_type for row in rows} == {"s"}, "text, whatever it looks like"


def test_xlsx_has_real_dates_numbers_and_links() -> None:
    row = ("2022-03-13T08:50:30+07:00", 1424, "http://127.0.0.1:1/bài viết?a=1&b=2#c")
    utc, odd = ("2022-03-12T18:00:00+00:00", None, None), ("1871-03-18T00:00:00+07:00", None, "ftp://127.0.0.1/x")
    workbook = written([TIME_COLUMN, NUMBER_COLUMN, LINK_COLUMN], [[row, utc, odd]])
    _, first, second, third = cells(workbook)
    assert first[0].value == datetime(2022, 3, 13, 8, 50, 30) and first[0].is_date
    assert first[1].value == 1424 and first[1].data_type == "n"
    assert first[2].value == row[2]
    assert first[2].hyperlink.target == "http://127.0.0.1:1/b%C3%A0i%20vi%E1%BA%BFt?a=1&b=2#c"
    assert second[0].value == datetime(2022, 3, 13, 1, 0), "the clocks of Vietnam"
    assert third[0].value == odd[0], "what Excel cannot count stays as it was written"
    assert third[2].hyperlink is None, "no link but to the web"


def test_xlsx_has_its_header_in_sight_and_a_filter_on_it() -> None:
    book = load_workbook(io.BytesIO(written([TEXT_COLUMN, LINK_COLUMN], [[("a", None), ("b", None)]])))
    sheet = book.worksheets[0]
    assert book.sheetnames == ["Bài viết", "Về tệp này"]
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:B3"
    assert [cell.value for cell in sheet[1]] == ["Tiêu đề", "Địa chỉ gốc"] and sheet["A1"].font.b
    assert sheet.column_dimensions["A"].width == 40


def test_a_cell_longer_than_excel_allows_is_cut_with_a_word_and_counted() -> None:
    workbook = written([TEXT_COLUMN], one_column([*LONG, "y" * 32_767]))
    long = [row[0].value for row in cells(workbook)[1:]]
    for text, original in zip(long[:3], LONG, strict=True):
        assert len(text.encode("utf-16-le")) // 2 <= 32_767 and text.endswith("CSV, JSONL.]")
        assert original.startswith(text.partition("… [")[0])
    assert long[3] == "y" * 32_767, "what just fits is whole"
    assert [cell.value for cell in cells(workbook, 1)[0]] == ["Ô bị cắt", "3"]


def test_more_rows_than_a_sheet_holds_go_on_in_the_next() -> None:
    batches: list[list[Record]] = [[(str(10 * batch + row),) for row in range(10)] for batch in range(4)]
    book = load_workbook(io.BytesIO(written([TEXT_COLUMN], batches, max_rows=16)))
    assert book.sheetnames == ["Bài viết", "Bài viết (2)", "Bài viết (3)", "Về tệp này"]
    sheets = [[cell.value for cell in sheet["A"]] for sheet in book.worksheets[:3]]
    assert [sheet[0] for sheet in sheets] == ["Tiêu đề"] * 3 and max(map(len, sheets)) == 16
    assert [value for sheet in sheets for value in sheet[1:]] == [str(number) for number in range(40)]


def test_a_sheet_ends_before_its_zip_would_be_of_a_kind_that_excel_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_SHEET", 3_000)
    batches: list[list[Record]] = [[(f"{number} " + "x" * 1000,)] for number in range(9)]
    book = load_workbook(io.BytesIO(written([TEXT_COLUMN], batches)))
    texts = [cell.value.split()[0] for sheet in book.worksheets[:-1] for cell in sheet["A"][1:]]
    assert texts == [str(number) for number in range(9)] and len(book.worksheets) > 3


def test_links_end_where_excel_would_drop_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_LINKS", 5)
    rows = cells(written([LINK_COLUMN], [[(f"http://127.0.0.1/{n}",) for n in range(9)]]))[1:]
    assert [row[0].hyperlink is not None for row in rows] == [True] * 5 + [False] * 4
    assert [row[0].value for row in rows] == [f"http://127.0.0.1/{n}" for n in range(9)]


def test_an_empty_workbook_is_one_too() -> None:
    assert [[cell.value for cell in row] for row in cells(written([TEXT_COLUMN], []))] == [["Tiêu đề"]]


def test_a_workbook_cut_short_opens_nowhere() -> None:
    workbook = written([TEXT_COLUMN], one_column(["a"] * 500))
    for end in (len(workbook) // 2, len(workbook) - 30):
        with pytest.raises(zipfile.BadZipFile):
            load_workbook(io.BytesIO(workbook[:end]))


def test_a_workbook_given_up_half_way_complains_of_nothing(recwarn: pytest.WarningsRecorder) -> None:
    pieces = xlsx_file([TEXT_COLUMN], one_column(["a"] * 50), "vi", lambda _: [])
    next(pieces)
    pieces.close()
    assert not recwarn.list


@needs_libreoffice
def test_libreoffice_opens_the_workbook_with_every_text_right_and_nothing_alive(tmp_path: Path) -> None:
    texts = [text for text in (*NFC, *NUMBERLIKE) if text not in LONG]
    records: list[Record] = [(text, "2022-03-13T08:50:00+07:00", "http://127.0.0.1:1/a") for text in texts]
    source = tmp_path / "articles.xlsx"
    source.write_bytes(written([TEXT_COLUMN, TIME_COLUMN, LINK_COLUMN], [records]))
    header, *rows = cells(libreoffice(source))
    assert [cell.value for cell in header] == ["Tiêu đề", "Ngày giờ đăng", "Địa chỉ gốc"]
    assert len(rows) == len(texts)
    for row, text in zip(rows, texts, strict=True):
        assert row[0].data_type == "s" and row[0].value == as_shown(text)
        assert row[1].value == datetime(2022, 3, 13, 8, 50) and row[2].hyperlink.target == "http://127.0.0.1:1/a"


@needs_libreoffice
@pytest.mark.parametrize("separators", ["44", "44/59/9"], ids=["comma", "comma, semicolon and tab"])
def test_libreoffice_opens_the_csv_with_every_text_right_and_nothing_alive(tmp_path: Path, separators: str) -> None:
    texts = [text for text in NFC if text not in LONG]
    source = tmp_path / "articles.csv"
    source.write_bytes(b"".join(csv_file([TEXT_COLUMN], one_column(texts), "vi")))
    opened = libreoffice(source, f"--infilter=CSV:{separators},34,76,1")
    header, *rows = cells(opened)
    assert [cell.value for cell in header] == ["Tiêu đề"], "no byte order mark in the header, and one column"
    assert len(rows) == len(texts)
    for row, text in zip(rows, texts, strict=True):
        assert row[0].data_type == "s", "no formula"
        assert restored(row[0].value) == as_shown(text)
