"""Conditional requests: made where a host honours them, not where it ignores them, and not believed for ever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from scrapy.http import Response

from archive.clock import now, stamp
from archive.store import Archive
from crawler.conditional import IGNORED, Conditional, Validators
from crawler.frontier import Entry, Frontier, Kind
from crawler.outcomes import Outcome
from crawler.purposes import Purpose
from tests.conditional_portal import BY_DATE, HONOURS, IGNORES, LIES, ConditionalPortal, Question
from tests.loopback import Nightly
from tests.paper_portal import FIRST, KEY, PaperPortal

TEXT = "Đoạn này vừa được người viết sửa lại cho đúng."


class Nights:
    """A portal whose articles are all of the first night, so that they are due at one day of age, two, four ..."""

    def __init__(self, portal: ConditionalPortal, folder: Path) -> None:
        self.portal = portal
        self.start = now()
        for number, article in portal.site.articles.items():
            portal.site.articles[number] = replace(article, published=self.start - timedelta(hours=1))
        self.nightly = Nightly(folder).register(url=portal.url)

    def night(self, day: int, *arguments: str) -> list[Question]:
        """The questions for articles of a night."""
        since = len(self.portal.questions)
        self.portal.days = day
        run = self.nightly.run(*arguments, ARCHIVE_NOW=stamp(self.start + timedelta(days=day)))
        assert run.returncode == 0, run.stderr
        return [one for one in self.portal.questions[since:] if one.path.endswith(".html")]

    def texts(self) -> dict[int, str]:
        return {int(key.rsplit("/", 1)[1]): row["body"] for key, row in self.nightly.archived.articles().items()}


@pytest.mark.parametrize("manner", [HONOURS, BY_DATE])
def test_a_host_that_honours_them_sends_only_what_was_edited(tmp_path: Path, manner: str) -> None:
    with ConditionalPortal(manner) as portal:
        nights = Nights(portal, tmp_path)
        first = nights.night(0)
        assert {one.status for one in first} == {200} and not any(one.is_conditional for one in first)
        seen = {key: row["last_seen"] for key, row in nights.nightly.archived.articles().items()}
        edited, *others = portal.numbers
        portal.days = 1
        portal.edit(edited, TEXT)
        again = nights.night(1)
        assert all(one.is_conditional for one in again)
        assert Counter(one.status for one in again) == {304: len(others), 200: 1}
        assert nights.texts()[edited] == TEXT
        rows = nights.nightly.archived.articles()
        assert all(rows[key]["last_seen"] > moment for key, moment in seen.items())
        assert nights.nightly.archived.outcomes()["unchanged"] == len(others)
        asked_whole = nights.night(2, "--recheck", "all")
        assert not any(one.is_conditional for one in asked_whole), "all is read again when an operator says so"


@pytest.mark.soak
def test_a_host_that_ignores_them_is_not_asked_so_for_a_month(tmp_path: Path) -> None:
    with ConditionalPortal(IGNORES) as portal:
        nights = Nights(portal, tmp_path)
        nights.night(0)
        conditional = [sum(one.is_conditional for one in nights.night(day)) for day in (1, 2, 31)]
        assert conditional == [IGNORED, 0, IGNORED]
        assert {one.status for one in portal.questions if one.is_conditional} == {200}
        assert len(nights.texts()) == len(portal.numbers)


@pytest.mark.soak
def test_a_304_is_believed_for_a_month_and_then_the_page_is_asked_whole(tmp_path: Path) -> None:
    with ConditionalPortal(LIES) as portal:
        nights = Nights(portal, tmp_path)
        nights.night(0)
        portal.edit(portal.numbers[0], TEXT)
        assert {one.status for one in nights.night(1)} == {304}
        assert nights.texts()[portal.numbers[0]] != TEXT
        assert not any(one.is_conditional for one in nights.night(33))
        assert nights.texts()[portal.numbers[0]] == TEXT
        caught = nights.nightly.archived.rows("select count(*) from conditional_hosts where since is not null")
        assert caught == [(1,)], "its mark was the same for two texts"


# ---------------------------------------------------------------- what is remembered


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path) as opened:
        PaperPortal(opened, {})
        yield opened


def row(archive: Archive, outcome: Outcome, purpose: Purpose, etag: str = '"a"') -> tuple[Frontier, Entry]:
    """An address of the frontier that was answered once, with a mark."""
    frontier = Frontier(archive.connection, KEY, FIRST)
    with archive.transaction():
        frontier.add(Kind.ARTICLE, "1", "http://127.0.0.1:1/1")
        entry = Entry(Kind.ARTICLE, "1", "http://127.0.0.1:1/1", purpose=purpose)
        frontier.validators = Validators("article", "1", etag, "")
        frontier.done(entry, outcome, 200, stamp(FIRST))
    return frontier, entry


@pytest.mark.parametrize(
    ("outcome", "purpose", "etag", "sent"),
    [
        (Outcome.NEW, Purpose.RECHECK, '"a"', {"If-None-Match": '"a"'}),
        (Outcome.FEED, Purpose.NEWS, '"a"', {"If-None-Match": '"a"'}),
        pytest.param(Outcome.LISTING, Purpose.SWEEP, '"a"', {}, id="a sweep has to see what stands there"),
        pytest.param(Outcome.NOT_FOUND, Purpose.RECHECK, '"a"', {}, id="the mark of an error page"),
        pytest.param(Outcome.NEW, Purpose.RECHECK, "", {}, id="none was given"),
    ],
)
def test_what_is_sent(archive: Archive, outcome: Outcome, purpose: Purpose, etag: str, sent: dict[str, str]) -> None:
    _, entry = row(archive, outcome, purpose, etag)
    assert Conditional(archive.connection, KEY, FIRST + timedelta(days=1)).headers(entry) == sent


def test_a_mark_that_came_by_way_of_a_redirect_is_not_the_address_s_own(archive: Archive) -> None:
    _, entry = row(archive, Outcome.NEW, Purpose.RECHECK)
    conditional = Conditional(archive.connection, KEY, FIRST)
    elsewhere = Response("http://127.0.0.1:1/2", headers={"ETag": '"b"'})
    assert conditional.validators(entry, elsewhere) == Validators("article", "1", "", "")
    here = Response("http://127.0.0.1:1/1", headers={"ETag": '"b"', "Last-Modified": "Mon, 05 Jan 2026 00:00:00 GMT"})
    assert conditional.validators(entry, here) == Validators("article", "1", '"b"', "Mon, 05 Jan 2026 00:00:00 GMT")


def test_an_edit_is_no_sign_that_a_host_ignores_them(archive: Archive) -> None:
    _, entry = row(archive, Outcome.CHANGED, Purpose.RECHECK)
    conditional = Conditional(archive.connection, KEY, FIRST)
    conditional.headers(entry)
    with archive.transaction():
        for _ in range(IGNORED):
            conditional.saw(entry, {"If-None-Match": '"a"'}, Validators("article", "1", '"b"', ""))
    assert not conditional.is_ignored_by("127.0.0.1:1")


def test_a_clock_that_was_wrong_silences_no_host_for_ten_years(archive: Archive) -> None:
    _, entry = row(archive, Outcome.UNCHANGED, Purpose.RECHECK)
    future = Conditional(archive.connection, KEY, FIRST + timedelta(days=3650))
    with archive.transaction():
        for _ in range(IGNORED):
            future.saw(entry, {"If-None-Match": '"a"'}, Validators("article", "1", '"b"', ""))
    assert future.is_ignored_by("127.0.0.1:1")
    assert not Conditional(archive.connection, KEY, FIRST).is_ignored_by("127.0.0.1:1")
