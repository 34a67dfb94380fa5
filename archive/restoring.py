"""Brings an article of archive.db to what its snapshots tell, and says what that changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from archive import rows
from archive.article import Article
from archive.rebuilding import Rebuilt, Version, Withdrawal
from archive.store import Archive

# What is observed anew each night, and stands in the archive as of the last of them.
OBSERVED = frozenset(("views", "comments"))
# What follows from other fields, or is no field of the article.
FOLLOWING = frozenset(("section", "reader", "text_sha256", "url", "relevance_why", "relevance_rules"))

REVISION = ("number", "seen", "title", "lead", "body", "text_sha256", "snapshot")
WITHDRAWAL = ("noticed", "confirmed", "returned", "how")


def restore(archive: Archive, rebuilt: Rebuilt, dry_run: bool = False) -> set[str]:
    """Write an article as it was rebuilt; the names of the fields that this changes. Runs inside transaction().

    No row is written anew that is as it should be.
    `new` among the names: the archive did not have it. Versions from before there were snapshots are kept as they are.
    Views and comments stay those of the archive, and so do first_seen where it is earlier and last_seen where it is
    later.
    """
    article = rebuilt.article
    assert article is not None
    old = archive.connection.execute("select * from articles where id = ?", [article.id]).fetchone()
    if old is None:
        if not dry_run:
            _insert(archive, rebuilt, article)
        return {"new"}
    values = {name: value for name, value in rows.read_values(article).items() if name not in OBSERVED}
    changed = {name for name, value in values.items() if rows.differ(old[name], value)} - FOLLOWING
    changed |= archive.parts.changed(article)
    versions = _older(archive, article.id, rebuilt.versions)
    if [_row_of(version) for version in rebuilt.versions] != _held(archive, article.id)[len(versions) :]:
        changed.add("revisions")
    if _withdrawals(rebuilt.withdrawals) != _held_withdrawals(archive, article.id):
        changed.add("withdrawals")
    if not dry_run:
        _update(archive, rebuilt, old, values, versions)
    return changed


def _insert(archive: Archive, rebuilt: Rebuilt, article: Article) -> None:
    times = {
        "first_seen": rebuilt.versions[0].seen,
        "last_seen": rebuilt.last_seen,
        "changed": rebuilt.versions[-1].seen if len(rebuilt.versions) > 1 else None,
        "gone": rebuilt.gone or None,
    }
    values = rows.read_values(article) | times
    values |= {"id": article.id, "portal": article.portal, "key": article.key}
    values |= {"revision_count": len(rebuilt.versions), "snapshot": rebuilt.snapshot}
    rows.insert(archive.connection, "articles", values)
    _write_history(archive, rebuilt, article, [])
    archive.parts.save(article)
    archive.relate(article)


def _update(
    archive: Archive, rebuilt: Rebuilt, old: sqlite3.Row, values: dict[str, Any], older: list[tuple[Any, ...]]
) -> None:
    article = rebuilt.article
    assert article is not None
    values |= {
        "changed": rebuilt.versions[-1].seen if len(older) + len(rebuilt.versions) > 1 else None,
        "gone": rebuilt.gone or None,
        "revision_count": len(older) + len(rebuilt.versions),
        "snapshot": rebuilt.snapshot,
        "first_seen": min(old["first_seen"], rebuilt.versions[0].seen),
        "last_seen": max(old["last_seen"], rebuilt.last_seen),
    }
    rows.update_article(archive.connection, old, values)
    _write_history(archive, rebuilt, article, older)
    archive.parts.save(article)
    archive.relate(article)


def _write_history(archive: Archive, rebuilt: Rebuilt, article: Article, older: Sequence[tuple[Any, ...]]) -> None:
    """Versions, withdrawals, what is pending, and addresses."""
    db = archive.connection
    versions = [
        (number, one.seen, one.article.title, one.article.lead, one.article.body, one.article.text_sha256, one.snapshot)
        for number, one in enumerate(rebuilt.versions, len(older) + 1)
    ]
    rows.replace(db, "revisions", article.id, REVISION, versions, f"number > {len(older)}")
    rows.replace(db, "withdrawals", article.id, WITHDRAWAL, _withdrawals(rebuilt.withdrawals))
    missing = [rebuilt.missing] if rebuilt.missing is not None else []
    rows.replace(db, "missing", article.id, ("noticed", "how"), missing)
    archive.add_addresses(article.id, rebuilt.urls)


def _older(archive: Archive, article: int, versions: list[Version]) -> list[tuple[Any, ...]]:
    """The versions from before the first snapshot; a last one with the same text is the first snapshot's own."""
    found = archive.connection.execute(
        "select number, seen, text_sha256 from revisions where article = ? and snapshot is null and seen < ? "
        "order by number",
        [article, versions[0].seen],
    ).fetchall()
    held = [tuple(row) for row in found]
    if held and held[-1][2] == versions[0].article.text_sha256:
        versions[0].seen = held.pop()[1]
    return held


def _row_of(version: Version) -> tuple[Any, ...]:
    return version.seen, version.article.text_sha256


def _held(archive: Archive, article: int) -> list[tuple[Any, ...]]:
    sql = "select seen, text_sha256 from revisions where article = ? order by number"
    return [tuple(row) for row in archive.connection.execute(sql, [article])]


def _withdrawals(found: list[Withdrawal]) -> list[tuple[Any, ...]]:
    return [(one.noticed, one.confirmed, one.returned or None, one.how) for one in found]


def _held_withdrawals(archive: Archive, article: int) -> list[tuple[Any, ...]]:
    sql = f"select {', '.join(WITHDRAWAL)} from withdrawals where article = ? order by noticed"
    return [tuple(row) for row in archive.connection.execute(sql, [article])]
