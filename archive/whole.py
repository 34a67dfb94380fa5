"""The whole archive as files beside the published copy, for whoever wants all of it: Parquet, and CSV in gzip.

`archive.parquet` and `archive-full.csv.gz` have the texts, `archive.csv.gz` has everything else and opens in a
spreadsheet. Each is written under another name, a batch of articles at a time, and gets its own when it is whole.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from archive.copying import see_to_room
from archive.formats.columns import ORIGINAL_ID, columns
from archive.formats.texts import defused

AT_ONCE = 2_000  # articles, and rows of a group of the Parquet file
OF_COPY = 0.35  # all files together beside the copy, at most
LEVEL = 3  # of gzip: the files are written every night and read seldom

NUMBERS = ("id", "views", "comments", "revision_count", "reprint_of")
# Where a program wants the number behind what a person reads.
OWN = {"id": "a.id", "reprint_of": ORIGINAL_ID}
# name: SQL of its value for an article `a`. The columns are those of the downloads.
COLUMNS = {column.name: OWN.get(column.name, column.one_cell) for column in columns(body=True)}

Batch = list[tuple[Any, ...]]


def write(copy: Path) -> list[Path]:
    """Write all the files beside a published copy; returns them. Raises NoRoom, OSError, sqlite3.Error."""
    folder = copy.parent
    see_to_room(folder, int(copy.stat().st_size * OF_COPY), "the files of the whole archive")
    for name, writer in FILES.items():
        aside = folder / f".{name}.tmp"
        try:
            with closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
                writer(db, aside)
            with open(aside, "rb") as whole:
                os.fsync(whole.fileno())
            aside.replace(folder / name)
        finally:
            aside.unlink(missing_ok=True)
    return [folder / name for name in FILES]


def _batches(db: sqlite3.Connection, names: list[str]) -> Iterator[Batch]:
    """All articles, the oldest first."""
    values = ", ".join(COLUMNS[name] for name in names)
    rows = db.execute(f"select {values} from articles a order by a.seq")
    while batch := rows.fetchmany(AT_ONCE):
        yield batch


def _write_parquet(db: sqlite3.Connection, target: Path) -> None:
    import pyarrow  # only whoever writes Parquet waits for it
    import pyarrow.parquet

    schema = pyarrow.schema(
        [(name, pyarrow.int64() if name in NUMBERS else pyarrow.string()) for name in COLUMNS],
        metadata={"built": db.execute("select built from build").fetchone()[0]},
    )
    with pyarrow.parquet.ParquetWriter(target, schema, compression="zstd") as file:
        for batch in _batches(db, list(COLUMNS)):
            arrays = [
                pyarrow.array(values, field.type)
                for values, field in zip(zip(*batch, strict=True), schema, strict=True)
            ]
            file.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))


def _write_csv(db: sqlite3.Connection, target: Path, names: list[str]) -> None:
    """UTF-8 with byte order mark, every cell in quotes, no cell a formula."""
    with gzip.open(target, "wb", LEVEL) as packed, io.TextIOWrapper(packed, "utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(names)
        for batch in _batches(db, names):
            writer.writerows([_cell(value) for value in row] for row in batch)


def _cell(value: Any) -> Any:
    if not isinstance(value, str):
        return "" if value is None else value
    return defused(value.replace("\0", "\ufffd"))


FILES: dict[str, Callable[[sqlite3.Connection, Path], None]] = {
    "archive.parquet": _write_parquet,
    "archive.csv.gz": lambda db, target: _write_csv(db, target, [name for name in COLUMNS if name != "body"]),
    "archive-full.csv.gz": lambda db, target: _write_csv(db, target, list(COLUMNS)),
}
