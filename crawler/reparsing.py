"""Deciding again, without network, what the archive has decided before: after the rules of relevance have changed."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from archive.store import Archive
from crawler.portals import Portal
from crawler.relevance import Relevance, Rules, judge

BATCH = 500  # articles a transaction


@dataclass(slots=True)
class Decided:
    """What came of one portal: how many articles were judged, and how many of them otherwise than before."""

    portal: str
    judged: int = 0
    changed: Counter[tuple[str, str]] = field(default_factory=Counter)  # (topic before, topic now) -> articles


def reparse(archive: Archive, rows: Iterable[Portal], rules: Rules, dry_run: bool = False) -> list[Decided]:
    """Judge every article of some portals anew; nothing is written in a dry run. Raises StoreError."""
    return [_portal(archive, row, rules, dry_run) for row in rows]


def _portal(archive: Archive, row: Portal, rules: Rules, dry_run: bool) -> Decided:
    decided = Decided(row.key)
    ids = [found[0] for found in archive.connection.execute("select id from articles where portal = ?", [row.key])]
    for start in range(0, len(ids), BATCH):
        with archive.transaction() as db:
            for number in ids[start : start + BATCH]:
                _article(db, number, row, rules, decided, dry_run)
    return decided


def _article(db: sqlite3.Connection, number: int, row: Portal, rules: Rules, decided: Decided, dry_run: bool) -> None:
    article = db.execute("select title, lead, body, topic from articles where id = ?", [number]).fetchone()
    verdict = None
    if row.keep != "all":
        verdict = judge(rules, article["title"], article["lead"], article["body"], *_names(db, number))
    decided.judged += 1
    before, now = article["topic"] or "", verdict.topic if verdict is not None else ""
    if before != now:
        decided.changed[before, now] += 1
    if not dry_run:
        db.execute(
            "update articles set topic = ?, relevance = ?, relevance_why = ?, relevance_rules = ? where id = ?",
            [*_values(verdict, rules), number],
        )


def _names(db: sqlite3.Connection, number: int) -> tuple[list[str], list[str]]:
    """Sections and tags of an article."""
    queries = (
        "select section from article_sections where article = ? order by position",
        "select tag from article_tags where article = ? order by position",
    )
    sections, tags = ([row[0] for row in db.execute(query, [number])] for query in queries)
    return sections, tags


def _values(verdict: Relevance | None, rules: Rules) -> list[object]:
    if verdict is None:
        return [None, None, None, None]
    return [verdict.topic, verdict.score, verdict.why or None, rules.version]
