"""A run that was killed is gone on with: what it had learned of a portal is known, and nothing is asked twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from scrapy.http import XmlResponse

from archive.clock import VIETNAM, now, stamp
from archive.store import Archive
from crawler.frontier import BY_TURN, Entry, Frontier, Kind
from crawler.outcomes import Outcome
from crawler.portals import Portal as Row
from crawler.sessions import Sessions
from crawler.spider import PortalSpider
from tests.loopback import kill, wait_until
from tests.test_general_crawl import Portal
from tests.unknown_portal import UnknownPortal

KEY = "song_lam"
EVENING = datetime(2026, 3, 1, 1, 15, tzinfo=VIETNAM)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path) as archive:
        yield archive


def night(portal: Portal, days: int, *kills: int) -> Counter[str]:
    """A night that is killed when it has asked for so much, and then gone on with; the targets asked for."""
    since = len(portal.running.requests)
    for wanted in kills:
        run = portal.start(ARCHIVE_NOW=stamp(now() + timedelta(days=days)))
        wait_until(lambda wanted=wanted: len(portal.running.requests) >= since + wanted, run)  # type: ignore[misc]
        kill(run)
    portal.night(days)
    return portal.running.asked(since)


def again(asked: Counter[str], undisturbed: Counter[str]) -> Counter[str]:
    """What was asked for more often than in an undisturbed night, but for robots.txt, which each run asks for."""
    return Counter({target: n for target, n in (asked - undisturbed).items() if target != "/robots.txt"})


def test_a_quiet_night_that_is_killed_asks_for_nothing_again_and_for_no_more(tmp_path: Path) -> None:
    """Sitemap and feed tell of all that is new: the run that goes on knows that they did."""
    with UnknownPortal("classes", 20, feed=True) as running:
        (tmp_path / "killed").mkdir()
        portal = Portal(folder=tmp_path / "killed", running=running)
        portal.night()
        running.publish(3)
        with portal.another(tmp_path / "quiet") as quiet:
            undisturbed = quiet.night(1)
        asked = night(portal, 1, 3, 7)
        assert asked.keys() == undisturbed.keys()
        assert again(asked, undisturbed).total() <= 2, "what was in flight at each kill"
        assert portal.stored == portal.wanted


def test_what_the_home_page_says_of_the_others_is_known_after_a_kill(tmp_path: Path) -> None:
    """Each page of this portal has its name for a title: only by the home page is it known that this says nothing."""
    with UnknownPortal("classes", 20, titles=False) as running:
        portal = Portal(folder=tmp_path, running=running)
        asked = night(portal, 0, 8)
        assert portal.rows.keys() == portal.wanted.keys()
        assert sum(n - 1 for target, n in asked.items() if target != "/robots.txt") <= 1


def test_notes_are_known_to_the_run_that_goes_on_and_to_no_other(archive: Archive) -> None:
    def begun(moment: datetime, is_resumed: bool) -> Frontier:
        frontier = Frontier(archive.connection, KEY, moment)
        frontier.count_from(EVENING if is_resumed else moment, is_resumed)
        with archive.transaction():
            frontier.begin()
        return frontier

    first = begun(EVENING, False)
    with archive.transaction():
        first.add(Kind.FEED, "/rss", "http://127.0.0.1:1/rss")
        first.done(Entry(Kind.FEED, "/rss", "http://127.0.0.1:1/rss"), Outcome.FEED, 200, BY_TURN)
        first.notes.of("barren")["/lich"] += 12
        first.notes.write()
        first.notes.of("barren")["/lich"] += 1  # of a page that was never stored
    assert begun(EVENING + timedelta(minutes=5), True).notes.of("barren") == {"/lich": 12}
    assert not begun(EVENING + timedelta(hours=3), False).notes.of("barren")
    assert archive.connection.execute("select count(*) from notes").fetchone()[0] == 0


def test_a_session_is_known_by_what_was_noted() -> None:
    seen: Counter[str] = Counter()
    for value in ("a1", "b2"):
        Sessions(seen).watch(f"http://127.0.0.1:1/tin/{n}?phi%C3%AAn={value}" for n in range(9))
    sessions = Sessions(seen)
    sessions.recall()
    assert sessions.names == {"phiên"}


def test_a_sitemap_is_never_done_without_what_it_lists(archive: Archive) -> None:
    """A kill between the two left a sitemap that is never asked again, since nobody knows that it lists articles."""
    row = Row(KEY, "Sông Lam", "http://127.0.0.1:1/", "nukeviet")
    archive.register_portals([row.record()])
    spider = PortalSpider(row, archive)
    entry = Entry(Kind.SITEMAP, "sitemap", "http://127.0.0.1:1/sitemap.xml")
    with archive.transaction():
        spider.frontier.add(entry.kind, entry.key, entry.url)
    body = b"<urlset><url><loc>http://127.0.0.1:1/vi/news/chuyen-xom/ba-tam-luoi-12.html</loc></url></urlset>"
    spider.take_xml(entry, XmlResponse(entry.url, body=body))
    assert [row[0] for row in archive.connection.execute("select lists from frontier where kind = 'sitemap'")] == [
        "articles"
    ]
