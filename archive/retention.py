"""How long the reports of the nights are kept: REPORTS_DAYS days, by the date in their names."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from archive import clock

FOLDER = "reports"
DAYS = 400  # a year and the weeks after it, so that a night can be held against that of a year ago
# 2026-11-26.html, 2026-11-26-2.json: nothing else is a report.
NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:-\d+)?\.(?:html|json)")


class WrongDays(ValueError):
    """REPORTS_DAYS is no number of days; the message is one clear sentence."""


def days_of(text: str) -> int:
    """The setting as a number; 0 keeps all reports for ever. Raises WrongDays."""
    if not text.strip():
        return DAYS
    if not text.strip().isascii() or not text.strip().isdigit():
        raise WrongDays(f"REPORTS_DAYS is {text!r}: it must be a number of days, or 0 to keep all reports")
    return int(text)


def remove_old_reports(data_dir: Path, days: int) -> list[Path]:
    """Remove the reports older than so many days; returns them. Raises OSError."""
    folder = data_dir / FOLDER
    if not days or not folder.is_dir():
        return []
    last = clock.now().date() - timedelta(days=days)
    old = [path for path in sorted(folder.iterdir()) if _is_older(path, last)]
    for path in old:
        path.unlink()
    return old


def _is_older(path: Path, last: date) -> bool:
    named = NAME.fullmatch(path.name)
    if named is None or path.is_symlink() or not path.is_file():
        return False
    try:
        return date.fromisoformat(named[1]) < last
    except ValueError:  # 2026-02-31: no day, and no report of ours
        return False
