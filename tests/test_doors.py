"""Which doors are asked on a night, and how a portal's sitemap and feed earn their trust or lose it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.store import Archive
from tests.paper_portal import PaperPortal
from tests.test_revisiting import articles

NAMES = ("tin-tuc", "dan-van-kheo", "van-ban")
SECTIONS = {"/" + name + "/" for name in NAMES}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path) as opened:
        yield opened


def portal_of(archive: Archive, **doors: list[int] | None) -> PaperPortal:
    """Three sections of eight articles each, some years old, the later numbers the newer ones."""
    sections = {name: list(range(100 * i + 8, 100 * i, -1)) for i, name in enumerate(NAMES, 1)}
    ages = {number: 2000.0 - number for numbers in sections.values() for number in numbers}
    return PaperPortal(archive, sections, ages=ages, **doors)  # type: ignore[arg-type]


def every(portal: PaperPortal) -> list[int]:
    return [number for numbers in portal.sections.values() for number in numbers]


def test_a_first_night_asks_at_every_door_and_walks_every_listing(archive: Archive) -> None:
    portal = portal_of(archive, sitemap=[], feed=[])
    portal.sitemap, portal.feed = every(portal), every(portal)[:3]
    asked = portal.night(0)
    assert {"sitemap", "feed", "/"} | SECTIONS | {f"{name}page-2/" for name in SECTIONS} <= set(asked)
    assert sorted(articles(asked)) == sorted(every(portal))


def test_where_the_sitemap_tells_all_a_quiet_night_asks_for_it_the_feed_and_the_home_page(archive: Archive) -> None:
    portal = portal_of(archive, sitemap=[], feed=[])
    portal.sitemap, portal.feed = every(portal), every(portal)[:3]
    portal.night(0)
    for night in (1, 2, 3, 4, 5):
        assert portal.night(night) == ["sitemap", "feed", "/"]
        assert portal.purposes == {"news": 3}


def test_news_that_a_truthful_sitemap_lists_cost_nothing_but_themselves(archive: Archive) -> None:
    portal = portal_of(archive, sitemap=[])
    portal.sitemap = every(portal)
    portal.night(0)
    portal.add("van-ban", 999, 0.5)
    portal.sitemap.insert(0, 999)
    assert portal.night(1) == ["sitemap", "/", "999"]
    assert portal.night(2) == ["sitemap", "/", "999"]  # at one day of age
    assert portal.purposes == {"news": 2, "recheck": 1}


def test_without_sitemap_and_feed_the_sections_are_asked_every_night(archive: Archive) -> None:
    portal = portal_of(archive)
    portal.night(0)
    for night in (1, 2):
        assert portal.night(night) == ["/", *(f"/{name}/" for name in NAMES)]


def test_a_sitemap_that_is_a_stale_file_is_found_out_the_first_night(archive: Archive) -> None:
    portal = portal_of(archive, sitemap=[101, 102, 201, 202, 301, 302])
    portal.night(0)
    assert set(portal.night(1)) > SECTIONS


def test_a_feed_of_one_section_is_found_out(archive: Archive) -> None:
    portal = portal_of(archive, feed=[])
    portal.feed = portal.sections["tin-tuc"][:5]
    portal.night(0)
    assert set(portal.night(1)) > SECTIONS
    portal.add("van-ban", 999, 1.5)
    assert 999 in articles(portal.night(2))


def test_a_feed_that_holds_the_newest_of_all_is_believed_though_it_holds_no_old_ones(archive: Archive) -> None:
    portal = portal_of(archive, feed=[])
    portal.feed = sorted(every(portal), key=lambda number: portal.ages[number])[:6]
    portal.night(0)
    assert portal.night(1) == ["feed", "/"]


def test_an_article_on_the_home_page_alone_opens_the_sections_that_very_night_and_the_next_ones(
    archive: Archive,
) -> None:
    portal = portal_of(archive, sitemap=[])
    portal.sitemap = every(portal)
    portal.night(0)
    portal.add("van-ban", 998, 0.4)
    portal.add("van-ban", 999, 0.5)
    portal.home = [999]
    assert {998, 999} <= set(articles(portal.night(1)))
    assert set(portal.night(2)) > SECTIONS


def test_an_article_that_came_out_during_the_run_is_no_evidence(archive: Archive) -> None:
    portal = portal_of(archive, sitemap=[])
    portal.sitemap = every(portal)
    portal.night(0)
    portal.add("van-ban", 999, 1.01)
    portal.home = [999]
    assert 999 in articles(portal.night(1))
    portal.sitemap.insert(0, 999)
    assert not set(portal.night(2)) & SECTIONS


def test_a_sitemap_that_was_mended_is_believed_again_after_four_weeks(archive: Archive) -> None:
    portal = portal_of(archive, sitemap=[101, 102, 201, 202, 301, 302])
    portal.night(0)
    portal.sitemap = every(portal)
    assert set(portal.night(27)) > SECTIONS
    portal.add("van-ban", 999, 27.5)
    portal.sitemap.insert(0, 999)
    assert "999" in portal.night(28)
    assert not {*NAMES} & {key.strip("/") for key in portal.night(29) if portal.purposes["sweep"] == 0}


def test_a_sitemap_that_does_not_answer_tonight_says_nothing(archive: Archive) -> None:
    portal = portal_of(archive, sitemap=[])
    portal.sitemap = every(portal)
    portal.night(0)
    portal.failing = {"sitemap"}
    assert set(portal.night(1)) > SECTIONS
    portal.failing = set()
    assert portal.night(2) == ["sitemap", "/"]


def test_where_all_that_a_feed_lists_is_new_there_may_be_more(archive: Archive) -> None:
    portal = portal_of(archive, feed=[])
    portal.feed = sorted(every(portal), key=lambda number: portal.ages[number])[:6]
    portal.night(0)
    new = list(range(900, 912))
    for number in new:
        portal.add("van-ban", number, 0.5)
    portal.feed = new[::-1][:6]
    assert set(new) <= set(articles(portal.night(1)))


def test_a_listing_is_walked_until_a_whole_page_of_it_is_known(archive: Archive) -> None:
    portal = portal_of(archive)
    portal.night(0)
    for number in range(900, 907):
        portal.add("van-ban", number, 0.5)
    asked = portal.night(1)
    assert {900, 906} <= set(articles(asked))
    assert [key for key in asked if "page-" in key] == ["/van-ban/page-2/", "/van-ban/page-3/"]


def test_what_is_pinned_on_top_does_not_end_a_walk(archive: Archive) -> None:
    portal = portal_of(archive)
    portal.night(0)
    pinned = portal.sections["van-ban"][-4:]
    for number in (*range(900, 909), *pinned):
        portal.sections["van-ban"].insert(0, number)
        portal.ages.setdefault(number, -0.5)
    assert set(range(900, 909)) <= set(articles(portal.night(1)))


def test_a_killed_run_does_not_leave_news_behind_a_page_that_it_knew(archive: Archive) -> None:
    portal = portal_of(archive)
    portal.night(0)
    new = set(range(900, 918))
    for number in new:
        portal.add("van-ban", number, 0.5)
    found: set[int] = set()
    for stop in (4, 5, 6, 1000):
        found |= set(articles(portal.night(1 + stop / 10000, stop=stop)))
    assert new <= found


def test_a_backfill_that_was_killed_is_no_quiet_night(archive: Archive) -> None:
    portal = portal_of(archive, sitemap=[])
    portal.sitemap = every(portal)
    portal.night(0, stop=6)
    asked = portal.night(1)
    assert set(asked) > SECTIONS and portal.purposes["backfill"] > 20
    assert portal.night(2) == ["sitemap", "/"]


def test_a_backfill_goes_on_after_each_kill_without_asking_for_anything_twice(archive: Archive) -> None:
    portal = portal_of(archive, sitemap=[101, 102, 201, 202, 301, 302])
    asked: list[str] = []
    for run in range(40):
        asked += portal.night(run / 10000, stop=2)
    assert sorted(set(articles(asked))) == sorted(every(portal))
    first = asked[: len(set(asked))]
    assert len(first) == len(set(first)), "the rest is of quiet runs"
    assert set(portal.night(1)) > SECTIONS, "and the stale sitemap was found out all the same"
