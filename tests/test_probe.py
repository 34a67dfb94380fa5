"""`scrapy probe`, as an operator runs it: a process, portals that answer on loopback, and what stands on the screen."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy.settings import Settings

from archive.clock import now
from crawler.commands.probe import BadAddress, Command, address
from crawler.demo.content import load as demo_articles
from crawler.demo.portal import DemoPortal
from crawler.demo.site import PER_PAGE, SITE_NAME
from crawler.page import Page
from crawler.portals import load
from crawler.probing.arriving import refusal
from crawler.probing.asking import MOST_REQUESTS
from tests.loopback import OURS, ROOT, Nightly, finished, free_port, is_a_sentence
from tests.small_sites import Answers, Reply, SmallSite, link, page, portal
from tests.unknown_portal import UnknownPortal

BEFORE = """# Sổ đăng ký: dòng này là của người quản trị.
[suoi_ngoc_tinh_uy]
name = "Tỉnh ủy Suối Ngọc"   # giữ nguyên
url = "https://tinhuy.example/"
province = "Thạch Giang"
"""
DRAFTS, FUTURE, LOGIN_ONLY, EXTERNAL = {352}, 397, 260, 319
LISTED = [article for article in demo_articles() if article.id not in DRAFTS]
VISIBLE = sorted(article.id for article in LISTED if article.id not in {FUTURE, LOGIN_ONLY, EXTERNAL})
CONTACT = "thu.thu@example.org"


@dataclass
class Probed:
    """A probe that has ended, and the registry as it left it."""

    code: int
    out: str
    err: str
    registry: Path

    @property
    def plain(self) -> str:
        """What stands on the screen, its line breaks taken for blanks."""
        return " ".join(self.out.split())

    @property
    def row(self) -> dict[str, object]:
        """The row that is shown, parsed as whoever pastes it would have it parsed."""
        (values,) = tomllib.loads(self.row_text).values()
        return dict(values)

    @property
    def row_text(self) -> str:
        found = re.search(r"^\[\w+\]\n(?:\w+ = .*\n)+", self.out, re.M)
        assert found is not None, self.out
        return found[0]


def probe(registry: Path, *arguments: str, **environment: str) -> Probed:
    clean = {name: value for name, value in os.environ.items() if name not in OURS}
    process = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "probe", *arguments],
        cwd=ROOT,
        env={**clean, "PORTALS_FILE": str(registry), "DATA_DIR": str(registry.parent / "data"), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    done = finished(process)
    return Probed(done.returncode, done.stdout, done.stderr, registry)


def registry(folder: Path, text: str = BEFORE) -> Path:
    path = folder / "portals.toml"
    path.write_text(text, encoding="utf-8")
    return path


# ---------------------------------------------------------------- the demonstration portal: NukeViet


class Demo:
    """Probed, written, crawled by what was written, probed again."""

    def __init__(self, folder: Path) -> None:
        self.registry = registry(folder)
        with DemoPortal() as running:
            self.url = running.url
            self.probed = probe(self.registry, running.url, "--write", "--delay", "0", CONTACT=CONTACT)
            self.requests = list(running.requests)
            self.written = self.registry.read_text(encoding="utf-8")
            self.again = probe(self.registry, running.url, "--write", CONTACT=CONTACT)
            self.asked_again = len(running.requests) - len(self.requests)
            nightly = Nightly(folder)
            self.night = nightly.run("thach_giang_dan_van")
            self.numbers = nightly.archived.numbers("thach_giang_dan_van")


@pytest.fixture(scope="module")
def demo(runs: Runs) -> Demo:
    return runs.demo.result()


def test_a_portal_is_shown_without_a_word_of_scrapys(demo: Demo) -> None:
    assert demo.probed.code == 0, demo.probed.err
    assert demo.probed.err == ""
    assert demo.probed.out.startswith(f"{SITE_NAME}\n{demo.url}\n")


def test_the_family_is_named_with_its_edition_and_its_signs(demo: Demo) -> None:
    assert "NukeViet v4.4, eGovernment edition, theme egov (sure)" in demo.probed.plain
    assert 'cms = "nukeviet", by generator NukeViet, nv_ variables, /themes/<theme>/, /news/rss/' in demo.probed.plain


def test_the_doors_are_counted(demo: Demo) -> None:
    assert f"/sitemap.xml: 2 parts; of /sitemap-vi.news.xml: {len(LISTED)} addresses" in demo.probed.plain
    assert "8 named; /vi/news/rss/: 30 articles, newest of " in demo.probed.plain
    shown = re.findall(r"(/vi/news/[\w-]+/): (\d+) articles, further pages as /page-N", demo.probed.plain)
    assert len(shown) == 2 and {count for _, count in shown} == {str(PER_PAGE)}
    assert "names 1 sitemap, no Crawl-delay; nothing asked for is forbidden" in demo.probed.plain


def test_two_articles_are_shown_field_by_field(demo: Demo) -> None:
    urls = re.findall(rf"^{re.escape(demo.url)}\S+-(\d+)\.html$", demo.probed.out, re.M)
    assert len(urls) == 2
    by_number = {article.id: article for article in LISTED}
    for number in urls:
        assert by_number[int(number)].title[:25] in demo.probed.plain
        assert by_number[int(number)].published.strftime("%Y-%m-%dT%H:%M") in demo.probed.plain
    assert len(re.findall(r"^title ", demo.probed.out, re.M)) == len(re.findall(r"^body ", demo.probed.out, re.M)) == 2


def test_all_that_is_shown_fits_eighty_columns_but_what_is_there_to_be_copied(demo: Demo) -> None:
    shown = demo.probed.out.replace(demo.probed.row_text, "")
    long = [
        line for line in shown.splitlines() if len(line.rstrip()) > 80 and not line.startswith((demo.url, "written"))
    ]
    assert long == []


def test_the_row_says_what_was_found(demo: Demo) -> None:
    row = load(demo.registry)["thach_giang_dan_van"]
    assert (row.name, row.url, row.cms, row.province) == (SITE_NAME, demo.url, "nukeviet", "Thạch Giang")
    assert (row.keep, row.verified, row.enabled, row.delay, row.sections) == ("all", False, True, 0, ())
    assert re.match(rf"probed \d{{4}}-\d\d-\d\d: NukeViet v4\.4, .*sitemap of {len(LISTED)}, feed of 30", row.note)


def test_the_row_is_written_behind_what_stood_there(demo: Demo) -> None:
    assert demo.written == f"{BEFORE}\n{demo.probed.row_text}"
    assert f"written to {demo.registry}; next: scrapy nightly thach_giang_dan_van" in demo.probed.out
    assert [path.name for path in demo.registry.parent.iterdir() if path.suffix in (".new", ".lock")] == []


def test_the_written_row_finds_every_article(demo: Demo) -> None:
    assert demo.night.returncode == 0, demo.night.stderr
    assert demo.numbers == VISIBLE


def test_a_portal_is_not_written_twice(demo: Demo) -> None:
    assert demo.again.code == 3 and demo.asked_again == 0
    assert is_a_sentence(demo.again.err) and "[thach_giang_dan_van]" in demo.again.err
    assert demo.registry.read_text(encoding="utf-8") == demo.written


def test_the_portal_is_asked_little_and_one_at_a_time(demo: Demo) -> None:
    paths = [request.path for request in demo.requests]
    assert paths[0] == "/robots.txt" and paths[1] == "/" and paths.count("/robots.txt") == 1
    assert len(paths) - 1 <= MOST_REQUESTS and len(set(paths)) == len(paths)
    assert max(request.in_flight for request in demo.requests) == 1
    assert {request.user_agent for request in demo.requests} == {
        f"Mozilla/5.0 (compatible; DanVanArchive/0.1; +{CONTACT})"
    }
    assert all(request.had_cookie for request in demo.requests[1:])


# ---------------------------------------------------------------- a portal that nobody knows


@pytest.fixture(scope="module")
def unknown(runs: Runs) -> Probed:
    return runs.of("unknown")


def test_a_portal_of_no_known_family_is_learned_on_the_spot(unknown: Probed) -> None:
    assert unknown.code == 0, unknown.err
    assert 'no known family (none of their signs is shown) cms = "generic"' in unknown.plain
    assert "6 asked for, 6 read; 1 layout learned of them" in unknown.plain
    assert unknown.out.count("read by the layout that its pages share") == 2


def test_the_doors_of_an_unknown_portal_are_counted(unknown: Probed) -> None:
    assert "/sitemap.xml: 51 addresses, 45 of an article's form, without days" in unknown.plain
    assert "/tin-moi.xml: 10 articles, newest of 2024-03-12" in unknown.plain
    assert unknown.plain.count(": 6 articles, further pages as /trang-N") == 2


def test_an_unknown_portal_is_asked_no_more_than_any(runs: Runs) -> None:
    assert len(runs.unknown_portal.requests) - 1 <= MOST_REQUESTS


def test_what_could_not_be_guessed_is_doubtful(unknown: Probed) -> None:
    assert (unknown.row["name"], unknown.row["cms"], unknown.row["keep"]) == ("Bến Đá", "generic", "dan-van")
    assert "province" not in unknown.row and "delay" not in unknown.row
    assert "the name says no organ that is known here" in unknown.plain
    assert "neither name nor host names a province" in unknown.plain
    assert unknown.registry.read_text(encoding="utf-8") == BEFORE  # nothing was to be written


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
def test_what_is_no_portal_is_said_in_a_sentence(runs: Runs, name: str) -> None:
    probed, site = runs.of(name), runs.sites[name]
    assert probed.code == 1
    assert is_a_sentence(probed.err), probed.err
    assert probed.err.startswith("probe: ") and site.origin in probed.err
    assert re.search(str(NOWHERE[name][1]), probed.err), probed.err
    assert probed.registry.read_text(encoding="utf-8") == BEFORE
    assert len(site.requests) <= 7 and max(seen.in_flight for seen in site.requests) == 1


def test_a_javascript_app_gets_a_row_that_is_switched_off(runs: Runs) -> None:
    probed, site = runs.of("app"), runs.sites["app"]
    assert site.targets == ["/robots.txt", "/"]
    assert probed.row["enabled"] is False and probed.row["cms"] == "generic" and probed.row["url"] == f"{site.origin}/"
    assert str(probed.row["note"]).startswith("needs a browser: ")
    assert probed.row["name"] == "Ban Dân vận Tỉnh ủy Suối Ngọc"
    assert "scripts such as main.4f1c2a.js" in probed.err


def test_robots_txt_that_forbids_everything_is_obeyed(runs: Runs) -> None:
    runs.of("robots")
    assert runs.sites["robots"].targets == ["/robots.txt"]


def test_a_redirect_into_the_world_needs_a_contact(runs: Runs) -> None:
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


def test_where_the_home_page_leads_is_followed_once_and_said(runs: Runs) -> None:
    probed, there = runs.of("moved"), runs.there
    assert probed.code == 0, probed.err
    assert f"the portal answers at http://localhost:{there.port}/: that is what the row says" in probed.plain
    assert probed.row["url"] == f"http://localhost:{there.port}/"
    assert there.targets[:2] == ["/robots.txt", "/"]


@pytest.mark.parametrize("name", ["article", "listing"])
def test_an_article_or_a_listing_leads_to_its_portal(runs: Runs, name: str) -> None:
    probed, site = runs.of(name), runs.sites[name]
    assert probed.code == 0, probed.err
    assert probed.row["url"] == f"{site.origin}/" and "sections" not in probed.row
    assert f"is a page of the portal at {site.origin}/" in probed.plain
    assert probed.row["name"] == "Ban Dân vận Tỉnh ủy Suối Ngọc" and probed.row["keep"] == "all"
    assert len(set(site.targets)) == len(site.targets)


def test_a_listing_that_the_menu_does_not_name_is_a_section_of_the_row(runs: Runs) -> None:
    probed, site = runs.of("hidden"), runs.sites["hidden"]
    assert probed.code == 0, probed.err
    assert probed.row["url"] == f"{site.origin}/" and probed.row["sections"] == ["/muc-kin"]


@pytest.mark.parametrize("name", ["sub-site", "sub-article"])
def test_a_sub_site_keeps_its_path(runs: Runs, name: str) -> None:
    probed, site = runs.of(name), runs.sites[name]
    assert probed.code == 0, probed.err
    assert probed.row["url"] == f"{site.origin}/tinhuybensong/" and probed.row["name"] == "Tỉnh ủy Bến Sông"
    asked = [target for target in site.targets if target not in ("/robots.txt", "/", "/sitemap.xml")]
    assert all(target.startswith("/tinhuybensong") for target in asked), asked


def test_a_home_page_that_sends_a_browser_on_is_followed(runs: Runs) -> None:
    probed, site = runs.of("sent-on"), runs.sites["sent-on"]
    assert probed.code == 0, probed.err
    assert probed.row["url"] == f"{site.origin}/" and site.targets[:3] == ["/robots.txt", "/", "/trang-chu"]


def test_the_pause_that_robots_txt_wants_is_kept(runs: Runs) -> None:
    probed, site = runs.of("sent-on"), runs.sites["sent-on"]
    assert "wants 0.25 seconds between requests" in probed.plain and "0.25 seconds apart" in probed.plain
    times = [seen.time for seen in site.requests[1:]]
    assert min(late - early for early, late in pairwise(times)) >= 0.25


# ---------------------------------------------------------------- wrong configuration: nothing is asked


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["xóm bưởi"], "is no address of a portal"),
        (["danvan.example"], "CONTACT is not set: portal danvan.example is asked only by somebody who leaves an"),
        (["danvan.example", "--delay", "0.5"], "below 1 second is for loopback addresses only"),
        (["127.0.0.1:9", "--delay", "-1"], "must be a number of seconds, not negative"),
        (["127.0.0.1:9", "--key", "Suối"], "a key is made of a-z, 0-9 and _"),
        (["127.0.0.1:9", "--key", "suoi_ngoc_tinh_uy"], "has the key [suoi_ngoc_tinh_uy] already"),
        (["http://www.tinhuy.example", "--write"], "as [suoi_ngoc_tinh_uy] at https://tinhuy.example/: nothing was"),
    ],
)  # fmt: skip
def test_what_cannot_be_probed_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    """Nothing is asked, so that no process is needed: the command as Scrapy calls it."""
    command, parser = Command(), argparse.ArgumentParser()
    command.settings = Settings({"PORTALS_FILE": str(registry(tmp_path)), "CONTACT": ""})
    command.add_options(parser)
    options, rest = parser.parse_known_args(arguments)
    command.run(rest, options)
    shown = capsys.readouterr()
    assert command.exitcode == 3 and shown.out == ""
    assert is_a_sentence(shown.err) and said in shown.err


def test_a_port_where_nobody_listens_is_said(runs: Runs) -> None:
    probed = runs.of("nobody")
    assert probed.code == 1 and probed.out == "" and is_a_sentence(probed.err)
    assert re.search(
        r"at http://(127\.0\.0\.1:\d+)/, because nothing listens at \1: the connection was ref", probed.err
    )


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("danvan.example", "https://danvan.example/"),
        ("HTTP://Danvan.Example:8080", "http://danvan.example:8080/"),
        (" https://danvan.example/Default.aspx?tabid=7#x ", "https://danvan.example/Default.aspx?tabid=7"),
        ("localhost:8010", "http://localhost:8010/"),
        ("127.0.0.1", "http://127.0.0.1/"),
        ("[::1]:8010", "https://[::1]:8010/"),
        *((nonsense, "") for nonsense in ("", "x", "ftp://danvan.example/", "http://", "http://[::1", "a b.vn")),
        ("mailto:ai@danvan.example", ""),
        ("https://ai:khoa@danvan.example/", ""),
        ("http://danvan.example:99999/", ""),
    ],
)  # fmt: skip
def test_an_address_is_taken_as_it_was_meant(said: str, meant: str) -> None:
    if meant:
        assert address(said) == meant
        return
    with pytest.raises(BadAddress) as refused:
        address(said)
    assert is_a_sentence(str(refused.value))


# ---------------------------------------------------------------- all the processes, two at a time


class Runs:
    """Every probe of this file, begun together: a process takes most of its time to start."""

    def __init__(self, stack: ExitStack, folders: Callable[[str], Path]) -> None:
        self.workers = stack.enter_context(ThreadPoolExecutor(2))
        self.folders = folders
        self.sites: dict[str, SmallSite] = {}
        self.futures: dict[str, Future[Probed]] = {}
        self.demo = self.workers.submit(Demo, folders("demo"))
        self.there = stack.enter_context(SmallSite(PAGES))
        self.unknown_portal = stack.enter_context(UnknownPortal("classes", 45, feed=True))
        self.start("unknown", self.unknown_portal.origin)
        for name, (answers, target) in WAYS_IN.items():
            self.visit(stack, name, answers, target)
        for name, (answers, _) in NOWHERE.items():
            self.visit(stack, name, answers, "/", "--write")
        self.start("nobody", f"127.0.0.1:{free_port()}")

    def visit(self, stack: ExitStack, name: str, answers: Answers, target: str, *arguments: str) -> None:
        site = self.sites[name] = stack.enter_context(SmallSite(answers, self.there.port))
        self.start(name, f"{site.origin}{target}", *arguments)

    def start(self, name: str, *arguments: str) -> None:
        self.futures[name] = self.workers.submit(probe, registry(self.folders(name)), *arguments)

    def of(self, name: str) -> Probed:
        """What a probe came to."""
        return self.futures[name].result()


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    with ExitStack() as stack:
        yield Runs(stack, tmp_path_factory.mktemp)
