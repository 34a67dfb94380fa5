"""Each request has a purpose that it is counted by, and the count is what the portal saw."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.demo.portal import DemoPortal
from tests.loopback import Archived, Nightly
from tests.test_crawl import VISIBLE, in_days, only


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
