"""The verdict on a portal by its nights: rows of run_portals as a run writes them, judged by judge_run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.article import Article
from archive.clock import VIETNAM, at, stamp
from archive.store import Archive
from crawler.health.model import PortalHealth, Verdict
from crawler.health.verdicts import judge_run, last_judged
from crawler.portals import Portal

PORTAL = Portal("go_may", "Ban Dân vận Tỉnh ủy Gò Mây", "https://danvan.gomay.example/")
FIRST = datetime(2026, 3, 1, 1, 15, tzinfo=VIETNAM)
FILLED = {"title": 1.0, "lead": 0.9, "body": 1.0, "published": 1.0, "author": 0.8, "section": 0.2}
ADDRESS = "https://danvan.gomay.example/vi/news/bai-7.html"


class Nights:
    """One portal's nights, one a day; night(...) is a night as it was measured, and its verdict."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.portal = PORTAL
        self.count = 0
        self.articles = 0

    def good(self, nights: int = 1, read: int = 20) -> PortalHealth:
        """So many nights on which all was well, each with an article."""
        for _ in range(nights):
            self.publish()
            health = self.night(read=read)
            assert (health.verdict, health.nights, health.since) == (Verdict.OK, 0, ""), health
        return health

    def publish(self, days_ago: float = 0.2) -> None:
        """An article of the portal comes in."""
        self.articles += 1
        moment = self.now - timedelta(days=days_ago)
        article = Article(
            PORTAL.key, f"vi/news/{self.articles}", ADDRESS, "Một bài", body="Chữ.", published=stamp(moment)
        )
        with at(self.now), self.archive.transaction():
            self.archive.save(article)

    @property
    def now(self) -> datetime:
        return FIRST + timedelta(days=self.count)

    def night(
        self, read: int = 0, outcomes: dict[str, int] | None = None, filled: dict[str, float] | None = None,
        length: int = 1200, later: timedelta = timedelta(0), **measured: Any,
    ) -> PortalHealth:  # fmt: skip
        """A night on which so many known articles were read well; `later`: how long after its time it began."""
        found = {"listing": 3, "unchanged": read} if outcomes is None else outcomes
        rates = FILLED | (filled or {})
        known = {"read": read, "filled": {name: round(share * read) for name, share in rates.items()}, "length": length,
                 "fits": read, "had_layout": True} | measured  # fmt: skip
        began = self.now + later
        with self.archive.transaction() as db:
            run = db.execute("insert into runs (started, command) values (?, 'nightly')", [stamp(began)]).lastrowid
            db.execute(
                'insert into run_portals (run, portal, started, finished, requests, "new", changed, unchanged, failed, '
                "outcomes, measured) values (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)",
                [run, PORTAL.key, stamp(began), stamp(began + timedelta(minutes=9)), sum(found.values()) + 2,
                 found.get("new", 0), 0, found.get("unchanged", 0), json.dumps(found), json.dumps(known)],
            )  # fmt: skip
            self.count += not later
            self.run = run
            return self.judge()

    def judge(self) -> PortalHealth:
        """The newest night judged, once more."""
        (health,) = judge_run(self.archive.connection, self.run, {PORTAL.key: self.portal})
        return health


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    with Archive(tmp_path) as archive:
        archive.register_portals([PORTAL.record()])
        yield Nights(archive)


def story(health: PortalHealth) -> tuple[Verdict, int, bool]:
    return health.verdict, health.nights, health.is_alarm


# ---------------------------------------------------------------- good nights


def test_a_first_night_has_nothing_to_be_compared_with(nights: Nights) -> None:
    nights.publish(days_ago=900)
    health = nights.night(read=40, filled={"lead": 0, "author": 0})
    assert story(health) == (Verdict.OK, 0, False) and not health.failed


def test_what_was_measured_stands_beside_what_is_usual(nights: Nights) -> None:
    nights.good(12)
    figures = nights.good().figures
    assert (figures["lead"], figures["usual lead"]) == (0.9, pytest.approx(0.9))
    assert (figures["new a week"], figures["length"], figures["usual length"]) == (7, 1200, 1200)


def test_the_verdict_is_kept_in_the_archive_and_judging_again_says_the_same(nights: Nights) -> None:
    nights.good(3)
    health = nights.night(outcomes={"network_error": 3}, no_answer="the name is not known (DNS)")
    kept = nights.archive.connection.execute("select run, verdict, health from run_portals").fetchall()
    assert [row["verdict"] for row in kept] == ["ok", "ok", "ok", "gone"]
    assert nights.judge() == health == last_judged(nights.archive.connection, PORTAL.key)
    assert nights.archive.connection.execute("select run, verdict, health from run_portals").fetchall() == kept


# ---------------------------------------------------------------- nothing read at all: one night is enough


NOTHING = {
    "DNS": ({"network_error": 2}, {"no_answer": "the name danvan.gomay.example is not known (DNS)"}, "gone", "DNS"),
    "errors": ({"http_error": 8, "left": 5}, {"statuses": {"503": 8}}, "gone", "status 503 8×"),
    "another host": ({"external_redirect": 3}, {}, "gone", "another host"),
    "parked": ({"parked": 2, "external_redirect": 1}, {}, "gone", "parked"),
    "no home page": ({"not_found": 2}, {"statuses": {"404": 2}}, "gone", "status 404"),
    "flood": ({"flood": 6, "left": 9}, {}, "blocked", "6 times the flood blocker"),
    "403": ({"login_only": 4}, {"statuses": {"403": 4}}, "blocked", "status 403"),
    "challenge": ({"challenge": 8, "left": 2}, {}, "blocked", "challenge"),
    "robots": ({"forbidden": 3}, {}, "closed", "robots.txt"),
    "no links": ({"not_article": 3}, {}, "broken layout", "none is an article any more"),
    "silence": ({}, {}, "gone", "nothing was even asked"),
}


@pytest.mark.parametrize(("outcomes", "measured", "verdict", "said"), NOTHING.values(), ids=NOTHING)
def test_a_night_on_which_nothing_was_read_is_an_alarm_at_once(
    nights: Nights, outcomes: dict[str, int], measured: dict[str, Any], verdict: str, said: str
) -> None:
    nights.good(2)
    examples = {name: f"{ADDRESS}?{name}" for name in outcomes}
    health = nights.night(outcomes=outcomes, fits=0, examples=examples, **measured)
    assert story(health) == (Verdict(verdict), 1, True) and health.failed
    assert said in health.cause
    assert health.since == stamp(FIRST + timedelta(days=2)) and (health.example in examples.values() or not outcomes)


def test_a_row_that_never_brought_anything_is_doubted_the_first_night(nights: Nights) -> None:
    health = nights.night(outcomes={"not_article": 1}, had_layout=False)
    assert story(health) == (Verdict.THIN, 1, True) and "address and cms" in health.cause


def test_bad_nights_in_a_row_are_counted_from_the_first_and_end_with_a_good_one(nights: Nights) -> None:
    nights.good(2)
    began = nights.now
    for number in (1, 2, 3):
        health = nights.night(outcomes={"network_error": 2})
        assert (health.nights, health.since, health.figures["alarm since"]) == (number, stamp(began), stamp(began))
    assert story(nights.good()) == (Verdict.OK, 0, False)


def test_three_tries_in_one_night_are_one_night(nights: Nights) -> None:
    nights.good(2)
    trouble = {"listing": 1, "http_error": 8, "left": 5}
    for minutes in (1, 20, 60):
        health = nights.night(outcomes=trouble, later=timedelta(minutes=minutes))
        assert story(health) == (Verdict.GONE, 1, False)
    nights.count += 1
    assert story(nights.night(outcomes=trouble)) == (Verdict.GONE, 2, True)


def test_where_no_portal_answers_it_is_likely_our_own_network(nights: Nights) -> None:
    others = [replace(PORTAL, key=key) for key in ("go_gio", "go_nang")]
    nights.archive.register_portals(portal.record() for portal in others)
    nights.night(outcomes={"network_error": 2}, no_answer="the name is not known (DNS)")
    with nights.archive.transaction() as db:
        for portal in others:
            db.execute(
                "insert into run_portals (run, portal, started, finished, outcomes) select run, ?, started, finished, "
                "outcomes from run_portals where portal = ?",
                [portal.key, PORTAL.key],
            )
        found = judge_run(db, nights.run, {})
    assert {one.verdict for one in found} == {Verdict.GONE}
    assert all("network of this machine" in one.cause for one in found)


# ---------------------------------------------------------------- something was read: two nights


def test_a_portal_that_was_left_alone_is_an_alarm_the_second_night(nights: Nights) -> None:
    nights.good(2)
    refusing = {"listing": 2, "unchanged": 1, "flood": 6, "left": 40}
    assert story(nights.night(outcomes=refusing)) == (Verdict.BLOCKED, 1, False)
    health = nights.night(outcomes=refusing)
    assert story(health) == (Verdict.BLOCKED, 2, True) and "40 addresses were left" in health.cause


def test_a_family_of_pages_that_vanished_is_named(nights: Nights) -> None:
    nights.good(2)
    vanished = {"not_found": 60, "unchanged": 3}
    health = nights.night(outcomes={"listing": 2, **vanished}, known=vanished, examples={"not_found": ADDRESS})
    assert story(health) == (Verdict.GONE, 1, False) and "60 of 63 known articles" in health.cause
    assert health.example == ADDRESS


def test_withdrawals_of_a_few_are_no_concern(nights: Nights) -> None:
    nights.good(2)
    nights.publish()
    assert nights.night(read=3, known={"not_found": 4, "unchanged": 3}).verdict is Verdict.OK


def test_articles_that_lost_a_field_are_thin(nights: Nights) -> None:
    nights.good(3)
    nights.publish()
    health = nights.night(read=10, filled={"lead": 0.1})
    assert story(health) == (Verdict.THIN, 1, False) and "lead 10% (usually 90%)" in health.cause
    assert story(nights.night(read=10, filled={"lead": 0.1})) == (Verdict.THIN, 2, True)


def test_texts_that_became_short_are_thin(nights: Nights) -> None:
    nights.good(3)
    health = nights.night(read=10, length=150)
    assert health.verdict is Verdict.THIN and "texts of 150 letters" in health.cause


def test_furniture_that_moved_into_the_texts_is_thin(nights: Nights) -> None:
    nights.good(3)
    health = nights.night(read=10, dropped=0.55)
    assert health.verdict is Verdict.THIN and "55% of the lines dropped" in health.cause


@pytest.mark.parametrize("filled", [{"section": 0}, {"author": 0.6}, {"lead": 0.6}], ids=str)
def test_what_was_never_common_or_fell_a_little_is_no_loss(nights: Nights, filled: dict[str, float]) -> None:
    nights.good(3)
    assert nights.night(read=10, filled=filled).verdict is Verdict.OK


def test_four_articles_tell_no_fill_rate(nights: Nights) -> None:
    nights.good(3)
    assert nights.night(read=4, filled={"lead": 0}).verdict is Verdict.OK


def test_a_row_may_expect_more_or_less_than_is_usual(nights: Nights) -> None:
    nights.portal = replace(PORTAL, expect={"lead": 0.95, "author": 0.1})
    health = nights.night(read=40, filled={"author": 0.2})
    assert health.verdict is Verdict.THIN and "lead 90% (expected 95%)" in health.cause and "author" not in health.cause


# ---------------------------------------------------------------- the layout


@pytest.mark.parametrize("misfits", [3, 40])
def test_a_layout_that_stopped_fitting_is_an_alarm_the_first_night(nights: Nights, misfits: int) -> None:
    nights.good(2)
    health = nights.night(fits=0, misfits=misfits, kept=2, examples={"misfit": ADDRESS})
    assert story(health) == (Verdict.BROKEN_LAYOUT, 1, True) and health.example == ADDRESS
    assert f"{misfits} of {misfits} article pages" in health.cause and "2 pages kept unread" in health.cause


def test_a_layout_that_was_learned_anew_is_named_and_needs_nobody(nights: Nights) -> None:
    nights.good(2)
    for measured in ({"fits": 2}, {"fits": 37, "relearned": True}):
        health = nights.night(read=20, misfits=20, healed=20, **measured)
        assert story(health) == (Verdict.BROKEN_LAYOUT, 0, False) and not health.failed
    assert nights.good().verdict is Verdict.OK


def test_a_few_odd_pages_among_many_are_no_broken_layout(nights: Nights) -> None:
    nights.good(2)
    assert nights.night(read=20, misfits=4).verdict is Verdict.OK


def test_many_odd_pages_more_than_ever_are_thin(nights: Nights) -> None:
    nights.good(2)
    health = nights.night(read=20, misfits=9)
    assert health.verdict is Verdict.THIN and "9 of 29 article pages" in health.cause


def test_a_broken_layout_stays_broken_while_nothing_shows_that_it_is_mended(nights: Nights) -> None:
    nights.good(2)
    nights.night(fits=0, misfits=3)
    health = nights.night(read=0, outcomes={"listing": 3})
    assert story(health) == (Verdict.BROKEN_LAYOUT, 2, True) and "no article was read since" in health.cause
    assert story(nights.good(read=3)) == (Verdict.OK, 0, False)


def test_where_no_layout_was_known_none_is_broken(nights: Nights) -> None:
    assert nights.night(read=0, outcomes={"listing": 2, "new": 3}, misfits=3, had_layout=False).verdict is Verdict.OK


def test_known_articles_that_all_changed_at_once_are_a_layout_and_no_edits(nights: Nights) -> None:
    nights.good(2)
    health = nights.night(read=10, known={"changed": 9, "unchanged": 1}, examples={"changed": ADDRESS})
    assert story(health) == (Verdict.BROKEN_LAYOUT, 1, False) and "9 of 10 known articles changed" in health.cause


def test_a_day_of_many_edits_is_well(nights: Nights) -> None:
    nights.good(2)
    assert nights.night(read=9, known={"changed": 4, "unchanged": 5}).verdict is Verdict.OK
    assert nights.night(read=3, known={"changed": 3}).verdict is Verdict.OK


def test_a_reader_that_fails_is_named_as_what_it_is(nights: Nights) -> None:
    nights.good(2)
    health = nights.night(read=20, outcomes={"listing": 3, "unchanged": 20, "reader_error": 1})
    assert story(health) == (Verdict.BROKEN_LAYOUT, 1, False) and "a bug" in health.cause


# ---------------------------------------------------------------- quiet


def test_a_portal_that_sleeps_over_tet_is_well(nights: Nights) -> None:
    nights.good(20)
    for _ in range(12):
        assert nights.night(read=2).verdict is Verdict.OK


def test_a_portal_without_news_for_weeks_is_quiet_and_no_failure(nights: Nights) -> None:
    nights.good(20)
    for _ in range(20):
        health = nights.night(read=2)
    assert health.verdict is Verdict.QUIET and not health.is_alarm and not health.failed
    assert "nothing new since 2026-03-19, 20 days ago; usually there is one every day" in health.cause


def test_a_portal_that_was_alive_and_is_silent_for_long_needs_a_look(nights: Nights) -> None:
    nights.good(5)
    nights.count += 50
    health = nights.night(read=2)
    assert health.verdict is Verdict.QUIET and health.is_alarm and not health.failed


def test_a_portal_that_was_asleep_when_it_was_found_is_quiet_and_no_alarm(nights: Nights) -> None:
    nights.publish(days_ago=400)
    nights.night(read=20)
    assert story(nights.night(read=2))[0::2] == (Verdict.QUIET, False)


def test_a_portal_that_writes_seldom_may_be_silent_longer(nights: Nights) -> None:
    for days in (180, 150, 120, 90, 60, 30):
        nights.publish(days_ago=days)
    nights.night(read=6)
    nights.count += 60
    assert nights.night(read=2).verdict is Verdict.OK


def test_a_row_may_expect_news(nights: Nights) -> None:
    nights.portal = replace(PORTAL, expect={"new_a_week": 3})
    nights.publish()
    assert nights.night(read=20).verdict is Verdict.OK, "a first night cannot tell"
    health = nights.night(read=2)
    assert story(health) == (Verdict.QUIET, 1, False) and "its row expects 3" in health.cause
    nights.count += 15
    assert nights.night(read=2).is_alarm


def test_a_row_may_say_how_long_its_portal_may_be_silent(nights: Nights) -> None:
    nights.portal = replace(PORTAL, expect={"silent_days": 3})
    nights.good(3)
    nights.count += 3
    health = nights.night(read=2)
    assert health.verdict is Verdict.QUIET and health.is_alarm


# ---------------------------------------------------------------- what must not be judged


def test_a_run_that_a_person_stopped_says_nothing(nights: Nights) -> None:
    nights.good(2)
    assert story(nights.night(outcomes={}, stopped=True)) == (Verdict.OK, 0, False)
    nights.night(outcomes={"network_error": 2})
    health = nights.night(outcomes={}, stopped=True)
    assert story(health) == (Verdict.GONE, 1, True) and health.cause.startswith("the run was stopped")


def test_nights_of_an_older_version_are_no_false_alarm(nights: Nights) -> None:
    nights.publish()
    nights.night(read=20)
    with nights.archive.transaction() as db:
        db.execute("update run_portals set measured = null, health = null, verdict = null")
    assert nights.night(read=5, filled={"lead": 0}).verdict is Verdict.OK


def test_a_portal_that_left_the_registry_is_judged_by_its_history(nights: Nights) -> None:
    nights.good(2)
    (health,) = judge_run(nights.archive.connection, nights.run, {})
    assert (health.name, health.verdict) == (PORTAL.name, Verdict.OK)


def test_a_run_that_is_not_there_has_no_portals(nights: Nights) -> None:
    assert judge_run(nights.archive.connection, 99, {}) == []
    assert last_judged(nights.archive.connection, "nobody") is None
