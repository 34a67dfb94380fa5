"""Where reports stand: DATA_DIR/reports/, each named by its day in Vietnam; `latest` leads to the newest.

DATE.html and DATE.json for the first run of a day, DATE-2 and so on for those after it. A name is taken by a hard link
that fails where it exists, so that no two runs can have the same one; what stands under a name is whole, because it was
written and synced before.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

FOLDER = "reports"
MOST = 10_000  # runs a day


class ReportError(OSError):
    """The report could not be written; the message is one clear sentence."""


def put(data_dir: Path, day: str, json: str, page: Callable[[str], str]) -> Path:
    """Write both files of a run that began on a day (YYYY-MM-DD); returns the page's path. Raises ReportError.

    `page` makes the page, given the name of the JSON file beside it.
    """
    folder = data_dir / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        name = _take(folder, day, json)
        html = folder / f"{name}.html"
        _written(folder, page(f"{name}.json")).replace(html)
        for kind in ("json", "html"):
            _point(folder / f"latest.{kind}", f"{name}.{kind}")
    except OSError as error:
        raise ReportError(f"the report could not be written to {folder}: {error.strerror or error}") from error
    return html


def _take(folder: Path, day: str, text: str) -> str:
    """The first free name of a day, taken with the JSON under it."""
    ready = _written(folder, text)
    try:
        for number in range(1, MOST):
            name = day if number == 1 else f"{day}-{number}"
            try:
                os.link(ready, folder / f"{name}.json")
            except FileExistsError:
                continue
            return name
    finally:
        ready.unlink()
    raise FileExistsError(f"{day} has {MOST} reports already")


def _written(folder: Path, text: str) -> Path:
    """A file of another name, safe on the disk; no reader takes it for a report. Nothing is left where it fails."""
    path = folder / f".{secrets.token_hex(8)}.tmp"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return path


def _point(link: Path, name: str) -> None:
    """Let `latest` lead to a name, from one moment to the next."""
    fresh = link.with_name(f".{secrets.token_hex(8)}.tmp")
    fresh.symlink_to(name)
    fresh.replace(link)
