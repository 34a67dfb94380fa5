"""What the archive holds and how it grows: the numbers behind `python -m archive stats`."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from archive import clock, forecasting
from archive.forecasting import Disk, Forecast, Measured
from archive.moment import FILES, databases, one_moment
from archive.publish import current_copy

WINDOW = 30  # days over which growth is measured
BESIDE = ("", "-wal")  # a database's bytes stand in its write-ahead log as well

PORTALS = """
    select coalesce(p.name, a.portal), a.portal, count(*), min(a.published), max(a.published), max(a.last_seen),
        sum(a.topic = 'other'), sum(a.gone is not null)
    from main.articles a left join main.portals p on p.key = a.portal group by a.portal order by 3 desc
"""
COUNTS = {
    "articles": "select count(*) from main.articles",
    "later versions": "select count(*) from main.revisions where number > 1",
    "withdrawals": "select count(*) from main.withdrawals",
    "taken down now": "select count(*) from main.withdrawals where returned is null",
    "withheld by us": "select count(distinct article) from main.withheld where until is null",
    "documents": "select count(*) from main.documents",
    "citations": "select count(*) from main.citations",
    "reprints": "select count(*) from main.reprints",
}
NEW = "select count(*) from main.articles where first_seen > ?"
REVISED = "select count(*) from main.revisions where number > 1 and seen > ?"
PUBLISHED = "select count(*) from main.articles where published > ? and published <= ?"
PAGES = "select count(*), coalesce(sum(length(body)), 0) from snap.snapshots where body is not null and fetched > ?"
ALL_FILES = "select count(*) from snap.files"
NEW_FILES = "select coalesce(sum(size), 0) from snap.files where fetched > ?"
ALL_PAGES = "select count(*) from snap.snapshots where body is not null"


@dataclass(frozen=True, slots=True)
class Growth:
    """What came in the last `days` (30, or fewer in a younger archive; 0 in an empty one).

    `size`: about how many bytes archive.db and snapshots.db grew by. `published`: articles that the portals dated in
    these days, which a backfill of older ones does not swell.
    """

    days: float = 0
    articles: int = 0
    revisions: int = 0
    published: int = 0
    size: float = 0


@dataclass(frozen=True, slots=True)
class Numbers:
    """`portals`: rows of PORTALS. `files`: bytes by name; folders with all that is in them."""

    portals: list[tuple[str, str, int, str | None, str | None, str, int | None, int]]
    counts: dict[str, int]
    files: dict[str, int] = field(default_factory=dict)
    growth: Growth = field(default_factory=Growth)
    copy: Path | None = None
    measured: Measured = field(default_factory=lambda: Measured(0, {}, ()))
    disk: Disk = field(default_factory=lambda: Disk(0, 0, 0, 0, 0))

    @property
    def forecast(self) -> Forecast:
        """What comes of it."""
        return forecasting.forecast(self.measured, self.counts["articles"], self.disk)


def numbers(data_dir: Path) -> Numbers:
    """Count everything at one moment. Raises sqlite3.Error."""
    files = _sizes(data_dir)
    with one_moment(data_dir) as db:
        portals = [tuple(row) for row in db.execute(PORTALS)]
        counts = {name: int(db.execute(sql).fetchone()[0]) for name, sql in COUNTS.items()}
        if "snap" in databases(db):
            counts["snapshots"] = int(db.execute(ALL_PAGES).fetchone()[0])
            counts["files"] = _files(db, ALL_FILES)
        growth = _growth(db, counts, files.get(FILES["main"], 0))
        measured = forecasting.measure(db)
    copy = current_copy(data_dir)
    disk = Disk(
        archive=files.get(FILES["main"], 0),
        everything=sum(files.values()),
        published=files.get("published/", 0),
        newest_copy=_size(copy) if copy else 0,
        free=shutil.disk_usage(data_dir).free,
    )
    return Numbers(portals, counts, files, growth, copy, measured, disk)


def _growth(db: sqlite3.Connection, counts: dict[str, int], size: int) -> Growth:
    """New bytes are counted in snapshots.db; in archive.db they are reckoned from the bytes a stored text takes."""
    (first,) = db.execute("select min(first_seen) from main.articles").fetchone()
    if first is None:
        return Growth()
    now = clock.now()
    age = max(now - datetime.fromisoformat(first), timedelta(days=1))
    days = min(age, timedelta(days=WINDOW)) / timedelta(days=1)
    # Younger than the window: everything in it is new, the first moment included.
    start = clock.stamp(now - timedelta(days=WINDOW))
    new, revised = (int(db.execute(sql, [start]).fetchone()[0]) for sql in (NEW, REVISED))
    (published,) = db.execute(PUBLISHED, [start, clock.stamp(now)]).fetchone()
    texts = 2 * counts["articles"] + counts["later versions"]  # the first version stands beside its article
    grown = size * (2 * new + revised) / max(1, texts)
    if "snap" in databases(db):
        grown += db.execute(PAGES, [start]).fetchone()[1] + _files(db, NEW_FILES, start)
    return Growth(days, new, revised, published, grown)


def _files(db: sqlite3.Connection, sql: str, *values: object) -> int:
    """What a question about the attached files is answered; 0 where none was ever kept."""
    if not db.execute("select 1 from snap.sqlite_master where name = 'files'").fetchone():
        return 0
    return int(db.execute(sql, values).fetchone()[0])


def _sizes(data_dir: Path) -> dict[str, int]:
    sizes = {file: sum(_size(data_dir / (file + suffix)) for suffix in BESIDE) for file in FILES.values()}
    for path in sorted(data_dir.iterdir()):
        if path.is_dir():
            sizes[f"{path.name}/"] = sum(_size(inside) for inside in path.rglob("*"))
    return {name: size for name, size in sizes.items() if size}


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() and not path.is_symlink() else 0
