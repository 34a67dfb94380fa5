"""Two portals recorded whole, with the truth about every article: the crawl is graded against it.

Needs RECORDED_PORTALS, a folder with portals/ (the recordings) and tools/ (what replays and grades them); they
are for checking and are not part of the project. The file takes a minute or so.
"""

from __future__ import annotations

import json
import re
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.loopback import Nightly
from tests.recorded import DEFAULT, EGOV, PORTALS, VISIBLE, graded, needs_recorded, replayed, truth

pytestmark = needs_recorded
BY_LISTINGS_ALONE = {EGOV: 387, DEFAULT: 392}
FLOORS = {
    "precision": 0.999, "recall": 0.999, "f1": 0.999, "paragraph_f1": 0.99, "title": 1.0, "day": 1.0, "minute": 1.0,
    "lead": 0.995, "author": 0.995, "source": 0.995, "tags": 0.995, "nfc": 1.0,
}  # fmt: skip


def row_of(name: str) -> str:
    return re.sub(r"\W", "_", name)


def number_of(key: str) -> int:
    return int(key.rsplit("/", 1)[1])


@dataclass
class Seen:
    """One request as the recorded portal saw it."""

    time: float
    method: str
    path: str
    user_agent: str
    in_flight: int
    had_cookie: bool
    status: int
    was_blocked: bool


def seen(url: str) -> list[Seen]:
    with urlopen(f"{url}__replay__/log", timeout=10) as answer:
        return [Seen(*row) for row in json.load(answer)]


class Nights:
    """Both portals crawled with one registry, then once more with everything read again."""

    def __init__(self, folder: Path) -> None:
        self.nightly = Nightly(folder)
        self.archived = self.nightly.archived
        with ExitStack() as stack:
            self.urls = {name: stack.enter_context(replayed(name)) for name in PORTALS}
            for name, url in self.urls.items():
                self.nightly.register(row_of(name), url=url)
            self.first = self.nightly.run()
            self.requests = {name: seen(url) for name, url in self.urls.items()}
            self.rows = {name: self.articles(name) for name in PORTALS}
            self.kept = self.archived.everything("last_seen", "views")
            self.second = self.nightly.run("--recheck", "all")
            self.kept_later = self.archived.everything("last_seen", "views")
            self.requests_later = {name: seen(url)[len(self.requests[name]) :] for name, url in self.urls.items()}

    def articles(self, name: str) -> list[dict[str, Any]]:
        columns = ["id", "key", "url", "title", "published", "lead", "body", "author", "source", "views", "comments"]
        found = self.archived.rows(f"select {', '.join(columns)} from articles where portal = ?", row_of(name))
        return [dict(zip(columns, row, strict=True)) for row in found]

    def tags(self, article: int) -> list[str]:
        return [tag for (tag,) in self.archived.rows("select tag from article_tags where article = ?", article)]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    return Nights(tmp_path_factory.mktemp("recorded"))


@pytest.mark.parametrize("name", PORTALS)
def test_every_visible_article_is_kept_once_and_nothing_else(nights: Nights, name: str) -> None:
    assert nights.first.returncode == 0, nights.first.stderr
    numbers = [number_of(row["key"]) for row in nights.rows[name]]
    assert len(truth(name)) == VISIBLE
    assert sorted(numbers) == sorted(truth(name))


@pytest.mark.parametrize("name", PORTALS)
def test_the_portal_was_asked_one_thing_at_a_time_by_one_visitor(nights: Nights, name: str) -> None:
    for requests in (nights.requests[name], nights.requests_later[name]):
        assert {request.in_flight for request in requests} == {1}
        assert all(request.had_cookie for request in requests[1:])
        assert not any(request.was_blocked for request in requests)
        assert all("DanVanArchive" in request.user_agent for request in requests)
        assert requests[0].path == "/robots.txt"


@pytest.mark.parametrize("name", PORTALS)
def test_nothing_was_asked_that_brings_no_news(nights: Nights, name: str) -> None:
    """A "?" asks for a page in another dress; but for a file of an article's download box."""
    asked = [request.path for request in nights.requests[name]]
    pages = [path for path in asked if not re.search(r"-\d+\.html\?download=1&id=\d$", path)]
    assert not [path for path in pages if re.search(r"/(?:print|savefile|sendmail|users|seek|search)/|\?", path)]
    assert len(asked) > len(pages)
    assert len(set(asked)) == len(asked)


def test_a_second_night_changes_no_text_and_doubles_nothing(nights: Nights) -> None:
    assert nights.second.returncode == 0, nights.second.stderr
    assert nights.kept_later == nights.kept
    for name in PORTALS:
        outcomes = nights.archived.outcomes(row_of(name))
        assert (outcomes["unchanged"], outcomes["new"], outcomes["changed"]) == (VISIBLE, 0, 0)


@pytest.fixture(scope="module")
def grades(nights: Nights, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    """The means of each portal, by the grader."""
    folder = tmp_path_factory.mktemp("grades")
    return {name: grade(nights, name, folder / name) for name in PORTALS}


def grade(nights: Nights, name: str, folder: Path) -> dict[str, float]:
    found = [row | {"url": number_of(row["key"]), "tags": nights.tags(row["id"])} for row in nights.rows[name]]
    return graded([*truth(name).values()], found, folder)


@pytest.mark.parametrize("metric", FLOORS)
@pytest.mark.parametrize("name", PORTALS)
def test_what_was_read_is_what_was_written(grades: dict[str, dict[str, float]], name: str, metric: str) -> None:
    assert grades[name][metric] >= FLOORS[metric]


@pytest.mark.parametrize("name", PORTALS)
def test_no_page_furniture_is_in_any_text(grades: dict[str, dict[str, float]], name: str) -> None:
    assert grades[name]["leak"] == 0


def test_comments_are_as_many_as_the_page_shows(nights: Nights) -> None:
    right = {number: record["comments_shown"] for number, record in truth(EGOV).items()}
    assert {number_of(row["key"]): row["comments"] for row in nights.rows[EGOV]} == right


def test_views_are_as_many_as_the_page_shows(nights: Nights) -> None:
    """The truth keeps the digits before a thousands dot; the recording's first visitor moves the count by one."""
    right = {number: record["views_shown"] for number, record in truth(EGOV).items()}
    found = {number_of(row["key"]): row["views"] for row in nights.rows[EGOV]}
    wrong = {
        number: (views, right[number])
        for number, views in found.items()
        if views is None or right[number] not in (before_the_dot(views), before_the_dot(views - 1))
    }
    assert wrong == {}


def before_the_dot(views: int) -> int:
    return int(f"{views:,}".split(",")[0])


@pytest.mark.soak
@pytest.mark.parametrize("name", PORTALS)
def test_without_sitemap_and_feeds_the_listings_bring_what_they_list(tmp_path: Path, nights: Nights, name: str) -> None:
    overlay = tmp_path / "overlay.json"
    listed = {request.path for request in nights.requests[name] if re.search(r"sitemap|/rss/", request.path)}
    overlay.write_text(json.dumps({path: {"status": 404} for path in {*listed, "/sitemap.xml", "/rss/"}}))
    with replayed(name, "--overlay", str(overlay)) as url:
        nightly = Nightly(tmp_path).register(url=url)
        ended = nightly.run()
        answered = [request for request in seen(url) if re.search(r"sitemap|/rss/", request.path)]
    assert ended.returncode == 0, ended.stderr
    assert answered and {request.status for request in answered} == {404}
    numbers = nightly.archived.numbers()
    assert len(numbers) >= BY_LISTINGS_ALONE[name]
    assert set(numbers) <= set(truth(name))
