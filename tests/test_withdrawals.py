"""When an article counts as taken down: in whatever way it is missing, but on two nights, and never by a bad night."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.clock import now, stamp
from crawler.demo.routes import Answer
from tests.loopback import Nightly, SickPortal

HTML = "text/html; charset=utf-8"
ARTICLE = re.compile(r"-(\d+)\.html$")
CUT = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 90000\r\n\r\n<html><body><h1>Tin"


def says(words: str, status: int = 200) -> Answer:
    page = f"<!DOCTYPE html><html><head><title>Thông báo</title></head><body><p>{words}</p></body></html>"
    return Answer(page.encode(), HTML, status, {})


WAYS: dict[str, Answer | bytes] = {
    "not_found 404": says("404", 404),
    "not_found 410": says("410", 410),
    "soft_404": says('Không có bài này<meta http-equiv="refresh" content="3;URL=/">'),
    "moved": Answer(b"", HTML, 302, {"Location": "/"}),
    "login_only": says("401", 401),
    "503": says("Máy chủ bận", 503),
    "cut": CUT,
    "flood": Answer(b"<p>429</p>", HTML, 429, {"Retry-After": "0"}),
}
PASSING = ("503", "cut", "flood")
ONCE = "once"  # missing on one night alone


class Nights:
    """A portal over three nights, on which its articles go missing in all these ways."""

    def __init__(self, folder: Path) -> None:
        self.tonight = 0
        self.nightly = Nightly(folder)
        with SickPortal(self.mood, articles=len(WAYS) + 3) as portal:
            self.ways = dict(zip(portal.numbers, [*WAYS, ONCE], strict=False))
            self.nightly.register(url=portal.url)
            for night in range(3):
                self.tonight = night
                self.nightly.run("--recheck", "all", ARCHIVE_NOW=stamp(now() + timedelta(days=night)))

    def mood(self, path: str, n: int) -> Answer | bytes | None:
        match = ARTICLE.search(path)
        way = self.ways.get(int(match[1])) if match and self.tonight else None
        if way == ONCE:
            return says("404", 404) if self.tonight == 1 else None
        return WAYS[way] if way else None

    def told(self) -> dict[str, dict[str, Any]]:
        """What the archive has of each way, by its name; the articles that nothing happened to as ""."""
        rows = self.nightly.archived.articles().values()
        return {self.ways.get(int(row["key"].rsplit("/", 1)[1]), ""): row for row in rows}


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    yield Nights(tmp_path_factory.mktemp("withdrawals"))


@pytest.mark.parametrize("way", [way for way in WAYS if way not in PASSING])
def test_an_article_that_is_not_there_on_two_nights_is_withdrawn(nights: Nights, way: str) -> None:
    row = nights.told()[way]
    found = nights.nightly.archived.rows("select how, returned from withdrawals where article = ?", row["id"])
    assert found == [(way.split()[0], None)]
    assert row["gone"] is not None and row["revision_count"] == 1 and row["body"]


@pytest.mark.parametrize("way", [*PASSING, ONCE, ""])
def test_a_failure_that_passes_withdraws_nothing(nights: Nights, way: str) -> None:
    row = nights.told()[way]
    assert (row["gone"], row["revision_count"]) == (None, 1)
    assert nights.nightly.archived.rows("select * from withdrawals where article = ?", row["id"]) == []


def test_nothing_is_left_pending_of_what_came_back_or_was_confirmed(nights: Nights) -> None:
    assert nights.nightly.archived.rows("select * from missing") == []


def test_a_withdrawn_article_has_its_snapshot_still(nights: Nights) -> None:
    assert all(row["snapshot"] is not None for row in nights.told().values())
