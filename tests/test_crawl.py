"""The nightly crawl, for real: a process against the demonstration portal, killed and started again."""

from __future__ import annotations

import itertools
import re
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive.clock import VIETNAM, now, stamp
from archive.store import Archive
from crawler.demo.content import load
from crawler.demo.portal import DemoPortal, Request
from tests.loopback import Archived, Nightly, finished, is_a_sentence, kill, wait_until

FUTURE, LOGIN_ONLY, EXTERNAL, DRAFT = 397, 260, 319, 352
VISIBLE = sorted(article.id for article in load() if article.id not in {FUTURE, LOGIN_ONLY, EXTERNAL, DRAFT})
EDITED, WRITTEN = VISIBLE[20], 999


@pytest.fixture
def portal() -> Iterator[DemoPortal]:
    with DemoPortal() as running:
        yield running


def nightly_for(portal: DemoPortal, folder: Path, **row: object) -> Nightly:
    return Nightly(folder).register(url=portal.url, **row)


def in_days(days: int) -> str:
    return stamp(now() + timedelta(days=days))


def make_news(portal: DemoPortal) -> None:
    """One article is edited, one is written, and the future one is brought forward to today."""
    articles = portal.articles
    articles[EDITED] = replace(articles[EDITED], body="<p>Bài viết đã được sửa lại.</p>")
    articles[WRITTEN] = replace(articles[VISIBLE[0]], id=WRITTEN, title="Bài mới", published=datetime.now(VIETNAM))
    articles[FUTURE] = replace(articles[FUTURE], published=datetime.now(VIETNAM) - timedelta(minutes=1))


def only(portal: DemoPortal, numbers: list[int]) -> None:
    """A small portal is enough where it is about who is asked when."""
    for number in set(portal.articles) - set(numbers):
        del portal.articles[number]


def articles_asked(requests: list[Request]) -> Counter[int]:
    """How often each article's page was asked for."""
    found = (re.search(r"-(\d+)\.html$", request.path) for request in requests)
    return Counter(int(match[1]) for match in found if match)


# ---------------------------------------------------------------- one night


class Story:
    """Nights told once: the first, one right after it, one with everything read again, one with news and an edit."""

    def __init__(self, folder: Path) -> None:
        with DemoPortal() as portal:
            nightly = nightly_for(portal, folder)
            self.url = portal.url
            self.archived: Archived = nightly.archived
            self.first = nightly.run()
            self.first_requests = list(portal.requests)
            self.first_outcomes = self.archived.outcomes()
            self.articles = self.archived.articles()
            self.numbers = self.archived.numbers()
            self.kept = self.archived.everything("last_seen", "views")
            self.again = nightly.run()
            self.again_requests = portal.requests[len(self.first_requests) :]
            self.kept_again = self.archived.everything("last_seen", "views")
            self.articles_again = self.archived.articles()
            self.later = nightly.run("--recheck", "all", ARCHIVE_NOW=in_days(1))
            self.kept_later = self.archived.everything("last_seen", "views")
            self.articles_later = self.archived.articles()
            self.later_outcomes = self.archived.outcomes()
            self.before_news = len(portal.requests)
            make_news(portal)
            self.news = nightly.run("--recheck", "all", ARCHIVE_NOW=in_days(2))
            self.news_requests = portal.requests[self.before_news :]
            self.articles_news = self.archived.articles()
            self.news_outcomes = self.archived.outcomes()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return Story(tmp_path_factory.mktemp("story"))


def test_a_good_night_ends_well_and_says_what_came_of_it(story: Story) -> None:
    assert story.first.returncode == 0, story.first.stderr
    assert story.first.stderr == ""
    assert re.search(rf"portal +{len(story.first_requests)} +{len(VISIBLE)} +0 +0\b", story.first.stdout)


def test_every_visible_article_is_kept_once_and_nothing_else(story: Story) -> None:
    assert len(VISIBLE) == 60
    assert story.numbers == VISIBLE
    assert all(row["revision_count"] == 1 and row["gone"] is None for row in story.articles.values())


def test_what_is_no_article_is_counted_by_its_name(story: Story) -> None:
    assert story.first_outcomes["new"] == len(VISIBLE)
    assert story.first_outcomes["future_dated"] == 1
    assert story.first_outcomes["login_only"] == 1
    assert story.first_outcomes["external_redirect"] == 1
    assert story.first_outcomes["draft"] == story.first_outcomes["not_found"] == 0  # nothing leads there
    assert not set(story.first_outcomes) & {"http_error", "network_error", "truncated", "flood", "left", "unreadable"}


@pytest.mark.parametrize("number", VISIBLE)
def test_an_article_is_what_the_editors_wrote(story: Story, number: int) -> None:
    written = next(article for article in load() if article.id == number)
    kept = story.articles[f"vi/news/{number}"]
    assert (kept["url"], kept["portal"]) == (story.url.rstrip("/") + written.path, "portal")
    assert kept["published"] == stamp(written.published.replace(second=0))
    assert kept["published_text"].endswith(f"{written.published:%d/%m/%Y %H:%M}")
    assert (kept["author"], kept["source"]) == (written.author, written.source)
    assert (kept["views"], kept["comments"]) == (written.views, len(written.comments))
    tags = story.archived.rows("select tag from article_tags where article = ? order by position", kept["id"])
    assert [tag for (tag,) in tags] == list(written.tags)


def test_the_portal_was_asked_for_one_thing_at_a_time(story: Story) -> None:
    assert {request.in_flight for request in story.first_requests} == {1}


def test_the_portal_was_asked_by_its_rules_first(story: Story) -> None:
    assert [request.path for request in story.first_requests][:2] == ["/robots.txt", "/sitemap.xml"]
    assert sum(request.path == "/robots.txt" for request in story.first_requests) == 1


def test_cookies_are_kept_so_that_one_night_is_one_visitor(story: Story) -> None:
    assert [request.had_cookie for request in story.first_requests[:1]] == [False]
    assert all(request.had_cookie for request in story.first_requests[1:])


def test_the_portal_knows_who_asks(story: Story) -> None:
    agents = {request.user_agent for request in story.first_requests}
    assert len(agents) == 1
    assert re.fullmatch(r"Mozilla/5\.0 \(compatible; DanVanArchive/[\d.]+; \+\S+\)", agents.pop())


def test_who_asks_leaves_an_address(portal: DemoPortal, tmp_path: Path) -> None:
    nightly_for(portal, tmp_path, deny=["/vi/"]).run(CONTACT="archive@example.org")
    assert all("+archive@example.org)" in request.user_agent for request in portal.requests)


def test_nothing_is_asked_that_brings_no_news(story: Story) -> None:
    for request in story.first_requests:
        assert request.method == "GET"
        asked = re.sub(r"\?download=1&id=\d$", "", request.path)  # an attached file
        assert not re.search(r"/(?:print|savefile|sendmail|users|search|seek|statistics|tag|admin)/|[?&]", asked)
        assert not re.search(r"\.(?:jpe?g|png|gif|css|js)$", request.path)


def test_nothing_is_asked_twice(story: Story) -> None:
    asked = Counter(request.path for request in story.first_requests)
    assert {path: n for path, n in asked.items() if n > 1} == {}


# ---------------------------------------------------------------- more nights


def test_a_second_run_reads_no_article_again(story: Story) -> None:
    assert story.again.returncode == 0
    asked = articles_asked(story.again_requests)
    assert sum(asked.values()) <= 1, "but for one that shows whether the layout still fits"
    assert len(story.again_requests) < 20
    assert story.kept_again == story.kept
    differing = [key for key, row in story.articles_again.items() if row != story.articles[key]]
    assert len(differing) == sum(asked.values()) and story.articles_again.keys() == story.articles.keys()


def test_a_night_in_which_all_is_read_again_changes_no_text_and_doubles_nothing(story: Story) -> None:
    assert story.later.returncode == 0
    assert story.later_outcomes["unchanged"] == len(VISIBLE)
    assert not story.later_outcomes["new"] and not story.later_outcomes["changed"]
    assert story.kept_later == story.kept
    for key, row in story.articles_later.items():
        assert row["last_seen"] > story.articles[key]["last_seen"]
        assert 0 <= row["views"] - story.articles[key]["views"] <= 2


def test_an_edit_becomes_a_revision_and_the_old_text_is_kept(story: Story) -> None:
    assert story.news.returncode == 0, story.news.stderr
    old, new = (night[f"vi/news/{EDITED}"] for night in (story.articles, story.articles_news))
    assert (new["body"], new["revision_count"]) == ("Bài viết đã được sửa lại.", 2)
    assert new["changed"] == new["last_seen"] > old["last_seen"] and new["first_seen"] == old["first_seen"]
    revisions = story.archived.rows("select number, body from revisions where article = ? order by 1", old["id"])
    assert revisions == [(1, old["body"]), (2, new["body"])]
    assert story.news_outcomes["changed"] == 1 and story.news_outcomes["unchanged"] == len(VISIBLE) - 1


def test_news_are_found_and_a_future_article_whose_day_was_moved_forward(story: Story) -> None:
    new = set(story.articles_news) - set(story.articles)
    assert new == {f"vi/news/{WRITTEN}", f"vi/news/{FUTURE}"} and story.news_outcomes["new"] == 2
    assert articles_asked(story.news_requests)[WRITTEN] == articles_asked(story.news_requests)[FUTURE] == 1


def test_runs_are_recorded(story: Story) -> None:
    runs = story.archived.rows("select id, started, finished, command, exit_code from runs order by id")
    assert len(runs) == 4
    for _, started, ended, command, code in runs:
        assert started <= ended and code == 0 and command.startswith("nightly")
    assert story.archived.rows("select count(*) from run_portals") == [(4,)]
    assert story.archived.is_sound()


# ---------------------------------------------------------------- killed, interrupted, doubled


@pytest.mark.soak
def test_what_was_stored_survives_a_kill_and_the_next_run_completes(portal: DemoPortal, tmp_path: Path) -> None:
    nightly = nightly_for(portal, tmp_path, delay=0.02)
    archived = nightly.archived
    before: dict[str, tuple[str, str]] = {}
    for wanted in (0, 1, 15, 35, 55):
        asked = len(portal.requests)
        process = nightly.start()
        if wanted:
            wait_until(lambda n=wanted: archived.count() >= n, process)
        else:
            wait_until(lambda: len(portal.requests) > 2, process)
        kill(process)
        assert archived.is_sound()
        stored = {key: (row["first_seen"], row["text_sha256"]) for key, row in archived.articles().items()}
        assert before.items() <= stored.items()
        assert not {f"vi/news/{number}" for number in articles_asked(portal.requests[asked:])} & set(before)
        before = stored
    ended = nightly.run()
    assert ended.returncode == 0, ended.stderr
    assert archived.numbers() == VISIBLE and archived.is_sound()
    assert before.items() <= {k: (r["first_seen"], r["text_sha256"]) for k, r in archived.articles().items()}.items()
    assert archived.rows("select max(revision_count), count(*) from articles") == [(1, len(VISIBLE))]
    assert max(articles_asked(portal.requests).values()) <= 2  # once more only where the kill fell on it
    done = "select count(*) from frontier where kind = 'article' and article is not null and state = 'done'"
    assert archived.rows(done) == [(len(VISIBLE),)]


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        (20, "SIGINT"),
        pytest.param(0, "SIGINT", marks=pytest.mark.soak),
        pytest.param(20, "SIGTERM", marks=pytest.mark.soak),
    ],
)
def test_ctrl_c_ends_in_good_order_and_the_next_run_completes(
    portal: DemoPortal, tmp_path: Path, wanted: int, name: str
) -> None:
    """SIGTERM is what systemd sends."""
    nightly = nightly_for(portal, tmp_path, delay=0.05)
    process = nightly.start()
    wait_until(lambda: nightly.archived.count() >= wanted and len(portal.requests) > 2, process)
    process.send_signal(signal.Signals[name])
    ended = finished(process)
    assert (ended.returncode, ended.stderr) == (130, "")
    assert nightly.archived.rows("select exit_code, reason from runs") == [(130, "interrupted")]
    assert re.search(rf"portal +\d+ +{nightly.archived.count()}\b", ended.stdout), "the report is written"
    assert nightly.archived.is_sound() and not nightly.archived.outcomes()["network_error"]
    assert wanted <= nightly.archived.count() < len(VISIBLE)
    asked = {number for number, _ in articles_asked(portal.requests).items()} - {LOGIN_ONLY, EXTERNAL, FUTURE}
    assert nightly.archived.numbers() == sorted(asked)  # what was asked for was also stored
    assert nightly.archived.rows("select count(*) from runs where finished is null") == [(0,)]
    assert nightly.run().returncode == 0
    assert nightly.archived.numbers() == VISIBLE
    assert set(articles_asked(portal.requests).values()) == {1}


def test_two_runs_at_once_are_one_run_and_a_sentence(portal: DemoPortal, tmp_path: Path) -> None:
    nightly = nightly_for(portal, tmp_path, delay=0.05)
    process = nightly.start()
    wait_until(lambda: nightly.archived.count() > 0, process)
    second = nightly.run()
    first = finished(process)
    assert second.returncode == 75 and second.stdout == ""
    assert is_a_sentence(second.stderr) and "another run" in second.stderr
    assert first.returncode == 0 and nightly.archived.numbers() == VISIBLE
    assert {request.in_flight for request in portal.requests} == {1}
    assert nightly.archived.rows("select count(*) from runs") == [(1,)]


def test_two_rows_of_one_host_are_crawled_one_after_another(portal: DemoPortal, tmp_path: Path) -> None:
    only(portal, VISIBLE[:15])
    nightly = Nightly(tmp_path).register("first", url=portal.url).register("second", url=portal.url)
    ended = nightly.run()
    assert ended.returncode == 0, ended.stderr
    assert nightly.archived.numbers("first") == nightly.archived.numbers("second") == VISIBLE[:15]
    assert {request.in_flight for request in portal.requests} == {1}
    starts = [i for i, request in enumerate(portal.requests) if request.path == "/sitemap.xml"]
    assert len(starts) == 2  # the one is whole before the other begins
    for requests in (portal.requests[: starts[1]], portal.requests[starts[1] :]):
        assert articles_asked(requests) == dict.fromkeys(VISIBLE[:15], 1)


def test_portals_on_two_hosts_are_crawled_at_the_same_time(tmp_path: Path) -> None:
    with DemoPortal() as one, DemoPortal() as other:
        nightly = Nightly(tmp_path)
        for key, portal in (("one", one), ("other", other)):
            only(portal, VISIBLE[:15])
            nightly.register(key, url=portal.url, delay=0.02)
        assert nightly.run().returncode == 0
        assert one.requests[-1].time > other.requests[0].time and other.requests[-1].time > one.requests[0].time
        assert {request.in_flight for portal in (one, other) for request in portal.requests} == {1}
    assert nightly.archived.numbers("one") == nightly.archived.numbers("other") == VISIBLE[:15]


# ---------------------------------------------------------------- which portals, how quick


def test_only_the_portals_named_are_crawled_else_the_enabled_ones(portal: DemoPortal, tmp_path: Path) -> None:
    nightly = Nightly(tmp_path).register("off", url=portal.url, enabled=False, deny=["/vi/"])
    nightly.register("on", url=portal.url, deny=["/vi/"])
    nightly.run()
    assert nightly.archived.rows("select portal from run_portals") == [("on",)]
    nightly.run("off")
    assert nightly.archived.rows("select portal from run_portals order by run") == [("on",), ("off",)]


def test_the_delay_of_a_row_is_kept_between_two_requests(portal: DemoPortal, tmp_path: Path) -> None:
    nightly_for(portal, tmp_path, delay=0.2, deny=["/vi/news/"]).run()
    times = [request.time for request in portal.requests][1:]  # robots.txt is asked by the engine itself
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert len(gaps) >= 3 and min(gaps) >= 0.18


def test_what_a_row_denies_is_not_asked(portal: DemoPortal, tmp_path: Path) -> None:
    nightly = nightly_for(portal, tmp_path, deny=["/vi/news/Van-hoa-The-thao/"])
    assert nightly.run().returncode == 0
    assert not [r.path for r in portal.requests if r.path.startswith("/vi/news/Van-hoa-The-thao/")]
    main = {article.id for article in load() if article.section == "Van-hoa-The-thao"}
    assert nightly.archived.numbers() == sorted(set(VISIBLE) - main)


# ---------------------------------------------------------------- wrong configuration


def refused(nightly: Nightly, code: int, *arguments: str, **environment: str) -> str:
    """A run that must refuse at once: its one sentence."""
    ended = nightly.run(*arguments, **environment)
    assert ended.returncode == code, ended.stderr
    assert is_a_sentence(ended.stderr) and ended.stdout == "", ended.stderr
    return ended.stderr


def test_a_wrong_registry_is_one_sentence(tmp_path: Path) -> None:
    nightly = Nightly(tmp_path).register(url="http://127.0.0.1:1/", sectoins=["/a/"])
    said = refused(nightly, 3)
    assert str(nightly.registry) in said and "sectoins" in said
    assert not nightly.data.exists()


def test_a_registry_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    assert "portals.toml" in refused(Nightly(tmp_path), 3)


def test_an_unknown_portal_is_one_sentence(tmp_path: Path) -> None:
    said = refused(Nightly(tmp_path).register(url="http://127.0.0.1:1/"), 3, "nobody")
    assert "nobody" in said and "portal" in said


def test_no_portal_enabled_is_one_sentence(tmp_path: Path) -> None:
    assert "enabled" in refused(Nightly(tmp_path).register(url="http://127.0.0.1:1/", enabled=False), 3)


def test_a_portal_out_in_the_world_is_not_asked_without_an_address_to_complain_to(
    portal: DemoPortal, tmp_path: Path
) -> None:
    nightly = Nightly(tmp_path).register("near", url=portal.url)
    nightly.register("far", url="https://portal.example/", delay=1)
    said = refused(nightly, 3)
    assert "CONTACT" in said and "far" in said
    assert portal.requests == []


def test_a_clock_without_offset_is_one_sentence(tmp_path: Path) -> None:
    nightly = Nightly(tmp_path).register(url="http://127.0.0.1:1/")
    assert "ARCHIVE_NOW" in refused(nightly, 3, ARCHIVE_NOW="2026-03-01T02:00:00")


def test_a_data_folder_that_cannot_be_written_is_one_sentence(portal: DemoPortal, tmp_path: Path) -> None:
    nightly = nightly_for(portal, tmp_path)
    nightly.data.write_text("in the way")
    assert str(nightly.data) in refused(nightly, 2)
    assert portal.requests == []


def test_an_archive_that_is_no_database_is_one_sentence(portal: DemoPortal, tmp_path: Path) -> None:
    nightly = nightly_for(portal, tmp_path)
    nightly.data.mkdir()
    (nightly.data / "archive.db").write_text("Đây không phải cơ sở dữ liệu. " * 50)
    assert "archive.db" in refused(nightly, 2)
    assert portal.requests == []


def test_an_archive_that_fails_in_mid_crawl_ends_the_run(portal: DemoPortal, tmp_path: Path) -> None:
    nightly = nightly_for(portal, tmp_path, delay=0.02)
    with Archive(nightly.data) as archive:
        archive.connection.execute(
            "create trigger full before insert on articles when (select count(*) from articles) >= 5 "
            "begin select raise(abort, 'database or disk is full'); end"
        )
    ended = nightly.run()
    assert ended.returncode == 2 and "disk is full" in ended.stderr and "Traceback" not in ended.stderr
    assert nightly.archived.count() == 5 and nightly.archived.is_sound()
    assert len(articles_asked(portal.requests)) <= 10
