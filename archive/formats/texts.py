"""CSV that opens right in a spreadsheet, and JSON Lines for programs. Both take batches of records and give bytes."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Generator, Iterable, Sequence

from archive.formats.columns import Column, Header
from archive.formats.reading import Record, Value

BETWEEN = "; "  # the items of a list in one cell

# What XML 1.0 cannot hold and spreadsheets cut a cell at, NUL above all; shown as U+FFFD, so that it is seen.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# A cell that a spreadsheet would calculate instead of show, by its first character (OWASP, "CSV Injection"; the wide
# forms count in East Asian versions). The apostrophes before it make what is done to a cell reversible.
FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")

_RETURNS = re.compile("\r\n?")

# Line ends to some programs, though not to JSON: one article is one line to all of them.
_LINE_ENDS = re.compile("[\x7f\x85\u2028\u2029]")


def shown(text: str) -> str:
    """The text of a cell as a spreadsheet can hold it: lines end in LF, what no cell can hold is U+FFFD."""
    return _FORBIDDEN.sub("\ufffd", _RETURNS.sub("\n", text))


def defused(text: str) -> str:
    """The text of a cell, with an apostrophe before what would be a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def restored(cell: str) -> str:
    """What defused() was given."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def csv_file(columns: Sequence[Column], batches: Iterable[list[Record]], header: Header) -> Generator[bytes]:
    """UTF-8 with byte order mark, lines ended by CR LF, every cell in quotes: a text that holds another
    program's separator stays in its cell."""
    lines = io.StringIO()
    writer = csv.writer(lines, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([column.header(header) for column in columns])
    yield ("\ufeff" + _taken(lines)).encode()
    for batch in batches:
        writer.writerows([_cell(value) for value in record] for record in batch)
        yield _taken(lines).encode()


def _cell(value: Value) -> str | int:
    if value is None:
        return ""
    if isinstance(value, int):
        return value
    return defused(shown(BETWEEN.join(value) if isinstance(value, list) else value))


def _taken(lines: io.StringIO) -> str:
    text = lines.getvalue()
    lines.seek(0)
    lines.truncate()
    return text


def jsonl_file(columns: Sequence[Column], batches: Iterable[list[Record]]) -> Generator[bytes]:
    """An object a line, UTF-8, every field in each; what is absent is null, lists are lists."""
    names = [column.name for column in columns]
    for batch in batches:
        lines = (json.dumps(dict(zip(names, record, strict=True)), ensure_ascii=False) for record in batch)
        yield "".join(f"{_LINE_ENDS.sub(_escape, line)}\n" for line in lines).encode("utf-8", "replace")


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
