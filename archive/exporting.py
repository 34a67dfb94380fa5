"""python -m archive export: what is kept, in a format that others read. Written aside, then put in its place whole."""

from __future__ import annotations

import argparse
import fcntl
import os
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from archive import clock, warc
from archive.exits import GOOD, STORE_FAILED

FORMATS = ("warc",)
UNFINISHED = ".part"  # what a file is called until it is whole


class ExportError(RuntimeError):
    """The archive could not be read, or the file not be written; the message is a sentence."""


class ExportBusy(RuntimeError):
    """Another export is writing this very file."""


class WrongChoice(ValueError):
    """What was asked for is not there: no page is kept, or no such portal."""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """The arguments of `export`."""
    command.add_argument("--format", choices=FORMATS, required=True, help="warc: the raw pages as WARC 1.1")
    command.add_argument("--output", type=Path, metavar="FILE", help="default: DATA_DIR/snapshots-TIME.warc.gz")
    command.add_argument("--portal", nargs="+", default=[], metavar="KEY", help="these portals only (default: all)")


def run(options: argparse.Namespace) -> int:
    """Write the file; returns the exit code. Raises ExportError, ExportBusy, WrongChoice, ClockError."""
    output = options.output or options.data_dir / f"snapshots-{clock.now():%Y%m%dT%H%M%S}.warc.gz"
    written = export_warc(options.data_dir, output, options.portal)
    withheld = f", {written.withheld} withheld" if written.withheld else ""
    print(f"{output}: {written.pages} pages, {written.notes} notes of absence or return{withheld}")
    for damage in written.damaged:
        print(f"not in the file: {damage}", file=sys.stderr)
    return STORE_FAILED if written.damaged else GOOD


def export_warc(data_dir: Path, output: Path, portals: Sequence[str] = ()) -> warc.Written:
    """Write the kept pages of some portals, all where none is named. Raises ExportError, ExportBusy, WrongChoice."""
    if not (data_dir / "snapshots.db").is_file():
        raise WrongChoice(f"no page is kept in {data_dir} yet: crawl first (scrapy nightly)")
    try:
        with closing(warc.connect(data_dir)) as db:
            known = warc.portals(db)
            if unknown := [key for key in portals if key not in known]:
                raise WrongChoice(f"no page is kept of {', '.join(unknown)}; there are pages of {', '.join(known)}")
            with _aside(output) as file:
                return warc.write(db, file, output.name, portals, clock.now())
    except sqlite3.Error as error:
        raise ExportError(f"{data_dir / 'snapshots.db'} cannot be read: {error}") from error
    except OSError as error:
        raise ExportError(f"{output} cannot be written: {error}") from error


@contextmanager
def _aside(output: Path) -> Iterator[IO[bytes]]:
    """A file under another name, which gets its own when the block has ended well. Raises OSError, ExportBusy."""
    aside = output.with_name(output.name + UNFINISHED)
    with aside.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ExportBusy(f"another export is writing {output} (it holds {aside})") from error
        if not aside.exists() or not os.path.samestat(os.fstat(file.fileno()), aside.stat()):
            raise ExportBusy(f"another export has this moment written {output}")
        try:
            file.truncate(0)
            yield file
            file.flush()
            os.fsync(file.fileno())
            aside.replace(output)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
