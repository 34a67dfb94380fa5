"""What to fetch next, and when again: every address once a run, nothing twice, nothing forgotten."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive.clock import VIETNAM, stamp
from archive.store import Archive
from crawler.frontier import BY_TURN, EVERY_RUN, TRIES, Entry, Frontier, Kind, next_look
from crawler.outcomes import Outcome

NIGHT = datetime(2026, 3, 1, 2, tzinfo=VIETNAM)
PORTAL = "song_lam"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path) as opened:
        yield opened


def url(key: str) -> str:
    return f"http://127.0.0.1:1/{key}"


class Night:
    """One run: a frontier of its own on the same archive, `day` nights after the first."""

    def __init__(self, archive: Archive, day: float = 0, recheck: str = "due", portal: str = PORTAL) -> None:
        self.archive = archive
        self.now = NIGHT + timedelta(days=day)
        self.frontier = Frontier(archive.connection, portal, self.now, recheck)
        with archive.transaction():
            self.frontier.begin()
            self.frontier.open(EVERY_RUN)

    def add(self, kind: Kind, *keys: str) -> list[bool]:
        with self.archive.transaction():
            return [self.frontier.add(kind, key, url(key)) for key in keys]

    def done(self, entry: Entry, outcome: Outcome = Outcome.NEW, due: str = "") -> None:
        with self.archive.transaction():
            self.frontier.done(entry, outcome, 200, due or next_look(self.now, ""))

    def failed(self, entry: Entry) -> None:
        with self.archive.transaction():
            self.frontier.failed(entry, Outcome.HTTP_ERROR, 503)

    def walk(self) -> list[str]:
        """Fetch all that is to be fetched; the keys in their order."""
        seen = []
        while (entry := self.frontier.next()) is not None:
            seen.append(entry.key)
            self.done(entry, Outcome.LISTING if entry.kind in (Kind.SECTION, Kind.PAGE) else Outcome.UNCHANGED)
            assert len(seen) < 100
        return seen


# ---------------------------------------------------------------- order


def test_news_comes_first_and_the_backfill_last(archive: Archive) -> None:
    night = Night(archive)
    for kind in reversed(Kind):
        night.add(kind, f"{kind}-1", f"{kind}-2")
    assert night.walk() == [f"{kind}-{n}" for kind in Kind if kind is not Kind.FILE for n in (1, 2)]
    assert list(Kind) == ["sitemap", "feed", "section", "article", "page", "file"]


def test_what_waits_from_earlier_nights_never_keeps_news_waiting(archive: Archive) -> None:
    """A backfill that a budget spreads over many nights: tonight's articles are asked for first, then the backlog."""
    Night(archive).add(Kind.ARTICLE, "old-1", "old-2")
    night = Night(archive, 1)
    night.add(Kind.ARTICLE, "news-1", "news-2")
    assert night.walk() == ["news-1", "news-2", "old-1", "old-2"]


def test_the_parts_of_a_sitemap_come_before_the_home_page_that_was_due_with_it(archive: Archive) -> None:
    """They say which articles are to be published later; the home page shows them without a word."""
    night = Night(archive)
    night.add(Kind.SITEMAP, "index")
    night.add(Kind.SECTION, "home")
    entry = night.frontier.next()
    assert entry is not None and entry.key == "index"
    night.add(Kind.SITEMAP, "part")
    night.done(entry, Outcome.SITEMAP)
    assert night.walk()[:2] == ["part", "home"]


def test_a_long_queue_is_walked_as_a_short_one_and_quickly(archive: Archive) -> None:
    """Twenty thousand wait; what is found on the way, and what fails, has its place all the same."""
    night = Night(archive)
    waiting = [f"a-{n}" for n in range(20_000)]
    night.add(Kind.ARTICLE, *waiting)
    seen, began = [], time.process_time()
    for n in range(250):
        entry = night.frontier.next()
        assert entry is not None
        seen.append(entry.key)
        if n == 3:
            night.failed(entry)
            continue
        if n == 120:
            night.add(Kind.SECTION, "s")
        night.done(entry)
    # 250 looks through the whole table would be 2.5 seconds.
    assert time.process_time() - began < 1
    assert seen == [*waiting[:121], "s", *waiting[121:249]]


def test_what_is_found_on_the_way_is_fetched_in_the_same_run(archive: Archive) -> None:
    night = Night(archive)
    night.add(Kind.SECTION, "a")
    entry = night.frontier.next()
    assert entry is not None and (entry.kind, entry.key, entry.url, entry.tries) == (Kind.SECTION, "a", url("a"), 0)
    night.add(Kind.ARTICLE, "b")
    night.done(entry, Outcome.LISTING)
    assert night.walk() == ["b"]


def test_an_address_is_fetched_once_a_run_however_often_it_is_found(archive: Archive) -> None:
    night = Night(archive)
    assert night.add(Kind.ARTICLE, "a", "b", "a") == [True, True, False]
    assert night.walk() == ["a", "b"]
    assert night.add(Kind.ARTICLE, "a", "b") == [False, False]
    assert night.walk() == []


def test_a_known_address_is_known_in_the_next_run_and_not_doubled(archive: Archive) -> None:
    night = Night(archive)
    night.add(Kind.ARTICLE, "a")
    night.walk()
    later = Night(archive, 1)
    assert later.frontier.knows(Kind.ARTICLE, "a") and later.add(Kind.ARTICLE, "a") == [False]
    assert not later.frontier.knows(Kind.SECTION, "a") and later.add(Kind.SECTION, "a") == [True]
    assert archive.connection.execute("select count(*) from frontier").fetchone()[0] == 2


def test_portals_do_not_see_each_other_s_addresses(archive: Archive) -> None:
    night, other = Night(archive), Night(archive, portal="nui_tho")
    assert night.add(Kind.ARTICLE, "a") == other.add(Kind.ARTICLE, "a") == [True]
    assert night.walk() == ["a"]
    assert other.frontier.waiting() == 1 and other.walk() == ["a"]


def test_what_was_not_fetched_is_fetched_by_the_next_run(archive: Archive) -> None:
    night = Night(archive)
    night.add(Kind.ARTICLE, "a", "b", "c")
    entry = night.frontier.next()
    assert entry is not None and night.frontier.waiting() == 3
    night.done(entry)
    assert night.frontier.waiting() == 2
    assert Night(archive, 0.1).walk() == ["b", "c"]


def test_what_is_not_committed_is_fetched_again(archive: Archive) -> None:
    night = Night(archive)
    night.add(Kind.ARTICLE, "a")
    entry = night.frontier.next()
    assert entry is not None
    with pytest.raises(RuntimeError), archive.transaction():
        night.frontier.done(entry, Outcome.NEW, 200, stamp(NIGHT))
        raise RuntimeError("the power is cut")
    assert Night(archive, 0.1).walk() == ["a"]


# ---------------------------------------------------------------- again


def test_doors_are_asked_every_run_and_further_pages_are_not(archive: Archive) -> None:
    night = Night(archive)
    for kind in (Kind.SECTION, Kind.PAGE, Kind.ARTICLE):
        night.add(kind, kind)
    assert night.walk() == ["section", "article", "page"]
    assert Night(archive, 0.01).walk() == ["section"]


def test_a_further_page_is_asked_again_where_news_may_stand_on_it(archive: Archive) -> None:
    first = Night(archive)
    first.add(Kind.PAGE, "page-2")
    first.walk()
    night = Night(archive, 0.5)
    assert night.walk() == []
    with archive.transaction():
        night.frontier.again(Kind.PAGE, "page-2")
    assert night.walk() == ["page-2"]
    with archive.transaction():
        night.frontier.again(Kind.PAGE, "page-2")
    assert night.walk() == []  # once a run, and no circles


def test_a_failure_is_tried_again_behind_all_others_and_then_by_the_next_run(archive: Archive) -> None:
    night = Night(archive)
    night.add(Kind.ARTICLE, "sick", "well-1", "well-2")
    asked = []
    while (entry := night.frontier.next()) is not None:
        asked.append((entry.key, entry.tries))
        if entry.key == "sick":
            night.failed(entry)
        else:
            night.done(entry)
    assert asked == [("sick", 0), ("well-1", 0), ("well-2", 0), *(("sick", n) for n in range(1, TRIES))]
    assert TRIES == 3 and night.frontier.waiting() == 0
    assert Night(archive, 0.5).walk() == ["sick"]


def test_an_address_that_recovered_has_its_tries_back(archive: Archive) -> None:
    night = Night(archive)
    night.add(Kind.ARTICLE, "a")
    for _ in range(TRIES - 1):
        entry = night.frontier.next()
        assert entry is not None
        night.failed(entry)
    assert night.walk() == ["a"]
    entry = Night(archive, 2).frontier.next()
    assert entry is not None and entry.tries == 0


# ---------------------------------------------------------------- recheck


def prepare(archive: Archive) -> None:
    """One article due tomorrow, one due in a month, one never fetched."""
    night = Night(archive)
    night.add(Kind.ARTICLE, "tomorrow", "month")
    for days in (1, 30):
        entry = night.frontier.next()
        assert entry is not None
        night.done(entry, due=stamp(NIGHT + timedelta(days=days)))
    night.add(Kind.ARTICLE, "waiting")


@pytest.mark.parametrize(
    ("recheck", "wanted"),
    [("due", ["tomorrow", "waiting"]), ("all", ["tomorrow", "month", "waiting"]), ("none", ["waiting"])],
)
def test_which_known_articles_are_read_again(archive: Archive, recheck: str, wanted: list[str]) -> None:
    prepare(archive)
    assert sorted(Night(archive, 1, recheck).walk()) == sorted(wanted)


def test_nothing_is_due_the_same_night(archive: Archive) -> None:
    prepare(archive)
    assert Night(archive, 0.1).walk() == ["waiting"]


@pytest.mark.parametrize("recheck", ["due", "all", "none"])
def test_an_article_that_is_to_be_published_later_waits_until_then(archive: Archive, recheck: str) -> None:
    night = Night(archive, recheck=recheck)
    with archive.transaction():
        due = stamp(NIGHT + timedelta(days=2))
        assert night.frontier.add(Kind.ARTICLE, "later", url("later"), due, Outcome.FUTURE_DATED)
    assert not night.frontier.fetched_before("later")
    assert night.walk() == [] and Night(archive, 1, recheck).walk() == []
    after = Night(archive, 3, recheck)
    assert after.walk() == ["later"] and after.frontier.fetched_before("later")


@pytest.mark.parametrize(
    ("age", "wait"), [(0, 1), (0.5, 1), (1, 1), (1.5, 1), (2, 2), (3, 1), (4, 4), (8, 8), (40, 24)]
)
def test_an_article_is_read_again_at_the_next_age_that_is_a_power_of_two(age: float, wait: float) -> None:
    published = stamp(NIGHT - timedelta(days=age))
    assert next_look(NIGHT, published) == stamp(NIGHT + timedelta(days=wait))


@pytest.mark.parametrize("age", [64, 100, 3650])
def test_an_old_article_waits_for_its_turn(age: float) -> None:
    assert next_look(NIGHT, stamp(NIGHT - timedelta(days=age))) == BY_TURN


def test_an_article_without_date_is_read_again_the_next_day() -> None:
    assert next_look(NIGHT, "") == stamp(NIGHT + timedelta(days=1))


def test_an_article_is_looked_at_ever_more_rarely() -> None:
    looks, moment = [], NIGHT
    for _ in range(6):
        moment = datetime.fromisoformat(next_look(moment, stamp(NIGHT)))
        looks.append((moment - NIGHT).days)
    assert looks == [1, 2, 4, 8, 16, 32]


# ---------------------------------------------------------------- another address


def test_an_article_whose_address_leads_nowhere_is_tried_at_its_other_ones(archive: Archive) -> None:
    night = Night(archive)
    with archive.transaction():
        for place in ("b", "a", "b", "c"):
            night.frontier.add(Kind.ARTICLE, "key", url(place))
    asked = []
    while (entry := night.frontier.next()) is not None:
        asked.append(entry.url)
        with archive.transaction():
            if not night.frontier.another_address(entry):
                night.frontier.done(entry, Outcome.MOVED, 200, next_look(NIGHT, ""))
    assert asked == [url("b"), url("a"), url("c")]


def test_only_an_article_has_other_addresses(archive: Archive) -> None:
    night = Night(archive)
    with archive.transaction():
        for place in ("a", "b"):
            night.frontier.add(Kind.SECTION, "key", url(place))
    entry = night.frontier.next()
    assert entry is not None
    with archive.transaction():
        assert not night.frontier.another_address(entry)
