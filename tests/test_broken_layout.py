"""A portal is redesigned in mid-life: named the same night, nothing false is stored, nothing is lost."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.clock import now, stamp
from tests.loopback import Nightly
from tests.redesigned import RedesignedPortal, renamed

ARTICLES, FRESH = 14, 3
COLUMN = ("news-bodyhtml", "bodytext", "news_column", "newsdetail", "hometext")
MENDED = {"body": "#moi-lmthydob-swen", "lead": ".moi-txetemoh"}


class Story:
    """One portal, night after night: `night(1)` is tomorrow's."""

    def __init__(self, folder: Path, portal: RedesignedPortal) -> None:
        self.nightly = Nightly(folder)
        self.portal = portal
        self.archived = self.nightly.archived
        self.row: dict[str, object] = {}

    def night(self, days: int, *arguments: str, code: int = 0) -> dict[str, Any]:
        """A night so many days ahead, which must end with this code; what was said of the portal."""
        self.nightly.registry.unlink(missing_ok=True)
        self.nightly.register(url=self.portal.url)
        with self.nightly.registry.open("a") as file:
            for name, value in self.row.items():
                fields = ", ".join(f"{field} = {json.dumps(css)}" for field, css in value.items())  # type: ignore[attr-defined]
                file.write(f"{name} = {{ {fields} }}\n")
        ended = self.nightly.run(*arguments, ARCHIVE_NOW=stamp(now() + timedelta(days=days)))
        assert ended.returncode == code and "Traceback" not in ended.stderr, (ended.returncode, ended.stderr)
        return self.health()

    def health(self) -> dict[str, Any]:
        rows = self.archived.rows("select verdict, health from run_portals order by run desc limit 1")
        return {"verdict": rows[0][0]} | json.loads(rows[0][1])

    def texts(self) -> dict[str, tuple[Any, ...]]:
        """What a reader of the archive sees, by key."""
        names = ("title", "lead", "body", "published", "author", "revision_count", "gone", "changed")
        return {key: tuple(row[name] for name in names) for key, row in self.archived.articles().items()}

    def unread(self) -> int:
        with closing(sqlite3.connect(self.nightly.data / "snapshots.db")) as db:
            return int(db.execute("select count(*) from unread_pages").fetchone()[0])


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with RedesignedPortal(ARTICLES + FRESH) as portal:
        hidden = {number: portal.site.articles.pop(number) for number in portal.numbers[-FRESH:]}
        told = Story(tmp_path, portal)
        assert told.night(0)["verdict"] == "ok"
        assert len(told.texts()) == ARTICLES
        portal.hidden = hidden  # type: ignore[attr-defined]
        yield told


def redesign(story: Story) -> None:
    story.portal.rewrite = lambda page: renamed(page, lambda name: name in COLUMN)


def publish(story: Story) -> None:
    story.portal.site.articles.update(story.portal.hidden)  # type: ignore[attr-defined]


def test_a_redesign_is_named_the_same_night_and_mended_by_one_line(story: Story) -> None:
    before = story.texts()
    redesign(story)
    publish(story)
    health = story.night(1, code=1)
    assert (health["verdict"], health["is_alarm"], health["nights"]) == ("broken layout", True, 1)
    assert "3 pages kept unread" in health["cause"] and health["example"].startswith(story.portal.url)
    assert story.texts() == before and story.unread() == FRESH

    health = story.night(2, code=1)
    assert (health["verdict"], health["nights"]) == ("broken layout", 2)
    assert story.texts() == before and story.unread() == FRESH

    story.row = {"select": MENDED}
    asked = len(story.portal.requests)
    assert story.night(3)["verdict"] == "ok"
    assert len(story.portal.requests) > asked
    after = story.texts()
    assert before.items() <= after.items() and len(after) == ARTICLES + FRESH
    assert story.unread() == 0
    fresh = [row for key, row in story.archived.articles().items() if key not in before]
    tomorrow = stamp(now() + timedelta(days=1))[:10]
    assert {row["first_seen"][:10] for row in fresh} == {tomorrow}, "seen when their page was kept"
