"""Clocks that go wrong: the machine's, set back or forward, and the portal's, in another zone or another century."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive import clock
from archive.article import Article
from archive.clock import stamp
from archive.store import Archive
from crawler.cms import load
from crawler.discovery import Listed, add_listed
from crawler.frontier import Entry, Frontier, Kind
from crawler.outcomes import Outcome
from tests.loopback import Nightly, SickPortal
from tests.paper_portal import FIRST, KEY, ORIGIN, PaperPortal
from tests.test_revisiting import articles

OLD = list(range(100, 130))
YOUNG = 7


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path) as opened:
        yield opened


def crawled(archive: Archive, nights: int = 3) -> PaperPortal:
    """A portal of old articles and one of the first night, some nights on."""
    numbers = [YOUNG, *OLD]
    portal = PaperPortal(archive, {"tin": numbers}, sitemap=numbers, ages={YOUNG: 0})
    for night in range(nights):
        portal.night(night)
    return portal


# ---------------------------------------------------------------- the machine's clock


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=20), timedelta(days=365), timedelta(days=4000)])
def test_a_clock_set_back_starves_nothing_asks_nothing_twice_and_is_said(archive: Archive, back: timedelta) -> None:
    portal = crawled(archive)
    start = FIRST + timedelta(days=2) - back
    asked = portal.night(0, at=start)
    assert portal.outcomes[Outcome.CLOCK_SET_BACK] == 1
    assert {"sitemap", "/"} <= set(asked) and max(Counter(asked).values()) == 1
    seen: list[int] = []
    for night in range(1, 31):
        asked = portal.night(0, at=start + timedelta(days=night))
        assert portal.outcomes[Outcome.CLOCK_SET_BACK] == 0
        assert max(Counter(asked).values()) == 1
        seen += articles(asked)
    assert {YOUNG, *OLD} <= set(seen)
    assert any(key == "/tin/page-2/" for key in _swept(portal, start))


def _swept(portal: PaperPortal, start: datetime) -> list[str]:
    return [key for night in range(31, 46) for key in portal.night(0, at=start + timedelta(days=night))]


def test_a_run_in_the_year_2036_by_mistake_puts_nothing_off_for_ten_years(archive: Archive) -> None:
    portal = crawled(archive)
    portal.night(3651)
    portal.night(3652, stop=4)
    right = [portal.night(night) for night in range(4, 40)]
    assert {YOUNG, *OLD} <= {number for asked in right for number in articles(asked)}
    assert "/tin/page-2/" in {key for asked in right for key in asked}


def test_a_first_night_in_2036_by_mistake_is_finished_once_the_clock_is_right(archive: Archive) -> None:
    numbers = [YOUNG, *OLD]
    portal = PaperPortal(archive, {"tin": numbers}, sitemap=numbers, ages={YOUNG: 0})
    found = articles(portal.night(3650, stop=12))
    found += articles(portal.night(0))
    assert sorted(found) == sorted(numbers)


def test_what_was_missed_in_2036_is_not_withdrawn_by_the_next_look(archive: Archive) -> None:
    portal = crawled(archive, 1)
    article = Article(KEY, f"vi/news/{YOUNG}", "", "").id
    for moment, is_withdrawn in ((3650, False), (5.0, False), (5.1, False), (6.0, True)):
        with clock.at(FIRST + timedelta(days=moment)):
            portal.night(moment)
            with archive.transaction():
                assert archive.presence.missed(article, "not_found", 404, f"{ORIGIN}/{YOUNG}") is is_withdrawn


def test_two_runs_on_both_sides_of_midnight_are_one_night(archive: Archive) -> None:
    crawled(archive, 1)
    article = Article(KEY, f"vi/news/{YOUNG}", "", "").id
    midnight = datetime.fromisoformat("2026-03-05T00:00:00+07:00")
    for minutes, is_withdrawn in ((-20, False), (20, False), (24 * 60, True)):
        with clock.at(midnight + timedelta(minutes=minutes)), archive.transaction():
            assert archive.presence.missed(article, "not_found", 404, f"{ORIGIN}/{YOUNG}") is is_withdrawn


def test_a_real_run_on_a_clock_set_back_reads_the_news_and_names_what_happened(tmp_path: Path) -> None:
    with SickPortal(lambda path, n: None, articles=6) as portal:
        nightly = Nightly(tmp_path).register(url=portal.url)
        now = clock.now()
        hidden = portal.site.articles.pop(portal.numbers[0])
        assert nightly.run().returncode == 0
        portal.site.articles[hidden.id] = hidden
        before = len(portal.requests)
        run = nightly.run(ARCHIVE_NOW=stamp(now - timedelta(days=365)))
        assert run.returncode == 0 and "the clock was set back" in run.stderr
        assert nightly.archived.outcomes()["clock_set_back"] == 1
        assert nightly.archived.numbers() == sorted(portal.numbers)
        asked = Counter(portal.paths()[before:])
        assert max(asked.values()) == 1
        assert nightly.archived.is_sound()


# ---------------------------------------------------------------- the portal's clock


def sitemap_of(archive: Archive, *listed: Listed, day: float = 0) -> Frontier:
    """A frontier into which a sitemap was read on a night."""
    portal = PaperPortal(archive, {}).portal
    now = FIRST + timedelta(days=day)
    frontier = Frontier(archive.connection, KEY, now)
    with archive.transaction():
        frontier.begin()
        add_listed(frontier, portal, load(portal), list(listed), now)
    return frontier


def asked(frontier: Frontier, archive: Archive, outcome: Outcome = Outcome.UNCHANGED) -> list[str]:
    found: list[Entry] = []
    while (entry := frontier.next()) is not None:
        found.append(entry)
        with archive.transaction():
            frontier.done(entry, outcome, 200, "9999-12-30T00:00:00+07:00")
    return [entry.url.rsplit("-", 1)[1] for entry in found]


def article(number: int, modified: str) -> Listed:
    return Listed(f"{ORIGIN}/vi/news/tin/bai-{number}.html", modified)


def test_an_article_of_next_week_is_asked_when_it_is_out_and_one_of_2202_within_a_week(archive: Archive) -> None:
    soon, typo = article(1, stamp(FIRST + timedelta(days=2.5))), article(2, "2202-03-01T08:00:00+07:00")
    nights = [asked(sitemap_of(archive, soon, typo, day=day), archive) for day in range(9)]
    assert nights == [[], [], [], ["1.html"], [], [], [], ["2.html"], []]


def test_an_hour_of_another_zone_is_no_future(archive: Archive) -> None:
    """01:00 in Hanoi is 18:00 of the day before in London and 13:00 in New York's winter."""
    listed = [
        article(number, said)
        for number, said in enumerate(
            ("2026-03-01T01:00:00+07:00", "2026-02-28T18:00:00Z", "2026-02-28T13:00:00-05:00", "2026-03-01"), 1
        )
    ]
    assert asked(sitemap_of(archive, *listed), archive) == [f"{n}.html" for n in range(1, 5)]


def test_an_edit_that_a_sitemap_dates_into_the_future_is_not_asked_for_every_night(archive: Archive) -> None:
    PaperPortal(archive, {})
    for day in range(4):
        frontier = Frontier(archive.connection, KEY, FIRST + timedelta(days=day))
        with archive.transaction():
            frontier.begin()
            frontier.add(Kind.ARTICLE, "1", f"{ORIGIN}/bai-1.html")
            frontier.changed_since(Kind.ARTICLE, "1", "2031-01-01T00:00:00+07:00")
        assert asked(frontier, archive) == (["1.html"] if day == 0 else [])


def test_an_edit_that_a_sitemap_dates_truly_is_asked_for_once(archive: Archive) -> None:
    PaperPortal(archive, {})
    nights = []
    for day in range(4):
        frontier = Frontier(archive.connection, KEY, FIRST + timedelta(days=day))
        with archive.transaction():
            frontier.begin()
            frontier.add(Kind.ARTICLE, "1", f"{ORIGIN}/bai-1.html")
            if day:
                frontier.changed_since(Kind.ARTICLE, "1", stamp(FIRST + timedelta(days=0.5)))
        nights.append(len(asked(frontier, archive)))
    assert nights == [1, 1, 0, 0]


def test_an_article_of_the_year_2202_is_kept_without_a_date(tmp_path: Path) -> None:
    with SickPortal(lambda path, n: None, articles=3) as portal:
        number = portal.numbers[0]

        def typed(path: str, n: int) -> bytes | None:
            answer = portal.healthy(path)
            if not path.endswith(f"-{number}.html"):
                return None
            year = str(portal.site.articles[number].published.year).encode()
            body = re.sub(rb"\b" + year + rb"(?=[-+ T])|(?<=/)" + year + rb"\b", b"2202", answer.body)
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
            return head.encode() + body

        portal.mood = typed
        nightly = Nightly(tmp_path).register(url=portal.url)
        assert nightly.run().returncode == 0
        kept = nightly.archived.articles()[f"vi/news/{number}"]
        assert (kept["published"] or "") == "" and kept["body"]
        assert nightly.archived.numbers() == sorted(portal.numbers)
