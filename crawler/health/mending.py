"""Pages that were kept unread are read when their reader is mended: by a line of `select`, or by a better reader."""

from __future__ import annotations

import sqlite3

from archive.rebuilding import rebuild
from archive.restoring import restore
from archive.store import Archive
from archive.unread import Unread
from crawler.cms import Unreadable
from crawler.cms.general import General
from crawler.health import limits
from crawler.health.signs import Signs
from crawler.judging import judged
from crawler.layouts import look_by
from crawler.page import Page
from crawler.portals import Portal
from crawler.relevance import Rules
from crawler.reparsing import Reader
from crawler.template.model import Template


def mend(archive: Archive, portal: Portal, rules: Rules) -> tuple[int, int]:
    """Read what can be read by now of a portal's unread pages, without network: (new articles, known ones).

    Each becomes an observation of its article at the time of its capture, and the article is told anew from all of
    them; each in a transaction of its own. A page that does not fit still is left to wait: after the first few that do
    not, the reader is as it was. Raises StoreError, SnapshotError.
    """
    waiting = archive.unread.of(portal.key)
    if not waiting:
        return 0, 0
    reader, signs = _reader(archive, portal), Signs(archive.connection, portal.key)
    new = known = failed = 0
    for one in waiting:
        if not (new or known) and failed >= limits.PAGES:
            break
        page = Page.of(archive.unread.read(one.id))
        if not _fits(reader, signs, page):
            failed += 1
            continue
        with archive.transaction() as db:
            found = _take(archive, db, portal, rules, reader, one)
        new, known = new + (found == "new"), known + (found == "known")
    return new, known


def _reader(archive: Archive, portal: Portal) -> Reader:
    sql = "select template from layouts where portal = ? order by number"
    templates = [Template.from_json(row[0]) for row in archive.connection.execute(sql, [portal.key])]
    return Reader(portal, archive.snapshots, templates)


def _fits(reader: Reader, signs: Signs, page: Page) -> bool:
    """Whether a page is read as it should be: where the row or a known name says so, or a learned layout fits."""
    family = reader.family
    if isinstance(family, General):
        reading = look_by(page, reader.templates, family.known)
        return reading is not None and reading.fit.fits
    if not signs.knows(family.place(page, reader.portal.select)):
        return False
    try:
        reader.read_page(page)
    except Unreadable:
        return False
    return True


def _take(archive: Archive, db: sqlite3.Connection, portal: Portal, rules: Rules, reader: Reader, one: Unread) -> str:
    """One page becomes a snapshot, and its article is rebuilt; "new", "known", or "" where nothing came of it."""
    archive.unread.take(portal.key, one)
    rebuilt = rebuild(archive.snapshots.of(portal.key, one.key), reader.read)
    if rebuilt.article is None:
        return ""
    rebuilt.article = judged(rebuilt.article, portal, rules)
    changed = restore(archive, rebuilt)
    db.execute(
        "update frontier set article = ?, outcome = coalesce(nullif(outcome, 'misfit'), 'new') "
        "where portal = ? and kind != 'file' and url = ?",
        [rebuilt.article.id, portal.key, one.url],
    )
    return "new" if "new" in changed else "known"
