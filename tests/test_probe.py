"""`scrapy probe`, as an operator runs it: a process, portals that answer on loopback, and what stands on the screen."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.commands.probe import BadAddress, Command, address
from crawler.demo.content import load as demo_articles
from crawler.demo.portal import DemoPortal
from crawler.demo.site import PER_PAGE, SITE_NAME
from crawler.portals import load
from crawler.probing.asking import MOST_REQUESTS
from tests.loopback import Nightly, free_port, is_a_sentence
from tests.probed import BEFORE, CONTACT, Probed, Runs, probe, registry
from tests.unknown_portal import UnknownPortal

DRAFTS, FUTURE, LOGIN_ONLY, EXTERNAL = {352}, 397, 260, 319
LISTED = [article for article in demo_articles() if article.id not in DRAFTS]
VISIBLE = sorted(article.id for article in LISTED if article.id not in {FUTURE, LOGIN_ONLY, EXTERNAL})


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
def demo(runs: KnownAndUnknown) -> Demo:
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
def unknown(runs: KnownAndUnknown) -> Probed:
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


def test_an_unknown_portal_is_asked_no_more_than_any(runs: KnownAndUnknown) -> None:
    assert len(runs.unknown_portal.requests) - 1 <= MOST_REQUESTS


def test_what_could_not_be_guessed_is_doubtful(unknown: Probed) -> None:
    assert (unknown.row["name"], unknown.row["cms"], unknown.row["keep"]) == ("Bến Đá", "generic", "dan-van")
    assert "province" not in unknown.row and "delay" not in unknown.row
    assert "the name says no organ that is known here" in unknown.plain
    assert "neither name nor host names a province" in unknown.plain
    assert unknown.registry.read_text(encoding="utf-8") == BEFORE  # nothing was to be written


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


def test_a_port_where_nobody_listens_is_said(runs: KnownAndUnknown) -> None:
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


class KnownAndUnknown(Runs):
    """The probes of this file."""

    def __init__(self, stack: ExitStack, folders: Callable[[str], Path]) -> None:
        super().__init__(stack, folders)
        self.demo = self.workers.submit(Demo, folders("demo"))
        self.unknown_portal = stack.enter_context(UnknownPortal("classes", 45, feed=True))
        self.start("unknown", self.unknown_portal.origin)
        self.start("nobody", f"127.0.0.1:{free_port()}")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnownAndUnknown]:
    with ExitStack() as stack:
        yield KnownAndUnknown(stack, tmp_path_factory.mktemp)
