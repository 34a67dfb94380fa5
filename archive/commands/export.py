"""python -m archive export --format warc."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from archive import clock
from archive.commands import many
from archive.exits import GOOD, STORE_FAILED
from archive.exporting import FORMATS, export_warc

WHAT = "write what is kept in a format that others read"


def add(command: argparse.ArgumentParser) -> None:
    """--format, --output, --portal."""
    command.add_argument("--format", choices=FORMATS, required=True, help="warc: the raw pages as WARC 1.1")
    command.add_argument("--output", type=Path, metavar="FILE", help="default: DATA_DIR/snapshots-TIME.warc.gz")
    command.add_argument("--portal", nargs="+", default=[], metavar="KEY", help="these portals only (default: all)")


def run(options: argparse.Namespace) -> int:
    """Write the file; returns the exit code. Raises ExportError, ExportBusy, WrongChoice, ClockError."""
    output = options.output or options.data_dir / f"snapshots-{clock.now():%Y%m%dT%H%M%S}.warc.gz"
    written = export_warc(options.data_dir, output, options.portal)
    withheld = f", {written.withheld} withheld" if written.withheld else ""
    files = many(written.files, "attached file")
    print(f"{output}: {written.pages} pages, {written.notes} notes of absence or return, {files}{withheld}")
    for damage in written.damaged:
        print(f"not in the file: {damage}", file=sys.stderr)
    return STORE_FAILED if written.damaged else GOOD
