"""Each request has a purpose that it is counted by, and the count is what the portal saw."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive.clock import now
from crawler.demo.portal import DemoPortal
from tests.loopback import Archived, Nightly, is_a_sentence
from tests.test_crawl import VISIBLE, in_days, only
from tests.unknown_portal import UnknownPortal


def purposes(archived: Archived, portal: str = "portal") -> Counter[str]:
    """What the requests of the newest run were made for."""
    rows = archived.rows("select purposes from run_portals where portal = ? order by run desc limit 1", portal)
    return Counter(json.loads(rows[0][0]))


@pytest.fixture
def portal() -> Iterator[DemoPortal]:
    with DemoPortal() as running:
        yield running


def test_the_requests_of_a_run_are_those_that_the_portal_saw_each_with_its_purpose(
    portal: DemoPortal, tmp_path: Path
) -> None:
    only(portal, VISIBLE[:12])
    nightly = Nightly(tmp_path).register(url=portal.url)
    seen = 0
    for day in (0, 1):
        assert nightly.run("--recheck", "all", ARCHIVE_NOW=in_days(day)).returncode == 0
        counted = purposes(nightly.archived)
        assert sum(counted.values()) == len(portal.requests) - seen > 0
        told = nightly.archived.rows("select requests from run_portals order by run desc limit 1")
        assert told == [(len(portal.requests) - seen,)]
        assert counted["recheck"] == day * 12
        seen = len(portal.requests)


def test_a_quiet_night_of_nukeviet_costs_five_requests_at_most(portal: DemoPortal, tmp_path: Path) -> None:
    only(portal, [number for number in VISIBLE if is_old(portal, number)][:12])
    nightly = Nightly(tmp_path).register(url=portal.url)
    for day in range(4):
        before = len(portal.requests)
        assert nightly.run(ARCHIVE_NOW=in_days(day)).returncode == 0
        if day:
            assert len(portal.requests) - before <= 5
            assert purposes(nightly.archived).keys() == {"news"}
    paths = [request.path for request in portal.requests[before:]]
    assert paths == ["/robots.txt", "/sitemap-vi.news.xml", "/vi/news/rss/", "/"]


def is_old(portal: DemoPortal, number: int) -> bool:
    return now() - portal.articles[number].published > timedelta(days=100)


@pytest.mark.parametrize("feed", [False, True])
def test_a_quiet_night_of_a_portal_whose_layout_is_learned_costs_five_requests_at_most(
    tmp_path: Path, feed: bool
) -> None:
    with UnknownPortal("classes", 15, prints=False, feed=feed) as portal:
        nightly = Nightly(tmp_path).register(url=f"{portal.origin}/", cms="generic")
        for day in range(3):
            before = len(portal.requests)
            assert nightly.run(ARCHIVE_NOW=in_days(day)).returncode == 0
            assert not day or len(portal.requests) - before <= 5
        assert purposes(nightly.archived).keys() == {"news"}


def test_of_a_learned_portal_that_has_listings_alone_news_are_read_to_the_page_that_is_known(tmp_path: Path) -> None:
    with UnknownPortal("classes", 30, prints=False, sitemap=False) as portal:
        nightly = Nightly(tmp_path).register(url=f"{portal.origin}/", cms="generic")
        assert nightly.run().returncode == 0
        new = portal.publish(40)
        before = len(portal.requests)
        assert nightly.run(ARCHIVE_NOW=in_days(1)).returncode == 0
        asked = {target.partition("?")[0] for target in portal.requests[before:]}
        assert {article.path for article in new} <= asked


def test_a_number_of_turns_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    refused = Nightly(tmp_path).register(url="http://127.0.0.1:1/").run(ROTATION="nhiều")
    assert refused.returncode == 3 and is_a_sentence(refused.stderr) and "ROTATION" in refused.stderr
