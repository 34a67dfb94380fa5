"""A portal that is sick for a while, a network that is gone, budgets: nothing is lost, and the run goes on."""

from __future__ import annotations

import itertools
import re
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.common import LimitError, Limits, Network
from crawler.demo.routes import Answer
from tests.loopback import Nightly, SickPortal, finished, is_a_sentence, wait_until

BUSY = Answer(b"Service Unavailable", "text/plain", 503)
FLOOD = """<!DOCTYPE html><html><head><title>Hãy đợi...</title></head><body><div class="floodblocker">
<p>Hệ thống đang từ chối truy cập của bạn.</p><p>Hãy đợi <span id="secField">1</span> giây...</p></div></body></html>"""


def healthy(path: str, n: int) -> None:
    return None


class Restarting(SickPortal):
    """A portal whose server can be stopped and started: meanwhile connections to it are refused."""

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody listens at its port for the time of the block."""
        self._server.shutdown()
        self._server.server_close()
        yield
        handler = self._server.RequestHandlerClass
        self._server = type(self._server)(("127.0.0.1", self.port), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()


# ---------------------------------------------------------------- sick for a while


def test_a_storm_of_503_is_left_alone_and_come_back_to_in_the_same_run(tmp_path: Path) -> None:
    """Thirteen requests fail in a row: eight and the home page, then three behind each pause."""
    turn = itertools.count(1)

    def storm(path: str, n: int) -> Answer | None:
        return BUSY if 10 <= next(turn) < 23 else None

    with SickPortal(storm, articles=12) as portal:
        nightly = Nightly(tmp_path).register(url=portal.url)
        ended = nightly.run(RETURN_AFTER="1")
    assert ended.returncode == 0, ended.stderr
    assert nightly.archived.numbers() == portal.numbers
    outcomes = nightly.archived.outcomes()
    assert not outcomes["left"] and "asked again in 1 s" in ended.stderr
    pauses = [b.time - a.time for a, b in itertools.pairwise(portal.requests)]
    assert sum(pause >= 1 for pause in pauses) >= 2, "it was left alone more than once"
    assert sum(pause >= 3 for pause in pauses) >= 1, "and the second time for longer"


@pytest.mark.soak
def test_failures_in_a_row_are_followed_by_growing_pauses(tmp_path: Path) -> None:
    storm = range(5, 11)

    def mood(path: str, n: int) -> Answer | None:
        return BUSY if len(portal.requests) in storm else None

    with SickPortal(mood, articles=3) as portal:
        nightly = Nightly(tmp_path).register(url=portal.url, delay=0.05)
        assert nightly.run().returncode == 0
    pauses = [b.time - a.time for a, b in itertools.pairwise(portal.requests)]
    behind = pauses[storm.start : storm.stop - 1]  # behind the second failure and all that follow
    assert all(pause >= 0.05 * 2**n for n, pause in enumerate(behind, 1)), behind
    assert nightly.archived.numbers() == portal.numbers


def test_a_server_that_says_when_it_will_be_back_is_not_asked_before(tmp_path: Path) -> None:
    def mood(path: str, n: int) -> Answer | None:
        return Answer(b"", "text/plain", 503, {"Retry-After": "3"}) if len(portal.requests) == 6 else None

    with SickPortal(mood, articles=3) as portal:
        nightly = Nightly(tmp_path).register(url=portal.url)
        assert nightly.run().returncode == 0
    assert portal.requests[6].time - portal.requests[5].time >= 3
    assert nightly.archived.numbers() == portal.numbers


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_wants_to_be_left_alone_for_hours_is_asked_by_the_next_run(tmp_path: Path, status: int) -> None:
    def mood(path: str, n: int) -> Answer | None:
        return Answer(b"", "text/plain", status, {"Retry-After": "7200"}) if len(portal.requests) == 6 else None

    with SickPortal(mood, articles=3) as portal:
        nightly = Nightly(tmp_path).register(url=portal.url)
        ended = nightly.run()
        assert ended.returncode == 1 and "as it asks for, until the next run" in ended.stderr
        assert len(portal.requests) == 6 and nightly.archived.outcomes()["left"] > 0
        (gate,) = (nightly.data / "pace").iterdir()
        assert gate.stat().st_mtime > time.time() + 3000, "another process waits as well"
        gate.unlink()
        assert nightly.run().returncode == 0
    assert nightly.archived.numbers() == portal.numbers


def test_pages_that_are_always_broken_do_not_make_their_portal_sick(tmp_path: Path) -> None:
    """Many a portal has some old pages that end in an error of its server, every night."""

    def mood(path: str, n: int) -> Answer | None:
        found = re.search(r"-(\d+)\.html$", path)
        return BUSY if found and int(found[1]) in portal.numbers[:6] else None

    portal = SickPortal(mood, articles=12)
    with portal:
        nightly = Nightly(tmp_path).register(url=portal.url)
        ended = nightly.run()
    assert ended.returncode == 0 and ended.stderr == ""
    assert nightly.archived.numbers() == portal.numbers[6:]
    outcomes = nightly.archived.outcomes()
    assert outcomes["http_error"] == 6 * 3 and not outcomes["left"]


def test_a_server_that_is_restarted_loses_nothing(tmp_path: Path) -> None:
    with Restarting(healthy, articles=12) as portal:
        nightly = Nightly(tmp_path).register(url=portal.url, delay=0.05)
        run = nightly.start(RETURN_AFTER="1")
        wait_until(lambda: nightly.archived.count() > 3, run)
        with portal.away():
            time.sleep(3)
        ended = finished(run)
    assert ended.returncode == 0, ended.stderr
    assert nightly.archived.numbers() == portal.numbers and not nightly.archived.outcomes()["left"]


@pytest.mark.soak
def test_a_server_that_is_down_when_the_run_begins_is_waited_for(tmp_path: Path) -> None:
    with Restarting(healthy, articles=3) as portal:
        nightly = Nightly(tmp_path).register(url=portal.url)
        with portal.away():
            run = nightly.start(RETURN_AFTER="4")
            time.sleep(5)
        ended = finished(run)
    assert ended.returncode == 0, ended.stderr
    assert nightly.archived.numbers() == portal.numbers


def test_a_sick_portal_keeps_the_next_one_of_its_group_not_waiting(tmp_path: Path) -> None:
    def always(path: str, n: int) -> Answer:
        return BUSY

    with SickPortal(always) as sick, SickPortal(healthy, articles=3) as well:
        nightly = Nightly(tmp_path)
        nightly.register("sick", url=sick.url, group="may-chu").register("well", url=well.url, group="may-chu")
        run = nightly.start(RETURN_AFTER="600")
        wait_until(lambda: nightly.archived.rows("select 1 from run_portals where portal = 'well'") != [], run)
        run.send_signal(signal.SIGTERM)
        ended = finished(run)
    assert ended.returncode == 130
    assert nightly.archived.numbers("well") == well.numbers


# ---------------------------------------------------------------- the network


def test_a_portal_is_sick_where_others_answer_and_the_network_is_gone_where_none_does() -> None:
    network = Network(patience=60)
    network.unheard("a")
    assert not network.is_gone("a"), "of one portal nobody can tell"
    network.unheard("b")
    assert network.is_gone("a") and network.is_gone("b") and not network.is_gone("c")
    network.heard("c")
    assert not network.is_gone("a")
    network.unheard("c")
    assert not network.is_gone("c"), "a and b were silent while c answered"
    network = Network(patience=0)
    network.unheard("a")
    network.unheard("b")
    assert not network.is_gone("a"), "it is not waited for for ever"


@pytest.mark.soak
def test_a_network_that_is_gone_for_a_while_costs_no_portal_its_tries(tmp_path: Path) -> None:
    with Restarting(healthy, articles=12) as one, Restarting(healthy, articles=12) as other:
        nightly = (
            Nightly(tmp_path).register("one", url=one.url, delay=0.05).register("other", url=other.url, delay=0.05)
        )
        run = nightly.start(RETURN_AFTER="10")
        wait_until(lambda: nightly.archived.count() > 6, run)
        with one.away(), other.away():
            time.sleep(6)
        ended = finished(run)
    assert ended.returncode == 0, ended.stderr
    assert nightly.archived.numbers("one") == one.numbers and nightly.archived.numbers("other") == other.numbers
    assert "asked again in" not in ended.stderr, "no portal was taken for sick"
    assert nightly.archived.outcomes("one")["network_error"] < 12


# ---------------------------------------------------------------- the flood blocker


@pytest.mark.soak
def test_a_flood_blocker_of_twelve_requests_is_learned_and_every_article_kept(tmp_path: Path) -> None:
    """Twelve in three seconds, at a pace that trips it: waits, goes on more slowly, asks nothing while blocked."""
    let_through: list[float] = []
    blocked: list[tuple[float, int]] = []

    def blocker(path: str, n: int) -> Answer | None:
        now = time.monotonic()
        recent = [moment for moment in let_through if now - moment <= 3]
        if len(recent) >= 12:
            wait = int(3 - (now - recent[0])) + 1
            blocked.append((now, wait))
            return Answer(FLOOD.replace(">1<", f">{wait}<").encode(), "text/html; charset=utf-8")
        let_through.append(now)
        return None

    with SickPortal(blocker, articles=30) as portal:
        nightly = Nightly(tmp_path).register(url=portal.url, delay=0.02)
        ended = nightly.run()
    assert ended.returncode == 0, ended.stderr
    assert len(portal.numbers) == 30 and nightly.archived.numbers() == portal.numbers
    assert 1 <= len(blocked) <= 6, "it goes on until the pace is borne"
    times = [request.time for request in portal.requests]
    for moment, wait in blocked:
        assert not [t for t in times if moment + 0.1 < t < moment + wait - 0.1], "nothing is asked while blocked"
    assert nightly.archived.rows("select count(*) from articles where title like '%đợi%'") == [(0,)]


@pytest.mark.soak  # it waits a second and more behind each refusal
def test_a_portal_that_refuses_again_and_again_is_left_for_the_night_and_said(tmp_path: Path) -> None:
    def always(path: str, n: int) -> Answer | None:
        if path == "/robots.txt":
            return None
        return Answer(FLOOD.replace(">1<", ">0<").encode(), "text/html; charset=utf-8")

    with SickPortal(always, articles=3) as portal:
        nightly = Nightly(tmp_path).register(url=portal.url)
        ended = nightly.run()
    assert ended.returncode == 1 and nightly.archived.outcomes()["left"] >= 1
    assert sum(request.path != "/robots.txt" for request in portal.requests) == 6 + 3 * 2


# ---------------------------------------------------------------- budgets


SECONDS = f"{20 / 3600:.6f}"  # in hours: time enough for a few pages, on a busy machine too


@pytest.mark.parametrize(
    ("limit", "value", "name"),
    [
        ("PORTAL_PAGES", "9", "out_of_pages"),
        pytest.param("NIGHT_HOURS", SECONDS, "out_of_time", marks=pytest.mark.soak),
        pytest.param("PORTAL_HOURS", SECONDS, "out_of_time", marks=pytest.mark.soak),
    ],
)
def test_a_portal_whose_budget_is_spent_ends_in_good_order_and_the_next_run_goes_on(
    tmp_path: Path, limit: str, value: str, name: str
) -> None:
    delay = 0 if "PAGES" in limit else 1.5
    with SickPortal(healthy, articles=12) as portal:
        nightly = Nightly(tmp_path).register(url=portal.url, delay=delay)
        first = nightly.run(**{limit: value})
        stored = nightly.archived.numbers()
        outcomes = nightly.archived.outcomes()
        asked = len(portal.requests)
        nightly.registry.unlink()
        second = nightly.register(url=portal.url).run()
    assert first.returncode == 0 and is_a_sentence(first.stderr) and "the next run goes on" in first.stderr
    assert outcomes[name] > 0 and len(stored) < 12 and asked < 20
    assert name in first.stdout
    assert second.returncode == 0 and nightly.archived.numbers() == portal.numbers
    articles = [path for path in portal.paths() if path.endswith(".html")]
    assert len(articles) == len(set(articles)), "nothing was asked twice"


def test_a_portal_with_too_many_errors_is_left_and_failed(tmp_path: Path) -> None:
    def mood(path: str, n: int) -> Answer | None:
        return BUSY if path.endswith(".html") and int(path[-6]) % 2 else None

    with SickPortal(mood, articles=12) as portal:
        nightly = Nightly(tmp_path).register(url=portal.url)
        ended = nightly.run(PORTAL_ERRORS="3")
    assert ended.returncode == 1 and nightly.archived.outcomes()["too_many_errors"] > 0
    assert sum(request.status == 503 for request in portal.requests) == 3


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "viele"])
def test_a_limit_is_a_number_above_nought(value: str) -> None:
    with pytest.raises(LimitError, match=r"PORTAL_HOURS is .* above 0"):
        Limits.of(Settings({"NIGHT_HOURS": "1", "PORTAL_HOURS": value}))


def test_a_limit_that_is_no_number_is_one_sentence(tmp_path: Path) -> None:
    ended = Nightly(tmp_path).register(url="http://127.0.0.1:1/").run(PORTAL_HOURS="viele")
    assert ended.returncode == 3 and is_a_sentence(ended.stderr) and "PORTAL_HOURS" in ended.stderr


@pytest.mark.soak
def test_those_of_a_group_that_a_short_night_did_not_reach_come_first_in_the_next(tmp_path: Path) -> None:
    with SickPortal(healthy, articles=12) as portal:
        nightly = Nightly(tmp_path)
        for key in ("one", "two"):
            nightly.register(key, url=portal.url, delay=2)
        first = nightly.run(NIGHT_HOURS=SECONDS)
        assert first.returncode == 1, "nobody has looked at the second"
        assert nightly.archived.rows("select portal from run_portals") == [("one",)]
        nightly.run(NIGHT_HOURS=SECONDS)
    assert [portal for (portal,) in nightly.archived.rows("select portal from run_portals")] == ["one", "two"]


# ---------------------------------------------------------------- ended by a person


def test_ctrl_c_ends_a_run_that_waits(tmp_path: Path) -> None:
    """For a sick portal, for a flood blocker, for the turn at a host: nothing more is asked, and the report written."""

    def refuses(path: str, n: int) -> Answer | None:
        return Answer(FLOOD.replace(">1<", ">500<").encode(), "text/html; charset=utf-8") if n > 1 else None

    with SickPortal(lambda path, n: BUSY) as sick, SickPortal(refuses) as full, SickPortal(healthy) as slow:
        nightly = Nightly(tmp_path).register("sick", url=sick.url).register("full", url=full.url)
        nightly.register("slow", url=slow.url, delay=500)
        run = nightly.start(RETURN_AFTER="500")
        wait_until(lambda: len(sick.requests) >= 6 and len(full.requests) > 3 and len(slow.requests) > 0, run)
        time.sleep(1)
        asked = len(sick.requests), len(slow.requests)
        began = time.monotonic()
        run.send_signal(signal.SIGINT)
        ended = finished(run)
    assert ended.returncode == 130 and time.monotonic() - began < 20
    assert (len(sick.requests), len(slow.requests)) == asked
    assert nightly.archived.rows("select count(*) from run_portals") == [(3,)]


def test_ctrl_c_twice_does_not_wait_for_an_answer(tmp_path: Path) -> None:
    def hangs(path: str, n: int) -> Answer | None:
        time.sleep(40 if path.endswith(".html") else 0)
        return None

    with SickPortal(hangs, articles=3) as portal:
        nightly = Nightly(tmp_path).register(url=portal.url)
        run = nightly.start()
        wait_until(lambda: portal.paths()[-1:] != [] and portal.paths()[-1].endswith(".html"), run)
        began = time.monotonic()
        run.send_signal(signal.SIGINT)
        time.sleep(1)
        assert run.poll() is None, "once: what is in flight is waited for"
        run.send_signal(signal.SIGINT)
        ended = finished(run)
    assert time.monotonic() - began < 20
    assert ended.returncode == 130 and "Traceback" not in ended.stderr
    assert nightly.archived.rows("select exit_code, reason from runs") == [(130, "interrupted")]
    assert nightly.archived.rows("select count(*) from run_portals") == [(1,)] and nightly.archived.is_sound()
