"""python -m archive stats."""

from __future__ import annotations

import argparse
import sqlite3

from archive.commands import archive_in, many, size
from archive.numbers import Growth, Numbers, numbers
from archive.store import StoreError
from archive.upgrading import bring_up_to_date

WHAT = "say what the archive holds, how big it is, and how it grows"


def add(parser: argparse.ArgumentParser) -> None:
    """No options of its own."""


def run(options: argparse.Namespace) -> int:
    """Count and say it. Raises NoArchive, StoreError, UpgradeError."""
    path = archive_in(options.data_dir)
    try:
        bring_up_to_date(options.data_dir)
        found = numbers(options.data_dir)
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be read: {error}") from error
    _show(found)
    return 0


def _show(found: Numbers) -> None:
    counts = found.counts
    later = many(counts["later versions"], "later version")
    print(f"{many(counts['articles'], 'article')} of {many(len(found.portals), 'portal')}, {later}")
    for name, articles, first, last, seen, other, gone in found.portals:
        print(
            f"  {name}: {many(articles, 'article')}, published {(first or '?')[:10]} to "
            f"{(last or '?')[:10]}, last seen {seen[:10]}, {other or 0} on other topics, {gone} taken down"
        )
    print(
        f"{many(counts['withdrawals'], 'withdrawal')} by portals ({counts['taken down now']:,} last), "
        f"{many(counts['withheld by us'], 'article')} withheld by us"
    )
    print(
        f"{many(counts['documents'], 'document')} cited {many(counts['citations'], 'time')}, "
        f"{many(counts['reprints'], 'reprint')}, {many(counts.get('snapshots', 0), 'raw page')}, "
        f"{many(counts.get('files', 0), 'attached file')}"
    )
    print("sizes: " + ", ".join(f"{name} {size(bytes_)}" for name, bytes_ in found.files.items()))
    print(_growth(found.growth))
    print(f"published: {found.copy or 'nothing yet'}")


def _growth(growth: Growth) -> str:
    if not growth.days:
        return "growth: nothing yet"
    days, year = growth.days, 365 / growth.days
    return (
        f"in the last {many(round(days), 'day')}, a day: {growth.articles / days:,.1f} new articles "
        f"({growth.published / days:,.1f} of the day's own), {growth.revisions / days:,.1f} edits, "
        f"{size(growth.size / days)}\n"
        f"at this pace, a year: {growth.articles * year:,.0f} articles, {size(growth.size * year)}"
    )
