"""Known articles are looked at again at growing ages, old ones in turn, and what is gone from its listing next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive.clock import stamp
from archive.store import Archive
from crawler.revisiting import ROTATION, long_rest, moment_of, next_try
from tests.paper_portal import FIRST, PaperPortal

OLD = list(range(100, 200))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path) as opened:
        yield opened


def articles(asked: list[str]) -> list[int]:
    """The numbers of the articles among the keys asked for."""
    return [int(key) for key in asked if key.isdigit()]


def test_an_article_is_read_again_on_the_nights_of_its_second_fourth_eighth_day(archive: Archive) -> None:
    portal = PaperPortal(archive, {"tin": [1]}, sitemap=[1], ages={1: 0})
    nights = [night for night in range(70) if 1 in articles(portal.night(night))]
    assert nights == [0, 1, 2, 4, 8, 16, 32, 64]


def test_nights_that_begin_an_hour_earlier_or_later_miss_none(archive: Archive) -> None:
    portal = PaperPortal(archive, {"tin": [1]}, sitemap=[1], ages={1: 0})
    nights = [night for night in range(20) if 1 in articles(portal.night(night + (night % 3 - 1) / 24))]
    assert nights == [0, 1, 2, 4, 8, 16]


def test_an_article_found_late_goes_on_at_the_age_that_it_has(archive: Archive) -> None:
    portal = PaperPortal(archive, {"tin": [1]}, sitemap=[1], ages={1: 5.3})
    nights = [night for night in range(30) if 1 in articles(portal.night(night))]
    assert nights == [0, 3, 11, 27]


def test_a_backfill_of_old_articles_is_not_due_the_next_day(archive: Archive) -> None:
    portal = PaperPortal(archive, {"tin": OLD}, sitemap=OLD)
    assert len(articles(portal.night(0))) == len(OLD)
    assert [articles(portal.night(night)) for night in range(1, 7)] == [[]] * 6


def test_old_articles_are_read_in_turn_so_many_a_night_the_longest_unseen_first(archive: Archive) -> None:
    many = list(range(100, 100 + 7 * ROTATION))
    portal = PaperPortal(archive, {"tin": many}, sitemap=many)
    portal.night(0)
    nights = [articles(portal.night(night)) for night in range(7, 21)]
    assert [len(night) for night in nights] == [ROTATION] * 14
    for week in (nights[:7], nights[7:]):
        assert sorted(number for night in week for number in night) == many
    assert nights[0] == nights[7]


def test_a_small_portal_is_not_read_whole_every_night(archive: Archive) -> None:
    portal = PaperPortal(archive, {"tin": [1, 2, 3]}, sitemap=[1, 2, 3])
    nights = [night for night in range(22) if articles(portal.night(night))]
    assert nights == [0, 7, 14, 21]


def test_a_second_run_of_a_night_takes_no_further_turns(archive: Archive) -> None:
    portal = PaperPortal(archive, {"tin": OLD}, sitemap=OLD)
    portal.night(0)
    assert len(articles(portal.night(8))) == ROTATION
    assert articles(portal.night(8.1)) == []


def test_turns_that_a_killed_run_left_are_taken_by_the_next_and_are_no_more(archive: Archive) -> None:
    portal = PaperPortal(archive, {"tin": OLD}, sitemap=OLD)
    portal.night(0)
    killed = articles(portal.night(8, stop=10))
    rest = articles(portal.night(8.05))
    assert killed and rest and not set(killed) & set(rest)
    assert len(killed) + len(rest) == ROTATION


@pytest.mark.parametrize(("recheck", "wanted"), [("all", len(OLD)), ("none", 0), ("due", ROTATION)])
def test_how_many_old_articles_a_run_reads_is_the_operator_s_choice(
    archive: Archive, recheck: str, wanted: int
) -> None:
    portal = PaperPortal(archive, {"tin": OLD}, sitemap=OLD)
    portal.night(0)
    assert len(articles(portal.night(8, recheck=recheck))) == wanted


def test_the_number_of_turns_is_a_setting(archive: Archive) -> None:
    portal = PaperPortal(archive, {"tin": OLD}, sitemap=OLD, rotation=3)
    portal.night(0)
    assert len(articles(portal.night(8))) == 3


def test_what_brought_nothing_is_tried_ever_more_rarely_and_never_forgotten() -> None:
    waits = [next_try(FIRST + timedelta(days=age), stamp(FIRST)) for age in (0, 1, 2, 4, 100, 3000)]
    assert waits == [stamp(FIRST + timedelta(days=age)) for age in (1, 2, 4, 8, 164, 3064)]
    assert next_try(FIRST, stamp(FIRST), is_expected=False) == stamp(FIRST + timedelta(days=7))


def test_pages_without_articles_do_not_all_come_back_on_one_night() -> None:
    nights = Counter(long_rest(FIRST, f"/trang-{number}") for number in range(280))
    assert len(nights) == 28 and max(nights.values()) < 25
    assert min(nights) == stamp(FIRST + timedelta(days=30))


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2026-03-01T08:00:00+07:00", "2026-03-01T08:00:00+07:00"),
        ("2026-03-01T01:00:00Z", "2026-03-01T08:00:00+07:00"),
        ("2026-03-29T03:30:00+02:00", "2026-03-29T08:30:00+07:00"),  # the night in which Europe's clocks go forward
        ("2026-03-01T08:00:00", "2026-03-01T08:00:00+07:00"),
        ("2026-03-01", "2026-03-02T00:00:00+07:00"),
        ("9999-12-31", ""),
        ("hôm qua", ""),
        ("", ""),
    ],
)
def test_a_sitemap_s_time_is_read_in_any_zone_and_a_day_alone_lasts_until_its_end(said: str, moment: str) -> None:
    assert moment_of(said) == moment
