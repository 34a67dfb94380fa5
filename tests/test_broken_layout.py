"""A portal is redesigned in mid-life: named the same night, nothing false is stored, nothing is lost."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.clock import now, stamp
from crawler.layouts import State
from tests.loopback import Nightly, kill, wait_until
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

    def register(self, **row: object) -> None:
        """Write the portal's row anew."""
        self.nightly.registry.unlink(missing_ok=True)
        self.nightly.register(url=self.portal.url, **row)
        with self.nightly.registry.open("a") as file:
            for name, value in self.row.items():
                fields = ", ".join(f"{field} = {json.dumps(css)}" for field, css in value.items())  # type: ignore[attr-defined]
                file.write(f"{name} = {{ {fields} }}\n")

    def killed_night(self, days: int, held: int) -> None:
        """A night that ends by SIGKILL as soon as so many pages are held back."""
        self.register(delay=0.3)
        running = self.nightly.start(ROTATION="0", ARCHIVE_NOW=stamp(now() + timedelta(days=days)))
        wait_until(lambda: self.held() >= held, running)
        kill(running)
        assert self.held() >= held and self.archived.is_sound()

    def night(self, days: int, *arguments: str, code: int = 0) -> dict[str, Any]:
        """A night so many days ahead, which must end with this code; what was said of the portal."""
        self.register()
        ended = self.nightly.run(*arguments, ROTATION="0", ARCHIVE_NOW=stamp(now() + timedelta(days=days)))
        assert ended.returncode == code and "Traceback" not in ended.stderr, (ended.returncode, ended.stderr)
        return self.health()

    def health(self) -> dict[str, Any]:
        rows = self.archived.rows("select verdict, health from run_portals order by run desc limit 1")
        return {"verdict": rows[0][0]} | json.loads(rows[0][1])

    def texts(self) -> dict[str, tuple[Any, ...]]:
        """What a reader of the archive sees, by key."""
        names = ("title", "lead", "body", "published", "author", "revision_count", "gone", "changed")
        return {key: tuple(row[name] for name in names) for key, row in self.archived.articles().items()}

    def held(self) -> int:
        """How many pages are held back until the run is over."""
        return int(self.archived.rows("select count(*) from samples where state = ?", State.MARKED)[0][0])

    def unread(self) -> int:
        with closing(sqlite3.connect(self.nightly.data / "snapshots.db")) as db:
            return int(db.execute("select count(*) from unread_pages").fetchone()[0])


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The first night, when all was well; FRESH articles are not published yet."""
    with RedesignedPortal(ARTICLES + FRESH) as portal:
        portal.hide(portal.numbers[-FRESH:])
        told = Story(tmp_path_factory.mktemp("first"), portal)
        assert told.night(0)["verdict"] == "ok"
        assert len(told.texts()) == ARTICLES
        yield told


@pytest.fixture
def story(first: Story, tmp_path: Path) -> Iterator[Story]:
    """The portal and its archive as that night left them."""
    shutil.copytree(first.nightly.folder, tmp_path, dirs_exist_ok=True)
    yield Story(tmp_path, first.portal)
    first.portal.rewrite = None
    first.portal.hide(first.portal.numbers[-FRESH:])


IN_ARTICLES_ALONE = ("news-bodyhtml", "bodytext", "newsdetail", "newsdetailmetatop", "hometext")


def test_a_redesign_that_shows_in_articles_alone_is_named_on_a_night_without_news(story: Story) -> None:
    before = story.texts()
    assert story.night(1)["verdict"] in ("ok", "quiet")
    story.portal.rewrite = lambda page: renamed(page, IN_ARTICLES_ALONE.__contains__)
    assert story.night(2, code=1)["verdict"] == "broken layout"
    assert story.texts() == before


def redesign(story: Story) -> None:
    story.portal.rewrite = lambda page: renamed(page, lambda name: name in COLUMN)


def publish(story: Story) -> None:
    story.portal.show()


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


def test_a_redesign_is_noticed_on_a_night_without_news_by_a_few_known_articles(story: Story) -> None:
    before = story.texts()
    asked = len(story.portal.requests)
    assert story.night(1)["verdict"] == "quiet"
    assert len([path for path in story.portal.paths()[asked:] if path.endswith(".html")]) == 1, "nothing was due"
    story.portal.rewrite = renamed
    asked = len(story.portal.requests)
    health = story.night(2, code=1)
    assert (health["verdict"], health["is_alarm"]) == ("broken layout", True)
    assert len([path for path in story.portal.paths()[asked:] if path.endswith(".html")]) == 3
    assert story.texts() == before


def test_everything_read_again_from_a_redesigned_portal_changes_nothing(story: Story) -> None:
    before = story.texts()
    story.portal.rewrite = renamed
    publish(story)
    for night in (1, 2):
        health = story.night(night, "--recheck", "all", code=1)
        assert (health["verdict"], health["nights"]) == ("broken layout", night)
        assert story.texts() == before
    assert story.unread() == ARTICLES + FRESH


def test_what_was_kept_unread_is_read_by_reparse_once_the_row_is_mended(story: Story) -> None:
    before = story.texts()
    redesign(story)
    publish(story)
    story.night(1, code=1)
    assert story.nightly.run_command("reparse").returncode == 0
    assert story.texts() == before and story.unread() == FRESH, "the reader is as it was"

    with story.nightly.registry.open("a") as file:
        file.write(f"select = {{ body = {json.dumps(MENDED['body'])}, lead = {json.dumps(MENDED['lead'])} }}\n")
    asked = len(story.portal.requests)
    ended = story.nightly.run_command("reparse")
    assert ended.returncode == 0 and "3 pages that were kept unread are read now" in ended.stdout
    assert len(story.portal.requests) == asked, "without network"
    assert before.items() <= story.texts().items() and len(story.texts()) == ARTICLES + FRESH
    assert story.unread() == 0 and story.archived.is_sound()


def test_one_odd_page_is_no_redesign_and_is_read_after_all(story: Story) -> None:
    publish(story)
    odd = str(story.portal.numbers[-1])
    story.portal.rewrite = lambda page: renamed(page) if f'-{odd}.html"'.encode() in page[:4000] else page
    health = story.night(1)
    assert health["verdict"] == "ok" and health["figures"]["misfits"] == 1
    assert len(story.texts()) == ARTICLES + FRESH and story.unread() == 0


def test_a_run_that_is_killed_while_pages_are_held_back_loses_none_of_them(story: Story) -> None:
    before = story.texts()
    redesign(story)
    publish(story)
    story.killed_night(1, held=2)
    assert story.texts() == before and story.unread() == 0

    health = story.night(1, code=1)
    assert health["verdict"] == "broken layout" and story.texts() == before
    assert (story.held(), story.unread()) == (0, FRESH)

    story.row = {"select": MENDED}
    assert story.night(2)["verdict"] == "ok"
    assert before.items() <= story.texts().items() and len(story.texts()) == ARTICLES + FRESH


def test_an_odd_page_that_was_held_back_by_a_killed_run_is_read_after_all_by_the_next(story: Story) -> None:
    publish(story)
    odd = str(story.portal.numbers[-1])
    story.portal.rewrite = lambda page: renamed(page) if f'-{odd}.html"'.encode() in page[:4000] else page
    story.killed_night(1, held=1)
    assert not any(key.endswith(f"/{odd}") for key in story.texts())

    assert story.night(1)["verdict"] == "ok"
    assert len(story.texts()) == ARTICLES + FRESH and (story.held(), story.unread()) == (0, 0)


def test_a_portal_that_was_never_seen_well_has_no_layout_to_break(tmp_path: Path) -> None:
    with RedesignedPortal(ARTICLES) as portal:
        portal.rewrite = renamed
        assert Story(tmp_path, portal).night(0)["verdict"] == "ok"
