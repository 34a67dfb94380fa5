"""python -m archive stats."""

from __future__ import annotations

import argparse
import json
import sqlite3
from dataclasses import asdict
from datetime import timedelta

from archive import clock
from archive.commands import archive_in, many, size
from archive.forecasting import YEAR, Forecast, Measured
from archive.numbers import Growth, Numbers, numbers
from archive.store import StoreError
from archive.upgrading import bring_up_to_date

WHAT = "say what the archive holds, how big it is, how it grows, and what comes of that"
FAR = 20  # years from which on a disk is not said to be full one day


def add(parser: argparse.ArgumentParser) -> None:
    """--json."""
    parser.add_argument("--json", action="store_true", help="all numbers as one JSON object, for programs")


def run(options: argparse.Namespace) -> int:
    """Count and say it. Raises NoArchive, StoreError, UpgradeError."""
    path = archive_in(options.data_dir)
    try:
        bring_up_to_date(options.data_dir)
        found = numbers(options.data_dir)
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be read: {error}") from error
    if options.json:
        print(json.dumps(_report(found), ensure_ascii=False, indent=2))
    else:
        _show(found)
    return 0


def _report(found: Numbers) -> dict[str, object]:
    """All of it; bytes and days as plain numbers, growth by portal for the last 30 and 90 days."""
    names = ("name", "key", "articles", "first_published", "last_published", "last_seen", "other", "gone")
    portals: list[dict[str, object]] = [dict(zip(names, row, strict=True)) for row in found.portals]
    for portal in portals:
        portal["last_days"] = [asdict(window) for window in found.measured.by_portal.get(str(portal["key"]), ())]
    return {
        "portals": portals,
        "counts": found.counts,
        "files": found.files,
        "disk": asdict(found.disk),
        "nights": found.measured.nights,
        "last_days": [asdict(window) for window in found.measured.total],
        "backfills": [asdict(one) for one in found.measured.backfills],
        "forecast": asdict(found.forecast),
        "published": str(found.copy) if found.copy else None,
    }


def _show(found: Numbers) -> None:
    counts = found.counts
    later = many(counts["later versions"], "later version")
    print(f"{many(counts['articles'], 'article')} of {many(len(found.portals), 'portal')}, {later}")
    for name, key, articles, first, last, seen, other, gone in found.portals:
        print(
            f"  {name}: {many(articles, 'article')}, published {(first or '?')[:10]} to "
            f"{(last or '?')[:10]}, last seen {seen[:10]}, {other or 0} on other topics, {gone} taken down"
            f"{_lately(found.measured, key)}"
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
    if found.growth.days:
        print(_what_comes(found.measured, found.forecast, found.counts["articles"], found.disk.everything))
        print(_room(found.forecast, found.disk.free))
        print(_backfills(found.measured))
    print(f"published: {found.copy or 'nothing yet'}")


def _growth(growth: Growth) -> str:
    if not growth.days:
        return "growth: nothing yet"
    days = growth.days
    return (
        f"in the last {many(round(days), 'day')}, a day: {growth.articles / days:,.1f} new articles "
        f"({growth.published / days:,.1f} of the day's own), {growth.revisions / days:,.1f} edits, "
        f"{size(growth.size / days)}"
    )


def _lately(measured: Measured, key: str) -> str:
    window = measured.by_portal.get(key, measured.total)[0]
    return f"; in {window.days} days {window.articles:,} new, {size(window.pages + window.files)} of pages and files"


def _what_comes(measured: Measured, comes: Forecast, articles: int, everything: int) -> str:
    """The forecast of a year, and what it is worth."""
    said = " and ".join(f"{window.published / window.days:,.1f} (last {window.days} days)" for window in measured.total)
    guess = f"; a guess, from {many(round(measured.nights), 'day')} of history" if comes.is_guess else ""
    return (
        f"the portals publish a day: {said} articles; in a year about {comes.articles_in_a_year:,.0f} articles "
        f"(now {articles:,}) and {size(comes.bytes_in_a_year)} (now {size(everything)}), copies included{guess}"
    )


def _room(comes: Forecast, free: int) -> str:
    """When the disk is full."""
    room = f"{size(free)} are free on the disk: "
    if comes.days_left is None or comes.days_left > FAR * YEAR:
        return f"{room}enough for more than {FAR} years of that"
    if not comes.days_left:
        return f"{room}too little for the next copy and {size(comes.backfill_bytes)} of backfill"
    day = clock.now() + timedelta(days=comes.days_left)
    return f"{room}enough until about {day:%Y-%m}, {comes.days_left / 30.4:,.0f} months, with the backfill"


def _backfills(measured: Measured) -> str:
    """When all that is known is read. What stands on listings that were not walked yet nobody can count."""
    addresses = sum(one.addresses for one in measured.backfills)
    if not addresses:
        return "backfills: done, no address waits that was never asked"
    longest = measured.backfills[0]
    return (
        f"backfills: {addresses:,} known addresses wait; "
        f"{longest.portal} needs longest, {longest.hours:,.1f} h of crawling at its pace"
    )
