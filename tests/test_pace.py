"""One request at a time a host, and its pace between any two: judged by what the server saw."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest

from crawler.demo.routes import Answer
from crawler.pace import Turn, grouped
from crawler.portals import Portal
from tests.loopback import Nightly, SickPortal, finished, kill, wait_until

DELAY = 0.3
JUST = 0.005  # seconds by which two clocks of one machine may be read apart


def healthy(path: str, n: int) -> None:
    return None


def gaps(portal: SickPortal) -> list[float]:
    return [later.time - earlier.time for earlier, later in itertools.pairwise(portal.requests)]


def was_asked_politely(portal: SickPortal, delay: float = DELAY) -> bool:
    """Whether the server saw one request at a time, and the pace between any two, robots.txt included."""
    return {request.in_flight for request in portal.requests} == {1} and min(gaps(portal)) >= delay - JUST


# ---------------------------------------------------------------- rows that share a host


def row(key: str, url: str, **values: object) -> Portal:
    return Portal(key, key, url, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "rows",
    [
        [row("a", "http://tinh.example/"), row("b", "https://tinh.example/")],
        [row("a", "https://tinh.example/"), row("b", "https://www.tinh.example/dan-van/")],
        [row("a", "https://tinh.example/", group="a"), row("b", "https://tinh.example/", group="b")],
        [row("a", "https://a.example/"), row("b", "https://b.example/", hosts=("cu.example", "a.example:443"))],
        [row("a", "https://a.example/", group="may-chu"), row("b", "https://b.example/", group="may-chu")],
    ],
)
def test_rows_that_share_a_host_in_any_way_share_a_pace(rows: list[Portal]) -> None:
    assert [[member.key for member in group] for group in grouped(rows).values()] == [["a", "b"]]


def test_rows_share_a_pace_by_way_of_a_third(tmp_path: Path) -> None:
    apart = [row("a", "https://a.example/"), row("b", "https://b.example/"), row("c", "https://a.example:8080/")]
    assert [[member.key for member in group] for group in grouped(apart).values()] == [["a"], ["b"], ["c"]]
    bridge = row("d", "https://d.example/", hosts=("a.example", "b.example"))
    found = [sorted(member.key for member in group) for group in grouped([*apart, bridge]).values()]
    assert sorted(found) == [["a", "b", "d"], ["c"]]


def test_two_rows_of_one_server_are_asked_as_one_whatever_their_groups_and_names_are(tmp_path: Path) -> None:
    with SickPortal(healthy, articles=2) as portal:
        here = f"127.0.0.1:{portal.port}"
        nightly = Nightly(tmp_path)
        nightly.register("one", url=portal.url, group="one", delay=DELAY, deny=["/rss/"])
        nightly.register("two", url=f"http://localhost:{portal.port}/", hosts=[here], group="two", delay=DELAY,
                         deny=["/rss/"])  # fmt: skip
        ended = nightly.run()
    assert ended.returncode == 0, ended.stderr
    assert nightly.archived.numbers("one") == nightly.archived.numbers("two") == portal.numbers
    assert portal.asked["/robots.txt"] == portal.asked["/sitemap.xml"] == 2, "both rows were crawled"
    assert was_asked_politely(portal)


@pytest.mark.soak
def test_the_pace_goes_on_from_a_run_that_was_killed_to_the_next(tmp_path: Path) -> None:
    pause = 4  # seconds: a run needs one or two to begin
    with SickPortal(healthy, articles=1) as portal:
        nightly = Nightly(tmp_path).register(url=portal.url, delay=pause)
        for asked in (1, 3):
            run = nightly.start()
            wait_until(lambda wanted=asked: len(portal.requests) >= wanted, run)
            kill(run)
    assert len(portal.requests) == 3 and was_asked_politely(portal, pause)


@pytest.mark.soak
def test_a_probe_and_a_page_read_for_a_person_wait_for_the_night_at_the_same_host(tmp_path: Path) -> None:
    """Another process has other slots, and the same file in DATA_DIR. The slow answers would lie over each other."""

    def slow(path: str, n: int) -> Answer | None:
        time.sleep(0.3)
        return None

    with SickPortal(slow, articles=6) as portal:
        nightly = Nightly(tmp_path).register(url=portal.url, delay=0.1)
        night = nightly.start()
        wait_until(lambda: len(portal.requests) > 3, night)
        article = f"{portal.url.rstrip('/')}{portal.site.articles[portal.numbers[0]].path}"
        reading = nightly.start_command("read", article)
        probe = nightly.start_command("probe", portal.url)
        ended = [finished(process) for process in (night, reading, probe)]
    assert [process.returncode for process in ended] == [0, 0, 0], [process.stderr for process in ended]
    assert portal.asked["/robots.txt"] == 3 and len(portal.requests) > 20
    assert {request.in_flight for request in portal.requests} == {1}


# ---------------------------------------------------------------- slower than the row says


def test_the_crawl_delay_of_robots_txt_is_kept_where_it_is_longer(tmp_path: Path) -> None:
    def mood(path: str, n: int) -> Answer | None:
        return Answer(b"User-agent: *\nCrawl-delay: 0.5\n", "text/plain") if path == "/robots.txt" else None

    with SickPortal(mood, articles=1) as portal:
        nightly = Nightly(tmp_path).register(url=portal.url, delay=0.1, deny=["/rss/", "/vi/news/D"])
        assert nightly.run().returncode == 0
    assert len(portal.requests) >= 5 and min(gaps(portal)) >= 0.5 - JUST


def test_a_flood_blocker_teaches_the_pace_that_it_bears() -> None:
    """12 requests in 60 seconds, met at 2.2: a pause of five seconds and a little is what it bears."""
    turn = Turn()
    turn.gap, turn.asked = 2.2, 13
    turn.since = time.monotonic() - 12 * 2.2
    turn.rest(60 - 12 * 2.2 + 1)
    turn.learn(60 - 12 * 2.2 + 1)
    assert 5.0 <= turn.learned <= 5.2
    assert 33 <= turn.left(0) <= 37, "nobody asks before it is over"


@pytest.mark.parametrize(("asked", "least", "most"), [(1, 2.2 * 1.25, 2.2 * 2.5), (100_000, 2.2 * 1.25, 2.2 * 1.26)])
def test_one_refusal_changes_the_pace_within_reason(asked: int, least: float, most: float) -> None:
    turn = Turn()
    turn.gap, turn.asked, turn.since = 2.2, asked, time.monotonic() - asked * 2.2
    turn.learn(55)
    assert least <= turn.learned <= most
    for _ in range(50):
        turn.gap = turn.learned
        turn.learn(55)
    assert turn.learned == 30
