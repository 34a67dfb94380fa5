"""Is the archive sound? Every file, every reference, every article, the published copy: one report.

A finding is DAMAGE (something is lost or contradicts itself), ATTENTION (a person should look: a portal that is read
badly, a copy that lags behind) or a NOTE (how things are). The report's exit code is that of its worst finding, by the
table of exits.py: damage 2, attention 1, else 0.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Any

from archive.exits import GOOD, PORTAL_FAILED, STORE_FAILED
from archive.moment import FILES, databases, one_moment
from archive.publish import current_copy

EXAMPLES = 3


class Level(IntEnum):
    """How bad a finding is."""

    NOTE = 0
    ATTENTION = 1
    DAMAGE = 2


EXIT_CODES = {Level.NOTE: GOOD, Level.ATTENTION: PORTAL_FAILED, Level.DAMAGE: STORE_FAILED}


@dataclass(slots=True)
class Finding:
    """One thing that was found. `what` is followed by the count, where there is one, and `examples`."""

    level: Level
    where: str
    what: str
    count: int | None = None
    examples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class OfPortal:
    """The articles of one portal: all, those without a date, and those of each month ("2026-11")."""

    articles: int = 0
    undated: int = 0
    months: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Report:
    """What examine() found, and the counts by portal and month."""

    findings: list[Finding] = field(default_factory=list)
    portals: dict[str, OfPortal] = field(default_factory=dict)

    @property
    def level(self) -> Level:
        """The worst of the findings."""
        return max((finding.level for finding in self.findings), default=Level.NOTE)

    @property
    def exit_code(self) -> int:
        """By the table of exits.py."""
        return EXIT_CODES[self.level]

    def add(self, level: Level, where: str, what: str, count: int | None = None, *examples: object) -> None:
        """Note a finding."""
        self.findings.append(Finding(level, where, what, count, [str(example) for example in examples]))

    def record(self) -> dict[str, Any]:
        """All of it, for JSON."""
        return {
            "severity": self.level.name.lower(),
            "exit_code": self.exit_code,
            "findings": [
                {"severity": f.level.name.lower(), "where": f.where, "what": f.what, "count": f.count,
                 "examples": f.examples}
                for f in self.findings
            ],
            "portals": {
                key: {"articles": p.articles, "undated": p.undated, "months": dict(sorted(p.months.items()))}
                for key, p in sorted(self.portals.items())
            },
        }  # fmt: skip


def examine(data_dir: Path, full: bool = False) -> Report:
    """Look at everything in DATA_DIR. `full`: every index against its table, every text and every page by its SHA-256.

    Raises nothing that a damaged file may cause: that is what it finds.
    """
    from archive.checks import articles, copies, files, texts

    report = Report()
    copy = current_copy(data_dir)
    unreadable = [file for file in FILES.values() if not files.opens(data_dir / file, report)]
    if unreadable:
        copies.check(None, copy, data_dir, report)
        return report
    try:
        with one_moment(data_dir) as db:
            sound = [files.check(db, name, report, full) for name in databases(db)]
            if "snap" not in databases(db):
                report.add(Level.NOTE, FILES["snap"], "there is none yet")
            if all(sound):
                files.check_references(db, report)
                if "snap" in databases(db):
                    files.check_attached(db, report)
                articles.check(db, report, copies.built(copy))
                if full:
                    texts.check(db, report)
            copies.check(db if sound[0] else None, copy, data_dir, report)
    except sqlite3.Error as error:
        report.add(Level.DAMAGE, FILES["main"], f"SQLite says: {error}")
    return report
