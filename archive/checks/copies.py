"""The copy that readers see: whole, searchable, of today's index, and without what is withheld."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from archive import verify
from archive.checks import EXAMPLES, Level, Report
from archive.fitting import misfit


def built(copy: Path | None) -> str:
    """When a copy was made; "" where that cannot be told."""
    with suppress(sqlite3.Error, TypeError):
        if copy is not None:
            with closing(_open(copy)) as db:
                return str(db.execute("select built from build").fetchone()[0])
    return ""


def check(archive: sqlite3.Connection | None, copy: Path | None, data_dir: Path, report: Report) -> None:
    """Look at the published copy. `archive`: None where it is too damaged to be asked."""
    if copy is None:
        if (data_dir / "published" / "archive.db").is_symlink():
            report.add(Level.ATTENTION, "published", "the link published/archive.db leads nowhere: publish again")
        else:
            what = "no copy is published yet: make one with python -m archive publish"
            report.add(Level.NOTE, "published", what)
        return
    if found := verify.problems(copy):
        for problem in found:
            report.add(Level.DAMAGE, copy.name, problem)
        return
    report.add(Level.NOTE, copy.name, "sound, and its search finds what it should")
    if wrong := misfit(copy):
        report.add(Level.ATTENTION, copy.name, wrong)
    if archive is not None:
        _check_withheld(archive, copy, report)


def _check_withheld(archive: sqlite3.Connection, copy: Path, report: Report) -> None:
    withheld = [row[0] for row in archive.execute("select article from main.withheld where until is null")]
    with closing(_open(copy)) as db:
        sql = "select id from articles where id in (select value from json_each(?))"
        shown = [row[0] for row in db.execute(sql, [json.dumps(withheld)])]
    if shown:
        what = "withheld articles that still stand in the copy (publish again)"
        report.add(Level.ATTENTION, copy.name, what, len(shown), *shown[:EXAMPLES])


def _open(copy: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)
