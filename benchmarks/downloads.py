"""What a download costs: `python -m benchmarks.downloads [--articles 20000] [--without-texts] [--json FILE]`.

The same records (articles of the synthetic corpus) are written as XLSX by us and by XlsxWriter in constant memory, and
as CSV by us and by the csv module alone, each in a process of its own. Told of each: seconds to the first byte that a
reader gets and to the last, MB more memory at the peak than before, MB on disk when the
first byte can be sent, MB of the file. A benchmark is no test: the exit code is 0 whatever comes out.
"""

from __future__ import annotations

import argparse
import csv
import io
import itertools
import json
import multiprocessing
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from archive.article import Article
from archive.formats.columns import Column, columns
from archive.formats.reading import AT_ONCE, Record, Value
from archive.formats.texts import BETWEEN, csv_file, jsonl_file
from archive.formats.xlsx import xlsx_file
from benchmarks import corpus

MADE = 1_000  # different articles, which are then repeated
NAMES = ("first", "seconds", "memory", "on_disk", "size")

Batches = Iterator[list[Record]]
Pieces = Iterator[bytes]
Writer = Callable[[tuple[Column, ...], Batches, Path], Pieces]


def batches(wanted: tuple[Column, ...], count: int) -> Batches:
    """Records as they are read from a copy, without reading."""
    made = [tuple(_value(article, column) for column in wanted) for article in corpus.articles(MADE)]
    records = itertools.islice(itertools.cycle(made), count)
    while batch := list(itertools.islice(records, AT_ONCE)):
        yield batch


def _value(article: Article, column: Column) -> Value:
    ours: dict[str, Value] = {
        "id": str(article.id),
        "permalink": f"http://127.0.0.1/a/{article.id}",
        "sections": list(article.sections),
        "tags": list(article.tags),
        "portal_name": article.portal,
        "first_seen": article.published,
        "last_seen": article.published,
        "revision_count": 1,
    }
    return ours[column.name] if column.name in ours else getattr(article, column.name, None) or None


def ours_xlsx(wanted: tuple[Column, ...], records: Batches, folder: Path) -> Pieces:
    """Our workbook."""
    return xlsx_file(wanted, records, "vi", lambda _: [])


def xlsxwriter(wanted: tuple[Column, ...], records: Batches, folder: Path) -> Pieces:
    """XlsxWriter in constant memory: texts as texts, the file whole before its first byte can be sent."""
    import xlsxwriter as library

    path = folder / "book.xlsx"
    options = {"constant_memory": True, "strings_to_urls": False, "tmpdir": str(folder)}
    with library.Workbook(str(path), options) as book:
        sheet = book.add_worksheet()
        for row, record in enumerate(itertools.chain.from_iterable(records)):
            for at, value in enumerate(record):
                if isinstance(value, int):
                    sheet.write_number(row, at, value)
                elif value is not None:
                    sheet.write_string(row, at, BETWEEN.join(value) if isinstance(value, list) else value[:32_767])
    yield path.read_bytes()


def ours_csv(wanted: tuple[Column, ...], records: Batches, folder: Path) -> Pieces:
    """Our CSV."""
    return csv_file(wanted, records, "vi")


def ours_jsonl(wanted: tuple[Column, ...], records: Batches, folder: Path) -> Pieces:
    """Our JSON Lines."""
    return jsonl_file(wanted, records)


def plain_csv(wanted: tuple[Column, ...], records: Batches, folder: Path) -> Pieces:
    """The csv module, which lets everything through as it is."""
    for batch in records:
        lines = io.StringIO()
        csv.writer(lines).writerows(batch)
        yield lines.getvalue().encode()


WRITERS: dict[str, Writer] = {
    "xlsx": ours_xlsx,
    "xlsx, XlsxWriter": xlsxwriter,
    "csv": ours_csv,
    "csv, csv module": plain_csv,
    "jsonl": ours_jsonl,
}


def measured(name: str, count: int, texts: bool) -> dict[str, float]:
    """One writer in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (name, count, texts))


def _measure(name: str, count: int, texts: bool) -> dict[str, float]:
    wanted = columns(texts)
    writer = WRITERS[name]
    with tempfile.TemporaryDirectory() as folder:
        for _ in writer(wanted, batches(wanted, AT_ONCE), Path(folder)):  # what is loaded once is loaded
            pass
        records = batches(wanted, count)
        waiting = itertools.chain([next(records)], records)
        before, started, first, size, temporary = _memory("VmRSS"), time.perf_counter(), 0.0, 0, 0
        for piece in writer(wanted, waiting, Path(folder)):
            first = first or time.perf_counter() - started
            size += len(piece)
            temporary = max(temporary, sum(file.stat().st_size for file in Path(folder).iterdir()))
        seconds = time.perf_counter() - started
        return dict(zip(NAMES, (first, seconds, _memory("VmHWM") - before, temporary / 1e6, size / 1e6), strict=True))


def _memory(name: str) -> float:
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1000 if found else 0.0


def main() -> int:
    """Run it; always 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--without-texts", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results: dict[str, Any] = {}
    print(f"{options.articles:,} articles{' without texts' if options.without_texts else ''}")
    print(f"{'':<20}{'first byte s':>14}{'whole s':>10}{'memory MB':>12}{'on disk MB':>14}{'file MB':>10}")
    for name in WRITERS:
        result = results[name] = measured(name, options.articles, not options.without_texts)
        shown = (result["first"], result["seconds"], result["memory"], result["on_disk"], result["size"])
        print(
            f"{name:<20}{shown[0]:>14.2f}{shown[1]:>10.1f}{shown[2]:>12.1f}{shown[3]:>14.1f}{shown[4]:>10.1f}",
            flush=True,
        )
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
