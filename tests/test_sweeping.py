"""The weekly sweep: all listings, a share each night, and what it does not meet again is looked at next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.store import Archive
from crawler.sweeping import LEAST, listing_of
from tests.paper_portal import PER_PAGE, PaperPortal
from tests.test_revisiting import articles

SECTIONS = 12


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path) as opened:
        yield opened


def wide(archive: Archive, rotation: int = 0) -> PaperPortal:
    """Twelve sections of three pages each; the sitemap tells all."""
    sections = {f"muc-{i}": [1000 * i + n for n in range(3 * PER_PAGE)] for i in range(1, SECTIONS + 1)}
    return PaperPortal(archive, sections, sitemap=[n for one in sections.values() for n in one], rotation=rotation)


def listings(asked: list[str]) -> list[str]:
    return [key for key in asked if key.startswith("/muc")]


def test_each_listing_is_walked_once_a_week_and_no_night_walks_through_all(archive: Archive) -> None:
    portal = wide(archive)
    every = set(listings(portal.night(0)))
    assert len(every) == 3 * SECTIONS
    nights = [listings(portal.night(night)) for night in range(1, 29)]
    assert nights[:6] == [[]] * 6, "the backfill was the first sweep"
    for week in (nights[7:14], nights[14:21]):
        asked = Counter(key for night in week for key in night)
        assert asked == dict.fromkeys(every, 1)
        assert max(map(len, week)) <= LEAST < len(every)


def test_the_pages_of_one_large_listing_are_spread_over_the_week_in_their_order(archive: Archive) -> None:
    numbers = list(range(1, 1 + 140 * PER_PAGE))
    portal = PaperPortal(archive, {"muc-1": numbers}, sitemap=numbers, rotation=0)
    portal.night(0)
    nights = [listings(portal.night(night)) for night in range(1, 24)]
    asked = [key for night in nights for key in night]
    assert asked[:140] == ["/muc-1/", *(f"/muc-1/page-{n}/" for n in range(2, 141))]
    assert 20 <= max(map(len, nights)) <= 21


def test_a_sweep_is_counted_apart(archive: Archive) -> None:
    portal = wide(archive)
    portal.night(0)
    for night in range(1, 15):
        asked = portal.night(night)
        assert portal.purposes["sweep"] == len(listings(asked))
        assert portal.purposes["news"] == 2


def test_an_article_that_left_its_listing_is_looked_at_the_night_after_the_sweep(archive: Archive) -> None:
    portal = wide(archive)
    portal.night(0)
    portal.sections["muc-3"].remove(3004)
    portal.gone = {3004}
    swept = looked_at = 0
    for night in range(1, 22):
        asked = portal.night(night)
        swept = swept or ("/muc-3/" in asked and night)
        looked_at = looked_at or (3004 in articles(asked) and night)
    assert 7 <= swept <= 14 and looked_at == swept + 1


def test_only_what_left_is_looked_at_and_once(archive: Archive) -> None:
    portal = wide(archive)
    portal.night(0)
    portal.sections["muc-3"].remove(3004)
    asked = [number for night in range(1, 40) for number in articles(portal.night(night))]
    assert asked == [3004], "it is there, in no listing; its turn comes with the others"


def test_an_article_that_moved_to_another_section_is_not_missed(archive: Archive) -> None:
    portal = wide(archive)
    for name in ("muc-5", "muc-9"):
        portal.sections[name].append(77)
    portal.night(0)
    portal.sections["muc-5"].remove(77)
    later = [number for night in range(15, 40) for number in articles(portal.night(night))]
    assert later == []


def test_news_that_push_articles_to_the_next_page_make_none_of_them_missing(archive: Archive) -> None:
    numbers = list(range(1, 1 + 80 * PER_PAGE))
    portal = PaperPortal(archive, {"muc-1": numbers}, sitemap=numbers, rotation=0)
    portal.night(0)
    for night in range(1, 24):
        portal.add("muc-1", 5000 + night, night - 0.5)
        assert portal.sitemap is not None
        portal.sitemap.insert(0, 5000 + night)
        old = [number for number in articles(portal.night(night)) if number < 5000]
        assert old == []


def test_after_a_sweep_with_a_page_that_failed_nothing_is_missed(archive: Archive) -> None:
    portal = wide(archive)
    portal.night(0)
    portal.failing = {"/muc-3/page-2/"}
    looked_at = [number for night in range(1, 14) for number in articles(portal.night(night))]
    assert looked_at == []
    portal.failing = set()
    assert [number for night in range(14, 30) for number in articles(portal.night(night))] == []


def test_a_listing_that_shows_hardly_anything_any_more_is_not_believed(archive: Archive) -> None:
    portal = wide(archive)
    portal.night(0)
    portal.sections["muc-3"] = portal.sections["muc-3"][:2]
    assert [number for night in range(1, 16) for number in articles(portal.night(night))] == []


def test_a_sweep_finds_what_the_sitemap_did_not_tell_and_ends_its_trust(archive: Archive) -> None:
    portal = wide(archive)
    portal.night(0)
    portal.add("muc-7", 999, 0.5)
    found = next(night for night in range(1, 16) if 999 in articles(portal.night(night)))
    assert 7 <= found <= 14
    assert len(listings(portal.night(found + 1))) >= SECTIONS


def test_what_a_killed_run_left_of_a_sweep_is_walked_by_the_next(archive: Archive) -> None:
    portal = wide(archive)
    portal.night(0)
    night = next(night for night in range(1, 15) if (portal.night(night, stop=5), portal.purposes["sweep"])[1])
    asked = listings(portal.night(night + 0.01))
    assert 0 < len(asked) <= LEAST
    rest = [key for later in range(night + 1, night + 8) for key in listings(portal.night(later))]
    assert Counter(rest).most_common(1)[0][1] == 1


@pytest.mark.parametrize(
    ("url", "listing"),
    [
        ("http://a/vi/news/Tin-tuc/", "/vi/news/tin-tuc"),
        ("http://a/vi/news/Tin-tuc/page-12/", "/vi/news/tin-tuc"),
        ("http://a/tin/trang-3.html", "/tin"),
        ("http://a/tin?page=4&loai=2", "/tin?loai=2"),
        ("http://a/index.php?option=com_content&limitstart=20", "/?option=com_content"),
        ("http://a/", "/"),
    ],
)
def test_all_pages_of_a_listing_are_one_listing(url: str, listing: str) -> None:
    assert listing_of(url) == listing
