"""Where `scrapy probe` is led to: no portal, nearly one, or a portal found from another address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest

from archive.clock import now
from crawler.page import Page
from crawler.probing.arriving import refusal
from tests.loopback import is_a_sentence
from tests.probed import BEFORE, Runs
from tests.small_sites import Reply, SmallSite, link, page, portal

# ---------------------------------------------------------------- no portal

SCRIPTS = '<script src="/static/js/main.4f1c2a.js"></script>'
APP = page(
    "Ban Dân vận Tỉnh ủy Suối Ngọc", f'<noscript>Bạn cần bật JavaScript.</noscript><div id="root"></div>{SCRIPTS}'
)
PROSE = "<p>Xóm Bưởi có ba mươi nóc nhà, một bến đò và cây gạo nở đỏ mỗi độ tháng ba.</p>" * 12
STATIC = page("Xóm Bưởi", PROSE + link("/gioi-thieu", "Giới thiệu") + link("/lien-he", "Liên hệ"))
FLOOD = page("Hãy đợi", '<p>Hệ thống đang từ chối truy cập của bạn.</p><span id="secField">41</span> floodblocker')
LOG_IN = page("Nội bộ", '<form>Tên <input name="ten"> Mật khẩu <input type="password" name="khoa"></form>')
CAPTCHA = page("Just a moment...", '<div id="challenge-form">Xác nhận</div>')
TWO = link("/bai-viet-ve-xom-buoi-nam-nay-101.html", "Một") + link("/bai-viet-ve-ben-do-nam-nay-102.html", "Hai")
FORM_ONLY = page("Xóm", PROSE + TWO)

NOWHERE = {  # name: answers, what is said
    "app": ({"/": APP}, r'needs a browser.*: \d+ words and 0 links in the page itself, a root element <div id="root">'),
    "static": ({"/": STATIC}, r"because its home page, sitemap and feed lead to no address of an article's form"),
    "form": ({"/": FORM_ONLY}, r"because of 2 pages with an article's address fewer .*: 2 not_found"),
    "robots": ({"/": STATIC, "/robots.txt": Reply("User-agent: *\nDisallow: /", kind="text/plain")},
               r"because robots\.txt of 127\.0\.0\.1:\d+ forbids to ask for it"),
    "pdf": ({"/": Reply(b"%PDF-1.4 ...", kind="text/html")}, r"because it is a PDF document, not a page"),
    "flood": (portal("Xóm Bưởi") | {"/viec-lang": FLOOD, "/chuyen-ben-song": FLOOD},
              r"could not be looked at: stopped after 3 requests, because the portal's flood blocker .*41 seconds"),
    "away": ({"/": Reply(status=302, headers={"Location": "http://10.1.2.3/"})}, None),
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name, (_, said) in NOWHERE.items() if said])
def test_what_is_no_portal_is_said_in_a_sentence(runs: WaysIn, name: str) -> None:
    probed, site = runs.of(name), runs.sites[name]
    assert probed.code == 1
    assert is_a_sentence(probed.err), probed.err
    assert probed.err.startswith("probe: ") and site.origin in probed.err
    assert re.search(str(NOWHERE[name][1]), probed.err), probed.err
    assert probed.registry.read_text(encoding="utf-8") == BEFORE
    assert len(site.requests) <= 7 and max(seen.in_flight for seen in site.requests) == 1


def test_a_javascript_app_gets_a_row_that_is_switched_off(runs: WaysIn) -> None:
    probed, site = runs.of("app"), runs.sites["app"]
    assert site.targets == ["/robots.txt", "/"]
    assert probed.row["enabled"] is False and probed.row["cms"] == "generic" and probed.row["url"] == f"{site.origin}/"
    assert str(probed.row["note"]).startswith("needs a browser: ")
    assert probed.row["name"] == "Ban Dân vận Tỉnh ủy Suối Ngọc"
    assert "scripts such as main.4f1c2a.js" in probed.err


def test_robots_txt_that_forbids_everything_is_obeyed(runs: WaysIn) -> None:
    runs.of("robots")
    assert runs.sites["robots"].targets == ["/robots.txt"]


def test_a_redirect_into_the_world_needs_a_contact(runs: WaysIn) -> None:
    probed = runs.of("away")
    assert probed.code == 3 and is_a_sentence(probed.err) and "CONTACT is not set" in probed.err
    assert "http://10.1.2.3/" in probed.err


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Reply("<html><body>Forbidden</body></html>", 403), "it answers 403: it refuses us, or wants a log-in"),
        (Reply("<html></html>", 404), "there is no such page: it answers 404"),
        (Reply("<html><body>Lỗi</body></html>", 503), "the server is out of order: it answers 503"),
        (Reply("<html></html>", 429), "the portal's flood blocker answers: ask again later, with a longer --delay"),
        (Reply(LOG_IN), "it is a page to log in"),
        (Reply(CAPTCHA, 403), "it asks for a captcha or a check of the browser (status 403)"),
        (Reply(""), "the answer is empty"),
        (Reply(STATIC), ""),
    ],
)
def test_what_turns_a_visitor_away_has_a_name(answer: Reply, said: str) -> None:
    assert refusal(Page("https://danvan.example/", str(answer.body), now(), answer.status)) == said


# ---------------------------------------------------------------- on the way to the portal


PAGES = portal("Ban Dân vận Tỉnh ủy Suối Ngọc")
BELOW = portal("Tỉnh ủy Bến Sông", "/tinhuybensong")
ARTICLE, ARTICLE_BELOW = (next(target for target in pages if target.endswith(".html")) for pages in (PAGES, BELOW))
HIDDEN = PAGES["/viec-lang"].replace("/viec-lang/", "/chuyen-ben-song/")
SLOW = Reply("User-agent: *\nCrawl-delay: 0.25\n", kind="text/plain")
SENT_ON = page("", '<meta http-equiv="refresh" content="0; url=/trang-chu">')

WAYS_IN = {  # name: answers, the target that is asked for
    "moved": ({"/": Reply(status=301, headers={"Location": "http://localhost:{port}/"})}, "/"),
    "article": (PAGES, ARTICLE),
    "listing": (PAGES, "/viec-lang"),
    "hidden": (PAGES | {"/muc-kin": HIDDEN}, "/muc-kin"),
    "sub-site": (PAGES | BELOW, "/tinhuybensong"),
    "sub-article": (PAGES | BELOW, ARTICLE_BELOW),
    "sent-on": (PAGES | {"/": SENT_ON, "/trang-chu": PAGES["/"], "/robots.txt": SLOW}, "/"),
}


def test_where_the_home_page_leads_is_followed_once_and_said(runs: WaysIn) -> None:
    probed, there = runs.of("moved"), runs.there
    assert probed.code == 0, probed.err
    assert f"the portal answers at http://localhost:{there.port}/: that is what the row says" in probed.plain
    assert probed.row["url"] == f"http://localhost:{there.port}/"
    assert there.targets[:2] == ["/robots.txt", "/"]


@pytest.mark.parametrize("name", ["article", "listing"])
def test_an_article_or_a_listing_leads_to_its_portal(runs: WaysIn, name: str) -> None:
    probed, site = runs.of(name), runs.sites[name]
    assert probed.code == 0, probed.err
    assert probed.row["url"] == f"{site.origin}/" and "sections" not in probed.row
    assert f"is a page of the portal at {site.origin}/" in probed.plain
    assert probed.row["name"] == "Ban Dân vận Tỉnh ủy Suối Ngọc" and probed.row["keep"] == "all"
    assert len(set(site.targets)) == len(site.targets)


def test_a_listing_that_the_menu_does_not_name_is_a_section_of_the_row(runs: WaysIn) -> None:
    probed, site = runs.of("hidden"), runs.sites["hidden"]
    assert probed.code == 0, probed.err
    assert probed.row["url"] == f"{site.origin}/" and probed.row["sections"] == ["/muc-kin"]


@pytest.mark.parametrize("name", ["sub-site", "sub-article"])
def test_a_sub_site_keeps_its_path(runs: WaysIn, name: str) -> None:
    probed, site = runs.of(name), runs.sites[name]
    assert probed.code == 0, probed.err
    assert probed.row["url"] == f"{site.origin}/tinhuybensong/" and probed.row["name"] == "Tỉnh ủy Bến Sông"
    asked = [target for target in site.targets if target not in ("/robots.txt", "/", "/sitemap.xml")]
    assert all(target.startswith("/tinhuybensong") for target in asked), asked


def test_a_home_page_that_sends_a_browser_on_is_followed(runs: WaysIn) -> None:
    probed, site = runs.of("sent-on"), runs.sites["sent-on"]
    assert probed.code == 0, probed.err
    assert probed.row["url"] == f"{site.origin}/" and site.targets[:3] == ["/robots.txt", "/", "/trang-chu"]


def test_the_pause_that_robots_txt_wants_is_kept(runs: WaysIn) -> None:
    probed, site = runs.of("sent-on"), runs.sites["sent-on"]
    assert "wants 0.25 seconds between requests" in probed.plain and "0.25 seconds apart" in probed.plain
    times = [seen.time for seen in site.requests[1:]]
    assert min(late - early for early, late in pairwise(times)) >= 0.25


# ---------------------------------------------------------------- all the processes, two at a time


class WaysIn(Runs):
    """The probes of this file."""

    def __init__(self, stack: ExitStack, folders: Callable[[str], Path]) -> None:
        super().__init__(stack, folders)
        self.there = stack.enter_context(SmallSite(PAGES))
        for name, (answers, target) in WAYS_IN.items():
            self.visit(name, answers, self.there.port, target)
        for name, (answers, _) in NOWHERE.items():
            self.visit(name, answers, self.there.port, "/", "--write")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WaysIn]:
    with ExitStack() as stack:
        yield WaysIn(stack, tmp_path_factory.mktemp)
