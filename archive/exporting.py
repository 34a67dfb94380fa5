"""What is kept, in a format that others read: written aside, then put in its place whole."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from archive import clock, warc

FORMATS = ("warc",)
UNFINISHED = ".part"  # what a file is called until it is whole


class ExportError(RuntimeError):
    """The archive could not be read, or the file not be written; the message is a sentence."""


class ExportBusy(RuntimeError):
    """Another export is writing this very file."""


class WrongChoice(ValueError):
    """What was asked for is not there: no page is kept, or no such portal."""


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
