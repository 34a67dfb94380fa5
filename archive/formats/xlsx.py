"""XLSX written as it is read: a zip whose parts are compressed while they come, without a temporary file.

Texts are inline strings, hence never formulas. A workbook cut short has no table of contents, so that no program opens
it. Excel's own bounds are kept: rows of a sheet, characters of a cell, links of a sheet.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from typing import IO, cast
from urllib.parse import quote
from xml.sax.saxutils import escape

from archive.clock import VIETNAM
from archive.formats import xlsx_parts as parts
from archive.formats.columns import Column, Header
from archive.formats.reading import Record, Value
from archive.formats.texts import BETWEEN, FORMULA, shown

MAX_ROWS = 1_048_576  # of a sheet, the header among them
MAX_CHARACTERS = 32_767  # of a cell, in UTF-16 units
MAX_LINKS = 65_530  # of a sheet; with one more Excel "repairs" the file by dropping all
MAX_ADDRESS = 2_079  # characters of a link
MAX_SHEET = 1_900_000_000  # bytes of a sheet before it is compressed: beyond 2 GB a zip is of a kind that Excel refuses

CUT = {
    "vi": "… [Đã cắt bớt: một ô Excel chứa tối đa 32.767 ký tự. Toàn văn ở địa chỉ cố định và trong tệp CSV, JSONL.]",
    "en": "… [Cut: an Excel cell holds 32,767 characters. The whole text is at the permalink and in CSV and JSONL.]",
}
LEVEL = 4  # of compression: a tenth larger than the usual 6, in half the time
DAY_ZERO = datetime(1899, 12, 30)
FIRST_DAY = datetime(1900, 3, 1)  # before it Excel counts a day that never was

_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # "_x0041_" would be read as "A"


class _Sink:
    """What the zip is written to: bytes that wait to be taken. It cannot seek, so the zip is written front to back."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keep until taken."""
        self._waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing to do."""

    def taken(self) -> bytes:
        """All that has come since the last time."""
        waiting, self._waiting = self._waiting, []
        return b"".join(waiting)


def xlsx_file(
    columns: Sequence[Column],
    batches: Iterable[list[Record]],
    header: Header,
    notes: Callable[[int], Sequence[tuple[str, str]]],
    *,
    max_rows: int = MAX_ROWS,
) -> Generator[bytes]:
    """A workbook of the articles, on as many sheets as they need, and a last one that says what the file is.

    `notes` is asked at the end, with the number of cells that were cut, for the lines of that sheet.
    """
    sink = _Sink()
    # Closed whatever happens, or an abandoned zip complains; what is then in the sink nobody takes.
    package = zipfile.ZipFile(cast(IO[bytes], sink), "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)
    with closing(package):
        package.writestr("_rels/.rels", parts.PACKAGE_RELATIONS)
        package.writestr("xl/styles.xml", parts.STYLES)
        language = "en" if header == "en" else "vi"
        names: list[str] = []
        filtered: list[str] = []
        cut, source = 0, iter(batches)
        waiting: list[Record] | None = next(source, [])
        while waiting is not None:
            names.append(parts.sheet_name(len(names) + 1, language))
            with _Sheet(package, len(names), columns, header, CUT[language], max_rows) as sheet:
                while waiting is not None and (waiting := sheet.add(waiting)) == []:
                    yield sink.taken()
                    waiting = next(source, None)
            cut += sheet.cut
            filtered.append(sheet.whole)
        names.append(parts.NOTES[language])
        package.writestr(f"xl/worksheets/sheet{len(names)}.xml", _notes_sheet(notes(cut)))
        package.writestr("xl/workbook.xml", parts.workbook(names, filtered))
        package.writestr("xl/_rels/workbook.xml.rels", parts.workbook_relations(len(names)))
        package.writestr("[Content_Types].xml", parts.content_types(len(names)))
    yield sink.taken()


class _Sheet:
    """One sheet of articles: header, rows, links. Its links wait compressed, for their part comes after its own."""

    def __init__(
        self,
        package: zipfile.ZipFile,
        number: int,
        columns: Sequence[Column],
        header: Header,
        cut_note: str,
        max_rows: int,
    ) -> None:
        self._package, self._number, self._columns = package, number, columns
        self._letters = [parts.letters(index) for index in range(len(columns))]
        self._cut_note, self._max_rows = cut_note, max_rows
        self._rows, self._size, self._links = 1, 0, 0
        self._targets, self._places = _Packed(), _Packed()
        self.cut = 0
        self._file: IO[bytes] = package.open(f"xl/worksheets/sheet{number}.xml", "w")
        self._write(parts.sheet_head([column.width for column in columns]))
        titles = [column.header(header) for column in columns]
        cells = (_text_cell(f"{at}1", title, parts.HEADER) for at, title in zip(self._letters, titles, strict=True))
        self._write(f'<row r="1">{"".join(cells)}</row>')

    def __enter__(self) -> _Sheet:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self._write(f'</sheetData><autoFilter ref="{self.whole.replace("$", "")}"/>')
            if self._links:
                for piece in (b"<hyperlinks>", *self._places.unpacked(), b"</hyperlinks>"):
                    self._file.write(piece)
            self._write(f"{parts.numbers_meant_as_text(self._rows)}</worksheet>")
        self._file.close()
        if kind is None and self._links:
            with self._package.open(f"xl/worksheets/_rels/sheet{self._number}.xml.rels", "w") as file:
                for piece in (parts.RELATIONS.encode(), *self._targets.unpacked(), b"</Relationships>"):
                    file.write(piece)

    @property
    def whole(self) -> str:
        """The range of all its cells: $A$1:$Z$101."""
        return f"$A$1:${self._letters[-1]}${self._rows}"

    def add(self, records: list[Record]) -> list[Record]:
        """Write as many rows as there is room for; returns the others."""
        room = self._max_rows - self._rows if self._size < MAX_SHEET else 0
        for record in records[:room]:
            self._rows += 1
            cells = (
                self._cell(f"{at}{self._rows}", column, value)
                for at, column, value in zip(self._letters, self._columns, record, strict=True)
                if value is not None
            )
            # With a height of its own a row does not grow with the lines of a text.
            self._write(f'<row r="{self._rows}" ht="15" customHeight="1">{"".join(cells)}</row>')
        return records[room:]

    def _cell(self, at: str, column: Column, value: Value) -> str:
        if isinstance(value, int):
            return f'<c r="{at}"><v>{value}</v></c>'
        text = BETWEEN.join(value) if isinstance(value, list) else str(value)
        if column.kind == "time" and (days := _days(text)) is not None:
            return f'<c r="{at}" s="{parts.TIME}"><v>{days:.10f}</v></c>'
        if column.kind == "address" and self._linked(at, text):
            return _text_cell(at, text, parts.LINK)
        if len(text) > MAX_CHARACTERS // 2 and len(text.encode("utf-16-le", "replace")) > MAX_CHARACTERS * 2:
            text = _shortened(text, MAX_CHARACTERS - len(self._cut_note)) + self._cut_note
            self.cut += 1
        return _text_cell(at, text, parts.AS_TYPED if FORMULA.match(text) else parts.TEXT)

    def _linked(self, at: str, address: str) -> bool:
        """Make a cell a link, where it can be one."""
        target = quote(address, safe="%/:=&?~#+!$,;'@()*")
        if not target.startswith(("http://", "https://")) or len(target) > MAX_ADDRESS or self._links >= MAX_LINKS:
            return False
        self._links += 1
        self._targets.add(parts.link(self._links, escape(target, {'"': "&quot;"})))
        self._places.add(f'<hyperlink ref="{at}" r:id="rId{self._links}"/>')
        return True

    def _write(self, text: str) -> None:
        data = text.encode("utf-8", "replace")
        self._size += len(data)
        self._file.write(data)


class _Packed:
    """Text that waits in memory, compressed as it comes."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj(1)
        self._pieces: list[bytes] = []

    def add(self, text: str) -> None:
        """Append."""
        if packed := self._packer.compress(text.encode()):
            self._pieces.append(packed)

    def unpacked(self) -> Iterator[bytes]:
        """All of it; once."""
        unpacker = zlib.decompressobj()
        for piece in (*self._pieces, self._packer.flush()):
            yield unpacker.decompress(piece)


def _text_cell(at: str, text: str, style: int) -> str:
    inner = escape(_ESCAPED.sub("_x005F_", shown(text)))
    styled = f' s="{style}"' if style else ""
    return f'<c r="{at}"{styled} t="inlineStr"><is><t xml:space="preserve">{inner}</t></is></c>'


def _shortened(text: str, units: int) -> str:
    """The beginning of a text, of so many UTF-16 units at the most, no character cut in half."""
    return text.encode("utf-16-le", "replace")[: units * 2].decode("utf-16-le", "ignore")


def _days(moment: str) -> float | None:
    """Days since Excel's day zero, as the clocks of Vietnam show them; None for what Excel cannot count."""
    try:
        when = datetime.fromisoformat(moment)
    except ValueError:
        return None
    there = when.astimezone(VIETNAM).replace(tzinfo=None) if when.tzinfo else when
    return (there - DAY_ZERO).total_seconds() / 86_400 if there >= FIRST_DAY else None


def _notes_sheet(lines: Sequence[tuple[str, str]]) -> str:
    rows = (
        f'<row r="{row}">{_text_cell(f"A{row}", name, parts.HEADER)}{_text_cell(f"B{row}", text, parts.TEXT)}</row>'
        for row, (name, text) in enumerate(lines, 1)
    )
    return f"{parts.sheet_head([30, 100], frozen=False)}{''.join(rows)}</sheetData></worksheet>"
