"""A portal that is slow, broken, hostile or gone: nothing false is stored, nothing is lost, nobody is hurried."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from scrapy.http import Response

from crawler.demo.routes import Answer
from crawler.verdicts import flood_wait
from tests.loopback import Nightly, SickPortal, free_port

ARTICLE = re.compile(r"-(\d+)\.html$")
FLOOD = """<!DOCTYPE html><html><head><title>Hãy đợi...</title></head><body><div class="floodblocker">
<p>Hệ thống đang từ chối truy cập của bạn.</p><p>Hãy đợi <span id="secField">1</span> giây...</p>
</div></body></html>"""
SCRIPTED = "text/html; charset=utf-8"


def flood(status: int) -> Answer:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)  # in whole seconds, so add one
    headers = {429: {"Retry-After": "1"}, 503: {"Retry-After": soon}}.get(status, {})
    # The 429's own page counts another time: the header is what is believed.
    page = FLOOD if status == 200 else FLOOD.replace(">1<", ">50<")
    if status == 503:
        page = "<html><body>Hệ thống đang bảo trì</body></html>"
    return Answer(page.encode(), SCRIPTED, status, headers)


def nightly_for(portal: SickPortal, folder: Path, **row: object) -> Nightly:
    return Nightly(folder).register(url=portal.url, **row)


def healthy(path: str, n: int) -> None:
    return None


# ---------------------------------------------------------------- the flood blocker


def test_a_wait_of_any_length_is_a_number_of_seconds() -> None:
    assert flood_wait(Response("http://127.0.0.1/", 429, {"Retry-After": "9" * 5000})) > 10**8
    assert flood_wait(Response("http://127.0.0.1/", 429, {"Retry-After": "-5"})) == 60
    shown = b'<span id="secField">' + b"9" * 5000 + b"</span>"
    assert flood_wait(Response("http://127.0.0.1/", 200, {}, shown)) > 10**8


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(hours=7), -timedelta(days=400)])
def test_the_end_of_a_wait_counts_by_the_clock_of_the_server_that_names_it(ahead: timedelta) -> None:
    """Some write the hour of Hanoi and call it GMT."""
    theirs = datetime.now(UTC) + ahead
    until = format_datetime(theirs + timedelta(seconds=90), usegmt=True)
    headers = {"Date": format_datetime(theirs, usegmt=True), "Retry-After": until}
    assert 85 <= flood_wait(Response("http://127.0.0.1/", 503, headers)) <= 95
    if not ahead:
        assert 85 <= flood_wait(Response("http://127.0.0.1/", 503, {"Retry-After": until})) <= 95


@pytest.mark.parametrize("status", [200, 429, 503])
def test_a_flood_page_is_waited_out_and_never_an_article(tmp_path: Path, status: int) -> None:
    turn = itertools.count(1)

    def mood(path: str, n: int) -> Answer | None:
        return flood(status) if path != "/robots.txt" and next(turn) % 9 == 0 else None

    with SickPortal(mood) as portal:
        ended = nightly_for(portal, tmp_path).run()
    archived = Nightly(tmp_path).archived
    assert ended.returncode == 0, ended.stderr
    assert archived.numbers() == portal.numbers
    assert archived.outcomes()["http_error" if status == 503 else "flood"] >= 3 and "Traceback" not in ended.stderr
    assert archived.rows(
        "select count(*) from articles where title like '%đợi%' or body like '%từ chối truy cập%'"
    ) == [(0,)]
    blocked = [i for i, request in enumerate(portal.requests) if (i and i % 9 == 0)]
    gaps = [portal.requests[i + 1].time - portal.requests[i].time for i in blocked if i + 1 < len(portal.requests)]
    # Of a date the last second may be over already when it is written.
    assert len(gaps) >= 3 and min(gaps) >= (0.95 if status != 503 else 0.9)


def test_a_flood_page_in_place_of_the_sitemap_is_asked_for_again(tmp_path: Path) -> None:
    def mood(path: str, n: int) -> Answer | None:
        return flood(200) if "sitemap" in path and n == 1 else None

    with SickPortal(mood, articles=6) as portal:
        assert nightly_for(portal, tmp_path).run().returncode == 0
    archived = Nightly(tmp_path).archived
    assert archived.numbers() == portal.numbers
    assert archived.outcomes()["sitemap"] == 2 and archived.outcomes()["flood"] >= 2


# ---------------------------------------------------------------- broken answers


def test_without_sitemap_and_feeds_the_listings_bring_all(tmp_path: Path) -> None:
    def mood(path: str, n: int) -> Answer | None:
        return Answer(b"<html><title>404</title></html>", SCRIPTED, 404) if re.search(r"sitemap|/rss/", path) else None

    with SickPortal(mood, articles=100) as portal:
        ended = nightly_for(portal, tmp_path).run()
    assert ended.returncode == 0, ended.stderr
    assert len(portal.numbers) == 60 and Nightly(tmp_path).archived.numbers() == portal.numbers
    assert Nightly(tmp_path).archived.outcomes()["not_found"] >= 2


class Trouble:
    """Many troubles in one night: each befalls a page of its own, at its first asking."""

    def __init__(self, folder: Path) -> None:
        self.portal = SickPortal(self.mood, articles=16)
        numbers = self.portal.numbers
        # Every second article only: many failures in a row are a sick portal, and that is left alone.
        self.cut, self.half, self.unavailable, self.hung_up, self.rubbish, self.always_cut, self.gone = numbers[1:14:2]
        self.never_whole = self.always_cut
        with self.portal:
            self.nightly = nightly_for(self.portal, folder)
            self.ended = self.nightly.run()
            self.outcomes = self.nightly.archived.outcomes()
            self.numbers = self.nightly.archived.numbers()
            self.bodies = {key: row["body"] for key, row in self.nightly.archived.articles().items()}
            self.asked = Counter(int(found[1]) for path in self.portal.paths() if (found := ARTICLE.search(path)))
            self.always_cut = -1  # it recovers
            self.second = self.nightly.run()
            self.numbers_later = self.nightly.archived.numbers()

    def mood(self, path: str, n: int) -> Answer | bytes | None:
        found = ARTICLE.search(path)
        number = int(found[1]) if found else 0
        if number == self.always_cut or (number == self.cut and n == 1):
            page = self.portal.healthy(path)
            return Answer(page.body[: page.body.index(b"</html>")], page.kind)
        if number == self.half and n == 1:  # in the middle of the text, its length announced as if it were whole
            page = self.portal.healthy(path)
            return Answer(page.body[: page.body.index(b'id="news-bodyhtml"') + 300], page.kind)
        if number == self.gone:
            return Answer(b"<html><title>404</title></html>", SCRIPTED, 404)
        if n > 1:
            return None
        if number == self.unavailable:
            return Answer(b"Service Unavailable", "text/plain", 503)
        if number == self.hung_up:
            return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<html><body><h1>Na"
        if number == self.rubbish:
            return b"\x00\xff\x13\x37\r\n\r\n"
        return None


@pytest.fixture(scope="module")
def trouble(tmp_path_factory: pytest.TempPathFactory) -> Trouble:
    return Trouble(tmp_path_factory.mktemp("trouble"))


@pytest.mark.parametrize("kind", ["cut", "half", "unavailable", "hung_up", "rubbish"])
def test_a_passing_failure_is_tried_again_and_the_article_is_kept_whole(trouble: Trouble, kind: str) -> None:
    number = getattr(trouble, kind)
    assert trouble.asked[number] == 2
    assert number in trouble.numbers


def test_each_failure_is_counted_by_its_name(trouble: Trouble) -> None:
    assert trouble.outcomes["truncated"] == 2 + 3  # cut, half, and one that is cut at every try
    assert trouble.outcomes["http_error"] == 1
    assert trouble.outcomes["network_error"] == 2
    assert trouble.outcomes["not_found"] == 1


def test_an_article_cut_before_its_end_is_never_stored(trouble: Trouble) -> None:
    assert trouble.never_whole not in trouble.numbers
    assert trouble.asked[trouble.never_whole] == 3
    assert trouble.ended.returncode == 0 and "Traceback" not in trouble.ended.stderr


def test_what_failed_is_collected_by_the_next_run(trouble: Trouble) -> None:
    assert trouble.second.returncode == 0
    assert trouble.numbers_later == sorted(set(trouble.portal.numbers) - {trouble.gone})


def test_what_was_kept_is_what_a_healthy_portal_says(trouble: Trouble) -> None:
    for key, body in trouble.bodies.items():
        written = trouble.portal.site.articles[int(key.rsplit("/", 1)[1])]
        words = re.findall(r"\w+", re.sub(r"<[^>]*>", " ", written.body))
        assert not words or words[-1] in body or "<" in written.body


# ---------------------------------------------------------------- led astray


def test_a_redirect_to_another_host_is_counted_and_never_followed(tmp_path: Path) -> None:
    with SickPortal(healthy, articles=1) as stranger:

        def mood(path: str, n: int) -> Answer | None:
            found = ARTICLE.search(path)
            away = found and int(found[1]) == portal.numbers[0]
            return Answer(b"", SCRIPTED, 302, {"Location": f"{stranger.url}x-1.html"}) if away else None

        portal = SickPortal(mood, articles=6)
        with portal:
            ended = nightly_for(portal, tmp_path).run()
    assert ended.returncode == 0, ended.stderr
    assert stranger.requests == []
    assert Nightly(tmp_path).archived.numbers() == portal.numbers[1:]
    assert Nightly(tmp_path).archived.outcomes()["external_redirect"] == 1


def test_links_sitemaps_and_frames_lead_to_no_other_host(tmp_path: Path) -> None:
    with SickPortal(healthy, articles=1) as stranger:
        lure = f"{stranger.url}vi/news/Muc/Bai-cua-nguoi-khac-77.html"

        def mood(path: str, n: int) -> Answer | None:
            page = portal.healthy(path)
            if "html" in page.kind and page.status == 200:
                links = f'<a href="{lure}">xem thêm</a><img src="{lure}"><iframe src="{lure}"></iframe></body>'
                return Answer(page.body.replace(b"</body>", links.encode()), page.kind)
            if "sitemap-vi.news" in path:
                return Answer(
                    page.body.replace(b"</urlset>", f"<url><loc>{lure}</loc></url></urlset>".encode()), page.kind
                )
            return None

        portal = SickPortal(mood, articles=6)
        with portal:
            assert nightly_for(portal, tmp_path).run().returncode == 0
    assert stranger.requests == []
    assert Nightly(tmp_path).archived.numbers() == portal.numbers


def test_a_portal_that_sends_to_another_port_of_this_machine_is_not_obeyed(tmp_path: Path) -> None:
    """The whole portal answers with a redirect to a neighbour: nothing of the neighbour is asked."""
    with SickPortal(healthy, articles=1) as stranger:

        def away(path: str, n: int) -> Answer | None:
            return Answer(b"", SCRIPTED, 301, {"Location": stranger.url.rstrip("/") + path})

        with SickPortal(away) as portal:
            ended = nightly_for(portal, tmp_path).run()
    assert [request.path for request in stranger.requests] == []
    assert ended.returncode == 1 and "Traceback" not in ended.stderr


def test_a_redirect_in_a_circle_ends(tmp_path: Path) -> None:
    def mood(path: str, n: int) -> Answer | None:
        found = ARTICLE.search(path)
        if found and int(found[1]) == portal.numbers[0]:
            return Answer(b"", SCRIPTED, 301, {"Location": path})
        return None

    portal = SickPortal(mood, articles=6)
    with portal:
        ended = nightly_for(portal, tmp_path).run()
    assert ended.returncode == 0, ended.stderr
    assert Nightly(tmp_path).archived.numbers() == portal.numbers[1:]
    assert sum(f"-{portal.numbers[0]}.html" in path for path in portal.paths()) <= 3 * 5


# ---------------------------------------------------------------- not at all


def test_a_portal_that_is_gone_is_a_failed_portal_and_a_line(tmp_path: Path) -> None:
    ended = Nightly(tmp_path).register(url=f"http://127.0.0.1:{free_port()}/").run()
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr and "portal" in ended.stderr
    assert "network_error" in ended.stdout
    assert Nightly(tmp_path).archived.rows("select exit_code from runs") == [(1,)]


def test_a_sick_portal_is_left_alone_and_the_healthy_ones_are_crawled(tmp_path: Path) -> None:
    def always_503(path: str, n: int) -> Answer | None:
        return Answer(b"", "text/plain", 503) if path != "/robots.txt" else None

    with SickPortal(always_503) as sick, SickPortal(healthy, articles=6) as well:
        nightly = Nightly(tmp_path).register("sick", url=sick.url).register("well", url=well.url)
        ended = nightly.run()
    assert ended.returncode == 1 and "Traceback" not in ended.stderr
    at_first, at_a_return, returns = (
        6,
        3,
        3,
    )  # two addresses thrice each; two failures, and none at the home page either
    assert len(sick.requests) == 1 + at_first + returns * at_a_return
    assert nightly.archived.numbers("well") == well.numbers and nightly.archived.numbers("sick") == []


def test_robots_that_forbid_everything_are_obeyed(tmp_path: Path) -> None:
    def mood(path: str, n: int) -> Answer | None:
        return Answer(b"User-agent: *\nDisallow: /\n", "text/plain") if path == "/robots.txt" else None

    with SickPortal(mood) as portal:
        nightly_for(portal, tmp_path).run()
    assert set(portal.paths()) == {"/robots.txt"}
    outcomes = Nightly(tmp_path).archived.outcomes()
    assert outcomes["forbidden"] >= 2 and outcomes["closed"] == 1 and set(outcomes) == {"forbidden", "closed"}


def test_robots_that_forbid_us_by_name_or_one_folder_are_obeyed(tmp_path: Path) -> None:
    rules = b"User-agent: *\nDisallow:\n\nUser-agent: DanVanArchive\nDisallow: /vi/news/Dan-van-kheo/\n"

    def mood(path: str, n: int) -> Answer | None:
        return Answer(rules, "text/plain") if path == "/robots.txt" else None

    with SickPortal(mood, articles=100) as portal:
        assert nightly_for(portal, tmp_path).run().returncode == 0
    assert not [path for path in portal.paths() if path.startswith("/vi/news/Dan-van-kheo/")]
    archived = Nightly(tmp_path).archived
    assert "closed" not in archived.outcomes()
    kept = {n for n in portal.numbers if portal.site.articles[n].section != "Dan-van-kheo"}
    assert set(archived.numbers()) == kept and archived.outcomes()["forbidden"] >= 10
