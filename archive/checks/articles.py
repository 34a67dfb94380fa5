"""Every article by the numbers around its texts, in one pass: half a million take some seconds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta

from archive import clock
from archive.article import article_id
from archive.checks import EXAMPLES, Finding, Level, OfPortal, Report
from archive.moment import FILES, databases

UNDATED_SHARE, UNDATED_LEAST = 0.2, 20  # from where on articles without a date are a sign of a reader that fails
LAG = timedelta(days=2)  # how old news may be that is not published yet

# What may be said of an article: name -> (level, what).
KINDS = {
    "id": (Level.DAMAGE, "articles whose id does not follow from portal and key"),
    "first": (Level.DAMAGE, "articles without revision 1"),
    "revisions": (Level.DAMAGE, "articles whose revision_count is not the number of their revisions"),
    "lost": (Level.DAMAGE, "articles whose snapshot is not there or is another article's"),
    "no date": (Level.ATTENTION, "articles whose date is none"),
    "future": (Level.ATTENTION, "articles with a date in the future"),
    "undated": (Level.NOTE, "articles without a date"),
    "no snapshot": (Level.NOTE, "articles without a snapshot"),
}

# The snapshot is looked for by portal, key and id: those stand in an index, the pages need not be touched.
SNAPSHOT = "exists (select 1 from snap.snapshots s where s.portal = a.portal and s.key = a.key and s.id = a.snapshot)"
SQL = """
    select id, portal, key, published, first_seen, changed, revision_count, snapshot, {snapshot},
        (select count(*) from main.revisions r where r.article = a.id),
        (select max(number) from main.revisions r where r.article = a.id),
        exists (select 1 from main.revisions r where r.article = a.id and r.number = 1)
    from main.articles a
"""


class _Tally:
    """How many articles each thing is said of, with some of their ids."""

    def __init__(self) -> None:
        self.findings = {name: Finding(level, FILES["main"], what, 0) for name, (level, what) in KINDS.items()}

    def add(self, names: Iterator[str], article: int) -> None:
        for name in names:
            finding = self.findings[name]
            finding.count = (finding.count or 0) + 1
            if len(finding.examples) < EXAMPLES:
                finding.examples.append(str(article))


def check(db: sqlite3.Connection, report: Report, built: str) -> None:
    """Look at every article. `built`: when the published copy was made, "" where there is none."""
    tally, now = _Tally(), clock.now()
    later, oldest = 0, ""
    sql = SQL.format(snapshot=SNAPSHOT if "snap" in databases(db) else "0")
    for row in db.execute(sql):
        id, portal, _, published, first_seen, changed, *_ = row
        tally.add(_said(row, clock.stamp(now)), id)
        _count(report, portal, published)
        news = max(first_seen, changed or "")
        if built and news > built:
            later, oldest = later + 1, min(oldest or news, news)
    report.findings += [finding for finding in tally.findings.values() if finding.count]
    _check_portals(report)
    if later:
        waits = now - datetime.fromisoformat(oldest) > LAG
        what = f"articles new or changed since the published copy was made ({built[:16].replace('T', ' ')})"
        report.add(Level.ATTENTION if waits else Level.NOTE, "published", what, later)


def _said(row: tuple[object, ...], now: str) -> Iterator[str]:
    id, portal, key, published, _, _, count, snapshot, has_snapshot, revisions, newest, has_first = row
    if id != article_id(str(portal), str(key)):
        yield "id"
    if not has_first:
        yield "first"
    if not count == revisions == newest:
        yield "revisions"
    if snapshot is None:
        yield "no snapshot"
    elif not has_snapshot:
        yield "lost"
    if not published:
        yield "undated"
    elif not _is_moment(str(published)):
        yield "no date"
    elif str(published) > now:
        yield "future"


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _count(report: Report, key: str, published: str | None) -> None:
    portal = report.portals.setdefault(key, OfPortal())
    portal.articles += 1
    if published:
        month = published[:7]
        portal.months[month] = portal.months.get(month, 0) + 1
    else:
        portal.undated += 1


def _check_portals(report: Report) -> None:
    for key, portal in sorted(report.portals.items()):
        if portal.undated >= max(UNDATED_LEAST, UNDATED_SHARE * portal.articles):
            what = f"its pages are read badly: of {portal.articles:,} articles are without a date"
            report.add(Level.ATTENTION, key, what, portal.undated)
