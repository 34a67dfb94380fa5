"""python -m archive check: one report on everything, and an exit code by the worst that was found."""

from __future__ import annotations

import argparse
import json
import sqlite3
import textwrap
from contextlib import suppress

from archive import clock
from archive.checks import Finding, Level, Report, examine
from archive.commands import archive_in, many
from archive.upgrading import bring_up_to_date

WHAT = "look whether archive, snapshots and published copy are sound; counts by portal and month"
MARKS = {Level.NOTE: "", Level.ATTENTION: "look: ", Level.DAMAGE: "DAMAGE: "}
WIDTH = 79


def add(parser: argparse.ArgumentParser) -> None:
    """--full, --months, --json."""
    parser.add_argument("--full", action="store_true", help="every index, every text and every page: minutes")
    parser.add_argument("--months", type=int, default=6, metavar="N", help="how many months to count (default: 6)")
    parser.add_argument("--json", action="store_true", help="the report for programs, with every month")


def run(options: argparse.Namespace) -> int:
    """Check and report. Exit codes: 0 sound, 1 a person should look, 2 damage, 3 there is no archive."""
    archive_in(options.data_dir)
    with suppress(sqlite3.Error):  # of a damaged file, on which the report has more to say
        bring_up_to_date(options.data_dir)
    report = examine(options.data_dir, options.full)
    if options.json:
        print(json.dumps(report.record(), ensure_ascii=False, indent=2))
    else:
        _show(report, options.months)
    return report.exit_code


def _show(report: Report, months: int) -> None:
    for finding in sorted(report.findings, key=lambda finding: finding.level):
        print(textwrap.fill(_sentence(finding), WIDTH, subsequent_indent="    ", break_on_hyphens=False))
    if report.portals:
        print()
        _show_months(report, _months(months))
    print()
    print(_verdict(report))


def _sentence(finding: Finding) -> str:
    count = "" if finding.count is None else f": {finding.count:,}"
    examples = f" ({', '.join(finding.examples)}{', ...' if _more(finding) else ''})" if finding.examples else ""
    return f"{finding.where}: {MARKS[finding.level]}{finding.what}{count}{examples}"


def _more(finding: Finding) -> bool:
    return finding.count is not None and finding.count > len(finding.examples)


def _verdict(report: Report) -> str:
    damage = sum(finding.level is Level.DAMAGE for finding in report.findings)
    look = sum(finding.level is Level.ATTENTION for finding in report.findings)
    if damage:
        return f"DAMAGED: {many(damage, 'finding')} of damage; the README says how to restore a backup"
    return f"{many(look, 'thing')} to look at" if look else "all is sound"


def _months(number: int) -> list[str]:
    """The last months, this one included, oldest first: 2026-10, 2026-11."""
    now = clock.now()
    count = now.year * 12 + now.month - 1
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(count - max(0, number) + 1, count + 1)]


def _show_months(report: Report, months: list[str]) -> None:
    """Articles by portal, and by the month in which the portal published them."""
    rows = [["by month", "all", "undated", *(f"{month[5:]}/{month[2:4]}" for month in months)]]
    for key, portal in sorted(report.portals.items()):
        by_month = [portal.months.get(month, 0) for month in months]
        rows.append(
            [key, *(f"{number:,}" if number else "·" for number in (portal.articles, portal.undated, *by_month))]
        )
    numbers = [max(len(row[i]) for row in rows) for i in range(1, len(rows[0]))]
    room = max(12, WIDTH - sum(width + 2 for width in numbers))
    first = min(room, max(len(row[0]) for row in rows))
    for name, *cells in rows:
        name = name if len(name) <= first else name[: first - 1] + "…"
        print(name.ljust(first) + "".join("  " + cell.rjust(width) for cell, width in zip(cells, numbers, strict=True)))
