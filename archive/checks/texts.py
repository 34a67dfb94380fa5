"""Every text and every page by its SHA-256: what `check --full` adds, a minute or two for a hundred thousand."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable

from archive.attachments import sha256_of
from archive.checks import EXAMPLES, Level, Report
from archive.moment import FILES, databases
from archive.snapshots import SnapshotError, Snapshots

TEXT = "(title || char(10) || coalesce(lead, '') || char(10) || coalesce(body, ''))"
QUESTIONS = {
    "articles whose text does not match text_sha256": (
        f"select id from main.articles where sha256({TEXT}) is not text_sha256"
    ),
    "revisions whose text does not match text_sha256": (
        f"select article || '/' || number from main.revisions where sha256({TEXT}) is not text_sha256"
    ),
    "articles with another text than their last revision": (
        "select a.id from main.articles a join main.revisions r on r.article = a.id and r.number = a.revision_count "
        "where r.text_sha256 is not a.text_sha256"
    ),
}
REVISIONS = """
    select article || '/' || number from main.revisions
    where snapshot is not null and snapshot not in (select id from snap.snapshots)
"""


def check(db: sqlite3.Connection, report: Report) -> None:
    """Read everything that is kept."""
    db.create_function("sha256", 1, _sha256, deterministic=True)
    for what, sql in QUESTIONS.items():
        _ask(db, report, what, sql)
    if "snap" in databases(db):
        _ask(db, report, "revisions whose snapshot is not there", REVISIONS)
        _read_pages(db, report)
        _read_files(db, report)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _ask(db: sqlite3.Connection, report: Report, what: str, sql: str) -> None:
    examples, count = [], 0
    for (example,) in db.execute(sql):
        count += 1
        if count <= EXAMPLES:
            examples.append(example)
    if count:
        report.add(Level.DAMAGE, FILES["main"], what, count, *examples)


def _read_pages(db: sqlite3.Connection, report: Report) -> None:
    """Unpack every page; Snapshots.read() holds it against its SHA-256."""
    read: Callable[[int], object] = Snapshots(db).read
    lost = []
    for (number,) in db.execute("select id from snap.snapshots where body is not null"):
        try:
            read(number)
        except (SnapshotError, sqlite3.Error):
            lost.append(number)
    if lost:
        report.add(Level.DAMAGE, FILES["snap"], "pages that cannot be read back", len(lost), *lost[:EXAMPLES])


def _read_files(db: sqlite3.Connection, report: Report) -> None:
    """Hold every attached file against the hash that is its name."""
    if not db.execute("select 1 from snap.sqlite_master where name = 'files'").fetchone():
        return
    lost = []
    for (digest,) in db.execute("select sha256 from snap.files"):
        try:
            (body,) = db.execute("select body from snap.files where sha256 = ?", [digest]).fetchone()
            is_whole = sha256_of(body) == digest
        except sqlite3.Error:
            is_whole = False
        if not is_whole:
            lost.append(digest)
    if lost:
        report.add(
            Level.DAMAGE, FILES["snap"], "attached files that are not what was kept", len(lost), *lost[:EXAMPLES]
        )
