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
from archive.formats.texts import defused

AT_ONCE = 2_000  # articles, and rows of a group of the Parquet file
OF_COPY = 0.35  # all files together beside the copy, at most
LEVEL = 3  # of gzip: the files are written every night and read seldom

_JOINED = "(select group_concat({column}, '; ') from (select {column} from {table} where article = a.id {order}))"
_AREAS = (
    "(select group_concat(name, '; ') from (select p.name from article_provinces x "
    "join provinces p on p.slug = x.province where x.article = a.id and x.how = '{how}' order by 1))"
)
NUMBERS = ("id", "views", "comments", "revision_count", "reprint_of")
# name: SQL of its value for an article `a`.
COLUMNS = {
    "id": "a.id",
    "permalink": "'/a/' || a.id",
    "title": "a.title",
    "lead": "a.lead",
    "published": "a.published",
    "portal": "a.portal",
    "portal_name": "a.portal_name",
    "province": "a.province",
    "province_today": _AREAS.format(how="today"),
    "provinces_named": _AREAS.format(how="named"),
    "sections": _JOINED.format(column="section", table="article_sections", order="order by position"),
    "tags": _JOINED.format(column="tag", table="article_tags", order="order by position"),
    "author": "a.author",
    "source": "a.source",
    "views": "a.views",
    "comments": "a.comments",
    "url": "a.url",
    "first_seen": "a.first_seen",
    "last_seen": "a.last_seen",
    "changed": "a.changed",
    "gone": "a.gone",
    "revision_count": "a.revision_count",
    "reprint_of": "(select original from reprints where article = a.id order by similarity desc limit 1)",
    "text_sha256": "a.text_sha256",
    "body": "a.body",
}

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


def _batches(db: sqlite3.Connection, columns: list[str]) -> Iterator[Batch]:
    """All articles, the oldest first."""
    values = ", ".join(COLUMNS[column] for column in columns)
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
            columns = [
                pyarrow.array(values, field.type)
                for values, field in zip(zip(*batch, strict=True), schema, strict=True)
            ]
            file.write_table(pyarrow.Table.from_arrays(columns, schema=schema))


def _write_csv(db: sqlite3.Connection, target: Path, columns: list[str]) -> None:
    """UTF-8 with byte order mark, every cell in quotes, no cell a formula."""
    with gzip.open(target, "wb", LEVEL) as packed, io.TextIOWrapper(packed, "utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(columns)
        for batch in _batches(db, columns):
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
