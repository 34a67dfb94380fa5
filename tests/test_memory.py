"""What the archive remembers: each edit, each withdrawal and return, the raw pages; and itself, when it is lost.

Five nights over a portal whose editors rewrite articles, take some down and bring some back, while clocks, counters,
sessions and related lists move at each visit.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.clock import now, stamp
from archive.snapshots import SnapshotError
from archive.store import Archive
from crawler.portals import load
from crawler.relevance import load as load_rules
from crawler.reparsing import reparse
from tests.loopback import ROOT, Nightly
from tests.unknown_portal import UnknownPortal

ARTICLES = 40
EDITED = (880, 885, 890)
TAKEN_DOWN, BACK = (870, 871, 872, 873), (872, 873)
# What is rebuilt to the last byte; the others are of the last visit.
TOLD = (
    "id, portal, key, title, lead, body, body_html, published, published_text, author, source, section, image, "
    "first_seen, changed, gone, revision_count, text_sha256, snapshot, topic"
)


@dataclass
class Nights:
    """An archive after five nights."""

    nightly: Nightly
    origin: str

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.nightly.archived.rows(sql)

    def number(self, article: int) -> int:
        """The CMS's number of an article, by its id."""
        (url,) = self.rows(f"select url from articles where id = {article}")[0]
        return int(url.rsplit("-", 1)[1].removesuffix(".html"))

    def told(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that must be the same in an archive that is rebuilt."""
        return {
            "articles": self.rows(f"select {TOLD} from articles order by id"),
            "revisions": self.rows("select * from revisions order by article, number"),
            "withdrawals": self.rows("select * from withdrawals order by article, noticed"),
            "missing": self.rows("select * from missing order by article"),
            "documents": self.rows("select * from documents order by id"),
            "citations": self.rows("select * from citations order by article, document"),
            "reprints": self.rows("select * from reprints order by article"),
            "sections": self.rows("select * from article_sections order by article, position"),
            "images": self.rows("select * from article_images order by article, position"),
        }

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {"PORTALS_FILE": str(self.nightly.registry), "DATA_DIR": str(self.nightly.data)}
        path = {"PATH": "/usr/bin:/bin", "COLUMNS": "120"}
        return subprocess.run(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env=environment | path,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def copied(self, folder: Path) -> Nights:
        """The archive once more, to go on from."""
        shutil.copytree(self.nightly.folder, folder, dirs_exist_ok=True)
        return Nights(Nightly(folder), self.origin)

    def archive(self) -> Archive:
        return Archive(self.nightly.data)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    with UnknownPortal("classes", ARTICLES, sitemap=False) as portal:
        nightly = Nightly(tmp_path_factory.mktemp("memory"))
        nightly.registry.write_text(f'[portal]\nname = "Trang tin"\nurl = "{portal.origin}/"\ndelay = 0\n')

        def night(days: int) -> None:
            portal.days = days
            ended = nightly.run("--recheck", "all", ARCHIVE_NOW=stamp(now() + timedelta(days=days)))
            assert (ended.returncode, ended.stderr) == (0, "")

        night(0)
        kept = {number: portal.articles[number] for number in TAKEN_DOWN}
        for number in EDITED:
            portal.edit(number)
        for number in TAKEN_DOWN:
            del portal.articles[number]
        night(1)
        night(2)
        portal.articles |= {number: kept[number] for number in BACK}
        night(3)
        night(4)
        yield Nights(nightly, portal.origin)


def days_of(moments: tuple[str | None, ...]) -> list[int | None]:
    """Moments as days from tonight."""
    today = now().date()
    return [(now().fromisoformat(moment).date() - today).days if moment else None for moment in moments]


def test_each_edit_makes_one_revision_and_nothing_else_makes_any(nights: Nights) -> None:
    counts = dict(nights.rows("select id, revision_count from articles"))
    assert len(counts) == ARTICLES
    assert sorted(nights.number(article) for article, count in counts.items() if count == 2) == sorted(EDITED)
    assert set(counts.values()) == {1, 2}
    assert nights.rows("select count(*) from revisions") == [(ARTICLES + len(EDITED),)]


def test_what_is_missing_on_two_nights_is_withdrawn_and_its_text_stays(nights: Nights) -> None:
    found = nights.rows("select a.id, w.noticed, w.confirmed, w.returned, w.how, a.gone, length(a.body) "
                        "from withdrawals w join articles a on a.id = w.article")  # fmt: skip
    told = {nights.number(row[0]): (days_of(row[1:4]), row[4], row[5] is not None) for row in found}
    assert told == {
        number: ([1, 2, 3 if number in BACK else None], "not_found", number not in BACK) for number in TAKEN_DOWN
    }
    assert all(row[6] > 200 for row in found)
    assert nights.rows("select count(*) from missing") == [(0,)]


def test_the_page_behind_each_version_is_kept_as_it_came(nights: Nights) -> None:
    rows = nights.rows("select article, number, snapshot, body from revisions order by article, number")
    with nights.archive() as archive:
        for article, _, snapshot, body in rows:
            capture = archive.snapshots.read(snapshot)
            assert capture.status == 200 and str(nights.number(article)) in capture.url
            page = capture.body.decode()
            assert all(paragraph.split(" ", 3)[3][:20] in page for paragraph in body.split("\n\n")[:1])
            assert dict(capture.headers)["Content-Type"].startswith("text/html")
    assert len({row[2] for row in rows}) == len(rows)


def test_no_page_is_kept_that_says_nothing_new(nights: Nights) -> None:
    with contextlib.closing(sqlite3.connect(nights.nightly.data / "snapshots.db")) as db:
        pages, absences, returns = db.execute(
            "select sum(body is not null), sum(how = 'not_found'), sum(how = 'returned') from snapshots"
        ).fetchone()
        dictionaries = db.execute("select count(*) from dictionaries").fetchone()[0]
    assert (pages, absences, returns) == (ARTICLES + len(EDITED), 2 * len(TAKEN_DOWN), len(BACK))
    assert dictionaries == 1


def test_an_archive_that_is_lost_is_rebuilt_from_its_pages_to_the_last_byte(nights: Nights, tmp_path: Path) -> None:
    lost = nights.copied(tmp_path)
    for name in ("archive.db", "archive.db-wal", "archive.db-shm"):
        (lost.nightly.data / name).unlink(missing_ok=True)
    ended = lost.command("scrapy", "reparse")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert lost.told() == nights.told()
    assert f"new {ARTICLES}" in ended.stdout


def test_reading_again_what_was_read_well_changes_nothing(nights: Nights, tmp_path: Path) -> None:
    copy = nights.copied(tmp_path)
    before = copy.nightly.archived.everything()
    ended = copy.command("scrapy", "reparse")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "0 changed" in ended.stdout
    assert copy.told() == nights.told()
    assert copy.nightly.archived.everything() == before


@pytest.mark.parametrize("with_pages", [True, False], ids=["from their pages", "judged alone"])
def test_articles_that_stay_as_they_are_are_not_written_anew(nights: Nights, tmp_path: Path, with_pages: bool) -> None:
    copy = nights.copied(tmp_path)
    rows, rules = load(copy.nightly.registry).values(), load_rules()
    with copy.archive() as archive:
        if not with_pages:
            with archive.transaction() as db:
                db.execute("delete from snap.snapshots")
                db.execute("update articles set snapshot = null")
        before = archive.connection.total_changes
        (done,) = reparse(archive, rows, rules)
        archive.settle()
        assert (done.articles, done.rebuilt, done.changed) == (ARTICLES, ARTICLES * with_pages, 0)
        assert archive.connection.total_changes == before


def test_of_what_a_worse_reader_left_only_that_is_written(nights: Nights, tmp_path: Path) -> None:
    copy = nights.copied(tmp_path)
    with copy.archive() as archive:
        with archive.transaction() as db:
            db.execute("update articles set author = 'Trang' where id = (select min(id) from articles)")
        before = archive.connection.total_changes
        (done,) = reparse(archive, load(copy.nightly.registry).values(), load_rules())
        assert done.changed == 1
        assert archive.connection.total_changes == before + 2  # its row, and its line in the log of changes


def test_a_dry_run_says_what_a_better_reader_would_change_and_writes_nothing(nights: Nights, tmp_path: Path) -> None:
    copy = nights.copied(tmp_path)
    with copy.archive() as archive, archive.transaction() as db:  # as a worse reader had left it
        db.execute("update articles set author = 'Trang', body = body || char(10) || 'Xem: 7' where id % 2 = 0")
    worse = copy.told()
    ended = copy.command("scrapy", "reparse", "--dry-run")
    halves = sum(row[0] % 2 == 0 for row in worse["articles"])
    assert f"author {halves}" in ended.stdout and f"body {halves}" in ended.stdout
    assert f"{halves} would change; nothing was written" in ended.stdout
    assert copy.told() == worse
    assert copy.command("scrapy", "reparse").returncode == 0
    assert copy.told() == nights.told()


def test_a_page_that_was_damaged_says_so(nights: Nights, tmp_path: Path) -> None:
    copy = nights.copied(tmp_path)
    with copy.archive() as archive:
        (number,) = archive.connection.execute("select snapshot from articles limit 1").fetchone()
        with archive.transaction() as db:
            db.execute("update snap.snapshots set sha256 = 'x' where id = ?", [number])
        with pytest.raises(SnapshotError, match="SHA-256"):
            archive.snapshots.read(number)
    ended = copy.command("scrapy", "reparse")
    assert ended.returncode == 2
    assert "is not what was kept" in ended.stderr and "Traceback" not in ended.stderr
